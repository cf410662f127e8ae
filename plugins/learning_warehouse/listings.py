"""Lists and tables that `lw` prints about what is there: loads, marts, queries, set-aside records, truths, health."""

import csv as csv_format
import statistics
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from learning_warehouse.errors import ConfigurationError, StopEverything
from learning_warehouse.settings import company, connection_id, connection_variable, settings

TIMED_READS = 5
WIDEST = 10_000


def _table(*names: str, right: tuple[str, ...] = ()) -> Table:
    table = Table(box=None, pad_edge=False, show_edge=False)
    for name in names:
        table.add_column(name, justify="right" if name in right else "left", overflow="fold")
    return table


def _last_night() -> datetime:
    """The night of the newest load, UTC."""
    from learning_warehouse.loads import latest
    from learning_warehouse.storage import storage

    nights = [datetime.fromisoformat(load.now) for load in latest(storage())]
    if not nights:
        raise StopEverything("nothing was landed yet", what_to_do="run: make run")
    return max(nights)


def _served() -> Any:
    from learning_warehouse.generations import served

    generation = served()
    if generation is None:
        raise StopEverything("nothing is published yet", what_to_do="run: make run")
    return generation


def print_up(console: Console, running: Any) -> None:
    """Where the Airflow UI listens, how to log in, what to do there."""
    console.print(f"Airflow   {running.url}   user {running.user}   password {running.password}")
    console.print(f"running   {', '.join(f'{name} (pid {pid})' for name, pid in running.pids.items())}   log {running.log}")
    console.print("NEXT      trigger the five ingest_... DAGs there; build_warehouse follows by itself.   Stop: make down")


def print_connection_help(console: Console, vendor: str) -> None:
    """Where the credentials of one vendor go, without showing any."""
    sources = dict(company().sources)
    if vendor not in sources:
        raise ConfigurationError(f"There is no vendor {vendor!r}; vendors are {', '.join(sources)}.")
    console.print(f"{vendor} is {sources[vendor]} in {settings().company_file.name}.")
    if sources[vendor] == "exported":
        console.print(f"Files and their mapping: {settings().export_folder}/{vendor}.yml; see docs/exports.md.")
    else:
        place = f"Airflow connection `{connection_id(vendor)}`, or {connection_variable(vendor)}"
        console.print(f"Credentials: {place}; see docs/connect-your-own.md.")
    console.print(f"Then: lw connect {vendor} --check")


def print_receipts(console: Console, receipts: list[Any]) -> None:
    """One line per landed stream."""
    table = _table("stream", "load", "records", "typed", "set aside", right=("load", "records", "typed", "set aside"))
    for receipt in receipts:
        table.add_row(
            f"{receipt.source}.{receipt.stream}",
            str(receipt.seq),
            f"{receipt.records:,}",
            f"{receipt.typed:,}",
            f"{receipt.set_aside:,}",
        )
    console.print(table)
    console.print("NEXT      lw audit")


def print_loads(console: Console) -> None:
    """The newest load of every stream: counts, checks, verdict, and the age of what is served."""
    from learning_warehouse.pages.loads import load_states

    now = _last_night()
    table = _table(
        "stream", "records", "set aside", "checks", "verdict", "served load is from", right=("records", "set aside", "checks")
    )
    for load in load_states(now):
        count = "-" if load.records is None else f"{load.records:,}"
        verdict = load.state if load.is_good else f"[red]{escape(load.state)}[/red]"
        table.add_row(
            load.name,
            count,
            f"{load.set_aside or 0:,}",
            f"{load.checks_passed} of {load.checks_total}",
            verdict,
            load.served_night or "never",
        )
    console.print(table)


def print_layers(console: Console, layers: list[Any]) -> None:
    """Models, tests and seconds per dbt layer."""
    table = _table("layer", "models", "tests passed", "seconds", right=("models", "tests passed", "seconds"))
    for layer in layers:
        table.add_row(layer.layer, str(layer.models), str(layer.tests_passed), f"{layer.seconds:.1f}")
    console.print(table)
    console.print("NEXT      lw publish")


def print_status(console: Console) -> None:
    """The served generation and the generations kept for a roll-back."""
    from learning_warehouse.generations import kept

    generation = _served()
    console.print(
        f"served    generation {generation.number}, night of {generation.now:%-d %b %Y %H:%M} UTC, run {generation.run_id}"
    )
    console.print(f"kept      {', '.join(str(one.number) for one in kept())}   in {generation.path.parent}")


def print_marts(console: Console, time_queries: bool) -> None:
    """Name, grain and rows of each published mart; with `time_queries` the median of five full reads in milliseconds."""
    generation = _served()
    names = ["mart", "rows", "grain", "where"] + (["median ms"] if time_queries else [])
    table = _table(*names, right=("rows", "median ms"))
    for mart in sorted(generation.manifest["marts"], key=lambda mart: mart["name"]):
        restricted = mart["schema"] == "restricted"
        file = generation.restricted if restricted else generation.warehouse
        row = [
            mart["name"],
            f"{mart['rows']:,}",
            escape(mart["grain"]),
            "restricted.duckdb" if restricted else "warehouse.duckdb",
        ]
        if time_queries:
            row.append(f"{_median_read(file, mart['schema'], mart['name']) * 1000:.1f}")
        table.add_row(*row)
    console.print(table)


def _median_read(file: Path, schema: str, mart: str) -> float:
    import duckdb

    with duckdb.connect(str(file), read_only=True) as connection:
        times = []
        for _ in range(TIMED_READS):
            started = time.perf_counter()
            connection.execute(f'select * from "{schema}"."{mart}"').fetchall()
            times.append(time.perf_counter() - started)
    return statistics.median(times)


def print_query(console: Console, query: str, as_csv: bool, limit: int) -> None:
    """Rows of one query over the published marts; the connection can read nothing else and write nothing."""
    import duckdb

    file = str(_served().warehouse)
    try:
        with duckdb.connect(file, read_only=True, config={"enable_external_access": "false"}) as connection:
            connection.execute("set schema = 'marts'")
            connection.execute("set lock_configuration = true")
            cursor = connection.execute(query)
            names = [column[0] for column in cursor.description or []]
            rows = cursor.fetchmany(limit)
            more = cursor.fetchone() is not None
    except duckdb.Error as error:
        advice = 'lw marts lists the marts; lw sql "describe NAME" their columns; lw doctor checks the file'
        raise ConfigurationError(str(error).split("\n\n")[0], what_to_do=advice) from error
    if as_csv:
        writer = csv_format.writer(sys.stdout)
        writer.writerow(names)
        writer.writerows(rows)
        return
    cells = [
        ["" if value is None else escape(f"{value:.4g}" if isinstance(value, float) else str(value)) for value in row]
        for row in rows
    ]
    table = _table(*names)
    for line in cells:
        table.add_row(*line)
    if console.measure(table, options=console.options.update(width=WIDEST)).maximum <= console.width:
        console.print(table)
    else:
        for line in cells:
            for name, cell in zip(names, line, strict=True):
                console.print(f"{name:<32} {cell}")
            console.print()
    if more:
        console.print(f"first {limit} rows; --limit shows more")


def print_quarantine(console: Console, source: str | None, stream: str | None) -> None:
    """Records that were set aside, without the values of people."""
    from learning_warehouse.quarantine import set_aside
    from learning_warehouse.sources import find, find_source
    from learning_warehouse.storage import storage

    if source is not None:
        find_source(source)
    if source is not None and stream is not None:
        find(f"{source}.{stream}")
    table = _table("stream", "load", "record", "reason", right=("load",))
    rows = list(set_aside(storage(), source, stream))
    for row in rows:
        table.add_row(f"{row.source}.{row.stream}", str(row.seq), escape(row.place), escape(row.reason))
    if not rows:
        console.print("Nothing was set aside.")
        return
    console.print(table)
    place = f"{storage().path('quarantine')}/"
    console.print(f"{len(rows)} records, kept whole in {place}. Correct them at the source, or drop a corrected file.")


def print_load_details(console: Console, source: str, stream: str | None) -> None:
    """The newest load of a source in full: what was asked, what came, what was set aside, what each failed check means."""
    from learning_warehouse.pages.loads import load_states

    now = _last_night()
    loads = [load for load in load_states(now) if load.source == source and stream in (None, load.stream)]
    if not loads:
        raise ConfigurationError(f"There is no stream {source} {stream or ''}.", what_to_do="lw status lists all streams")
    for load in loads:
        console.print(
            f"[bold]{load.name}[/bold]  {escape(load.state)}  load {load.seq}  asked {load.asked_at}  "
            f"served load from {load.served_night or 'never'}"
        )
        console.print(
            f"  window     {load.window_from or '-'} to {load.window_to or '-'}  mode {load.mode}  "
            f"{load.pages} pages, {load.requests} requests, {load.retries} retries"
        )
        console.print(
            f"  counts     vendor says {load.vendor_total}, landed {load.records}, typed {load.typed}, set aside {load.set_aside}"
        )
        console.print(f"  checks     {load.checks_passed} of {load.checks_total}; newest record {load.newest_event_at}")
        for key, count in sorted(load.unknown_keys.items()):
            console.print(f"  drift      {escape(key)} is new to us ({count} records); it is kept in raw")
        for reason, count in sorted(load.set_aside_reasons.items()):
            console.print(f"  set aside  {count}: {escape(reason)}")
        if load.failure:
            console.print(f"  failure    {escape(load.failure)}")
        for check in load.reasons:
            touches = f" (touches {escape(str(check['touches']))})" if check.get("touches") else ""
            console.print(f"  {check['severity']:<9}  {escape(str(check['sentence']))}{touches}")


def print_truth(console: Console, rows: list[Any], output: Path | None) -> bool:
    """The table of planted effects over many companies, and per effect whether at least 17 of 20 intervals cover it."""
    from learning_warehouse.truth import acceptance

    lines = [
        "| effect | seed | truth | naive | estimate | 95 % interval | covered | naive covers |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        lines.append(
            f"| {row.truth_id} | {row.seed} | {row.truth:.3f} | {_number(row.naive)} | {_number(row.estimate)} | "
            f"{_number(row.ci_low)} to {_number(row.ci_high)} | {'yes' if row.covered else 'NO'} | "
            f"{'yes' if row.naive_covered else 'no'} |"
        )
    lines += ["", "| effect | covered | naive covers | needed | verdict |", "|---|---|---|---|---|"]
    judged = acceptance(rows)
    for effect in judged:
        lines.append(
            f"| {effect.truth_id} | {effect.covered} of {effect.seeds} | {effect.naive_covered} of {effect.seeds} | "
            f"{effect.needed} | {'pass' if effect.passed else 'FAIL'} |"
        )
    for line in lines:
        console.print(line, markup=False)
    if output is not None:
        seeds = len({row.seed for row in rows})
        head = [
            "# Planted effects in simulated companies",
            "",
            f"`lw truth` on {datetime.now(UTC):%Y-%m-%d}: seeds 1 to {seeds}, none picked.",
            "",
        ]
        output.write_text("\n".join([*head, *lines, ""]))
    return all(effect.passed for effect in judged)


def print_worlds(console: Console, run: Any, seeds: int, output: Path | None) -> bool:
    """The page of the known-truth worlds; True when the suite is content with every line."""
    from learning_warehouse.world_verdicts import report, suite_problems

    text = report(run, seeds, datetime.now(UTC).date().isoformat())
    console.print(text, markup=False, soft_wrap=True)
    if output is not None:
        output.write_text(text)
    problems = suite_problems(run)
    for problem in problems:
        console.print(f"[red]{escape(problem)}[/red]")
    return not problems


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def print_examination(console: Console, results: list[Any]) -> bool:
    """One line per check of `lw doctor`; True when all are good."""
    for result in results:
        console.print(f"  {'good' if result.good else '[red]BAD[/red] '}  {result.name}: {escape(result.sentence)}")
        if not result.good and result.what_to_do:
            console.print(f"        do {escape(result.what_to_do)}")
    return all(result.good for result in results)
