"""dbt's own documentation as one file: without compiled SQL, without a path of this machine, without any request.

dbt's page needs its own inline script, so this is the one page of a generation that allows one; it may load nothing and
send nothing. Text in it comes from our project only, never from a vendor.
"""

import json
import re
from pathlib import Path
from typing import Any

from learning_warehouse.settings import company, settings
from learning_warehouse.transform import docs_catalog

COMPILED = frozenset({"compiled_code", "compiled", "compiled_path", "extra_ctes", "extra_ctes_injected", "relation_name"})
PATHS = frozenset({"build_path", "root_path", "log_path", "project_root", "profiles_dir"})
RUN = frozenset({"created_at", "unrendered_config", "invocation_id", "user_id", "project_id", "env"})
DROPPED = COMPILED | PATHS | RUN
DROPPED_SECTIONS = ("macros", "disabled", "unit_tests", "selectors")
POLICY = (
    "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; img-src data:; font-src data:; "
    "connect-src 'none'; base-uri 'none'; form-action 'none'"
)


def write_dbt_docs(target: Path) -> None:
    """Write the page to `target`; raises LearningWarehouseError when dbt has built nothing to document."""
    page = static_page(*docs_catalog())
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(page, encoding="utf-8")


def static_page(manifest: dict[str, Any], catalog: dict[str, Any]) -> str:
    """dbt's single-file page with filtered data put in and a policy that lets it talk to nobody."""
    import dbt.task.docs

    page = (Path(dbt.task.docs.__file__).parent / "index.html").read_text(encoding="utf-8")
    kept = {name: value for name, value in manifest.items() if name not in DROPPED_SECTIONS}
    kept |= {name: type(manifest[name])() for name in DROPPED_SECTIONS if manifest.get(name) is not None}
    page = page.replace('"MANIFEST.JSON INLINE DATA"', _inline(kept)).replace('"CATALOG.JSON INLINE DATA"', _inline(catalog))
    page = re.sub(r"<title>[^<]*</title>", f"<title>{_title()}</title>", page, count=1)
    return page.replace("<head>", f'<head><meta http-equiv="Content-Security-Policy" content="{POLICY}">', 1)


def _title() -> str:
    return "How tables are made (SIMULATED)" if company().is_simulated else "How tables are made"


def _inline(value: Any) -> str:
    """JSON that may stand inside a script element, with paths of this machine cut to names below the storage root."""
    text = json.dumps(_clean(value), separators=(",", ":"))
    for path in (str(settings().home), str(settings().repository)):
        text = text.replace(json.dumps(path)[1:-1] + "/", "").replace(json.dumps(path)[1:-1], ".")
    return text.replace("</", "<\\/").replace("<!--", "<\\!--")


def _clean(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _clean(item) for key, item in value.items() if key not in DROPPED}
    if isinstance(value, list):
        return [_clean(item) for item in value]
    return value
