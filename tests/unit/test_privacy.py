"""The rank test finds every held-back cell that can be computed, and no other."""

import duckdb
import pytest

from learning_warehouse.privacy import HALF_LIVES, Cube, leaks, left_over, recoverable

HELD, OPEN = True, False


def test_one_missing_department_is_given_away_by_the_total():
    cells = [(("Support",), 40, OPEN), (("Sales",), None, HELD), (("All",), 47, OPEN)]
    assert recoverable(cells, ["All"]) == [("Sales",)]


def test_two_missing_departments_protect_each_other():
    cells = [(("Support",), 40, OPEN), (("Sales",), None, HELD), (("Legal",), None, HELD), (("All",), 50, OPEN)]
    assert recoverable(cells, ["All"]) == []


def test_missing_departments_that_are_few_people_together_are_given_away_as_one_group():
    cells = [(("Support",), 40, OPEN), (("Sales",), None, HELD), (("Legal",), None, HELD), (("All",), 43, OPEN)]
    assert left_over(cells, ["All"], least=10) == [("Sales",), ("Legal",)]
    assert left_over([*cells[:3], (("All",), 50, OPEN)], ["All"], least=10) == []
    assert left_over(cells, ["All"], least=0) == []


def test_without_a_published_total_nothing_can_be_computed():
    assert recoverable([(("Support",), 40, OPEN), (("Sales",), None, HELD)], ["All"]) == []
    assert recoverable([(("Support",), 40, OPEN), (("Sales",), None, HELD), (("All",), None, HELD)], ["All"]) == []


def square(*held: tuple[int, int]):
    cells = [((f"r{i}", f"c{j}"), None if (i, j) in held else 12, (i, j) in held) for i in range(3) for j in range(3)]
    cells += [((f"r{i}", "all"), 36, OPEN) for i in range(3)] + [(("All", f"c{j}"), 36, OPEN) for j in range(3)]
    return [*cells, (("All", "all"), 108, OPEN)]


def test_two_missing_cells_of_one_row_are_given_away_by_their_columns():
    assert recoverable(square((0, 0), (0, 1)), ["All", "all"]) == [("r0", "c0"), ("r0", "c1")]


def test_a_square_of_missing_cells_is_safe_and_a_chain_is_not():
    assert recoverable(square((0, 0), (0, 1), (1, 0), (1, 1)), ["All", "all"]) == []
    assert recoverable(square((0, 0), (0, 1), (1, 1)), ["All", "all"]) == [("r0", "c0"), ("r0", "c1"), ("r1", "c1")]


def test_a_cell_that_is_not_due_is_no_leak_but_hides_its_neighbor():
    cells = [(("Q1",), 40, OPEN), (("Q2",), None, HELD), (("Q3",), None, OPEN), (("all",), 60, OPEN)]
    assert recoverable(cells, ["all"]) == []
    assert recoverable([*cells[:1], *cells[2:]], ["all"]) == []


def test_leaks_of_a_file_are_named_by_their_keys(tmp_path):
    path = str(tmp_path / "warehouse.duckdb")
    with duckdb.connect(path) as connection:
        connection.execute("create schema marts")
        connection.execute(
            "create table marts.cube as select * from (values "
            "('2026-01', 'All', 60, 'reads'), ('2026-01', 'Support', 52, 'reads'), "
            "('2026-01', 'Sales', null, 'too_few'), ('2026-02', 'All', 30, 'reads'), ('2026-02', 'Support', null, 'too_few'), "
            "('2026-02', 'Sales', null, 'too_few')) as t (month, unit, n, state)"
        )
    cube = Cube("cube", "n", "state = 'too_few'", {"unit": "All"}, ("month",))
    assert [leak.key for leak in leaks(path, [cube])] == [("2026-01", "Sales")]
    assert leaks(path, [Cube("not_there", "n", "true", {"unit": "All"})]) == []


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        ([(0, "LIB", 28), (0, "MAND", None), (0, "ONB", None), (32, "LIB", 28), (32, "ONB", None)], []),
        ([(0, "LIB", 28), (0, "ONB", None), (32, "LIB", 28), (32, "ONB", None)], ["ONB"]),
    ],
)
def test_a_half_life_is_told_of_its_cohort_so_the_first_week_holds_all_cells_of_the_total(tmp_path, cells, found):
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as connection:
        connection.execute(
            "create schema marts; create table marts.activity_program_decay (company_id varchar, is_launch_cohort boolean, "
            "cohort_start date, week_number integer, program_code varchar, half_life_weeks_denominator bigint, "
            "half_life_weeks_state varchar)"
        )
        for week, program, people in [*cells, (0, "All programs", 35), (32, "All programs", 35)]:
            row = ["halden", False, "2026-04-01", week, program, people, "too_few" if people is None else "reads"]
            connection.execute("insert into marts.activity_program_decay values (?, ?, ?, ?, ?, ?, ?)", row)
    assert [leak.key[-1] for leak in leaks(str(tmp_path / "warehouse.duckdb"), [HALF_LIVES])] == found
