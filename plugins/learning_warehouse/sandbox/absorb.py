"""Absorb LMS Integration API v2 as the sandbox answers it.

Trap to keep: `_offset` is a PAGE number. Every call needs `x-api-key` and a Bearer token; one user has one live token,
so a second /authenticate ends the first. Refused calls answer Absorb's error object.
"""

import re
import secrets
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec

from learning_warehouse.sandbox.odata import FilterError, compile_filter
from learning_warehouse.sandbox.records.absorb import AbsorbRecords, Row
from learning_warehouse.sandbox.throttle import Throttle
from learning_warehouse.sandbox.web import Answer, Call, json_answer
from learning_warehouse.sandbox.world import World

USER_NAME = "warehouse"
PASSWORD = "sandbox-absorb-password"  # noqa: S105  a published sandbox value
PRIVATE_KEY = "00000000-0000-4000-8000-00000000ab50"
TOKEN_SECONDS = 4 * 3600
DEFAULT_LIMIT, MAX_LIMIT, MAX_OFFSET = 20, 1000, 65_535

Render = Callable[[Row], dict[str, Any]]
Found = tuple[str, list[Row] | None, Render]


class Absorb:
    """The LMS of one company."""

    def __init__(self, world: World, factor: float) -> None:
        self.world = world
        self.throttle = Throttle(300, 1.0, min(factor, 1.0))
        self.token = ""
        self.token_ends = 0.0
        self.selected: tuple[tuple[Any, ...], list[Row]] = ((), [])

    def answer(self, call: Call) -> Answer:
        """Answer one call."""
        if call.headers.get("x-api-key", "").lower() != PRIVATE_KEY:
            return _error(401, "Unauthorized: x-api-key is missing or unknown", "ErrorUnauthorized")
        if not self.throttle.take().allowed:
            return _error(429, "Too many requests", "ErrorTooManyRequests")
        path = call.path.rstrip("/").lower()
        if path == "/authenticate":
            return self._authenticate(call) if call.method == "POST" else _error(405, "Method not allowed")
        if not self.token or call.bearer_token() != self.token or time.monotonic() > self.token_ends:
            return _error(401, "Authorization has been denied for this request.", "ErrorUnauthorized")
        if call.method != "GET":
            return _error(405, "Method not allowed")
        return self._read(call, path)

    def _authenticate(self, call: Call) -> Answer:
        try:
            content = msgspec.json.decode(call.body)
        except msgspec.DecodeError:
            content = None
        if not isinstance(content, dict) or not all(content.get(name) for name in ("username", "password", "privateKey")):
            return _error(400, "username, password and privateKey are required", "ErrorMissingParameter")
        if (content["username"], content["password"], str(content["privateKey"]).lower()) != (USER_NAME, PASSWORD, PRIVATE_KEY):
            return _error(401, "Invalid username, password or private key", "ErrorUnauthorized")
        self.token = secrets.token_urlsafe(48)
        self.token_ends = time.monotonic() + TOKEN_SECONDS
        return json_answer(self.token)

    def _read(self, call: Call, path: str) -> Answer:
        records = self.world.absorb
        one = re.fullmatch(r"/(users|courses|departments)/([^/]+)", path)
        name, rows, render = _find(records, f"/{one[1]}" if one else path)
        if one and rows is not None:
            rows = [row for row in rows if row.id.lower() == one[2]]
            return json_answer(render(rows[0])) if rows else _error(404, "Not found", "ErrorNotFound")
        if rows is None:
            return _error(404, "Not found", "ErrorNotFound")
        return self._page(call.query, path, name, rows, render)

    def _page(self, query: dict[str, str], path: str, name: str, rows: list[Row], render: Render) -> Answer:
        try:
            limit = _whole_number(query, "_limit", DEFAULT_LIMIT, 1, MAX_LIMIT)
            offset = _whole_number(query, "_offset", 0, 0, MAX_OFFSET)
            key = (path, self.world.now, *(query.get(part) for part in ("_filter", "_sort", "modifiedSince")))
            if self.selected[0] != key:
                self.selected = (key, _sorted(query, _filtered(query, rows, render), render))
        except FilterError as error:
            return _error(422, str(error), "ErrorGeneric", [str(error)])
        rows = self.selected[1]
        page = [render(row) for row in rows[offset * limit : (offset + 1) * limit]]
        return json_answer({"totalItems": len(rows), "returnedItems": len(page), "limit": limit, "offset": offset, name: page})


def _find(records: AbsorbRecords, path: str) -> Found:
    if path == "/users":
        return "users", records.users, records.render_user
    if path == "/departments":
        return "departments", records.departments, records.render_department
    if path == "/courses":
        return "courses", records.courses, records.render_course
    if match := re.fullmatch(r"/courses/([^/]+)/enrollments", path):
        return "enrollments", records.enrollments_of_course(match[1]), records.render_enrollment
    if match := re.fullmatch(r"/users/([^/]+)/enrollments", path):
        return "enrollments", records.enrollments_of_user(match[1]), records.render_enrollment
    if match := re.fullmatch(r"/users/([^/]+)/certificates", path):
        return "certificates", records.certificates_of_user(match[1]), records.render_certificate
    return "", None, lambda row: {}


def _whole_number(query: dict[str, str], name: str, default: int, low: int, high: int) -> int:
    text = query.get(name, query.get(name[1:]))
    if text is None:
        return default
    if not re.fullmatch(r"-?\d{1,9}", text):
        raise FilterError(f"{name} must be a whole number")
    if int(text) > high:
        raise FilterError(f"{name} must not exceed {high}")
    if int(text) < low:
        raise FilterError(f"{name} must be at least {low}")
    return int(text)


def _field_names(record: dict[str, Any]) -> frozenset[str]:
    nested = [f"{name}/{inner}" for name, value in record.items() if isinstance(value, dict) for inner in value]
    return frozenset([*record, *nested])


def _value(row: Row, render: Render, name: str) -> Any:
    if name == "dateEdited":
        return row.edited
    if name == "dateAdded":
        return row.added
    if name == "id":
        return row.id
    record: Any = render(row)
    for part in name.split("/"):
        record = record[part]
    return float(record) if type(record) is int else record


def _filtered(query: dict[str, str], rows: list[Row], render: Render) -> list[Row]:
    text = query.get("_filter", "").strip()
    if "modifiedSince" in query:
        text = f"({text}) and " if text else ""
        text += f"dateEdited ge datetime'{query['modifiedSince']}'"
    if not text:
        return rows
    predicate = compile_filter(text, _field_names(render(rows[0])) if rows else None)
    return [row for row in rows if predicate(lambda name, row=row: _value(row, render, name))]  # type: ignore[misc]


def _sorted(query: dict[str, str], rows: list[Row], render: Render) -> list[Row]:
    fields = _field_names(render(rows[0])) if rows else None
    for name in reversed([part.strip() for part in query.get("_sort", "").split(",") if part.strip()]):
        plain = name.lstrip("-")
        if fields is not None and plain not in fields:
            raise FilterError(f"{plain} is not sortable")
        keys = {row.id: _sort_key(_value(row, render, plain)) for row in rows}
        rows = sorted(rows, key=lambda row: keys[row.id], reverse=name.startswith("-"))
    return rows


def _sort_key(value: Any) -> tuple[bool, Any]:
    return (False, 0) if value is None else (True, value if isinstance(value, str | float | datetime) else str(value))


def _error(status: int, message: str, term: str = "ErrorGeneric", validations: list[str] | None = None) -> Answer:
    content = {"validations": validations or [], "code": status, "message": message, "term": term, "_meta": {}}
    return json_answer(content, status)
