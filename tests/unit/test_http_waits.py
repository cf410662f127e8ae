"""Retry-After in every shape, and the back-off."""

import random

import pytest

from learning_warehouse.http_waits import parse_reset, parse_retry_after, wait_seconds


@pytest.mark.parametrize(
    ("value", "server_date", "expected"),
    [
        ("2", None, 2),
        (" 2.5 ", None, 2.5),
        ("-3", None, 0),
        ("0", None, 0),
        (None, None, None),
        ("", None, None),
        ("soon", None, None),
        ("nan", None, None),
        ("inf", None, None),
        ("1e400", None, None),
        ("Tue, 01 Dec 2026 01:00:30 GMT", "Tue, 01 Dec 2026 01:00:00 GMT", 30),
        ("Tue, 01 Dec 2026 01:00:30 GMT", "Tue, 01 Dec 2026 02:00:00 GMT", 0),
        ("Tue, 31 Feb 2026 01:00:30 GMT", None, None),
        ("Tue, 01 Dec 2026", "rubbish", None),
    ],
)
def test_retry_after_is_understood_or_ignored(value, server_date, expected):
    found = parse_retry_after(value, server_date)
    assert found == expected or (value == "Tue, 01 Dec 2026" and (found is None or found >= 0))


@pytest.mark.parametrize(
    ("value", "expected"),
    [("1796086830", 30), ("1796086000", 0), ("30", None), ("1796086830000", None), ("soon", None), ("", None), (None, None)],
)
def test_a_moment_of_reset_is_waited_for_by_the_servers_clock(value, expected):
    assert parse_reset(value, "Tue, 01 Dec 2026 01:00:00 GMT") == expected


def test_any_text_is_survived():
    generator = random.Random(7)
    for _ in range(3000):
        text = "".join(chr(generator.randrange(1, 0x250)) for _ in range(generator.randrange(0, 40)))
        for found in (parse_retry_after(text, text), parse_reset(text, text)):
            assert found is None or found >= 0


def test_what_the_vendor_asks_is_never_shortened():
    assert all(wait_seconds(asked, 1, 0.5, 60) >= asked for asked in (1, 7, 299))


def test_own_waits_grow_and_stay_bounded():
    waits = [max(wait_seconds(None, attempt, 0.5, 60) for _ in range(50)) for attempt in (1, 3, 5, 500)]
    assert waits == sorted(waits)
    assert waits[-1] <= 75
