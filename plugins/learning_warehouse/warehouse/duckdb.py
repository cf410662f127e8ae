"""DuckDB: marts are copied into a fresh file that the build never touches, so readers need no lock.

Traps: a DuckDB file opened read-write in one process cannot be opened by another; a file without its write-ahead log
opens with no tables and no error. Hence every file written here is checkpointed, detached and checked for a left log.
A file `restricted.duckdb` with a schema `restricted` cannot be queried, as the name is ambiguous: its tables stand in main.
Published files are written with storage version 1.0.0, which every DuckDB from 1.0 on can read.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from learning_warehouse.errors import LearningWarehouseError
from learning_warehouse.warehouse.base import Relation, is_business_column

STORAGE_VERSION = "v1.0.0"
FORMULA_STARTS = "'=', '+', '-', '@', chr(9), chr(13)"


def quoted(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


@contextmanager
def reading(file: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection that can neither read other files nor load extensions."""
    connection = duckdb.connect(
        str(file), read_only=True, config={"enable_external_access": "false", "autoload_known_extensions": "false"}
    )
    try:
        yield connection
    finally:
        connection.close()


def _columns(
    connection: duckdb.DuckDBPyConnection, schema: str, table: str, database: str | None = None
) -> list[tuple[str, str]]:
    query = (
        "select column_name, data_type from duckdb_columns() where schema_name = ? and table_name = ?"
        " and database_name = coalesce(?, current_database()) order by column_index"
    )
    return [(name, kind) for name, kind in connection.execute(query, [schema, table, database]).fetchall()]


class DuckDBWarehouse:
    """The default engine; see base.Warehouse for what each call promises."""

    def relations(self, file: Path) -> list[Relation]:
        if not file.exists():
            return []
        with reading(file) as connection:
            names = connection.execute(
                "select table_schema, table_name from information_schema.tables"
                " where table_type = 'BASE TABLE' and table_name not like '\\_%' escape '\\' order by 1, 2"
            ).fetchall()
            return [Relation(schema, name, _count(connection, schema, name)) for schema, name in names]

    def copy(
        self,
        source: Path,
        target: Path,
        relations: Sequence[Relation],
        stamp: Mapping[str, str],
        comments: Mapping[str, Mapping[str, str]] | None = None,
        into: str | None = None,
    ) -> None:
        for leftover in (target, Path(f"{target}.wal")):
            leftover.unlink(missing_ok=True)
        connection = duckdb.connect()
        try:
            if relations:
                connection.execute(f"attach {literal(str(source))} as w (read_only)")
            connection.execute(f"attach {literal(str(target))} as s (storage_version '{STORAGE_VERSION}')")
            for relation in relations:
                schema = into or relation.schema
                source_name, name = (
                    f"w.{quoted(relation.schema)}.{quoted(relation.name)}",
                    f"{quoted(schema)}.{quoted(relation.name)}",
                )
                connection.execute(f"create schema if not exists s.{quoted(schema)}")
                connection.execute(f"create table s.{name} as from {source_name}")
                _comment(connection, schema, relation.name, (comments or {}).get(relation.name, {}))
                if schema != "main":
                    connection.execute(f"create view s.main.{quoted(relation.name)} as from {name}")
            columns = ", ".join(f"{literal(value)} as {quoted(key)}" for key, value in stamp.items())
            connection.execute(f"create table s.main._generation as select {columns}")
            connection.execute("checkpoint s")
            connection.execute("detach s")
        finally:
            connection.close()
        if Path(f"{target}.wal").exists():
            raise LearningWarehouseError(
                f"{target} was left with an open write-ahead log", what_to_do="run the night again; nothing was published"
            )

    def row_hashes(self, file: Path) -> dict[str, str]:
        hashes = {}
        with reading(file) as connection:
            for relation in self.relations(file):
                columns = sorted(c for c in _columns(connection, relation.schema, relation.name) if is_business_column(c[0]))
                cells = ", ".join(_cell_text(name, kind) for name, kind in columns)
                query = (
                    f"select coalesce(md5(string_agg(h, '' order by h)), 'empty')"
                    f" from (select md5(concat_ws(chr(31), {cells})) as h from {quoted(relation.schema)}.{quoted(relation.name)})"
                )
                row = connection.execute(query).fetchone()
                hashes[f"{relation.schema}.{relation.name}"] = str(row[0]) if row else "empty"
        return hashes

    def export_csv(self, file: Path, folder: Path) -> list[Path]:
        return self._export(file, folder, "csv")

    def export_parquet(self, file: Path, folder: Path) -> list[Path]:
        return self._export(file, folder, "parquet")

    def rows(self, file: Path, query: str, parameters: Sequence[Any] = ()) -> list[dict[str, Any]]:
        with reading(file) as connection:
            cursor = connection.execute(query, list(parameters))
            names = [description[0] for description in cursor.description or []]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def _export(self, file: Path, folder: Path, kind: str) -> list[Path]:
        folder.mkdir(parents=True, exist_ok=True)
        written = []
        relations = [relation for relation in self.relations(file) if relation.is_mart]
        connection = duckdb.connect()
        try:
            connection.execute(f"attach {literal(str(file))} as s (read_only)")
            for relation in relations:
                target = folder / f"{relation.name}.{kind}"
                columns = _columns(connection, relation.schema, relation.name, "s")
                cells = ", ".join(_csv_cell(*column) if kind == "csv" else quoted(column[0]) for column in columns)
                options = "format csv, header true" if kind == "csv" else "format parquet, compression zstd"
                source = f"select {cells} from s.{quoted(relation.schema)}.{quoted(relation.name)}"
                connection.execute(f"copy ({source}) to {literal(str(target))} ({options})")
                written.append(target)
        finally:
            connection.close()
        return written


def _count(connection: duckdb.DuckDBPyConnection, schema: str, table: str) -> int:
    row = connection.execute(f"select count(*) from {quoted(schema)}.{quoted(table)}").fetchone()
    return int(row[0]) if row else 0


def _comment(connection: duckdb.DuckDBPyConnection, schema: str, name: str, texts: Mapping[str, str]) -> None:
    """Put the description of the table (key '') and of its columns into the published file, for BI tools to show."""
    table = f"s.{quoted(schema)}.{quoted(name)}"
    existing = {column for column, _ in _columns(connection, schema, name, "s")}
    for column, text in texts.items():
        if column == "":
            connection.execute(f"comment on table {table} is {literal(text)}")
        elif column in existing:
            connection.execute(f"comment on column {table}.{quoted(column)} is {literal(text)}")


def _cell_text(name: str, kind: str) -> str:
    """A cell as text for hashing; doubles by nine significant digits, as sums may differ in the last bits between runs."""
    column = quoted(name)
    if kind in ("DOUBLE", "FLOAT"):
        return f"coalesce(format('{{:.9g}}', {column} + 0.0), chr(30))"
    return f"coalesce(cast({column} as varchar), chr(30))"


def _csv_cell(name: str, kind: str) -> str:
    column = quoted(name)
    if kind != "VARCHAR":
        return column
    return f"case when {column}[1] in ({FORMULA_STARTS}) then '''' || {column} else {column} end as {column}"
