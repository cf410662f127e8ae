"""The part of HubSpot's CRM search that connectors use: filter groups, one sort, `after`, and the ceilings."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import msgspec

from learning_warehouse.sandbox.records.hubspot import Thing

LONGEST_BODY, MAX_PAGE, USUAL_PAGE, MOST_RESULTS, MOST_GROUPS, MOST_FILTERS = 3000, 200, 10, 10_000, 5, 6
COMPARED: dict[str, Callable[[Any, Any], bool]] = {
    "EQ": lambda one, other: one == other,
    "NEQ": lambda one, other: one != other,
    "GT": lambda one, other: one > other,
    "GTE": lambda one, other: one >= other,
    "LT": lambda one, other: one < other,
    "LTE": lambda one, other: one <= other,
}


Value = Callable[[Thing, str], Any]


class SearchRefused(Exception):
    """What HubSpot would not accept, as a sentence."""


class _Filter(msgspec.Struct, rename="camel"):
    property_name: str
    operator: str
    value: str | int | None = None


class _Group(msgspec.Struct):
    filters: list[_Filter]


class _Sort(msgspec.Struct, rename="camel"):
    property_name: str
    direction: str = "ASCENDING"


class _Search(msgspec.Struct, rename="camel"):
    filter_groups: list[_Group] = []
    sorts: list[_Sort] = []
    properties: list[str] = []
    limit: int = USUAL_PAGE
    after: str | int | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """One page: how many match in all, the page's things, the properties asked for, and `after` of the next page."""

    total: int
    page: list[Thing]
    properties: list[str]
    after: int | None


def find(body: bytes, things: list[Thing], value: Value) -> Found:
    """Answer one search; `value` gives a property of a thing. Raises SearchRefused, or msgspec's errors for a wrong body."""
    if len(body) > LONGEST_BODY:
        raise SearchRefused(f"The request body must not exceed {LONGEST_BODY} characters")
    search = msgspec.json.decode(body, type=_Search)
    start = int(search.after or 0)
    if not 0 < search.limit <= MAX_PAGE:
        raise SearchRefused(f"Page size must be between 1 and {MAX_PAGE}")
    if start + search.limit > MOST_RESULTS:
        raise SearchRefused(f"Search results are limited to {MOST_RESULTS}")
    if len(search.filter_groups) > MOST_GROUPS or any(len(group.filters) > MOST_FILTERS for group in search.filter_groups):
        raise SearchRefused(f"At most {MOST_GROUPS} groups of {MOST_FILTERS} filters")
    found = [thing for thing in things if not search.filter_groups or _fits(search.filter_groups, thing, value)]
    for sort in search.sorts[:1]:
        keys = {thing.id: value(thing, sort.property_name) for thing in found}
        found.sort(key=lambda thing: (keys[thing.id] is None, keys[thing.id]), reverse=sort.direction == "DESCENDING")
    end = start + search.limit
    return Found(len(found), found[start:end], search.properties, end if end < len(found) else None)


def _fits(groups: list[_Group], thing: Thing, value: Value) -> bool:
    return any(all(_holds(item, value(thing, item.property_name)) for item in group.filters) for group in groups)


def _holds(item: _Filter, value: Any) -> bool:
    if item.operator in ("HAS_PROPERTY", "NOT_HAS_PROPERTY"):
        return (value is not None) is (item.operator == "HAS_PROPERTY")
    if item.operator not in COMPARED:
        raise SearchRefused(f"There was a problem with the operator {item.operator}")
    return value is not None and COMPARED[item.operator](_comparable(value), _as_kind(value, item.value))


def _comparable(value: Any) -> Any:
    if isinstance(value, datetime):
        return int(value.timestamp() * 1000)
    if isinstance(value, date):
        return int(datetime(value.year, value.month, value.day, tzinfo=UTC).timestamp() * 1000)
    return str(value).lower() if isinstance(value, bool) else value


def _as_kind(value: Any, text: Any) -> Any:
    """The filter's value as the kind of thing that the property holds; times are milliseconds."""
    if isinstance(value, bool | str):
        return str(text)
    return float(text) if isinstance(value, float) else int(text)
