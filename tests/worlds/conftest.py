"""The statistics macros, rendered from the files dbt reads and spelled for DuckDB, without starting dbt."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment

MACROS = Path(__file__).parents[2] / "dbt_project" / "macros"


class _Dispatch:
    """What dbt's adapter does for these macros: the DuckDB spelling where there is one, else the default."""

    module: Any

    def dispatch(self, name: str, _package: str) -> Callable[..., str]:
        return getattr(self.module, f"duckdb__{name}", None) or getattr(self.module, f"default__{name}")


@pytest.fixture(scope="session")
def macros() -> Any:
    """A module whose attributes are the macros; calling one gives SQL text."""
    files = [
        *sorted((MACROS / "portable").glob("*.sql")),
        *sorted((MACROS / "statistics").glob("*.sql")),
        MACROS / "small_cells.sql",
    ]
    adapter = _Dispatch()
    environment = Environment(extensions=["jinja2.ext.do"])
    template = environment.from_string("\n".join(path.read_text() for path in files))
    adapter.module = template.make_module({"adapter": adapter, "return": lambda text: text})
    return adapter.module
