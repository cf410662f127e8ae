"""The command `lw`: a thin front of the package. `lw --help` lists the commands, `lw COMMAND --help` explains one.

Exit codes, the same for every command: 0 good; 1 a load was held back or a source failed (what is good was published);
2 wrong usage or configuration; 3 nothing was published; 4 no night ended lately (doctor); 75 another run holds the lock.
"""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from learning_warehouse import __version__, identity_commands, metrics_commands, operation_commands, signals_commands
from learning_warehouse.command_line import command, console

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__, rich_markup_mode=None)
Only = Annotated[str | None, typer.Option("--only", metavar="VENDOR", help="Only this vendor, e.g. zendesk.")]


_command = command(app)
app.add_typer(operation_commands.app)
app.add_typer(identity_commands.app, name="identity")
app.add_typer(metrics_commands.app, name="metrics")
app.add_typer(signals_commands.app, name="signals")


@app.callback(invoke_without_command=True)
def main(version: Annotated[bool, typer.Option("--version", help="Print the version and exit.")] = False) -> None:
    if version:
        console.print(__version__)
        raise typer.Exit


@_command
def run(only: Only = None) -> None:
    """Run one whole night: land, audit, admit, build, publish. The next call is the next simulated day."""
    from learning_warehouse.night import run_night
    from learning_warehouse.terminal import NightProgress, print_night

    with NightProgress(console) as progress:
        result = run_night(only=only, on_event=progress.event)
    print_night(console, result)
    raise typer.Exit(result.exit_code)


@_command
def break_() -> None:
    """Run a bad night: Zendesk answers 200 with an error body, Absorb sends enrollments without keys."""
    from learning_warehouse.night import run_bad_night
    from learning_warehouse.terminal import NightProgress, print_bad_night

    with NightProgress(console) as progress:
        result = run_bad_night(on_event=progress.event)
    print_bad_night(console, result)
    raise typer.Exit(result.exit_code)


@_command
def up(port: Annotated[int | None, typer.Option(help="Port of the Airflow UI; default from settings (8080).")] = None) -> None:
    """Start Airflow (api-server, scheduler, dag-processor) and the sandbox on 127.0.0.1, in the background."""
    from learning_warehouse.listings import print_up
    from learning_warehouse.storage import storage
    from learning_warehouse.supervisor import up as start

    storage()
    print_up(console, start(port=port, on_event=lambda text: console.print(f"  {text}")))


@_command
def down(quiet: Annotated[bool, typer.Option("--quiet", help="Say nothing when nothing runs.")] = False) -> None:
    """Stop what `lw up` started, by its process ids."""
    from learning_warehouse.supervisor import down as stop

    stopped = stop()
    if stopped or not quiet:
        console.print(f"Stopped: {', '.join(stopped)}." if stopped else "Nothing of ours is running.")


@_command
def sandbox(
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1; 0 takes a free one.")] = 0,
    now: Annotated[datetime | None, typer.Option(help="Simulated time, UTC; default is the next simulated night.")] = None,
    tls: Annotated[bool, typer.Option("--tls", help="Serve https too, through a proxy and under a CA of its own.")] = False,
) -> None:
    """Serve the simulated vendors over HTTP in the foreground, until Ctrl-C."""
    from learning_warehouse.sandbox.serve import serve_in_foreground

    serve_in_foreground(port=port, now=now, tls=tls)


@_command
def connect(
    vendor: Annotated[str, typer.Argument(help="absorb, bamboohr, zendesk or salesforce.")],
    check: Annotated[bool, typer.Option("--check", help="Make one cheap call with the configured credentials.")] = False,
) -> None:
    """Say where the configuration of VENDOR goes, and with --check whether it works."""
    from learning_warehouse.connections import check as check_connection
    from learning_warehouse.listings import print_connection_help

    if check:
        console.print(check_connection(vendor))
    else:
        print_connection_help(console, vendor)


@_command
def land(
    stream: Annotated[str | None, typer.Argument(metavar="[VENDOR.STREAM]", help="One stream, e.g. zendesk.tickets.")] = None,
    only: Only = None,
) -> None:
    """Extract, land and type without Airflow (no audit, nothing is admitted)."""
    from learning_warehouse.listings import print_receipts
    from learning_warehouse.steps import land_streams

    print_receipts(console, land_streams(stream=stream, only=only, say=console.print))


@_command
def audit(only: Only = None) -> None:
    """Audit and admit every typed load that has no verdict yet."""
    from learning_warehouse.listings import print_loads
    from learning_warehouse.steps import audit_and_admit

    verdicts = audit_and_admit(only=only)
    print_loads(console)
    if any(verdict.verdict == "rejected" for verdict in verdicts):
        raise typer.Exit(1)


@_command
def build(
    layer: Annotated[
        str | None, typer.Option(help="staging, intermediate, core, studies, estimate or marts; default all.")
    ] = None,
    engine: Annotated[str, typer.Option(help="duckdb, postgres or spark.")] = "duckdb",
) -> None:
    """Build the warehouse file from the admitted loads (always whole, from a fresh file); publishes nothing."""
    from learning_warehouse.listings import print_layers

    if engine == "duckdb":
        from learning_warehouse.steps import build_layers

        print_layers(console, build_layers(layer=layer, say=console.print))
    else:
        from learning_warehouse.engines.build import mirror_file
        from learning_warehouse.engines.commands import build_whole

        print_layers(console, list(build_whole(engine, layer, console.print).layers))
        console.print(f"A copy of its tables: {mirror_file(engine)}")


@_command
def compare(
    engines: Annotated[str, typer.Option(help="Comma list; each is compared with the first.")] = "duckdb,postgres,spark",
    built: Annotated[bool, typer.Option("--built", help="Compare what these engines built last, and build nothing.")] = False,
    output: Annotated[Path | None, typer.Option(help="Also write the result to this Markdown file.")] = None,
) -> None:
    """Build the same night on several engines and compare the tables row by row; exit code 1 when a value differs."""
    from learning_warehouse.engines.commands import asked_engines, compare_engines, print_result
    from learning_warehouse.engines.report import write_report

    result = compare_engines(asked_engines(engines), is_built=built, say=console.print)
    if output:
        write_report(result, output)
    if not print_result(console, result):
        raise typer.Exit(1)


@_command
def publish() -> None:
    """Gate what was built and publish it as the next generation, marts and pages together."""
    from learning_warehouse.steps import publish_generation

    generation = publish_generation()
    console.print(f"Published generation {generation.number}; look at {generation.path}/site/index.html")


@_command
def status() -> None:
    """Show the served generation, the age of each source and what the last night said."""
    from learning_warehouse.listings import print_loads, print_status

    print_status(console)
    print_loads(console)


@_command
def marts(
    time_queries: Annotated[bool, typer.Option("--time", help="Also the median time of 5 full reads of each mart.")] = False,
) -> None:
    """List the published marts: grain, rows, and where the person rows are."""
    from learning_warehouse.listings import print_marts

    print_marts(console, time_queries=time_queries)


@_command
def sql(
    query: Annotated[str, typer.Argument(help='SQL over the published marts, e.g. "from impact_customer_education".')],
    csv: Annotated[bool, typer.Option("--csv", help="Print CSV instead of a table.")] = False,
    limit: Annotated[int, typer.Option(help="Rows to print.")] = 50,
) -> None:
    """Query the served marts read-only; safe while a night runs."""
    from learning_warehouse.listings import print_query

    print_query(console, query, as_csv=csv, limit=limit)


@_command
def quarantine(
    source: Annotated[str | None, typer.Argument(help="A vendor, e.g. drops.")] = None,
    stream: Annotated[str | None, typer.Argument(help="One of its streams.")] = None,
) -> None:
    """List records that were set aside: source, stream, record or file and line, reason."""
    from learning_warehouse.listings import print_quarantine

    print_quarantine(console, source, stream)


@_command
def show(
    source: Annotated[str, typer.Argument(help="A vendor, e.g. zendesk.")],
    stream: Annotated[str | None, typer.Argument(help="One of its streams, e.g. satisfaction_ratings.")] = None,
) -> None:
    """Show the newest load of a source in full: receipt, drift, checks with their notes, verdict."""
    from learning_warehouse.listings import print_load_details

    print_load_details(console, source, stream)


@_command
def truth(
    seeds: Annotated[int, typer.Option(help="How many simulated companies.")] = 20,
    employees: Annotated[int, typer.Option(help="Employees of each company.")] = 1500,
    accounts: Annotated[int, typer.Option(help="Customer accounts of each company.")] = 2000,
    output: Annotated[Path | None, typer.Option(help="Also write the table to this Markdown file.")] = None,
) -> None:
    """Compare planted effects with our estimates and with the naive comparison, over many simulated companies."""
    from learning_warehouse.listings import print_truth
    from learning_warehouse.truth import planted_truths

    rows = planted_truths(seeds=seeds, employees=employees, accounts=accounts, progress=console.print)
    if not print_truth(console, rows, output):
        raise typer.Exit(1)


@_command
def worlds(
    seeds: Annotated[int, typer.Option(help="How many companies of each world.")] = 200,
    world: Annotated[list[str] | None, typer.Option("--world", help="Only this world, e.g. A; can be given again.")] = None,
    output: Annotated[Path | None, typer.Option(help="Also write the table to this Markdown file.")] = None,
) -> None:
    """Simulated companies of known truth through the marts: coverage, power and flags of what is published."""
    from learning_warehouse.listings import print_worlds
    from learning_warehouse.worlds import run_worlds

    if not print_worlds(console, run_worlds(world, seeds, progress=console.print), seeds, output):
        raise typer.Exit(1)


@_command
def privacy(
    warehouse: Annotated[Path | None, typer.Option(help="A warehouse file as dbt built it; default the last build.")] = None,
    earlier: Annotated[
        Path | None, typer.Option(help="The warehouse file of an earlier night; default the generation before the served one.")
    ] = None,
) -> None:
    """Attack the published marts: what was held back and can be computed, who is covered, which column is unclassified."""
    from learning_warehouse.privacy_report import night_before, report
    from learning_warehouse.terminal import print_privacy
    from learning_warehouse.transform import warehouse_file

    found = report(warehouse or warehouse_file(), earlier or night_before())
    print_privacy(console, found)
    wrong = found.recoverable + found.left_over + found.months + len(found.placement.unclassified + found.placement.misplaced)
    raise typer.Exit(1 if wrong else 0)


@_command
def doctor(
    age: Annotated[bool, typer.Option("--age", help="Only whether a night ended lately; costs nothing, for a monitor.")] = False,
    oldest_hours: Annotated[int, typer.Option(help="Hours after which silence is bad.")] = 26,
) -> None:
    """Check a live installation: parts, manifests, rows, verdicts, ages, modes, space. Exit code 4 when only the age is bad."""
    from learning_warehouse.doctor import examine, exit_code
    from learning_warehouse.listings import print_examination

    results = examine(age, timedelta(hours=oldest_hours))
    print_examination(console, results)
    raise typer.Exit(exit_code(results))


if __name__ == "__main__":
    app()
