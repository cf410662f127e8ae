"""BambooHR: employees as they are tonight, who changed, and the full job and employment histories of those who changed.

Paging: /employees has a cursor; the `changed` feeds are one map keyed by employee id, or an empty ARRAY when nobody
changed. Clock: `since`, answered inclusively; `latest` of one load is `since` of the next. A change of any field makes
`changed/tables` send ALL rows of that employee, so a record is one employee with all rows and replaces the older one.
Rate limit: not published; 429, before 2026-09-16 503, both with Retry-After. Deletes: action `Deleted`; a leaver is only
inactive. `reportsTo` in a job row is the manager's NAME; only `reportsToId` of tonight's employee is an id.
Docs: https://documentation.bamboohr.com/reference
Alone against the sandbox: `lw sandbox` in one terminal, `lw land bamboohr.job_info` in another.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import msgspec

from learning_warehouse.connections import Connection
from learning_warehouse.http import Basic, Client
from learning_warehouse.paging import AfterPages, ContractBroken, Request, parse, walk
from learning_warehouse.streams import Answer, Column, Page, Reading, Source, Stream

FIELDS = "workEmail,hireDate,divisionName,departmentName,locationName,employmentStatusName,reportsToId,reportsToName"  # fmt: skip


def open_client(connection: Connection) -> Client:
    """A client that sends the API key as the user of a Basic header."""
    return Client(connection, Basic(connection.password, "x"), base_path="/api/v1")


class _Changed(msgspec.Struct):
    employees: dict[str, msgspec.Raw] | list[msgspec.Raw]
    latest: str | None = None


class _LastChanged(msgspec.Struct, rename="camel"):
    last_changed: str | None = None


def _employees(reading: Reading) -> Iterator[Page]:
    for status in ("active", "inactive"):
        yield from AfterPages("/employees", {"fields": FIELDS, "filter[status]": status})(reading)


@dataclass(frozen=True, slots=True)
class ChangedMap:
    """One of the `changed` feeds. A record is a map entry; `with_key` writes the employee id into it as well."""

    path: str
    with_key: bool = False

    def __call__(self, reading: Reading) -> Iterator[Page]:
        since = reading.cursor or reading.window_from.isoformat()

        def turn(answer: Answer) -> tuple[Page, None]:
            page = parse(answer.body, _Changed)
            if isinstance(page.employees, list):
                if page.employees:
                    raise ContractBroken("employees is a list")
                return Page([], next_cursor=_not_after(reading.window_to, page.latest or since)), None
            records = [_with_key(key, bytes(entry)) if self.with_key else bytes(entry) for key, entry in page.employees.items()]
            return Page(records, next_cursor=_not_after(reading.window_to, page.latest or _newest(records, since))), None

        return walk(reading, Request(self.path, {"since": since}), turn)


def _with_key(key: str, entry: bytes) -> bytes:
    """The entry's own bytes with the map key in front: {"employeeId":"123",...}."""
    inside = entry.lstrip()[1:].lstrip() if entry.lstrip().startswith(b"{") else b'"entry":' + entry + b"}"
    return b'{"employeeId":' + msgspec.json.encode(key) + (b"" if inside.startswith(b"}") else b",") + inside


def _not_after(now: datetime, moment: str) -> str:
    """The moment, or `now` when it lies ahead: one row dated 2999 must not hide every change until then."""
    try:
        return moment if datetime.fromisoformat(moment) <= now else now.isoformat()
    except (ValueError, TypeError):
        return moment


def _newest(records: list[bytes], since: str) -> str:
    """The newest lastChanged of a feed that sends no `latest`; unreadable ones are left to typing."""
    newest = since
    for record in records:
        try:
            changed = msgspec.json.decode(record, type=_LastChanged).last_changed
            if changed and datetime.fromisoformat(changed) > datetime.fromisoformat(newest):
                newest = changed
        except (ValueError, TypeError):
            continue
    return newest


EMPLOYEES = Stream(
    "bamboohr", "hris", "employees", "snapshot", _employees, ("employee_id",), None, identity="bamboohr.employees",
    volume=(0.9, 1.5),
    columns=(
        Column("employee_id", path="employeeId", required=True), Column("status", required=True),
        Column("work_email", path="workEmail", personal="email"), Column("hire_date", "date", "hireDate"),
        Column("job_title_name", path="jobTitleName"), Column("department_name", path="departmentName"),
        Column("division_name", path="divisionName"), Column("location_name", path="locationName"),
        Column("employment_status_name", path="employmentStatusName"), Column("reports_to_id", path="reportsToId"),
    ),
    untyped_keys=("firstName", "lastName", "preferredName", "photoUrl", "reportsToName", "_restrictedFields"),
)  # fmt: skip
EMPLOYEE_CHANGES = Stream(
    "bamboohr", "hris", "employee_changes", "cursor", ChangedMap("/employees/changed"), ("id",), "last_changed",
    columns=(
        Column("id", required=True), Column("action", required=True),
        Column("last_changed", "timestamp", "lastChanged", required=True),
    ),
)  # fmt: skip
JOB_INFO = Stream(
    "bamboohr", "hris", "job_info", "cursor", ChangedMap("/employees/changed/tables/jobInfo", with_key=True),
    ("employee_id",), "last_changed",
    columns=(
        Column("employee_id", path="employeeId", required=True),
        Column("last_changed", "timestamp", "lastChanged", required=True), Column("rows", "json"),
    ),
)  # fmt: skip
EMPLOYMENT_STATUS = Stream(
    "bamboohr", "hris", "employment_status", "cursor", ChangedMap("/employees/changed/tables/employmentStatus", with_key=True),
    ("employee_id",), "last_changed", columns=JOB_INFO.columns,
)  # fmt: skip

SOURCE = Source(
    "bamboohr", "BambooHR", "hris",
    {stream.name: stream for stream in (EMPLOYEES, EMPLOYEE_CHANGES, JOB_INFO, EMPLOYMENT_STATUS)},
    open_client, check_path="/employees", check_params={"page[limit]": "1"},
)  # fmt: skip
