"""The server of `make bench`: pre-packed pages from a process of its own, so that it is never what a subject waits for.

Run: python benchmarks/bench_server.py --tickets 50000 --contacts 100000 [--latency-ms 100]; prints one line of JSON with its
port and the sizes of its pages, and ends with its standard input. Plain HTTP/1.1 on 127.0.0.1, connections kept open.
"""

import argparse
import asyncio
import json
import re
import sys
from bisect import bisect_right
from typing import cast

from bench_pages import Pages, contact_pages, ticket_pages

from learning_warehouse.simulation.company import simulate

TICKETS, CONTACTS = b"/api/v2/incremental/tickets/cursor.json", b"/crm/v3/objects/contacts"
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
CURSOR, AFTER = re.compile(rb"[?&]cursor=(\d+)"), re.compile(rb"[?&]after=(\d+)")
ABOVE = re.compile(rb'"hs_object_id","operator":"GT","value":"(\d+)"')
COUNT, NO_FILTERS = b"/api/v2/tickets/count.json", b'"filterGroups":[]'
EMPTY = b'{"results":[]}'


def _answer(body: bytes, packed: bool = True, status: bytes = b"200 OK") -> bytes:
    head = [b"HTTP/1.1 " + status, b"Content-Type: application/json; charset=utf-8", b"Content-Length: %d" % len(body)]
    return b"\r\n".join([*head, *([b"Content-Encoding: gzip"] if packed else []), b"", body])


class Served:
    """The ready answers by request."""

    def __init__(self, tickets: Pages, contacts: Pages) -> None:
        self._contact_ids = contacts.last_ids
        self._ticket_count = _answer(b'{"count":{"value":%d,"refreshed_at":null}}' % tickets.records, packed=False)
        self._contact_count = _answer(b'{"total":%d,"results":[]}' % contacts.records, packed=False)
        self._tickets = [_answer(body) for body in tickets.packed]
        self._contacts = [_answer(body) for body in contacts.packed]

    def answer(self, target: bytes, body: bytes) -> bytes:
        """The whole answer to one request."""
        if target.startswith(TICKETS):
            cursor = CURSOR.search(target)
            return self._tickets[int(cursor[1]) if cursor else 0]
        if target.startswith(COUNT):
            return self._ticket_count
        if target.startswith(CONTACTS) and NO_FILTERS in body:
            return self._contact_count
        if target.startswith(CONTACTS):
            if b"archived=true" in target:
                return _answer(EMPTY, packed=False)
            after = ABOVE.search(body) or AFTER.search(target)
            return self._contacts[bisect_right(self._contact_ids, int(after[1])) if after else 0]
        return _answer(b"{}", packed=False, status=b"404 Not Found")


class Connection(asyncio.Protocol):
    """One connection: requests one after another, each answered after the latency."""

    def __init__(self, served: Served, latency: float) -> None:
        self._served, self._latency, self._waiting = served, latency, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._waiting += data
        while b"\r\n\r\n" in self._waiting:
            head, _, rest = self._waiting.partition(b"\r\n\r\n")
            length = LENGTH.search(head)
            size = int(length[1]) if length else 0
            if len(rest) < size:
                return
            self._waiting = rest[size:]
            answer = self._served.answer(head.split(b" ", 2)[1], rest[:size])
            asyncio.get_running_loop().call_later(self._latency, self._write, answer)

    def _write(self, answer: bytes) -> None:
        if not self._transport.is_closing():
            self._transport.write(answer)


async def _serve(served: Served, latency: float, sizes: dict[str, object]) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(served, latency), "127.0.0.1", 0)
    print(json.dumps({"port": server.sockets[0].getsockname()[1], **sizes}), flush=True)  # noqa: T201
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


def main() -> None:
    """Make the pages, tell the port, serve until standard input ends."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=50_000)
    parser.add_argument("--contacts", type=int, default=100_000)
    parser.add_argument("--latency-ms", type=float, default=0)
    parser.add_argument("--employees", type=int, default=1500)
    parser.add_argument("--accounts", type=int, default=2000)
    asked = parser.parse_args()
    company = simulate(1, asked.employees, asked.accounts)
    pages = {"zendesk": ticket_pages(asked.tickets, company), "hubspot": contact_pages(asked.contacts, company)}
    sizes = {
        name: {"records": one.records, "pages": len(one.packed), "plain": one.plain_bytes, "packed": one.packed_bytes}
        for name, one in pages.items()
    }
    asyncio.run(_serve(Served(pages["zendesk"], pages["hubspot"]), asked.latency_ms / 1000, {"sizes": sizes}))


if __name__ == "__main__":
    main()
