"""Two nights of Freshdesk with faults end with what the company's ledger says, computed here from its facts alone."""

from datetime import UTC, datetime, timedelta

import pytest
from nights import happened, naive, newest, night, spoiled, typed_rows

from learning_warehouse.sources import SOURCES

FIRST = datetime(2026, 12, 1, 1, tzinfo=UTC)
SECOND = FIRST + timedelta(days=1)
STREAMS = SOURCES["freshdesk"].streams
TICKETS = STREAMS["tickets"]
PRIORITIES = {None: 1, "low": 1, "normal": 2, "high": 3, "urgent": 4}
SHOWN = (
    "listed", "created_at", "updated_at", "status", "priority", "requester_id", "responder_id", "company_id",
    "first_responded_at", "resolved_at",
)  # fmt: skip


@pytest.fixture(scope="module")
def company():
    from learning_warehouse.simulation.company import simulate

    return simulate(1, employees=200, accounts=200)


def tickets_of(company, now):
    """Ticket id -> the facts of the ledger that had happened by `now`, in Freshdesk's numbers."""
    found = {}
    for ticket in company.tickets:
        if ticket.created_at >= now:
            continue
        replied, solved = happened(ticket.first_reply_at, now), happened(ticket.solved_at, now)
        moments = (ticket.created_at, ticket.first_reply_at, ticket.solved_at, ticket.deleted_at)
        found[ticket.ticket_id] = (
            "deleted" if happened(ticket.deleted_at, now) else "current",
            naive(ticket.created_at),
            naive(max(moment for moment in moments if happened(moment, now))),
            4 if solved else 2,
            PRIORITIES[ticket.priority],
            ticket.requester_id,
            ticket.assignee_id if replied else None,
            ticket.organization_id,
            naive(ticket.first_reply_at) if replied else None,
            naive(ticket.solved_at) if solved else None,
        )
    return found


def shown(rows):
    return {key: tuple(row[name] for name in SHOWN) for key, row in newest(rows).items()}


def test_tickets_equal_the_ledger_after_a_bad_night_and_the_next_night_brings_only_what_changed(every_vendor, stored, company):
    every_vendor.set_faults([
        {"vendor": "freshdesk", "kind": "rate_limit", "path_contains": "/tickets?", "seconds": 0, "times": 3},
        {"vendor": "freshdesk", "kind": "cut", "path_contains": "filter=spam", "times": 1},
        {"vendor": "freshdesk", "kind": "html", "path_contains": "filter=deleted", "times": 1},
    ])  # fmt: skip
    first, receipt = night(TICKETS, FIRST, stored)
    expected = tickets_of(company, FIRST)
    assert shown(typed_rows(TICKETS, stored)) == expected
    assert (first.retries, receipt.set_aside) == (5, 0)
    assert len(expected) < first.records < len(expected) * 1.05, "the last second of a page comes twice"

    every_vendor.set_faults([])
    every_vendor.move(SECOND)
    second, _ = night(TICKETS, SECOND, stored)
    later = tickets_of(company, SECOND)
    assert shown(typed_rows(TICKETS, stored)) == later
    assert 0 < second.records < len(expected) / 10
    since = max(row[2] for row in expected.values()) - TICKETS.lag
    asked_again = {key for key, row in later.items() if row[2] >= since or row[0] == "deleted"}
    assert {row["id"] for row in typed_rows(TICKETS, stored, second.seq)} == asked_again


def test_a_field_that_changes_its_type_sets_its_records_aside_and_leaves_the_others_equal(every_vendor, stored, company):
    worded = spoiled(TICKETS, lambda record: record | {"priority": "Urgent"} if record["priority"] == 4 else record)
    manifest, receipt = night(worded, FIRST, stored)
    assert receipt.set_aside_reasons == {"priority: a text that is not a whole number": receipt.set_aside}
    assert receipt.typed + receipt.set_aside == manifest.records
    expected = {key: row for key, row in tickets_of(company, FIRST).items() if row[4] != 4}
    assert shown(typed_rows(TICKETS, stored)) == expected


def test_people_companies_and_ratings_equal_the_ledger_on_both_nights(every_vendor, stored, company):
    for now in (FIRST, SECOND):
        every_vendor.move(now)
        loaded = {
            name: night(STREAMS[name], now, stored)[0] for name in ("contacts", "agents", "companies", "satisfaction_ratings")
        }
        users = {user.support_user_id: user for user in company.support_users if user.created_at < now}
        contacts = newest(typed_rows(STREAMS["contacts"], stored))
        assert {key: (row["company_id"], row["unique_external_id"]) for key, row in contacts.items()} == {
            key: (user.organization_id, user.external_id) for key, user in users.items() if user.role == "end-user"
        }
        agents = typed_rows(STREAMS["agents"], stored, loaded["agents"].seq)
        assert {row["id"]: row["email_domain"] for row in agents} == {
            key: user.email.partition("@")[2] for key, user in users.items() if user.role == "agent"
        }
        companies = typed_rows(STREAMS["companies"], stored, loaded["companies"].seq)
        assert {row["id"]: (row["name"], row["external_id"], row["domains"]) for row in companies} == {
            item.organization_id: (item.name, item.external_id, f'["{item.domain_names[0]}"]')
            for item in company.organizations
            if item.created_at < now
        }
        ratings = newest(typed_rows(STREAMS["satisfaction_ratings"], stored))
        assert {row["ticket_id"]: (row["rating"] > 0, row["created_at"]) for row in ratings.values()} == {
            ticket.ticket_id: (ticket.satisfaction == "good", naive(ticket.rated_at))
            for ticket in company.tickets
            if ticket.satisfaction and happened(ticket.rated_at, now)
        }
    assert loaded["satisfaction_ratings"].records < len(ratings) / 10
