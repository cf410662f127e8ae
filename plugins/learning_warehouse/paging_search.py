"""HubSpot's ways: search by POST in steps of ids, lists with `paging.next.after`, and links of many objects at once.

A search serves 10,000 results at most, and its `after` is a place in a list that changes while it is read. So each step
asks for ids above the last one seen: no step comes near the ceiling, and an object that leaves the window skips none.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from typing import Any

import msgspec

from learning_warehouse.errors import BadAnswer
from learning_warehouse.paging import ContractBroken, Request, parse, parse_page, walk
from learning_warehouse.paging_links import marked
from learning_warehouse.streams import Answer, Page, Reading

NO_LINKS = "NO_ASSOCIATIONS_FOUND"
GONE = "OBJECT_NOT_FOUND"


class _Next(msgspec.Struct):
    after: str


class _Paging(msgspec.Struct):
    next: _Next | None = None


class _List(msgspec.Struct):
    results: list[msgspec.Raw]
    paging: _Paging | None = None


class _Found(msgspec.Struct):
    total: int
    results: list[msgspec.Raw]
    paging: _Paging | None = None


class _Id(msgspec.Struct):
    id: str


_ID = msgspec.json.Decoder(_Id)


class _Archived(msgspec.Struct, rename="camel"):
    archived_at: str


class _Links(msgspec.Struct, rename={"start": "from"}):
    start: _Id
    to: list[msgspec.Raw]
    paging: _Paging | None = None


class _Problem(msgspec.Struct, rename="camel"):
    category: str = ""
    sub_category: str = ""


class _Read(msgspec.Struct):
    results: list[msgspec.Raw]
    errors: list[_Problem] = []


class _LinkPage(msgspec.Struct):
    results: list[_Links]
    errors: list[_Problem] = []


def milliseconds(moment: datetime) -> str:
    """A moment as HubSpot's filters want it: whole milliseconds since 1970, never later than it was."""
    return str(int(moment.timestamp() * 1000))


def _goes_on(paging: _Paging | None) -> bool:
    return paging is not None and paging.next is not None


@dataclass(frozen=True, slots=True)
class SearchPages:
    """Objects whose `version` property lies in the window, in order of their id."""

    object_type: str
    version: str
    properties: tuple[str, ...]
    page_size: int = 200

    def __call__(self, reading: Reading) -> Iterator[Page]:
        last = 0
        goes_on = True

        def turn(answer: Answer) -> tuple[Page, bool, int]:
            found, records = parse_page(answer.body, "results", _Found)
            more = _goes_on(found.paging)
            if not more and found.total > len(records):
                raise ContractBroken("the search ends before its own total")
            ids = [last, *(number for number in map(_number, records) if number is not None)]
            if ids != sorted(set(ids)):
                raise ContractBroken("the search does not keep to the order of ids")
            if more and ids[-1] == last:
                raise ContractBroken("the search goes on but sent no id")
            return Page(records), more, ids[-1]

        while goes_on:
            question = self.question(reading, last)
            page, goes_on, last = reading.client.post(f"/crm/v3/objects/{self.object_type}/search", question, turn)
            yield page

    def question(self, reading: Reading, last: int) -> dict[str, Any]:
        """The body of one step: objects of the window with an id above `last`."""
        bounds = (
            (self.version, "GTE", milliseconds(reading.window_from)),
            (self.version, "LT", milliseconds(reading.window_to)),
            ("hs_object_id", "GT", str(last)),
        )
        filters = [{"propertyName": name, "operator": operator, "value": value} for name, operator, value in bounds]
        return {
            "filterGroups": [{"filters": filters}],
            "sorts": [{"propertyName": "hs_object_id", "direction": "ASCENDING"}],
            "properties": list(self.properties),
            "limit": self.page_size,
        }


@dataclass(frozen=True, slots=True)
class ListPages:
    """A list whose `paging.next.after` goes into `after`; the last page has no `paging`."""

    path: str
    params: Mapping[str, str] = field(default_factory=dict)
    page_size: int = 100

    def __call__(self, reading: Reading) -> Iterator[Page]:
        params = {**self.params, "limit": str(self.page_size)}

        def turn(answer: Answer) -> tuple[Page, Request | None]:
            page, records = parse_page(answer.body, "results", _List)
            after = page.paging.next.after if page.paging and page.paging.next else None
            return Page(records), Request(self.path, {**params, "after": after}) if after else None

        return walk(reading, Request(self.path, params), turn)


@dataclass(frozen=True, slots=True)
class HistoryPages:
    """Objects changed in the window with all values that one property ever had; an object that vanishes meanwhile is left out."""

    object_type: str
    version: str
    property: str
    batch_size: int = 50

    def __call__(self, reading: Reading) -> Iterator[Page]:
        ids = _ids(SearchPages(self.object_type, self.version, ("hs_object_id",))(reading))
        while batch := list(islice(ids, self.batch_size)):
            question = {
                "inputs": [{"id": object_id} for object_id in batch],
                "properties": ["hs_object_id"],
                "propertiesWithHistory": [self.property],
            }
            yield reading.client.post(f"/crm/v3/objects/{self.object_type}/batch/read", question, _read)


def _read(answer: Answer) -> Page:
    page, records = parse_page(answer.body, "results", _Read)
    if any(problem.category != GONE for problem in page.errors):
        raise ContractBroken("some objects could not be read")
    return Page(records)


@dataclass(frozen=True, slots=True)
class LinkedPages:
    """Every link from objects of one type to another. A record is one link: the vendor's `to` entry with `fromObjectId` in it."""

    start: str
    end: str
    batch_size: int = 1000

    def __call__(self, reading: Reading) -> Iterator[Page]:
        ids = _ids(ListPages(f"/crm/v3/objects/{self.start}", {"properties": "hs_object_id"})(reading))
        while batch := list(islice(ids, self.batch_size)):
            asked: set[tuple[str, ...]] = set()
            inputs = [{"id": object_id} for object_id in batch]
            while inputs:
                if repeated := asked & {tuple(item.values()) for item in inputs}:
                    message = f"the vendor sent {len(repeated)} cursors that it had sent before"
                    raise BadAnswer(message, reading.stream.source, reading.stream.name)
                asked |= {tuple(item.values()) for item in inputs}
                path = f"/crm/v4/associations/{self.start}/{self.end}/batch/read"
                page, inputs = reading.client.post(path, {"inputs": inputs}, _links)
                yield page


def _links(answer: Answer) -> tuple[Page, list[dict[str, str]]]:
    """The links of one answer, and what is left to ask for objects with very many."""
    page = parse(answer.body, _LinkPage)
    if any(NO_LINKS not in problem.sub_category for problem in page.errors):
        raise ContractBroken("some objects could not be read")
    records = [marked(bytes(link), "fromObjectId", found.start.id) for found in page.results for link in found.to]
    rest = [
        {"id": found.start.id, "after": found.paging.next.after}
        for found in page.results
        if found.paging is not None and found.paging.next is not None
    ]
    return Page(records), rest


def archived_since(pages: Iterable[Page], moment: datetime) -> Iterator[Page]:
    """The pages without what was archived before `moment`, which earlier loads hold; what says no time stays."""
    for page in pages:
        yield Page([record for record in page.records if not _archived_before(record, moment)])


def _archived_before(record: bytes, moment: datetime) -> bool:
    try:
        archived = datetime.fromisoformat(msgspec.json.decode(record, type=_Archived).archived_at)
        return (archived.replace(tzinfo=UTC) if archived.tzinfo is None else archived) < moment
    except (ValueError, RecursionError, OverflowError):
        return False


def _number(record: bytes) -> int | None:
    """The id of an object as a number; None when it cannot be read (typing will set the record aside)."""
    try:
        return int(_ID.decode(record).id)
    except (ValueError, RecursionError):
        return None


def _ids(pages: Iterable[Page]) -> Iterator[str]:
    for page in pages:
        for record in page.records:
            try:
                yield _ID.decode(record).id
            except msgspec.MsgspecError:
                raise BadAnswer("a listed object has no id") from None
