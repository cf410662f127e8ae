"""An xAPI learning record store (1.0.3) as the sandbox answers it, read only.

Basic key and secret and the version header on every call, unknown parameters refused, newest first unless asked otherwise,
`more` links that count from the origin. What was stored in the last ten minutes is shown in part only, and
X-Experience-API-Consistent-Through says so. On hosts named `ralph.` it behaves like a real server that differs: `since` and
`until` go by the time of the event, rows come backwards, no such header, no check of the version, no `more` on the last page.
"""

import base64
import re
import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import msgspec

from learning_warehouse.sandbox.records.xapi import Stored
from learning_warehouse.sandbox.web import Answer, Call, json_answer
from learning_warehouse.sandbox.world import World

KEY, SECRET = "sandbox-xapi-key", "sandbox-xapi-secret"
ENDPOINT, MORE = "/data/xAPI", "/data/more"
MOST = 1000
SETTLES_IN = timedelta(minutes=10)
KNOWN = {
    "statementId", "voidedStatementId", "agent", "verb", "activity", "registration", "related_activities", "related_agents",
    "since", "until", "limit", "format", "attachments", "ascending",
}  # fmt: skip


class BadRequest(ValueError):
    """A call that the standard tells a store to refuse."""


class Xapi:
    """The record store of one company."""

    def __init__(self, world: World, factor: float) -> None:
        self.world = world

    def answer(self, call: Call) -> Answer:
        """Answer one call."""
        is_lax = call.host.startswith("ralph.")
        headers = {"X-Experience-API-Version": "1.0.3"}
        if call.basic_credentials() != (KEY, SECRET):
            return json_answer({"error": "Unauthorized"}, 401, headers)
        if not is_lax and not re.fullmatch(r"1\.0(\.\d+)?", call.headers.get("x-experience-api-version", "")):
            return json_answer({"error": "X-Experience-API-Version must be 1.0 or 1.0.x"}, 400, headers)
        if call.method != "GET":
            return json_answer({"error": "Method not allowed"}, 405, headers)
        if not is_lax:
            through = (self.world.now - SETTLES_IN).astimezone(UTC).isoformat(timespec="milliseconds")
            headers["X-Experience-API-Consistent-Through"] = through.replace("+00:00", "Z")
        try:
            if call.path == f"{ENDPOINT}/about":
                return json_answer({"version": ["1.0.3"]}, headers=headers)
            if call.path not in (f"{ENDPOINT}/statements", MORE):
                return json_answer({"error": "Not found"}, 404, headers)
            query = _continued(call.query) if call.path == MORE else call.query
            return self._statements(query, is_lax, headers)
        except BadRequest as error:
            return json_answer({"error": str(error)}, 400, headers)

    def _statements(self, query: dict[str, str], is_lax: bool, headers: dict[str, str]) -> Answer:
        if unknown := sorted(set(query) - KNOWN - {"position"}):
            raise BadRequest(f"unknown parameter: {', '.join(unknown)}")
        shown, void = self._shown(is_lax)
        for name, rows in (("statementId", shown), ("voidedStatementId", void)):
            if name in query:
                found = [row.content for row in rows if row.id == query[name]]
                return json_answer(found[0], headers=headers) if found else json_answer({"error": "Not found"}, 404, headers)
        rows = [row for row in shown if all(test(row) for test in _tests(query, is_lax))]
        if is_lax or query.get("ascending", "false") != "true":
            rows = rows[::-1]
        position, limit = _number(query, "position"), min(_number(query, "limit") or MOST, MOST)
        page, goes_on = rows[position : position + limit], position + limit < len(rows)
        content: dict[str, object] = {"statements": [row.content for row in page]}
        if goes_on or not is_lax:
            content["more"] = _more(query, position + limit) if goes_on else ""
        return json_answer(content, headers=headers)

    def _shown(self, is_lax: bool) -> tuple[list[Stored], list[Stored]]:
        """What a reader sees now: statements that are not void, and those that are."""
        settled = self.world.now - SETTLES_IN
        visible = [
            row for row in self.world.xapi.statements if is_lax or row.stored < settled or zlib.crc32(row.id.encode()) % 2 == 0
        ]
        void = {row.voids for row in visible if row.voids}
        return [row for row in visible if row.id not in void], [row for row in visible if row.id in void]


def _tests(query: dict[str, str], is_lax: bool) -> list[Callable[[Stored], bool]]:
    tests: list[Callable[[Stored], bool]] = []
    since, until = _moment(query, "since"), _moment(query, "until")
    if since:
        tests.append(lambda row: (row.happened if is_lax else row.stored) > since)
    if until:
        tests.append(lambda row: (row.happened if is_lax else row.stored) <= until)
    if "verb" in query:
        tests.append(lambda row: row.content["verb"]["id"] == query["verb"])
    if "activity" in query:
        tests.append(lambda row: row.content["object"]["id"] == query["activity"])
    if "registration" in query:
        tests.append(lambda row: row.content.get("context", {}).get("registration") == query["registration"])
    if "agent" in query:
        try:
            asked = msgspec.json.decode(query["agent"], type=dict[str, object])
        except msgspec.MsgspecError:
            raise BadRequest("agent must be a JSON object") from None
        tests.append(lambda row: row.content["actor"] | asked == row.content["actor"])
    return tests


def _moment(query: dict[str, str], name: str) -> datetime | None:
    if name not in query:
        return None
    try:
        moment = datetime.fromisoformat(query[name])
    except ValueError:
        raise BadRequest(f"{name} must be a time") from None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def _number(query: dict[str, str], name: str) -> int:
    text = query.get(name, "0")
    if not re.fullmatch(r"\d{1,9}", text):
        raise BadRequest(f"{name} must be a whole number")
    return int(text)


def _more(query: dict[str, str], position: int) -> str:
    token = base64.urlsafe_b64encode(msgspec.json.encode({**query, "position": str(position)})).decode().rstrip("=")
    return f"{MORE}?statements={token}"


def _continued(query: dict[str, str]) -> dict[str, str]:
    token = query.get("statements", "")
    try:
        return msgspec.json.decode(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)), type=dict[str, str])
    except (ValueError, msgspec.MsgspecError):
        raise BadRequest("this link has expired") from None
