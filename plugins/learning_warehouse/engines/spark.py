"""Spark: a standalone cluster of our own, for the length of one build.

Admitted Parquet is read in place, as external tables. dbt runs from the environment .venv-engines and speaks to the thrift
server; tables are Parquet in the warehouse folder, which DuckDB reads for the copy. Statements of our own go through dbt
too (`run-operation`), so that this environment needs no client of Hive.
"""

import json
from collections.abc import Mapping, Sequence
from glob import glob
from pathlib import Path

import duckdb

from learning_warehouse.engines.base import BUILT_SCHEMAS, EngineProcess, RawTable
from learning_warehouse.engines.spark_cluster import SparkCluster, environment_folder, spark_home
from learning_warehouse.errors import StopEverything
from learning_warehouse.warehouse.duckdb import literal, quoted

TO_SPARK = {
    "VARCHAR": "string",
    "JSON": "string",
    "BIGINT": "bigint",
    "INTEGER": "int",
    "DOUBLE": "double",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIMESTAMP": "timestamp_ntz",
}


class Spark:
    """The engine `spark`; see base.Engine for what each call promises."""

    name = "spark"

    def __init__(self) -> None:
        self.environment: Mapping[str, str] = {}
        self.dbt_command: Sequence[str] = ()
        self._cluster = SparkCluster()
        self._loaded: set[RawTable] = set()

    def start(self) -> None:
        self.dbt_command = [str(environment_folder() / "bin" / "dbt")]
        self._cluster.start()
        self.environment = {"LW_ENGINE_HOST": "127.0.0.1", "LW_ENGINE_PORT": str(self._cluster.port)}

    def stop(self) -> None:
        self._cluster.stop()

    def version(self) -> str:
        home = spark_home(environment_folder())
        jar = next(iter(home.glob("jars/spark-core_*.jar"))) if home else None
        return f"Spark {jar.stem.rpartition('-')[2]}" if jar else "Spark"

    def processes(self) -> list[EngineProcess]:
        return self._cluster.processes()

    def empty(self) -> None:
        """A cluster of our own starts empty."""

    def load(self, tables: Sequence[RawTable]) -> None:
        schemas = dict.fromkeys(table.schema for table in tables)
        statements = [f"create schema if not exists {schema}" for schema in schemas]
        with duckdb.connect() as reader:
            statements += [_external_table(reader, table) for table in tables if table not in self._loaded]
        statements += [f"refresh table {table.schema}.{table.name}" for table in tables if table in self._loaded]
        self._loaded.update(tables)
        self._run(statements)

    def mirror(self, file: Path) -> None:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.unlink(missing_ok=True)
        with duckdb.connect(str(file)) as writer:
            for schema in BUILT_SCHEMAS:
                for table in sorted(self._cluster.warehouse.glob(f"{schema}.db/*")):
                    writer.execute(f"create schema if not exists {quoted(schema)}")
                    files = literal(str(table / "*.parquet"))
                    writer.execute(f"create table {quoted(schema)}.{quoted(table.name)} as from read_parquet({files})")

    def _run(self, statements: Sequence[str]) -> None:
        """Run statements through dbt's own connection."""
        from learning_warehouse import transform

        transform.run_statements(self, json.dumps({"statements": list(statements)}))


def _external_table(reader: duckdb.DuckDBPyConnection, table: RawTable) -> str:
    """The statement that makes one external table; its columns are told, or Spark would read every file to infer them."""
    described = reader.execute(f"describe select * from {table.location}").fetchall()
    unknown = [f"{row[0]} {row[1]}" for row in described if row[1] not in TO_SPARK]
    if unknown:
        raise StopEverything(f"{table.schema}.{table.name} has a type that Spark is not given: {', '.join(unknown)}")
    columns = ", ".join(f"`{row[0]}` {TO_SPARK[row[1]]}" for row in described)
    folders = table.files.removesuffix("/*.parquet")
    found = glob(folders)
    place = (found[0] if len(found) == 1 else folders).replace("'", "\\'")
    return (
        f"create table {table.schema}.{table.name} ({columns}) using parquet options (path '{place}', recursiveFileLookup 'true')"
    )
