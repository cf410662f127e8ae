"""`lw metrics`: read the metric registry, check it against the marts, write the files made from it."""

from typing import Annotated

import typer
from rich.table import Table

from learning_warehouse.command_line import command, console
from learning_warehouse.errors import ConfigurationError
from learning_warehouse.registry import LAYERS, Metric, marts, metrics, problems

app = typer.Typer(no_args_is_help=True, help=__doc__, rich_markup_mode=None)
_command = command(app)


@_command
def list_(
    layer: Annotated[str | None, typer.Option(help="activity, application, impact or governance.")] = None,
    headline: Annotated[bool, typer.Option("--headline", help="Only the figures that pages lead with.")] = False,
) -> None:
    """List the figures: what they are called, what they say, and where they stand."""
    if layer is not None and layer not in LAYERS:
        raise ConfigurationError(f"there is no layer {layer!r}", what_to_do=f"layers are {', '.join(LAYERS)}")
    table = Table("metric", "mart", "unit", "what it says", box=None, header_style="bold", pad_edge=False)
    for metric in metrics():
        if (layer is None or metric.layer == layer) and (metric.is_headline or not headline):
            table.add_row(metric.id, metric.mart, metric.unit, metric.sentence)
    console.print(table)


@_command
def show(metric: Annotated[str, typer.Argument(help="Its id, e.g. on_time_rate; `lw metrics list` has them.")]) -> None:
    """Show one entry whole: formula, denominator, bounds, bias, decision."""
    found = [entry for entry in metrics() if entry.id == metric]
    if not found:
        raise ConfigurationError(f"there is no metric {metric!r}", what_to_do="run: lw metrics list")
    table = Table(show_header=False, box=None, pad_edge=False)
    for name in Metric.model_fields:
        value = getattr(found[0], name)
        table.add_row(name, ", ".join(str(part) for part in value) if isinstance(value, tuple) else str(value))
    console.print(table)


@_command
def check() -> None:
    """Say where registry, marts and written files disagree; exit code 1 when they do."""
    from learning_warehouse.metric_files import outdated

    stale = [f"{path}: not what the registry says; run: lw metrics write" for path in outdated()]
    found = [*problems(metrics(), marts()), *stale]
    for sentence in found:
        console.print(sentence, markup=False)
    console.print(f"{len(metrics())} metrics in {len(marts())} marts, {len(found)} disagreements")
    raise typer.Exit(1 if found else 0)


@_command
def write() -> None:
    """Write descriptions, semantic models and the list dbt loops over."""
    from learning_warehouse import metric_files

    changed = metric_files.write()
    for path in changed:
        console.print(f"wrote dbt_project/{path}")
    if not changed:
        console.print("nothing to write")
