"""One operation of `lw`, asked for by a form instead of a command line. Same functions, same words, same exit codes."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from learning_warehouse.errors import ConfigurationError

OPERATIONS: dict[str, tuple[str, ...]] = {
    "backfill": ("source", "from", "to"),
    "replay": ("source",),
    "sweep": ("source",),
    "reset": ("source", "by", "why"),
    "release": ("source", "by", "why"),
    "reject": ("source", "by", "why"),
    "janitor": (),
}
"""Each operation and the fields of the form that it needs."""


def perform(form: Mapping[str, Any]) -> int:
    """Runs the operation of a form and returns the exit code of its command; what it says goes to standard output.

    Raises ConfigurationError naming the fields that are empty.
    """
    import typer

    from learning_warehouse import operation_commands as commands

    name = str(form["operation"])
    missing = [field for field in OPERATIONS[name] if not form.get(field)]
    if missing:
        raise ConfigurationError(f"{name} needs {' and '.join(missing)}.", what_to_do="trigger it again with these fields")
    values: dict[str, Any] = {field: form[field] for field in OPERATIONS[name] if field not in ("from", "to", "source")}
    if name in ("release", "reject"):
        values |= {"stream": form["source"], "load": form.get("load")}
    elif "source" in OPERATIONS[name]:
        values["source"] = form["source"]
    if name == "backfill":
        values |= {"start": datetime.fromisoformat(form["from"]), "end": datetime.fromisoformat(form["to"])}
    try:
        getattr(commands, name)(**values)
    except typer.Exit as ended:
        return int(ended.exit_code)
    return 0
