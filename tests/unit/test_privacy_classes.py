"""Every column has one class, a new one is named, and nothing about a person stands where readers look."""

import shutil
from pathlib import Path

import duckdb
import pytest

from learning_warehouse.errors import ConfigurationError
from learning_warehouse.privacy_classes import classes, columns_of, placement
from learning_warehouse.privacy_report import night_before, report

KNOWN = {"company_id": "none", "rate": "none", "person_key": "personal", "blood_group": "special"}


def test_the_projects_own_list_names_each_column_once_and_asks_for_nothing_special() -> None:
    known = classes()
    assert known["person_key"] == known["employee_id"] == known["email_key"] == "personal"
    assert known["month_start"] == "none"
    assert "special" not in known.values()


def test_a_name_in_two_lists_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "privacy.yml"
    path.write_text("none: [rate, person_key]\npersonal: [person_key]\nspecial: []\n")
    with pytest.raises(ConfigurationError, match="person_key is none and personal"):
        classes(path)


def test_an_unlisted_column_and_a_person_in_the_published_schema_are_named() -> None:
    tables = {
        ("restricted", "fct_x"): ("company_id", "person_key", "shoe_size"),
        ("marts", "impact_x"): ("company_id", "rate", "person_key", "blood_group"),
    }
    found = placement(tables, KNOWN)
    assert (found.columns, found.personal) == (7, 2)
    assert found.unclassified == ("fct_x.shoe_size",)
    assert found.misplaced == ("marts.impact_x.person_key", "marts.impact_x.blood_group")


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    """Two departments of twelve and three people; the small one is held back, and nothing else hides it."""
    path = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema marts; create schema restricted; create schema core")
        connection.execute("create table core.dim_company as select timestamp '2026-12-01 01:00:00' as as_of_at")
        connection.execute(
            "create table restricted.dim_worker_history as select 'p' || n as person_key, true as is_current, "
            "case when n <= 12 then 'Support' else 'Legal' end as department from generate_series(1, 15) as numbers (n)"
        )
        connection.execute(
            "create table marts.application_checkin_months as select * from (values "
            "('c', date '2026-09-01', 'All departments', 15, 'reads'), ('c', date '2026-09-01', 'Support', 12, 'reads'), "
            "('c', date '2026-09-01', 'Legal', null, 'too_few')) "
            "as rows (company_id, month_start, department, manager_asked_denominator, manager_asked_state)"
        )
        for name in ("used_learning", "confidence"):
            connection.execute(f"alter table marts.application_checkin_months add column {name}_denominator bigint")
            connection.execute(f"alter table marts.application_checkin_months add column {name}_state varchar")
        connection.execute("alter table marts.application_checkin_months add column people_answering bigint")
    return path


def test_the_report_finds_the_department_its_total_gives_away_and_counts_who_is_covered(warehouse: Path) -> None:
    found = report(warehouse)
    assert found.recoverable == 1
    assert (found.employees, found.covered) == (15, 12)
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute(
            "update marts.application_checkin_months set manager_asked_denominator = null where department like 'All%'"
        )
    assert report(warehouse).recoverable == 0


def test_the_report_subtracts_a_night_before_only_where_there_is_one(warehouse: Path, tmp_path: Path) -> None:
    earlier = tmp_path / "earlier.duckdb"
    shutil.copy(warehouse, earlier)
    assert (report(warehouse).joined, report(warehouse, earlier).joined) == (None, 0)
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute(
            "update marts.application_checkin_months set manager_asked_denominator = 13 where manager_asked_denominator = 12"
        )
    assert report(warehouse, earlier).joined == 1


def test_a_figure_of_two_years_ago_covers_nobody_today(warehouse: Path) -> None:
    assert report(warehouse).covered == 12
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("update marts.application_checkin_months set month_start = date '2024-09-01'")
    assert report(warehouse).covered == 0


def test_without_a_served_generation_there_is_no_night_before(home: Path) -> None:
    assert night_before() is None


def test_columns_are_read_from_the_schemas_dbt_builds_only(warehouse: Path) -> None:
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("create table scratch (anything int)")
    assert set(columns_of(warehouse)) == {
        ("restricted", "dim_worker_history"),
        ("marts", "application_checkin_months"),
        ("core", "dim_company"),
    }
