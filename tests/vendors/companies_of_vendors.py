"""One night of the same simulated company with other vendors, and where its tables differ from another company's.

Each night runs in a process of its own, from HTTP to the published generation. Published marts are compared row by row by their
grain and figure by figure: a figure differs when its value, its counts, its limits or its state do. Core tables are compared as
bags of rows without the columns that name somebody or something by an id. Numbers are equal to nine digits.
"""

import math
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import yaml

from learning_warehouse.registry import Mart, marts
from learning_warehouse.sandbox.drop_ids import accounts_of
from learning_warehouse.settings import REPOSITORY
from learning_warehouse.simulation.company import simulate

NIGHT = REPOSITORY / "tests" / "crash" / "night_without_airflow.py"
SEED, EMPLOYEES, ACCOUNTS = 1, 120, 80
ROWS = "rows"
PARTS = ("", "_n", "_denominator", "_low", "_high", "_state")
NAMES_BESIDE_IDS = {"course_id": ("course_code", "course_name")}
VENDOR_IDS = {"account_id", "attempt_id", "contract_id", "course_id", "enrollment_id", "opportunity_id", "ticket_id"}
Rows = dict[tuple[Any, ...], dict[str, Any]]


@dataclass(frozen=True)
class Difference:
    """One figure or column of one table (or `rows`, where a row stands on one side only) and the first example of it."""

    table: str
    column: str
    example: str


def company_of(vendors: tuple[str, ...]) -> str:
    """The company.yml of the repository with these vendors simulated in place of all others."""
    head, begins, rest = (REPOSITORY / "company.yml").read_text().partition("sources:\n  {")
    states, ends, tail = rest.partition("}")
    names = [state.partition(":")[0].strip() for state in states.split(",")]
    told = ", ".join(f"{name}: {'simulated' if name in (*vendors, 'drops') else 'absent'}" for name in names)
    return head + begins + told + ends + tail


def night_of(vendors: tuple[str, ...], folder: Path) -> Path:
    """The warehouse of one night of the company with these vendors; raises AssertionError with the log when the night fails."""
    (folder / "company.yml").write_text(company_of(vendors))
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LW_", "AIRFLOW_"))}
    own = {
        "LW_HOME": str(folder / "home"),
        "LW_COMPANY_FILE": str(folder / "company.yml"),
        "LW_SEED": str(SEED),
        "LW_EMPLOYEES": str(EMPLOYEES),
        "LW_ACCOUNTS": str(ACCOUNTS),
        "LW_PERSON_KEY_SECRET": "a fixed key, so that rows repeat",
    }
    done = subprocess.run([sys.executable, str(NIGHT)], env=kept | own, capture_output=True, text=True)
    assert done.returncode == 0, f"the night of {', '.join(vendors)} failed: {done.stdout[-1500:]}{done.stderr[-1500:]}"
    return folder / "home" / "working" / "warehouse.duckdb"


def differences(one: Path, other: Path, vendors: tuple[str, ...]) -> tuple[list[Difference], int]:
    """Where `other`, the warehouse of a company with these vendors, is not `one`; and how many figures of marts were compared."""
    ids = {theirs: ours for ours, theirs in accounts_of(simulate(SEED, EMPLOYEES, ACCOUNTS), vendors).items()}
    found: dict[tuple[str, str], Difference] = {}
    compared = 0
    with duckdb.connect() as connection:
        connection.execute(f"attach '{one}' as ours (read_only); attach '{other}' as theirs (read_only)")
        every = list(_of_core(connection))
        for mart in _published(connection):
            left, right = _rows(connection, "ours", mart, {}), _rows(connection, "theirs", mart, ids)
            every += _of_mart(mart, left, right)
            compared += len(left.keys() & right.keys()) * len(mart.figures)
    for difference in every:
        found.setdefault((difference.table, difference.column), difference)
    return list(found.values()), compared


def _published(connection: duckdb.DuckDBPyConnection) -> list[Mart]:
    query = "select table_name from duckdb_tables() where database_name = 'ours' and schema_name = 'marts'"
    tables = connection.execute(query).fetchall()
    return [mart for name, mart in sorted(marts().items()) if (name,) in tables]


def _rows(connection: duckdb.DuckDBPyConnection, side: str, mart: Mart, ids: dict[str, str]) -> Rows:
    """The rows of a mart by grain, with customers by the ids of the ledger and courses by their code or name."""
    cursor = connection.execute(f'select * from {side}.marts."{mart.name}"')
    columns = [column[0] for column in cursor.description or []]
    grain = [next((name for name in NAMES_BESIDE_IDS.get(column, ()) if name in columns), column) for column in mart.grain]
    rows = {}
    for values in cursor.fetchall():
        row = dict(zip(columns, values, strict=True))
        if "account_id" in row:
            row["account_id"] = ids.get(row["account_id"], row["account_id"])
        kept = {name: value for name, value in row.items() if name in grain or name not in mart.grain}
        rows[tuple(row[name] for name in grain)] = kept
    return rows


def _of_mart(mart: Mart, left: Rows, right: Rows) -> Iterator[Difference]:
    parts = {f"{figure}{part}": figure for figure in mart.figures for part in PARTS}
    if left.keys() != right.keys():
        missing, added = len(left.keys() - right.keys()), len(right.keys() - left.keys())
        yield Difference(mart.name, ROWS, f"{missing} rows are missing and {added} are new")
    for key in left.keys() & right.keys():
        for column, value in left[key].items():
            if not _same(value, right[key][column]):
                yield Difference(mart.name, parts.get(column, column), f"{key[1:]}: {column} {value}, {right[key][column]}")


def _of_core(connection: duckdb.DuckDBPyConnection) -> Iterator[Difference]:
    keys = {*yaml.safe_load((REPOSITORY / "dbt_project" / "privacy.yml").read_text())["personal"], *VENDOR_IDS}
    tables = connection.execute(
        "select table_name, list(column_name order by column_index) from duckdb_columns() where database_name = 'ours' and "
        "schema_name = 'restricted' and regexp_matches(table_name, '^(dim|fct|bridge)_') group by table_name order by table_name"
    ).fetchall()
    for table, columns in tables:
        compared = [name for name in columns if name not in keys]
        gone, new = _rest(connection, "ours", "theirs", table, compared), _rest(connection, "theirs", "ours", table, compared)
        told = [name for name in compared if gone == new > 0 and _rest(connection, "ours", "theirs", table, [name])]
        for column in told or [ROWS] * bool(gone or new):
            yield Difference(table, column, f"{gone} rows are missing and {new} are new")


def _rest(connection: duckdb.DuckDBPyConnection, side: str, other: str, table: str, names: list[str]) -> int:
    """How many rows of these columns one side has more than the other."""
    rows = [f"select {', '.join(names)} from {one}.restricted.{table}" for one in (side, other)]
    counted = connection.execute(f"select count(*) from ({rows[0]} except all {rows[1]})").fetchone()
    return int(counted[0]) if counted else 0


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)
    return bool(one == other)
