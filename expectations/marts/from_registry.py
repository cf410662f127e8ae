"""The suite of a mart, made from its declared columns and the metric registry; `SPECIAL` adds what neither can say.

Shape: key, then each figure with its state, interval and bounds, then counts of people and other counts, then words.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from expectations.marts.bounds import count, effects, figure, grain, interval, people, share, state
from expectations.shared import between, known_values
from learning_warehouse.registry import Mart, Metric, marts, metrics_of

if TYPE_CHECKING:
    from great_expectations.expectations import Expectation

AUDIENCES = ("employee", "contractor", "partner", "customer")
BANDS = ("0", "1-4", "5+")
PEOPLE_SUFFIX = ("people", "learners", "agents", "hires", "workers")
NOT_COUNTS = ("change", "gap", "difference", "slope", "offset", "days_after", "days_early", "weeks_since", "net_")


def suite(name: str) -> "list[Expectation]":
    """The expectations of one mart. Raises KeyError for a mart that is not declared."""
    mart = marts()[name]
    entries = {metric.column: metric for metric in metrics_of(name)}
    found = [*grain(mart.grain, _touches(mart))]
    for column in mart.figures:
        found += _effects(mart, entries.get(column)) if column == "estimate" else _figure(mart, column, entries.get(column))
    found += _counts(mart)
    found += [
        known_values("audience", (*AUDIENCES, "all"), "There are four audiences.", _touches(mart), severity="critical")
        for column in mart.columns
        if column == "audience"
    ]
    return [*found, *(SPECIAL[name](_touches(mart)) if name in SPECIAL else [])]


def _figure(mart: Mart, column: str, metric: Metric | None) -> "list[Expectation]":
    touches = metric.label if metric else _touches(mart)
    low, high = metric.bounds if metric else (None, None)
    floor = metric.cohort_floor if metric else 0
    found = figure(column, touches, low, high, floor, frozenset(mart.columns))
    if {f"{column}_low", f"{column}_high"} <= set(mart.columns):
        found += interval(f"{column}_low", column, f"{column}_high", touches)
    return found


def _effects(mart: Mart, metric: Metric | None) -> "list[Expectation]":
    touches = metric.label if metric else _touches(mart)
    found = effects(touches, frozenset(mart.columns))
    low, high = metric.bounds if metric else (None, None)
    if low is not None or high is not None:
        found.append(between("estimate", low, high, "No effect of this kind can be so large.", touches, severity="critical"))
    return found


def _counts(mart: Mart) -> "list[Expectation]":
    """Numbers of people are at least five where published; other whole numbers are not negative."""
    figures = {f"{figure}{suffix}" for figure in mart.figures for suffix in ("", "_n", "_denominator")}
    found = []
    for column, kind in mart.columns.items():
        if kind != "bigint" or column in figures or column in mart.grain or any(word in column for word in NOT_COUNTS):
            continue
        if not _is_restricted(mart) and (column in PEOPLE_SUFFIX or column.startswith(("people_", "learners_"))):
            found.append(people(column, _touches(mart)))
        elif not column.startswith(("n_", "is_")):
            found.append(count(column, _touches(mart)))
    return found


def _is_restricted(mart: Mart) -> bool:
    return any(column.endswith("person_key") for column in mart.columns)


def _touches(mart: Mart) -> str:
    return mart.name.split("_", 1)[1].replace("_", " ")


def _account_months(touches: str) -> "list[Expectation]":
    why = "Exact numbers of learners would give people away."
    return [
        between("exposure_months", 0, 1, "An account is active for at most the whole month.", touches, severity="critical"),
        known_values("contacts_known_band", BANDS, why, touches, severity="critical"),
        known_values("contacts_trained_band", BANDS, why, touches, severity="critical"),
    ]


def _source_coverage(touches: str) -> "list[Expectation]":
    verdicts = ["admitted", "rejected", "empty", "none"]
    return [
        state("state", touches),
        known_values("last_load_verdict", verdicts, "Pages know four verdicts only.", touches, severity="critical"),
        share("set_aside_share", touches),
        # 2026-11-21: a week is longer than any holiday; older figures must be said to be old
        between("served_age_days", 0, 7, "Figures of this source are more than a week old.", touches),
    ]


def _identity_coverage(touches: str) -> "list[Expectation]":
    means = "Too many people are not recognized; impact figures dilute towards no effect."
    # 2026-11-21: below eight in ten, who was trained and who churned are different people too often
    return [between("matched_rate", 0.8, None, means, touches)]


SPECIAL: dict[str, "Callable[[str], list[Expectation]]"] = {
    "impact_account_months": _account_months,
    "governance_source_coverage": _source_coverage,
    "governance_identity_coverage": _identity_coverage,
}
