"""The macros that keep the tenants of one vendor apart, on rows of their own: keys, newest versions, newest loads, deletions."""

from datetime import datetime
from typing import Any

import duckdb
import pytest
from jinja2 import Environment
from rendered_models import PROJECT, Adapter

MACROS = ("portable/text", "portable/types", "portable/tenants", "newest_version")
COLUMNS = "_source varchar, _seq integer, _index bigint, _loaded_at timestamp, id bigint, changed timestamp, name varchar"
DELETIONS = (
    "_source varchar, _seq integer, _index bigint, _loaded_at timestamp, stream varchar, record_key varchar, is_gone boolean"
)
EARLY, LATE = datetime(2026, 1, 1), datetime(2026, 2, 1)


def macro(name: str) -> Any:
    adapter, environment = Adapter(), Environment()
    environment.globals.update({"adapter": adapter, "return": lambda value: value, "source": lambda _, table: table})
    text = "\n".join((PROJECT / "macros" / f"{name}.sql").read_text() for name in MACROS)
    adapter.module = environment.from_string(text).module
    return getattr(adapter.module, name)


@pytest.fixture
def rows():
    """What a query gives on the tables `records` and `deletions`, made of these rows."""

    def answer(query: str, records: tuple = (), deletions: tuple = ()) -> list[tuple]:
        with duckdb.connect() as connection:
            for table, columns, given in (("records", COLUMNS, records), ("deletions", DELETIONS, deletions)):
                connection.execute(f"create table {table} ({columns})")
                for row in given:
                    connection.execute(f"insert into {table} values ({', '.join('?' * len(row))})", row)
            return sorted(connection.execute(query).fetchall(), key=str)

    return answer


@pytest.mark.parametrize(
    ("source", "key"), [("'zendesk'", "7"), ("null", "7"), ("'zendesk@emea'", "emea:7"), ("'moodle@a1'", "a1:7")]
)
def test_an_id_of_a_tenant_begins_with_its_name_and_one_of_the_main_tenant_stays(rows, source, key):
    shown = f"{macro('to_key')('id')}, {macro('to_key')('one.id')}, {macro('to_key')('id + 0', '_source')}"
    assert rows(f"select {shown} from (select {source}::varchar as _source, 7 as id) as one") == [(key, key, key)]


def test_no_id_stays_no_id_and_a_blank_one_is_none_where_the_vendor_sends_blanks(rows):
    shown = f"{macro('to_key')('id')}, {macro('to_filled_key')('blank')}, {macro('to_filled_key')('filled')}"
    given = "select 'zendesk@emea' as _source, null::bigint as id, '  ' as blank, ' 9 ' as filled"
    assert rows(f"select {shown} from ({given})") == [(None, None, "emea:9")]


def test_the_newest_version_of_one_tenant_never_takes_the_place_of_one_of_the_other(rows):
    records = (
        ("zendesk", 1, 0, EARLY, 7, EARLY, "old"),
        ("zendesk", 2, 0, LATE, 7, LATE, "new"),
        ("zendesk@emea", 1, 0, EARLY, 7, EARLY, "emea"),
        (None, 1, 0, EARLY, 8, EARLY, "fixture"),
        (None, 2, 0, EARLY, 8, LATE, "newer fixture"),
    )
    sql = macro("newest_version")("records", ["id"], "changed")
    assert rows(f"select _source, name from ({sql})", records) == [
        ("zendesk", "new"), ("zendesk@emea", "emea"), (None, "newer fixture")
    ]  # fmt: skip


def test_the_newest_load_of_a_list_is_that_of_each_tenant(rows):
    records = (
        ("zendesk", 4, 0, EARLY, 7, None, "gone"),
        ("zendesk", 5, 0, LATE, 8, None, "twice"),
        ("zendesk", 5, 1, LATE, 8, None, "kept"),
        ("zendesk@emea", 2, 0, EARLY, 7, None, "emea"),
        (None, 1, 0, EARLY, 7, None, "old fixture"),
        (None, 3, 0, EARLY, 9, None, "fixture"),
    )
    sql = macro("newest_snapshot")("records", ["id"])
    assert rows(f"select _source, name from ({sql})", records) == [
        ("zendesk", "kept"), ("zendesk@emea", "emea"), (None, "fixture")
    ]  # fmt: skip


def test_a_key_that_a_sweep_found_gone_is_gone_at_that_tenant_alone(rows):
    records = (
        ("absorb", 1, 0, EARLY, 7, EARLY, "main"),
        ("absorb@emea", 1, 0, EARLY, 7, EARLY, "emea"),
        ("absorb@emea", 1, 1, EARLY, 8, EARLY, "emea"),
        (None, 1, 0, EARLY, 9, EARLY, "fixture"),
    )
    deletions = (
        ("absorb@emea", 1, 0, LATE, "users", "7", True),
        ("absorb", 1, 0, LATE, "users", "8", True),
        (None, 1, 0, LATE, "users", "9", True),
    )
    sql = macro("newest_version")("records", ["id"], "changed", swept=["absorb", "users"])
    assert rows(f"select _source, id, is_gone from ({sql})", records, deletions) == [
        ("absorb", 7, False), ("absorb@emea", 7, True), ("absorb@emea", 8, False), (None, 9, True)
    ]  # fmt: skip
