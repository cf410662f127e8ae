"""Known-truth worlds: hundreds of simulated companies as core tables, one dbt run, published intervals against the truth.

Seeds are 1, 2, 3, ... in every world: none is picked. `learning_warehouse.world_verdicts` judges what `run_worlds` finds.
"""

import atexit
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from time import monotonic
from typing import Any

import duckdb

from learning_warehouse import transform
from learning_warehouse.errors import LearningWarehouseError
from learning_warehouse.settings import settings
from learning_warehouse.simulation.worlds import WORLDS, Planted, Question, World
from learning_warehouse.warehouse.duckdb import quoted

WEIGHT_AT_ONCE = 200
COMPANIES_IN_MEMORY = 20
BUILT_BY_OTHERS = ("staging", "intermediate", "core")
_parsed: dict[Path, Any] = {}


@dataclass(frozen=True, slots=True)
class WorldRow:
    """One question in one company; numbers are missing where the mart withholds them, `failed_checks` has commas between."""

    world: str
    seed: int
    question: str
    truth: float
    naive: float | None
    naive_low: float | None
    naive_high: float | None
    estimate: float | None
    low: float | None
    high: float | None
    tier: str | None
    failed_checks: str


@dataclass(frozen=True, slots=True)
class WorldRun:
    """Rows of every company, and wall-clock seconds of simulating and estimating by world (a share of its batch)."""

    rows: list[WorldRow]
    seconds: dict[str, float]


def run_worlds(
    names: Sequence[str] | None = None,
    seeds: int | Mapping[str, int] = 200,
    project: Path | None = None,
    progress: Callable[[str], Any] | None = None,
    questions: Callable[[World], Sequence[Question]] = lambda world: world.questions,
) -> WorldRun:
    """Simulate `seeds` companies (a number, or one by world) of each named world and read what the marts publish about them.

    All worlds unless named; `project` is a dbt project folder, ours unless given. Raises LearningWarehouseError for an unknown
    world or when dbt fails.
    """
    say = progress or (lambda _: None)
    worlds = _known(names)
    companies = [(world, seed) for world in worlds for seed in range(1, _seeds_of(world, seeds) + 1)]
    rows, seconds = [], dict.fromkeys([world.name for world in worlds], 0.0)
    for number, batch in enumerate(_batches(companies), start=1):
        started = monotonic()
        say(f"batch {number}: {len(batch)} companies of {', '.join(dict.fromkeys(world.name for world, _ in batch))}")
        folder = Path(tempfile.mkdtemp(prefix="worlds-", dir=_work_folder()))
        try:
            rows += _run_batch(batch, folder, project or settings().repository / "dbt_project", questions)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        for world, _ in batch:
            seconds[world.name] += (monotonic() - started) / len(batch)
    return WorldRun(rows, seconds)


def _known(names: Sequence[str] | None) -> list[World]:
    unknown = sorted(set(names or ()) - set(WORLDS))
    if unknown:
        raise LearningWarehouseError(f"there is no world {unknown[0]!r}", what_to_do=f"worlds are {', '.join(WORLDS)}")
    return [WORLDS[name] for name in names or WORLDS]


def _seeds_of(world: World, seeds: int | Mapping[str, int]) -> int:
    return seeds if isinstance(seeds, int) else seeds[world.name]


def _batches(companies: Sequence[tuple[World, int]]) -> Iterator[list[tuple[World, int]]]:
    """Companies in groups whose weights add up to WEIGHT_AT_ONCE at most."""
    batch: list[tuple[World, int]] = []
    weight = 0.0
    for world, seed in companies:
        if batch and weight + world.weight > WEIGHT_AT_ONCE:
            yield batch
            batch, weight = [], 0.0
        batch.append((world, seed))
        weight += world.weight
    if batch:
        yield batch


def _run_batch(
    batch: Sequence[tuple[World, int]], folder: Path, project: Path, questions: Callable[[World], Sequence[Question]]
) -> list[WorldRow]:
    warehouse = folder / "warehouse.duckdb"
    with transform._environment(LW_WAREHOUSE_FILE=str(warehouse), LW_STORAGE_ROOT=str(_storage_root())):
        manifest = _manifest(project, folder)
        truths = _write_core(batch, warehouse, manifest)
        marts = sorted({question.mart for world, _ in batch for question in questions(world)})
        _build(manifest, project, folder, marts)
    schemas = {node.name: node.schema for node in manifest.nodes.values() if node.resource_type == "model"}
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        return list(_rows(connection, batch, truths, schemas, questions))


@cache
def _storage_root() -> Path:
    """One folder for the whole process: a project that is parsed once remembers the address of its estimates."""
    root = Path(tempfile.mkdtemp(prefix="worlds-"))
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    return root


def _manifest(project: Path, folder: Path) -> Any:
    """The parsed project, once per process and project folder."""
    if project not in _parsed:
        from dbt.cli.main import dbtRunner

        parsing = settings().home / "working" / "dbt" / f"worlds-{project.parent.name}"
        outcome = dbtRunner().invoke(["parse", *_places(project, folder, parsing)])
        if outcome.exception is not None or not outcome.success:
            raise LearningWarehouseError(
                f"dbt could not read {project}: {outcome.exception}", what_to_do=f"read {folder / 'dbt.log'}"
            )
        _parsed[project] = outcome.result
    return _parsed[project]


def _places(project: Path, folder: Path, target: Path | None = None) -> list[str]:
    paths = {"project-dir": project, "profiles-dir": project, "log-path": folder, "target-path": target or folder / "target"}
    return [*(word for name, path in paths.items() for word in (f"--{name}", str(path))), "--target", "duckdb", *transform.QUIET]


def _build(manifest: Any, project: Path, folder: Path, marts: Sequence[str]) -> None:
    """Build the marts and everything between core and them; the estimate task runs in between where a mart reads it."""
    wanted = ["--select", *(f"+{mart}" for mart in marts)]
    skipped = ["--exclude", *(f"path:models/{layer}" for layer in BUILT_BY_OTHERS)]
    if _read_estimates(manifest, marts):
        from learning_warehouse.estimates import estimate_file

        _dbt(manifest, ["seed", "--select", "impact_studies"], project, folder)
        _dbt(manifest, ["run", "--select", "path:models/studies"], project, folder)
        estimate_file(folder / "warehouse.duckdb", _storage_root())
        skipped.append("path:models/studies")
    _dbt(manifest, ["run", *wanted, *skipped], project, folder)


def _read_estimates(manifest: Any, marts: Sequence[str]) -> bool:
    """Does one of the marts depend on what the estimate task writes?"""
    waiting = [key for key, node in manifest.nodes.items() if node.name in marts]
    seen: set[str] = set()
    while waiting:
        key = waiting.pop()
        if key not in seen:
            seen.add(key)
            waiting += getattr(manifest.nodes[key].depends_on, "nodes", []) if key in manifest.nodes else []
    return any(key.startswith("source.") and ".estimates." in key for key in seen)


def _dbt(manifest: Any, command: Sequence[str], project: Path, folder: Path) -> None:
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    try:
        outcome = dbtRunner(manifest=manifest).invoke([*command, *_places(project, folder)])
    finally:
        DuckDBConnectionManager.close_all_connections()
    if not outcome.success:
        results = getattr(outcome.result, "results", [])
        failed = "; ".join(f"{item.node.name}: {item.message}" for item in results if str(item.status) == "error")
        raise LearningWarehouseError(
            f"the marts of the worlds did not build: {failed or outcome.exception}", what_to_do="build the project: lw build"
        )


def _write_core(batch: Sequence[tuple[World, int]], warehouse: Path, manifest: Any) -> dict[tuple[str, int], Planted]:
    """Create every core table with the columns of its contract and fill those the worlds have; keeps only the truths."""
    core = {node.name: node for node in manifest.nodes.values() if node.resource_type == "model" and node.fqn[1] == "core"}
    planted: dict[tuple[str, int], Planted] = {}
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("set enable_progress_bar = false")
        for node in core.values():
            columns = ", ".join(f"{name} {column.data_type}" for name, column in node.columns.items())
            connection.execute(f"create schema if not exists {quoted(node.schema)}")
            connection.execute(f"create table {quoted(node.schema)}.{node.name} ({columns})")
        _fill_dates(connection, f"{quoted(core['dim_dates'].schema)}.dim_dates")
        for first in range(0, len(batch), COMPANIES_IN_MEMORY):
            tables: dict[str, list[Any]] = {}
            for world, seed in batch[first : first + COMPANIES_IN_MEMORY]:
                company = world.company(seed)
                planted[world.name, seed] = Planted({}, company.truths)
                for table, values in company.tables.items():
                    tables.setdefault(table, []).append(_frame(values, _company_id(world, seed)))
            for table, frames in tables.items():
                _insert(connection, core, table, frames)
    return planted


def _insert(connection: duckdb.DuckDBPyConnection, core: dict[str, Any], table: str, frames: list[Any]) -> None:
    import pandas as pd

    if table not in core:
        raise LearningWarehouseError(
            f"a world fills {table}, which the project does not have", what_to_do="rename it in simulation/worlds"
        )
    node = core[table]
    given = pd.concat(frames, ignore_index=True)
    given = given[[name for name in given.columns if name in node.columns]]
    connection.register("given", given)
    connection.execute(f"insert into {quoted(node.schema)}.{table} by name select * from given")
    connection.unregister("given")


def _frame(columns: dict[str, Any], company_id: str) -> Any:
    import pandas as pd

    return pd.DataFrame(columns).assign(company_id=company_id)


def _fill_dates(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    connection.execute(
        f"""insert into {table} by name
        select
            cast(day as date) as date_day, date_trunc('week', day) as week_start, date_trunc('month', day) as month_start,
            date_trunc('quarter', day) as quarter_start, extract(year from day) as fiscal_year, isodow(day) > 5 as is_weekend
        from generate_series(timestamp '2014-01-01', timestamp '2028-12-31', interval 1 day) as days (day)"""
    )


def _rows(
    connection: duckdb.DuckDBPyConnection,
    batch: Sequence[tuple[World, int]],
    planted: dict[tuple[str, int], Planted],
    schemas: dict[str, str],
    questions: Callable[[World], Sequence[Question]],
) -> Iterator[WorldRow]:
    published: dict[Question, dict[str, tuple[Any, ...]]] = {}
    for world, seed in batch:
        for question in questions(world):
            if question not in published:
                published[question] = _published(connection, question, schemas[question.mart])
            found = published[question].get(_company_id(world, seed), (None,) * 8)
            *numbers, tier, failed = found
            naive, naive_low, naive_high, estimate, low, high = (None if value is None else float(value) for value in numbers)
            truth = planted[world.name, seed].truths[question.name]
            yield WorldRow(
                world.name, seed, question.name, truth, naive, naive_low, naive_high, estimate, low, high, tier, failed or ""
            )


def _published(connection: duckdb.DuckDBPyConnection, question: Question, schema: str) -> dict[str, tuple[Any, ...]]:
    columns = [
        question.naive, question.naive_low, question.naive_high, question.estimate, question.low, question.high,
        question.tier, question.failed_checks,
    ]  # fmt: skip
    sql = f"select company_id, {', '.join(columns)} from {quoted(schema)}.{question.mart} where {question.where}"
    sql += " group by company_id" if question.is_summed else ""
    found: dict[str, tuple[Any, ...]] = {}
    for company_id, *values in connection.execute(sql).fetchall():
        if company_id in found:
            raise LearningWarehouseError(
                f"{question.mart} has several rows for {company_id} where {question.where}",
                what_to_do="name one row in the world",
            )
        found[company_id] = tuple(values)
    return found


def _company_id(world: World, seed: int) -> str:
    return f"{world.name}-{seed:04d}"


def _work_folder() -> Path:
    folder = settings().home / "working"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
