"""Whatever a vendor writes into Retry-After, the client knows how long to wait or that it was told nothing."""

import math
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from hypothesis import example, given
from hypothesis import strategies as st

from learning_warehouse.http_waits import parse_retry_after, wait_seconds

MOMENTS = st.datetimes(datetime(1950, 1, 1), datetime(2999, 12, 31)).map(lambda moment: moment.replace(microsecond=0, tzinfo=UTC))
DATE_LIKE = st.from_regex(r"(Mon|Tue|Xyz), [0-9]{1,3} (Jan|Feb|Foo) [0-9]{1,6} [0-9]{1,3}:[0-9]{2}:[0-9]{2} (GMT|\+[0-9]{1,6}|Z)")
HEADERS = st.one_of(st.none(), st.text(), DATE_LIKE, st.floats().map(str), st.integers().map(str))


@given(HEADERS, HEADERS)
@example("1_0", None)
@example("٣", None)
@example("Tue, 01 Dec 2026 01:00:30 -9999", "Tue, 01 Dec 2026 01:00:30 GMT")
@example("Fri, 31 Dec 9999 23:59:59 -2359", None)
@example("Mon, 01 Jan 0001 00:00:00 +2359", None)
def test_any_header_means_a_finite_wait_that_is_not_negative_or_nothing(value, server_date):
    found = parse_retry_after(value, server_date)
    assert found is None or (math.isfinite(found) and found >= 0)


@given(st.integers(0, 10**9), HEADERS)
def test_whole_seconds_mean_themselves_whatever_the_date_header_says(seconds, server_date):
    assert parse_retry_after(str(seconds), server_date) == seconds
    assert parse_retry_after(f"  {seconds} ", server_date) == seconds


@given(MOMENTS, st.integers(-(10**7), 10**7))
def test_a_date_is_counted_from_the_servers_own_clock(now, seconds):
    until = now + timedelta(seconds=seconds)
    told = parse_retry_after(format_datetime(until, usegmt=True), format_datetime(now, usegmt=True))
    assert told == max(0, seconds)


@given(st.floats(0, 10**6), st.integers(1, 10**6), st.floats(0.001, 60), st.floats(0.001, 3600))
def test_what_was_asked_is_waited_in_full_and_what_was_not_asked_stays_bounded(asked, attempt, first, longest):
    assert asked <= wait_seconds(asked, attempt, first, longest) <= asked + 1
    assert 0 < wait_seconds(None, attempt, first, longest) <= longest * 1.25
