"""BambooHR API v1 as the sandbox answers it.

Basic authentication with the API key as user. `employees/changed` and `employees/changed/tables/...` are maps without
pages and speak XML unless JSON is asked for; /employees is paged by cursor. Throttled calls answer 429 with Retry-After.
"""

import base64
import binascii
import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode
from xml.sax.saxutils import quoteattr

from learning_warehouse.sandbox.throttle import Throttle
from learning_warehouse.sandbox.web import Answer, Call, json_answer
from learning_warehouse.sandbox.world import World

API_KEY = "sandbox-bamboohr-key"
ALWAYS = ("employeeId", "firstName", "lastName", "preferredName", "photoUrl", "jobTitleName", "status")
CLASSIC_NAMES = {  # fields of one employee, as they were called before the list of /employees
    "department": "departmentName",
    "division": "divisionName",
    "employmentHistoryStatus": "employmentStatusName",
    "jobTitle": "jobTitleName",
    "location": "locationName",
    "supervisor": "reportsToName",
    "supervisorEId": "reportsToId",
}
DEFAULT_LIMIT, MAX_LIMIT = 250, 2500
CALLS_PER_MINUTE = 100  # BambooHR publishes no number


class BambooHR:
    """The HRIS of one company."""

    def __init__(self, world: World, factor: float) -> None:
        self.world = world
        self.throttle = Throttle(CALLS_PER_MINUTE, 60.0, factor)

    def answer(self, call: Call) -> Answer:
        """Answer one call."""
        allowance = self.throttle.take()
        if not allowance.allowed:
            return _refusal(429, "Too many requests", {"Retry-After": str(allowance.retry_after_seconds)})
        credentials = call.basic_credentials()
        if credentials is None or credentials[0] != API_KEY:
            return _refusal(401, "Unauthorized: invalid API key")
        path = re.sub(r"^(/api/gateway\.php/[^/]+)?(/api)?/v1(?=/)", "", call.path.rstrip("/"))
        if path == call.path.rstrip("/"):
            return _refusal(404, "Not found")
        if call.method != "GET":
            return _refusal(405, "Method not allowed")
        return self._read(call, path)

    def _read(self, call: Call, path: str) -> Answer:
        if path == "/employees":
            return self._employees(call)
        if path == "/employees/changed":
            return self._changed(call)
        if match := re.fullmatch(r"/employees/changed/tables/(\w+)", path):
            return self._changed_table(call, match[1])
        if path == "/employees/directory":
            return self._directory()
        if match := re.fullmatch(r"/employees/(\d+)", path):
            return self._employee(call, match[1])
        return _refusal(404, "Not found")

    def _employees(self, call: Call) -> Answer:
        query = call.query
        try:
            limit = int(query.get("page[limit]", str(DEFAULT_LIMIT)))
            start = _position(query.get("page[after]", ""))
        except ValueError:
            return _problem("page[limit] must be a whole number and page[after] a cursor of this API")
        if not 1 <= limit <= MAX_LIMIT:
            return _problem(f"page[limit] must be between 1 and {MAX_LIMIT}")
        status = query.get("filter[status]")
        if status not in (None, "active", "inactive"):
            return _problem("filter[status] must be active or inactive")
        fields = [name.strip() for name in query.get("fields", "").split(",") if name.strip()]
        rows = [row for row in self.world.bamboohr.employees if status is None or row["status"].lower() == status]
        page = [_shown(row, fields) for row in rows[start : start + limit]]
        after = _cursor(start + limit) if start + limit < len(rows) else None
        before = _cursor(max(0, start - limit)) if start else None
        meta = {"total": len(rows), "page": {"limit": limit, "nextCursor": after, "prevCursor": before}}
        links = {
            "self": _link(call, query.get("page[after]")),
            "next": _link(call, after) if after else None,
            "prev": _link(call, before) if before else None,
        }
        return json_answer({"data": page, "meta": meta, "_links": links})

    def _changed(self, call: Call) -> Answer:
        since = _since(call)
        kind = call.query.get("type", "all")
        if since is None or kind not in ("inserted", "updated", "deleted", "all"):
            return _refusal(400, "since must be an ISO 8601 time, type one of inserted, updated, deleted, all")
        changes = [change for change in self.world.bamboohr.changes if change.at > since]
        changes = [change for change in changes if kind in ("all", change.action.lower())]
        latest = max((change.at for change in changes), default=since)
        entries = {
            change.employee_id: {"id": change.employee_id, "action": change.action, "lastChanged": _time(change.at)}
            for change in changes
        }
        if not _wants_json(call):
            lines = "".join(f"<employee id={quoteattr(k)} action={quoteattr(e['action'])}/>" for k, e in entries.items())
            return _xml(f"<employees latest={quoteattr(_time(latest))}>{lines}</employees>")
        return json_answer({"latest": _time(latest), "employees": entries})

    def _changed_table(self, call: Call, table: str) -> Answer:
        since = _since(call)
        rows = self.world.bamboohr.tables.get(table)
        if rows is None:
            return _refusal(404, f"No such table: {table}")
        if since is None:
            return _refusal(400, "since must be an ISO 8601 time")
        changes = {change.employee_id: change.at for change in self.world.bamboohr.changes if change.at > since}
        employees = {key: {"lastChanged": _time(at), "rows": rows[key]} for key, at in changes.items() if key in rows}
        if not _wants_json(call):
            return _xml(f"<table id={quoteattr(table)}/>")
        return json_answer({"table": table, "employees": employees})

    def _directory(self) -> Answer:
        active = [row for row in self.world.bamboohr.employees if row["status"] == "Active"]
        if not active:
            return _refusal(404, "The directory is empty")
        fields = [{"id": name, "type": "text", "name": name} for name in ("displayName", "jobTitle", "department", "workEmail")]
        employees = [
            {
                "id": row["employeeId"],
                "displayName": f"{row['firstName']} {row['lastName']}",
                "jobTitle": row["jobTitleName"],
                "department": row["departmentName"],
                "workEmail": row["workEmail"],
            }
            for row in active
        ]
        return json_answer({"fields": fields, "employees": employees})

    def _employee(self, call: Call, employee_id: str) -> Answer:
        row = next((row for row in self.world.bamboohr.employees if row["employeeId"] == employee_id), None)
        if row is None:
            return _refusal(404, "Not found")
        names = [name.strip() for name in call.query.get("fields", "").split(",") if name.strip()]
        shown = {name: CLASSIC_NAMES.get(name, name) for name in names}
        return json_answer({"id": employee_id} | {name: row[key] for name, key in shown.items() if key in row})


def _shown(row: dict[str, Any], fields: list[str]) -> dict[str, Any]:
    shown = {name: row[name] for name in ALWAYS}
    shown |= {name: row.get(name) for name in fields}
    return shown | {"_restrictedFields": [name for name in fields if name not in row]}


def _cursor(position: int) -> str:
    return base64.urlsafe_b64encode(f"after:{position}".encode()).decode().rstrip("=")


def _position(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except (binascii.Error, UnicodeDecodeError) as error:
        raise ValueError("unreadable cursor") from error
    return int(text.removeprefix("after:"))


def _link(call: Call, cursor: str | None) -> str:
    query = {name: value for name, value in call.query.items() if name != "page[after]"}
    if cursor:
        query["page[after]"] = cursor
    return f"{call.base_url}{call.path}" + (f"?{urlencode(query)}" if query else "")


def _since(call: Call) -> datetime | None:
    try:
        moment = datetime.fromisoformat(call.query.get("since", "").replace(" ", "+"))
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def _wants_json(call: Call) -> bool:
    return "application/json" in call.headers.get("accept", "")


def _xml(text: str) -> Answer:
    return Answer(200, f'<?xml version="1.0"?>\n{text}'.encode(), "text/xml; charset=utf-8")


def _refusal(status: int, reason: str, headers: dict[str, str] | None = None) -> Answer:
    return Answer(status, b"", "text/html; charset=utf-8", {"X-BambooHR-Error-Message": reason, **(headers or {})})


def _problem(detail: str) -> Answer:
    return json_answer({"type": "about:blank", "title": "Bad Request", "status": 400, "detail": detail}, 400)
