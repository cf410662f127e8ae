"""A small warehouse file with marts whose figures were written by hand, so that a test knows what a page must say."""

from pathlib import Path

import duckdb

STATEMENTS = Path(__file__).with_name("handmade_marts.sql").read_text()


def write(path: Path, *, statements: str = STATEMENTS, change: str = "") -> None:
    """Write the file afresh, as dbt would leave it, then make one change."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    with duckdb.connect(str(path)) as connection:
        connection.execute(statements)
        decimals = "select schema_name, table_name, column_name from duckdb_columns() where starts_with(data_type, 'DECIMAL')"
        for schema, table, column in connection.execute(decimals).fetchall():
            connection.execute(f"alter table {schema}.{table} alter {column} type double")
        if change:
            connection.execute(change)
