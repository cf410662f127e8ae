"""What every CRM's customers must show: the three fields by which the churn comparison tells them apart."""

from typing import TYPE_CHECKING

from expectations.shared import filled_at_least, known_values

if TYPE_CHECKING:
    from great_expectations.expectations import Expectation

CHURN = "trained customers stay longer"


def strata(noun: str) -> "list[Expectation]":
    """Segment, plan and early-health band are there and known; `noun` is what the CRM calls customers, e.g. Accounts."""
    return [
        # 2026-11-21: the three fields are the strata of the churn comparison; a tenth blank is what a CRM usually carries
        filled_at_least("segment", 0.9, f"{noun} without a segment leave the churn comparison.", CHURN),
        filled_at_least("plan", 0.9, f"{noun} without a plan leave the churn comparison.", CHURN),
        # 2026-11-21: without the early-health band the estimate is badly biased; young customers have none yet
        filled_at_least("early_health_band", 0.7, f"Without it healthy {noun.lower()} look like trained ones.", CHURN),
        known_values("segment", ["small", "medium", "large"], "An unknown segment forms a stratum of its own.", CHURN),
        known_values("plan", ["monthly", "annual"], "Churn of monthly and annual plans is counted differently.", CHURN),
        known_values("early_health_band", ["low", "mid", "high"], "An unknown band forms a stratum of its own.", CHURN),
    ]
