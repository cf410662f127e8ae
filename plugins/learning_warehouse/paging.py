"""How vendors cut a long answer into pages: one small class for each style, all ending only on the vendor's own end signal.

A missing field is an error, never the end of the data. A cursor that comes twice and a page count beyond the bound are
errors as well. Records stay the server's own bytes.
"""

import re
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, TypeVar

import msgspec

from learning_warehouse.errors import BadAnswer, Truncated
from learning_warehouse.streams import Answer, Page, Reading

T = TypeVar("T")
MOST_PAGES = 10_000
DEEPEST_NESTING = 10_000
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F][0-9a-fA-F]{2}")


class ContractBroken(ValueError):
    """A page lacks what the vendor promises. The client repeats the request; the message never holds record content."""


@dataclass(frozen=True, slots=True)
class Request:
    """One page to ask for: a path below the base URL, or an absolute link of the vendor, and its parameters."""

    target: str
    params: Mapping[str, str] = field(default_factory=dict)

    @property
    def identity(self) -> tuple[str, tuple[tuple[str, str], ...]]:
        return self.target, tuple(sorted(self.params.items()))


Turn = Callable[[Answer], tuple[Page, Request | None]]


def walk(reading: Reading, first: Request, turn: Turn, most_pages: int = MOST_PAGES) -> Iterator[Page]:
    """Pages from `first` on; `turn` reads one answer and says what to ask next, None at the end.

    Raises BadAnswer when a request would be made a second time or when there are more than `most_pages` pages.
    """
    seen: set[object] = set()
    request: Request | None = first
    while request is not None:
        if request.identity in seen:
            raise BadAnswer("the vendor sent a cursor that it had sent before", reading.stream.source, reading.stream.name)
        if len(seen) >= most_pages:
            raise BadAnswer(f"more than {most_pages} pages", reading.stream.source, reading.stream.name)
        seen.add(request.identity)
        page, request = reading.client.get(request.target, request.params, turn)
        yield page


def announced_once(pages: Iterator[Page]) -> Iterator[Page]:
    """The pages of one list with its announced total on the first page only, so that totals of several lists can be added."""
    for number, page in enumerate(pages):
        yield page if number == 0 else replace(page, total=None)


def whole_list(pages: Iterator[Page], reading: Reading) -> list[bytes]:
    """All records of a list that only tells where to read on. Raises Truncated when fewer came than the vendor announced."""
    records: list[bytes] = []
    announced = 0
    for page in pages:
        records += page.records
        announced += page.total or 0
    if len(records) < announced:
        message = f"the vendor announced {announced} records of a list and sent {len(records)}."
        raise Truncated(message, reading.stream.source, reading.stream.name)
    return records


def parse(body: bytes, shape: type[T]) -> T:
    """`body` as a page contract. Raises ContractBroken, without content, when it is not JSON or a promised field is missing."""
    try:
        return msgspec.json.decode(body, type=shape)
    except RecursionError:
        return _parse_deep(body, shape)
    except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError) as error:
        problem = error.reason if isinstance(error, UnicodeDecodeError) else str(error)
        raise ContractBroken(f"the page is not what is documented: {problem}") from None


def parse_page(body: bytes, collection: str, shape: type[T]) -> tuple[T, list[bytes]]:
    """The page contract and the bytes of each record in `collection`.

    A text with half a surrogate pair makes a whole page unreadable to a strict parser: such escapes are masked by others of
    the same length for finding where records begin and end, and the records handed out are the unmasked bytes.
    """
    try:
        page = parse(body, shape)
        return page, [bytes(record) for record in getattr(page, collection)]
    except ContractBroken:
        masked = _SURROGATE.sub(rb"\\u0041", body)
        if masked == body:
            raise
    page = parse(masked, shape)
    records, position = [], 0
    for record in getattr(page, collection):
        position = masked.index(bytes(record), position)
        records.append(body[position : position + len(record)])
        position += len(record)
    return page, records


def _parse_deep(body: bytes, shape: type[T]) -> T:
    usual = sys.getrecursionlimit()
    sys.setrecursionlimit(DEEPEST_NESTING)
    try:
        return msgspec.json.decode(body, type=shape)
    except (RecursionError, msgspec.MsgspecError):
        raise ContractBroken("the page is nested too deeply") from None
    finally:
        sys.setrecursionlimit(usual)


@lru_cache
def _shape(collection: str, *fields: tuple[str, Any]) -> type[Any]:
    """A page contract with `collection` as a required list of records and the other fields as declared."""
    return msgspec.defstruct(f"Page_{collection}", [(collection, list[msgspec.Raw]), *fields])


@dataclass(frozen=True, slots=True)
class OffsetPages:
    """Absorb: `_offset` is the number of the page, `totalItems` the number of records of the whole request.

    Ends on an empty page, or when totalItems records were seen and the page was not full, as a total may be too low; the
    bare array of older tenants ends on an empty page only.
    """

    path: str
    collection: str
    params: Callable[[Reading], dict[str, str]]
    page_size: int = 1000

    def __call__(self, reading: Reading) -> Iterator[Page]:
        return self.walk(reading, self.path, self.params(reading))

    def walk(self, reading: Reading, path: str, params: dict[str, str]) -> Iterator[Page]:
        """Pages of one list, which may be one of several that make up the stream."""
        shape = _shape(self.collection, ("totalItems", int), ("limit", int | None, None))
        seen = 0
        number = 0

        def turn(answer: Answer) -> tuple[Page, Request | None]:
            if answer.body.lstrip()[:1] == b"[":
                wrapped = b'{"totalItems":-1,"%s":%s}' % (self.collection.encode(), answer.body)
                page, records = parse_page(wrapped, self.collection, shape)
            else:
                page, records = parse_page(answer.body, self.collection, shape)
            total = page.totalItems if page.totalItems >= 0 else None
            is_full = len(records) >= (page.limit or self.page_size)
            more = bool(records) and (total is None or is_full or seen + len(records) < total)
            return Page(records, total=total), request(number + 1) if more else None

        def request(page_number: int) -> Request:
            return Request(path, {**params, "_limit": str(self.page_size), "_offset": str(page_number)})

        for page in announced_once(walk(reading, request(0), turn)):
            seen += len(page.records)
            number += 1
            yield page


@dataclass(frozen=True, slots=True)
class ExportPages:
    """Zendesk export in cursor form: `start_time` once, then `cursor`; ends on end_of_stream, never on an empty page."""

    path: str
    collection: str
    params: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, reading: Reading) -> Iterator[Page]:
        shape = _shape(self.collection, ("after_cursor", str | None), ("end_of_stream", bool))

        def turn(answer: Answer) -> tuple[Page, Request | None]:
            page, records = parse_page(answer.body, self.collection, shape)
            if not page.end_of_stream and not page.after_cursor:
                raise ContractBroken("the export goes on but names no cursor")
            following = None if page.end_of_stream else Request(self.path, {**self.params, "cursor": page.after_cursor})
            return Page(records, next_cursor=page.after_cursor), following

        start = {"cursor": reading.cursor} if reading.cursor else {"start_time": str(int(reading.window_from.timestamp()))}
        return walk(reading, Request(self.path, {**self.params, **start}), turn)


@dataclass(frozen=True, slots=True)
class TimePages:
    """Zendesk incremental export in time form: `start_time` again and again; rows of a page's last second come twice.

    The cursor of a load never lies after its `window_to`: one row dated ahead must not hide what comes until then.
    """

    path: str
    collection: str

    def __call__(self, reading: Reading) -> Iterator[Page]:
        shape = _shape(self.collection, ("end_time", int | None), ("end_of_stream", bool))

        def turn(answer: Answer) -> tuple[Page, Request | None]:
            page, records = parse_page(answer.body, self.collection, shape)
            if not page.end_of_stream and page.end_time is None:
                raise ContractBroken("the export goes on but names no end_time")
            following = None if page.end_of_stream else Request(self.path, {"start_time": str(page.end_time)})
            until = None if page.end_time is None else str(min(page.end_time, int(reading.window_to.timestamp())))
            return Page(records, next_cursor=until), following

        start = reading.cursor or str(int(reading.window_from.timestamp()))
        return walk(reading, Request(self.path, {"start_time": start}), turn)


class _Meta(msgspec.Struct):
    has_more: bool
    after_cursor: str | None = None


class _Links(msgspec.Struct):
    next: str | None = None


@dataclass(frozen=True, slots=True)
class KeysetPages:
    """Zendesk lists with page[size]: `meta.has_more` says whether `links.next` is to be followed."""

    path: str
    collection: str
    params: Callable[[Reading], dict[str, str]]
    page_size: int = 100

    def __call__(self, reading: Reading) -> Iterator[Page]:
        shape = _shape(self.collection, ("meta", _Meta), ("links", _Links))

        def turn(answer: Answer) -> tuple[Page, Request | None]:
            page, records = parse_page(answer.body, self.collection, shape)
            if page.meta.has_more and not page.links.next:
                raise ContractBroken("the list goes on but names no next link")
            return Page(records), Request(page.links.next) if page.meta.has_more else None

        return walk(reading, Request(self.path, {"page[size]": str(self.page_size), **self.params(reading)}), turn)


class _Window(msgspec.Struct, rename="camel"):
    next_cursor: str | None


class _PageMeta(msgspec.Struct):
    total: int
    page: _Window


@dataclass(frozen=True, slots=True)
class AfterPages:
    """BambooHR lists: `meta.page.nextCursor` goes into page[after] until it is null; `meta.total` counts the whole list."""

    path: str
    params: Mapping[str, str]
    page_size: int = 1000

    def __call__(self, reading: Reading) -> Iterator[Page]:
        shape = _shape("data", ("meta", _PageMeta))
        params = {**self.params, "page[limit]": str(self.page_size)}

        def turn(answer: Answer) -> tuple[Page, Request | None]:
            page, records = parse_page(answer.body, "data", shape)
            following = page.meta.page.next_cursor
            more = Request(self.path, {**params, "page[after]": following}) if following else None
            return Page(records, total=page.meta.total), more

        return announced_once(walk(reading, Request(self.path, params), turn))


@dataclass(frozen=True, slots=True)
class QueryPages:
    """Salesforce REST query: follow `nextRecordsUrl` until `done`; `totalSize` counts the whole result."""

    path: str
    query: Callable[[Reading], str]

    def __call__(self, reading: Reading) -> Iterator[Page]:
        shape = _shape("records", ("totalSize", int), ("done", bool), ("nextRecordsUrl", str | None, None))

        def turn(answer: Answer) -> tuple[Page, Request | None]:
            page, records = parse_page(answer.body, "records", shape)
            if not page.done and not page.nextRecordsUrl:
                raise ContractBroken("the result goes on but names no next page")
            return Page(records, total=page.totalSize), None if page.done else Request(page.nextRecordsUrl)

        return announced_once(walk(reading, Request(self.path, {"q": self.query(reading)}), turn))
