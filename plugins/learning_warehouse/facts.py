"""A number on a page or in the terminal, together with the query over a published mart that gives it.

Every figure that people read is a Fact: its text, the mart and column it came from, the rows it was taken from, and how
the value was turned into words. A test runs every fact's query again and compares. Nothing here rounds in SQL.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import duckdb

from learning_warehouse.warehouse.duckdb import literal, quoted


class NotThere(Exception):
    """A mart, a row or a value that a sentence needs is not there; the text says which, for the page to show."""


def _count(value: float) -> str:
    return f"{round(value):,}"


def _percent(value: float) -> str:
    """A share as whole per cent; shares under 2 % keep one decimal, and nothing is rounded to a false 0 or 100."""
    hundredth = abs(value) * 100
    if 0 < hundredth < 1.95:
        return f"{hundredth:.1f} %" if hundredth >= 0.05 else "under 0.1 %"
    if 99.5 <= hundredth < 100:
        return f"{math.floor(hundredth * 10) / 10:.1f} %"
    return f"{hundredth:.0f} %"


def _bare_percent(value: float) -> str:
    """The first end of an interval, whose other end carries the sign: `18` of `18 to 46 %`."""
    return f"{abs(value) * 100:.0f}"


def _signed_percent(value: float) -> str:
    """A change as whole per cent with its sign; a change that rounds to nothing has none."""
    whole = round(value * 100)
    return f"{'+' if whole > 0 else '-' if whole < 0 else ''}{abs(whole)} %"


def _hours(value: float) -> str:
    return f"{abs(value):.1f} h"


def _tenth_percent(value: float) -> str:
    return f"{abs(value) * 100:.1f} %"


def _signed_hours(value: float) -> str:
    return f"{value:+.1f} h"


def _whole(value: float) -> str:
    return f"{abs(value):.0f}"


def _points(value: float) -> str:
    return f"{abs(value) * 100:.0f} points"


def _bare_points(value: float) -> str:
    """The first end of an interval in points, with its sign."""
    return f"{value * 100:+.0f}"


def _signed_points(value: float) -> str:
    return f"{value * 100:+.0f} points"


def _decimal(value: float) -> str:
    return f"{abs(value):.1f}"


def _ratio(value: float) -> str:
    return f"{value:.2f}"


def _date(value: Any) -> str:
    return f"{value.day} {value:%B %Y}"


def _month(value: Any) -> str:
    return f"{value:%B %Y}"


def _text(value: Any) -> str:
    return str(value)


RENDERINGS: Mapping[str, Any] = MappingProxyType(
    {
        "count": _count,
        "percent": _percent,
        "bare_percent": _bare_percent,
        "signed_percent": _signed_percent,
        "hours": _hours,
        "tenth_percent": _tenth_percent,
        "signed_hours": _signed_hours,
        "whole": _whole,
        "points": _points,
        "bare_points": _bare_points,
        "signed_points": _signed_points,
        "decimal": _decimal,
        "ratio": _ratio,
        "date": _date,
        "month": _month,
        "text": _text,
    }
)


@dataclass(frozen=True)
class Fact:
    """One figure. `expression` over `mart` where `where` gives `value`; `rendering` names how it became `text`."""

    text: str
    value: Any
    mart: str
    column: str
    expression: str
    where: str
    rendering: str
    schema: str = "marts"

    @property
    def query(self) -> str:
        """The SQL that gives the value again."""
        return f"select {self.expression} from {self.schema}.{quoted(self.mart)} where {self.where}"

    @property
    def origin(self) -> str:
        """Where the figure came from, for a reader who hovers over it."""
        return f"{self.mart}.{self.column}" + ("" if self.where == "true" else f" where {self.where}")


def _first_value(connection: duckdb.DuckDBPyConnection, query: str) -> str:
    row = connection.execute(query).fetchone()
    return str(row[0]) if row and row[0] else ""


class Marts:
    """Read-only access to the marts of one generation, as facts. Use as a context manager.

    Marts with person rows are read only for sums over many people, and only where the second file is given. `night` is
    the ISO time of the night the marts were built for, or an empty text.
    """

    def __init__(self, warehouse: Path, restricted: Path | None = None) -> None:
        self._files = [
            (file, schema) for file, schema in ((warehouse, "marts"), (restricted, "restricted")) if file and file.exists()
        ]
        self._open: dict[str, duckdb.DuckDBPyConnection] = {}
        self._schemas: dict[str, str] = {}
        self._columns: dict[str, list[str]] = {}
        self.night = ""

    def __enter__(self) -> "Marts":
        for file, schema in self._files:
            connection = duckdb.connect(str(file), read_only=True, config={"enable_external_access": "false"})
            self._open[schema] = connection
            query = "select table_name, column_name from duckdb_columns() where schema_name = ? order by table_name, column_index"
            for table, column in connection.execute(query, ["main" if schema == "restricted" else schema]).fetchall():
                self._schemas[table] = schema
                self._columns.setdefault(table, []).append(column)
            if "_generation" in {row[0] for row in connection.execute("select table_name from duckdb_tables()").fetchall()}:
                self.night = self.night or _first_value(connection, "select night from main._generation")
        return self

    def __exit__(self, *_: object) -> None:
        for connection in self._open.values():
            connection.close()
        self._open.clear()

    def has(self, mart: str) -> bool:
        """True when the generation holds this mart, with or without rows."""
        return mart in self._schemas

    def columns(self, mart: str) -> list[str]:
        """Names of the mart's columns in order; empty when there is no such mart."""
        return self._columns.get(mart, [])

    def rows(self, mart: str, where: str = "true", columns: str = "*", tail: str = "") -> list[dict[str, Any]]:
        """Rows of one mart as dicts; raises NotThere when the mart or a column is missing."""
        connection = self._connection(mart)
        try:
            cursor = connection.execute(f"select {columns} from {self._schemas[mart]}.{quoted(mart)} where {where} {tail}")
        except (duckdb.BinderException, duckdb.CatalogException) as error:
            raise NotThere(f"not shown, {mart} has changed its columns") from error
        names = [description[0] for description in cursor.description or []]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def fact(self, mart: str, expression: str, where: str = "true", rendering: str = "count", column: str | None = None) -> Fact:
        """The figure that `expression` gives over the rows; raises NotThere when there is none."""
        found = self.rows(mart, where, f"{expression} as value")
        value = found[0]["value"] if len(found) == 1 else None
        if value is None or (isinstance(value, float) and not math.isfinite(value)):
            raise NotThere("not shown, too few or too early")
        text = RENDERINGS[rendering](value)
        return Fact(text, value, mart, column or expression, expression, where, rendering, self._schemas[mart])

    def _connection(self, mart: str) -> duckdb.DuckDBPyConnection:
        if mart not in self._schemas:
            raise NotThere(f"not shown, {mart} is not in this generation")
        return self._open[self._schemas[mart]]


def same(column: str, value: Any) -> str:
    """A row filter `column = value`, safe for any text."""
    if value is None:
        return f"{column} is null"
    if isinstance(value, bool):
        return column if value else f"not {column}"
    if isinstance(value, int | float):
        return f"{column} = {value}"
    return f"{column} = {literal(str(value))}"


def wilson(successes: str, total: str, side: int) -> str:
    """The lower (-1) or upper (+1) end of the 95 % Wilson interval of a share, as an SQL expression."""
    z = 1.959963984540054
    share = f"(({successes}) * 1.0 / nullif({total}, 0))"
    spread = f"{z} * sqrt({share} * (1 - {share}) / ({total}) + {z * z} / (4.0 * ({total}) * ({total})))"
    return f"({share} + {z * z} / (2.0 * ({total})) {'+' if side > 0 else '-'} {spread}) / (1 + {z * z} / ({total}))"
