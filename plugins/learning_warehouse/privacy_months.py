"""Differencing: what is left over when two published figures of the same cube are subtracted?

The rank test looks at one period at a time. Here a reader holds figures of several periods, horizons or nights. Subtracting
tells something only where two figures add up the same facts: over people of whom most are the same (`SERIES`), over windows of
months that overlap (`WINDOWS`), or in two nights, when people joined a cell since (`joined`). A month that has its facts for
itself shares none with its neighbors, so no equation joins the two. Nothing here reads more than a reader can.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

from learning_warehouse.registry import marts

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

FEW = 5
Key = tuple[str, ...]
People = dict[str, float]


@dataclass(frozen=True, slots=True)
class Series:
    """Sums of one fact over groups of people that lie in each other, in the order of `along`.

    `people` and `amount` are SQL over a row of the mart, NULL where the row does not tell them; `unit` has a row for `total`.
    """

    mart: str
    fact: str
    along: str
    people: str
    amount: str
    within: Sequence[str]
    unit: str = "department"
    total: str = "All departments"


@dataclass(frozen=True, slots=True)
class Windows:
    """A count of the `months` up to and with each month, for every cell named by `keys` that meets `where`."""

    mart: str
    count: str
    keys: Sequence[str]
    where: str
    months: int = 12


@dataclass(frozen=True, slots=True)
class Difference:
    """Fewer than five people of whom two published figures tell by subtraction, named by cube and keys (never by a value)."""

    cube: str
    key: Key


SERIES = (
    Series(
        "application_program_outcomes",
        "used in the first 30 days",
        "horizon_days",
        "application_rate_denominator",
        "case when horizon_days = 30 then application_rate_n else persistence_denominator end",
        ("company_id", "program_code"),
    ),
)
_COMPANY = "department = 'All departments' and role_title = 'All roles'"
_COUNTS = ("voluntary_turnover_12m_n", "promotion_rate_12m_n")
_KEYS = ("company_id", "department", "role_title")
WINDOWS = tuple(Windows("impact_workforce_months", count, _KEYS, f"not ({_COMPANY})") for count in _COUNTS)
COMPANY_WINDOWS = tuple(Windows("impact_workforce_months", count, _KEYS, _COMPANY) for count in _COUNTS)


def differences(warehouse: Path, tested: Sequence[Series] = SERIES) -> list[Difference]:
    """Pairs of figures of one published file that leave one to four people over, alone or in what a total leaves over."""
    import duckdb

    found = []
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        published = _published(connection)
        for series in tested:
            if series.mart not in published:
                continue
            within = ", ".join(f'"{name}"::varchar' for name in series.within)
            sql = (
                f'select [{within}], "{series.along}"::varchar, "{series.unit}", ({series.people})::double, '
                f'({series.amount})::double from marts."{series.mart}" order by "{series.along}"'
            )
            for names, rows in _by_names(connection, sql):
                steps: dict[str, People] = {place: {} for place, *_ in rows}
                for place, unit, people, amount in rows:
                    if people is not None and amount is not None:
                        steps[place][unit] = people
                found += [
                    Difference(f"{series.mart}: {series.fact}", (*names, *pair))
                    for pair in small_differences(steps, series.total)
                ]
    return found


def small_differences(steps: dict[str, People], total: str) -> Iterator[Key]:
    """(earlier step, later step, unit) of every subtraction that leaves one to four people; steps hold people by unit.

    What a total leaves over is subtracted as well: the units that are not told at both steps, together.
    """
    for (earlier, before), (later, after) in combinations(steps.items(), 2):
        told = {unit: before[unit] - after[unit] for unit in before.keys() & after.keys()}
        if total in told:
            told["the rest"] = told[total] - sum(people for unit, people in told.items() if unit != total)
        yield from ((earlier, later, unit) for unit, people in sorted(told.items()) if 0 < abs(people) < FEW)


def months_computed(warehouse: Path, tested: Sequence[Windows] = WINDOWS) -> list[Difference]:
    """Counts of one to four in one month of a cell that the published windows give away, as no count is negative."""
    import duckdb

    found = []
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        published = _published(connection)
        for windows in tested:
            if windows.mart not in published:
                continue
            keys = ", ".join(f'"{name}"::varchar' for name in windows.keys)
            sql = (
                f'select [{keys}], year(month_start) * 12 + month(month_start), "{windows.count}" from marts."{windows.mart}" '
                f'where "{windows.count}" is not null and {windows.where}'
            )
            for names, rows in _by_names(connection, sql):
                found += [
                    Difference(f"{windows.mart}: {windows.count}", (*names, f"{(month - 1) // 12}-{(month - 1) % 12 + 1:02}"))
                    for month, count in sorted(single_months(dict(rows), windows.months).items())
                    if 0 < count < FEW
                ]
    return found


def single_months(sums: dict[int, int], length: int) -> dict[int, int]:
    """Months whose own count follows from rolling sums of `length` months, given by their last month.

    Every window is an equation, and so is the difference of two neighbors; no count is negative. Bounds are narrowed until
    they stand.
    """
    equations = [(dict.fromkeys(range(last - length + 1, last + 1), 1), total) for last, total in sums.items()]
    for last, total in sums.items():
        if last + 1 in sums:
            equations.append(({last + 1: 1, last - length + 1: -1}, sums[last + 1] - total))
    bounds = {month: (0, max(sums.values())) for signs, _ in equations for month in signs}
    narrowed = True
    while narrowed:
        narrowed = False
        for signs, total in equations:
            for month, sign in signs.items():
                rest = [
                    sorted((signs[other] * bounds[other][0], signs[other] * bounds[other][1]))
                    for other in signs
                    if other != month
                ]
                ends = sorted((sign * (total - sum(low for low, _ in rest)), sign * (total - sum(high for _, high in rest))))
                narrower = max(bounds[month][0], ends[0]), min(bounds[month][1], ends[1])
                narrowed, bounds[month] = narrowed or narrower != bounds[month], narrower
    return {month: low for month, (low, high) in bounds.items() if low == high}


def joined(earlier: Path, later: Path) -> list[Difference]:
    """Figures told in two published files whose denominator grew or shrank by one to four: subtracting tells of these."""
    import duckdb

    found = []
    with duckdb.connect() as connection:
        for name, path in (("earlier", earlier), ("later", later)):
            connection.execute(f"attach '{str(path).replace(chr(39), chr(39) * 2)}' as {name} (read_only)")
        both = _published(connection, "earlier") & _published(connection, "later")
        for mart in marts().values():
            if mart.name not in both or any(column.endswith("person_key") for column in mart.columns):
                continue
            keys = ", ".join(f'later."{column}"::varchar' for column in mart.grain)
            same = " and ".join(f'earlier."{column}" is not distinct from later."{column}"' for column in mart.grain)
            for figure in mart.figures:
                people = f"{figure}_denominator"
                if mart.columns.get(people) != "bigint":
                    continue
                sql = (
                    f'select [{keys}] from earlier.marts."{mart.name}" as earlier '
                    f'inner join later.marts."{mart.name}" as later on {same} '
                    f"where earlier.{figure}_state = 'reads' and later.{figure}_state = 'reads' "
                    f"and abs(earlier.{people} - later.{people}) between 1 and {FEW - 1} order by all"
                )
                found += [Difference(f"{mart.name}: {figure}", tuple(row[0])) for row in connection.execute(sql).fetchall()]
    return found


def _published(connection: "DuckDBPyConnection", database: str | None = None) -> set[str]:
    sql = "select table_name from duckdb_tables() where schema_name = 'marts' and (? is null or database_name = ?)"
    return {row[0] for row in connection.execute(sql, [database, database]).fetchall()}


def _by_names(connection: "DuckDBPyConnection", sql: str) -> list[tuple[Key, list[tuple[Any, ...]]]]:
    """The rows of a query without their first column, a list of names, under these names."""
    groups: dict[Key, list[tuple[Any, ...]]] = {}
    for names, *rest in connection.execute(sql).fetchall():
        groups.setdefault(tuple(names), []).append(tuple(rest))
    return sorted(groups.items())
