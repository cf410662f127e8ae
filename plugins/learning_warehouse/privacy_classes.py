"""Which columns stand for a person, by name; and whether every column of a warehouse file is classified and rightly placed.

`dbt_project/privacy.yml` lists every name once. A table with a personal column holds rows about persons: it is never in
the schema `marts`, which is what readers and exports get.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from learning_warehouse.errors import ConfigurationError
from learning_warehouse.registry import project

CLASSES = ("none", "personal", "special")
SCHEMAS = ("staging", "intermediate", "core", "restricted", "studies", "marts")
Columns = Mapping[tuple[str, str], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Placement:
    """What is wrong: names in no list, and personal or special columns that readers could open. Counts are of columns."""

    columns: int
    personal: int
    unclassified: tuple[str, ...]
    misplaced: tuple[str, ...]


def classes(path: Path | None = None) -> dict[str, str]:
    """Column name -> class. Raises ConfigurationError when a name is listed twice."""
    lists = yaml.safe_load((path or project() / "privacy.yml").read_text(encoding="utf-8"))
    found: dict[str, str] = {}
    for word in CLASSES:
        for name in lists.get(word) or []:
            if name in found:
                raise ConfigurationError(f"privacy.yml: {name} is {found[name]} and {word}", what_to_do="leave one of them")
            found[name] = word
    return found


def columns_of(warehouse: Path) -> dict[tuple[str, str], tuple[str, ...]]:
    """(schema, table) -> its columns, of every schema that dbt builds."""
    import duckdb

    sql = (
        "select schema_name, table_name, list(column_name order by column_index) from duckdb_columns() "
        "where not internal and list_contains(?, schema_name) group by all order by all"
    )
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        return {(schema, table): tuple(names) for schema, table, names in connection.execute(sql, [list(SCHEMAS)]).fetchall()}


def placement(tables: Columns, known: Mapping[str, str]) -> Placement:
    """Judge the tables of one warehouse file."""
    every = [(schema, table, name) for (schema, table), names in tables.items() for name in names]
    return Placement(
        columns=len(every),
        personal=sum(known.get(name) == "personal" for *_, name in every),
        unclassified=tuple(sorted({f"{table}.{name}" for _, table, name in every if name not in known})),
        misplaced=tuple(
            f"{schema}.{table}.{name}" for schema, table, name in every if schema == "marts" and known.get(name) in CLASSES[1:]
        ),
    )
