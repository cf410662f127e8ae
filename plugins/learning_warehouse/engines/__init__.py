"""The same dbt project on other engines: PostgreSQL and Spark, built whole from the admitted loads and compared with DuckDB.

DuckDB is the default and needs nothing from here. An engine is opened for the length of one build: its server is started
(or an existing one is used), the admitted Parquet becomes its raw tables, dbt builds layer by layer, and everything it
built is copied into one DuckDB file, working/engines/<engine>.duckdb, which `lw compare` reads.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from learning_warehouse.engines.base import Engine
from learning_warehouse.errors import ConfigurationError

ENGINES = ("duckdb", "postgres", "spark")


def check_name(name: str) -> str:
    """`name` when it is an engine. Raises ConfigurationError otherwise."""
    if name not in ENGINES:
        raise ConfigurationError(f"There is no engine {name!r}; engines are {', '.join(ENGINES)}.")
    return name


@contextmanager
def open_engine(name: str) -> Iterator[Engine]:
    """A running engine other than DuckDB; everything that was started for it has ended when the block is left."""
    from learning_warehouse.engines.postgres import Postgres
    from learning_warehouse.engines.spark import Spark

    engine: Engine = Postgres() if check_name(name) == "postgres" else Spark()
    try:
        engine.start()
        yield engine
    finally:
        engine.stop()
