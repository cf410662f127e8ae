"""The comparison itself, on two small files: what counts as equal, and how a difference is told."""

from pathlib import Path

import duckdb
import pytest

from learning_warehouse.engines.compare import Difference, compare
from learning_warehouse.errors import LearningWarehouseError

KEYS = {"activity_weeks": ["company_id", "week"]}
FIRST = [("a", 1, 10, 0.25, "x", None), ("a", 2, 20, 1e6, "y", True), ("b", 1, 30, None, None, False)]


def _file(path: Path, rows: list[tuple], extra: str = "") -> Path:
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema marts")
        columns = "company_id varchar, week integer, people bigint, share double, word varchar, flag boolean"
        connection.execute(f"create table marts.activity_weeks ({columns})")
        connection.executemany("insert into marts.activity_weeks values (?, ?, ?, ?, ?, ?)", rows)
        if extra:
            connection.execute(extra)
    return path


@pytest.fixture
def first(tmp_path: Path) -> Path:
    return _file(tmp_path / "first.duckdb", FIRST)


def _changed(place: int, **values: object) -> list[tuple]:
    names = ("company_id", "week", "people", "share", "word", "flag")
    rows = [dict(zip(names, row, strict=True)) for row in FIRST]
    rows[place].update(values)
    return [tuple(row.values()) for row in rows]


def test_the_same_rows_in_another_order_and_another_width_of_integer_are_equal(first, tmp_path):
    other = _file(tmp_path / "other.duckdb", FIRST[::-1], "alter table marts.activity_weeks alter week type bigint")
    (table,) = compare(first, other, KEYS)
    assert (table.name, table.rows, table.other_rows, table.values, table.differing) == ("activity_weeks", 3, 3, 18, 0)
    assert table.is_mart


@pytest.mark.parametrize(("factor", "differing"), [(1 + 1e-10, 0), (1 + 1e-8, 1), (1 - 1e-8, 1)])
def test_doubles_may_differ_by_a_billionth_of_themselves_and_no_more(first, tmp_path, factor, differing):
    other = _file(tmp_path / "other.duckdb", _changed(1, share=1e6 * factor))
    assert compare(first, other, KEYS)[0].differing == differing


@pytest.mark.parametrize(
    ("place", "column", "value", "told"),
    [
        (0, "people", 11, ("10", "11")),
        (1, "word", "Y", ("y", "Y")),
        (1, "flag", None, ("true", "missing")),
        (2, "share", 0.0, ("missing", "0.0")),
        (2, "word", "", ("missing", "")),
    ],
)
def test_a_difference_names_row_column_and_both_values(first, tmp_path, place, column, value, told):
    (table,) = compare(first, _file(tmp_path / "other.duckdb", _changed(place, **{column: value})), KEYS)
    key = f"company_id={FIRST[place][0]}, week={FIRST[place][1]}"
    assert table.differing == 1
    assert table.differences == (Difference(key, column, *told),)


def test_a_row_on_one_side_only_is_a_difference(first, tmp_path):
    (table,) = compare(first, _file(tmp_path / "other.duckdb", FIRST[:2]), KEYS)
    assert (table.rows, table.other_rows, table.differing) == (3, 2, 1)
    assert table.differences == (Difference("company_id=b, week=1", "", "present", "absent"),)


def test_a_table_without_a_key_is_compared_as_a_bag_of_rows(first, tmp_path):
    doubled = _file(tmp_path / "other.duckdb", [*FIRST, FIRST[0]])
    (table,) = compare(first, doubled, {})
    assert table.differing == 1


def test_builds_of_different_projects_are_not_compared(first, tmp_path):
    other = _file(tmp_path / "other.duckdb", FIRST, "alter table marts.activity_weeks alter people type varchar")
    with pytest.raises(LearningWarehouseError, match=r"marts\.activity_weeks\.people is BIGINT and VARCHAR"):
        compare(first, other, KEYS)
    with pytest.raises(LearningWarehouseError, match="no build to compare"):
        compare(first, tmp_path / "absent.duckdb", KEYS)
