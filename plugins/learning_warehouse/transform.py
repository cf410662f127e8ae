"""Runs dbt, one call per layer, inside this process: staging, intermediate, core, marts.

dbt sees admitted loads only, plus the words of company.yml and the state of the loads, which are written here as Parquet.
Traps held back here: dbt keeps its DuckDB file locked for the life of the process unless its connections are closed; a
cold parse costs seconds, so the parsed project is shared by the layers of one process; dbt writes plain environment
values into its artifacts, so it is given two paths and nothing secret.
"""

import json
import os
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path
from time import monotonic
from typing import Any

import duckdb

from learning_warehouse.checkpoints import reach
from learning_warehouse.errors import LearningWarehouseError
from learning_warehouse.settings import company, settings
from learning_warehouse.warehouse.base import MART_PREFIXES
from learning_warehouse.warehouse.duckdb import literal
from learning_warehouse.warehouse.folders import next_number

LAYERS = ("staging", "intermediate", "core", "marts")
ARTIFACTS_KEPT = 3
FAILED = frozenset({"error", "fail", "runtime error"})
QUIET = (
    "--quiet",
    "--no-use-colors",
    "--no-send-anonymous-usage-stats",
    "--no-version-check",
    "--log-level",
    "none",
    "--log-level-file",
    "info",
)

SETTINGS_COLUMNS = {
    "company_id": "varchar", "company_name": "varchar", "as_of_at": "timestamp", "observed_from_at": "timestamp",
    "currency": "varchar", "time_zone": "varchar", "fiscal_year_start_month": "bigint", "definition_version": "bigint",
    "churn_horizon_days": "bigint", "exposure_lead_days": "bigint", "trained_minimum_contacts": "bigint",
    "trained_minimum_share": "double", "competent_minimum_score": "double", "competent_horizon_days": "bigint",
    "is_simulated": "boolean", "category_tag_prefix": "varchar",
}  # fmt: skip
PILOT_COLUMNS = {
    "company_id": "varchar", "pilot_id": "varchar", "pilot_name": "varchar", "outcome": "varchar",
    "horizon_days": "bigint", "is_primary": "boolean", "minimum_effect": "double",
}  # fmt: skip
LOAD_COLUMNS = {
    "source": "varchar", "stream": "varchar", "seq": "bigint", "run_id": "varchar", "now": "timestamp", "verdict": "varchar",
    "severity": "varchar", "records": "bigint", "typed": "bigint", "set_aside": "bigint", "vendor_total": "bigint",
    "checks_total": "bigint", "checks_passed": "bigint", "newest_event_at": "timestamp",
}  # fmt: skip
FAILURE_COLUMNS = {
    "source": "varchar",
    "stream": "varchar",
    "run_id": "varchar",
    "reason": "varchar",
    "error_class": "varchar",
    "now": "timestamp",
}


@dataclass(frozen=True)
class LayerResult:
    """What one dbt call did. `errors` are (node, message) of failed models and tests; seconds are wall time."""

    layer: str
    models: int
    tests_passed: int
    tests_failed: int
    errors: tuple[tuple[str, str], ...]
    seconds: float


class LayerFailed(LearningWarehouseError):
    """A model or a test of a layer failed; `result` says which."""

    def __init__(self, result: LayerResult, log: Path) -> None:
        self.result = result
        first = "; ".join(f"{node}: {message}" for node, message in result.errors[:3])
        more = f" (and {len(result.errors) - 3} more)" if len(result.errors) > 3 else ""
        super().__init__(
            f"the {result.layer} layer did not build: {first}{more}",
            what_to_do=f"what is served did not change; read {log}, then run the night again",
        )


def warehouse_file() -> Path:
    """The file that dbt writes; disposable, never served."""
    return settings().home / "work" / "warehouse.duckdb"


def artifacts(layer: str) -> Path:
    """The folder of dbt's own artifacts (manifest.json, run_results.json) for a layer of the generation being built."""
    return settings().home / "work" / "dbt" / f"{next_number():06d}" / layer


def prepare(now: datetime) -> None:
    """Write what dbt reads besides admitted loads: the words of company.yml and the state of the loads, as of `now`."""
    write_company(now)
    write_loads()


def marts_artifacts() -> Path:
    """The artifacts folder of the newest marts build; a publish that is tried again still finds the build before it."""
    built = sorted((settings().home / "work" / "dbt").glob("[0-9]*/marts/manifest.json"))
    return built[-1].parent if built else artifacts("marts")


def write_company(now: datetime) -> None:
    """Write company.yml as six small Parquet tables under work/company/; `now` becomes as_of_at."""
    words = company()
    rules = words.rules
    identity = words.company
    settings_row = [
        identity.id, identity.name, _naive(now), _naive(identity.data_from), identity.currency, identity.time_zone,
        identity.fiscal_year_start_month, words.definition_version, rules.churn.horizon_days, rules.churn.exposure_lead_days,
        rules.trained.minimum_contacts, rules.trained.minimum_share, rules.competent.minimum_score, rules.competent.horizon_days,
        words.is_simulated, rules.how_to.category_tag_prefix,
    ]  # fmt: skip
    tags = [(tag, kind) for kind, kind_tags in dict(rules.how_to.ticket_tags).items() for tag in kind_tags]
    courses: list[tuple[str, str, str | None]] = [
        *((prefix, "trained", None) for prefix in rules.trained.course_code_prefixes),
        *((prefix, "certificate", None) for prefix in rules.trained.certificate_course_prefixes),
        *((prefix, "mandatory", None) for prefix in rules.mandatory.course_code_prefixes),
        *((prefix, "agent_training", category) for prefix, category in dict(words.agent_training).items()),
        *((prefix, "owner_training", None) for prefix in words.owner_training.course_code_prefixes),
        *((prefix, "role", title) for title, prefix in dict(rules.competent.role_course_prefixes).items()),
    ]
    tests = [
        *(("email_domain", domain) for domain in words.test_accounts.email_domains),
        *(("account_name_prefix", prefix) for prefix in words.test_accounts.account_name_prefixes),
    ]
    pilots = [
        (identity.id, pilot_id, pilot.name, pilot.outcome, days, days == pilot.primary_horizon_days, pilot.minimum_effect)
        for pilot_id, pilot in dict(words.pilots).items()
        for days in pilot.horizons_days
    ]
    folder = settings().home / "work" / "company"
    _write(folder / "settings.parquet", SETTINGS_COLUMNS, [settings_row])
    _write(folder / "ticket_tags.parquet", {"tag": "varchar", "ticket_kind": "varchar"}, tags)
    _write(folder / "course_rules.parquet", {"prefix": "varchar", "rule": "varchar", "value": "varchar"}, courses)
    _write(folder / "test_rules.parquet", {"rule": "varchar", "value": "varchar"}, tests)
    _write(folder / "public_domains.parquet", {"domain": "varchar"}, [(domain,) for domain in words.public_email_domains])
    _write(folder / "pilots.parquet", PILOT_COLUMNS, pilots)


def write_loads() -> None:
    """Write one row per judged load and one per failed attempt as Parquet under work/loads/."""
    from learning_warehouse import loads
    from learning_warehouse.storage import storage

    stored = storage()
    folder = settings().home / "work" / "loads"
    judged = [load for load in loads.all(stored) if load.verdict is not None]
    _write(
        folder / "loads.parquet",
        LOAD_COLUMNS,
        [[_cell(getattr(load, name), kind) for name, kind in LOAD_COLUMNS.items()] for load in judged],
    )
    failed = [
        [_cell(getattr(failure, name), kind) for name, kind in FAILURE_COLUMNS.items()] for failure in loads.all_failures(stored)
    ]
    _write(folder / "failures.parquet", FAILURE_COLUMNS, failed)


def build_layer(layer: str, target: str = "duckdb", *, unit_tests: bool = False) -> LayerResult:
    """Build and test one layer; staging starts from a fresh warehouse file. Raises LayerFailed with model, test and log.

    Unit tests have rows of their own and cannot fail by tonight's data, so a night leaves them out; the test suite asks for
    them.
    """
    if layer not in LAYERS:
        raise LearningWarehouseError(f"there is no layer {layer!r}", what_to_do=f"layers are {', '.join(LAYERS)}")
    if layer == "staging":
        for leftover in (warehouse_file(), Path(f"{warehouse_file()}.wal")):
            leftover.unlink(missing_ok=True)
        _forget_old_artifacts()
    reach("build.before_layer")
    started = monotonic()
    folder = artifacts(layer)
    only = [] if unit_tests else ["--exclude-resource-type", "unit_test"]
    _invoke(["build", "--selector", layer, *only, "--target", target, "--target-path", str(folder)])
    result = _read_results(layer, folder / "run_results.json", monotonic() - started)
    if result.errors:
        raise LayerFailed(result, settings().home / "logs" / "dbt.log")
    reach("build.after_layer")
    return result


def docs_catalog(target: str = "duckdb") -> tuple[dict[str, Any], dict[str, Any]]:
    """dbt's manifest and catalog of what stands in the warehouse file, for the pages; needs a marts build before it."""
    folder = marts_artifacts()
    if not (folder / "manifest.json").exists():
        raise LearningWarehouseError("dbt has built no marts to document", what_to_do="run: lw build")
    _invoke(["docs", "generate", "--no-compile", "--target", target, "--target-path", str(folder)])
    return _json(folder / "manifest.json"), _json(folder / "catalog.json")


_parsed: dict[tuple[Any, ...], Any] = {}


def _invoke(arguments: Sequence[str]) -> Any:
    """Call dbt in this process and give its file back; errors of dbt itself (not of models) are raised."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    home, project = settings().home, settings().repository / "dbt_project"
    (home / "logs").mkdir(parents=True, exist_ok=True)
    (home / "work" / "dbt").mkdir(parents=True, exist_ok=True)
    paths = ["--project-dir", str(project), "--profiles-dir", str(project), "--log-path", str(home / "logs")]
    with _environment(LW_WAREHOUSE_FILE=str(warehouse_file()), LW_STORAGE_ROOT=str(home)):
        try:
            outcome = dbtRunner(manifest=_manifest(project, paths)).invoke([*arguments, *paths, *QUIET])
        finally:
            DuckDBConnectionManager.close_all_connections()
    if outcome.exception is not None:
        raise LearningWarehouseError(
            f"dbt {arguments[0]} could not run: {outcome.exception}", what_to_do=f"read {home / 'logs' / 'dbt.log'}"
        ) from outcome.exception
    return outcome.result


def _manifest(project: Path, paths: Sequence[str]) -> Any:
    """The parsed project, once per process while neither the project nor the storage root changes."""
    files = sorted(
        path for path in project.rglob("*") if path.suffix in {".sql", ".yml", ".md", ".csv"} and "target" not in path.parts
    )
    key = (str(settings().home), *((str(path), path.stat().st_mtime_ns) for path in files))
    if key not in _parsed:
        from dbt.cli.main import dbtRunner

        outcome = dbtRunner().invoke(["parse", "--target-path", str(settings().home / "work" / "dbt" / "parse"), *paths, *QUIET])
        if outcome.exception is not None or not outcome.success:
            log = settings().home / "logs" / "dbt.log"
            raise LearningWarehouseError(f"dbt could not read the project: {outcome.exception}", what_to_do=f"read {log}")
        _parsed.clear()
        _parsed[key] = outcome.result
    return _parsed[key]


@contextmanager
def _environment(**values: str) -> Iterator[None]:
    """dbt reads its two paths from the environment; they are set for the length of a call only."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _forget_old_artifacts() -> None:
    for folder in sorted((settings().home / "work" / "dbt").glob("[0-9]*"))[:-ARTIFACTS_KEPT]:
        shutil.rmtree(folder)


def _read_results(layer: str, path: Path, seconds: float) -> LayerResult:
    results = _json(path)["results"]
    kinds = [(item["unique_id"].split(".")[0], item["status"], item) for item in results]
    tests = [(status, item) for kind, status, item in kinds if kind in ("test", "unit_test")]
    failed = [item for _, status, item in kinds if status in FAILED]
    errors = [(item["unique_id"].split(".", 2)[-1], _message(item)) for item in failed]
    return LayerResult(
        layer=layer,
        models=sum(kind in ("model", "seed") and status == "success" for kind, status, _ in kinds),
        tests_passed=sum(status in ("pass", "warn") for status, _ in tests),
        tests_failed=sum(status in FAILED for status, _ in tests),
        errors=tuple(errors),
        seconds=seconds,
    )


def _message(item: dict[str, Any]) -> str:
    """What dbt said of one node, on one line; values in quotes go, because pages show it (logs/dbt.log has them)."""
    return re.sub(r"'[^']*'", "'...'", " ".join(str(item.get("message") or item["status"]).split()))


def _json(path: Path) -> Any:
    return json.loads(path.read_text())


def _cell(value: Any, kind: str) -> Any:
    return _naive(datetime.fromisoformat(value)) if kind == "timestamp" and value else value


def _naive(moment: Any) -> datetime:
    if isinstance(moment, datetime):
        return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
    return datetime.combine(moment, time.min)


def _write(path: Path, columns: dict[str, str], rows: Sequence[Sequence[Any]]) -> None:
    """Write rows with explicit types through a temporary file, so that a reader never meets half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    with duckdb.connect() as connection:
        connection.execute(f"create table t ({', '.join(f'{name} {kind}' for name, kind in columns.items())})")
        if rows:
            connection.executemany(f"insert into t values ({', '.join('?' for _ in columns)})", [list(row) for row in rows])
        connection.execute(f"copy t to {literal(str(temporary))} (format parquet)")
    os.replace(temporary, path)


def _mart_nodes() -> list[dict[str, Any]]:
    """dbt's description of each mart, from the manifest of the last marts build; empty before one."""
    path = marts_artifacts() / "manifest.json"
    if not path.exists():
        return []
    nodes = _json(path)["nodes"].values()
    return [node for node in nodes if node["resource_type"] == "model" and node["name"].startswith(MART_PREFIXES)]


def mart_descriptions() -> dict[str, dict[str, str]]:
    """mart -> column -> description; the mart's own description has the key ''."""
    return {
        node["name"]: {"": node["description"], **{name: column["description"] for name, column in node["columns"].items()}}
        for node in _mart_nodes()
    }


def mart_grains() -> dict[str, str]:
    """mart -> its grain in words: meta.grain, else the line of the description that begins with Grain."""
    return {node["name"]: _grain(node) for node in _mart_nodes()}


def _grain(node: dict[str, Any]) -> str:
    told = node["config"].get("meta", {}).get("grain")
    if told:
        return str(told)
    for line in node["description"].splitlines():
        text = line.strip(" *#_")
        if text.lower().startswith("grain"):
            return text[5:].lstrip(" *:.")
    return ""
