"""`lw signals`: the streams of the drop folder: what they are, whether a file fits, and their JSON Schemas."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from learning_warehouse.command_line import command, console
from learning_warehouse.errors import ConfigurationError

app = typer.Typer(no_args_is_help=True, help=__doc__, rich_markup_mode=None)
_command = command(app)
LINES_SHOWN = 50


@_command
def list_() -> None:
    """List the streams: what one line is, its key, and how many files lie in the drop folder."""
    from learning_warehouse.settings import settings
    from learning_warehouse.sources import SOURCES
    from learning_warehouse.sources.signals.drop_files import files_in

    table = Table("stream", "files", "one line is", "key", box=None, header_style="bold", pad_edge=False)
    for stream in SOURCES["drops"].streams.values():
        files = len(files_in(settings().drop_folder / stream.name))
        table.add_row(stream.name, str(files or "-"), stream.meaning, " + ".join(stream.primary_key))
    console.print(table)
    console.print(f"Files go into {settings().drop_folder}/<stream>/; docs/drops.md says what each is for.")


@_command
def check(
    file: Annotated[Path, typer.Argument(help="A .csv, .jsonl or .parquet file.")],
    stream: Annotated[
        str | None, typer.Option("--stream", metavar="NAME", help="By default from folder, name or header.")
    ] = None,
) -> None:
    """Check FILE before it is dropped: every bad line with its reason; exit code 1 when there is one."""
    from learning_warehouse.signals_check import check_file

    found = check_file(file, stream)
    if found.bad:
        table = Table("line", "reason", "at night", box=None, header_style="bold", pad_edge=False)
        for bad in found.bad[:LINES_SHOWN]:
            table.add_row(str(bad.line), bad.reason, "set aside" if bad.is_set_aside else "loaded and flagged")
        console.print(table)
        if len(found.bad) > LINES_SHOWN:
            console.print(f"and {len(found.bad) - LINES_SHOWN:,} more")
    console.print(f"{file.name} as {found.stream}: {found.good:,} good, {len(found.bad):,} bad lines", markup=False)
    raise typer.Exit(1 if found.bad else 0)


@_command
def schema(
    stream: Annotated[str | None, typer.Argument(metavar="[STREAM]", help="One stream, e.g. checkins.")] = None,
    write: Annotated[bool, typer.Option("--write", help="Write all schemas to docs/signals/ instead.")] = False,
) -> None:
    """Print the JSON Schema (2020-12) of one line of STREAM, made from its declaration."""
    from learning_warehouse.signals_schema import schema_text, write_schemas
    from learning_warehouse.sources import find

    if write:
        written = write_schemas()
        console.print("\n".join(f"wrote {path}" for path in written) or "nothing to write", markup=False)
    elif stream is None:
        raise ConfigurationError("Which stream? `lw signals list` lists them.")
    else:
        typer.echo(schema_text(find(f"drops.{stream.removeprefix('drops.')}")), nl=False)
