"""Two nights of HubSpot with faults end with what the company's ledger says, computed here from its facts alone."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from nights import happened, naive, newest, night, spoiled, typed_rows

from learning_warehouse.sources import SOURCES

FIRST = datetime(2026, 12, 1, 1, tzinfo=UTC)
SECOND = FIRST + timedelta(days=1)
STREAMS = SOURCES["hubspot"].streams
TYPES = {"New Business": "newbusiness", "Renewal": "renewal", "Expansion": "existingbusiness"}


@pytest.fixture(scope="module")
def company():
    from learning_warehouse.simulation.company import simulate

    return simulate(1, employees=200, accounts=200)


def newest_of(moments, now):
    return naive(max(moment for moment in moments if happened(moment, now)))


def survivor(company, now, account_id):
    """The account that this one is by `now`."""
    account = next(item for item in company.accounts if item.account_id == account_id)
    return survivor(company, now, account.merged_into) if happened(account.merged_at, now) else account_id


def companies_of(company, now):
    """Account id -> the facts known by `now`, without accounts that a merge ended."""
    found = {}
    for account in company.accounts:
        if account.created_at >= now or happened(account.merged_at, now):
            continue
        owners = [change for change in account.owners if change.at < now]
        merges = [other.merged_at for other in company.accounts if other.merged_into == account.account_id]
        dated = (account.created_at, account.churned_at, account.first_value_at, account.early_health_band_at)
        has_band = happened(account.early_health_band_at, now)
        found[account.account_id] = (
            naive(account.created_at),
            newest_of((*dated, *(change.at for change in owners), *merges), now),
            account.name,
            account.website_domain or None,
            account.segment,
            account.plan,
            account.employee_count,
            account.early_health_band if has_band else None,
            account.early_health_band_at.date() if has_band else None,
            naive(account.churned_at) if happened(account.churned_at, now) else None,
            naive(account.first_value_at) if happened(account.first_value_at, now) else None,
            sum(happened(moment, now) for moment in merges),
        )
    return found


def companies_shown(rows):
    columns = (
        "created_at", "updated_at", "name", "domain", "segment", "plan", "numberofemployees", "early_health_band",
        "early_health_band_date", "churned_date", "first_value_date",
    )  # fmt: skip
    merged = {row["id"]: [number for number in (row["merged_object_ids"] or "").split(";") if number] for row in rows}
    gone = {number for numbers in merged.values() for number in numbers}
    return {
        row["external_id"]: (*(to_milliseconds(row[name]) for name in columns), len(merged[row["id"]]))
        for row in newest(rows).values()
        if row["id"] not in gone
    }


def to_milliseconds(value):
    return value.replace(microsecond=value.microsecond // 1000 * 1000) if isinstance(value, datetime) else value


def deals_of(company, now):
    """What tells a deal from all others -> its facts known by `now`; contracts are deals of another pipeline."""
    found = {}
    for deal in company.opportunities:
        if deal.created_at < now:
            closed = happened(deal.closed_at, now)
            found[deal.opportunity_id] = (
                "default", naive(deal.created_at), newest_of((deal.created_at, deal.closed_at), now), TYPES[deal.type],
                deal.amount, closed, closed and deal.is_won, naive(deal.closed_at) if closed else None, None, None,
            )  # fmt: skip
    for item in company.contracts:
        if item.created_at < now:
            found[item.contract_id] = (
                "contracts", naive(item.created_at), naive(item.created_at), None, None, True, True, naive(item.created_at),
                item.start, (item.end, item.term_months, item.paid_seats, item.annual_value),
            )  # fmt: skip
    return sorted(found.values(), key=str)


def deals_shown(rows):
    return sorted(
        (
            (
                row["pipeline"], row["created_at"], row["updated_at"], row["dealtype"], row["amount"], row["is_closed"],
                row["is_won"], row["closedate"] if row["is_closed"] else None, row["contract_start_date"],
                (row["contract_end_date"], row["contract_term_months"], row["paid_seats"], row["annual_value"])
                if row["pipeline"] == "contracts" else None,
            )
            for row in newest(rows).values()
        ), key=str,
    )  # fmt: skip


def test_companies_equal_the_ledger_after_a_bad_night_and_the_next_night_brings_only_what_changed(every_vendor, stored, company):
    stream = STREAMS["companies"]
    every_vendor.set_faults([
        {"vendor": "hubspot", "kind": "rate_limit", "path_contains": "/companies/search", "seconds": 0, "times": 3},
        {"vendor": "hubspot", "kind": "cut", "path_contains": "archived=true", "times": 1},
        {"vendor": "hubspot", "kind": "status", "status": 423, "path_contains": "archived=true", "times": 1},
    ])  # fmt: skip
    first, receipt = night(stream, FIRST, stored)
    expected = companies_of(company, FIRST)
    assert companies_shown(typed_rows(stream, stored)) == expected
    assert (first.retries, receipt.set_aside, first.records) == (4, 0, len(expected))

    every_vendor.set_faults([])
    every_vendor.move(SECOND)
    second, _ = night(stream, SECOND, stored)
    later = companies_of(company, SECOND)
    assert companies_shown(typed_rows(stream, stored)) == later
    assert 0 < second.records < len(expected) / 10
    since = max(row[1] for row in expected.values()) - stream.lag
    assert {row["external_id"] for row in typed_rows(stream, stored, second.seq)} == {
        key for key, row in later.items() if row[1] >= since
    }


def test_contacts_equal_the_ledger_and_archived_ones_keep_their_date(every_vendor, stored, company):
    stream = STREAMS["contacts"]
    for now in (FIRST, SECOND):
        every_vendor.move(now)
        night(stream, now, stored)
        rows = newest(typed_rows(stream, stored)).values()
        living = [contact for contact in company.contacts if contact.created_at < now]
        assert {
            row["external_id"]: (row["archived"], row["archived_at"], row["email_domain"], row["jobtitle"]) for row in rows
        } == {
            contact.contact_id: (
                happened(contact.deleted_at, now),
                naive(contact.deleted_at) if happened(contact.deleted_at, now) else None,
                contact.email.partition("@")[2],
                contact.title,
            )
            for contact in living
        }
    assert any(row["archived"] for row in rows)


def test_deals_and_contracts_equal_the_ledger_on_both_nights(every_vendor, stored, company):
    stream = STREAMS["deals"]
    first, _ = night(stream, FIRST, stored)
    assert deals_shown(typed_rows(stream, stored)) == deals_of(company, FIRST)
    assert (first.pages, first.requests) == (11, 12), "how many there are, steps of two hundred, and the archived list"
    every_vendor.move(SECOND)
    second, _ = night(stream, SECOND, stored)
    assert deals_shown(typed_rows(stream, stored)) == deals_of(company, SECOND)
    assert second.records < 30


def test_links_lead_from_every_living_contact_and_deal_to_the_company_that_survives(every_vendor, stored, company):
    for name in ("companies", "contacts", "deals", "contact_companies", "deal_companies"):
        night(STREAMS[name], FIRST, stored)
    accounts = {row["id"]: row["external_id"] for row in typed_rows(STREAMS["companies"], stored)}
    contacts = {row["id"]: row["external_id"] for row in typed_rows(STREAMS["contacts"], stored) if not row["archived"]}
    linked = {
        contacts[row["from_object_id"]]: accounts[row["to_object_id"]] for row in typed_rows(STREAMS["contact_companies"], stored)
    }
    assert linked == {
        contact.contact_id: survivor(company, FIRST, contact.account_id)
        for contact in company.contacts
        if contact.created_at < FIRST and not happened(contact.deleted_at, FIRST)
    }
    deals = typed_rows(STREAMS["deal_companies"], stored)
    assert {row["from_object_id"] for row in deals} == {row["id"] for row in typed_rows(STREAMS["deals"], stored)}
    per_account = {}
    for row in deals:
        per_account[accounts[row["to_object_id"]]] = per_account.get(accounts[row["to_object_id"]], 0) + 1
    expected = {}
    for item in (*company.opportunities, *company.contracts):
        if item.created_at < FIRST:
            account = survivor(company, FIRST, item.account_id)
            expected[account] = expected.get(account, 0) + 1
    assert per_account == expected


def test_owners_are_the_crm_users_and_who_left_is_archived(every_vendor, stored, company):
    night(STREAMS["owners"], FIRST, stored)
    rows = typed_rows(STREAMS["owners"], stored)
    people = {person.employee_id: person for person in company.employees}
    known = [user for user in company.crm_users if user.created_at < FIRST]
    left = [
        user
        for user in known
        for spell in [max((s for s in people[user.employee_id].spells if s.hired <= FIRST.date()), key=lambda s: s.hired)]
        if spell.terminated and spell.terminated < FIRST.date()
    ]
    assert (len(rows), sum(row["archived"] for row in rows)) == (len(known), len(left))
    assert sorted(row["created_at"] for row in rows) == sorted(naive(user.created_at) for user in known)


def test_every_owner_that_a_company_had_is_in_its_history(every_vendor, stored, company):
    night(STREAMS["owners"], FIRST, stored)
    night(STREAMS["companies"], FIRST, stored)
    first, _ = night(STREAMS["company_owners"], FIRST, stored)
    accounts = {row["id"]: row["external_id"] for row in typed_rows(STREAMS["companies"], stored)}
    shown = {accounts[row["id"]]: json.loads(row["owner_history"]) for row in typed_rows(STREAMS["company_owners"], stored)}
    assert {key: [datetime.fromisoformat(item["timestamp"]) for item in items] for key, items in shown.items()} == {
        key: [to_milliseconds(change.at) for change in reversed(account.owners) if change.at < FIRST]
        for account in company.accounts
        for key in [account.account_id]
        if key in shown
    }
    assert set(shown) == set(companies_of(company, FIRST))
    owners = {row["id"] for row in typed_rows(STREAMS["owners"], stored)}
    assert {item["value"] for items in shown.values() for item in items} <= owners
    every_vendor.move(SECOND)
    assert night(STREAMS["company_owners"], SECOND, stored)[0].records < first.records / 10


def test_a_property_that_changes_its_type_sets_its_records_aside_and_leaves_the_others(every_vendor, stored, company):
    def worded(record):
        properties = record["properties"]
        return record | {"properties": properties | {"numberofemployees": "many"}} if properties["segment"] == "large" else record

    _, receipt = night(spoiled(STREAMS["companies"], worded), FIRST, stored)
    expected = {key: row for key, row in companies_of(company, FIRST).items() if row[4] != "large"}
    assert receipt.set_aside_reasons == {"numberofemployees: a text that is not a whole number": receipt.set_aside}
    assert companies_shown(typed_rows(STREAMS["companies"], stored)) == expected
