"""`lw privacy`: what an attacker with the published marts can work out, and how many people stay inside some figure.

The attack is linear: every published total is an equation over its cells; a held-back cell that the equations determine,
or a group of them that is too few people, is a leak. Figures of several horizons, months and nights are subtracted from each
other as well. Coverage counts the employees whose own department has a figure
of the last twelve months in some mart.
"""

from dataclasses import dataclass
from pathlib import Path

from learning_warehouse import generations
from learning_warehouse.privacy import Cube, cubes, leaks
from learning_warehouse.privacy_classes import Placement, classes, columns_of, placement
from learning_warehouse.privacy_months import COMPANY_WINDOWS, differences, joined, months_computed
from learning_warehouse.registry import marts


@dataclass(frozen=True, slots=True)
class PrivacyReport:
    """Counts of one build. `covered` of `employees` work in a department with a published figure.

    `left_over` pairs of figures differ by one to four people; `months` and `company_months` are counts of one to four in one
    month that rolling years give away, of a department or role and of the whole company; `joined` figures have one to four
    people more or fewer than in the night before, None without such a night.
    """

    cubes: int
    cells: int
    held_back: int
    recoverable: int
    left_over: int
    months: int
    company_months: int
    joined: int | None
    employees: int
    covered: int
    placement: Placement


def report(warehouse: Path, earlier: Path | None = None) -> PrivacyReport:
    """Attack the marts of a warehouse file as dbt built it, with core tables beside; `earlier` is a file of another night."""
    tables = columns_of(warehouse)
    published = {table for schema, table in tables if schema == "marts"}
    tested = [cube for cube in cubes() if cube.mart in published]
    cells, held_back = _cells(warehouse, tested)
    employees, covered = _coverage(warehouse, published)
    return PrivacyReport(
        cubes=len(tested),
        cells=cells,
        held_back=held_back,
        recoverable=len(leaks(str(warehouse), tested)),
        left_over=len(differences(warehouse)),
        months=len(months_computed(warehouse)),
        company_months=len(months_computed(warehouse, COMPANY_WINDOWS)),
        joined=None if earlier is None else len(joined(earlier, warehouse)),
        employees=employees,
        covered=covered,
        placement=placement(tables, classes()),
    )


def night_before() -> Path | None:
    """The published marts of the newest night before the served one, if a generation of it is kept."""
    current = generations.served()
    if current is None:
        return None
    before = [one for one in generations.kept() if one.manifest["marts_night"] < current.manifest["marts_night"]]
    own = [one for one in before if one.manifest["marts_night"]]
    return own[-1].warehouse if own else None


def _cells(warehouse: Path, tested: list[Cube]) -> tuple[int, int]:
    import duckdb

    cells = held_back = 0
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        for cube in tested:
            sql = f'select count(*), count(*) filter ({cube.held_back}) from marts."{cube.mart}" where {cube.where}'
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
            dates = [column for column in mart.grain if mart.columns[column] == "date"]
            recent = "".join(f" and {column} >= (select as_of_at from core.dim_company) - interval 12 month" for column in dates)
            sql = f'select distinct department from marts."{mart.name}" where ({reads}){recent}'
            shown |= {row[0] for row in connection.execute(sql).fetchall()}
        sql = "select department, count(distinct person_key) from restricted.dim_worker_history where is_current group by 1"
        sizes = dict(connection.execute(sql).fetchall())
    return sum(sizes.values()), sum(size for department, size in sizes.items() if department in shown)
