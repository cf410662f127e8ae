"""The gate in front of publishing: bounds, missing marts, columns of persons, and numbers that give away held-back ones."""

from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest
from good_marts import good_marts

from learning_warehouse.mart_audit import check_marts, gate_of, mart_audit
from learning_warehouse.suite_runner import Check

NIGHT = datetime(2026, 12, 1, 1, tzinfo=UTC)


@pytest.fixture
def warehouse(home) -> Path:
    """A warehouse file with three good rows in every mart, where the night's build would leave it."""
    path = home / "working" / "warehouse.duckdb"
    path.parent.mkdir(parents=True)
    with duckdb.connect(str(path)) as connection:
        for name, frame in good_marts().items():
            mart = name.removeprefix("marts__")
            schema = "restricted" if any(column.endswith("person_key") for column in frame) else "marts"
            connection.execute(f"create schema if not exists {schema}")
            connection.register("rows", frame)
            connection.execute(f'create table {schema}."{mart}" as from rows')
            connection.unregister("rows")
    return path


def change(warehouse: Path, sql: str) -> None:
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute(sql)


def reds(checks: list[Check]) -> dict[str, str]:
    return {check.name: check.severity for check in checks if not check.passed}


def test_good_marts_pass_the_gate_and_are_shown_in_the_data_docs(warehouse, stored, home):
    gate = mart_audit("run", NIGHT)
    assert (gate.passed, gate.reasons, gate.checks_passed) == (True, (), gate.checks_total)
    assert gate.checks_total > 250
    assert "impact_customer_education" in (home / "working" / "data-docs" / "index.html").read_text()


def test_each_kind_of_trouble_closes_the_gate_with_a_sentence(warehouse, stored):
    change(warehouse, "alter table marts.application_ticket_handling add column agent_person_key varchar")
    change(warehouse, "update marts.application_checkin_months set manager_asked = 1.4 where department = 'All departments'")
    change(warehouse, "drop table marts.impact_pilot_effects")
    change(warehouse, "delete from marts.governance_source_coverage")
    checks = check_marts(warehouse, NIGHT, stored)
    red, gate = reds(checks), gate_of(checks)
    assert red["no_person_columns"] == "critical"
    assert red["impact_pilot_effects.built"] == "critical"
    assert red["governance_source_coverage.has_rows"] == "critical"
    assert red["application_checkin_months.manager_asked_0_to_1"] == "critical"
    assert not gate.passed and "impact_pilot_effects was not built" in gate.reasons


def test_a_department_given_away_by_its_total_closes_the_gate(warehouse, stored):
    change(
        warehouse,
        "update marts.application_checkin_months set month_start = timestamp '2026-09-01', "
        "manager_asked_state = case when department = 'Sales' then 'too_few' else manager_asked_state end",
    )
    assert "application_checkin_months.nothing_held_back_can_be_computed" not in reds(check_marts(warehouse, NIGHT, stored))
    change(warehouse, "delete from marts.application_checkin_months where department = 'Sales'")
    assert reds(check_marts(warehouse, NIGHT, stored)) == {
        "application_checkin_months.nothing_held_back_can_be_computed": "critical"
    }


def test_an_empty_mart_that_is_usually_filled_is_a_warning_only(warehouse, stored):
    change(warehouse, "delete from marts.activity_program_funnel")
    checks = check_marts(warehouse, NIGHT, stored)
    assert reds(checks) == {"activity_program_funnel.has_rows": "warning"}
    assert gate_of(checks).passed
