"""Suites of the impact marts: did it matter?"""

from typing import TYPE_CHECKING

from expectations.marts.bounds import count, effects, grain, state
from expectations.shared import between, known_values

if TYPE_CHECKING:
    from great_expectations.expectations import Expectation

BANDS = ("0", "1-4", "5+")


def account_months() -> "list[Expectation]":
    """One row per account and month."""
    touches = "trained customers stay longer"
    return [
        *grain(["company_id", "account_id", "month_start"], touches),
        between("exposure_months", 0, 1, "An account is active for at most the whole month.", touches, severity="critical"),
        count("age_months", touches),
        count("arr", touches),
        count("tickets", "tickets per seat"),
        count("how_to_per_seat", "how-to tickets per seat"),
        state("how_to_per_seat_state", "how-to tickets per seat"),
        known_values(
            "contacts_known_band", BANDS, "Exact numbers of learners would give people away.", touches, severity="critical"
        ),
        known_values(
            "contacts_trained_band", BANDS, "Exact numbers of learners would give people away.", touches, severity="critical"
        ),
    ]


def customer_education() -> "list[Expectation]":
    """One row per outcome, definition of trained and method."""
    touches = "customer education"
    return [
        *grain(["company_id", "outcome", "definition", "method"], touches),
        *effects(["rate_ratio", "share", "hours"], touches),
        between("estimate", 0, None, "A ratio of rates cannot be negative.", touches, severity="critical"),
    ]


def account_owner_training() -> "list[Expectation]":
    """One row per outcome and method."""
    touches = "account owner training"
    return [
        *grain(["company_id", "outcome", "definition", "method"], touches),
        *effects(["rate_ratio", "share", "hours"], touches),
        between("estimate", 0, None, "A ratio of rates cannot be negative.", touches, severity="critical"),
    ]


def pilot_effects() -> "list[Expectation]":
    """One row per pilot, outcome and horizon."""
    touches = "pilot effects"
    return [
        *grain(["company_id", "pilot_id", "outcome", "horizon_days"], touches),
        *effects(["share", "hours", "rate_ratio"], touches),
        between("estimate", -1, 1, "A win rate cannot change by more than all of it.", touches, severity="critical"),
    ]
