"""`lw privacy`: what an attacker with the published marts can work out, and how many people stay inside some figure.

The attack is linear: every published total is an equation over its cells; a held-back cell that the equations determine,
or a group of them that is too few people, is a leak. Coverage counts the employees whose own department has a figure
in the newest complete period of some mart.
"""

from dataclasses import dataclass
from pathlib import Path

from learning_warehouse.privacy import Cube, cubes, leaks
from learning_warehouse.privacy_classes import Placement, classes, columns_of, placement
from learning_warehouse.registry import marts


@dataclass(frozen=True, slots=True)
class PrivacyReport:
    """Counts of one build. `covered` of `employees` work in a department with a published figure."""

    cubes: int
    cells: int
    held_back: int
    recoverable: int
    employees: int
    covered: int
    placement: Placement


def report(warehouse: Path) -> PrivacyReport:
    """Attack the marts of a warehouse file as dbt built it, with core tables beside them."""
    tables = columns_of(warehouse)
    published = {table for schema, table in tables if schema == "marts"}
    tested = [cube for cube in cubes() if cube.mart in published]
    cells, held_back = _cells(warehouse, tested)
    employees, covered = _coverage(warehouse, published)
    return PrivacyReport(
        len(tested), cells, held_back, len(leaks(str(warehouse), tested)), employees, covered, placement(tables, classes())
    )


def _cells(warehouse: Path, tested: list[Cube]) -> tuple[int, int]:
    import duckdb

    cells = held_back = 0
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        for cube in tested:
            sql = f'select count(*), count(*) filter ({cube.held_back}) from marts."{cube.mart}"'
            row = connection.execute(sql).fetchone() or (0, 0)
            cells, held_back = cells + row[0], held_back + row[1]
    return cells, held_back


def _coverage(warehouse: Path, published: set[str]) -> tuple[int, int]:
    """Employees of today, and those in a department that some figure of the last twelve months shows."""
    import duckdb

    shown: set[str] = set()
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        for mart in marts().values():
            if mart.name not in published or "department" not in mart.grain:
                continue
            reads = " or ".join(f"{figure}_state = 'reads'" for figure in mart.figures if figure != "estimate") or "false"
            sql = f'select distinct department from marts."{mart.name}" where {reads}'
            shown |= {row[0] for row in connection.execute(sql).fetchall()}
        sql = "select department, count(distinct person_key) from restricted.dim_worker_history where is_current group by 1"
        sizes = dict(connection.execute(sql).fetchall())
    return sum(sizes.values()), sum(size for department, size in sizes.items() if department in shown)
