"""The commands of an operator: replay, backfill, sweep, reset, release, reject, janitor, erase. Each takes the home's lock."""

from datetime import datetime
from typing import Annotated

import typer
from rich.table import Table

from learning_warehouse.command_line import command, console
from learning_warehouse.errors import ConfigurationError

app = typer.Typer()
_command = command(app)
Asked = Annotated[str, typer.Argument(metavar="VENDOR[.STREAM]", help="A vendor, or one of its streams, e.g. zendesk.tickets.")]
One = Annotated[str, typer.Argument(metavar="VENDOR.STREAM", help="One stream, e.g. zendesk.tickets.")]
Load = Annotated[int | None, typer.Option("--load", help="Number of the load; default the newest. `lw show` tells it.")]
By = Annotated[str, typer.Option("--by", help="Who decided.")]
Why = Annotated[str, typer.Option("--why", help="Why, in a few words; it stands on the pages, so no names.")]
NEXT = "NEXT      the next night shows it; at once: lw build, then lw publish"


@_command
def replay(source: Asked) -> None:
    """Type every landed load again under the current contract of its stream, without one call to a vendor."""
    from learning_warehouse.replays import replay as run

    done = [one for one in run(source, say=console.print) if one.loads]
    if not done:
        console.print(f"Every load of {source} has its rows under the current contract. To type again, raise `contract` there.")
        return
    table = Table("stream", "contract", "loads", "records", "typed", "set aside", "records a second", box=None, pad_edge=False)
    for one in done:
        speed = f"{one.records / one.seconds:,.0f}" if one.seconds else "-"
        counts = (one.contract, one.loads, one.records, one.typed, one.set_aside)
        table.add_row(one.stream, *(f"{count:,}" for count in counts), speed)
    console.print(table)
    for one in done:
        for seq, before, now in one.changed:
            console.print(f"VERDICT   {one.stream} load {seq}: {before}, now {now}")
    console.print(NEXT)


@_command
def backfill(
    source: Asked,
    start: Annotated[datetime, typer.Option("--from", help="Begin of the interval, UTC, inclusive.")],
    end: Annotated[datetime, typer.Option("--to", help="End of the interval, UTC, exclusive.")],
    again: Annotated[bool, typer.Option("--again", help="Ask once more for an interval that was asked for before.")] = False,
) -> None:
    """Ask a vendor again for a past interval, audit and admit what comes; no cursor moves, rows merge by key and version."""
    from learning_warehouse.backfills import backfill as run

    done = run(source, start, end, again, say=console.print)
    for verdict in done.verdicts:
        console.print(f"  {verdict.verdict:<8} {verdict.source}.{verdict.stream} load {verdict.seq}: {verdict.records:,} records")
        for reason in verdict.reasons:
            console.print(f"           {reason['severity']}: {reason['sentence']}", markup=False)
    if done.left_out:
        console.print(f"LEFT OUT  {', '.join(done.left_out)}: read whole every night, or no interval to ask for")
    console.print(f"RUN       {done.run_id}   the same command again lands nothing new; --again asks once more")
    console.print(NEXT)
    if any(verdict.verdict == "rejected" for verdict in done.verdicts):
        raise typer.Exit(1)


@_command
def sweep(source: Annotated[str, typer.Argument(metavar="VENDOR", help="A vendor, e.g. salesforce.")]) -> None:
    """Compare the keys that a vendor has with those we hold; records that it no longer has are marked as gone."""
    from learning_warehouse.sweeps import sweep as run

    done = run(source)
    table = Table("stream", "known", "gone", "back", box=None, pad_edge=False)
    for name, counts in done.counts.items():
        table.add_row(f"{source}.{name}", *(f"{counts[word]:,}" for word in ("known", "gone", "back")))
    console.print(table)
    for reason in done.verdict.reasons:
        console.print(f"  {reason['severity']}: {reason['sentence']}", markup=False)
    if done.verdict.verdict == "rejected":
        console.print(f'NEXT      nothing is marked; if it is true: lw release {source}.deletions --by "your name" --why "..."')
        raise typer.Exit(1)
    console.print(NEXT)


@_command
def reset(source: Asked, by: By, why: Why) -> None:
    """Forget the cursor of a stream: the next load reads everything the vendor has. What was admitted stays."""
    from learning_warehouse import steps
    from learning_warehouse.replays import asked_streams
    from learning_warehouse.resets import reset as begin_anew
    from learning_warehouse.storage import storage

    streams = asked_streams(source)
    with steps.alone("reset"):
        for stream in streams:
            told = begin_anew(stream, storage(), by, why)
            done = f"begins anew after load {told.after}" if told else "is new already"
            console.print(f"  {stream.full_name} {done}")
    console.print("NEXT      the next night reads them whole; at once: lw land, then lw audit")


@_command
def release(stream: One, by: By, why: Why, load: Load = None) -> None:
    """Admit a load that the audit rejected. Its figures stay flagged, and the load is judged again under a new contract."""
    _decide(stream, load, "admitted", by, why)


@_command
def reject(stream: One, by: By, why: Why, load: Load = None) -> None:
    """Take a load out of what readers see, for good, and ask the vendor again from before it."""
    _decide(stream, load, "rejected", by, why)


@_command
def janitor(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
) -> None:
    """Remove leftovers of killed tries and what is past its days (`retention` of company.yml)."""
    from learning_warehouse.janitor import sweep

    table = Table("kind", "would go" if dry_run else "gone", "bytes", "oldest night kept", box=None, pad_edge=False)
    for swept in sweep(dry_run):
        table.add_row(swept.kind, f"{swept.files:,}", f"{swept.size:,}", (swept.oldest or "-")[:10])
    console.print(table)


@_command
def erase(
    person: Annotated[
        list[str] | None, typer.Argument(metavar="[VENDOR.STREAM:ID]...", help="Who, e.g. bamboohr.employees:1042.")
    ] = None,
    by: Annotated[str, typer.Option("--by", help="Who decided.")] = "",
    why: Annotated[str, typer.Option("--why", help="Why, e.g. the number of the request; no names.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do it; without, only say who would be erased.")] = False,
    resume: Annotated[
        bool, typer.Option("--resume", help="Apply the whole list again, e.g. after a backup was taken back.")
    ] = False,
) -> None:
    """Erase a person from raw, typed, quarantine and what is published, and never let them in again; prints a proof."""
    from learning_warehouse.erase import erase as run
    from learning_warehouse.erase import find_person
    from learning_warehouse.erase import resume as go_on
    from learning_warehouse.storage import storage

    if not resume and not person:
        raise ConfigurationError("Say who is to be erased.", what_to_do="lw erase bamboohr.employees:1042, or lw erase --resume")
    if person and not yes and not resume:
        found = find_person(person, storage())
        console.print(f"WHO       {', '.join(found.identities)}", markup=False)
        if found.shared_mailboxes:
            console.print(f"SHARED    {found.shared_mailboxes} mailboxes also belong to others and lead to nobody")
        console.print('NEXT      the same with --yes --by "your name" --why "number of the request"; it cannot be undone')
        return
    proof = go_on() if resume else run(list(person or []), by, why)[1]
    for line in proof.lines():
        console.print(line, markup=False)
    if not proof.is_clean:
        raise typer.Exit(1)


def _decide(stream: str, load: int | None, word: str, by: str, why: str) -> None:
    from learning_warehouse.judgments import decide

    decision = decide(stream, load, "admitted" if word == "admitted" else "rejected", by, why)
    told = decision.now
    if told.number == decision.before.number:
        console.print(f"Load {told.seq} of {stream} is {told.verdict} already; nothing was changed.")
        return
    console.print(
        f"Load {told.seq} of {stream}: {decision.before.verdict} before, now {told.verdict}; kept as verdict {told.number}."
    )
    console.print(NEXT)
