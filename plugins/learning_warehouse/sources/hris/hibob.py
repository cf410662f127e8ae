"""HiBob (Bob): everybody as they are tonight, and the whole work, lifecycle and contract history of each.

Paging: /people/search answers everybody at once, leavers only when asked for; the bulk tables go on with
`response_metadata.next_cursor` until it is null, 200 a page at most. Clock: none, no call can ask for what changed; so
every stream is a snapshot, and a record of a table is one employee with all rows. Rate limit: calls a minute and endpoint,
50 for the search, unpublished for the others; 429 with X-RateLimit-Reset. Deletes: who is absent from the newest list is
gone; a leaver is only Terminated. What the service user may not see is left out without a word, field or person.
`humanReadable: APPEND`: a list field is the number of a list item, its word stands below `humanReadable`; dates there have
the format of some user, so dates are read from the machine's side.
Documented by third parties only: the names of entry fields, and that history rows hold words where the search has numbers.
Our assumptions: a page holds 200 employees and not 200 entries, `reasonType` of a termination is Voluntary or Involuntary,
and `contract` tells contractors from employees (seeds xwalk_hibob_*.csv are the words of one company).
Docs: https://apidocs.hibob.com
Alone against the sandbox: `lw sandbox` in one terminal, `lw land hibob.work_history` in another.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from learning_warehouse.connections import Connection
from learning_warehouse.http import Basic, Client
from learning_warehouse.paging import ContractBroken, Request, parse_page, walk
from learning_warehouse.streams import Answer, Column, Page, Reading, Source, Stream

FIELDS = (
    "root.id", "root.email", "internal.status", "internal.lifecycleStatus", "internal.terminationDate", "work.startDate",
    "work.title", "work.department", "work.site", "work.employeeIdInCompany",
)  # fmt: skip
QUESTION = {"fields": FIELDS, "showInactive": True, "humanReadable": "APPEND"}


def open_client(connection: Connection) -> Client:
    """A client of a service user: its id and its token in a Basic header."""
    return Client(connection, Basic(connection.login, connection.password), base_path="/v1")


class _Everybody(msgspec.Struct):
    employees: list[msgspec.Raw]


class _Metadata(msgspec.Struct):
    next_cursor: str | None


class _TablePage(msgspec.Struct):
    results: list[msgspec.Raw]
    response_metadata: _Metadata
    errors: list[msgspec.Raw] = []


def _everybody(reading: Reading) -> Iterator[Page]:
    def read(answer: Answer) -> Page:
        return Page(parse_page(answer.body, "employees", _Everybody)[1])

    yield reading.client.post("/people/search", QUESTION, read)


@dataclass(frozen=True, slots=True)
class TablePages:
    """A bulk table. A record is one employee with all rows; people of whom some rows are refused break the page."""

    table: str
    page_size: int = 200

    def __call__(self, reading: Reading) -> Iterator[Page]:
        path, params = f"/bulk/people/{self.table}", {"limit": str(self.page_size)}

        def turn(answer: Answer) -> tuple[Page, Request | None]:
            page, records = parse_page(answer.body, "results", _TablePage)
            if page.errors:
                raise ContractBroken(f"the rows of {len(page.errors)} employees could not be read")
            following = page.response_metadata.next_cursor
            return Page(records), Request(path, {**params, "cursor": following}) if following else None

        return walk(reading, Request(path, params), turn)


def _history(name: str, table: str) -> Stream:
    return Stream(
        "hibob", "hris", name, "snapshot", TablePages(table), ("employee_id",), None, volume=(0.9, 1.5),
        columns=(Column("employee_id", path="employeeId", required=True), Column("entries", "json", "values")),
    )  # fmt: skip


EMPLOYEES = Stream(
    "hibob", "hris", "employees", "snapshot", _everybody, ("id",), None, identity="hibob.employees", volume=(0.9, 1.5),
    columns=(
        Column("id", required=True), Column("email", personal="email"), Column("status", path="internal.status", required=True),
        Column("lifecycle_status", path="internal.lifecycleStatus"),
        Column("termination_date", "date", "internal.terminationDate"), Column("start_date", "date", "work.startDate"),
        Column("title", path="humanReadable.work.title"), Column("department", path="humanReadable.work.department"),
        Column("site", path="humanReadable.work.site"), Column("employee_number", path="work.employeeIdInCompany"),
    ),
    untyped_keys=tuple(f"/{name.replace('.', '/')}" for name in FIELDS),
)  # fmt: skip
WORK_HISTORY = _history("work_history", "work")
LIFECYCLE_HISTORY = _history("lifecycle_history", "lifecycle")
EMPLOYMENT_HISTORY = _history("employment_history", "employment")

SOURCE = Source(
    "hibob", "HiBob", "hris",
    {stream.name: stream for stream in (EMPLOYEES, WORK_HISTORY, LIFECYCLE_HISTORY, EMPLOYMENT_HISTORY)},
    open_client, check_path="/bulk/people/work", check_params={"limit": "1"},
)  # fmt: skip
