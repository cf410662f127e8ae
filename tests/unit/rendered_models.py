"""The SQL of one dbt model for DuckDB without dbt: its macros and references filled in by Jinja alone, in milliseconds."""

from pathlib import Path
from typing import Any

from jinja2 import Environment

PROJECT = Path(__file__).parents[2] / "dbt_project"


class Adapter:
    """Finds the macro of DuckDB or the default one, as dbt does."""

    module: Any

    def dispatch(self, name: str, _package: str | None = None) -> Any:
        return getattr(self.module, f"duckdb__{name}", None) or getattr(self.module, f"default__{name}")


def rendered(model: str, *macros: str) -> str:
    """The SELECT of `models/<model>.sql`; it reads tables that are called as its sources and references are."""
    adapter, environment = Adapter(), Environment()
    names = {"adapter": adapter, "return": lambda value: value, "source": lambda _, name: name, "ref": lambda name: name}
    environment.globals.update(names, config=lambda **_: "")
    text = "\n".join((PROJECT / "macros" / f"{name}.sql").read_text() for name in macros)
    adapter.module = environment.from_string(text).module
    return environment.from_string(text + (PROJECT / "models" / f"{model}.sql").read_text()).render()


def called(macro: str, *arguments: str, **named: Any) -> str:
    """The SQL that one macro of `macros/<macro>.sql` gives for its arguments."""
    return str(
        getattr(Environment().from_string((PROJECT / "macros" / f"{macro}.sql").read_text()).module, macro)(*arguments, **named)
    )
