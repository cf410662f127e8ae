"""A few nights of the soak for every vendor there is; `make soak` runs a hundred and builds the warehouse on the way."""

import duckdb
import pytest
from soak_equality import compare
from soak_faults import Night, plan
from soak_page import page
from soak_run import COMPANIES, Task, soak

from learning_warehouse.sources import SOURCES, find

SMALL = (1, 60, 60)


@pytest.mark.soak
@pytest.mark.slow
@pytest.mark.parametrize("name", COMPANIES)
def test_after_nights_with_faults_every_newest_row_is_the_one_that_the_vendor_tells(name, tmp_path):
    vendors = COMPANIES[name]
    task = Task(name, vendors, nights=4, builds=0, compared=1, seed=1, size=SMALL, has_suites=False)
    checked = soak(tmp_path, task)
    assert checked.problems() == []
    assert checked.streams == sum(len(SOURCES[vendor].streams) for vendor in vendors)
    assert checked.rows > 5_000
    assert sum(number for word, number in checked.counts.happened.items() if word.startswith("fault: ")) >= 3
    assert "**No violation.**" in page([task], {name: checked})


def test_the_two_companies_have_every_vendor_between_them_once():
    assert sorted(vendor for vendors in COMPANIES.values() for vendor in vendors) == sorted(SOURCES)


def test_a_seed_gives_the_same_nights_again_and_another_seed_others():
    vendors = COMPANIES["first"]
    nights = [[plan(seed, number, vendors) for number in range(1, 20)] for seed in (1, 1, 2)]
    assert nights[0] == nights[1] != nights[2]
    assert {night.killed_vendor for night in nights[0]} > {None}
    assert any(night.backfilled for night in nights[0])


def test_a_night_that_doubles_rows_is_judged_by_suites_in_that_domain_only():
    doubled = {"kind": "doubled_rows", "vendor": "moodle"}
    assert Night([doubled, {"kind": "cut", "vendor": "hubspot"}]).domains_for_suites() == {"lms"}
    assert Night([{"kind": "cut", "vendor": "moodle"}]).domains_for_suites() == set()


@pytest.mark.parametrize(
    ("spoiled", "differing"),
    [
        ("select * from whole", 0),
        ("select * from whole where checkin_id <> 'b'", 1),
        ("select * replace (case when checkin_id = 'a' then 5 else confidence end as confidence) from whole", 1),
        ("select * replace (null::varchar as employee_id) from whole", 2),
    ],
)
def test_a_row_that_is_missing_or_another_one_is_seen(tmp_path, spoiled, differing):
    stream = find("drops.checkins")
    columns = ", ".join(f'null::{kind} as "{name}"' for name, kind in stream.typed_columns().items())
    values = "unnest(['a', 'b']) as checkin_id, 'E-1' as employee_id, 4 as confidence, 1 as _seq"
    rows = f"select * replace ({values}) from (select {columns})"
    folder = "drops/checkins/v=1"
    for zone, query in (("whole/typed", "select * from whole"), ("home/admitted", spoiled)):
        (tmp_path / zone / folder).mkdir(parents=True)
        with duckdb.connect() as connection:
            connection.execute(f"create table whole as {rows}")
            connection.execute(f"copy ({query}) to '{tmp_path / zone / folder / '00000001.parquet'}' (format parquet)")
    found = compare("drops.checkins", tmp_path / "home", tmp_path / "whole")
    assert (found.differing, found.equal, bool(found.example)) == (differing, 2 - differing, bool(differing))
