"""What the simulator planted against what the marts say: over many simulated companies at once, and for the one being served.

Many companies (seeds) become core tables in one DuckDB file, keyed by company; one dbt run estimates all of them. A truth
passes when at least 17 of 20 published 95 % intervals hold it. Seeds are 1, 2, 3, ...: none is picked.
"""

import shutil
import tempfile
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import duckdb

from learning_warehouse import transform
from learning_warehouse.errors import LearningWarehouseError
from learning_warehouse.settings import company, settings
from learning_warehouse.simulation.company import simulate, truths
from learning_warehouse.simulation.core_facts import write_core_facts
from learning_warehouse.simulation.core_tables import TABLES
from learning_warehouse.simulation.ledger import Ledger, Truth
from learning_warehouse.warehouse.duckdb import literal, quoted

ACCEPTED_SHARE = 0.85
PROCESSES = 2
Interval = tuple[float | None, float | None, float | None, float | None, float | None, float | None]

EFFECT = "naive_estimate, naive_ci_low, naive_ci_high, estimate, ci_low, ci_high"
ROWS = {
    "churn": ("impact_customer_education", "outcome = 'churn' and is_headline"),
    "how_to": ("impact_customer_education", "outcome = 'how_to_tickets' and is_headline"),
    "owner_churn": ("impact_account_owner_training", "is_headline"),
    "handling_time": ("application_ticket_handling_effects", "is_headline"),
    "pilot": ("impact_pilot_effects", "is_headline"),
    "coaching_practice_interaction": (
        "application_coaching_and_practice",
        "outcome = 'work_quality' and quantity = 'interaction'",
    ),
    "turnover_learning": ("impact_turnover_by_learning", "is_headline"),
    "first_value_path": ("impact_estimates", "study_id = 'first_value_path' and is_headline"),
    "policy_voluntary": ("governance_policy_series", "policy_id = 'hours-quota' and change_kind = 'removed'"),
    "role_performance": ("impact_role_performance_effects", "kpi_code = 'audit_score' and role_title = 'Support Agent'"),
}
COLUMNS = {
    "application_coaching_and_practice": "null, null, null, estimate, ci_low, ci_high",
    "governance_policy_series": "recorded_change, recorded_change_low, recorded_change_high, "
    "voluntary_change, voluntary_change_low, voluntary_change_high",
}
NOT_BUILT = ("staging", "intermediate", "core")


@dataclass(frozen=True, slots=True)
class TruthRow:
    """One planted effect in one company. Estimate and interval are missing where the mart withholds them."""

    truth_id: str
    seed: int
    truth: float
    naive: float | None
    estimate: float | None
    ci_low: float | None
    ci_high: float | None
    covered: bool
    naive_covered: bool


@dataclass(frozen=True, slots=True)
class Acceptance:
    """One planted effect over all companies: `needed` of `seeds` intervals must hold it."""

    truth_id: str
    seeds: int
    covered: int
    naive_covered: int
    needed: int

    @property
    def passed(self) -> bool:
        """Enough intervals hold the truth."""
        return self.covered >= self.needed


def planted_truths(
    seeds: int = 20,
    employees: int = 1500,
    accounts: int = 2000,
    workdir: Path | None = None,
    progress: Callable[[str], Any] | None = None,
) -> list[TruthRow]:
    """One row per planted effect and seed 1..seeds, by effect then seed; facts up to the first simulated night.

    Core tables are kept under `workdir` and used again when it is given; a temporary folder is removed. Raises
    LearningWarehouseError when dbt fails.
    """
    say = progress or (lambda _: None)
    folder = Path(workdir) if workdir else Path(tempfile.mkdtemp(prefix="truth-", dir=_work_folder()))
    try:
        planted = _simulate_all(seeds, employees, accounts, folder, say)
        warehouse = folder / "warehouse.duckdb"
        warehouse.unlink(missing_ok=True)
        say(f"estimating {seeds} companies in one dbt run")
        _run_models(warehouse, seeds)
        with duckdb.connect(str(warehouse), read_only=True) as connection:
            rows = [row for seed in planted for row in _compare(connection, planted[seed], seed, _world(seed))]
        return sorted(rows, key=lambda row: (list(ROWS).index(row.truth_id), row.seed))
    finally:
        if workdir is None:
            shutil.rmtree(folder, ignore_errors=True)


def truth_of_generation(warehouse: Path, ledger: Ledger) -> list[TruthRow]:
    """The planted effects of the company being served against the marts of its generation, one row per effect."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        return _compare(connection, ledger.truths, ledger.seed, ledger.company_id)


def acceptance(rows: Sequence[TruthRow]) -> list[Acceptance]:
    """One line per effect: how many intervals hold the truth, ours and the plain comparison's."""
    lines = []
    for truth_id in dict.fromkeys(row.truth_id for row in rows):
        own = [row for row in rows if row.truth_id == truth_id]
        covered, naive_covered = sum(row.covered for row in own), sum(row.naive_covered for row in own)
        lines.append(Acceptance(truth_id, len(own), covered, naive_covered, needed=round(ACCEPTED_SHARE * len(own))))
    return lines


def _simulate_all(seeds: int, employees: int, accounts: int, folder: Path, say: Callable[[str], Any]) -> dict[int, list[Truth]]:
    rules, planted = company(), {}
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        waiting = [
            pool.submit(_simulate_one, seed, employees, accounts, _folder(folder, seed), rules) for seed in range(1, seeds + 1)
        ]
        for seed, future in enumerate(waiting, start=1):
            planted[seed] = future.result()
            say(f"simulated company {seed} of {seeds}")
    return planted


def _simulate_one(seed: int, employees: int, accounts: int, folder: Path, rules: Any) -> list[Truth]:
    if all((folder / f"{table}.parquet").exists() for table in TABLES):
        return truths()
    ledger = simulate(seed, employees, accounts)
    write_core_facts([ledger], ledger.first_night, folder, rules)
    return ledger.truths


def _run_models(warehouse: Path, seeds: int) -> None:
    """Fill the core tables where dbt looks for them, then run the studies, estimate them, and run the marts that answer."""
    from learning_warehouse.estimates import estimate_file

    folder, project = warehouse.parent, settings().repository / "dbt_project"
    paths = ["--project-dir", str(project), "--profiles-dir", str(project), "--log-path", str(folder)]
    marts = [f"+{mart}" for mart in sorted({mart for mart, _ in ROWS.values()})]
    skipped = [f"path:models/{layer}" for layer in NOT_BUILT]
    with transform._environment(LW_WAREHOUSE_FILE=str(warehouse), LW_STORAGE_ROOT=str(folder)):
        manifest = transform._manifest(project, paths)
        schemas = {node.name: node.schema for node in manifest.nodes.values() if node.resource_type == "model"}
        _fill_core(warehouse, seeds, schemas)
        _dbt(manifest, ["seed"], folder, paths)
        _dbt(manifest, ["run", "--select", "path:models/studies"], folder, paths)
        estimate_file(warehouse, folder)
        _dbt(manifest, ["run", "--select", *marts, "--exclude", *skipped, "path:models/studies"], folder, paths)


def _dbt(manifest: Any, command: list[str], folder: Path, paths: list[str]) -> None:
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    try:
        outcome = dbtRunner(manifest=manifest).invoke(
            [*command, "--target-path", str(folder / "target"), *paths, *transform.QUIET]
        )
    finally:
        DuckDBConnectionManager.close_all_connections()
    if not outcome.success:
        results = getattr(outcome.result, "results", [])
        failed = "; ".join(f"{item.node.name}: {item.message}" for item in results if str(item.status) == "error")
        raise LearningWarehouseError(
            f"the marts of the simulated companies did not build: {failed or outcome.exception}",
            what_to_do=f"read {folder / 'dbt.log'}",
        )


def _fill_core(warehouse: Path, seeds: int, schemas: dict[str, str]) -> None:
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("set enable_progress_bar = false")
        for table in TABLES:
            schema = quoted(schemas[table])
            connection.execute(f"create schema if not exists {schema}")
            for seed in range(1, seeds + 1 if table != "dim_dates" else 2):
                file = literal(str(_folder(warehouse.parent, seed) / f"{table}.parquet"))
                own = "" if table == "dim_dates" else f" replace ({literal(_world(seed))} as company_id)"
                verb = f"create table {schema}.{table} as" if seed == 1 else f"insert into {schema}.{table}"
                connection.execute(f"{verb} select *{own} from read_parquet({file})")


def _compare(connection: duckdb.DuckDBPyConnection, truths: Iterable[Truth], seed: int, company_id: str) -> list[TruthRow]:
    rows = []
    for truth in truths:
        naive, naive_low, naive_high, estimate, low, high = _interval(connection, truth.truth_id, company_id)
        rows.append(
            TruthRow(
                truth.truth_id, seed, truth.value, naive, estimate, low, high,
                covered=_holds(low, truth.value, high), naive_covered=_holds(naive_low, truth.value, naive_high),
            )
        )  # fmt: skip
    return rows


def _interval(connection: duckdb.DuckDBPyConnection, truth_id: str, company_id: str) -> Interval:
    if truth_id not in ROWS:
        known = ", ".join(ROWS)
        raise LearningWarehouseError(
            f"no mart answers the planted effect {truth_id!r}", what_to_do=f"effects with an answer: {known}"
        )
    mart, condition = ROWS[truth_id]
    sql = f"select distinct {COLUMNS.get(mart, EFFECT)} from marts.{mart} where company_id = $company and {condition}"
    row: Interval | None = connection.execute(sql, {"company": company_id}).fetchone()
    return row or (None, None, None, None, None, None)


def _holds(low: float | None, value: float, high: float | None) -> bool:
    return low is not None and high is not None and low <= value <= high


def _folder(work: Path, seed: int) -> Path:
    return work / f"{seed:02d}"


def _world(seed: int) -> str:
    return f"world-{seed:02d}"


def _work_folder() -> Path:
    folder = settings().home / "working"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
