"""One small vendor for each style of paging: it cuts a list of rows into the pages that a test wants."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

from learning_warehouse.paging import AfterPages, ExportPages, KeysetPages, OffsetPages, QueryPages, TimePages
from learning_warehouse.sources import find
from learning_warehouse.streams import Stream

Row = dict[str, Any]
RATINGS = find("zendesk.satisfaction_ratings")


def rating(number: int, moment: str = "2026-11-30T10:00:00Z", score: str = "good") -> Row:
    """One row that the stream of ratings takes."""
    return {"id": number, "ticket_id": 7, "score": score, "created_at": "2026-11-01T00:00:00Z", "updated_at": moment}


@dataclass(frozen=True)
class Style:
    """A way of paging: the class under test, how a request names its page, and the answer that holds one page.

    `answer(rows, this, following, total)`: `following` is the number of the next page, None at the end.
    """

    pages: Any
    number_of: Callable[[str], int]
    answer: Callable[[list[Row], int | None, int], Any]
    tells_total: bool = False
    has_cursor: bool = True

    def stream(self) -> Stream:
        """The ratings of Zendesk, read in this style."""
        return replace(RATINGS, pages=self.pages)

    def script(self, pages: list[list[Row]], respond: Any, order: list[int] | None = None, total: int | None = None) -> Any:
        """A script for the hostile server: page n holds pages[n], and is followed by page order[n] (else n + 1)."""
        announced = sum(map(len, pages)) if total is None else total

        def script(path: str, number: int) -> bytes:
            this = self.number_of(path)
            held = pages[this] if this < len(pages) else []
            following = order[this] if order else this + 1 if this + 1 < len(pages) else None
            return respond(json.dumps(self.answer(held, following, announced)))

        return script


def _query(name: str) -> Callable[[str], int]:
    def number_of(path: str) -> int:
        value = parse_qs(urlsplit(path).query).get(name, ["0"])[0]
        return int(value) if len(value) < 6 else 0

    return number_of


STYLES = {
    "offset": Style(
        OffsetPages("/rows", "rows", lambda reading: {}, page_size=3),
        _query("_offset"),
        lambda rows, following, total: {"totalItems": total, "rows": rows},
        tells_total=True,
        has_cursor=False,
    ),
    "export": Style(
        ExportPages("/rows", "rows"),
        _query("cursor"),
        lambda rows, following, total: {
            "rows": rows,
            "after_cursor": str(following if following is not None else 99),
            "end_of_stream": following is None,
        },
    ),
    "time": Style(
        TimePages("/rows", "rows"),
        _query("start_time"),
        lambda rows, following, total: {
            "rows": rows,
            "end_time": following if following is not None else 99,
            "end_of_stream": following is None,
        },
    ),
    "keyset": Style(
        KeysetPages("/rows", "rows", lambda reading: {}),
        _query("page[after]"),
        lambda rows, following, total: {
            "rows": rows,
            "meta": {"has_more": following is not None},
            "links": {"next": None if following is None else f"/api/v2/rows?page[after]={following}"},
        },
    ),
    "after": Style(
        AfterPages("/rows", {}),
        _query("page[after]"),
        lambda rows, following, total: {
            "data": rows,
            "meta": {"total": total, "page": {"nextCursor": None if following is None else str(following)}},
        },
        tells_total=True,
    ),
    "query": Style(
        QueryPages("/rows", lambda reading: "x"),
        _query("p"),
        lambda rows, following, total: {
            "records": rows,
            "totalSize": total,
            "done": following is None,
            "nextRecordsUrl": None if following is None else f"/rows?p={following}",
        },
        tells_total=True,
    ),
}
