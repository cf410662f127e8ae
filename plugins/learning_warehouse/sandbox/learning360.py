"""360Learning API v2 as the sandbox answers it.

Traps to keep: `360-api-version` is required on every call; an answer is a bare array and the next page is in the Link header,
which is absent on the last page; `error` is a text in some answers and an object in others; a 429 has no Retry-After;
absent properties are left out. The `next` parameter is opaque and holds the filters.
"""

import base64
import re
import secrets
import time
from datetime import UTC, datetime
from typing import Any

import msgspec

from learning_warehouse.sandbox.records.learning360 import Learning360Records
from learning_warehouse.sandbox.records.learning360_ids import Row
from learning_warehouse.sandbox.throttle import Throttle
from learning_warehouse.sandbox.web import Answer, Call, json_answer
from learning_warehouse.sandbox.world import World

CLIENT_ID = "00000000000000000000000000000360"
CLIENT_SECRET = "sandbox-learning360-secret"  # noqa: S105  a published sandbox value
TOKEN_SECONDS = 3600
PAGE_SIZES = {
    "/users": 500, "/groups": 500, "/external-ids": 5000, "/courses": 500, "/courses/stats": 500, "/paths": 200,
    "/paths/stats": 2000, "certificates": 1000,
}  # fmt: skip
FILTERS = {
    "/users": ("mail", "username", "status"), "/external-ids": ("platform", "type", "value", "targetId"),
    "/courses": ("createdAt", "modifiedAt", "status", "type", "authorId", "groupId"),
    "/courses/stats": ("completedAt", "courseId", "userId"), "/paths": ("createdAt", "modifiedAt", "status"),
    "/paths/stats": ("completedAt", "pathId", "userId"), "certificates": ("deliveryDate", "expirationDate"),
}  # fmt: skip
DATES = ("completedAt", "createdAt", "modifiedAt", "deliveryDate", "expirationDate")
OPERATORS = ("eq", "ne", "in", "nin", "gte", "lt")


class Refused(ValueError):
    """A filter that the endpoint does not have."""


class Learning360:
    """The learning platform of one company."""

    def __init__(self, world: World, factor: float) -> None:
        self.world = world
        self.throttle = Throttle(50, 1.0, min(factor, 1.0))
        self.tokens: dict[str, float] = {}

    def answer(self, call: Call) -> Answer:
        """Answer one call."""
        if not call.path.startswith("/api/v2/"):
            return _error(404, "notFound", "There is nothing at this address.")
        path = call.path.removeprefix("/api/v2").rstrip("/")
        if call.headers.get("360-api-version") != "v2.0":
            return _error(400, "invalid_api_version", "The header 360-api-version must be v2.0.")
        if path == "/oauth2/token":
            return self._token(call)
        if self.tokens.get(call.bearer_token() or "", 0.0) < time.monotonic():
            return json_answer({"error": "invalid_token"}, 401)
        if not self.throttle.take().allowed:
            return json_answer({"error": "tooManyRequests"}, 429)
        if call.method != "GET":
            return _error(404, "notFound", "The sandbox only answers reads.")
        return self._list(call, path)

    def _token(self, call: Call) -> Answer:
        try:
            content = msgspec.json.decode(call.body)
        except msgspec.DecodeError:
            content = None
        if call.method != "POST" or not isinstance(content, dict):
            return json_answer({"error": "invalid_request"}, 400)
        if (
            not {"grant_type", "client_id", "client_secret"}
            <= set(content)
            <= {"grant_type", "client_id", "client_secret", "user_id", "company_id"}
        ):
            return json_answer({"error": "invalid_request"}, 400)
        if content["grant_type"] != "client_credentials":
            return json_answer({"error": "unsupported_grant_type"}, 400)
        if (content["client_id"], content["client_secret"]) != (CLIENT_ID, CLIENT_SECRET):
            return json_answer({"error": "invalid_client"}, 401)
        token = secrets.token_urlsafe(64)
        self.tokens[token] = time.monotonic() + TOKEN_SECONDS
        return json_answer({"token_type": "Bearer", "access_token": token, "expires_in": str(TOKEN_SECONDS)})

    def _list(self, call: Call, path: str) -> Answer:
        records: Learning360Records = self.world.learning360
        certified = re.fullmatch(r"/users/([0-9a-f]{24})/certificates", path)
        rows = records.certificates_of(certified[1]) if certified else records.rows_of(path)
        if rows is None:
            found = ("userNotFound", "No user has this id.") if certified else ("notFound", "There is nothing at this address.")
            return _error(404, *found)
        kind = "certificates" if certified else path
        query = dict(call.query)
        start = 0
        if "next" in query:
            start, query = _decoded(query["next"])
        try:
            rows = _filtered(rows, query, FILTERS.get(kind, ()))
        except Refused as error:
            return _error(400, "invalid_query", str(error))
        size = PAGE_SIZES[kind]
        link = f'<{call.base_url}{call.path}?next={next_token(start + size, query)}>; rel="next"'
        headers = {"Link": link} if start + size < len(rows) else {}
        return json_answer([records.render(row) for row in rows[start : start + size]], headers=headers)


def _filtered(rows: list[Row], query: dict[str, str], allowed: tuple[str, ...]) -> list[Row]:
    for name, value in query.items():
        match = re.fullmatch(r"(\w+)\[(\w+)\](?:\[\d*\])?", name)
        if match is None or match[1] not in allowed or match[2] not in OPERATORS:
            raise Refused(f"property {name} should not exist")
        rows = [row for row in rows if _fits(row.values.get(match[1]), match[1], match[2], value)]
    return rows


def _fits(held: Any, name: str, operator: str, value: str) -> bool:
    if name in DATES:
        try:
            bound = datetime.fromisoformat(value).astimezone(UTC).replace(microsecond=0)
        except ValueError:
            raise Refused(f"{name} must be a date") from None
        if operator not in ("gte", "lt"):
            raise Refused(f"{name} has gte and lt only")
        return held is not None and (held >= bound if operator == "gte" else held < bound)
    listed = value.split(",") if operator in ("in", "nin") else [value]
    return (held in listed) is (operator in ("eq", "in"))


def next_token(start: int, query: dict[str, str]) -> str:
    """The opaque text that stands for a place in a filtered list."""
    return base64.urlsafe_b64encode(msgspec.json.encode([start, query])).decode().rstrip("=")


def _decoded(text: str) -> tuple[int, dict[str, str]]:
    try:
        start, query = msgspec.json.decode(
            base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), type=tuple[int, dict[str, str]]
        )
    except (ValueError, msgspec.MsgspecError):
        return 0, {"next": text}
    return start, query


def _error(status: int, code: str, message: str) -> Answer:
    return json_answer({"error": {"code": code, "message": message}}, status)
