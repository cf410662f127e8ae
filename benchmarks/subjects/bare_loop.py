"""The least that anyone must do: ask for every page with requests, gunzip it, parse it. Nothing is kept.

Run: python bare_loop.py URL zendesk|hubspot FOLDER json|msgspec (with `json` the page is parsed by `response.json()`).
"""

import sys

import msgspec
import requests  # noqa: TID251  the client that everybody has, not ours
from measured import measured, tell

COLLECTIONS = {"zendesk": "tickets", "hubspot": "results"}
PATHS = {"zendesk": "/api/v2/incremental/tickets/cursor.json", "hubspot": "/crm/v3/objects/contacts"}


def following(system: str, page: dict) -> dict | None:
    """The parameters of the page after this one."""
    if system == "zendesk":
        return None if page["end_of_stream"] else {"cursor": page["after_cursor"]}
    return {"after": page["paging"]["next"]["after"]} if "paging" in page else None


def main(url: str, system: str, parser: str) -> None:
    """Read one list to its end."""
    with measured() as told, requests.Session() as session:
        records, params = 0, {"limit": "200"} if system == "hubspot" else {"start_time": "0"}
        while params:
            response = session.get(url + PATHS[system], params=params, timeout=30)
            page = response.json() if parser == "json" else msgspec.json.decode(response.content)
            records += len(page[COLLECTIONS[system]])
            params = following(system, page)
    tell(told, records=records)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[4])
