"""Runs dbt, one call per layer, inside this process: staging, intermediate, core, studies, marts.

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
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import Any

from learning_warehouse.checkpoints import reach
from learning_warehouse.company_tables import write_company, write_loads
from learning_warehouse.engines.base import Engine, run_dbt
from learning_warehouse.errors import LearningWarehouseError
from learning_warehouse.settings import settings
from learning_warehouse.warehouse.base import MART_PREFIXES
from learning_warehouse.warehouse.folders import next_number

LAYERS = ("staging", "intermediate", "core", "studies", "marts")
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
    return settings().home / "working" / "warehouse.duckdb"


def artifacts(layer: str, target: str = "duckdb") -> Path:
    """The folder of dbt's own artifacts (manifest.json, run_results.json) for a layer of the generation being built.

    Another engine than DuckDB builds no generation; its newest artifacts stand under its name.
    """
    return settings().home / "working" / "dbt" / (f"{next_number():06d}" if target == "duckdb" else target) / layer


def prepare(now: datetime) -> None:
    """Bring the admitted loads to this machine and write what dbt reads besides: company.yml and the loads, as of `now`.

    Raises ConfigurationError when loads of a tenant are there that company.yml does not name.
    """
    from learning_warehouse.admission import place_again
    from learning_warehouse.erasures import require_proof
    from learning_warehouse.estimates import forget_current
    from learning_warehouse.replays import require_current
    from learning_warehouse.sources import refuse_unnamed
    from learning_warehouse.storage import storage

    require_proof(storage())
    require_current(storage())
    place_again(storage())
    storage().bring("admitted")
    refuse_unnamed({path.name for path in (settings().home / "admitted").glob("*@*")})
    write_company(now)
    write_loads()
    forget_current()


def marts_artifacts() -> Path:
    """The artifacts folder of the newest marts build; a publish that is tried again still finds the build before it."""
    built = sorted((settings().home / "working" / "dbt").glob("[0-9]*/marts/manifest.json"))
    return built[-1].parent if built else artifacts("marts")


def build_layer(layer: str, engine: Engine | None = None) -> LayerResult:
    """Build and test one layer; staging starts from a fresh warehouse file. Raises LayerFailed with model, test and log.

    `engine` is an open engine other than DuckDB (learning_warehouse.engines), which emptied itself when it was loaded.

    Unit tests have rows of their own and cannot fail by tonight's data, so a night leaves them out: `run_unit_tests`. A data
    test that also reads a later layer waits for that layer.
    """
    if layer not in LAYERS:
        raise LearningWarehouseError(f"there is no layer {layer!r}", what_to_do=f"layers are {', '.join(LAYERS)}")
    if layer == "staging" and engine is None:
        for leftover in (warehouse_file(), Path(f"{warehouse_file()}.wal")):
            leftover.unlink(missing_ok=True)
        _forget_old_artifacts()
    reach("build.before_layer")
    started = monotonic()
    folder = artifacts(layer, engine.name if engine else "duckdb")
    only = ["--indirect-selection", "buildable", "--exclude-resource-type", "unit_test"]
    _invoke(["build", "--selector", layer, *only, "--target-path", str(folder)], engine)
    result = _read_results(layer, folder / "run_results.json", monotonic() - started)
    if result.errors:
        raise LayerFailed(result, settings().home / "logs" / "dbt.log")
    reach("build.after_layer")
    return result


def run_unit_tests() -> LayerResult:
    """Run every unit test of the project; the warehouse file holds the tables of a build. Raises LayerFailed naming those red."""
    started, folder = monotonic(), artifacts("unit_tests")
    _invoke(["test", "--selector", "unit_tests", "--target-path", str(folder)])
    result = _read_results("unit_tests", folder / "run_results.json", monotonic() - started)
    if result.errors or not result.tests_passed:
        raise LayerFailed(result, settings().home / "logs" / "dbt.log")
    return result


def docs_catalog() -> tuple[dict[str, Any], dict[str, Any]]:
    """dbt's manifest and catalog of what stands in the warehouse file, for the pages; needs a marts build before it."""
    folder = marts_artifacts()
    if not (folder / "manifest.json").exists():
        raise LearningWarehouseError("dbt has built no marts to document", what_to_do="run: lw build")
    _invoke(["docs", "generate", "--no-compile", "--target-path", str(folder)])
    return _json(folder / "manifest.json"), _json(folder / "catalog.json")


_parsed: dict[tuple[Any, ...], Any] = {}


def parsed_project(engine: Engine | None = None) -> Any:
    """dbt's manifest object of the project, parsed at most once per process; an engine asks it for its sources and keys."""
    with _environment(**_paths(engine)):
        return _manifest(*_places(engine))


def run_statements(engine: Engine, arguments: str) -> None:
    """Run SQL statements on an engine through dbt; `arguments` is the JSON that the macro of this name takes."""
    folder = str(artifacts("statements", engine.name))
    _invoke(["run-operation", "run_statements", "--args", arguments, "--target-path", folder], engine)


def _places(engine: Engine | None) -> tuple[Path, list[str]]:
    """The project, and how dbt is told of it, of its log and of the connection of profiles.yml it uses."""
    home, project = settings().home, settings().repository / "dbt_project"
    (home / "logs").mkdir(parents=True, exist_ok=True)
    (home / "working").mkdir(mode=0o700, parents=True, exist_ok=True)
    (home / "working").chmod(0o700)
    (home / "working" / "dbt").mkdir(exist_ok=True)
    places = ["--project-dir", str(project), "--profiles-dir", str(project), "--log-path", str(home / "logs")]
    return project, [*places, "--target", engine.name if engine and not engine.dbt_command else "duckdb"]


def _paths(engine: Engine | None) -> dict[str, str]:
    own = {"LW_WAREHOUSE_FILE": str(warehouse_file()), "LW_STORAGE_ROOT": str(settings().home)}
    return own | dict(engine.environment if engine else {})


def _invoke(arguments: Sequence[str], engine: Engine | None = None) -> Any:
    """Call dbt in this process and give its file back; errors of dbt itself (not of models) are raised."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    home, (project, places) = settings().home, _places(engine)
    with _environment(**_paths(engine)):
        if engine and engine.dbt_command:
            return run_dbt(engine, [*arguments, *places[:-1], engine.name, *QUIET])
        try:
            outcome = dbtRunner(manifest=_manifest(project, places)).invoke([*arguments, *places, *QUIET])
        finally:
            DuckDBConnectionManager.close_all_connections()
    if outcome.exception is not None:
        raise LearningWarehouseError(
            f"dbt {arguments[0]} could not run: {outcome.exception}", what_to_do=f"read {home / 'logs' / 'dbt.log'}"
        ) from outcome.exception
    return outcome.result


def _manifest(project: Path, paths: Sequence[str]) -> Any:
    """The parsed project, once per process while neither the project nor the storage root nor the connection changes."""
    files = sorted(
        path for path in project.rglob("*") if path.suffix in {".sql", ".yml", ".md", ".csv"} and "target" not in path.parts
    )
    key = (str(settings().home), *paths, *((str(path), path.stat().st_mtime_ns) for path in files))
    if key not in _parsed:
        from dbt.cli.main import dbtRunner

        outcome = dbtRunner().invoke(
            ["parse", "--target-path", str(settings().home / "working" / "dbt" / "parse"), *paths, *QUIET]
        )
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
    for folder in sorted((settings().home / "working" / "dbt").glob("[0-9]*"))[:-ARTIFACTS_KEPT]:
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
