"""Reads the list of faults and writes docs/results/fault-matrix.md from it and from reports of test runs.

`python tests/faults/write_fault_matrix.py report.xml ...` takes what `pytest --junitxml=report.xml` wrote; a result that
no report tells stays as the page has it. Without a report only the list is written anew.
"""

import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree

import yaml

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
LIST = HERE / "fault_matrix.yml"
PAGE = ROOT / "docs" / "results" / "fault-matrix.md"
DBT_RUNNER = "unit/test_transform.py::test_every_unit_test_of_the_real_project_passes_on_a_company_without_a_single_load"
NOT_RUN = "not run"
TESTS = "## Tests and their results"
HEAD = """# Fault matrix

{kinds} kinds of faults at {stages} stages of a night. {cells} cells: in {proven} a test goes red if the fault does harm there,
{open} are open with their reason, and in the other {cannot} the fault cannot be. A test that several cells name proves each of
them: from landing on, a batch that failed looks alike whatever failed it. `dbt:` names a unit test of the dbt project. Made from
`tests/faults/fault_matrix.yml` by `python tests/faults/write_fault_matrix.py report.xml`; `pytest --junitxml=report.xml` writes
the report.

| Family | Kinds | Cells | Proven | Open |
| --- | --- | --- | --- | --- |
"""


class Cell(NamedTuple):
    """One fault at one stage: the tests that prove it, or in `reason` why there is none (state `open` or `cannot`)."""

    kind: str
    stage: str
    state: str
    tests: tuple[str, ...] = ()
    reason: str = ""


def read_list(path: Path = LIST) -> dict[str, Any]:
    """The list as it is written: stages, and families with their kinds."""
    content: dict[str, Any] = yaml.safe_load(path.read_text())
    return content


def cells(content: Mapping[str, Any]) -> Iterator[Cell]:
    """Every kind at every stage, in order. Raises ValueError for a cell that is neither a list of tests nor a reason."""
    for family in content["families"].values():
        for kind, told in family["kinds"].items():
            for letter, stage in content["stages"].items():
                yield _cell(kind, stage, told.get(letter, family["elsewhere"].get(letter)))


def _cell(kind: str, stage: str, told: Any) -> Cell:
    if isinstance(told, list) and told and all(isinstance(test, str) for test in told):
        return Cell(kind, stage, "proven", tuple(told))
    state, _, reason = told.partition(": ") if isinstance(told, str) else ("", "", "")
    if state not in ("open", "cannot") or len(reason) < 20:
        raise ValueError(f"{kind} at {stage}: neither tests nor a reason")
    return Cell(kind, stage, state, reason=reason)


def render(content: Mapping[str, Any], results: Mapping[str, str]) -> str:
    """The page, with the result of each test or `not run`."""
    listed = list(cells(content))
    count = {state: sum(cell.state == state for cell in listed) for state in ("proven", "open", "cannot")}
    kinds = {cell.kind for cell in listed}
    numbers = {"kinds": len(kinds), "stages": len(content["stages"]), "cells": count["proven"] + count["open"]}
    lines = [HEAD.format(**numbers, **count).rstrip("\n")]
    for letter, family in content["families"].items():
        here = [cell for cell in listed if cell.kind in family["kinds"]]
        proven, opened = (sum(cell.state == state for cell in here) for state in ("proven", "open"))
        lines.append(f"| {letter} {family['title']} | {len(family['kinds'])} | {proven + opened} | {proven} | {opened} |")
    for letter, family in content["families"].items():
        lines += ["", f"## {letter} {family['title']}", "", "| Fault | Stage | Test | Result |", "| --- | --- | --- | --- |"]
        for kind, told in family["kinds"].items():
            shown = (cell for cell in listed if cell.kind == kind and cell.state != "cannot")
            lines += [_row(f"{kind} {told['fault']}", cell, results) for cell in shown]
        lines += ["", *(f"- {kind}: {told['note']}" for kind, told in family["kinds"].items() if "note" in told)]
    lines += ["", TESTS, "", "| Test | Result |", "| --- | --- |"]
    lines += [f"| `{test}` | {results.get(test, NOT_RUN)} |" for test in sorted({test for cell in listed for test in cell.tests})]
    return re.sub("\n{3,}", "\n\n", "\n".join(lines)).rstrip() + "\n"


def _row(fault: str, cell: Cell, results: Mapping[str, str]) -> str:
    if cell.state == "open":
        return f"| {fault} | {cell.stage} | none: {cell.reason} | open |"
    found = {results.get(test, NOT_RUN) for test in cell.tests}
    result = next(word for word in ("red", NOT_RUN, "green") if word in found)
    tests = ", ".join(f"`{test.rpartition('::')[2]}`" for test in cell.tests)
    return f"| {fault} | {cell.stage} | {tests} | {result} |"


def results_on(page: str) -> dict[str, str]:
    """Test -> result, as the last table of a page tells them."""
    return dict(re.findall(r"\| `([^`]+)` \| ([a-z ]+) \|", page.partition(TESTS)[2]))


def results_of(report: Path, tests: set[str]) -> dict[str, str]:
    """Test -> `green` or `red` for each of `tests` that a JUnit report holds with all of its cases."""
    found: dict[str, str] = {}
    for case in ElementTree.parse(report).iter("testcase"):
        if case.find("skipped") is not None:
            continue
        file = case.get("classname", "").removeprefix("tests.").replace(".", "/") + ".py"
        test = f"{file}::{case.get('name', '').partition('[')[0]}"
        is_red = case.find("failure") is not None or case.find("error") is not None
        found[test] = "red" if is_red or found.get(test) == "red" else "green"
    by_dbt = {test: found[DBT_RUNNER] for test in tests if test.startswith("dbt:") and DBT_RUNNER in found}
    return {test: found[test] for test in tests & set(found)} | by_dbt


def main() -> None:
    """Writes the page."""
    content = read_list()
    tests = {test for cell in cells(content) for test in cell.tests}
    results = results_on(PAGE.read_text()) if PAGE.exists() else {}
    for report in sys.argv[1:]:
        results |= results_of(Path(report), tests)
    PAGE.write_text(render(content, results))
    print(PAGE.read_text()[: PAGE.read_text().index("## ")])


if __name__ == "__main__":
    main()
