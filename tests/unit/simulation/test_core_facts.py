"""The oracle of the core tables: the rules on a ledger small enough to check by hand, and sanity on a simulated one."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from learning_warehouse.settings import REPOSITORY, Company, read_company
from learning_warehouse.simulation.company import simulate
from learning_warehouse.simulation.core_facts import core_facts, write_core_facts
from learning_warehouse.simulation.core_tables import TABLES
from learning_warehouse.simulation.draws import ENDS_AT, FIRST_NIGHT, OBSERVED_FROM
from learning_warehouse.simulation.ledger import (
    Account,
    Contact,
    Contract,
    Course,
    CrmUser,
    Employee,
    Enrollment,
    Job,
    Learner,
    Ledger,
    Organization,
    OwnerChange,
    Spell,
    SupportUser,
    Ticket,
)

SECRET = b"a fixed secret for tests"


def at(year: int, month: int, day: int, hour: int = 9) -> datetime:
    return datetime(year, month, day, hour, tzinfo=UTC)


@pytest.fixture(scope="module")
def company() -> Company:
    return read_company(REPOSITORY / "company.yml")


@pytest.fixture(scope="module")
def simulated() -> Ledger:
    return simulate(5, employees=200, accounts=120)


def _account(number: int, **changes: Any) -> Account:
    values: dict[str, Any] = {
        "account_id": f"001A{number:014d}",
        "name": f"Account {number}",
        "segment": "small",
        "plan": "annual",
        "industry": "Retail",
        "employee_count": 10,
        "website_domain": f"account{number}.example",
        "early_health_band": "mid",
        "early_health_band_at": at(2025, 3, 25),
        "contract_start": date(2025, 3, 15),
        "churned_at": None,
        "first_value_at": None,
        "owners": (OwnerChange(at(2025, 2, 1), "005A"), OwnerChange(at(2025, 6, 10), "005B")),
        "created_at": at(2025, 2, 1),
    }
    return Account(**(values | changes))


def _tiny() -> Ledger:
    one, two, loser = "001A00000000000001", "001A00000000000002", "001A00000000000003"
    ledger = Ledger("tiny", "Tiny", 0, OBSERVED_FROM, FIRST_NIGHT, ENDS_AT)
    job = Job(date(2024, 1, 8), "Berlin", "Sales", "Commercial", "Customer Success Manager", None)
    ledger.employees = [
        Employee("1", "Ann", "Lee", "ann.lee@halden.example", "employee", (Spell(date(2024, 1, 8)),), (job,)),
        Employee(
            "2",
            "Bo",
            "Ray",
            "bo.ray@halden.example",
            "employee",
            (Spell(date(2024, 1, 8), date(2025, 5, 1), "voluntary"), Spell(date(2026, 1, 5))),
            (
                Job(date(2024, 1, 8), "Berlin", "Sales", "Commercial", "Account Executive", "1"),
                Job(date(2026, 1, 5), "Dublin", "Sales", "Commercial", "Account Executive", "1"),
            ),
        ),
    ]
    ledger.crm_users = [
        CrmUser("005A", "1", "ann.lee@halden.example", True, at(2024, 1, 8)),
        CrmUser("005B", "2", "bo.ray@halden.example", False, at(2024, 1, 8)),
    ]
    ledger.accounts = [
        _account(1),
        _account(2, plan="monthly", contract_start=date(2025, 4, 10), churned_at=at(2025, 6, 16, 0)),
        _account(3, website_domain="", owners=(OwnerChange(at(2025, 2, 1), "005A"),), merged_into=one, merged_at=at(2026, 6, 1)),
    ]
    ledger.contracts = [
        Contract("800A", one, date(2025, 3, 15), date(2026, 3, 15), 12, 10, 5000.0, at(2025, 3, 1)),
        Contract("800B", one, date(2026, 3, 15), date(2027, 3, 15), 12, 12, 6000.0, at(2026, 3, 1)),
        Contract("800C", two, date(2025, 4, 10), date(2026, 4, 10), 1, 5, 900.0, at(2025, 4, 1)),
    ]
    ledger.contacts = [
        Contact("003A", one, "mia@account1.example", "Analyst", at(2025, 3, 1)),
        Contact("003B", one, "office@account1.example", "Analyst", at(2025, 3, 1)),
        Contact("003C", one, "office@account1.example", "Analyst", at(2025, 3, 1)),
        Contact("003D", loser, "joe@account1.example", "Analyst", at(2025, 3, 1)),
        Contact("003E", two, "eva@account2.example", "Analyst", at(2025, 3, 1), deleted_at=at(2025, 5, 20)),
    ]
    ledger.courses = [
        Course("c1", "CUST-START", "Start", 40, False, at(2024, 6, 1)),
        Course("c2", "OWN-VALUE", "Owners", 40, False, at(2024, 6, 1)),
        Course("c3", "CUST-CERT-USER", "Certified", 40, True, at(2024, 6, 1)),
    ]
    ledger.learners = [
        Learner("u1", "mia", "customer", None, "003A", "MIA@account1.example", None, at(2025, 3, 2), None),
        Learner("u2", "office", "customer", None, "003B", "office@account1.example", None, at(2025, 3, 2), None),
        Learner("u3", "joe", "customer", None, "003D", "joe.private@gmail.example", "003D", at(2025, 3, 2), None),
        Learner("u4", "eva", "customer", None, "003E", "eva.private@gmail.example", None, at(2025, 3, 2), None),
        Learner("u5", "ann.lee", "employee", "1", None, "ann.lee@halden.example", "1", at(2025, 1, 2), None),
    ]
    ledger.enrollments = [
        Enrollment("e1", "u1", "c1", at(2025, 11, 1), at(2025, 11, 1), at(2025, 12, 10), None, None, True, True, 30.0),
        Enrollment("e2", "u2", "c1", at(2025, 4, 1), at(2025, 4, 1), at(2025, 4, 2), None, None, True, True, 30.0),
        Enrollment("e3", "u3", "c3", at(2025, 12, 1), at(2025, 12, 1), at(2026, 2, 1), None, 70.0, False, True, 30.0),
        Enrollment("e4", "u5", "c2", at(2025, 4, 1), at(2025, 4, 1), at(2025, 4, 20), None, None, True, False, 60.0),
        Enrollment("e5", "u3", "c3", at(2026, 2, 2), at(2026, 2, 2), at(2026, 12, 24), None, 90.0, True, True, 30.0),
    ]
    ledger.organizations = [
        Organization(11, one, "One", ("account1.example",), loser, at(2025, 2, 2)),
        Organization(12, two, "Two", ("account2.example", "gmail.example"), None, at(2025, 2, 2)),
    ]
    ledger.support_users = [
        SupportUser(21, "end-user", "mia@account1.example", None, 11, "003A", None, at(2025, 3, 5)),
        SupportUser(22, "end-user", "eva@account2.example", "003E", None, "003E", None, at(2025, 3, 5)),
        SupportUser(23, "agent", "bo.ray@halden.example", "2", None, None, "2", at(2025, 1, 5)),
    ]
    ledger.tickets = [
        _ticket(31, 21, 11, "how_to", True, at(2025, 4, 30, 23)),
        _ticket(32, 21, 11, "defect", False, at(2025, 5, 1, 0)),
        _ticket(33, 22, None, "billing", True, at(2025, 5, 2)),
        _ticket(34, 22, 12, "request", True, at(2025, 5, 3), deleted_at=at(2025, 5, 4)),
    ]
    return ledger


def _ticket(
    number: int, requester: int, organization: int | None, kind: str, tagged: bool, created: datetime, **more: Any
) -> Ticket:
    return Ticket(
        number,
        requester,
        23,
        organization,
        None,
        kind,
        tagged,
        "billing",
        None,
        created,
        created + timedelta(minutes=12),
        created + timedelta(minutes=90),
        1,
        None,
        None,
        **more,
    )


@pytest.fixture(scope="module")
def facts(company: Company) -> dict[str, list[dict[str, Any]]]:
    return core_facts(_tiny(), FIRST_NIGHT, SECRET, company)


def _months(facts: dict[str, list[dict[str, Any]]], account: int) -> dict[str, dict[str, Any]]:
    name = f"001A{account:014d}"
    return {f"{row['month_start']:%Y-%m}": row for row in facts["fct_account_months"] if row["account_id"] == name}


def test_every_table_has_the_declared_columns_in_order(facts: dict[str, list[dict[str, Any]]]) -> None:
    assert list(facts) == list(TABLES)
    for table, rows in facts.items():
        assert all(list(row) == list(TABLES[table]) for row in rows), table


def test_identity_rules_are_tried_in_order(facts: dict[str, list[dict[str, Any]]]) -> None:
    rules = {row["source_identity_id"]: row["rule"] for row in facts["bridge_identity"] if row["source"] == "absorb.users"}
    assert rules == {"u1": "email", "u2": "ambiguous", "u3": "external_id", "u4": "unmatched", "u5": "external_id"}
    owners = {row["source_identity_id"]: row["rule"] for row in facts["bridge_identity"] if row["source"] == "salesforce.users"}
    assert owners == {"005A": "external_id", "005B": "email"}


def test_a_merged_account_counts_for_its_winner(facts: dict[str, list[dict[str, Any]]]) -> None:
    assert [row["account_id"][-1] for row in facts["dim_accounts"]] == ["1", "2"]
    assert _months(facts, 1)["2025-04"]["contacts_known"] == 4
    assert {row["ticket_id"]: row["account_id"][-1] for row in facts["fct_tickets"]} == {
        "zendesk:31": "1",
        "zendesk:32": "1",
        "zendesk:33": "2",
    }


def test_before_the_merge_the_shell_is_an_account_of_its_own(company: Company) -> None:
    before = core_facts(_tiny(), at(2026, 5, 1), SECRET, company)
    assert len(before["dim_accounts"]) == 3
    assert before["fct_tickets"][0]["account_id"].endswith("3")
    assert _months(before, 1)["2025-04"]["contacts_known"] == 3


def test_a_ticket_just_before_midnight_counts_in_its_utc_month(facts: dict[str, list[dict[str, Any]]]) -> None:
    months = _months(facts, 1)
    assert months["2025-04"]["tickets_how_to"] == 1
    assert months["2025-05"]["tickets_unmapped"] == 1 and months["2025-05"]["tickets_defect"] == 0


def test_training_counts_only_after_it_happened(facts: dict[str, list[dict[str, Any]]]) -> None:
    months = _months(facts, 1)
    assert not months["2025-12"]["is_trained_any"] and months["2026-01"]["is_trained_any"]
    assert months["2026-01"]["contacts_trained"] == 1 and months["2026-01"]["is_trained_share"]
    assert not months["2026-01"]["is_trained_certified"]
    assert months["2025-03"]["first_trained_at"] == datetime(2025, 12, 10, 9)


def test_exposure_at_a_renewal_is_read_ninety_days_before(facts: dict[str, list[dict[str, Any]]]) -> None:
    due = {month: row for month, row in _months(facts, 1).items() if row["is_renewal_due"]}
    assert list(due) == ["2026-03"]
    assert due["2026-03"]["was_trained_any_at_lead"] is True
    assert due["2026-03"]["is_renewal_churned"] is False


def test_months_hold_the_active_share_and_the_seats_of_their_contract(facts: dict[str, list[dict[str, Any]]]) -> None:
    months = _months(facts, 1)
    assert months["2025-03"]["exposure_months"] == pytest.approx(17 / 31)
    assert months["2025-04"]["exposure_months"] == 1
    assert months["2026-12"]["exposure_months"] == pytest.approx(1 / (31 * 24))
    assert months["2026-03"]["paid_seats"] == 10 and months["2026-04"]["paid_seats"] == 12
    assert months["2025-03"]["age_months"] == 0 and months["2026-03"]["age_months"] == 11
    ended = _months(facts, 2)
    assert list(ended) == ["2025-04", "2025-05", "2025-06"]
    assert ended["2025-06"]["is_churned"] and ended["2025-06"]["exposure_months"] == pytest.approx(15 / 30)


def test_a_deleted_contact_counts_until_its_deletion(facts: dict[str, list[dict[str, Any]]]) -> None:
    assert [row["contacts_known"] for row in _months(facts, 2).values()] == [1, 1, 0]


def test_owner_training_is_read_at_the_month_start_from_the_owner_of_that_time(facts: dict[str, list[dict[str, Any]]]) -> None:
    trained = {month: row["is_owner_trained"] for month, row in _months(facts, 1).items()}
    assert trained["2025-04"] is False
    assert trained["2025-05"] is True and trained["2025-06"] is True
    assert trained["2025-07"] is False


def test_a_leaver_has_no_current_job_row_until_rehired(facts: dict[str, list[dict[str, Any]]]) -> None:
    rows = [row for row in facts["dim_worker_history"] if row["worker_id"] == "2"]
    assert [(row["valid_to"], row["is_current"]) for row in rows] == [(date(2025, 5, 1), False), (None, True)]
    assert [row["manager_basis"] for row in rows] == ["by name", "by id"]
    assert [row["spell_number"] for row in facts["dim_worker_spells"] if row["worker_id"] == "2"] == [1, 2]


def test_resolution_is_told_in_hours_once_solved(facts: dict[str, list[dict[str, Any]]]) -> None:
    assert facts["fct_tickets"][0]["resolution_hours"] == 1.5
    assert facts["fct_tickets"][0]["first_reply_minutes"] == 12


def test_the_planted_match_rate_is_what_the_identity_rules_reach(simulated: Ledger, company: Company) -> None:
    tests = {row.user_id for row in simulated.learners if row.is_test}
    rows = [
        row
        for row in core_facts(simulated, simulated.first_night, SECRET, company)["bridge_identity"]
        if row["source"] == "absorb.users" and row["source_identity_id"] not in tests
    ]
    assert sum(row["is_matched"] for row in rows) / len(rows) == pytest.approx(simulated.expected_match_rate)


def test_facts_at_a_night_do_not_depend_on_what_comes_after(simulated: Ledger, company: Company) -> None:
    now = simulated.first_night
    cut = simulate(5, employees=200, accounts=120)
    cut.tickets = [row for row in cut.tickets if row.created_at < now]
    cut.enrollments = [row for row in cut.enrollments if row.added_at < now]
    cut.opportunities = [row for row in cut.opportunities if row.created_at < now]
    cut.checkins = [row for row in cut.checkins if row.answered_at < now]
    assert core_facts(cut, now, SECRET, company) == core_facts(simulated, now, SECRET, company)


def test_worlds_become_one_typed_parquet_file_per_table(simulated: Ledger, company: Company, tmp_path: Path) -> None:
    import duckdb

    worlds = write_core_facts([simulated, simulated], simulated.first_night, tmp_path, company)
    assert worlds == ["world-01", "world-02"]
    expected = core_facts(simulated, simulated.first_night, b"known-truth worlds hold no real people", company, "world-02")
    with duckdb.connect() as connection:
        for table, columns in TABLES.items():
            found = connection.execute(f"describe select * from '{tmp_path / table}.parquet'").fetchall()
            assert {name: kind.lower() for name, kind, *_ in found} == columns
            if table == "dim_dates":
                continue
            rows = connection.execute(f"from '{tmp_path / table}.parquet' where company_id = 'world-02'").fetchall()
            assert sorted(map(repr, rows)) == sorted(repr(tuple(row.values())) for row in expected[table]), table
