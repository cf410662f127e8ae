"""The simulated company: the same seed gives the same facts, the planted shares are there, and no fact contradicts another."""

import dataclasses
import statistics
from collections import Counter
from datetime import UTC, date, datetime, time

import pytest

from learning_warehouse.simulation.company import simulate
from learning_warehouse.simulation.ledger import Ledger
from learning_warehouse.simulation.life_courses import anniversary


@pytest.fixture(scope="module")
def company() -> Ledger:
    return simulate(1)


@pytest.fixture(scope="module")
def small() -> Ledger:
    return simulate(7, employees=200, accounts=120)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _as_text(ledger: Ledger) -> dict[str, str]:
    return {field.name: repr(getattr(ledger, field.name)) for field in dataclasses.fields(ledger)}


def test_the_same_seed_and_size_give_the_same_facts(small: Ledger) -> None:
    assert _as_text(simulate(7, employees=200, accounts=120)) == _as_text(small)


def test_another_seed_gives_other_facts(small: Ledger) -> None:
    assert simulate(8, employees=200, accounts=120).tickets != small.tickets


def test_more_accounts_do_not_change_who_is_hired(small: Ledger) -> None:
    assert simulate(7, employees=200, accounts=150).employees == small.employees


def test_facts_run_from_before_the_observed_time_to_the_end_of_the_ledger(company: Ledger) -> None:
    assert min(row.created_at for row in company.accounts) < company.observed_from
    assert max(row.created_at for row in company.tickets) > company.ends_at.replace(day=25)
    assert min(row.created_at for row in company.tickets) >= company.observed_from
    assert (company.ends_at - company.first_night).days == 120


def test_the_default_company_has_the_size_its_readers_expect(company: Ledger) -> None:
    now = company.first_night
    hired = [row for row in company.employees if _midnight(row.spells[0].hired) < now]
    started = [row for row in company.accounts if _midnight(row.contract_start) < now and not row.merged_into and not row.is_test]
    assert 1350 <= len(hired) <= 1650
    assert 1900 <= len(started) <= 2100
    assert 50_000 <= sum(row.added_at < now for row in company.enrollments) <= 64_000
    assert 35_000 <= sum(row.created_at < now for row in company.tickets) <= 60_000
    assert 8_000 <= sum(row.created_at < now for row in company.opportunities) <= 12_000
    churned = [row for row in started if row.churned_at and company.observed_from <= row.churned_at < now]
    assert 430 <= len(churned) <= 650


def test_some_people_come_back_and_some_are_contractors(company: Ledger) -> None:
    assert sum(len(row.spells) > 1 for row in company.employees) >= 5
    share = sum(row.worker_type == "contractor" for row in company.employees) / len(company.employees)
    assert 0.02 <= share <= 0.06
    kinds = {spell.termination_type for row in company.employees for spell in row.spells if spell.terminated}
    assert kinds == {"voluntary", "involuntary", "other"}


def test_spells_of_a_worker_follow_each_other(company: Ledger) -> None:
    for row in company.employees:
        for spell, following in zip(row.spells, row.spells[1:], strict=False):
            assert spell.terminated is not None and spell.terminated < following.hired
        assert row.jobs[0].start == row.spells[0].hired
        assert [job.start for job in row.jobs] == sorted({job.start for job in row.jobs})


@pytest.mark.parametrize("day", [date(2025, 1, 1), date(2026, 12, 1), date(2027, 3, 1)])
def test_the_reporting_line_has_no_circle_and_one_head(company: Ledger, day: date) -> None:
    manager = {}
    for row in company.employees:
        if any(spell.hired <= day and (spell.terminated is None or day < spell.terminated) for spell in row.spells):
            manager[row.employee_id] = [job for job in row.jobs if job.start <= day][-1].manager_employee_id
    assert sum(above is None for above in manager.values()) == 1
    for worker in manager:
        seen: set[str] = set()
        at: str | None = worker
        while at is not None:
            assert at not in seen
            seen.add(at)
            at = manager[at]
    spans = Counter(above for above in manager.values() if above)
    assert 6 <= statistics.mean(spans.values()) <= 8


def test_nobody_leaves_before_the_contract_and_annual_plans_leave_at_a_renewal_only(company: Ledger) -> None:
    for row in company.accounts:
        assert row.created_at.date() <= row.contract_start
        if row.churned_at is None:
            continue
        assert row.churned_at.date() > row.contract_start
        if row.plan == "annual":
            epoch = date(1970, 1, 1)
            years = row.churned_at.year - row.contract_start.year
            renewal = anniversary((row.contract_start - epoch).days, years)
            assert years >= 1 and (row.churned_at.date() - epoch).days == renewal


def test_nobody_is_trained_before_the_academy_nor_after_leaving(company: Ledger) -> None:
    codes = {row.course_id: row.code for row in company.courses}
    contact_of = {row.user_id: row.contact_id for row in company.learners}
    account_of = {row.contact_id: row.account_id for row in company.contacts}
    accounts = {row.account_id: row for row in company.accounts}
    trained = set()
    for row in company.enrollments:
        if not codes[row.course_id].startswith("CUST-"):
            continue
        account = accounts[account_of[str(contact_of[row.user_id])]]
        assert row.added_at >= company.observed_from
        if row.completed_at and row.passed:
            assert row.completed_at > account.early_health_band_at
            assert account.churned_at is None or row.completed_at < account.churned_at
            trained.add(account.account_id)
    assert 500 <= len(trained) <= 1100


def test_times_within_a_fact_are_in_order(company: Ledger) -> None:
    for row in company.enrollments:
        assert row.started_at is None or row.added_at <= row.started_at
        assert row.completed_at is None or (row.started_at is not None and row.started_at <= row.completed_at)
    for ticket in company.tickets:
        assert ticket.created_at < ticket.first_reply_at
        assert ticket.solved_at is None or ticket.first_reply_at <= ticket.solved_at
        assert all(at is None or at.second == 0 for at in (ticket.created_at, ticket.first_reply_at, ticket.solved_at))


def test_tickets_are_asked_by_users_of_the_account_and_answered_by_agents_at_work(company: Ledger) -> None:
    users = {row.support_user_id: row for row in company.support_users}
    contacts = {row.contact_id: row.account_id for row in company.contacts}
    spells = {row.employee_id: row.spells for row in company.employees}
    for ticket in company.tickets[::7]:
        requester, agent = users[ticket.requester_id], users[ticket.assignee_id]
        assert contacts[str(requester.contact_id)] == ticket.account_id
        assert requester.created_at < ticket.created_at
        day = ticket.created_at.date()
        assert any(s.hired <= day and (s.terminated is None or day < s.terminated) for s in spells[str(agent.employee_id)])


def test_the_planted_shares_are_there(company: Ledger) -> None:
    tickets, learners = company.tickets, [row for row in company.learners if not row.is_test]
    assert 0.91 <= sum(row.is_kind_tagged for row in tickets) / len(tickets) <= 0.93
    assert 0.75 <= sum(row.external_id is not None for row in learners) / len(learners) <= 0.82
    assert 0.955 <= company.expected_match_rate <= 0.975
    assert 0.38 <= statistics.mean(bool(row.manager_asked) for row in company.checkins if row.manager_asked is not None) <= 0.45
    plans = [row.plan for row in company.accounts]
    assert 0.50 <= plans.count("annual") / len(plans) <= 0.60
    domains = Counter(row.website_domain for row in company.accounts if row.website_domain and not row.is_test)
    assert 1 <= sum(count > 1 for count in domains.values()) <= 3
    assert sum(row.merged_into is not None for row in company.accounts) == 7
    assert sum(row.is_test for row in company.accounts) == 3


def test_the_pilot_has_two_arms_of_twelve_teams_and_its_first_horizons_have_matured(company: Ledger) -> None:
    arms = Counter(row.arm for row in company.pilot_assignments)
    assert arms == {"coached": 12, "content_only": 12}
    days = (company.first_night - company.pilot_assignments[0].assigned_at).days
    assert 90 <= days < 180


def test_ids_are_unique_and_names_of_tables_point_at_existing_rows(company: Ledger) -> None:
    for rows, name in [
        (company.employees, "employee_id"),
        (company.employees, "work_email"),
        (company.learners, "user_id"),
        (company.enrollments, "enrollment_id"),
        (company.accounts, "account_id"),
        (company.contacts, "contact_id"),
        (company.contracts, "contract_id"),
        (company.opportunities, "opportunity_id"),
        (company.support_users, "support_user_id"),
        (company.tickets, "ticket_id"),
        (company.checkins, "checkin_id"),
        (company.coaching_events, "event_id"),
    ]:
        values = [getattr(row, name) for row in rows]
        assert len(values) == len(set(values)), name
    crm_users = {row.crm_user_id for row in company.crm_users}
    assert {row.owner_crm_user_id for row in company.opportunities} <= crm_users
    assert {change.crm_user_id for row in company.accounts for change in row.owners} <= crm_users
    assert all(len(row.account_id) == 18 for row in company.accounts)


def test_every_planted_effect_is_in_the_ledger(company: Ledger) -> None:
    assert {row.truth_id: row.value for row in company.truths} == {
        "churn": 0.66,
        "how_to": 0.78,
        "owner_churn": 0.80,
        "handling_time": 1.1,
        "pilot": 0.09,
        "coaching_practice_interaction": 4.0,
        "turnover_learning": 1.0,
        "first_value_path": 1.5,
        "policy_voluntary": 0.0,
        "role_performance": 4.0,
    }
