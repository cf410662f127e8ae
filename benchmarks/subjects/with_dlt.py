"""dlt: its declarative REST source into a DuckDB file.

Run: python with_dlt.py URL zendesk|hubspot FOLDER default|tuned. `tuned` writes Parquet, merges on the id and keeps nested values
as JSON instead of making child tables of them.
"""

import os
import sys
from pathlib import Path

from lists import LISTS
from measured import measured, tell


def main(url: str, system: str, folder: str, manner: str) -> None:
    """Run one pipeline and count the rows of its table."""
    os.environ |= {"RUNTIME__DLTHUB_TELEMETRY": "false", "DLT_DATA_DIR": folder, "RUNTIME__LOG_LEVEL": "ERROR"}
    import dlt
    import duckdb
    from dlt.sources.helpers.rest_client.paginators import JSONResponseCursorPaginator
    from dlt.sources.rest_api import rest_api_source

    asked, database = LISTS[system], Path(folder) / "loaded.duckdb"
    with measured() as told:
        source = rest_api_source(
            {
                "client": {"base_url": url},
                "resources": [
                    {
                        "name": asked.name,
                        "primary_key": "id",
                        "write_disposition": "merge" if manner == "tuned" else "append",
                        "endpoint": {
                            "path": asked.path,
                            "params": asked.params,
                            "data_selector": asked.collection,
                            "paginator": JSONResponseCursorPaginator(".".join(asked.cursor_path), asked.cursor_param),
                        },
                    }
                ],
            }
        )
        if manner == "tuned":
            source.max_table_nesting = 0
        pipeline = dlt.pipeline("bench", pipelines_dir=folder, destination=dlt.destinations.duckdb(str(database)))
        pipeline.run(source, loader_file_format="parquet" if manner == "tuned" else None)
        pipeline.deactivate()
    with duckdb.connect(str(database), read_only=True) as connection:
        found = connection.execute(f"select count(*) from {pipeline.dataset_name}.{asked.name}").fetchall()
    tell(told, records=found[0][0])


if __name__ == "__main__":
    main(*sys.argv[1:5])
