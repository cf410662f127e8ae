"""What sqlfluff needs to read our macros without dbt: `adapter.dispatch` picks a macro's DuckDB form, else the common one."""

from collections.abc import Callable
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context


@pass_context
def dispatch(context: Context, macro_name: str, macro_namespace: str) -> Callable[..., Any]:
    """The macro that dbt would run on DuckDB. Raises KeyError when a macro has neither form."""
    for form in (f"duckdb__{macro_name}", f"default__{macro_name}"):
        macro = context.get(form)
        if macro is not None:
            return macro
    raise KeyError(f"{macro_namespace}.{macro_name}")
