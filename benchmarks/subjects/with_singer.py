"""singer-sdk: a tap with its RESTStream and JSONPath paginator, whose messages go to standard output; no target is run.

Run: python with_singer.py URL zendesk|hubspot FOLDER tap
"""

import sys
from pathlib import Path
from typing import Any

from lists import LISTS
from measured import measured, messages, tell
from singer_sdk import RESTStream, Tap
from singer_sdk.pagination import JSONPathPaginator


def main(url: str, system: str, folder: str) -> None:
    """Run one full sync and count the RECORD messages."""
    asked = LISTS[system]

    class Listed(RESTStream):
        name, path, primary_keys, schema = asked.name, asked.path, ("id",), asked.schema
        records_jsonpath, url_base = f"$.{asked.collection}[*]", url

        def get_new_paginator(self) -> JSONPathPaginator:
            return JSONPathPaginator("$." + ".".join(asked.cursor_path))

        def get_url_params(self, context: Any, next_page_token: Any) -> dict[str, str]:
            return {**asked.params, asked.cursor_param: next_page_token} if next_page_token else asked.params

    class Bench(Tap):
        name, config_jsonschema = "tap-bench", {"properties": {}}

        def discover_streams(self) -> list[RESTStream]:
            return [Listed(self)]

    with measured() as told:
        Bench(config={}).sync_all()
        sys.stdout.flush()
    tell(told, records=messages(Path(folder)))


if __name__ == "__main__":
    main(*sys.argv[1:4])
