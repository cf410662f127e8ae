"""`lw identity`: which records belong to nobody we know yet, and deciding by hand whose they are."""

from typing import Annotated

import typer
from rich.table import Table

from learning_warehouse.command_line import command, console
from learning_warehouse.errors import ConfigurationError

app = typer.Typer(no_args_is_help=True, help=__doc__, rich_markup_mode=None)
_command = command(app)

REASONS = {
    "unknown_record": "there is no such record",
    "unknown_person": "it names a person we do not know",
    "two_people": "the record is a person by itself, and two people are never made one here",
}


@_command
def todo(limit: Annotated[int, typer.Option(help="Decisions to list.")] = 20) -> None:
    """List the decisions that would close most of the gap, with people who may fit; no names, no addresses."""
    from learning_warehouse.identity_todo import todo as read

    gap = read()
    listed = gap.decisions[:limit]
    share = f"{gap.matched / gap.learners:.1%}" if gap.learners else "none"
    hanging = sum(decision.learning_events for decision in gap.decisions)
    console.print(f"MATCHED   {share} of {gap.learners:,} LMS users to a person; {len(gap.decisions):,} decisions are open")
    console.print(f"AT STAKE  {hanging:,} of {gap.learning_events:,} learning events belong to nobody we know")
    table = Table("record", "events", "why open", "may be", box=None, pad_edge=False, header_style="bold")
    for decision in listed:
        why = "several people have its mailbox" if decision.rule == "ambiguous" else "no id and no mailbox we know"
        people = [f"{candidate.person} (same {', '.join(candidate.because)})" for candidate in decision.candidates]
        more = decision.alike - len(people)
        fit = ["nobody found"] if not decision.alike else [*people, *([f"{more:,} more fit as well"] if more and people else [])]
        table.add_row(
            f"{decision.source} {decision.source_identity_id}",
            f"{decision.learning_events:,}",
            why,
            "\n".join(fit) or f"{decision.alike:,} people fit equally well",
        )
    if listed:
        console.print(table)
    if len(gap.decisions) > len(listed):
        console.print(f"{len(gap.decisions) - len(listed):,} more; --limit shows them")
    for source, record, judgment in gap.unused:
        console.print(f"UNUSED    the decision about {source} {record}: {REASONS[judgment]}", markup=False)
    console.print('NEXT      lw identity decide SOURCE ID --person SOURCE:ID --by "your name"   (or --nobody)', markup=False)


@_command
def decide(
    source: Annotated[str, typer.Argument(help="Where the record is, e.g. absorb.users.")],
    record: Annotated[str, typer.Argument(metavar="ID", help="Its id there.")],
    by: Annotated[str, typer.Option(help="Who decided.")],
    person: Annotated[str | None, typer.Option(metavar="SOURCE:ID", help="The HR worker or CRM contact it belongs to.")] = None,
    nobody: Annotated[bool, typer.Option("--nobody", help="It belongs to nobody we know, and is not to be asked again.")] = False,
    reason: Annotated[str | None, typer.Option(help="Why, in a few words; no names.")] = None,
) -> None:
    """Write down whose a record is. The newest decision counts, from the next night on, and outranks every rule."""
    from learning_warehouse.identity_todo import decide as write

    if (person is None) != nobody:
        raise ConfigurationError("Say whose the record is.", what_to_do="add either --person SOURCE:ID or --nobody")
    path = write(source, record, person, by, reason)
    console.print(f"Written to {path}", markup=False)
    console.print("It counts from the next night on; to take it back, decide again.")
