"""The quick way of typing and the closer look give the same rows for whatever a vendor sends; the quick way may only refuse."""

import json
from datetime import timedelta

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from learning_warehouse.narrowing import Narrowing
from learning_warehouse.record_checks import RecordChecks
from learning_warehouse.sources import every_stream
from learning_warehouse.streams import Column, Stream
from learning_warehouse.typing_rows import TypedRows

TEXTS = [
    "", " ", "x", "é", 'a"b\\c', "7", "-7", "007", "+7", " 7", "7.0", "7.5", "1e3", "9223372036854775808", "true", "No", "null",
    "2026-01-02", "0000-00-00", "2026-01-02T03:04:05Z", "2026-01-02T 3:04:05Z", "2026-01-02T03:04:05.123Z", "ann@x.example",
    "2026-02-30T00:00:00Z", "2026-01-02T03:04:05+02:00", "2026-01-02 03:04:05", " 026-01-02T03:04:05Z", "639029198450000000",
    "\u00a0",
]  # fmt: skip
VALUES = st.one_of(
    st.none(),
    st.sampled_from(TEXTS),
    st.text(max_size=4).filter(lambda text: "\0" not in text and text.isprintable()),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.sampled_from([0, 7, 3.0, 3.5, -0.0, 1e22, 1.5e300, 2**63, 639029198450000000]),
    st.sampled_from([[], [1, 2.50, "a"], {}, {"b": None, "a": [{}]}, [2**65]]),
)
TEXT = st.one_of(st.none(), st.sampled_from(TEXTS))
FITTING = {
    "id": st.sampled_from(["a", "b", "7", "x y"]),
    "number": st.one_of(TEXT, st.integers(-9, 9)),
    "share": st.one_of(TEXT, st.floats(allow_nan=False, allow_infinity=False)),
    "flag": st.one_of(TEXT, st.booleans()),
    "at": TEXT,
    "day": TEXT,
    "words": VALUES,
    "mail": TEXT,
    "inner": st.one_of(st.none(), st.fixed_dictionaries({"deep": TEXT})),
}
ODD = st.dictionaries(
    st.sampled_from([*FITTING, "extra"]), st.one_of(VALUES, st.fixed_dictionaries({"deep": VALUES})), max_size=2
)
RECORDS = st.builds(
    lambda record, odd, absent: {name: value for name, value in {**record, **odd}.items() if name not in absent},
    st.fixed_dictionaries(FITTING),
    st.one_of(st.just({}), ODD),
    st.sets(st.sampled_from([*FITTING]), max_size=1),
)
STREAM = Stream(
    "drops", "signals", "tested", "snapshot", lambda reading: iter(()), ("id",), None,
    columns=(
        Column("id", required=True), Column("number", "bigint"), Column("share", "double"), Column("flag", "boolean"),
        Column("at", "timestamp"), Column("day", "date"), Column("words", "json"), Column("mail", personal="email"),
        Column("deep", path="inner.deep"),
    ),
    identity="tested.people", identity_columns=("id", "number"), lag=timedelta(0),
)  # fmt: skip


def typed(records, quickly: bool):
    lines = [json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode() for record in records]
    with duckdb.connect(config={"threads": 1}) as database:
        rows = TypedRows(STREAM, database, lambda: iter(lines), RecordChecks(), "'t' AS _source, 1 AS _seq")
        if not quickly:
            rows._narrowing.fits = False
        rows.fill()
        found = database.execute("SELECT * FROM typed ORDER BY _index")
        names = [column[0] for column in found.description]
        return [dict(zip(names, map(repr, row), strict=True)) for row in found.fetchall()], rows.unreadable


@given(records=st.lists(RECORDS, min_size=10, max_size=40))
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_both_ways_give_the_same_rows_keys_and_reasons(home, records):
    assert typed(records, quickly=True) == typed(records, quickly=False)


@pytest.mark.parametrize("stream", every_stream(), ids=lambda stream: stream.full_name)
def test_every_declared_stream_can_be_read_the_quick_way(stream):
    assert Narrowing(stream, b"a secret of some length").fits
