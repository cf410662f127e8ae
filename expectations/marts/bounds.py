"""The shapes of expectation that only marts need: keys, states, shares, intervals, published numbers of people.

A mart that breaks one of these is not published; the last good marts stay, under pages that say why.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from expectations.shared import (
    between,
    blank_where,
    columns_present,
    filled,
    filled_where,
    known_values,
    not_before,
    unique_together,
)

if TYPE_CHECKING:
    from great_expectations.expectations import Expectation

STATES = ("reads", "nothing_recorded", "no_data_reaches_us", "too_few", "not_due", "withheld")
TIERS = ("claimed", "associated", "supported", "proven", "withheld", "unreliable", "expected")
MINIMUM_PEOPLE, MINIMUM_DENOMINATOR = 5, 10
ASK = "Do not publish; find the model that computes it."


def grain(columns: Sequence[str], touches: str) -> "list[Expectation]":
    """The key columns are filled and no combination comes twice."""
    return [
        columns_present(" ".join(columns), touches),
        *(filled(column, "A row without its key can be counted twice.", touches, do=ASK) for column in columns),
        unique_together(columns, "A row that comes twice is counted twice.", touches),
    ]


def share(column: str, touches: str) -> "Expectation":
    """Critical: a share lies in 0..1."""
    return between(column, 0, 1, "A share is between none and all.", touches, severity="critical")


def count(column: str, touches: str) -> "Expectation":
    """Critical: a count is not negative."""
    return between(column, 0, None, "Nothing can be counted fewer than zero times.", touches, severity="critical")


def people(column: str, touches: str) -> "Expectation":
    """Critical: a published number of people is at least five."""
    return between(column, MINIMUM_PEOPLE, None, "Fewer than five people could be recognized.", touches, severity="critical")


def state(column: str, touches: str) -> "Expectation":
    """Critical: the state is one of the six words."""
    return known_values(column, STATES, "Pages know a sentence for six states only.", touches, severity="critical")


def kpi(name: str, touches: str, is_share: bool = True) -> "list[Expectation]":
    """The four columns of a figure: in bounds, only shown where the state reads, and never over fewer than ten."""
    shown = f"{name}_state != 'reads'"
    return [
        share(name, touches) if is_share else count(name, touches),
        count(f"{name}_n", touches),
        between(
            f"{name}_denominator",
            MINIMUM_DENOMINATOR,
            None,
            "A rate over fewer than ten could give people away.",
            touches,
            severity="critical",
            condition=f"{name}_state == 'reads'",
            in_words="shown",
        ),
        state(f"{name}_state", touches),
        blank_where(
            name,
            shown,
            "not shown",
            "A number without the state `reads` must not be there.",
            touches,
            severity="critical",
            mostly=1.0,
        ),
        blank_where(
            f"{name}_n",
            shown,
            "not shown",
            "A count without the state `reads` must not be there.",
            touches,
            severity="critical",
            mostly=1.0,
        ),
        filled_where(
            name,
            f"{name}_state == 'reads'",
            "shown",
            "A figure that reads must have its number.",
            touches,
            severity="critical",
            mostly=1.0,
        ),
    ]


def interval(low: str, value: str, high: str, touches: str) -> "list[Expectation]":
    """Critical: low <= value <= high wherever they are filled."""
    means = "An interval that does not hold its own estimate is a slip of sign or scale."
    return [
        not_before(value, low, means, touches, severity="critical", mostly=1.0, word="below"),
        not_before(high, value, means, touches, severity="critical", mostly=1.0, word="below"),
    ]


def effects(units: Sequence[str], touches: str) -> "list[Expectation]":
    """The common columns of every table of effects."""
    unshown = "state != 'reads'"
    return [
        filled("question", "Without its question an estimate says nothing.", touches, do=ASK),
        filled("as_of_at", "Without its date an estimate cannot be quoted.", touches, do=ASK),
        state("state", touches),
        known_values("tier", TIERS, "Pages know a phrase for seven tiers only.", touches, severity="critical"),
        known_values("unit", units, "An estimate without a known unit cannot be read.", touches, severity="critical"),
        count("n_treated", touches),
        count("n_control", touches),
        count("n_events", touches),
        *interval("ci_low", "estimate", "ci_high", touches),
        not_before(
            "naive_ci_high",
            "naive_ci_low",
            "The ends of an interval are swapped.",
            touches,
            severity="critical",
            mostly=1.0,
            word="below",
        ),
        filled_where(
            "estimate",
            "state == 'reads'",
            "shown",
            "An effect that reads must have its number.",
            touches,
            severity="critical",
            mostly=1.0,
        ),
        blank_where(
            "estimate", unshown, "not shown", "A withheld effect must not be there.", touches, severity="critical", mostly=1.0
        ),
        filled_where(
            "withheld_reason",
            "tier == 'withheld'",
            "withheld",
            "A withheld effect must say why.",
            touches,
            severity="warning",
            mostly=1.0,
        ),
    ]
