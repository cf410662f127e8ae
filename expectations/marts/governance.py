"""Suites of the governance marts: can we trust it?"""

from typing import TYPE_CHECKING

from expectations.marts.bounds import count, grain, interval, kpi, share, state
from expectations.shared import between, known_values

if TYPE_CHECKING:
    from great_expectations.expectations import Expectation


def source_coverage() -> "list[Expectation]":
    """One row per stream."""
    touches = "what the pages say about each source"
    return [
        *grain(["company_id", "source_name", "stream_name"], touches),
        state("state", touches),
        known_values(
            "last_load_verdict",
            ["admitted", "rejected", "empty", "none"],
            "Pages know four verdicts only.",
            touches,
            severity="critical",
        ),
        share("set_aside_share", touches),
        count("records_served", touches),
        count("loads_rejected", touches),
        # 2026-11-21: a week is longer than any holiday; older figures must be said to be old
        between("served_age_days", 0, 7, "Figures of this source are more than a week old.", touches),
    ]


def identity_coverage() -> "list[Expectation]":
    """One row per source of identities."""
    touches = "match rate"
    return [
        *grain(["company_id", "source"], touches),
        *kpi("matched_rate", touches),
        *interval("matched_rate_low", "matched_rate", "matched_rate_high", touches),
        # 2026-11-21: below eight in ten, who was trained and who churned are different people too often
        between(
            "matched_rate", 0.8, None, "Too many people are not recognized; impact figures dilute towards no effect.", touches
        ),
        count("open_decisions", touches),
    ]
