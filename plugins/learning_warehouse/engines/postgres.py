"""PostgreSQL: our own server for one build, or an existing database named by LW_POSTGRES_HOST and its companions.

Admitted Parquet reaches it by COPY: DuckDB writes CSV into a pipe that psycopg2 reads. A password never passes through us:
libpq takes it from the file of PGPASSFILE or ~/.pgpass. An existing database must sort text as bytes (LC_COLLATE C), or
ties would be broken in another order than on the other engines; all its schemas that dbt builds are dropped first.
"""

import os
import tempfile
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from learning_warehouse.engines.base import BUILT_SCHEMAS, EngineProcess, RawTable
from learning_warehouse.engines.postgres_server import DATABASE, USER, PostgresServer
from learning_warehouse.errors import ConfigurationError, StopEverything
from learning_warehouse.settings import settings
from learning_warehouse.warehouse.duckdb import literal, quoted

TO_POSTGRES = {
    "VARCHAR": "text",
    "JSON": "text",
    "BIGINT": "bigint",
    "INTEGER": "integer",
    "DOUBLE": "double precision",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIMESTAMP": "timestamp",
}
TO_DUCKDB = {
    "text": "varchar",
    "character varying": "varchar",
    "bigint": "bigint",
    "integer": "integer",
    "smallint": "integer",
    "double precision": "double",
    "real": "double",
    "numeric": "double",
    "boolean": "boolean",
    "date": "date",
    "timestamp without time zone": "timestamp",
}


class Postgres:
    """The engine `postgres`; see base.Engine for what each call promises."""

    name = "postgres"
    dbt_command: Sequence[str] = ()

    def __init__(self) -> None:
        self.environment: Mapping[str, str] = {}
        self._server: PostgresServer | None = None

    def start(self) -> None:
        words = settings()
        if words.postgres_host is None:
            self._server = PostgresServer()
            self._server.start()
            self._connect_to(self._server.host, 5432, USER, "postgres")
            with self.connect(autocommit=True) as connection:
                connection.cursor().execute(f"create database {DATABASE}")
            self._connect_to(self._server.host, 5432, USER, DATABASE)
        else:
            self._connect_to(words.postgres_host, words.postgres_port, words.postgres_user, words.postgres_database)
        self._check_collation()

    def stop(self) -> None:
        if self._server is not None:
            self._server.stop()

    def version(self) -> str:
        with self.connect() as connection:
            return f"PostgreSQL {_rows(connection, 'show server_version')[0][0].split()[0]}"

    def processes(self) -> list[EngineProcess]:
        return self._server.processes() if self._server else []

    def empty(self) -> None:
        with self.connect(autocommit=True) as connection:
            for schema in BUILT_SCHEMAS:
                connection.cursor().execute(f"drop schema if exists {quoted(schema)} cascade; create schema {quoted(schema)}")

    def load(self, tables: Sequence[RawTable]) -> None:
        with duckdb.connect() as reader, self.connect() as connection:
            for table in tables:
                connection.cursor().execute(f"create schema if not exists {quoted(table.schema)}")
                _copy_in(reader, connection, table)
            connection.commit()

    def mirror(self, file: Path) -> None:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.unlink(missing_ok=True)
        query = "select table_schema, table_name from information_schema.tables where table_schema in %s order by 1, 2"
        with duckdb.connect(str(file)) as writer, self.connect() as connection:
            for schema, name in _rows(connection, query, (BUILT_SCHEMAS,)):
                writer.execute(f"create schema if not exists {quoted(schema)}")
                _copy_out(connection, writer, schema, name)

    def _connect_to(self, host: str, port: int, user: str, database: str) -> None:
        self.environment = {
            "LW_ENGINE_HOST": host,
            "LW_ENGINE_PORT": str(port),
            "LW_ENGINE_USER": user,
            "LW_ENGINE_DATABASE": database,
        }

    def connect(self, autocommit: bool = False) -> Any:
        """A context manager that gives a psycopg2 connection and closes it; nothing is committed unless the caller does."""
        from contextlib import closing

        import psycopg2

        told = self.environment
        try:
            connection = psycopg2.connect(
                host=told["LW_ENGINE_HOST"],
                port=int(told["LW_ENGINE_PORT"]),
                user=told["LW_ENGINE_USER"],
                dbname=told["LW_ENGINE_DATABASE"],
            )
        except psycopg2.OperationalError as error:
            what_to_do = "check LW_POSTGRES_HOST, _PORT, _USER, _DATABASE and the password in ~/.pgpass or PGPASSFILE"
            raise ConfigurationError(
                f"PostgreSQL does not let us in: {' '.join(str(error).split())}", what_to_do=what_to_do
            ) from None
        connection.autocommit = autocommit
        return closing(connection)

    def _check_collation(self) -> None:
        with self.connect() as connection:
            told = _rows(connection, "select datcollate from pg_database where datname = current_database()")[0][0]
        if told not in ("C", "POSIX", "C.UTF-8", "C.utf8"):
            raise ConfigurationError(
                f"The database sorts text by {told}, the other engines by bytes.",
                what_to_do="make a new one: create database NAME template template0 lc_collate 'C' lc_ctype 'C.UTF-8'",
            )


def _rows(connection: Any, query: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return list(cursor.fetchall())


def _copy_in(reader: duckdb.DuckDBPyConnection, connection: Any, table: RawTable) -> None:
    """One raw table: created with the types DuckDB reads, filled through a pipe."""
    columns = [(row[0], row[1]) for row in reader.execute(f"describe select * from {table.location}").fetchall()]
    unknown = [f"{name} {kind}" for name, kind in columns if kind not in TO_POSTGRES]
    if unknown:
        raise StopEverything(f"{table.schema}.{table.name} has a type that PostgreSQL is not given: {', '.join(unknown)}")
    name = f"{quoted(table.schema)}.{quoted(table.name)}"
    definition = ", ".join(f"{quoted(column)} {TO_POSTGRES[kind]}" for column, kind in columns)
    failed: list[Exception] = []
    read_end, write_end = os.pipe()

    def write() -> None:
        try:
            reader.execute(f"copy (select * from {table.location}) to '/dev/fd/{write_end}' (format csv, header false)")
        except duckdb.Error as error:
            failed.append(error)
        finally:
            os.close(write_end)

    with connection.cursor() as cursor, os.fdopen(read_end, "rb") as pipe:
        cursor.execute(f"drop table if exists {name} cascade; create table {name} ({definition})")
        writer = threading.Thread(target=write)
        writer.start()
        cursor.copy_expert(f"copy {name} from stdin (format csv)", pipe)
        writer.join()
        cursor.execute(f"analyze {name}")
    if failed:
        raise StopEverything(f"{table.schema}.{table.name} cannot be read: {failed[0]}")


def _copy_out(connection: Any, writer: duckdb.DuckDBPyConnection, schema: str, name: str) -> None:
    """One table of PostgreSQL into the DuckDB file, through a CSV file that is removed at once."""
    query = (
        "select column_name, data_type from information_schema.columns"
        " where table_schema = %s and table_name = %s order by ordinal_position"
    )
    columns = {column: TO_DUCKDB.get(kind, "varchar") for column, kind in _rows(connection, query, (schema, name))}
    table = f"{quoted(schema)}.{quoted(name)}"
    with tempfile.NamedTemporaryFile(suffix=".csv") as file, connection.cursor() as cursor:
        cursor.copy_expert(f"copy (select * from {table}) to stdout (format csv)", file)
        file.flush()
        kinds = ", ".join(f"{literal(column)}: {literal(kind)}" for column, kind in columns.items())
        writer.execute(
            f"create table {table} as select * from read_csv({literal(file.name)}, header = false, auto_detect = false,"
            f" delim = ',', quote = '\"', escape = '\"', nullstr = '', allow_quoted_nulls = false,"
            f" max_line_size = 20000000, columns = {{{kinds}}})"
        )
