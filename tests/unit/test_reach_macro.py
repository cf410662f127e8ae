"""Which streams reach a company: the macro every mart asks, on rows of its own."""

from pathlib import Path

import duckdb
import pytest
from jinja2 import Environment

MACROS = Path(__file__).parents[2] / "dbt_project" / "macros"
STREAMS = ["drops.practice_tasks", "lms.enrollments"]


@pytest.fixture
def flags():
    """The rows of reach_flags by company, for two companies of which one has heard of a single stream."""
    text = (MACROS / "portable" / "numbers.sql").read_text() + (MACROS / "reach.sql").read_text()
    template = Environment().from_string(text)
    sql = str(template.make_module({"ref": lambda name: name}).reach_flags(STREAMS))
    with duckdb.connect() as connection:
        connection.execute("create table dim_company as select unnest(['one', 'two', 'other', 'none']) as company_id")
        connection.execute(
            "create table dim_streams as select * from (values ('one', 'drops.practice_tasks', true), "
            "('one', 'absorb.enrollments', false), ('two', 'absorb.enrollments', true), ('two', 'drops.rituals', true), "
            "('other', 'absorb.enrollments', false), ('other', 'moodle.enrollments', true), ('other', 'moodle.users', true)) "
            "as t(company_id, stream, reaches_us)"
        )
        found = connection.execute(sql)
        names = [column[0] for column in found.description]
        return {row[names.index("company_id")]: dict(zip(names, row, strict=True)) for row in found.fetchall()}


def test_a_flag_is_named_after_its_stream_and_true_only_for_what_got_in(flags):
    assert flags["one"] == {"company_id": "one", "reaches_drops_practice_tasks": True, "reaches_lms_enrollments": False}


def test_a_stream_a_company_never_heard_of_does_not_reach_it(flags):
    assert flags["two"] == {"company_id": "two", "reaches_drops_practice_tasks": False, "reaches_lms_enrollments": True}


def test_a_company_without_any_stream_has_its_row_as_well(flags):
    assert flags["none"] == {"company_id": "none", "reaches_drops_practice_tasks": False, "reaches_lms_enrollments": False}


def test_a_stream_of_a_kind_of_vendor_reaches_a_company_when_any_vendor_brings_it(flags):
    assert flags["other"] == {"company_id": "other", "reaches_drops_practice_tasks": False, "reaches_lms_enrollments": True}
