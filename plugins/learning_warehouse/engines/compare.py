"""Two builds of the same night, row by row: exact for integers, text, dates and flags, 1e-9 relative for doubles.

Rows are paired by the key that the project itself promises (the unique_grain test of the table), so a difference names the
row. A table without such a key is compared as a bag of whole rows.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from learning_warehouse.errors import LearningWarehouseError
from learning_warehouse.warehouse.base import MART_PREFIXES
from learning_warehouse.warehouse.duckdb import literal, quoted

TOLERANCE = 1e-9
TINY = 1e-12
EXAMPLES = 20
WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UBIGINT")
SCHEMAS = ("core", "studies", "marts", "restricted")


@dataclass(frozen=True)
class Difference:
    """One value, or one whole row (column is then empty), that two engines do not agree on; key as `column=value` pairs."""

    key: str
    column: str
    value: str
    other_value: str


@dataclass(frozen=True)
class TableComparison:
    """One table on two engines: its rows on each side, how many rows and values were compared, how many values differ.

    `differing` counts values, a row that only one side has counts as one. `differences` are the first of them, by key.
    """

    schema: str
    name: str
    rows: int
    other_rows: int
    values: int
    differing: int
    differences: tuple[Difference, ...]

    @property
    def is_mart(self) -> bool:
        """A published or restricted mart, not a core table or a study."""
        return self.name.startswith(MART_PREFIXES)


def compare(file: Path, other: Path, keys: dict[str, list[str]], schemas: Sequence[str] = SCHEMAS) -> list[TableComparison]:
    """Compare every table of `schemas` in two DuckDB files; `keys` is table -> key columns.

    Raises LearningWarehouseError when a file is absent or when the two sides do not hold the same tables and columns.
    """
    for path in (file, other):
        if not path.exists():
            raise LearningWarehouseError(f"there is no build to compare: {path} is absent", what_to_do="run: lw compare")
    with duckdb.connect() as connection:
        connection.execute(f"attach {literal(str(file))} as a (read_only); attach {literal(str(other))} as b (read_only)")
        tables, other_tables = (_tables(connection, side, schemas) for side in "ab")
        if _disagreement(tables, other_tables):
            raise LearningWarehouseError(
                f"the builds do not hold the same tables and columns: {_disagreement(tables, other_tables)}",
                what_to_do="build both from the same project, then compare again",
            )
        return [
            _compare(connection, place, _kinds(tables[place], other_tables[place]), keys.get(place[1], []))
            for place in sorted(tables)
        ]


def _compare(
    connection: duckdb.DuckDBPyConnection, place: tuple[str, str], columns: dict[str, str], key: list[str]
) -> TableComparison:
    schema, name = place
    table = f"{quoted(schema)}.{quoted(name)}"
    rows, other_rows = (_one(connection, f"select count(*) from {side}.{table}") for side in "ab")
    if not key or set(key) - set(columns) or _is_doubled(connection, table, key):
        key = [column for column, kind in columns.items() if kind != "number"]
    compared = [column for column in columns if column not in key]
    match = " and ".join(f"a.{quoted(column)} is not distinct from b.{quoted(column)}" for column in key)
    pairs = (
        f"(select *, row_number() over (partition by {_list(key)} order by {_list(columns)}) as _place, true as _here"
        f" from a.{table}) as a full join (select *, row_number() over (partition by {_list(key)} order by {_list(columns)})"
        f" as _place, true as _here from b.{table}) as b on {match} and a._place = b._place"
    )
    flags = [f"a._here and b._here and {_differs(column, columns[column])}" for column in compared]
    totals = ", ".join(f"count(*) filter ({flag})" for flag in ["a._here is null or b._here is null", *flags])
    counts = [int(count) for count in connection.execute(f"select {totals} from {pairs}").fetchall()[0]]
    found: list[Difference] = []
    key_text = " || ', ' || ".join(
        f"{literal(column + '=')} || coalesce(cast(coalesce(a.{quoted(column)}, b.{quoted(column)}) as varchar), 'missing')"
        for column in key
    )
    if counts[0]:
        sides = "case when a._here then 'present' else 'absent' end, case when b._here then 'present' else 'absent' end"
        query = f"select {key_text}, '', {sides} from {pairs} where a._here is null or b._here is null order by 1"
        found += _found(connection, query)
    for column, flag, count in zip(compared, flags, counts[1:], strict=True):
        if count:
            shown = ", ".join(f"coalesce(cast({side}.{quoted(column)} as varchar), 'missing')" for side in "ab")
            found += _found(connection, f"select {key_text}, {literal(column)}, {shown} from {pairs} where {flag} order by 1")
    values = min(rows, other_rows) * len(columns)
    return TableComparison(schema, name, rows, other_rows, values, sum(counts), tuple(found[:EXAMPLES]))


def _differs(column: str, kind: str) -> str:
    """The condition under which a value of a paired row differs; two missing values are equal, as are two NaN."""
    a, b = f"a.{quoted(column)}", f"b.{quoted(column)}"
    if kind != "number":
        return f"{a} is distinct from {b}"
    near = f"abs({a} - {b}) <= {TOLERANCE} * greatest(abs({a}), abs({b})) or abs({a} - {b}) <= {TINY}"
    return f"({a} is distinct from {b} and ({a} is null or {b} is null or not coalesce({near}, false)))"


def _tables(connection: duckdb.DuckDBPyConnection, side: str, schemas: Sequence[str]) -> dict[tuple[str, str], dict[str, str]]:
    query = (
        "select schema_name, table_name, column_name, data_type from duckdb_columns()"
        " where database_name = ? and list_contains(?, schema_name) order by 1, 2, 3"
    )
    tables: dict[tuple[str, str], dict[str, str]] = {}
    for schema, name, column, kind in connection.execute(query, [side, list(schemas)]).fetchall():
        tables.setdefault((schema, name), {})[column] = kind
    return tables


def _disagreement(tables: dict[tuple[str, str], dict[str, str]], other: dict[tuple[str, str], dict[str, str]]) -> str:
    said = [f"{schema}.{name} stands on one side only" for schema, name in sorted(set(tables) ^ set(other))]
    for schema, name in sorted(set(tables) & set(other)):
        mine, theirs = tables[schema, name], other[schema, name]
        odd = sorted(column for column in {*mine, *theirs} if _family(mine.get(column)) != _family(theirs.get(column)))
        said += [f"{schema}.{name}.{column} is {mine.get(column)} and {theirs.get(column)}" for column in odd]
    return "; ".join(said[:5])


def _family(kind: str | None) -> str | None:
    """Numbers are one family: steps between models have no contract, and an engine may count in a wider type than another."""
    return "number" if kind and (kind in (*WHOLE, "DOUBLE", "FLOAT") or kind.startswith("DECIMAL")) else kind


def _kinds(columns: dict[str, str], other: dict[str, str]) -> dict[str, str]:
    """column -> number where either side may have fractions (compared with tolerance), else its type (compared exactly)."""
    both_whole = {column for column, kind in columns.items() if kind in WHOLE and other[column] in WHOLE}
    return {column: kind if column in both_whole else str(_family(kind)) for column, kind in columns.items()}


def _is_doubled(connection: duckdb.DuckDBPyConnection, table: str, key: Sequence[str]) -> bool:
    return any(
        _one(connection, f"select count(*) from (select 1 from {side}.{table} group by {_list(key)} having count(*) > 1)")
        for side in "ab"
    )


def _found(connection: duckdb.DuckDBPyConnection, query: str) -> Iterator[Difference]:
    return (Difference(*row) for row in connection.execute(f"{query} limit {EXAMPLES}").fetchall())


def _one(connection: duckdb.DuckDBPyConnection, query: str) -> Any:
    row = connection.execute(query).fetchone()
    return row[0] if row else None


def _list(columns: Sequence[str] | dict[str, str]) -> str:
    return ", ".join(quoted(column) for column in columns)
