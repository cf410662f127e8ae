"""The result page of a comparison: what was compared, what differed, what it cost, which processes ran it."""

import os
import platform
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from learning_warehouse.engines.build import EngineBuild
from learning_warehouse.engines.compare import TableComparison
from learning_warehouse.settings import settings


@dataclass(frozen=True)
class Result:
    """One comparison: builds of the same night, and per other engine every table compared with the first engine."""

    builds: tuple[EngineBuild, ...]
    tables: dict[str, list[TableComparison]]

    @property
    def is_equal(self) -> bool:
        """No value differs anywhere."""
        return not any(table.differing for tables in self.tables.values() for table in tables)


def write_report(result: Result, path: Path) -> None:
    """Write the page as Markdown, dated by the day it is written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(_lines(result)) + "\n")


def _lines(result: Result) -> list[str]:
    words, first = settings(), result.builds[0].engine
    company = f"{words.employees} people, {words.accounts} accounts (seed {words.seed}), night {result.builds[0].night}"
    machine = f"{os.cpu_count()} cores, Python {platform.python_version()}, dbt-core {version('dbt-core')}"
    lines = [
        "# The same project on several engines",
        "",
        f"Written by `lw compare` on {datetime.now(UTC):%Y-%m-%d}. Company: {company}. Machine: {machine}.",
        "Each engine built the whole project with its tests from the same admitted Parquet. Every table of core, studies and",
        f"marts was compared with {first} row by row: integers, text, dates and flags exactly, doubles to 1e-9 relative",
        "(1e-12 absolute beside zero).",
        "",
        "## What differs",
        "",
        "| engine | against | tables | marts | rows | values compared | values that differ |",
        "|---|---|---|---|---|---|---|",
    ]
    for engine, tables in result.tables.items():
        marts = sum(table.is_mart for table in tables)
        rows, values, differing = (sum(getattr(table, name) for table in tables) for name in ("rows", "values", "differing"))
        names = f"{_version(result, engine)} | {_version(result, first)}"
        lines.append(f"| {names} | {len(tables)} | {marts} | {rows:,} | {values:,} | {differing:,} |")
    return [*lines, "", *_differences(result), *_seconds(result), *_processes(result), *_tables(result)]


def _differences(result: Result) -> list[str]:
    if result.is_equal:
        return ["Nothing differs.", ""]
    lines = ["| engine | table | key | column | " + result.builds[0].engine + " | that engine |", "|---|---|---|---|---|---|"]
    for engine, tables in result.tables.items():
        for table in tables:
            for told in table.differences:
                cells = (
                    engine,
                    f"{table.schema}.{table.name}",
                    told.key,
                    told.column or "(whole row)",
                    told.value,
                    told.other_value,
                )
                lines.append(f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |")
    return [*lines, ""]


def _seconds(result: Result) -> list[str]:
    steps = list(dict.fromkeys(step for build in result.builds for step in build.seconds))
    lines = [
        "## Seconds",
        "",
        "Wall time. A layer is one dbt call with its data tests; `load` makes the raw tables, `copy` reads the result back.",
        "",
    ]
    lines += [f"| engine | {' | '.join(steps)} | in all | models | tests |", "|---|" + "---|" * (len(steps) + 3)]
    for build in result.builds:
        cells = [f"{build.seconds[step]:.1f}" if step in build.seconds else "" for step in steps]
        models, tests = sum(layer.models for layer in build.layers), sum(layer.tests_passed for layer in build.layers)
        lines.append(f"| {build.version} | {' | '.join(cells)} | {sum(build.seconds.values()):.1f} | {models} | {tests} |")
    return [*lines, ""]


def _processes(result: Result) -> list[str]:
    lines = []
    for build in result.builds:
        if build.processes:
            lines += [
                f"## Processes of {build.version}",
                "",
                "As `ps` listed them while the marts stood; all listen on 127.0.0.1 or a private socket only.",
                "",
            ]
            lines += ["```", f"{'PID':>7} {'RSS MiB':>8} {'COMMAND':<10} ROLE"]
            lines += [f"{item.pid:>7} {item.memory_mib:>8} {item.program:<10} {item.role}" for item in build.processes]
            lines += ["```", ""]
    return lines


def _tables(result: Result) -> list[str]:
    engines = list(result.tables)
    lines = [
        "## Tables",
        "",
        f"| table | rows | values | {' | '.join(f'differ on {engine}' for engine in engines)} |",
        "|---|---|---|" + "---|" * len(engines),
    ]
    for tables in zip(*result.tables.values(), strict=True):
        table = tables[0]
        counts = " | ".join(f"{item.differing:,}" for item in tables)
        lines.append(f"| {table.schema}.{table.name} | {table.rows:,} | {table.values:,} | {counts} |")
    return lines


def _version(result: Result, engine: str) -> str:
    return next(build.version for build in result.builds if build.engine == engine)
