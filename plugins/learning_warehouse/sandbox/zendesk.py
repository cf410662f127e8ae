"""Zendesk Support API v2 as the sandbox answers it.

Three paging schemes live side by side: the cursor form of incremental exports (`after_cursor` is given even at the end;
an empty page with `end_of_stream: false` comes once in a while before it), their time form (`next_page` repeats
`end_time`), and `page[size]` lists. Incremental exports have their own rate limit; 429 answers are plain text.
"""

import base64
import binascii
import re
import zlib
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from learning_warehouse.sandbox.records.zendesk import Row
from learning_warehouse.sandbox.throttle import Allowance, Throttle
from learning_warehouse.sandbox.web import Answer, Call, json_answer, text_answer
from learning_warehouse.sandbox.world import World

EMAIL = "warehouse@halden.example"
TOKEN = "sandbox-zendesk-token"  # noqa: S105  a published sandbox value
CALLS_PER_MINUTE = 700
EXPORTS_PER_MINUTE = 10
MAX_EXPORT_PAGE, MAX_LIST_PAGE = 1000, 100
EMPTY_PAGE_ONE_IN = 5

Render = Callable[[Row], dict[str, Any]]


class Zendesk:
    """The help desk of one company."""

    def __init__(self, world: World, factor: float) -> None:
        self.world = world
        self.calls = Throttle(CALLS_PER_MINUTE, 60.0, factor)
        self.exports = Throttle(EXPORTS_PER_MINUTE, 60.0, factor)

    def answer(self, call: Call) -> Answer:
        """Answer one call, with the rate-limit headers of the limit that governs it."""
        is_export = "/incremental/" in call.path
        allowance = self.calls.take()
        if allowance.allowed and is_export:
            allowance = self.exports.take()
        headers = _limit_headers(allowance)
        if not allowance.allowed:
            headers["Retry-After"] = str(allowance.retry_after_seconds)
            return text_answer("Number of allowed API requests per minute exceeded", 429, headers)
        answer = self._checked(call)
        return Answer(answer.status, answer.body, answer.media_type, headers | answer.headers)

    def _checked(self, call: Call) -> Answer:
        if call.basic_credentials() != (f"{EMAIL}/token", TOKEN):
            return json_answer({"error": "Couldn't authenticate you"}, 401)
        if not call.path.startswith("/api/v2/"):
            return json_answer({"error": "InvalidEndpoint", "description": "Not found"}, 404)
        if call.method != "GET":
            return json_answer({"error": "MethodNotAllowed", "description": "Method not allowed"}, 405)
        path = call.path.removeprefix("/api/v2").removesuffix(".json")
        if match := re.fullmatch(r"/incremental/(tickets|users)/cursor", path):
            return self._cursor_form(call, match[1])
        if match := re.fullmatch(r"/incremental/(tickets|users|organizations)", path):
            return self._time_form(call, match[1])
        if match := re.fullmatch(r"/(tickets|users|organizations)/count", path):
            return self._count(match[1])
        if path == "/satisfaction_ratings":
            return self._ratings(call)
        if path == "/users/me":
            return json_answer({"user": {"id": 1, "email": EMAIL, "role": "admin", "active": True}})
        return json_answer({"error": "InvalidEndpoint", "description": "Not found"}, 404)

    def _listing(self, call: Call, name: str) -> tuple[list[Row], Render]:
        records, base = self.world.zendesk, call.base_url
        if name == "users":
            return records.users, lambda row: records.render_user(row, base)
        if name == "organizations":
            return records.organizations, lambda row: records.render_organization(row, base)
        with_metric_set = "metric_sets" in call.query.get("include", "").split(",")
        rows = records.tickets
        if call.query.get("exclude_deleted") == "true":
            rows = [row for row in rows if row.fact.deleted_at is None or row.fact.deleted_at >= self.world.now]
        return rows, lambda row: records.render_ticket(row, base, with_metric_set)

    def _count(self, name: str) -> Answer:
        """How many there are and are not deleted."""
        records, now = self.world.zendesk, self.world.now
        rendered = {
            "tickets": lambda: sum(row.fact.deleted_at is None or row.fact.deleted_at >= now for row in records.tickets),
            "users": lambda: sum(bool(records.render_user(row, "")["active"]) for row in records.users),
            "organizations": lambda: sum(
                records.render_organization(row, "")["deleted_at"] is None for row in records.organizations
            ),
        }
        return json_answer({"count": {"value": rendered[name](), "refreshed_at": now.isoformat()}})

    def _cursor_form(self, call: Call, name: str) -> Answer:
        size = _page_size(call.query, "per_page", MAX_EXPORT_PAGE)
        if "cursor" in call.query:
            position = _read_cursor(call.query["cursor"])
            if position is None:
                return json_answer({"error": "InvalidValue", "description": "Invalid cursor"}, 400)
            after, is_pause = (position[0], position[1]), position[2]
        else:
            start_time, refusal = self._start_time(call)
            if refusal:
                return refusal
            after, is_pause = (start_time, -1), False
        rows, render = self._listing(call, name)
        start = bisect_right(rows, after, key=_place)
        page = [] if is_pause else rows[start : start + size]
        ends = not is_pause and len(rows) <= start + size
        last = _place(page[-1]) if page else after
        cursor = _write_cursor(last[0], last[1], not ends and not is_pause and _pauses_after(last))
        query = {key: value for key, value in call.query.items() if key not in ("start_time", "cursor")}
        content = {
            name: [render(row) for row in page],
            "after_url": f"{call.base_url}{call.path}?{urlencode({**query, 'cursor': cursor})}",
            "after_cursor": cursor,
            "before_url": None,
            "before_cursor": None,
            "end_of_stream": ends,
        }
        return json_answer(content)

    def _time_form(self, call: Call, name: str) -> Answer:
        start_time, refusal = self._start_time(call)
        if refusal:
            return refusal
        size = _page_size(call.query, "per_page", MAX_EXPORT_PAGE)
        rows, render = self._listing(call, name)
        rest = rows[bisect_left(rows, start_time, key=lambda row: row.version) :]
        page = _whole_seconds(rest, size, start_time)
        end_time = page[-1].version if page else start_time
        query = {**call.query, "start_time": str(end_time)}
        content = {
            name: [render(row) for row in page],
            "count": len(page),
            "next_page": f"{call.base_url}{call.path}?{urlencode(query)}",
            "end_time": end_time,
            "end_of_stream": len(page) == len(rest),
        }
        return json_answer(content)

    def _ratings(self, call: Call) -> Answer:
        query, records = call.query, self.world.zendesk
        try:
            start, end = int(query.get("start_time", "0")), int(query.get("end_time", "99999999999"))
        except ValueError:
            return json_answer({"error": "InvalidValue", "description": "start_time and end_time are whole seconds"}, 400)
        rows = [row for row in records.satisfaction_ratings if start <= row.version < end]
        if query.get("score"):
            wanted = {"good": ("good",), "bad": ("bad",), "received": ("good", "bad")}.get(query["score"], ())
            rows = [row for row in rows if row.fact.satisfaction in wanted]
        size = _page_size(query, "page[size]", MAX_LIST_PAGE)
        after, before = _read_cursor(query.get("page[after]", "")), _read_cursor(query.get("page[before]", ""))
        if ("page[after]" in query and after is None) or ("page[before]" in query and before is None):
            return json_answer({"error": "InvalidPaginationParameter", "description": "page[after] is not valid"}, 400)
        if before:
            end = bisect_left(rows, before[:2], key=_place)
            page = rows[max(0, end - size) : end]
        else:
            start = bisect_right(rows, after[:2], key=_place) if after else 0
            page = rows[start : start + size]
        has_more = bool(page) and page[-1] is not rows[-1]
        meta = {
            "has_more": has_more,
            "after_cursor": _write_cursor(*_place(page[-1])) if page else None,
            "before_cursor": _write_cursor(*_place(page[0])) if page else None,
        }
        links = {
            "next": _list_link(call, "page[after]", meta["after_cursor"]) if has_more else None,
            "prev": _list_link(call, "page[before]", meta["before_cursor"]) if page and page[0] is not rows[0] else None,
        }
        rendered = [records.render_rating(row, call.base_url) for row in page]
        return json_answer({"satisfaction_ratings": rendered, "meta": meta, "links": links})

    def _start_time(self, call: Call) -> tuple[int, Answer | None]:
        text = call.query.get("start_time")
        if text is None:
            return 0, json_answer({"error": "StartTimeMissing", "description": "Missing parameter: start_time"}, 400)
        if not re.fullmatch(r"\d{1,11}", text):
            return 0, json_answer({"error": "InvalidValue", "description": "Invalid start_time"}, 400)
        newest = self.world.zendesk.newest_exported
        if int(text) > newest:
            older = datetime.fromtimestamp(newest, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
            description = f"Too recent start_time. Use a start_time older than {older}"
            return 0, json_answer({"error": "InvalidValue", "description": description}, 422)
        return int(text), None


def _limit_headers(allowance: Allowance) -> dict[str, str]:
    return {
        "X-Rate-Limit": str(allowance.limit),
        "X-Rate-Limit-Remaining": str(allowance.remaining),
        "ratelimit-limit": str(allowance.limit),
        "ratelimit-remaining": str(allowance.remaining),
        "ratelimit-reset": str(max(1, allowance.retry_after_seconds)),
    }


def _page_size(query: dict[str, str], name: str, largest: int) -> int:
    text = query.get(name, "")
    return min(max(1, int(text)), largest) if re.fullmatch(r"\d{1,6}", text) else largest


def _pauses_after(position: tuple[int, int]) -> bool:
    return zlib.crc32(f"{position[0]}:{position[1]}".encode()) % EMPTY_PAGE_ONE_IN == 0


def _whole_seconds(rows: list[Row], size: int, start_time: int) -> list[Row]:
    """At least `size` rows, no second cut in two, and a second beyond `start_time`, so that `end_time` always moves on."""
    if len(rows) <= size:
        return rows
    last = rows[size - 1].version
    if last == start_time:
        last = next((row.version for row in rows if row.version > start_time), last)
    return rows[: bisect_right(rows, last, key=lambda row: row.version)]


def _place(row: Row) -> tuple[int, int]:
    return row.version, row.id


def _write_cursor(version: int, row_id: int, is_pause: bool = False) -> str:
    text = f"{version}.0||{row_id}" + ("|pause" if is_pause else "")
    return base64.b64encode(text.encode()).decode()


def _read_cursor(text: str) -> tuple[int, int, bool] | None:
    try:
        content = base64.b64decode(text, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None
    match = re.fullmatch(r"(\d+)\.0\|\|(-?\d+)(\|pause)?", content)
    return (int(match[1]), int(match[2]), bool(match[3])) if match else None


def _list_link(call: Call, name: str, cursor: Any) -> str:
    query = {key: value for key, value in call.query.items() if not key.startswith("page[") or key == "page[size]"}
    return f"{call.base_url}{call.path}?{urlencode({**query, name: str(cursor)})}"
