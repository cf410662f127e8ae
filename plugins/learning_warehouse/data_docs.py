"""Data Docs that can be read offline and cannot run anything.

Great Expectations renders one page per validation and per suite from scrubbed results. Of each page only the content is
kept, and of that only harmless tags with classes and local links; shell, styles and front page are ours. A
Content-Security-Policy without any script source stands in every page. The folder `working/data-docs` is built aside and
swapped; one lock serializes parallel audits.
"""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from learning_warehouse.harmless_html import content_of
from learning_warehouse.sources import SOURCES
from learning_warehouse.storage import Storage
from learning_warehouse.streams import tenant_of, vendor_of
from learning_warehouse.suite_runner import quiet

if TYPE_CHECKING:
    from great_expectations.data_context.types.base import DataContextConfig

KEPT_PER_SUITE = 3
CONTENT_MARK = "<!-- checks -->"
VALIDATIONS = "working/gx/validations"
DOCS = "working/data-docs"
POLICY = "default-src 'none'; style-src 'unsafe-inline' 'self'; img-src 'self' data:"
KINDS = {"lms": "Learning system", "hris": "HR system", "support": "Help desk", "crm": "CRM"}
ORDER = [*SOURCES, "marts"]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the front page: the newest or an older validation of one suite."""

    suite: str
    run_name: str
    night: str
    checks: int
    passed: int
    worst: str
    href: str


def keep(storage: Storage, suite_name: str, document: dict[str, Any]) -> None:
    """Stores one scrubbed validation. The key depends on suite, run and night only, so a repeated audit replaces it."""
    run = document["meta"]["run_id"]
    stamp = datetime.fromisoformat(run["run_time"]).strftime("%Y%m%dT%H%M%S.%fZ")
    key = f"{VALIDATIONS}/{suite_name}/{run['run_name']}/{stamp}/batch.json"
    storage.write_bytes(key, json.dumps(document, sort_keys=True, default=str).encode())


def is_behind(storage: Storage) -> bool:
    """True when a kept validation is not shown yet, for instance because a build was killed."""
    return _shown(storage.root / DOCS) != _newest(storage, _stored(storage))


def build(storage: Storage, now: datetime) -> Path:
    """Brings the pages up to the newest validations of each suite and swaps them in. Returns the folder; `now` is the night.

    Pages that are shown already are taken over, so a build costs what the new validations cost.
    """
    with _one_at_a_time(storage):
        target = storage.root / DOCS
        stored, shown = _stored(storage), _shown(target)
        newest = _newest(storage, stored)
        for key in sorted(set(stored) - set(newest)):
            storage.remove(key)
        building = target.with_name(f".{target.name}.building")
        shutil.rmtree(building, ignore_errors=True)
        building.mkdir(mode=0o700, parents=True)
        documents = {key: json.loads(storage.read_bytes(key)) for key in newest}
        fresh = {key: documents[key] for key in newest if shown.get(key) != newest[key]}
        for key in documents:
            _place(building / _href(key)).write_text(
                _page(key, fresh[key]) if key in fresh else (target / _href(key)).read_text()
            )
        for key, content in _rendered(building, fresh).items():
            page = building / _href(key)
            page.write_text(page.read_text().replace(CONTENT_MARK, content, 1))
        (building / "index.html").write_text(_front_page([_row(key, document) for key, document in documents.items()], now))
        shutil.copyfile(Path(__file__).with_suffix(".css"), building / "data-docs.css")
        (building / "shown.json").write_text(json.dumps(newest))
        _swap(building, target)
    return target


def _rendered(folder: Path, documents: dict[str, dict[str, Any]]) -> dict[str, str]:
    """Key -> harmless content of the page that Great Expectations renders for it; nothing of its own files stays."""
    if not documents:
        return {}
    quiet()
    import great_expectations as gx

    store, site = folder / ".store", folder / ".site"
    for key, document in documents.items():
        _place(store / Path(key).relative_to(VALIDATIONS)).write_text(json.dumps(document))
    gx.get_context(project_config=_docs_config(store, site), mode="ephemeral").build_data_docs()
    found = {}
    for key in documents:
        page = site / "validations" / Path(key).relative_to(VALIDATIONS).with_suffix(".html")
        found[key] = content_of(page.read_text(encoding="utf-8")) if page.exists() else ""
    shutil.rmtree(store)
    shutil.rmtree(site)
    return found


def _docs_config(store: Path, site: Path) -> "DataContextConfig":
    from great_expectations.data_context.types.base import DataContextConfig

    def files(place: Path) -> dict[str, str]:
        return {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(place)}

    return DataContextConfig(
        config_version=4,
        analytics_enabled=False,
        plugins_directory=None,
        progress_bars={"globally": False},
        expectations_store_name="suites",
        validation_results_store_name="validations",
        checkpoint_store_name="checkpoints",
        stores={
            "suites": {"class_name": "ExpectationsStore"},
            "validations": {"class_name": "ValidationResultsStore", "store_backend": files(store)},
            "checkpoints": {"class_name": "CheckpointStore"},
            "validation_definition_store": {"class_name": "ValidationDefinitionStore"},
        },
        data_docs_sites={
            "site": {
                "class_name": "SiteBuilder",
                "show_how_to_buttons": False,
                "store_backend": files(site),
                "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
            }
        },
    )


def _row(key: str, document: dict[str, Any]) -> Row:
    suite, run_name = Path(key).relative_to(VALIDATIONS).parts[:2]
    red = [_severity(entry) for entry in document["results"] if not entry["success"]]
    worst = "critical" if "critical" in red else "warning" if red else "passed"
    statistics, night = document["statistics"], document["meta"]["run_id"]["run_time"]
    return Row(
        suite, run_name, night, statistics["evaluated_expectations"], statistics["successful_expectations"], worst, _href(key)
    )


def _href(key: str) -> str:
    suite, run_name = Path(key).relative_to(VALIDATIONS).parts[:2]
    return f"validations/{suite}/{run_name}.html"


def _place(path: Path) -> Path:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def _severity(entry: dict[str, Any]) -> str:
    return (
        "critical"
        if entry["exception_info"]["raised_exception"]
        else str(entry["expectation_config"].get("severity", "critical"))
    )


def _page(key: str, document: dict[str, Any]) -> str:
    row = _row(key, document)
    red = sorted((entry for entry in document["results"] if not entry["success"]), key=_severity)
    findings = "".join(_finding(entry) for entry in red) or "<p class='good'>Nothing is red.</p>"
    head = (
        f"<h1>{escape(_title(row.suite))}</h1><p class='lead'>{_badge(row.worst)} {row.passed} of {row.checks} checks passed, "
        f"{escape(row.run_name.replace('-', ' '))}, night of {escape(row.night[:10])}</p>"
    )
    return _shell(
        _title(row.suite),
        "../../",
        f"{head}<h2>What is red and what to do</h2>{findings}<h2>All checks</h2><div class='rendered'>{CONTENT_MARK}</div>",
    )


def _finding(entry: dict[str, Any]) -> str:
    config, severity = entry["expectation_config"], _severity(entry)
    meta, notes = config.get("meta") or {}, config.get("notes") or []
    result = entry["result"]
    counted = ""
    if "unexpected_count" in result and result.get("element_count"):
        counted = f" <span class='count'>{result['unexpected_count']:,} of {result['element_count']:,} records</span>"
    text = " ".join([notes] if isinstance(notes, str) else notes)
    name = escape(meta.get("check", config["type"]))
    return f"<div class='finding {severity}'>{_badge(severity)} <b>{name}</b>{counted}<p>{escape(text)}</p></div>"


def _front_page(rows: list[Row], now: datetime) -> str:
    parts = [
        "<h1>Data Docs: what was checked</h1>"
        "<p class='lead'>Every load is checked before it is admitted. Pages hold counts only, never values. "
        f"Built in the night of {now:%d %B %Y}.</p>"
    ]
    places = {name: place for place, name in enumerate(ORDER)}
    present = {row.suite.split("__")[0] for row in rows}
    for system in sorted(present, key=lambda name: (places.get(vendor_of(name), len(places)), name)):
        mine = sorted((row for row in rows if row.suite.split("__")[0] == system), key=lambda row: row.run_name, reverse=True)
        mine.sort(key=lambda row: row.suite)
        lines = "".join(
            f"<tr><td>{_badge(row.worst)}</td><td><a href='{escape(row.href)}'>{escape(row.suite.split('__')[1])}</a></td>"
            f"<td>{escape(row.run_name.replace('-', ' '))}</td><td>{escape(row.night[:10])}</td>"
            f"<td class='number'>{row.passed} of {row.checks}</td></tr>"
            for row in mine
        )
        parts.append(
            f"<h2>{escape(_system(system))}</h2>"
            "<table><thead><tr><th>State</th><th>Checked</th><th>Load</th><th>Night</th>"
            f"<th class='number'>Passed</th></tr></thead><tbody>{lines}</tbody></table>"
        )
    return _shell("Data Docs", "", "".join(parts))


def _shell(title: str, up: str, body: str) -> str:
    return (
        "<!DOCTYPE html><html lang='en'><head><meta charset='utf-8'>"
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        "<meta name='viewport' content='width=device-width, initial-scale=1'>"
        f"<title>{escape(title)}</title><link rel='stylesheet' href='{up}data-docs.css'></head>"
        f"<body><nav><a href='{up}index.html'>Data Docs</a></nav><main>{body}</main>"
        "<footer>Rendered by Great Expectations from counts; no script, no address outside this folder.</footer></body></html>\n"
    )


def _badge(word: str) -> str:
    return f"<span class='badge {word}'>{word}</span>"


def _title(suite: str) -> str:
    system, _, name = suite.partition("__")
    return f"{_system(system)}: {name.replace('_', ' ')}"


def _system(name: str) -> str:
    """What people call a source, e.g. `Help desk (Zendesk)`, `Help desk (Zendesk, emea)` for a tenant."""
    source = SOURCES.get(vendor_of(name))
    if source is None or source.domain not in KINDS:
        return {"drops": "Drop files", "marts": "Marts"}.get(name, name)
    return f"{KINDS[source.domain]} ({', '.join(part for part in (source.title, tenant_of(name)) if part)})"


def _stored(storage: Storage) -> list[str]:
    """Keys of all validations now. Audits keep new ones meanwhile: what is shown and what is removed come from one listing."""
    return [key for key in storage.list(VALIDATIONS) if key.endswith("/batch.json")]


def _newest(storage: Storage, stored: list[str]) -> dict[str, str]:
    """Key -> digest of the newest validations of each suite."""
    by_suite: dict[str, list[str]] = {}
    for key in stored:
        by_suite.setdefault(Path(key).relative_to(VALIDATIONS).parts[0], []).append(key)
    kept = [key for suite in sorted(by_suite) for key in sorted(by_suite[suite])[-KEPT_PER_SUITE:]]
    return {key: sha256(storage.read_bytes(key)).hexdigest() for key in kept}


def _shown(folder: Path) -> dict[str, str]:
    path = folder / "shown.json"
    shown = json.loads(path.read_text()) if path.exists() else {}
    return shown if isinstance(shown, dict) else {}


@contextmanager
def _one_at_a_time(storage: Storage) -> Iterator[None]:
    path = storage.root / "working" / "data-docs.lock"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(path, "a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _swap(building: Path, target: Path) -> None:
    old = target.with_name(f".{target.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        os.rename(target, old)
    os.rename(building, target)
    shutil.rmtree(old, ignore_errors=True)
