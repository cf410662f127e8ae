"""What each class of error does to a task."""

from datetime import UTC, datetime, timedelta

import pytest


def decide(error: Exception, in_a_hurry: bool = False):
    from learning_warehouse.tasks import ByErrorClass

    policy = ByErrorClass()
    policy.in_a_hurry = in_a_hurry
    return policy.evaluate(error, 1, 3)


def later(**wait: int):
    from learning_warehouse.errors import RetryLater

    return RetryLater("wait", come_back_at=datetime.now(UTC) + timedelta(**wait))


@pytest.mark.parametrize("name", ["CredentialsRefused", "OriginRefused", "StopEverything", "ConfigurationError"])
def test_what_only_a_person_can_change_fails_at_once(name):
    from learning_warehouse import errors

    assert decide(getattr(errors, name)("no")).action.value == "fail"


def test_a_vendor_that_says_when_to_come_back_is_asked_then():
    decision = decide(later(minutes=7))
    assert decision.action.value == "retry"
    assert timedelta(minutes=6) < decision.retry_delay <= timedelta(minutes=7)


def test_a_wait_longer_than_two_hours_is_left_to_the_next_night():
    assert decide(later(hours=9)).action.value == "fail"


@pytest.mark.parametrize("name", ["VendorUnavailable", "BadAnswer", "Truncated"])
def test_an_outage_is_tried_again_with_the_usual_delay(name):
    from learning_warehouse import errors

    assert decide(getattr(errors, name)("503")).action.value == "default"


def test_a_defect_is_tried_again_too():
    assert decide(ValueError("a defect")).action.value == "default"


def test_a_night_that_somebody_watches_waits_for_seconds_only():
    from learning_warehouse.errors import BadAnswer

    assert decide(BadAnswer("503"), in_a_hurry=True).action.value == "fail"
    assert decide(later(minutes=7), in_a_hurry=True).action.value == "fail"
    assert decide(ValueError("a defect"), in_a_hurry=True).retry_delay == timedelta(seconds=1)
