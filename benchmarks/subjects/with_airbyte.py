"""airbyte-cdk: a declarative manifest run by its own `source-declarative-manifest`, whose messages go to standard output.

Run: python with_airbyte.py URL zendesk|hubspot FOLDER manifest. No destination is run.
"""

import json
import sys
from pathlib import Path
from typing import Any

from airbyte_cdk.cli.source_declarative_manifest._run import handle_command
from lists import LISTS, List
from measured import measured, messages, tell


def manifest(url: str, asked: List) -> dict[str, Any]:
    """One stream with a cursor in the answer."""
    cursor = "".join(f"['{step}']" for step in asked.cursor_path)
    strategy = {
        "type": "CursorPagination",
        "cursor_value": f"{{{{ response{cursor} }}}}",
        "stop_condition": f"{{{{ not response.get('{asked.cursor_path[0]}') }}}}",
    }
    stream = {
        "type": "DeclarativeStream",
        "name": asked.name,
        "primary_key": ["id"],
        "schema_loader": {"type": "InlineSchemaLoader", "schema": asked.schema},
        "retriever": {
            "type": "SimpleRetriever",
            "requester": {
                "type": "HttpRequester",
                "url_base": url,
                "path": asked.path,
                "http_method": "GET",
                "request_parameters": asked.params,
            },
            "record_selector": {
                "type": "RecordSelector",
                "extractor": {"type": "DpathExtractor", "field_path": [asked.collection]},
            },
            "paginator": {
                "type": "DefaultPaginator",
                "page_token_option": {
                    "type": "RequestOption",
                    "inject_into": "request_parameter",
                    "field_name": asked.cursor_param,
                },
                "pagination_strategy": strategy,
            },
        },
    }
    check = {"type": "CheckStream", "stream_names": [asked.name]}
    specification = {"type": "Spec", "connection_specification": {"type": "object", "properties": {}}}
    return {"version": "6.0.0", "type": "DeclarativeSource", "check": check, "streams": [stream], "spec": specification}


def main(url: str, system: str, folder: str) -> None:
    """Read one stream and count the RECORD messages."""
    asked, place = LISTS[system], Path(folder)
    configured = {
        "stream": {"name": asked.name, "json_schema": asked.schema, "supported_sync_modes": ["full_refresh"]},
        "sync_mode": "full_refresh",
        "destination_sync_mode": "append",
    }
    (place / "config.json").write_text(json.dumps({"__injected_declarative_manifest": manifest(url, asked)}))
    (place / "catalog.json").write_text(json.dumps({"streams": [configured]}))
    arguments = ["read", "--config", str(place / "config.json"), "--catalog", str(place / "catalog.json")]
    with measured() as told:
        handle_command(arguments)
        sys.stdout.flush()
    tell(told, records=messages(place))


if __name__ == "__main__":
    main(*sys.argv[1:4])
