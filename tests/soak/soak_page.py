"""The result page of a soak, in Markdown: what was compared, what went wrong on purpose, what a reader saw, how long it took."""

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from soak_run import Checked, Task

ON_PURPOSE = ("fault: ", "killed: ", "backfills")
CONSEQUENCES = ("stream stopped: ", "streams tried again", "loads ", "rejected by: ", "records ")


def page(tasks: Sequence[Task], told: Mapping[str, Checked]) -> str:
    """The whole page."""
    happened: Counter[str] = sum((checked.counts.happened for checked in told.values()), Counter())
    problems = [f"{name}: {problem}" for name, checked in told.items() for problem in checked.problems()]
    size, nights, seconds = tasks[0].size, tasks[0].nights, max(checked.seconds for checked in told.values())
    lines = [
        "# A soak: nights with seeded random faults",
        "",
        f"Run on {datetime.now(UTC):%Y-%m-%d} by `make soak` (`tests/soak/`) on {os.cpu_count()} cores in {_time(seconds)}:",
        f"{nights} nights, faults of seed {tasks[0].seed}, a company of {size[1]:,} employees and {size[2]:,} accounts.",
        "",
        "Two companies have all vendors between them: the first those of company.yml, whose warehouse is built, the second all",
        "the others. After a night without faults the newest version of every admitted record must be, in every column, what one",
        "whole reading of the same vendors gives without a fault; and every core table built must hold exactly the rows that",
        "plain Python computes from the ledger. Our gates judge every load, the suites those of nights that are compared, and",
        "of a domain in whose night rows are doubled.",
        "",
        f"**{len(problems)} violations.**" if problems else "**No violation.**",
        "",
        "| company | vendors | nights | without faults | streams compared | rows equal | rows that differ | seconds |",
        "|---|---|---|---|---|---|---|---|",
        *[_company(task, told[task.name]) for task in tasks],
        "",
        *_builds(told),
        *_reader(told),
        "## What was done to them",
        "",
        *_table(happened, ON_PURPOSE),
        "",
        "## What came of it",
        "",
        *_table(happened, CONSEQUENCES),
        "",
        *_gone(told),
        *(["## Violations", "", *(f"- {problem}" for problem in problems), ""] if problems else []),
    ]
    return "\n".join(lines)


def _company(task: Task, checked: Checked) -> str:
    cells = (
        task.name, ", ".join(task.vendors), task.nights, checked.calm_nights, f"{checked.streams:,}", f"{checked.rows:,}",
        f"{len(checked.differing):,}", f"{checked.seconds:,.0f}",
    )  # fmt: skip
    return f"| {' | '.join(map(str, cells))} |"


def _builds(told: Mapping[str, Checked]) -> list[str]:
    builds = [build for checked in told.values() for build in checked.builds]
    if not builds:
        return []
    rows, tables = sum(build["rows_equal"] for build in builds), max(build["tables"] for build in builds)
    wrong = sum(len(build["differing"]) for build in builds)
    seconds = sum(build.get("seconds", 0) for build in builds)
    said = f"The warehouse was built and published {len(builds)} times ({_time(seconds)} of it): {tables} core tables each time,"
    return [said, f"{rows:,} rows equal to the ledger, {wrong} tables that differ.", ""]


def _reader(told: Mapping[str, Checked]) -> list[str]:
    for checked in told.values():
        if seen := checked.reader:
            generations = seen.get("generations", [])
            first = (
                f"A reader asked what is served {seen.get('reads', 0):,} times meanwhile and saw {len(generations)} generations:"
            )
            return [first, f"{seen.get('errors', 0)} errors, {seen.get('mixed', 0)} mixed generations.", ""]
    return []


def _table(happened: Mapping[str, int], beginnings: tuple[str, ...]) -> list[str]:
    found = [(word, number) for word, number in sorted(happened.items()) if word.startswith(beginnings) and number]
    return ["| what | how often |", "|---|---|", *(f"| {word} | {number:,} |" for word, number in found)]


def _gone(told: Mapping[str, Checked]) -> list[str]:
    gone = {name: number for checked in told.values() for name, number in checked.gone.items()}
    if not gone:
        return []
    named = ", ".join(f"{name} ({number})" for name, number in sorted(gone.items()))
    return [f"Records that only the nights have, because the vendor deleted them and tells them no longer: {named}.", ""]


def _time(seconds: float) -> str:
    return f"{seconds / 60:.0f} minutes" if seconds >= 120 else f"{seconds:.0f} seconds"
