"""Freshdesk API v2 as the sandbox answers it.

Lists are bare arrays; the Link header names the next page as long as there is one. Tickets of the last thirty days only
without `updated_since`, at most 300 pages, deleted and spam ones behind `filter`. Each `include` is charged as a call of its
own, and refused calls are charged as well.
"""

import re
from bisect import bisect_left
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from learning_warehouse.sandbox.records.freshdesk import Row
from learning_warehouse.sandbox.throttle import Allowance, Throttle
from learning_warehouse.sandbox.web import Answer, Call, json_answer
from learning_warehouse.sandbox.world import World

API_KEY = "sandbox-freshdesk-key"
CALLS_PER_MINUTE, LISTS_PER_MINUTE = 700, 200
USUAL_PAGE, MAX_PAGE, MAX_NUMBER = 30, 100, 300
SHOWN_BY_DEFAULT = timedelta(days=30)
INCLUDES = {"description", "requester", "stats", "company"}

Render = Callable[[Row], dict[str, Any]]


class Refused(Exception):
    """One field of the query that Freshdesk does not accept."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.field = name


class Freshdesk:
    """The help desk of one company."""

    def __init__(self, world: World, factor: float) -> None:
        self.world = world
        self.calls = Throttle(CALLS_PER_MINUTE, 60.0, factor)
        self.lists = Throttle(LISTS_PER_MINUTE, 60.0, factor)

    def answer(self, call: Call) -> Answer:
        """Answer one call, with the headers of the limit that governs it."""
        price = 1 + len(_included(call) & INCLUDES)
        allowance = self._charge(call, price)
        headers = {
            "X-RateLimit-Total": str(allowance.limit),
            "X-RateLimit-Remaining": str(allowance.remaining),
            "X-RateLimit-Used-CurrentRequest": str(price),
        }
        if not allowance.allowed:
            headers["Retry-After"] = str(allowance.retry_after_seconds)
            message = "You have exceeded the limit of requests per minute"
            return json_answer({"code": "rate_limit_exceeded", "message": message}, 429, headers)
        try:
            answer = self._checked(call)
        except Refused as refused:
            problem = {"field": refused.field, "message": str(refused), "code": "invalid_value"}
            answer = json_answer({"description": "Validation failed", "errors": [problem]}, 400)
        return Answer(answer.status, answer.body, answer.media_type, headers | answer.headers)

    def _charge(self, call: Call, price: int) -> Allowance:
        allowance = self.calls.take()
        if allowance.allowed and call.path.rstrip("/") in ("/api/v2/tickets", "/api/v2/contacts"):
            allowance = self.lists.take()
        for _ in range(price - 1):
            if allowance.allowed:
                allowance = self.calls.take()
        return allowance

    def _checked(self, call: Call) -> Answer:
        credentials = call.basic_credentials()
        if credentials is None or credentials[0] != API_KEY:
            message = "You have to be logged in to perform this action."
            return json_answer({"code": "invalid_credentials", "message": message}, 401)
        path = call.path.removeprefix("/api/v2").rstrip("/")
        lists = {
            "/tickets": self._tickets,
            "/contacts": self._contacts,
            "/agents": self._agents,
            "/companies": self._companies,
            "/surveys/satisfaction_ratings": self._ratings,
        }
        if not call.path.startswith("/api/v2/") or path not in lists:
            return Answer(404, b"", "text/html; charset=utf-8")
        if call.method != "GET":
            return json_answer({"message": f"{call.method} method is not allowed."}, 405, {"Allow": "GET"})
        rows, render = lists[path](call)
        return _page(call, rows, render, MAX_NUMBER if path == "/tickets" else None)

    def _tickets(self, call: Call) -> tuple[list[Row], Render]:
        records, query = self.world.freshdesk, call.query
        shown = query.get("filter")
        if shown not in (None, "deleted", "spam"):
            raise Refused("filter", "It should be one of these values: 'new_and_my_open,watching,spam,deleted'")
        since = _moment(query, "updated_since") or self.world.now - SHOWN_BY_DEFAULT
        rows = {None: records.tickets, "deleted": records.deleted_tickets, "spam": []}[shown]
        rows = rows[bisect_left(rows, since.timestamp(), key=lambda row: row.version) :]
        if query.get("order_by", "created_at") == "created_at":
            rows = sorted(rows, key=lambda row: (row.fact.created_at, row.id))
        elif query["order_by"] != "updated_at":
            raise Refused("order_by", "It should be one of these values: 'created_at,due_by,updated_at,status'")
        if query.get("order_type", "desc") == "desc":
            rows = rows[::-1]
        if unknown := _included(call) - INCLUDES:
            raise Refused("include", f"It should not contain: {','.join(sorted(unknown))}")
        return rows, lambda row: records.render_ticket(row, _included(call))

    def _contacts(self, call: Call) -> tuple[list[Row], Render]:
        records, state = self.world.freshdesk, call.query.get("state")
        if state not in (None, "verified", "unverified", "blocked", "deleted"):
            raise Refused("state", "It should be one of these values: 'verified,unverified,blocked,deleted'")
        since = _moment(call.query, "_updated_since")
        rows = [] if state in ("verified", "blocked", "deleted") else records.contacts
        rows = [row for row in rows if since is None or row.version >= since.timestamp()]
        return sorted(rows, key=lambda row: row.fact.email), records.render_contact

    def _agents(self, call: Call) -> tuple[list[Row], Render]:
        return self.world.freshdesk.agents, self.world.freshdesk.render_agent

    def _companies(self, call: Call) -> tuple[list[Row], Render]:
        return sorted(self.world.freshdesk.companies, key=lambda row: row.fact.name), self.world.freshdesk.render_company

    def _ratings(self, call: Call) -> tuple[list[Row], Render]:
        records, since = self.world.freshdesk, _moment(call.query, "created_since")
        rows = [row for row in records.ratings if since is None or row.version >= since.timestamp()]
        return rows, records.render_rating


def _page(call: Call, rows: list[Row], render: Render, most_numbers: int | None) -> Answer:
    size = _positive(call.query, "per_page", USUAL_PAGE, MAX_PAGE)
    number = _positive(call.query, "page", 1, most_numbers)
    end = number * size
    headers = {}
    if end < len(rows):
        query = {**call.query, "page": str(number + 1), "per_page": str(size)}
        headers["Link"] = f'<{call.base_url}{call.path}?{urlencode(query)}>; rel="next"'
    return json_answer([render(row) for row in rows[end - size : end]], headers=headers)


def _positive(query: dict[str, str], name: str, usual: int, most: int | None) -> int:
    text = query.get(name, str(usual))
    if not re.fullmatch(r"\d{1,9}", text) or int(text) < 1 or (most is not None and int(text) > most):
        limit = f" less than or equal to {most}" if most is not None else ""
        raise Refused(name, f"It should be a Positive Integer{limit}")
    return int(text)


def _moment(query: dict[str, str], name: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(query[name]) if name in query else None
    except ValueError:
        raise Refused(name, "It should be in the 'combined date and time ISO8601' format") from None
    return found.replace(tzinfo=UTC) if found and found.tzinfo is None else found


def _included(call: Call) -> set[str]:
    return {name for name in call.query.get("include", "").split(",") if name}
