"""The shapes of expectation that only marts need: keys, states, figures, intervals, published numbers of people.

A mart that breaks one of these is not published; the last good marts stay, under pages that say why.
"""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

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
MINIMUM_PEOPLE = 5
ASK = "Do not publish; find the model that computes it."
ALWAYS: dict[str, Any] = {"severity": "critical", "mostly": 1.0}


def grain(columns: Sequence[str], touches: str) -> "list[Expectation]":
    """The key columns are filled and no combination comes twice."""
    found = [columns_present(" ".join(columns), touches)]
    found += [filled(column, "A row without its key can be counted twice.", touches, do=ASK) for column in columns]
    if len(columns) > 1:
        found.append(unique_together(columns, "A row that comes twice is counted twice.", touches))
    return found


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


def figure(
    name: str, touches: str, low: float | None, high: float | None, floor: int, columns: Collection[str]
) -> "list[Expectation]":
    """A figure and what stands beside it: in bounds, shown only where its state reads, and never over fewer than `floor`."""
    shown, not_shown = f"{name}_state == 'reads'", f"{name}_state != 'reads'"
    number, of = f"{name}_n", f"{name}_denominator"
    found = [state(f"{name}_state", touches)]
    if low is not None or high is not None:
        found.append(between(name, low, high, "Nothing of this kind lies outside.", touches, severity="critical"))
    if number in columns:
        found.append(count(number, touches))
        found.append(blank_where(number, not_shown, "not shown", "A count may only stand beside its figure.", touches, **ALWAYS))
    if of in columns and floor:
        means = "A figure over fewer could give people away."
        found.append(between(of, floor, None, means, touches, severity="critical", condition=shown, in_words="shown"))
    found.append(blank_where(name, not_shown, "not shown", "A figure that does not read must not be there.", touches, **ALWAYS))
    found.append(filled_where(name, shown, "shown", "A figure that reads must have its number.", touches, **ALWAYS))
    return found


def interval(low: str, value: str, high: str, touches: str) -> "list[Expectation]":
    """Critical: low <= value <= high wherever they are filled."""
    means = "An interval that does not hold its own estimate is a slip of sign or scale."
    return [
        not_before(value, low, means, touches, word="below", **ALWAYS),
        not_before(high, value, means, touches, word="below", **ALWAYS),
    ]


def effects(touches: str, columns: Collection[str]) -> "list[Expectation]":
    """The common columns of a table of effects; those it does not have are left out."""
    means = "The ends of an interval are swapped."
    found = {
        "question": [filled("question", "Without its question an estimate says nothing.", touches, do=ASK)],
        "as_of_at": [filled("as_of_at", "Without its date an estimate cannot be quoted.", touches, do=ASK)],
        "state": [state("state", touches)],
        "tier": [known_values("tier", TIERS, "Pages know a phrase for seven tiers only.", touches, severity="critical")],
        **{column: [count(column, touches)] for column in ("n_treated", "n_control", "n_events")},
        "ci_low": interval("ci_low", "estimate", "ci_high", touches),
        "naive_ci_low": [not_before("naive_ci_high", "naive_ci_low", means, touches, word="below", **ALWAYS)],
        "estimate": [
            filled_where(
                "estimate", "state == 'reads'", "shown", "An effect that reads must have its number.", touches, **ALWAYS
            ),
            blank_where("estimate", "state != 'reads'", "not shown", "A withheld effect must not be there.", touches, **ALWAYS),
        ],
        "withheld_reason": [
            filled_where(
                "withheld_reason", "tier == 'withheld'", "withheld", "A withheld effect must say why.", touches, mostly=1.0
            )
        ],
    }
    return [expectation for column, expectations in found.items() if column in columns for expectation in expectations]
