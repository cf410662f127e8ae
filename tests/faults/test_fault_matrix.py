"""The matrix of faults is complete: 124 kinds, each cell names tests that exist or a reason, and its page is up to date."""

import ast
from functools import cache
from pathlib import Path

import pytest
import write_fault_matrix
import yaml
from write_fault_matrix import Cell, cells, read_list, render, results_of, results_on

TESTS = Path(__file__).parents[1]
KINDS = {"A": 20, "B": 11, "C": 10, "D": 13, "E": 19, "F": 8, "G": 19, "H": 12, "J": 12}
LISTED = list(cells(read_list()))


@cache
def functions_of(file: str) -> dict[str, ast.FunctionDef]:
    """The test functions of one file, by name; also those that only a marked group has."""
    tree = ast.parse((TESTS / file).read_text())
    return {item.name: item for item in ast.walk(tree) if isinstance(item, ast.FunctionDef)}


@cache
def dbt_unit_tests() -> set[str]:
    texts = (path.read_text() for path in (TESTS.parent / "dbt_project" / "models").rglob("*.yml"))
    told = (yaml.load(text, yaml.CSafeLoader) for text in texts if "\nunit_tests:" in f"\n{text}")
    return {unit_test["name"] for content in told for unit_test in content["unit_tests"]}


def exists(test: str) -> bool:
    """Whether a test of that name would run, by default or in its group: it is there, and no mark excuses it."""
    if test.startswith("dbt:"):
        return test.removeprefix("dbt:") in dbt_unit_tests()
    file, _, name = test.partition("::")
    function = functions_of(file).get(name) if (TESTS / file).is_file() else None
    marks = " ".join(map(ast.unparse, function.decorator_list)) if function else ""
    return function is not None and "skip" not in marks and "xfail" not in marks


def test_the_list_holds_every_kind_of_every_family_once():
    families = read_list()["families"]
    assert {letter: len(family["kinds"]) for letter, family in families.items()} == KINDS
    assert [kind for family in families.values() for kind in family["kinds"]] == [
        f"{letter}{number}" for letter, most in KINDS.items() for number in range(1, most + 1)
    ]
    assert len(LISTED) == sum(KINDS.values()) * 7


def test_every_test_that_a_cell_names_exists():
    missing = sorted({test for cell in LISTED for test in cell.tests if not exists(test)})
    assert missing == []


def test_a_kind_is_proven_or_open_at_one_stage_at_least():
    nowhere = {cell.kind for cell in LISTED} - {cell.kind for cell in LISTED if cell.state != "cannot"}
    assert nowhere == set()


def test_more_than_four_hundred_cells_are_looked_at():
    assert sum(cell.state != "cannot" for cell in LISTED) >= 400


@pytest.mark.parametrize("told", [None, [], "open", "open: soon", "later: because nobody had the time", ["a", 1]])
def test_a_cell_without_test_and_reason_is_refused(told):
    with pytest.raises(ValueError, match="A1 at extract"):
        write_fault_matrix._cell("A1", "extract", told)


def test_a_test_that_is_gone_does_not_count():
    assert exists("unit/test_http.py::test_good_page_takes_one_request")
    assert not exists("unit/test_http.py::test_that_was_deleted")
    assert not exists("unit/test_gone.py::test_good_page_takes_one_request")
    assert not exists("dbt:a_rule_nobody_wrote")


@pytest.mark.parametrize(
    ("mark", "counts"), [("skip", False), ("skipif(True, reason='x')", False), ("xfail", False), ("slow", True)]
)
def test_a_test_that_would_not_run_or_may_fail_does_not_count(tmp_path, mark, counts):
    (tmp_path / "test_x.py").write_text(f"@pytest.mark.{mark}\ndef test_a(): ...\n")
    assert exists(f"{tmp_path}/test_x.py::test_a") == counts


def test_the_page_is_the_list_and_shows_no_red_result():
    page = write_fault_matrix.PAGE.read_text()
    assert render(read_list(), results_on(page)) == page, "write it anew: python tests/faults/write_fault_matrix.py"
    assert "red" not in results_on(page).values()


def test_a_report_is_read_case_by_case_and_one_red_case_is_red(tmp_path):
    case = '<testcase classname="tests.unit.test_x" name="{}">{}</testcase>'
    told = [
        ("test_a[1]", ""),
        ("test_a[2]", "<failure/>"),
        ("test_b[1]", ""),
        ("test_b[2]", "<skipped/>"),
        ("test_c", "<skipped/>"),
    ]
    report = tmp_path / "report.xml"
    report.write_text("<testsuites><testsuite>" + "".join(case.format(*each) for each in told) + "</testsuite></testsuites>")
    tests = {f"unit/test_x.py::test_{letter}" for letter in "abcd"}
    assert results_of(report, tests) == {"unit/test_x.py::test_a": "red", "unit/test_x.py::test_b": "green"}
    assert Cell("A1", "extract", "proven", ("x",)).reason == ""
