"""The estimate task, between the studies and the marts: from sufficient statistics to what each registered study may say.

It reads the tables `suff_*` and the registry, never a row of a person. A reading is taken on a registered look date and
kept for good as estimates/<study>/<definition hash>/<look date>.parquet, created only if absent: a late event, a second
run and a later night leave it as it is. What the marts read is working/estimates/current.parquet, written whole by every run
and emptied when a build begins, so that marts without this task cannot pass for marts with it.
"""

import logging
import os
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

import duckdb

from learning_warehouse import estimate_rows
from learning_warehouse.checkpoints import reach
from learning_warehouse.errors import LearningWarehouseError
from learning_warehouse.settings import settings
from learning_warehouse.storage import Storage, storage
from learning_warehouse.study_looks import Look, Study, definition_hash, look_on
from learning_warehouse.warehouse.duckdb import literal

if TYPE_CHECKING:
    from learning_warehouse.transform import LayerResult

log = logging.getLogger(__name__)

Row = dict[str, Any]
TABLES = {"company": "core.dim_company", "studies": "staging.impact_studies"} | {
    name: f"studies.suff_{name}" for name in ("estimates", "clusters", "risk", "reach")
}
STREAM = ("study_id", "variant", "outcome", "horizon_days", "method")


@dataclass(frozen=True, slots=True)
class Estimated:
    """What one run did: rows in the current table, looks taken now, looks that stood already, seconds."""

    rows: int
    taken: int
    kept: int
    seconds: float


@dataclass(frozen=True, slots=True)
class _Inputs:
    """The sufficient statistics of one company."""

    company: Row
    estimates: list[Row]
    clusters: dict[tuple[Any, ...], list[Row]]
    risk: dict[tuple[Any, ...], list[Row]]
    reach: dict[str, bool]


def current_file(root: Path | None = None) -> Path:
    """The Parquet file that the marts read, below a storage root (the home unless given)."""
    return (root or settings().home) / "working" / "estimates" / "current.parquet"


def forget_current(root: Path | None = None) -> None:
    """Empty what the marts would read, columns kept; a build begins with this."""
    write_current([], root)


def estimate(warehouse: Path | None = None, *, keep_looks: bool = True) -> Estimated:
    """Estimate every registered study from the warehouse file as it stands, by look dates, and write the current table.

    `warehouse` is a DuckDB file with the studies of another engine, in place of the file that dbt writes; such builds are
    compared and thrown away, so they neither take looks nor read those that were taken (keep_looks=False).
    Raises LearningWarehouseError when the studies were not built, or when SQL and Python disagree about a number.
    """
    from learning_warehouse.transform import warehouse_file

    started = monotonic()
    stored = storage()
    rows, taken, kept = [], 0, 0
    for inputs, studies in _read(warehouse or warehouse_file()):
        own, new, old = _by_look(inputs, studies, stored if keep_looks else None)
        rows += own
        taken, kept = taken + new, kept + old
    reach("estimate.before_current")
    write_current(rows)
    reach("estimate.after_current")
    log.info("%s estimates, %s looks taken, %s kept", len(rows), taken, kept)
    return Estimated(len(rows), taken, kept, monotonic() - started)


def as_layer(warehouse: Path | None = None, *, keep_looks: bool = True) -> "LayerResult":
    """`estimate`, reported as the dbt layers are: models counts the rows, tests_passed the looks that stand."""
    from learning_warehouse.transform import LayerResult

    done = estimate(warehouse, keep_looks=keep_looks)
    return LayerResult("estimate", done.rows, done.taken + done.kept, 0, (), done.seconds)


def estimate_file(warehouse: Path, root: Path) -> int:
    """Estimate every company in one warehouse file at its own `as_of_at`, now and without frozen looks; returns the rows.

    For worlds and truths: studies must be built in `warehouse`, and marts built afterwards with LW_STORAGE_ROOT=`root`.
    """
    rows: list[Row] = []
    for inputs, studies in _read(warehouse):
        company = inputs.company
        for study in studies:
            look = Look(company["as_of_at"].date(), None, False, max(len(study.dates), 1))
            stamp = {
                "definition_hash": definition_hash(study, company["company_id"], company["definition_version"]),
                "as_of_at": company["as_of_at"],
            }
            rows += [row | stamp for row in _publish_ready(inputs, study, [(row, look) for row in _of(inputs, study)])]
    write_current(estimate_rows.with_portfolio(rows), root)
    return len(rows)


def require(root: Path | None = None) -> None:
    """Raises LearningWarehouseError unless the estimate task has run since the build began."""
    file = current_file(root)
    with duckdb.connect() as connection:
        found = connection.execute(f"select count(*) from {literal(str(file))}").fetchone() if file.exists() else None
    if not found or not found[0]:
        raise LearningWarehouseError(
            "the studies of this build have not been estimated, so its marts would have no effects to show",
            what_to_do="run: lw build --layer estimate, then lw build --layer marts",
        )


def write_current(rows: Sequence[Mapping[str, Any]], root: Path | None = None) -> None:
    """Replace the current table as a whole."""
    file = current_file(root)
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    _write_parquet(draft, estimate_rows.COLUMNS, rows)
    os.replace(draft, file)


def _by_look(inputs: _Inputs, studies: Sequence[Study], stored: Storage | None) -> tuple[list[Row], int, int]:
    """The rows of one company, each as of its last look; looks nobody took yet are taken and kept."""
    company = inputs.company
    day = company["as_of_at"].date()
    rows, taken, kept = [], 0, 0
    for study in studies:
        version = definition_hash(study, company["company_id"], company["definition_version"])
        by_look: dict[date | None, list[tuple[Row, Look]]] = defaultdict(list)
        for row in _of(inputs, study):
            look = look_on(study, day, row["due_date"])
            by_look[look.taken].append((row, look))
        for look_date, waiting in by_look.items():
            ready = None if look_date is None or stored is None else _frozen(stored, study, version, look_date)
            if ready is None:
                ready = _publish_ready(inputs, study, waiting)
                if look_date is not None and stored is not None and any(row["state"] in ("reads", "too_few") for row in ready):
                    _freeze(stored, study, version, look_date, ready)
                    taken += 1
            else:
                kept += 1
                ready = [{**row, "next_look_date": waiting[0][1].next} for row in ready]
            rows += [{**row, "definition_hash": version, "as_of_at": company["as_of_at"]} for row in ready]
    return estimate_rows.with_portfolio(rows), taken, kept


def _of(inputs: _Inputs, study: Study) -> list[Row]:
    """What suff_estimates holds of a study; one row without numbers when it holds nothing."""
    own = [row for row in inputs.estimates if row["study_id"] == study.study_id]
    return own or [estimate_rows.nothing(study, inputs.company)]


def _publish_ready(inputs: _Inputs, study: Study, waiting: Sequence[tuple[Row, Look]]) -> list[Row]:
    reaches = inputs.reach.get(study.study_id, False)
    ready = []
    for row, look in waiting:
        key = tuple(row[name] for name in STREAM[:4])
        clusters = inputs.clusters.get(key, [])
        risk = inputs.risk.get(key[:2], []) if row["is_headline"] or row["variant"].startswith("gap_") else []
        ready.append(estimate_rows.judged(row, study, look, inputs.company, reaches, clusters, risk))
    return ready


def _key(study: Study, version: str, look_date: date) -> str:
    return f"estimates/{study.study_id}/{version}/{look_date.isoformat()}.parquet"


def _frozen(stored: Storage, study: Study, version: str, look_date: date) -> list[Row] | None:
    key = _key(study, version, look_date)
    if not stored.exists(key):
        return None
    with duckdb.connect() as connection:
        return _rows(connection, f"select * from read_parquet({literal(stored.local(key))})")


def _freeze(stored: Storage, study: Study, version: str, look_date: date, rows: Sequence[Row]) -> None:
    key = _key(study, version, look_date)
    draft = stored.draft(key)
    _write_parquet(Path(draft), estimate_rows.FROZEN_COLUMNS, rows)
    reach("estimate.before_look")
    stored.adopt(draft, key)
    reach("estimate.after_look")


def _read(warehouse: Path) -> list[tuple[_Inputs, list[Study]]]:
    """The inputs of every company of a file, in order of company_id."""
    if not warehouse.exists():
        raise LearningWarehouseError("there is no warehouse to estimate from", what_to_do="run: lw build")
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        try:
            tables = {name: _rows(connection, f"select * from {table} order by all") for name, table in TABLES.items()}
        except duckdb.CatalogException as error:
            raise LearningWarehouseError(
                f"the studies are not built: {str(error).splitlines()[0]}", what_to_do="run: lw build --layer studies"
            ) from error
    studies = [Study.of(row) for row in tables["studies"]]
    split = {name: _by_company(tables[name]) for name in ("estimates", "clusters", "risk", "reach")}
    return [(_inputs(company, split), studies) for company in tables["company"]]


def _inputs(company: Row, split: Mapping[str, Mapping[str, list[Row]]]) -> _Inputs:
    own = {name: tables.get(company["company_id"], []) for name, tables in split.items()}
    clusters: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    risk: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in own["clusters"]:
        clusters[tuple(row[name] for name in STREAM[:4])].append(row)
    for row in own["risk"]:
        risk[row["study_id"], row["variant"]].append(row)
    reaches = {row["study_id"]: bool(row["reaches_us"]) for row in own["reach"]}
    return _Inputs(company, own["estimates"], clusters, risk, reaches)


def _by_company(rows: Sequence[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["company_id"]].append(row)
    return found


def _rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[Row]:
    cursor = connection.execute(query)
    names = [description[0] for description in cursor.description or []]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _write_parquet(path: Path, columns: Mapping[str, str], rows: Sequence[Mapping[str, Any]]) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"create table t ({', '.join(f'{name} {kind}' for name, kind in columns.items())})")
        if rows:
            cells = [[_cell(row.get(name)) for name in columns] for row in rows]
            connection.executemany(f"insert into t values ({', '.join('?' for _ in columns)})", cells)
        connection.execute(f"copy (select * from t order by all) to {literal(str(path))} (format parquet)")


def _cell(value: Any) -> Any:
    return value.replace(tzinfo=None) if isinstance(value, datetime) else value
