"""What a build asks of an engine, and the two small records that builds and comparisons hand around."""

import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from learning_warehouse.errors import LearningWarehouseError

BUILT_SCHEMAS = ("staging", "intermediate", "core", "studies", "marts", "restricted")


@dataclass(frozen=True)
class RawTable:
    """One source table of dbt: its schema and name, and the Parquet behind it as a DuckDB from clause and as a path or glob."""

    schema: str
    name: str
    location: str
    files: str


@dataclass(frozen=True)
class EngineProcess:
    """One process of an engine as `ps` shows it: id, what it is for, the name of its program, memory in MiB."""

    pid: int
    role: str
    program: str
    memory_mib: int


class Engine(Protocol):
    """One engine for the length of one build."""

    name: str
    environment: Mapping[str, str]
    """What dbt's profile reads from the environment: host, port, user, database. Nothing secret, as dbt keeps it in files."""
    dbt_command: Sequence[str]
    """The dbt of another environment, as the start of a command line; empty when dbt runs in this process."""

    def start(self) -> None:
        """Start the server, or reach the existing one. Raises ConfigurationError saying what to install or to set."""
        ...

    def stop(self) -> None:
        """End what `start` started, by process id; harmless when nothing runs."""
        ...

    def version(self) -> str:
        """Name and version of the server."""
        ...

    def processes(self) -> list[EngineProcess]:
        """The processes started for this engine that live now; empty for an existing server."""
        ...

    def empty(self) -> None:
        """Drop what an earlier build made; its schemas stand afterwards, without tables."""
        ...

    def load(self, tables: Sequence[RawTable]) -> None:
        """Make these raw tables from their Parquet as it stands now, in place of earlier ones of the same name."""
        ...

    def mirror(self, file: Path) -> None:
        """Copy every table of the schemas dbt built into a fresh DuckDB file, same schema and name, values untouched."""
        ...


def run_dbt(engine: Engine, arguments: Sequence[str]) -> None:
    """Call the dbt of another environment. A failed model or test of a build is left to run_results.json; else it is raised."""
    done = subprocess.run([*engine.dbt_command, *arguments], capture_output=True, text=True, check=False)
    if done.returncode > (1 if arguments[0] == "build" else 0):
        said = " ".join((done.stdout + done.stderr).split())[-400:]
        raise LearningWarehouseError(f"dbt {arguments[0]} could not run on {engine.name}: {said}", what_to_do="read logs/dbt.log")
