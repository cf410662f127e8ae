"""Checks the marts as dbt built them, before anybody can see them: bounds, states, small cells, columns of persons.

Critical keeps the last good marts in service; a warning is published and said on the trust page. Frames hold one mart
at a time; results are counts and booleans.
"""

import logging
import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from expectations import SUITES
from expectations.shared import FILLED_SHARE
from learning_warehouse import data_docs, privacy
from learning_warehouse.generations import MartGate
from learning_warehouse.settings import settings
from learning_warehouse.storage import Storage, storage
from learning_warehouse.suite_runner import Check, memory_context, needed_columns, run_suite

if TYPE_CHECKING:
    import pandas as pd
    from duckdb import DuckDBPyConnection

logger = logging.getLogger(__name__)
PREFIX = "marts__"
PERSON_COLUMN = re.compile(
    r"(^|_)(person_key|identity_key|team_key|email|email_key|employee_id|worker_id|first_name|last_name|username|phone)$"
)
NEVER_EMPTY = ("governance_source_coverage", "governance_identity_coverage")
USUALLY_FILLED = ("activity_program_funnel", "impact_account_months", "impact_customer_education")


def mart_audit(run_id: str, now: datetime) -> MartGate:
    """The gate of one build: passed unless something critical is red."""
    gate = gate_of(check_marts(settings().home / "working" / "warehouse.duckdb", now, storage()))
    logger.info("run %s: %s of %s checks on the marts passed", run_id, gate.checks_passed, gate.checks_total)
    return gate


def gate_of(checks: Sequence[Check]) -> MartGate:
    """What checks mean for publishing; `reasons` are the critical sentences."""
    critical = tuple(check.sentence for check in checks if not check.passed and check.severity == "critical")
    passed = sum(check.passed for check in checks)
    return MartGate(passed=not critical, checks_total=len(checks), checks_passed=passed, reasons=critical)


def check_marts(warehouse_path: Path | str, now: datetime, stored: Storage) -> list[Check]:
    """Every check on every mart of the file, in the order privacy, presence, bounds. `now` is the night, UTC."""
    import duckdb

    with duckdb.connect(str(warehouse_path), read_only=True) as connection:
        tables = _tables(connection)
        checks = [*_no_person_columns(connection), *_presence(connection, tables), *_bounds(connection, tables, now, stored)]
    checks = [*_no_leaks(str(warehouse_path)), *checks]
    try:
        data_docs.build(stored, now)
    except Exception:
        logger.exception("the gate stands, but the Data Docs of the marts could not be built")
    return checks


def _bounds(connection: "DuckDBPyConnection", tables: dict[str, str], now: datetime, stored: Storage) -> list[Check]:
    context, checks = memory_context(), []
    for name, suite in SUITES.items():
        mart = name.removeprefix(PREFIX)
        if name.startswith(PREFIX) and mart in tables:
            frame = _frame(connection, f'{tables[mart]}."{mart}"', needed_columns(suite()))
            result = run_suite(
                context, name, suite(), frame, parameters={FILLED_SHARE: 1.0}, run_name=f"night-{now:%Y-%m-%d}", run_time=now
            )
            data_docs.keep(stored, name, result.document)
            checks += [Check(f"{mart}.{c.name}", c.severity, c.passed, f"{mart}: {c.sentence}", c.touches) for c in result.checks]
    return checks


def _frame(connection: "DuckDBPyConnection", table: str, columns: Sequence[str]) -> "pd.DataFrame":
    known = connection.execute(f"select * from {table} limit 0").description or []
    chosen = [f'"{name}"' for name, *_ in known if name in set(columns)]
    return connection.execute(f"select {', '.join(chosen) or '1'} from {table}").df()


def _presence(connection: "DuckDBPyConnection", tables: dict[str, str]) -> list[Check]:
    checks = []
    for name in SUITES:
        if name.startswith(PREFIX):
            mart = name.removeprefix(PREFIX)
            checks.append(Check(f"{mart}.built", "critical", mart in tables, f"{mart} was not built", mart))
    for mart in (*NEVER_EMPTY, *USUALLY_FILLED):
        if mart in tables:
            rows = connection.execute(f'select count(*) from {tables[mart]}."{mart}"').fetchone()
            severity = "critical" if mart in NEVER_EMPTY else "warning"
            checks.append(Check(f"{mart}.has_rows", severity, bool(rows and rows[0]), f"{mart} has no rows", mart))
    return checks


def _no_person_columns(connection: "DuckDBPyConnection") -> list[Check]:
    sql = (
        "select table_name, column_name from duckdb_columns() where schema_name = 'marts' and data_type = 'VARCHAR' order by all"
    )
    found = [f"{table}.{column}" for table, column in connection.execute(sql).fetchall() if PERSON_COLUMN.search(column)]
    said = f"published marts hold columns of persons: {', '.join(found)}"
    return [Check("no_person_columns", "critical", not found, said, "privacy of every person")]


def _no_leaks(warehouse_path: str) -> list[Check]:
    by_mart: dict[str, int] = {}
    for leak in privacy.leaks(warehouse_path):
        by_mart[leak.cube.mart] = by_mart.get(leak.cube.mart, 0) + 1
    return [
        Check(
            f"{mart}.nothing_held_back_can_be_computed",
            "critical",
            mart not in by_mart,
            f"{mart}: {by_mart.get(mart, 0)} held-back cells can be computed from published cells and totals",
            "privacy of every person",
        )
        for mart in _cube_marts()
    ]


def _cube_marts() -> Sequence[str]:
    return list(dict.fromkeys(cube.mart for cube in privacy.cubes()))


def _tables(connection: "DuckDBPyConnection") -> dict[str, str]:
    sql = "select table_name, schema_name from duckdb_tables() where schema_name in ('marts', 'restricted')"
    return dict(connection.execute(sql).fetchall())
