"""Workday reports: no pages at all, one whole report per call, cut by prompts that we agreed with its owner.

A report is a contract: its columns carry the XML aliases that we agreed on. Somebody who edits the report changes what it
sends, so each answer's aliases are compared with the contract, and another set stops the stream.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import msgspec

from learning_warehouse.errors import StopStream
from learning_warehouse.paging import Request, parse_page, walk
from learning_warehouse.streams import Answer, Page, Reading

RESTORE = "Give the report its agreed column aliases again; docs/connect-your-own.md lists them."


class _Report(msgspec.Struct):
    Report_Entry: list[msgspec.Raw]


@dataclass(frozen=True, slots=True)
class ReportContract:
    """The aliases of one report.

    `always` are in every row. `sometimes` may be left out of a row where they are blank, but not out of a whole report
    that lists everybody (`is_whole`). `groups` are columns of many values: the aliases of their rows.
    """

    name: str
    always: tuple[str, ...]
    sometimes: tuple[str, ...] = ()
    groups: Mapping[str, "ReportContract"] = field(default_factory=dict)
    is_whole: bool = False

    def check(self, records: Iterable[bytes]) -> None:
        """Raises StopStream when the rows have another set of aliases; what is no object at all is left to typing."""
        seen: set[str] = set()
        missing: set[str] = set()
        inner: dict[str, list[bytes]] = {group: [] for group in self.groups}
        for record in records:
            try:
                row = msgspec.json.decode(record, type=dict[str, msgspec.Raw])
            except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
                continue
            seen |= row.keys()
            missing |= set(self.always) - row.keys()
            for group in inner:
                inner[group] += _rows(row.get(group))
        if seen and self.is_whole:
            missing |= self.known - seen
        self._compare(missing, seen - self.known)
        for group, rows in inner.items():
            self.groups[group].check(rows)

    @property
    def known(self) -> frozenset[str]:
        """Every alias that may come."""
        return frozenset((*self.always, *self.sometimes, *self.groups))

    def _compare(self, missing: set[str], unknown: set[str]) -> None:
        parts = [f"{word} {_told(names)}" for word, names in (("without", missing), ("with", unknown)) if names]
        if parts:
            message = f"the report {self.name} is not the one that was agreed: it comes {' and '.join(parts)}."
            raise StopStream(message, what_to_do=RESTORE)


def _rows(value: msgspec.Raw | None) -> list[bytes]:
    """The rows of a column of many values; a blank one has none."""
    try:
        return [bytes(row) for row in msgspec.json.decode(value, type=list[msgspec.Raw])] if value else []
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return []


def _told(names: Iterable[str]) -> str:
    """Aliases in order; one that is no plain word might hold content and is not shown."""
    is_word = re.compile(r"\w{1,60}", re.ASCII).fullmatch
    return ", ".join(sorted({name if is_word(name) else "a name that is no alias" for name in names}))


Prompts = Callable[[Reading], Iterable[Mapping[str, str]]]


@dataclass(frozen=True, slots=True)
class ReportPages:
    """One report, run once for each set of prompts; a run that is not JSON with `Report_Entry` is an error, never the end."""

    contract: ReportContract
    prompts: Prompts

    def __call__(self, reading: Reading) -> Iterator[Page]:
        def turn(answer: Answer) -> tuple[Page, None]:
            _, records = parse_page(answer.body, "Report_Entry", _Report)
            self.contract.check(records)
            return Page(records), None

        for prompts in self.prompts(reading):
            yield from walk(reading, Request(f"/{self.contract.name}", {"format": "json", **prompts}), turn)


def growing_chunks(since: datetime, until: datetime, first: timedelta = timedelta(days=30)) -> list[tuple[datetime, datetime]]:
    """[since, until) in half-open pieces, oldest first: `first` long at the end, and each one before it twice as long.

    Most records changed lately, so pieces of one length would hold nothing for years and then everything.
    """
    pieces, end, length = [], until, first
    while end > since:
        begin = max(since, end - length)
        pieces.append((begin, end))
        end, length = begin, length * 2
    return pieces[::-1]
