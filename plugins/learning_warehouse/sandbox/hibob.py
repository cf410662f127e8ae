"""HiBob's public API as the sandbox answers it: one search for everybody, and three tables of history by cursor.

Basic authentication of a service user. Calls are counted for each endpoint; 429 says in X-RateLimit-Reset (epoch seconds)
when to come back. A field that does not exist is left out without a word. Cursors are opaque and belong to one table.
"""

import base64
import binascii
import math
import time
from typing import Any

import msgspec

from learning_warehouse.sandbox.throttle import Throttle
from learning_warehouse.sandbox.web import Answer, Call, json_answer
from learning_warehouse.sandbox.world import World

SERVICE_USER = "SERVICE-20260"
TOKEN = "sandbox-hibob-token"  # noqa: S105  a published sandbox value
SEARCH, TABLES = "/v1/people/search", "/v1/bulk/people/"
CALLS_PER_MINUTE = 50  # published for the search; the tables have an unpublished number
DEFAULT_LIMIT, MAX_LIMIT, MAX_FIELDS = 50, 200, 400


class HiBob:
    """The HRIS of one company."""

    def __init__(self, world: World, factor: float) -> None:
        self.world = world
        self.factor = factor
        self.throttles: dict[str, Throttle] = {}

    def answer(self, call: Call) -> Answer:
        """Answer one call."""
        if call.basic_credentials() != (SERVICE_USER, TOKEN):
            return _error(401, "unauthorized")
        allowance = self.throttles.setdefault(call.path, Throttle(CALLS_PER_MINUTE, 60.0, self.factor)).take()
        headers = {
            "X-RateLimit-Limit": str(allowance.limit),
            "X-RateLimit-Remaining": str(allowance.remaining),
            "X-RateLimit-Reset": str(math.ceil(time.time()) + allowance.retry_after_seconds),
        }
        found = self._found(call) if allowance.allowed else _error(429, "too_many_requests")
        return Answer(found.status, found.body, found.media_type, headers)

    def _found(self, call: Call) -> Answer:
        table = self.world.hibob.tables.get(call.path.removeprefix(TABLES)) if call.path.startswith(TABLES) else None
        if call.path == SEARCH:
            return self._search(call) if call.method == "POST" else _error(405, "method_not_allowed")
        if table is None:
            return _error(404, "not_found")
        return _page(call, table) if call.method == "GET" else _error(405, "method_not_allowed")

    def _search(self, call: Call) -> Answer:
        try:
            question = msgspec.json.decode(call.body or b"{}")
            fields = question.get("fields", ["root.id", "root.email"])
            is_asked_well = isinstance(fields, list) and len(fields) <= MAX_FIELDS and question.get("filters", None) != []
        except (msgspec.DecodeError, AttributeError):
            is_asked_well = False
        if not is_asked_well:
            return _error(400, "bad_request")
        people = self.world.hibob.employees
        shown = [person for person in people if question.get("showInactive") or person.is_active]
        has_words = question.get("humanReadable") == "APPEND"
        return json_answer({"employees": [person.record(fields, has_words) for person in shown]})


def _page(call: Call, rows: list[dict[str, Any]]) -> Answer:
    try:
        limit, start = int(call.query.get("limit", str(DEFAULT_LIMIT))), _position(call)
    except ValueError:
        return _error(400, "bad_request")
    if not 1 <= limit <= MAX_LIMIT:
        return _error(400, "limit_out_of_range")
    end = start + limit
    metadata = {"next_cursor": _cursor(call, end) if end < len(rows) else None}
    return json_answer({"results": rows[start:end], "response_metadata": metadata})


def _cursor(call: Call, position: int) -> str:
    return base64.b64encode(f"{call.path}:{position}".encode()).decode()


def _position(call: Call) -> int:
    """Where a cursor goes on. Raises ValueError for one that this table did not hand out."""
    if "cursor" not in call.query:
        return 0
    try:
        path, _, position = base64.b64decode(call.query["cursor"], validate=True).decode().rpartition(":")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise ValueError("unreadable cursor") from error
    if path != call.path:
        raise ValueError("a cursor of another table")
    return int(position)


def _error(status: int, key: str) -> Answer:
    return json_answer({"key": key, "error": key.replace("_", " ")}, status)
