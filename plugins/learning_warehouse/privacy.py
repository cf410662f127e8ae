"""The rank test: can a number that was held back be computed from the numbers that were published?

A cube publishes cells and totals. Every published total is an equation over its cells; subtract the published cells and
what remains are equations over the held-back ones. A held-back cell can be computed exactly if, and only if, its unit
vector lies in the row space of these equations, that is, if no solution of the equations without right-hand side moves
it. Cells that hide each other can still be read as one group: what a total leaves over must not be too few either.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from learning_warehouse.registry import marts

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cube:
    """One measure of one published table. `dimensions` with their total word, None where a dimension has no total.

    `measure` is the published count (NULL where held back), `held_back` the SQL condition of a row kept back for privacy,
    `within` the columns that split the table into parts without totals between them. `least` is the smallest remainder of
    a total that may be read, 0 where cells do not add up to their total (people who count in two of them).
    """

    mart: str
    measure: str
    held_back: str
    dimensions: Mapping[str, str | None]
    within: Sequence[str] = ()
    least: int = 0
    where: str = "true"


CUBES: tuple[Cube, ...] = (
    *(
        Cube(
            "application_checkin_months",
            f"{name}_denominator",
            f"{name}_state = 'too_few'",
            {"department": "All departments"},
            ("month_start",),
            least,
        )
        for name, least in (("manager_asked", 10), ("used_learning", 10), ("confidence", 0))
    ),
    Cube(
        "application_checkin_months",
        "people_answering",
        "manager_asked_state = 'too_few'",
        {"department": "All departments"},
        ("month_start",),
    ),
    Cube(
        "activity_program_funnel",
        "completed_rate_denominator",
        "completed_rate_state = 'too_few'",
        {"audience": None},
        ("course_id", "cohort_month"),
    ),
    Cube(
        "application_onboarding_cohorts",
        "first_win_14_days_denominator",
        "first_win_14_days_state = 'too_few'",
        {"role_title": "All roles"},
        ("hire_month",),
        least=10,
    ),
    Cube(
        "application_time_to_competency",
        "competent_by_horizon_denominator",
        "competent_by_horizon_state = 'too_few'",
        {"role_title": "All roles", "start_quarter": "all"},
        least=10,
    ),
)

# The half-life is told of a whole cohort and stands in each of its weeks. Programs end in different weeks, so a late week lacks
# cells that the total holds; in the first one all of them stand.
HALF_LIVES = Cube(
    "activity_program_decay",
    "half_life_weeks_denominator",
    "half_life_weeks_state = 'too_few'",
    {"program_code": "All programs"},
    ("company_id", "is_launch_cohort", "cohort_start"),
    where="week_number = 0",
)

TOTAL_WORDS: Mapping[str, str] = {
    "department": "All departments",
    "role_title": "All roles",
    "job_title": "All roles",
    "skill_code": "All skills",
    "program_code": "All programs",
    "audience": "all",
    "cohort_quarter": "all",
}

# Every learner is in one of these groups; who closed a skill gap is counted beside them, so `all` is no sum over both.
LEARNER_GROUPS = Cube(
    "impact_internal_mobility",
    "mobility_12m_denominator",
    "mobility_12m_state = 'too_few'",
    {"learner_group": "all"},
    ("company_id", "quarter_start", "department"),
    where="learner_group in ('all', 'self_chosen', 'assigned_only', 'no_learning')",
)


def cubes() -> tuple[Cube, ...]:
    """Every published denominator that has a total over departments, roles, skills or programs; `CUBES` says more of some."""
    of_their_own = (*CUBES, HALF_LIVES)
    written = {(cube.mart, cube.measure) for cube in of_their_own}
    derived = []
    for mart in marts().values():
        dimensions = {column: TOTAL_WORDS[column] for column in mart.grain if column in TOTAL_WORDS}
        within = tuple(column for column in mart.grain if column not in dimensions)
        if not dimensions or any(column.endswith("person_key") for column in mart.columns):
            continue
        for figure in mart.figures:
            measure = f"{figure}_denominator"
            if mart.columns.get(measure) == "bigint" and (mart.name, measure) not in written:
                held_back = f"{figure}_state = 'too_few'"
                derived.append(Cube(mart.name, measure, held_back, dimensions, within))
                if len(dimensions) > 1:
                    for column, word in dimensions.items():
                        others = tuple(other for other in dimensions if other != column)
                        derived.append(Cube(mart.name, measure, held_back, {column: word}, (*within, *others)))
    return (*of_their_own, LEARNER_GROUPS, *derived)


@dataclass(frozen=True, slots=True)
class Leak:
    """A held-back cell that anybody can compute, named by its keys (never by its value)."""

    cube: Cube
    key: Key


def leaks(warehouse_path: str, tested: Sequence[Cube] | None = None) -> list[Leak]:
    """Every held-back cell of the published file that can be computed, alone or in too small a group. Empty = safe."""
    import duckdb

    found = []
    with duckdb.connect(warehouse_path, read_only=True) as connection:
        published = {
            row[0] for row in connection.execute("select table_name from duckdb_tables() where schema_name = 'marts'").fetchall()
        }
        for cube in cubes() if tested is None else tested:
            if cube.mart not in published:
                continue
            columns = ", ".join(f'"{name}"::varchar' for name in (*cube.within, *cube.dimensions))
            sql = f'select {columns}, "{cube.measure}", {cube.held_back} from marts."{cube.mart}" where {cube.where}'
            found += [Leak(cube, key) for key in _leaks_of(cube, connection.execute(sql).fetchall())]
    return found


def _leaks_of(cube: Cube, rows: Sequence[tuple]) -> list[Key]:
    parts: dict[Key, list[tuple[Key, float | None, bool]]] = {}
    split = len(cube.within)
    for *keys, value, held_back in rows:
        names = tuple(str(key) for key in keys)
        parts.setdefault(names[:split], []).append((names[split:], value, bool(held_back)))
    totals = tuple(cube.dimensions.values())
    return [
        (*part, *key)
        for part, cells in sorted(parts.items())
        for key in sorted({*recoverable(cells, totals), *left_over(cells, totals, cube.least)})
    ]


def recoverable(cells: Sequence[tuple[Key, float | None, bool]], totals: Sequence[str | None]) -> list[Key]:
    """Keys of held-back cells that the published rest gives away; cells are (key, published value or None, is held back).

    `totals` holds, for each position of a key, the word that stands for the sum over it. A cell that is blank for
    another reason (not due yet) is unknown to a reader as well, but giving it away is not a leak.
    """
    import numpy as np

    base = [(key, held_back) for key, value, held_back in cells if not _is_total(key, totals) and value is None]
    if not any(held_back for _, held_back in base):
        return []
    equations = []
    for key, value, _ in cells:
        if value is None or not _is_total(key, totals):
            continue
        row = [float(_belongs(other, key, totals)) for other, _ in base]
        if any(row):
            equations.append(row)
    if not equations:
        return []
    _, sizes, directions = np.linalg.svd(np.array(equations), full_matrices=True)
    rank = int((sizes > 1e-9 * max(sizes.max(), 1.0)).sum())
    free = directions[rank:]
    moved = np.abs(free).sum(axis=0) if len(free) else np.zeros(len(base))
    return [key for (key, held_back), freedom in zip(base, moved, strict=True) if held_back and freedom < 1e-9]


def left_over(cells: Sequence[tuple[Key, float | None, bool]], totals: Sequence[str | None], least: int) -> list[Key]:
    """Keys of held-back cells that together make up less than `least` of a published total."""
    base = [cell for cell in cells if not _is_total(cell[0], totals)]
    found = []
    for key, value, _ in cells:
        if value is None or not _is_total(key, totals):
            continue
        own = [cell for cell in base if _belongs(cell[0], key, totals)]
        if 0 < value - sum(shown or 0 for _, shown, _ in own) < least:
            found += [cell_key for cell_key, shown, held_back in own if shown is None and held_back]
    return found


def _is_total(key: Key, totals: Sequence[str | None]) -> bool:
    return any(part == total for part, total in zip(key, totals, strict=True) if total is not None)


def _belongs(cell: Key, total: Key, totals: Sequence[str | None]) -> bool:
    return all(wanted in (part, word) for part, wanted, word in zip(cell, total, totals, strict=True))
