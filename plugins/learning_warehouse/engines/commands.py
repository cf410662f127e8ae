"""`lw build --engine` and `lw compare`: one run of the home at a time, builds of one night, and what differed."""

from collections.abc import Callable, Sequence

from rich.console import Console
from rich.table import Table

from learning_warehouse import steps, transform
from learning_warehouse.admission import ensure_empty
from learning_warehouse.engines import ENGINES, check_name
from learning_warehouse.engines.build import EngineBuild, build_on, last_build, mirror_file
from learning_warehouse.engines.compare import TableComparison, compare
from learning_warehouse.engines.project import unique_keys
from learning_warehouse.engines.report import Result
from learning_warehouse.errors import ConfigurationError

Say = Callable[[str], object]


def asked_engines(text: str) -> list[str]:
    """The engines of a comma list. Raises ConfigurationError for an unknown one, or when there is nothing to compare."""
    names = list(dict.fromkeys(check_name(part.strip()) for part in text.split(",") if part.strip()))
    if len(names) < 2:
        raise ConfigurationError(f"Name at least two engines of {', '.join(ENGINES)}, e.g. --engines duckdb,postgres.")
    return names


def build_whole(engine: str, layer: str | None, say: Say) -> EngineBuild:
    """Build everything on another engine than DuckDB, holding the lock of the home; a layer alone is for DuckDB only."""
    if layer is not None:
        raise ConfigurationError(f"The engine {check_name(engine)} is built whole; leave --layer out.")
    check_name(engine)
    with steps.alone("build") as (_, now):
        ensure_empty()
        return build_on(engine, now, say)


def compare_engines(engines: Sequence[str], is_built: bool, say: Say) -> Result:
    """Build each engine as of the same moment (unless they are built already) and compare each with the first."""
    builds: list[EngineBuild] = []
    with steps.alone("compare") as (_, now):
        ensure_empty()
        for engine in engines:
            if not is_built:
                say(f"{engine}:")
            told = last_build(engine) if is_built else build_on(engine, now, say)
            if told is None:
                raise ConfigurationError(f"{engine} was not built yet.", what_to_do="run: lw compare")
            builds.append(told)
        if len(nights := sorted({build.night for build in builds})) > 1:
            raise ConfigurationError(f"The builds are of different nights: {', '.join(nights)}.", what_to_do="run: lw compare")
        keys = unique_keys(transform.parsed_project())
        tables = {other: compare(mirror_file(engines[0]), mirror_file(other), keys) for other in engines[1:]}
    return Result(tuple(builds), tables)


def print_result(console: Console, result: Result) -> bool:
    """Show what differs, and say per engine how much was compared; true when nothing differs."""
    first = result.builds[0].version
    for engine, tables in result.tables.items():
        differing = [table for table in tables if table.differing]
        for table in differing:
            _print_differences(console, table, result.builds[0].engine, engine)
        values, wrong = sum(table.values for table in tables), sum(table.differing for table in tables)
        version = next(build.version for build in result.builds if build.engine == engine)
        console.print(
            f"{version} against {first}: {len(tables)} tables, {sum(t.rows for t in tables):,} rows, {values:,} values,"
            f" {wrong:,} differ" + (f" in {len(differing)} tables" if differing else ""),
            markup=False,
        )
    return result.is_equal


def _print_differences(console: Console, table: TableComparison, engine: str, other: str) -> None:
    rows = f"{table.rows:,} rows on {engine}, {table.other_rows:,} on {other}"
    console.print(f"{table.schema}.{table.name}: {rows}, {table.differing:,} values differ", markup=False)
    shown = Table("key", "column", engine, other, box=None, header_style="bold", pad_edge=False)
    for difference in table.differences:
        shown.add_row(difference.key, difference.column or "(whole row)", difference.value, difference.other_value)
    console.print(shown, markup=False)
