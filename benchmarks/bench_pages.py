"""Pages as Zendesk and HubSpot send them, packed with gzip before anyone asks: what `make bench` serves to every subject.

Records are those of the simulated company, in the sandbox's own words, repeated under new ids until there are enough.
"""

import gzip
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import cycle, islice
from typing import Any

import msgspec

from learning_warehouse.sandbox.hubspot import TOKEN, HubSpot
from learning_warehouse.sandbox.records.zendesk import ZendeskRecords
from learning_warehouse.sandbox.web import Call
from learning_warehouse.sandbox.world import World
from learning_warehouse.simulation.ledger import Ledger
from learning_warehouse.sources import find

NOW = datetime(2026, 12, 1, 1, tzinfo=UTC)
PACKED_LEVEL = 6
FIRST_TICKET, FIRST_CONTACT = 1_000_001, 10_000_000_001
TICKET_PAGE, CONTACT_PAGE = 1000, 200


@dataclass(frozen=True, slots=True)
class Pages:
    """All pages of one list. `last_ids` are the ids of each page's last record; sizes are bytes of all records together."""

    packed: list[bytes]
    last_ids: list[int]
    records: int
    plain_bytes: int
    packed_bytes: int


def ticket_pages(records: int, company: Ledger) -> Pages:
    """Zendesk's ticket export with metric sets, 1,000 records a page."""
    known = ZendeskRecords(company, NOW)
    rendered = [known.render_ticket(row, "https://halden.zendesk.com", with_metric_set=True) for row in known.tickets]

    def body(part: list[dict[str, Any]], number: int, is_last: bool) -> dict[str, Any]:
        return {
            "tickets": part,
            "after_cursor": None if is_last else str(number + 1),
            "after_url": None,
            "end_of_stream": is_last,
        }

    numbered = _numbered(rendered, FIRST_TICKET, lambda record, number: record | {"id": number})
    return _pages(list(islice(numbered, records)), TICKET_PAGE, body)


def contact_pages(records: int, company: Ledger) -> Pages:
    """HubSpot contacts with the properties that our stream asks for, 200 a page; a page serves a search and a list alike."""
    rendered = _listed_contacts(company)
    left = records

    def renumbered(record: dict[str, Any], number: int) -> dict[str, Any]:
        own = {"hs_object_id": str(number), "email": f"{number}.{record['properties']['email']}"}
        return record | {"id": str(number), "properties": record["properties"] | own}

    def body(part: list[dict[str, Any]], number: int, is_last: bool) -> dict[str, Any]:
        nonlocal left
        total, left = left, left - len(part)
        paging = {} if is_last else {"paging": {"next": {"after": part[-1]["id"], "link": ""}}}
        return {"total": total, "results": part, **paging}

    return _pages(list(islice(_numbered(rendered, FIRST_CONTACT, renumbered), records)), CONTACT_PAGE, body)


def _listed_contacts(company: Ledger) -> list[dict[str, Any]]:
    """All living contacts of the simulated company as the sandbox lists them."""
    face = HubSpot(World(company, NOW), 0)
    columns = [column.json_path.partition("properties.")[2] for column in find("hubspot.contacts").columns]
    asked, after, found = ",".join(filter(None, columns)), "0", list[dict[str, Any]]()
    while after:
        query, headers = f"limit=100&after={after}&properties={asked}", {"authorization": f"Bearer {TOKEN}"}
        call = Call("hubspot", "GET", "api.hubapi.com", "/crm/v3/objects/contacts", query, headers, b"", "http://api.hubapi.com")
        page = msgspec.json.decode(face.answer(call).body)
        found += page["results"]
        after = page.get("paging", {}).get("next", {}).get("after")
    return found


def _numbered(
    rendered: list[dict[str, Any]], first: int, change: Callable[[dict[str, Any], int], dict[str, Any]]
) -> Iterator[dict[str, Any]]:
    return (change(record, number) for number, record in enumerate(cycle(rendered), start=first))


def _pages(records: list[dict[str, Any]], size: int, body: Callable[[list[dict[str, Any]], int, bool], dict[str, Any]]) -> Pages:
    packed, last_ids, plain = [], [], 0
    for number, start in enumerate(range(0, len(records), size)):
        part = records[start : start + size]
        text = msgspec.json.encode(body(part, number, start + size >= len(records)))
        plain += len(text)
        packed.append(gzip.compress(text, PACKED_LEVEL, mtime=0))
        last_ids.append(int(part[-1]["id"]))
    return Pages(packed, last_ids, len(records), plain, sum(map(len, packed)))
