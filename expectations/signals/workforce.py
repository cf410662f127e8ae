"""Suites of what HR knows and its system often does not hold. Who is told when one is red: wording.py."""

from typing import TYPE_CHECKING

from expectations.shared import columns_present, filled, filled_where, known_values, not_ancient, not_before, unique
from expectations.signals.wording import CORRECT, NO_ID, NO_PERSON, NO_TIME, REPEATED
from learning_warehouse.sources.signals import words

if TYPE_CHECKING:
    from great_expectations.expectations import Expectation


def requisitions() -> "list[Expectation]":
    """One open position, one line each."""
    return [
        columns_present(
            "requisition_id job_title department opened_at filled_at fill_type filled_by_employee_id _file _line",
            "internal mobility",
        ),
        filled("requisition_id", NO_ID, "internal mobility", do=CORRECT),
        filled("job_title", "A position without a role is in no comparison.", "internal mobility", do=CORRECT),
        filled("opened_at", NO_TIME, "internal mobility", do=CORRECT),
        unique("requisition_id", REPEATED, "internal mobility", severity="warning"),
        known_values("fill_type", words.FILL_TYPES, "A position is filled from inside or outside.", "internal mobility"),
        not_ancient("opened_at", "internal mobility"),
        not_before("filled_at", "opened_at", "No position is filled before it is open.", "internal mobility"),
        filled_where(
            "filled_by_employee_id",
            "fill_type == 'internal'",
            "filled from inside",
            "Without the person nobody knows who moved.",
            "internal mobility",
        ),
    ]


def review_cycles() -> "list[Expectation]":
    """One performance review cycle, one line each."""
    return [
        columns_present("cycle_id starts_on rating_date is_learning_rated _file _line", "review cycles"),
        filled("cycle_id", NO_ID, "review cycles", do=CORRECT),
        filled("starts_on", "Without the first day the cycle covers nothing.", "review cycles", do=CORRECT),
        filled("rating_date", "Without the day nothing can be counted up to it.", "review cycles", do=CORRECT),
        filled("is_learning_rated", "Without it we cannot say whether learning was rated at all.", "review cycles", do=CORRECT),
        unique("cycle_id", REPEATED, "review cycles", severity="warning"),
        not_ancient("starts_on", "review cycles"),
        not_before("rating_date", "starts_on", "Ratings come after the cycle began.", "review cycles"),
    ]


def exit_notices() -> "list[Expectation]":
    """One notice that somebody will leave, one line each."""
    return [
        columns_present("notice_id employee_id announced_at leaving_date notice_type _file _line", "leavers"),
        filled("notice_id", NO_ID, "leavers", do=CORRECT),
        filled("employee_id", NO_PERSON, "leavers", do=CORRECT),
        filled("announced_at", NO_TIME, "leavers", do=CORRECT),
        filled(
            "leaving_date", "Without the last day nobody knows how long is left to learn from the person.", "leavers", do=CORRECT
        ),
        filled("notice_type", "Leaving by choice and leaving by contract are not the same.", "leavers", do=CORRECT),
        unique("notice_id", REPEATED, "leavers", severity="warning"),
        known_values("notice_type", words.NOTICE_TYPES, "Only known reasons are counted.", "leavers"),
        not_ancient("announced_at", "leavers"),
    ]


def identity_overrides() -> "list[Expectation]":
    """One decision that a login belongs to a person, or to nobody we know, one line each."""
    return [
        columns_present(
            "override_id source source_identity_id person_source person_source_id decided_by decided_at reason _file _line",
            "matching of people",
        ),
        filled("override_id", NO_ID, "matching of people", do=CORRECT),
        filled("source", "An id without its system belongs to nobody.", "matching of people", do=CORRECT),
        filled("source_identity_id", "A decision about no login decides nothing.", "matching of people", do=CORRECT),
        filled("decided_by", "A decision that nobody took cannot be asked about.", "matching of people", do=CORRECT),
        filled("decided_at", NO_TIME, "matching of people", do=CORRECT),
        unique("override_id", REPEATED, "matching of people", severity="warning"),
        not_ancient("decided_at", "matching of people"),
    ]
