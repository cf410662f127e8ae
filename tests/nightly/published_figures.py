"""The published marts built once more without the rule for small groups, and every published figure held against them.

Only the macros of the rule are changed, in a copy of the project, so that every group counts as large enough. The copy builds
what readers open from the same steps. The scorecard's steps read published marts, and stay as published.
"""

import math
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pytest

from learning_warehouse.registry import Mart, marts
from learning_warehouse.settings import settings

STATES = {"reads", "nothing_recorded", "no_data_reaches_us", "too_few", "not_due", "withheld"}
PARTS = ("", "_n", "_denominator", "_low", "_high")
RULES = {
    "{% macro count_is_shown(people) %}({{ people }} >= {{ minimum_people_for_count() }}){% endmacro %}": (
        "{% macro count_is_shown(people) %}({{ people }} >= 0){% endmacro %}"
    ),
    "{% macro rate_is_shown(people) %}({{ people }} >= {{ minimum_people_for_rate() }}){% endmacro %}": (
        "{% macro rate_is_shown(people) %}({{ people }} >= 0){% endmacro %}"
    ),
}


class Figure(NamedTuple):
    """One published figure, and what stands in its place without the rule: state, then value, n, denominator and limits."""

    mart: str
    name: str
    key: tuple[str, ...]
    state: str
    parts: dict[str, Any]
    open_state: str | None
    open_parts: dict[str, Any]

    @property
    def is_exact(self) -> bool:
        """Reads without the rule as well, and every part is the same to nine digits."""
        return self.open_state == "reads" and all(_same(told, self.open_parts[part]) for part, told in self.parts.items())

    @property
    def is_silent(self) -> bool:
        """No part is told; where nothing was recorded, a zero may be."""
        return all(told is None or (told == 0 and self.state == "nothing_recorded") for told in self.parts.values())


def _same(one: float | None, other: float | None) -> bool:
    return one == other or (one is not None and other is not None and math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9))


def without_the_rule(warehouse: Path, folder: Path) -> Path:
    """A copy of the warehouse file whose published marts are built again with every group large enough."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    project, copy = folder / "dbt_project", folder / "open.duckdb"
    shutil.copytree(settings().repository / "dbt_project", project, ignore=shutil.ignore_patterns("target", "logs"))
    macros = project / "macros" / "small_cells.sql"
    text = macros.read_text()
    for rule, open_rule in RULES.items():
        assert text.count(rule) == 1, rule
        text = text.replace(rule, open_rule)
    macros.write_text(text)
    shutil.copy(warehouse, copy)
    places = [
        "--project-dir",
        str(project),
        "--profiles-dir",
        str(project),
        "--target-path",
        str(folder),
        "--log-path",
        str(folder),
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LW_WAREHOUSE_FILE", str(copy))
        patch.setenv("LW_STORAGE_ROOT", str(settings().home))
        try:
            outcome = dbtRunner().invoke(["run", "--select", "config.schema:marts", *places, "--quiet", "--no-version-check"])
        finally:
            DuckDBConnectionManager.close_all_connections()
    assert outcome.success, outcome.exception or [result.message for result in outcome.result if result.status == "error"]
    return copy


def figures(warehouse: Path, open_warehouse: Path) -> Iterator[Figure]:
    """Every figure of every published mart, with its counterpart of the same key."""
    with duckdb.connect() as connection:
        for name, path in (("shown", warehouse), ("whole", open_warehouse)):
            connection.execute(f"attach '{path}' as {name} (read_only)")
        sql = "select table_name from duckdb_tables() where database_name = 'shown' and schema_name = 'marts'"
        published = {row[0] for row in connection.execute(sql).fetchall()}
        for mart in marts().values():
            if mart.name in published and mart.figures:
                yield from _figures_of(connection, mart)


def _figures_of(connection: duckdb.DuckDBPyConnection, mart: Mart) -> Iterator[Figure]:
    key = ", ".join(f'shown."{column}"::varchar' for column in mart.grain)
    same = " and ".join(f'shown."{column}" is not distinct from whole."{column}"' for column in mart.grain)
    for figure in mart.figures:
        state = "state" if figure == "estimate" else f"{figure}_state"
        names = ("estimate", "ci_low", "ci_high") if figure == "estimate" else tuple(f"{figure}{part}" for part in PARTS)
        parts = [name for name in names if name in mart.columns]
        sides = ", ".join(
            f"{side}.{state}, [{', '.join(f'{side}.{name}::double' for name in parts)}]" for side in ("shown", "whole")
        )
        rows = connection.execute(
            f'select [{key}], {sides} from shown.marts."{mart.name}" as shown '
            f'left join whole.marts."{mart.name}" as whole on {same}'
        ).fetchall()
        for names_of_key, told, values, open_told, open_values in rows:
            yield Figure(
                mart.name,
                figure,
                tuple(names_of_key),
                told,
                dict(zip(parts, values, strict=True)),
                open_told,
                dict(zip(parts, open_values, strict=True)),
            )
