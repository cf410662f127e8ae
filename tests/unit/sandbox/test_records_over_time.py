"""What a record shows is a function of its version: a reader of deltas ends with the same records as one who reads all."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from learning_warehouse.sandbox.records.bamboohr import BambooRecords
from learning_warehouse.sandbox.world import World
from learning_warehouse.simulation.company import simulate
from learning_warehouse.simulation.ledger import Ledger

FIRST = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
NIGHTS = [FIRST - timedelta(days=400), FIRST - timedelta(days=200), FIRST, *(FIRST + timedelta(days=n) for n in (1, 2, 30))]
Versions = dict[str, tuple[Any, dict[str, Any]]]


@pytest.fixture(scope="module")
def company() -> Ledger:
    return simulate(5, employees=120, accounts=120)


def absorb(world: World) -> Iterator[tuple[str, Any, dict[str, Any]]]:
    records = world.absorb
    for row in records.users:
        yield row.id, row.edited, records.render_user(row)
    for row in records.courses:
        yield row.id, row.edited, records.render_course(row)
        for enrollment in records.enrollments_of_course(row.id) or []:
            yield enrollment.id, enrollment.edited, records.render_enrollment(enrollment)
    for user in records.users:
        for row in records.certificates_of_user(user.id) or []:
            yield row.id, row.edited, records.render_certificate(row)


def zendesk(world: World) -> Iterator[tuple[str, Any, dict[str, Any]]]:
    records = world.zendesk
    for row in records.tickets:
        yield f"ticket {row.id}", row.version, records.render_ticket(row, "", True)
    for row in records.users:
        yield f"user {row.id}", row.version, records.render_user(row, "")
    for row in records.organizations:
        yield f"organization {row.id}", row.version, records.render_organization(row, "")
    for row in records.satisfaction_ratings:
        yield f"rating {row.id}", row.version, records.render_rating(row, "")


def freshdesk(world: World) -> Iterator[tuple[str, Any, dict[str, Any]]]:
    records = world.freshdesk
    for row in records.tickets + records.deleted_tickets:
        yield f"ticket {row.id}", row.version, records.render_ticket(row, {"stats"})
    for row in records.contacts:
        yield f"contact {row.id}", row.version, records.render_contact(row)
    for row in records.agents:
        yield f"agent {row.id}", row.version, records.render_agent(row)
    for row in records.companies:
        yield f"company {row.id}", row.version, records.render_company(row)
    for row in records.ratings:
        yield f"rating {row.id}", row.version, records.render_rating(row)


def salesforce(world: World) -> Iterator[tuple[str, Any, dict[str, Any]]]:
    for name, rows in world.salesforce.objects.items():
        for row in rows:
            shown = {key: value for key, value in row.items() if name != "AccountHistory" or key != "IsDeleted"}
            yield row["Id"], row.get("SystemModstamp") or row["CreatedDate"], shown


def hubspot(world: World) -> Iterator[tuple[str, Any, dict[str, Any]]]:
    records = world.hubspot
    for name in ("contacts", "companies", "deals"):
        for thing in getattr(records, name):
            yield f"{name} {thing.id}", thing.updated, {**thing.properties, "archived": thing.archived}
    for winner in records.companies:
        for loser in (winner.properties["hs_merged_object_ids"] or "").split(";"):
            if loser:
                yield f"companies {loser}", winner.updated, {"went into": winner.id}
    for owner in records.owners:
        yield f"owner {owner['id']}", owner["updatedAt"], owner


def bamboohr(world: World) -> Iterator[tuple[str, Any, dict[str, Any]]]:
    records: BambooRecords = world.bamboohr
    for change in records.changes:
        tables = {name: rows.get(change.employee_id) for name, rows in records.tables.items()}
        yield change.employee_id, change.at, {"action": change.action, **tables}


@pytest.mark.parametrize("face", [absorb, bamboohr, zendesk, freshdesk, salesforce, hubspot])
def test_a_record_changes_only_together_with_its_version(
    company: Ledger, face: Callable[[World], Iterator[tuple[str, Any, dict[str, Any]]]]
) -> None:
    before: Versions = {}
    changed = 0
    for now in NIGHTS:
        after: Versions = {key: (version, record) for key, version, record in face(World(company, now))}
        assert set(before) <= set(after), "a record never vanishes without a trace"
        for key, (version, record) in before.items():
            if after[key][0] == version:
                assert after[key][1] == record, f"{key} changed under the same version"
            else:
                assert after[key][0] > version
                changed += 1
        before = after
    assert changed > 0


@pytest.mark.parametrize("face", [absorb, bamboohr, zendesk, freshdesk, salesforce, hubspot])
def test_two_sandboxes_of_one_seed_agree(
    company: Ledger, face: Callable[[World], Iterator[tuple[str, Any, dict[str, Any]]]]
) -> None:
    assert list(face(World(company, FIRST))) == list(face(World(simulate(5, employees=120, accounts=120), FIRST)))
