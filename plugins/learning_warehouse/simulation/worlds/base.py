"""What every known-truth world is made of: tables of core facts for one company, and the true answer of each question.

Days are counted from FIRST_DAY as fractions; a company is watched until LAST_DAY. Times are naive UTC.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

FIRST_DAY = np.datetime64("2024-01-01", "s")
LAST_DAY = 731
MONTH_STARTS = (np.arange("2024-01", "2026-02", dtype="datetime64[M]").astype("datetime64[s]") - FIRST_DAY).astype(float) / 86_400
DAYS_OF_YEAR = 365.0

Columns = dict[str, Any]
Tables = dict[str, Columns]


@dataclass(frozen=True, slots=True)
class Planted:
    """One simulated company: core table -> column -> values (company_id is added later), and question -> true answer."""

    tables: Tables
    truths: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Question:
    """One number a mart publishes, where it stands, and what the suite asks of it over many seeds.

    Columns are SQL over the row of `mart` that `where` finds. `covers`: the 95 % interval holds the truth as often as the
    acceptance band says; `holds_always`: low and high are no chance but a tolerance, which must never be left. `power`: share
    of seeds whose interval leaves out `no_effect`. `flagged` and `naive_covers_at_most` are shares of seeds too. `is_null`:
    nothing was planted, so a tier of supported or proven would be a false claim. `estimate_at_least` and `estimate_at_most`
    bound the mean estimate of numbers without an interval; `is_summed` means that the columns are aggregates over all rows of
    the company.
    """

    name: str
    mart: str
    where: str
    estimate: str = "estimate"
    low: str = "ci_low"
    high: str = "ci_high"
    naive: str = "naive_estimate"
    naive_low: str = "naive_ci_low"
    naive_high: str = "naive_ci_high"
    tier: str = "tier"
    failed_checks: str = "failed_checks"
    no_effect: float = 1.0
    covers: bool = True
    holds_always: bool = False
    is_null: bool = False
    power_at_least: float | None = None
    naive_covers_at_most: float | None = None
    flagged_at_least: float | None = None
    flagged_at_most: float | None = None
    coverage_at_most: float | None = None
    estimate_at_least: float | None = None
    estimate_at_most: float | None = None
    is_summed: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class World:
    """A mechanism with a name and a number (the second part of every seed), and the questions it answers.

    `weight`: how heavy a company is beside one of 10,000 account months; decides how many go into one build.
    """

    name: str
    number: int
    sentence: str
    make: Callable[[np.random.Generator], Planted]
    questions: tuple[Question, ...] = field(default_factory=tuple)
    weight: float = 1.0

    def company(self, seed: int) -> Planted:
        """The company of a seed: the same tables and truths whenever it is asked for."""
        return self.make(np.random.default_rng([seed, self.number]))


def company_row(**rules: Any) -> Columns:
    """dim_company as the worlds keep it; `rules` replace single columns."""
    return {
        "company_name": ["World"],
        "as_of_at": [FIRST_DAY + np.timedelta64(LAST_DAY * 86_400, "s")],
        "observed_from_at": [FIRST_DAY],
        "currency": ["EUR"],
        "time_zone": ["UTC"],
        "fiscal_year_start_month": [1],
        "definition_version": [1],
        "churn_horizon_days": [180],
        "exposure_lead_days": [90],
        "trained_minimum_contacts": [1],
        "trained_minimum_share": [0.2],
        "competent_minimum_score": [80.0],
        "competent_horizon_days": [90],
        "is_simulated": [True],
        "micro_minutes": [10],
        "long_course_minutes": [45],
        "learning_capacity_minutes_per_week": [60.0],
        "habit_weeks": [8],
        "habit_window_weeks": [12],
        "coaching_threshold": [2],
        "practice_threshold": [3],
        "checkbox_completion": [0.8],
        "checkbox_application": [0.3],
        "equivalence_margin": [0.1],
        "mentoring_target": [2],
    } | {name: [value] for name, value in rules.items()}


def moments(days: Any) -> Any:
    """Fractional days since FIRST_DAY as times to the second; missing for NaN and infinity."""
    days = np.asarray(days, dtype=float)
    known = np.isfinite(days)
    seconds = np.where(known, np.floor(np.where(known, days, 0) * 86_400), 0).astype("timedelta64[s]")
    return np.where(known, FIRST_DAY + seconds, np.datetime64("NaT", "s"))


def names(prefix: str, count: int) -> Any:
    """`count` ids that are the same in every company: prefix-0000, prefix-0001, ..."""
    return np.array([f"{prefix}-{number:04d}" for number in range(count)], dtype=object)


def reached(*streams: str) -> Columns:
    """dim_streams saying that these streams reach us."""
    return {"stream": list(streams), "reaches_us": [True] * len(streams)}


def only_where(mask: Any, values: Any) -> Any:
    """Values where the mask holds, missing elsewhere."""
    out = np.full(len(mask), None, dtype=object)
    out[np.asarray(mask)] = np.broadcast_to(np.asarray(values, dtype=object), len(mask))[np.asarray(mask)]
    return out
