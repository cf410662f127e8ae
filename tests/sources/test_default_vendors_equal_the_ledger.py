"""Absorb, BambooHR, Zendesk and Salesforce by night, with faults on: keys and newest versions are what the ledger says.

In the first night answers are throttled, cut, refused and sent again, and one stream of each vendor changes a type, so that its
load sets everything aside. The nights after it bring what is missing and what has changed.
"""

from datetime import UTC, datetime, timedelta

import pytest
from ledger_workers import people
from nights import happened, naive, night, typed_rows

from learning_warehouse import audit
from learning_warehouse.errors import LearningWarehouseError
from learning_warehouse.keys import email_key
from learning_warehouse.landing import land_and_type
from learning_warehouse.sources import find
from learning_warehouse.streams import RunContext

FIRST = datetime(2026, 12, 1, 1, tzinfo=UTC)
SECOND = FIRST + timedelta(days=31)
SECRET = b"a-fixed-key-so-that-hashes-repeat"


def tickets(company, now):
    rows = {}
    for one in company.tickets:
        if one.created_at <= now - timedelta(minutes=1):
            replied, solved = happened(one.first_reply_at, now), happened(one.solved_at, now)
            status = "deleted" if happened(one.deleted_at, now) else "solved" if solved else "open" if replied else "new"
            rows[one.ticket_id] = (one.requester_id, one.assignee_id, one.organization_id, naive(one.created_at), status)
    return rows


def enrollments(company, now):
    rows = {}
    for one in company.enrollments:
        if one.added_at < now:
            completed = one.completed_at if happened(one.completed_at, now) else None
            started = one.started_at if happened(one.started_at, now) else None
            score = one.score if completed else None
            rows[one.enrollment_id] = (one.course_id, one.user_id, naive(one.added_at), naive(started), naive(completed), score)
    return rows


def learners(company, now):
    return {
        one.user_id: (email_key(SECRET, one.email), one.external_id, one.audience, 1 if happened(one.deactivated_at, now) else 0)
        for one in company.learners
        if one.created_at < now
    }


def employees(company, now):
    return {worker.employee_id: (spells[-1].hired, jobs[-1].job_title, jobs[-1].department, jobs[-1].location)
            for worker, spells, jobs in people(company, now)}  # fmt: skip


def accounts(company, now):
    rows = {}
    for one in company.accounts:
        if one.created_at < now:
            owners = [change.crm_user_id for change in one.owners if change.at < now] or [one.owners[0].crm_user_id]
            merged = one.merged_into if happened(one.merged_at, now) else None
            churned = one.churned_at if happened(one.churned_at, now) else None
            rows[one.account_id] = (one.segment, one.plan, owners[-1], naive(churned), merged, merged is not None)
    return rows


def opportunities(company, now):
    survivors = {one.account_id: one.merged_into for one in company.accounts if happened(one.merged_at, now)}
    rows = {}
    for one in company.opportunities:
        if one.created_at < now:
            closed = happened(one.closed_at, now)
            account = survivors.get(one.account_id, one.account_id)
            rows[one.opportunity_id] = (account, one.owner_crm_user_id, one.amount, closed, closed and one.is_won)
    return rows


STREAMS = {
    "zendesk.tickets": (tickets, ("requester_id", "assignee_id", "organization_id", "created_at", "status")),
    "absorb.enrollments": (enrollments, ("course_id", "user_id", "date_added", "date_started", "date_completed", "score")),
    "absorb.users": (learners, ("email_address_key", "external_id", "audience", "active_status")),
    "bamboohr.employees": (employees, ("hire_date", "job_title_name", "department_name", "location_name")),
    "salesforce.accounts": (accounts, ("segment", "plan", "owner_id", "churned_date", "master_record_id", "is_deleted")),
    "salesforce.opportunities": (opportunities, ("account_id", "owner_id", "amount", "is_closed", "is_won")),
}
DRIFTED = {"zendesk.tickets": "created_at", "absorb.users": "dateAdded", "bamboohr.employees": "hireDate"}


def shown(stream, stored, seq=None):
    """Key -> what the newest admitted version says, in the columns that are compared."""
    rows = typed_rows(stream, stored, seq)
    rows.sort(key=lambda row: (row[stream.cursor_field] if stream.cursor_field else 0, row["_seq"], row["_index"]))
    return {row[stream.primary_key[0]]: tuple(row[name] for name in STREAMS[stream.full_name][1]) for row in rows}


@pytest.mark.parametrize("name", STREAMS)
def test_nights_with_faults_end_with_the_ledger(sandbox, small_company, stored, name):
    stream, vendor = find(name), name.partition(".")[0]
    faults = [
        {"kind": "rate_limit", "seconds": 0, "times": 3},
        {"kind": "status", "status": 500, "times": 1},
        {"kind": "cut", "times": 2},
        {"kind": "again", "times": 1},
    ]
    if field := DRIFTED.get(name):
        faults.append({"kind": "retyped_field", "field": field})
    sandbox.set_faults([fault | {"vendor": vendor} for fault in faults])
    try:
        land_and_type(name, RunContext("first try", FIRST))
    except LearningWarehouseError:
        land_and_type(name, RunContext("second try", FIRST))
    told = {f"{one.source}.{one.stream}": one.verdict for one in audit.audit(stream.domain, "first", FIRST, stored)}
    assert (told[name] == "rejected") == (name in DRIFTED), "what drifted is held back"

    expected = STREAMS[name][0]
    assert len(expected(small_company, FIRST)) > 50
    assert expected(small_company, FIRST) != expected(small_company, SECOND)
    sandbox.set_faults([])
    manifest, _ = night(stream, FIRST, stored)
    assert shown(stream, stored, manifest.seq if stream.mode == "snapshot" else None) == expected(small_company, FIRST)

    sandbox.move(SECOND)
    manifest, receipt = night(stream, SECOND, stored)
    assert receipt.set_aside == 0
    assert shown(stream, stored, manifest.seq if stream.mode == "snapshot" else None) == expected(small_company, SECOND)
