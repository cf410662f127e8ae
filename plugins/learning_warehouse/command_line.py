"""What every command of `lw` shares: where it prints, and how an error of ours becomes a sentence and an exit code."""

import functools
import sys
from collections.abc import Callable
from typing import Any

import typer
from rich.console import Console

from learning_warehouse.errors import LearningWarehouseError

WIDTH_OF_A_FILE = 160
console = Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else WIDTH_OF_A_FILE)
complaints = Console(stderr=True, highlight=False, soft_wrap=True)


def command(app: typer.Typer) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """A decorator that registers a function of `app` under its own name, a_b as a-b."""

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def guarded(*args: Any, **kwargs: Any) -> None:
            try:
                function(*args, **kwargs)
            except LearningWarehouseError as error:
                from learning_warehouse.terminal import explain

                explain(complaints, error)
                raise typer.Exit(error.exit_code) from error
            except KeyboardInterrupt:
                complaints.print("Interrupted. What was published stays served; the next run converges.")
                raise typer.Exit(130) from None

        return app.command(name=function.__name__.rstrip("_").replace("_", "-"))(guarded)

    return register
