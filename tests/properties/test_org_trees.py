"""Any set of managers, circles included, gives one line up from each worker, the same one in whatever order rows come."""

from collections.abc import Iterator
from datetime import date, timedelta

import duckdb
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from properties_profile import examples
from rendered_models import rendered

DEEPEST = 10
FIRST_DAY = date(2026, 1, 1)
PEOPLE = ("ann", "bob", "cleo", "dora", "eve", "fay")
COLUMNS = "manager_person_key, person_key, depth, valid_from, valid_to, closes_cycle"


@st.composite
def managed(draw):
    """(person, manager, from, to) in days: up to two spells of management a person that do not overlap, the last may be open."""
    rows = []
    for person in PEOPLE[: draw(st.integers(1, len(PEOPLE)))]:
        days = sorted(draw(st.sets(st.integers(0, 9), max_size=3)))
        for begin, end in zip(days, [*days, None][1:], strict=True):
            if manager := draw(st.sampled_from((None, *PEOPLE))):
                rows.append((person, manager, begin, end))
    return rows


@pytest.fixture(scope="module")
def chains():
    """The rows of the model for rows of managers."""
    sql = rendered("intermediate/people/int_people__manager_chains", "portable/types")
    with duckdb.connect(config={"threads": 1}) as connection:
        types = "person_key varchar, manager_person_key varchar, valid_from date, valid_to date"
        connection.execute(f"create table int_people__managers_resolved ({types})")

        def rows(managers):
            connection.execute("delete from int_people__managers_resolved")
            dated = [(person, manager, day(begin), day(end)) for person, manager, begin, end in managers]
            if dated:
                connection.executemany("insert into int_people__managers_resolved values (?, ?, ?, ?)", dated)
            return sorted(connection.execute(f"select {COLUMNS} from ({sql})").fetchall(), key=str)

        yield rows


def day(number):
    return None if number is None else FIRST_DAY + timedelta(days=number)


def line_up(managers, person, on) -> Iterator[tuple[str, int, bool]]:
    """Manager, depth and whether the line comes back, from a worker up on one day."""
    way, depth = [person], 0
    while depth < DEEPEST:
        above = [
            manager for below, manager, begin, end in managers if below == way[-1] and begin <= on and (end is None or on < end)
        ]
        if not above:
            return
        depth += 1
        yield above[0], depth, above[0] in way
        if above[0] in way:
            return
        way.append(above[0])


@given(managed(), st.randoms(use_true_random=False))
@example([("ann", "ann", 0, None)], None)
@example([(one, other, 0, None) for one, other in zip(PEOPLE, PEOPLE[1:] + PEOPLE[:1], strict=True)], None)
@examples(25)
def test_a_line_ends_where_it_comes_back_on_every_day_and_in_any_order_of_rows(chains, managers, shuffler):
    found = chains(managers)
    for on in range(11):
        valid = [row for row in found if row[3] <= day(on) and (row[4] is None or day(on) < row[4])]
        told = sorted((row[1], row[0], row[2], row[5]) for row in valid)
        assert told == sorted((person, *step) for person in PEOPLE for step in line_up(managers, person, on))
    if shuffler is not None:
        shuffled = list(managers)
        shuffler.shuffle(shuffled)
        assert chains(shuffled) == found
