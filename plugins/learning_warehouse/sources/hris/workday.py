"""Workday, by reports as a service (RaaS): workers as they are tonight, and the whole history of those who changed.

Workday has no table that all customers share, so two reports are agreed with the company's report writer, with these
columns and aliases (docs/connect-your-own.md). Paging: none; a report comes whole, and the history is asked for in pieces
of time. Clock: `Updated_From` (inclusive) and `Updated_To` (exclusive) on Last_Functionally_Updated, with a day of
overlap; a correction of the past moves it and sends ALL rows of that worker, so a record replaces the older one.
Rate limit: not published; 429 without Retry-After, sometimes 500. A report may take 30 minutes and bring 2 GB. Deletes: a
worker who is absent from the newest list is gone; a leaver is only Terminated.
Docs: https://doc.workday.com (Reports as a Service)
Alone against the sandbox: `lw sandbox` in one terminal, `lw land workday.worker_history` in another.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from learning_warehouse.connections import Connection
from learning_warehouse.http import Basic, Client
from learning_warehouse.paging_reports import ReportContract, ReportPages, growing_chunks
from learning_warehouse.streams import Column, Reading, Source, Stream

OVERLAP = timedelta(days=1)
PATIENCE = {"read_seconds": 1800, "response_seconds": 1860}
WORKERS_REPORT = ReportContract(
    "Learning_Warehouse_Workers",
    always=(
        "Employee_ID", "Worker_WID", "Worker_Status", "Worker_Type", "Hire_Date", "Effective_Date", "Last_Functionally_Updated",
    ),
    sometimes=(
        "Preferred_Name", "Work_Email", "Termination_Date", "Job_Profile", "Job_Family", "Management_Level",
        "Supervisory_Organization", "Division", "Location", "FTE", "Manager_Employee_ID",
    ),
    is_whole=True,
)  # fmt: skip
HISTORY_REPORT = ReportContract(
    "Learning_Warehouse_Worker_History",
    always=("Employee_ID", "Worker_WID", "Last_Functionally_Updated"),
    groups={
        "Job_History": ReportContract(
            "Learning_Warehouse_Worker_History, column Job_History",
            always=("Effective_Date", "Entry_Moment"),
            sometimes=(
                "Job_Profile", "Job_Family", "Management_Level", "Supervisory_Organization", "Division", "Location", "FTE",
                "Manager_Employee_ID",
            ),
        ),
        "Employment_History": ReportContract(
            "Learning_Warehouse_Worker_History, column Employment_History",
            always=("Effective_Date", "Entry_Moment", "Worker_Status"),
            sometimes=("Worker_Type", "Termination_Category", "Termination_Reason"),
        ),
    },
)  # fmt: skip


def open_client(connection: Connection) -> Client:
    """A client of the integration system user. The host ends with the report owner: .../customreport2/{tenant}/{owner}."""
    patient = replace(connection, extra={**PATIENCE, **connection.extra})
    return Client(patient, Basic(connection.login, connection.password))


def _tonight(reading: Reading) -> Iterator[dict[str, str]]:
    yield {"Effective_as_of_Date": reading.window_to.date().isoformat()}


def _updated(reading: Reading) -> Iterator[dict[str, str]]:
    for since, until in growing_chunks(reading.window_from, reading.window_to):
        yield {name: moment.isoformat() for name, moment in (("Updated_From", since), ("Updated_To", until))}


WORKERS = Stream(
    "workday", "hris", "workers", "snapshot", ReportPages(WORKERS_REPORT, _tonight), ("employee_id",), None,
    identity="workday.workers", volume=(0.9, 1.5),
    columns=(
        Column("employee_id", path="Employee_ID", required=True), Column("worker_wid", path="Worker_WID", required=True),
        Column("work_email", path="Work_Email", personal="email"), Column("worker_status", path="Worker_Status", required=True),
        Column("worker_type", path="Worker_Type"), Column("hire_date", "date", "Hire_Date"),
        Column("termination_date", "date", "Termination_Date"), Column("job_profile", path="Job_Profile"),
        Column("job_family", path="Job_Family"), Column("management_level", path="Management_Level"),
        Column("supervisory_organization", path="Supervisory_Organization"), Column("division", path="Division"),
        Column("location", path="Location"), Column("fte", "double", "FTE"),
        Column("manager_employee_id", path="Manager_Employee_ID"), Column("effective_date", "date", "Effective_Date"),
        Column("last_functionally_updated", "timestamp", "Last_Functionally_Updated"),
    ),
    untyped_keys=("Preferred_Name",),
)  # fmt: skip
WORKER_HISTORY = Stream(
    "workday", "hris", "worker_history", "window", ReportPages(HISTORY_REPORT, _updated), ("employee_id",),
    "last_functionally_updated", lag=OVERLAP,
    columns=(
        Column("employee_id", path="Employee_ID", required=True), Column("worker_wid", path="Worker_WID", required=True),
        Column("last_functionally_updated", "timestamp", "Last_Functionally_Updated", required=True),
        Column("job_history", "json", "Job_History"), Column("employment_history", "json", "Employment_History"),
    ),
)  # fmt: skip

SOURCE = Source(
    "workday", "Workday", "hris", {stream.name: stream for stream in (WORKERS, WORKER_HISTORY)}, open_client,
    check_path=f"/{HISTORY_REPORT.name}",
    check_params={"format": "json", "Updated_From": "2000-01-01T00:00:00+00:00", "Updated_To": "2000-01-01T00:00:01+00:00"},
)  # fmt: skip
