"""Lists that are bare JSON arrays with the next page in the Link header, and Freshdesk's tickets, which go on by time.

A page number is no safe place in a list that changes while it is read: a ticket touched meanwhile moves to the end and
pulls another one over the page boundary. So each page of tickets is asked for from the last `updated_at` seen on.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

import msgspec

from learning_warehouse.errors import BadAnswer
from learning_warehouse.paging import ContractBroken, Request, parse_page, walk
from learning_warehouse.streams import Answer, Page, Reading

_NEXT = re.compile(r'<([^<>]+)>\s*;[^,<]*\brel="?next"?', re.IGNORECASE)
_NAMES_NEXT = re.compile(r"\brel\s*=\s*['\"]?next", re.IGNORECASE)


class _Records(msgspec.Struct):
    records: list[msgspec.Raw]


class _Updated(msgspec.Struct):
    updated_at: str


def next_link(answer: Answer) -> str | None:
    """The address behind rel="next" of the Link header; None when the header names no next page.

    Raises ContractBroken when a header names a next page, or names nothing, in a form we do not know.
    """
    link = answer.headers.get("link", "").strip()
    found = _NEXT.search(link)
    if found is None and link and (_NAMES_NEXT.search(link) or "rel=" not in link):
        raise ContractBroken("the Link header is not what is documented")
    return found[1] if found else None


def parse_array(body: bytes) -> list[bytes]:
    """The bytes of each record of a bare array. Raises ContractBroken when the body is anything else."""
    return parse_page(b'{"records":%s}' % body, "records", _Records)[1]


def marked(record: bytes, key: str, value: str) -> bytes:
    """The record's own bytes with one more key in front; what is no object stays as it is."""
    if not record.lstrip().startswith(b"{"):
        return record
    inside = record.lstrip()[1:].lstrip()
    comma = b"" if inside.startswith(b"}") else b","
    return b'{"%s":%s%s%s' % (key.encode(), msgspec.json.encode(value), comma, inside)


def zulu(moment: datetime) -> str:
    """A moment as whole UTC seconds, never later than it was: 2026-01-02T03:04:05Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(frozen=True, slots=True)
class LinkPages:
    """One list whose Link header names the next page; a page without rel="next" is the last one."""

    path: str
    params: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, reading: Reading) -> Iterator[Page]:
        def turn(answer: Answer) -> tuple[Page, Request | None]:
            following = next_link(answer)
            return Page(parse_array(answer.body)), Request(following) if following else None

        return walk(reading, Request(self.path, self.params), turn)


@dataclass(frozen=True, slots=True)
class SinceLastPages:
    """A list sorted by `updated_at`, read from the last time seen on; page numbers are used within one second only.

    Rows of a page's last second come twice. Ends on a page that is not full and names no next one. Raises BadAnswer when one
    second holds more pages than the vendor serves, and when the vendor does not keep to the order or the start.
    """

    path: str
    params: Mapping[str, str] = field(default_factory=dict)
    page_size: int = 100
    most_numbers: int = 300

    def __call__(self, reading: Reading) -> Iterator[Page]:
        return self.walk(reading, reading.window_from)

    def walk(self, reading: Reading, since: datetime) -> Iterator[Page]:
        """The pages of everything updated at or after `since`."""
        asked = self._request(zulu(since), 1)
        following: Request | None = None

        def turn(answer: Answer) -> tuple[Page, Request | None]:
            nonlocal following
            records = parse_array(answer.body)
            following = self._following(asked, records, next_link(answer) is not None, reading)
            return Page(records), following

        for page in walk(reading, asked, turn):
            yield page
            asked = following or asked

    def _request(self, since: str, number: int) -> Request:
        params = {**self.params, "updated_since": since, "order_by": "updated_at", "order_type": "asc"}
        return Request(self.path, {**params, "per_page": str(self.page_size), "page": str(number)})

    def _following(self, asked: Request, records: list[bytes], is_linked: bool, reading: Reading) -> Request | None:
        since, number = asked.params["updated_since"], int(asked.params["page"])
        times = [moment for moment in map(_updated_at, records) if moment is not None]
        if times != sorted(times) or (times and zulu(times[0]) < since):
            raise ContractBroken("the list is not sorted by updated_at from updated_since on")
        if not is_linked and len(records) < self.page_size:
            return None
        if times and zulu(times[-1]) > since:
            return self._request(zulu(times[-1]), 1)
        if number >= self.most_numbers:
            message = f"more than {self.most_numbers * self.page_size} records were updated in one second"
            raise BadAnswer(message, reading.stream.source, reading.stream.name)
        return self._request(since, number + 1)


def _updated_at(record: bytes) -> datetime | None:
    """When a record was updated; None for what is absent or unreadable (typing will set it aside)."""
    try:
        moment = datetime.fromisoformat(msgspec.json.decode(record, type=_Updated).updated_at)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, RecursionError, OverflowError):
        return None
