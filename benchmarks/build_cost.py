"""What dbt costs beside the SQL it runs: CPU seconds of `dbt build` against the same compiled SQL in one DuckDB connection.

Run: .venv/bin/python benchmarks/build_cost.py [--employees 15000] [--accounts 20000] [--folder DIR] [--output FILE]

Core facts of a simulated company (ten times the default) are written into the core tables of an otherwise empty build; then
studies and marts are built twice from the same file: by the real dbt in a process of its own, tests included, and by one
DuckDB connection in a process of its own that executes the compiled SQL of the same nodes in the order dbt took. CPU is user
plus system time of the whole process tree, as the kernel counts it. Estimates (Python, no dbt) run once before and count on
neither side. The slowest models are profiled by DuckDB itself, which names the operator that took most of the time.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import duckdb
import typer

LAYERS = ("studies", "marts")
SLOWEST = 5


@dataclass(frozen=True)
class Cost:
    """CPU seconds (user plus system, process tree) and wall seconds of one child process."""

    cpu: float
    wall: float


def main(
    employees: Annotated[int, typer.Option()] = 15000,
    accounts: Annotated[int, typer.Option()] = 20000,
    folder: Annotated[Path, typer.Option(help="Where everything is written; core facts found there are used again.")] = Path(
        "var/build-cost"
    ),
    output: Annotated[Path, typer.Option()] = Path("docs/results/build-cost.md"),
) -> None:
    """Measure, and write the result page."""
    folder = folder.absolute()
    os.environ.update(LW_HOME=str(folder / "home"), LW_PERSON_KEY_SECRET="no real people here")  # noqa: S106
    from learning_warehouse import estimates, transform

    _fill(folder, employees, accounts)
    rows = _core_rows(transform.warehouse_file())
    by_dbt, by_sql, nodes, timings, profiles = {}, {}, {}, {}, {}
    for layer in LAYERS:
        before = folder / f"before-{layer}" / transform.warehouse_file().name
        before.parent.mkdir(exist_ok=True)
        shutil.copyfile(transform.warehouse_file(), before)
        by_dbt[layer] = _child([sys.executable, "-c", _DBT, layer])
        results = transform.artifacts(layer) / "run_results.json"
        nodes[layer] = [
            item for item in json.loads(results.read_text())["results"] if item["status"] in ("success", "pass", "warn")
        ]
        _prepare(before, transform.warehouse_file(), results)
        told = folder / f"{layer}.json"
        by_sql[layer] = _child([sys.executable, __file__, "raw", str(before), str(results), str(told)])
        timings[layer] = json.loads(told.read_text())
        slowest = sorted(timings[layer], key=lambda name: -timings[layer][name])[:SLOWEST]
        _child([sys.executable, __file__, "profile", str(before), str(results), str(folder / "profiles.json"), *slowest])
        profiles.update(json.loads((folder / "profiles.json").read_text()))
        if layer == "studies":
            estimates.as_layer()
    output.write_text("\n".join(_page(employees, accounts, rows, by_dbt, by_sql, nodes, timings, profiles)) + "\n")
    typer.echo(output.read_text())


_DBT = """
import sys
from learning_warehouse import transform
try:
    transform.build_layer(sys.argv[1])
except transform.LayerFailed as failed:
    print(failed, file=sys.stderr)
"""


def _fill(folder: Path, employees: int, accounts: int) -> None:
    """An empty night built as far as core, and then the facts of the simulated company in its core tables."""
    from learning_warehouse import transform
    from learning_warehouse.admission import ensure_empty
    from learning_warehouse.settings import company
    from learning_warehouse.simulation.company import simulate
    from learning_warehouse.simulation.core_facts import write_core_facts

    facts = folder / "facts"
    if not (facts / "dim_company.parquet").exists():
        ledger = simulate(1, employees, accounts)
        write_core_facts([ledger], ledger.first_night, facts, company())
    ensure_empty()
    with duckdb.connect() as connection:
        moment = connection.execute(f"select as_of_at from '{facts}/dim_company.parquet'").fetchall()[0][0]
    transform.prepare(moment.replace(tzinfo=UTC))
    for layer in ("staging", "intermediate", "core"):
        try:
            transform.build_layer(layer)
        except transform.LayerFailed as failed:
            if failed.result.models == 0:
                raise
    with duckdb.connect(str(transform.warehouse_file())) as connection:
        for schema, table in connection.execute(
            "select schema_name, table_name from duckdb_tables() where schema_name in ('core', 'restricted')"
        ).fetchall():
            file = facts / f"{table}.parquet"
            if file.exists():
                connection.execute(f"delete from {schema}.{table}")
                connection.execute(f"insert into {schema}.{table} by name select * from read_parquet('{file}')")


def _prepare(before: Path, built: Path, results: Path) -> None:
    """Schemas and seeds, which dbt makes without SQL of the project: both sides get them for nothing."""
    with duckdb.connect(str(before)) as connection:
        connection.execute(f"attach '{built}' as built (read_only)")
        for item in json.loads(results.read_text())["results"]:
            kind, relation = item["unique_id"].split(".", 1)[0], item.get("relation_name")
            if kind in ("model", "seed") and relation:
                schema, table = relation.split(".")[1:]
                connection.execute(f"create schema if not exists {schema}")
                if kind == "seed":
                    connection.execute(f"create or replace table {schema}.{table} as from built.{schema}.{table}")


def _child(command: list[str]) -> Cost:
    """Run a process to its end and count what it and its children used."""
    started = time.monotonic()
    _, status, used = os.wait4(subprocess.Popen(command).pid, 0)
    if status:
        raise typer.Exit(1)
    return Cost(used.ru_utime + used.ru_stime, time.monotonic() - started)


def _raw(file: Path, results: Path, told: Path) -> None:
    """Execute the compiled SQL of every node in one connection; writes wall seconds per model."""
    seconds: dict[str, float] = {}
    with duckdb.connect(str(file)) as connection:
        for kind, name, statement in _statements(results):
            started = time.perf_counter()
            connection.execute(statement).fetchall()
            if kind == "model":
                seconds[name] = time.perf_counter() - started
    told.write_text(json.dumps(seconds))


def _profile(file: Path, results: Path, told: Path, names: list[str]) -> None:
    """Execute the nodes again and keep, for the named models, their slowest operator with its rows and its share of the time."""
    known: dict[str, Any] = json.loads(told.read_text()) if told.exists() else {}
    profile = told.with_suffix(".profile.json")
    with duckdb.connect(str(file)) as connection:
        for kind, name, statement in _statements(results):
            if kind != "model":
                continue
            if name in names:
                connection.execute(f"set enable_profiling = 'json'; set profiling_output = '{profile}'")
            connection.execute(statement).fetchall()
            if name in names:
                connection.execute("set enable_profiling = 'no_output'; reset enable_profiling")
                known[name] = _slowest_operator(json.loads(profile.read_text()))
    told.write_text(json.dumps(known))


def _statements(results: Path) -> list[tuple[str, str, str]]:
    """(kind, name, SQL) of every node that dbt ran with success, in its order; a model's SQL makes its table."""
    found = []
    for item in json.loads(results.read_text())["results"]:
        kind, _, name = item["unique_id"].split(".", 3)[:3]
        code = item.get("compiled_code")
        if code and item["status"] in ("success", "pass", "warn"):
            relation = item.get("relation_name")
            makes = f"create or replace table {relation.split('.', 1)[1]} as {code}" if kind == "model" else ""
            found.append((kind, name, makes or f"select count(*) from ({code}) as failures"))
    return found


def _slowest_operator(profile: dict[str, Any]) -> dict[str, Any]:
    operators: list[tuple[float, str, int]] = []

    def walk(node: dict[str, Any]) -> None:
        if "operator_timing" in node:
            operators.append((node["operator_timing"], node["operator_name"].strip(), node["operator_cardinality"]))
        for child in node.get("children", []):
            walk(child)

    walk(profile)
    worst = max(operators)
    return {"operator": worst[1], "rows": worst[2], "share": worst[0] / max(sum(item[0] for item in operators), 1e-9)}


def _core_rows(file: Path) -> dict[str, int]:
    with duckdb.connect(str(file), read_only=True) as connection:
        query = (
            "select table_name, estimated_size from duckdb_tables() where schema_name in ('core', 'restricted') order by 2 desc"
        )
        return dict(connection.execute(query).fetchall())


def _page(
    employees: int,
    accounts: int,
    rows: dict[str, int],
    by_dbt: dict[str, Cost],
    by_sql: dict[str, Cost],
    nodes: dict[str, list[Any]],
    timings: dict[str, dict[str, float]],
    profiles: dict[str, Any],
) -> list[str]:
    largest = ", ".join(f"{table} {count:,}" for table, count in list(rows.items())[:5])
    lines = [
        "# What dbt costs beside the SQL it runs",
        "",
        f"Written by `benchmarks/build_cost.py` on {datetime.now(UTC):%Y-%m-%d}: {os.cpu_count()} cores, DuckDB",
        f"{duckdb.__version__}.",
        f"Company: {employees:,} employees and {accounts:,} customer accounts (ten times the default is 15,000 and 20,000).",
        f"The largest core tables: {largest}.",
        "",
        "CPU seconds are user plus system time of the whole process tree. `dbt build` is a process of its own with Python's",
        "start, the parse of the project and all data tests; the other side executes the compiled SQL of the same nodes, tests",
        "too, in one DuckDB connection.",
        "",
        "| layer | models | tests | CPU of dbt build | CPU of the same SQL | factor | dbt wall s | SQL wall s |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for layer in LAYERS:
        kinds = [item["unique_id"].split(".")[0] for item in nodes[layer]]
        lines.append(_line(layer, kinds.count("model"), kinds.count("test"), by_dbt[layer], by_sql[layer]))
    both = [
        Cost(sum(side[layer].cpu for layer in LAYERS), sum(side[layer].wall for layer in LAYERS)) for side in (by_dbt, by_sql)
    ]
    kinds = [item["unique_id"].split(".")[0] for layer in LAYERS for item in nodes[layer]]
    lines.append(_line("both", kinds.count("model"), kinds.count("test"), both[0], both[1]))
    seconds = {name: told for layer in LAYERS for name, told in timings[layer].items()}
    slowest = sorted(seconds, key=lambda name: -seconds[name])[:SLOWEST]
    lines += [
        "",
        f"## The {SLOWEST} slowest models",
        "",
        "Wall seconds of the SQL alone, and DuckDB's own profile: where most of the time went.",
        "",
    ]
    lines += ["| model | seconds | slowest operator | rows out of it | its share of the time |", "|---|---|---|---|---|"]
    for name in slowest:
        told = profiles[name]
        lines.append(f"| {name} | {seconds[name]:.1f} | {told['operator']} | {told['rows']:,} | {told['share']:.0%} |")
    return lines


def _line(layer: str, models: int, tests: int, dbt: Cost, sql: Cost) -> str:
    cells = [layer, models, tests, *(f"{number:.1f}" for number in (dbt.cpu, sql.cpu)), f"{dbt.cpu / sql.cpu:.2f}"]
    return f"| {' | '.join(map(str, cells))} | {dbt.wall:.1f} | {sql.wall:.1f} |"


if __name__ == "__main__":
    if sys.argv[1:2] == ["raw"]:
        _raw(*(Path(argument) for argument in sys.argv[2:5]))
    elif sys.argv[1:2] == ["profile"]:
        _profile(*(Path(argument) for argument in sys.argv[2:5]), sys.argv[5:])
    else:
        typer.run(main)
