"""What the parsed dbt project says that engines need: raw tables with the Parquet behind them, and the keys of tables."""

import re
from typing import Any

from learning_warehouse.engines.base import RawTable
from learning_warehouse.errors import StopEverything

FILES = re.compile(r"read_parquet\('([^']+)'")


def raw_tables(manifest: Any) -> list[RawTable]:
    """Every source of dbt's manifest object, sorted. Raises StopEverything for a source without Parquet."""
    tables = []
    for source in manifest.sources.values():
        meta = {**source.source_meta, **source.meta, **source.config.meta}
        location = str(meta.get("external_location", "")).format(
            schema=source.schema, name=source.name, identifier=source.identifier
        )
        found = FILES.search(location)
        if not found:
            raise StopEverything(f"The source {source.source_name}.{source.name} names no Parquet in meta.external_location.")
        tables.append(RawTable(source.schema, source.identifier, location, found.group(1)))
    return sorted(tables, key=lambda table: (table.schema, table.name))


def unique_keys(manifest: Any) -> dict[str, list[str]]:
    """table -> the columns of its unique_grain test, which no two rows share."""
    return {
        manifest.nodes[node.attached_node].name: list(node.test_metadata.kwargs["columns"])
        for node in manifest.nodes.values()
        if node.resource_type == "test"
        and node.attached_node
        and node.test_metadata
        and node.test_metadata.name == "unique_grain"
    }
