"""Workday by night, with faults on: what is admitted is what the ledger says, worker by worker and row by row."""

from datetime import UTC, date, datetime, time, timedelta

import duckdb
import msgspec
import pytest
from ledger_workers import began, people

from learning_warehouse import admission, audit, loads
from learning_warehouse.errors import StopStream
from learning_warehouse.keys import email_key
from learning_warehouse.landing import land_and_type
from learning_warehouse.sources import find
from learning_warehouse.streams import RunContext

FIRST = datetime(2026, 12, 1, 1, tzinfo=UTC)
SECOND, AFTER_A_DELETION = FIRST + timedelta(days=1), FIRST + timedelta(days=3)
STREAMS = ("workday.workers", "workday.worker_history")
TYPES = {"employee": "Employee", "contractor": "Contingent Worker"}
NEWEST = """
    select * exclude (place) from (
        select *, row_number() over (partition by employee_id order by last_functionally_updated desc, _seq desc) as place
        from read_parquet('{glob}', hive_partitioning = false)
    ) where place = 1
"""


def workers_of(company, now):
    rows = {}
    for worker, spells, jobs in people(company, now):
        last, job = spells[-1], jobs[-1]
        left = last.terminated if began(last.terminated, now) else None
        rows[worker.employee_id] = (
            email_key(b"a-fixed-key-so-that-hashes-repeat", worker.work_email),
            "Terminated" if left else "Active", TYPES[worker.worker_type], last.hired, left,
            job.job_title, job.department, job.division, job.location, job.manager_employee_id,
        )  # fmt: skip
    return rows


def histories_of(company, now):
    rows = {}
    for worker, spells, jobs in people(company, now):
        states = []
        for spell in spells:
            states.append((spell.hired.isoformat(), "Active", ""))
            if began(spell.terminated, now):
                states.append((spell.terminated.isoformat(), "Terminated", (spell.termination_type or "other").capitalize()))
        told = [
            (job.start.isoformat(), job.job_title, job.department, job.location, job.manager_employee_id or "") for job in jobs
        ]
        days = [date.fromisoformat(row[0]) for row in (*states, *told)]
        rows[worker.employee_id] = (datetime.combine(max(days), time()), told, states)
    return rows


def admitted_workers(stored):
    source = f"read_parquet('{stored.path('admitted/workday/workers/v=1')}/*.parquet', hive_partitioning=false)"
    columns = (
        "employee_id, work_email_key, worker_status, worker_type, hire_date, termination_date, job_profile, "
        "supervisory_organization, division, location, manager_employee_id"
    )
    rows = duckdb.sql(f"select {columns} from {source} where _seq = (select max(_seq) from {source})").fetchall()
    assert len({row[0] for row in rows}) == len(rows)
    return {row[0]: row[1:] for row in rows}


def admitted_histories(stored):
    glob = stored.path("admitted/workday/worker_history/v=1") + "/*.parquet"
    columns = "employee_id, last_functionally_updated, job_history::varchar, employment_history::varchar"
    rows = duckdb.sql(f"select {columns} from ({NEWEST.format(glob=glob)})").fetchall()
    jobs = ("Effective_Date", "Job_Profile", "Supervisory_Organization", "Location", "Manager_Employee_ID")
    states = ("Effective_Date", "Worker_Status", "Termination_Category")
    return {key: (updated, opened(job_rows, jobs), opened(status_rows, states)) for key, updated, job_rows, status_rows in rows}


def opened(text, names):
    return [tuple(row[name] for name in names) for row in msgspec.json.decode(text)]


def night(run_id, now, stored):
    """Land, type, judge, admit."""
    receipts = {name: land_and_type(name, RunContext(run_id, now)) for name in STREAMS}
    verdicts = {f"workday.{verdict.stream}": verdict.verdict for verdict in audit.audit("hris", run_id, now, stored)}
    admission.admit("hris", stored)
    return receipts, verdicts


def test_nights_with_faults_end_with_the_ledger_and_later_nights_bring_only_what_changed(every_vendor, small_company, stored):
    every_vendor.set_faults(
        [
            {"vendor": "workday", "kind": "rate_limit", "seconds": 0, "path_contains": "History", "times": 3},
            {"vendor": "workday", "kind": "status", "status": 500, "path_contains": "Updated_To=2026-12-01", "times": 1},
            {"vendor": "workday", "kind": "cut", "path_contains": "Workers", "times": 1},
            {"vendor": "workday", "kind": "retyped_field", "field": "Hire_Date", "path_contains": "Workers"},
        ]
    )
    receipts, verdicts = night("first", FIRST, stored)
    drifted = receipts["workday.workers"]
    assert verdicts == {"workday.workers": "rejected", "workday.worker_history": "admitted"}
    assert drifted.set_aside_reasons == {"hire_date: a list that is not a date": drifted.records}

    every_vendor.set_faults([])
    receipts, verdicts = night("first again", FIRST, stored)
    assert verdicts["workday.workers"] == "admitted"
    assert admitted_workers(stored) == workers_of(small_company, FIRST)
    assert admitted_histories(stored) == histories_of(small_company, FIRST)

    every_vendor.move(SECOND)
    before, after = (histories_of(small_company, now) for now in (FIRST, SECOND))
    overlap = max(updated for updated, *_ in before.values()) - timedelta(days=1)
    receipts, _ = night("second", SECOND, stored)
    assert receipts["workday.worker_history"].records == sum(updated >= overlap for updated, *_ in after.values())
    assert 0 < receipts["workday.worker_history"].records < len(after) / 10
    assert admitted_workers(stored) == workers_of(small_company, SECOND)
    assert admitted_histories(stored) == after

    every_vendor.move(AFTER_A_DELETION)
    night("third", AFTER_A_DELETION, stored)
    gone = set(admitted_histories(stored)) - set(admitted_workers(stored))
    assert gone == {"1247"}, "the ledger deletes this worker on the third of December"
    assert admitted_workers(stored) == workers_of(small_company, AFTER_A_DELETION)


@pytest.mark.parametrize(
    ("stream", "field", "said"),
    [
        ("workers", "Location", "without Location and with Location_2"),
        ("workers", "Employee_ID", "without Employee_ID and with Location_2"),
        ("worker_history", "Effective_Date", "column Job_History is not .* without Effective_Date and with Location_2"),
        ("worker_history", "Job_History", "with Location_2"),
    ],
)
def test_a_renamed_alias_stops_the_stream_names_itself_and_lands_nothing(every_vendor, stored, stream, field, said):
    every_vendor.set_faults([{"vendor": "workday", "kind": "renamed_field", "field": field, "becomes": "Location_2"}])
    with pytest.raises(StopStream, match=said):
        land_and_type(f"workday.{stream}", RunContext("first", FIRST))
    assert loads.manifests(find(f"workday.{stream}"), stored) == []
    (failure,) = loads.failures(stored, "first")
    assert "Location_2" in failure.reason
