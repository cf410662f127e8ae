"""One budget per credential: what the vendor says is left is kept for others, by waiting, or by coming back later."""

import pytest

from learning_warehouse.errors import RetryLater
from learning_warehouse.http import Basic, Client
from learning_warehouse.http_budget import Budget, budgets

HUBSPOT = {
    "x-hubspot-ratelimit-max": "190",
    "x-hubspot-ratelimit-remaining": "3",
    "x-hubspot-ratelimit-interval-milliseconds": "10000",
    "x-hubspot-ratelimit-daily": "250000",
    "x-hubspot-ratelimit-daily-remaining": "9000",
}


@pytest.mark.parametrize(
    ("headers", "told"),
    [
        ({"ratelimit-limit": "10", "ratelimit-remaining": "4", "ratelimit-reset": "23"}, [Budget(10, 4, 60, 23)]),
        ({"x-ratelimit-total": "50", "x-ratelimit-remaining": "0"}, [Budget(50, 0, 60)]),
        ({"x-ratelimit-limit": "50", "x-ratelimit-remaining": "7", "x-ratelimit-reset": "1796086800"}, [Budget(50, 7, 60)]),
        (HUBSPOT, [Budget(190, 3, 10), Budget(250_000, 9000, 86_400)]),
        ({"sforce-limit-info": "api-usage=18/5000; per-app-api-usage=17/250(appName=x)"}, [Budget(5000, 4982, 86_400)]),
        ({}, []),
        ({"ratelimit-limit": "0", "ratelimit-remaining": "0"}, []),
        ({"ratelimit-limit": "ten", "ratelimit-remaining": "-1"}, []),
        ({"ratelimit-limit": "10", "ratelimit-remaining": "11"}, []),
        ({"ratelimit-limit": "9" * 400, "ratelimit-remaining": "1"}, []),
    ],
)
def test_what_the_vendors_tell_is_understood_or_ignored(headers, told):
    assert budgets(headers) == told


def test_more_than_the_reserve_left_means_no_pause():
    assert Budget(190, 19, 10).pause_seconds(0.1) == 0
    assert Budget(190, 18, 10).pause_seconds(0.1) == pytest.approx(10 / 190)
    assert Budget(10, 0, 60, 23).pause_seconds(0.1) == 23


def ask(hostile, respond, headers, times=2, **limits):
    hostile.script = lambda path, number: respond("{}", headers=headers)
    with Client(hostile.connection(**limits), Basic("user", "password")) as client:
        for _ in range(times):
            client.get("/", {}, lambda answer: answer)
        return client


def test_the_next_request_waits_for_what_is_left_and_a_first_one_never(hostile, respond):
    pace = {"x-hubspot-ratelimit-max": "100", "x-hubspot-ratelimit-interval-milliseconds": "1000"}
    low = ask(hostile, respond, pace | {"x-hubspot-ratelimit-remaining": "9"}, times=4)
    assert (low.requests, low.retries, low.waited_seconds) == (4, 0, pytest.approx(0.03))
    assert ask(hostile, respond, pace | {"x-hubspot-ratelimit-remaining": "10"}, times=4).waited_seconds == 0


def test_a_long_wait_and_a_nearly_used_day_come_back_later(hostile, respond):
    with pytest.raises(RetryLater, match="wait 3600 s"):
        ask(hostile, respond, {"ratelimit-limit": "10", "ratelimit-remaining": "0", "ratelimit-reset": "3600"})
    assert len(hostile.seen) == 1
    with pytest.raises(RetryLater, match="200 of the 5000 requests of a day are left"):
        ask(hostile, respond, {"Sforce-Limit-Info": "api-usage=4800/5000"})
    assert ask(hostile, respond, {"Sforce-Limit-Info": "api-usage=4700/5000"}).requests == 2


def test_the_reserve_is_a_setting_of_the_connection(hostile, respond):
    headers = {"Sforce-Limit-Info": "api-usage=4800/5000"}
    assert ask(hostile, respond, headers, daily_reserve_share=0.01).requests == 2
