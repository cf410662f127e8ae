"""What a night looks like on the terminal: progress while it runs, about 25 lines when it ends, sentences for errors.

Every number comes from a receipt, a verdict, a generation's manifest or a published mart.
"""

import contextlib
from types import TracebackType
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from learning_warehouse.errors import LearningWarehouseError, RetryLater
from learning_warehouse.settings import company, settings

if TYPE_CHECKING:
    from learning_warehouse.privacy_report import PrivacyReport

SENTENCES = 4
DOMAIN_WORDS = {"lms": "lms", "hris": "hris", "support": "help", "crm": "crm", "signals": "drop"}


class NightProgress:
    """A bar with the running step on a terminal; one line per finished step where the output is a file."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            TextColumn("{task.completed:.0f}/{task.total:.0f} steps"),
            TimeElapsedColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )

    def __enter__(self) -> "NightProgress":
        from learning_warehouse.sources import DOMAINS, every_stream, is_read
        from learning_warehouse.steps import LAYERS

        streams = sum(is_read(stream.full_name) for stream in every_stream())
        domains = len(DOMAINS)
        self._task = self._progress.add_task("start", total=2 + streams + 2 * domains + len(LAYERS) + 2)
        self._progress.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._progress.stop()

    def event(self, name: str, event: Any) -> None:
        """The listener of a night: a step started, finished or failed."""
        if event.state == "started":
            self._progress.update(self._task, description=name)
            return
        self._progress.advance(self._task)
        counts = ", ".join(
            f"{value:,} {key}" for key, value in event.detail.items() if isinstance(value, int) and not isinstance(value, bool)
        )
        if event.state == "failed":
            self._console.print(f"  [red]failed[/red]    {name}: {_plain(str(event.detail.get('error', '')))[:300]}")
        elif not self._console.is_terminal:
            self._console.print(f"  {event.seconds:6.1f} s  {name}" + (f"  ({counts})" if counts else ""))


def explain(console: Console, error: LearningWarehouseError) -> None:
    """An error as sentences: what happened where, what to do, and, when a run ended with it, its id and its log."""
    place = ".".join(part for part in (error.source, error.stream) if part)
    console.print(f"[red]Error[/red]  {place + ': ' if place else ''}{_plain(error.reason)}")
    if error.what_to_do:
        console.print(f"  do      {_plain(error.what_to_do)}")
    if isinstance(error, RetryLater):
        console.print(f"  when    not before {error.come_back_at:%Y-%m-%d %H:%M} UTC")
    if error.run_id:
        console.print(f"  log     {settings().home / 'logs' / error.run_id}.log (run {error.run_id})")


def print_night(console: Console, result: Any) -> None:
    """The end of `lw run`: loads, marts, what one can say, where to look, what to do next."""
    _print_title(console, result)
    _print_loads(console, result.loads)
    for sentence in result.failures:
        console.print(f" [red]held back[/red]  {_plain(sentence)}")
    if result.generation is None:
        console.print(f"[red]Nothing was published.[/red] The last good generation stays served. Log: {result.log}")
        return
    print_generation(console, result.generation)
    print_findings(console, result.generation)
    print_simulator(console, result.generation)
    _print_where(console, result.generation)
    following = "make run (heals this: what was held back is asked for again)" if result.exit_code else "make run (next day)"
    console.print(f"NEXT      {following}   make break (a bad night)   lw connect absorb --check (yours)   make up (Airflow UI)")
    console.print(f"log       {result.log}   exit code {result.exit_code}")


def print_bad_night(console: Console, result: Any) -> None:
    """The end of `lw break`: what was spoiled, then the same report as any night."""
    console.print("BAD NIGHT  on purpose: Zendesk answered 200 with an error body, Absorb sent enrollments without keys.")
    print_night(console, result)
    console.print("What stays served is the last good load of each stream, with its age; see site/trust/index.html.")


def _print_title(console: Console, result: Any) -> None:
    known = company()
    simulated = [name for name, state in dict(known.sources).items() if state == "simulated"]
    what = f" (SIMULATED: {', '.join(simulated)})" if simulated else ""
    setup = settings().repository / ".venv" / ".setup_seconds"
    took = ""
    if setup.exists():
        took = f"set-up {_duration(float(setup.read_text()))}, "
        setup.unlink()
    console.print(
        f"[bold]{_plain(known.company.name).upper()}[/bold]{what}  night of {result.now:%-d %b %Y}   "
        f"{took}night {_duration(result.seconds)}"
    )


def _print_loads(console: Console, loads: list[Any]) -> None:
    table = Table(box=None, pad_edge=False, show_edge=False)
    for name, justify in (
        ("LOAD", "left"), ("vendor says", "right"), ("landed", "right"), ("set aside", "right"),
        ("checks", "right"), ("newest record", "right"), ("verdict", "left"),
    ):  # fmt: skip
        table.add_column(name, justify=justify, no_wrap=True)  # type: ignore[arg-type]
    for source in dict.fromkeys(load.source for load in loads):
        table.add_row(*_source_row([load for load in loads if load.source == source]))
    console.print(table)
    for load in loads:
        if load.is_good:
            for reason in load.reasons:
                console.print(
                    f" warning    {load.name}: {_plain(reason['sentence'])}  [dim]lw show {load.source} {load.stream}[/dim]"
                )
            if load.set_aside:
                why = "; ".join(f"{_plain(reason)} ({count})" for reason, count in sorted(load.set_aside_reasons.items()))
                console.print(f" set aside  {load.name}: {load.set_aside} records: {why}  [dim]lw quarantine {load.source}[/dim]")


def _source_row(loads: list[Any]) -> list[str]:
    asked = [load for load in loads if load.records is not None]
    sent = [load for load in asked if load.mode != "sweep"]  # what a sweep found gone is our own note, which no vendor counts
    totals = [load.vendor_total for load in sent]
    says = (
        f"{sum(totals):,}" if sent and None not in totals else "no total" if not any(t is not None for t in totals) else "in part"
    )
    newest = max((load.newest_event_at for load in asked if load.newest_event_at), default="")
    bad = [load for load in loads if not load.is_good]
    warned = sum(1 for load in loads if load.is_good for _ in load.reasons)
    verdict = (
        f"[red]{len(bad)} of {len(loads)} streams held back[/red]"
        if bad
        else "absent"
        if all(load.state == "absent" for load in loads)
        else "admitted"
    )
    if warned:
        verdict += f", {warned} warning{'s' if warned > 1 else ''}"
    return [
        f"{DOMAIN_WORDS[loads[0].domain]:<4} {loads[0].source}",
        says,
        f"{sum(load.records for load in sent):,}",
        f"{sum(load.set_aside or 0 for load in asked):,}",
        f"{sum(load.checks_passed for load in loads)} of {sum(load.checks_total for load in loads)}",
        _short_time(newest),
        verdict,
    ]


def print_generation(console: Console, generation: Any) -> None:
    """MATCHED and MARTS: the identity coverage and a few marts of one generation."""
    from learning_warehouse.facts import Marts, NotThere

    with Marts(generation.warehouse, generation.restricted) as marts:
        try:
            learners = marts.rows("governance_identity_coverage", "population = 'learner'")
            logins = sum(row["identities"] for row in learners)
            matched = sum(row["matched_rate"] * row["identities"] for row in learners) / logins
            console.print(
                f"MATCHED   {matched:.1%} of LMS users to a person in HR or CRM; "
                f"{sum(row['open_decisions'] for row in learners):,} decisions would close the rest   lw identity todo"
            )
        except (NotThere, ZeroDivisionError, KeyError, TypeError):
            console.print("MATCHED   no identity coverage in this generation")
    manifest = generation.manifest
    gate = manifest["gate"]
    console.print(
        f"MARTS     {len(manifest['marts'])} published together as generation {generation.number}; "
        f"{gate['checks_passed']:,} of {gate['checks_total']:,} rules passed; readers saw no half-built state"
    )
    if not manifest["marts"]:
        return
    table = Table(box=None, pad_edge=False, show_edge=False, show_header=False)
    table.add_column()
    table.add_column(justify="right")
    table.add_column()
    shown = ("activity_learner_weeks", "application_ticket_handling", "impact_account_months", "impact_customer_education")
    for mart in manifest["marts"]:
        if mart["name"] in shown:
            table.add_row(f" {mart['name']}", f"{mart['rows']:,}", _plain(mart["grain"]))
    console.print(table)
    console.print(f" ({len(manifest['marts']) - len(shown)} more: lw marts)")


def print_findings(console: Console, generation: Any) -> None:
    """YOU CAN SAY: at most four sentences, each with its interval, n and how sure it is."""
    from learning_warehouse.findings import findings, you_can_say

    said = you_can_say(findings(generation.warehouse, generation.restricted), limit=SENTENCES)
    for number, finding in enumerate(said, 1):
        lead = "YOU CAN SAY" if number == 1 else "           "
        console.print(f"{lead}   {number} {_plain(finding.sentence)}")
    if not said:
        console.print("YOU CAN SAY   nothing yet: no estimate has enough data")


def print_simulator(console: Console, generation: Any) -> None:
    """SIMULATOR: of the planted effects with an estimate, how many our intervals cover, and the plain comparison's."""
    from learning_warehouse.simulated import is_all_simulated

    if not generation.manifest["marts"] or not is_all_simulated():
        return
    from learning_warehouse.simulation.company import simulate
    from learning_warehouse.truth import truth_of_generation

    known = settings()
    planted = truth_of_generation(generation.warehouse, simulate(known.seed, known.employees, known.accounts))
    rows = [row for row in planted if row.estimate is not None]
    withheld = f" ({len(planted) - len(rows)} more withheld)" if len(rows) < len(planted) else ""
    if rows:
        console.print(
            f"SIMULATOR     planted truths inside our interval {sum(row.covered for row in rows)} of {len(rows)}{withheld}; "
            f"inside the plain comparison's {sum(row.naive_covered for row in rows)} of {len(rows)}   lw truth"
        )


def _print_where(console: Console, generation: Any) -> None:
    served = settings().home / "served"
    with contextlib.suppress(ValueError):
        served = served.relative_to(settings().repository)
    console.print(f"LOOK      {served}/site/index.html (front page)   site/trust/   site/data-docs/   site/dbt-docs/")
    console.print(
        f'QUERY     .venv/bin/duckdb -readonly {served}/warehouse.duckdb "from marts.impact_customer_education"   '
        f"or {served}/csv, {served}/parquet"
    )


def _duration(seconds: float) -> str:
    return f"{int(seconds // 60)} m {round(seconds % 60):02d} s" if seconds >= 60 else f"{seconds:.0f} s"


def _short_time(text: str) -> str:
    from datetime import datetime

    return f"{datetime.fromisoformat(text):%-d %b %H:%M}" if text else "-"


def _plain(text: object) -> str:
    from rich.markup import escape

    return escape("".join(character if character.isprintable() else " " for character in str(text)))


def print_privacy(console: Console, report: "PrivacyReport") -> None:
    """The linear attack on the published cubes, the coverage of employees, and the classes of columns."""
    table = Table(show_header=False, box=None, pad_edge=False)
    share = f" ({report.covered / report.employees:.0%})" if report.employees else ""
    place = report.placement
    table.add_row("cubes attacked", f"{report.cubes:,}")
    table.add_row("cells", f"{report.cells:,}, held back {report.held_back:,}")
    table.add_row("held back and recoverable", f"{report.recoverable:,}")
    table.add_row("left over by subtracting two horizons", f"{report.left_over:,}")
    table.add_row("months given away by rolling years", f"{report.months:,}, of the whole company {report.company_months:,}")
    moved = "no earlier night is kept" if report.joined is None else f"{report.joined:,}"
    table.add_row("figures that 1 to 4 people joined since", moved)
    table.add_row("employees in a department with a figure", f"{report.covered:,} of {report.employees:,}{share}")
    table.add_row("columns", f"{place.columns:,}, personal {place.personal:,}")
    table.add_row("columns unclassified", f"{len(place.unclassified):,} {' '.join(place.unclassified[:10])}".rstrip())
    table.add_row("personal columns in published marts", f"{len(place.misplaced):,} {' '.join(place.misplaced[:10])}".rstrip())
    console.print(table)
