"""The two macros that merge versions of a record, rendered as they stand in the project and run by DuckDB."""

from functools import cache
from typing import Any

import duckdb
import jinja2

from learning_warehouse.settings import REPOSITORY

MACROS = [REPOSITORY / "dbt_project" / "macros" / name for name in ("portable/tenants.sql", "newest_version.sql")]


@cache
def _render(call: str) -> str:
    return jinja2.Environment().from_string("".join(path.read_text() for path in MACROS) + "{{ " + call + " }}").render()


def _rows(sql: str) -> list[dict[str, Any]]:
    with duckdb.connect() as database:
        found = database.sql(sql)
        return [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]


def newest_version(files: str, keys: list[str], cursor: str) -> list[dict[str, Any]]:
    """One row per key from typed Parquet files (a path or a pattern)."""
    return _rows(_render(f"newest_version({_relation(files)!r}, {keys!r}, {cursor!r})"))


def newest_snapshot(files: str, keys: list[str]) -> list[dict[str, Any]]:
    """One row per key from the newest load of typed Parquet files (a path or a pattern)."""
    return _rows(_render(f"newest_snapshot({_relation(files)!r}, {keys!r})"))


def _relation(files: str) -> str:
    return f"read_parquet('{files}', hive_partitioning=false)"
