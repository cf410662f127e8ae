"""xAPI statements: pages linked by `more`, and a watermark that loses no late upload.

A statement has two times: when it happened and when the store got it (`stored`). A store that conforms filters on `stored`
and says in X-Experience-API-Consistent-Through up to when its answers are complete: that is the watermark. Others send no
such header, and some filter on the time it happened: then the newest `stored` seen is the watermark, each load looks back
`look_back` behind it, and statements that come again are dropped by their id in staging.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import msgspec

from learning_warehouse.paging import ContractBroken, Request, parse_page, walk
from learning_warehouse.streams import Answer, Page, Reading

CONSISTENT_THROUGH = "x-experience-api-consistent-through"
THROUGH, STORED = "through", "stored"
EDGE = timedelta(minutes=1)


class _Statements(msgspec.Struct):
    statements: list[msgspec.Raw]
    more: str | None = None


class _Stored(msgspec.Struct):
    stored: str | None = None


@dataclass(frozen=True, slots=True)
class Watermark:
    """Up to when statements are known, and whether the store said so (`through`) or we concluded it (`stored`)."""

    kind: str
    moment: datetime

    @classmethod
    def of(cls, cursor: str | None) -> "Watermark | None":
        """The watermark that a load left as its cursor. Raises ValueError when the text is none."""
        if cursor is None:
            return None
        kind, _, moment = cursor.partition(" ")
        return cls(kind, datetime.fromisoformat(moment))

    def __str__(self) -> str:
        return f"{self.kind} {self.moment.isoformat()}"


@dataclass(frozen=True, slots=True)
class StatementPages:
    """`since` and `until` once, then each `more` link, resolved against the origin; ends on an empty or absent `more`."""

    path: str = "/statements"
    look_back: timedelta = timedelta(days=30)
    page_size: int = 1000

    def __call__(self, reading: Reading) -> Iterator[Page]:
        known = Watermark.of(reading.cursor)
        newest = known.moment if known else None
        through: datetime | None = None

        def turn(answer: Answer) -> tuple[Page, Request | None]:
            nonlocal newest, through
            page, records = parse_page(answer.body, "statements", _Statements)
            said = _consistent_through(answer)
            through = min(moment for moment in (through, said) if moment) if through or said else None
            newest = max((moment for moment in (newest, *map(_stored, records)) if moment), default=None)
            return Page(records), Request(reading.client.resolve(page.more)) if page.more else None

        params = {"ascending": "true", "limit": str(self.page_size), "until": reading.window_to.isoformat()}
        since = self._since(known) if known else reading.window_from
        for page in walk(reading, Request(self.path, params | {"since": since.isoformat()}), turn):
            reached = Watermark(THROUGH, min(through, reading.window_to)) if through else None
            reached = reached or (Watermark(STORED, min(newest, reading.window_to)) if newest else None)
            yield replace(page, next_cursor=str(reached) if reached else None)

    def _since(self, known: Watermark) -> datetime:
        return known.moment - (EDGE if known.kind == THROUGH else self.look_back)


def _consistent_through(answer: Answer) -> datetime | None:
    text = answer.headers.get(CONSISTENT_THROUGH, "").strip()
    if not text:
        return None
    moment = _moment(text)
    if moment is None:
        raise ContractBroken("the header that says how far answers are complete is no time")
    return moment


def _stored(record: bytes) -> datetime | None:
    """When the store got a statement; an unreadable one is left to typing."""
    try:
        return _moment(msgspec.json.decode(record, type=_Stored).stored or "")
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
