"""Subtracting two published figures: horizons of nearly the same people, rolling years, and the same figure in two nights."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import duckdb
import pytest

from learning_warehouse.privacy_months import (
    COMPANY_WINDOWS,
    WINDOWS,
    differences,
    joined,
    months_computed,
    single_months,
    small_differences,
)

TOTAL = "All departments"
Write = Callable[[str, str], Path]


@pytest.fixture
def file(tmp_path: Path) -> Write:
    """Writes one published mart, given as a query, into a warehouse file of its own."""

    def write(mart: str, query: str) -> Path:
        path = tmp_path / f"{len(list(tmp_path.iterdir()))}.duckdb"
        with duckdb.connect(str(path)) as connection:
            connection.execute(f"create schema marts; create table marts.{mart} as {query}")
        return path

    return write


def outcomes(file: Write, *rows: str) -> Path:
    """(horizon, department, people, used by the horizon, used in the first 30 days or null) of one program."""
    columns = "horizon_days, department, application_rate_denominator, application_rate_n, persistence_denominator"
    return file(
        "application_program_outcomes",
        f"select 'c' as company_id, 'LIB' as program_code, * from (values {', '.join(rows)}) as t ({columns})",
    )


def test_one_person_less_at_the_longer_horizon_is_told_by_subtraction(file: Write) -> None:
    path = outcomes(file, "(30, 'Sales', 20, 10, null)", "(60, 'Sales', 19, 11, 10)")
    assert [found.key for found in differences(path)] == [("c", "LIB", "30", "60", "Sales")]


def test_five_people_less_a_held_back_figure_and_the_same_people_tell_nothing(file: Write) -> None:
    for row in ("(60, 'Sales', 15, 11, 10)", "(60, 'Sales', 19, 11, null)", "(60, 'Sales', 20, 11, 10)"):
        assert differences(outcomes(file, "(30, 'Sales', 20, 10, null)", row)) == [], row


def test_two_horizons_that_are_both_safe_against_the_first_are_held_against_each_other(file: Write) -> None:
    path = outcomes(file, "(30, 'Sales', 40, 10, null)", "(60, 'Sales', 33, 11, 10)", "(90, 'Sales', 31, 11, 10)")
    assert [found.key for found in differences(path)] == [("c", "LIB", "60", "90", "Sales")]


def test_what_a_total_leaves_over_is_subtracted_too() -> None:
    before = {TOTAL: 80.0, "Sales": 20.0, "Support": 40.0}
    assert list(small_differences({"30": before, "60": {TOTAL: 73.0, "Support": 35.0}}, TOTAL)) == [("30", "60", "the rest")]
    assert list(small_differences({"30": before, "60": {TOTAL: 70.0, "Support": 35.0}}, TOTAL)) == []
    assert list(small_differences({"30": before, "60": {"Support": 35.0}}, TOTAL)) == []


def rolling(months: list[int], length: int) -> dict[int, int]:
    return {last: sum(months[last - length + 1 : last + 1]) for last in range(length - 1, len(months))}


def test_a_rolling_sum_after_an_empty_window_gives_every_month_away() -> None:
    months = [0, 0, 0, 1, 0, 2, 3]
    assert single_months(rolling(months, 3), 3) == dict(enumerate(months))


def test_neighboring_windows_give_months_away_that_no_window_gives_alone() -> None:
    assert single_months({2: 1, 3: 2, 4: 1}, 3) == {0: 0, 1: 1, 2: 0, 3: 1, 4: 0}


def test_windows_that_are_never_empty_hide_their_months_and_windows_apart_always_do() -> None:
    months = [2, 1, 3, 2, 2, 4, 1, 2, 3]
    sums = rolling(months, 3)
    assert single_months(sums, 3) == {}
    assert any(sums[a] != sums[b] for a, b in pairwise(sums)), "the windows differ and still tell no month"
    assert single_months({2: 6, 5: 8, 8: 6}, 3) == {}


def workforce(file: Write, counts: dict[str, dict[str, int]]) -> Path:
    rows = ", ".join(
        f"('{department}', date '{month}-01', {count})" for department, told in counts.items() for month, count in told.items()
    )
    return file(
        "impact_workforce_months",
        "select 'c' as company_id, 'All roles' as role_title, *, null::bigint as promotion_rate_12m_n "
        f"from (values {rows}) as t (department, month_start, voluntary_turnover_12m_n)",
    )


def test_the_month_in_which_the_only_leaver_left_is_named_and_the_whole_company_apart(file: Write) -> None:
    quiet_year = {"2026-08": 0, "2026-09": 1}
    found = workforce(file, {"Sales": quiet_year, TOTAL: quiet_year})
    assert [one.key for one in months_computed(found)] == [("c", "Sales", "All roles", "2026-09")]
    assert [one.key for one in months_computed(found, COMPANY_WINDOWS)] == [("c", TOTAL, "All roles", "2026-09")]
    assert {windows.months for windows in (*WINDOWS, *COMPANY_WINDOWS)} == {12}


def test_years_that_do_not_overlap_tell_of_no_month(file: Write) -> None:
    assert months_computed(workforce(file, {"Sales": {"2025-12": 1, "2026-12": 3}})) == []


def checkins(file: Write, people: str, state: str = "reads") -> Path:
    return file(
        "application_checkin_months",
        "select 'c' as company_id, date '2026-09-01' as month_start, 'Sales' as department, "
        f"{people}::bigint as manager_asked_denominator, '{state}' as manager_asked_state, 12 as used_learning_denominator, "
        "'reads' as used_learning_state, 12 as confidence_denominator, 'reads' as confidence_state",
    )


@pytest.mark.parametrize(("people", "told"), [("12", 0), ("13", 1), ("8", 1), ("16", 1), ("17", 0)])
def test_the_same_month_published_again_with_one_to_four_people_more_or_fewer_is_named(
    file: Write, people: str, told: int
) -> None:
    found = joined(checkins(file, "12"), checkins(file, people))
    assert [one.cube for one in found] == ["application_checkin_months: manager_asked"] * told


def test_a_month_that_is_held_back_in_one_of_two_nights_cannot_be_subtracted(file: Write) -> None:
    assert joined(checkins(file, "12"), checkins(file, "null", "too_few")) == []
