"""The questions that publishing, pages and tests ask of any engine."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

MART_PREFIXES = ("activity_", "application_", "impact_", "governance_")
STAMP_COLUMNS = ("as_of_at", "run_id", "seq", "records_served", "last_failed_at", "set_aside_share", "drift_share")
STAMP_PREFIXES = ("_", "last_load_", "served_", "loads_")


@dataclass(frozen=True)
class Relation:
    """One table of a schema, with how many rows it holds."""

    schema: str
    name: str
    rows: int

    @property
    def is_mart(self) -> bool:
        """Marts are named `<layer>_<subject>`; everything else in `restricted` is a core table and stays unpublished."""
        return self.name.startswith(MART_PREFIXES)


def is_business_column(name: str) -> bool:
    """False for load and build stamps, which differ between two builds of the same data."""
    return not (name.startswith(STAMP_PREFIXES) or name.endswith("_loaded_at") or name in STAMP_COLUMNS)


class Warehouse(Protocol):
    """One engine. Files are local paths; every call opens and closes what it needs, so nothing stays locked."""

    def relations(self, file: Path) -> list[Relation]:
        """All tables with their row counts, sorted by schema and name; an absent file gives an empty list."""
        ...

    def copy(
        self,
        source: Path,
        target: Path,
        relations: Sequence[Relation],
        stamp: Mapping[str, str],
        comments: Mapping[str, Mapping[str, str]] | None = None,
        into: str | None = None,
    ) -> None:
        """Write a fresh file holding exactly these relations and a one-row table `main._generation` made of `stamp`.

        `into` is the schema they get (their own by default); each is also found without naming the schema.
        """
        ...

    def row_hashes(self, file: Path) -> dict[str, str]:
        """`schema.table` -> hash over business columns, independent of row order and of column order."""
        ...

    def export_csv(self, file: Path, folder: Path) -> list[Path]:
        """One CSV per mart; text that a spreadsheet would run as a formula is led by an apostrophe."""
        ...

    def export_parquet(self, file: Path, folder: Path) -> list[Path]:
        """One Parquet file per mart, values untouched."""
        ...

    def rows(self, file: Path, query: str, parameters: Sequence[Any] = ()) -> list[dict[str, Any]]:
        """Run one query read-only, with no way to reach other files, and return rows as dicts."""
        ...
