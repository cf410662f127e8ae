"""Worlds A, B and U: customers who train more also stay longer; by how much training itself makes them stay is planted.

1,200 accounts start over 690 days. Small, monthly and unhealthy accounts leave more. Monthly accounts leave at a rate a day;
annual accounts leave at a renewal. Training multiplies both by `ratio`. `confounded`: healthy and large accounts train more.
`any_time`: training can come on any day from day 15, else only on days 15 to 60. `unmeasured`: a commitment no system records
raises training and lowers leaving and defects. `frailty`: accounts of one stratum differ in their rate (gamma, this variance).
"""

from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np

from learning_warehouse.simulation.worlds.base import (
    DAYS_OF_YEAR,
    LAST_DAY,
    MONTH_STARTS,
    Columns,
    Planted,
    Question,
    World,
    company_row,
    moments,
    names,
    only_where,
)

ACCOUNTS = 1200
LANDMARK, HORIZON, LEAD = 60, 180, 90
SEGMENTS, BANDS = np.array(["small", "medium", "large"], dtype=object), np.array(["low", "mid", "high"], dtype=object)


@dataclass(frozen=True, slots=True)
class Mechanism:
    """How a company of this family behaves."""

    ratio: float
    confounded: bool = True
    any_time: bool = False
    unmeasured: float = 0.0
    frailty: float = 0.0


@dataclass(frozen=True, slots=True)
class Accounts:
    """Accounts with their rates (`hazard` and `education` a day, `renewal_risk` at an annual renewal) and their days."""

    segment: Any
    band: Any
    annual: Any
    start: Any
    seats: Any
    hazard: Any
    renewal_risk: Any
    education: Any
    educated: Any
    churned: Any
    defect_rate: Any

    @property
    def stratum(self) -> Any:
        """Segment x plan x early health as one number."""
        return self.segment * 6 + self.annual * 3 + self.band


def make(mechanism: Mechanism, rng: np.random.Generator) -> Planted:
    """One company: its account months and accounts, and the truths of the rate ratio and of the landmark of day 60."""
    accounts = _draw(mechanism, rng)
    months = account_months(accounts, rng)
    truths = {"person_time": mechanism.ratio} | _landmark_truth(accounts, mechanism)
    dim_accounts = {
        "account_id": names("account", ACCOUNTS),
        "segment": SEGMENTS[accounts.segment],
        "plan": np.where(accounts.annual, "annual", "monthly"),
        "early_health_band": BANDS[accounts.band],
        "contract_start_date": moments(accounts.start),
        "churned_at": moments(np.where(accounts.churned < LAST_DAY, accounts.churned, np.inf)),
        "is_test": np.zeros(ACCOUNTS, dtype=bool),
    }
    return Planted({"dim_company": company_row(), "dim_accounts": dim_accounts, "fct_account_months": months}, truths)


def _draw(mechanism: Mechanism, rng: np.random.Generator) -> Accounts:
    segment = rng.choice(3, ACCOUNTS, p=[0.5, 0.35, 0.15])
    annual = rng.random(ACCOUNTS) < np.array([0.25, 0.55, 0.85])[segment]
    band = np.digitize(rng.normal(size=ACCOUNTS) + rng.normal(0, 0.5, ACCOUNTS), [-0.6, 0.6])
    commitment = rng.normal(size=ACCOUNTS)
    frailty = rng.gamma(1 / mechanism.frailty, mechanism.frailty, ACCOUNTS) if mechanism.frailty else np.ones(ACCOUNTS)
    risk = np.array([1.6, 1.0, 0.5])[segment] * np.array([1.8, 1.0, 0.5])[band]
    risk = risk * np.exp(-mechanism.unmeasured * commitment) * frailty
    start = np.floor(rng.uniform(0, 690, ACCOUNTS))
    education = np.full(ACCOUNTS, 0.004 if mechanism.any_time else 0.010)
    if mechanism.confounded:
        education = education * np.array([0.6, 1.0, 1.6])[segment] * np.array([0.5, 1.0, 1.8])[band]
    education = education * np.exp(mechanism.unmeasured * commitment)
    wanted = 15 + rng.exponential(1 / education)
    if not mechanism.any_time:
        wanted = np.where(wanted <= LANDMARK, wanted, np.inf)
    hazard, renewal_risk = 0.0030 * risk, 1 - np.exp(-0.30 * risk)
    lived = np.where(
        annual,
        _annual_life(renewal_risk, wanted, mechanism.ratio, rng),
        _monthly_life(hazard, wanted, mechanism.ratio, rng),
    )
    return Accounts(
        segment, band, annual, start,
        seats=np.ceil(rng.lognormal(2.5, 0.8, ACCOUNTS)),
        hazard=hazard, renewal_risk=renewal_risk, education=education,
        educated=np.where(wanted < lived, start + wanted, np.inf),
        churned=start + lived,
        defect_rate=0.04 * rng.gamma(5, 0.2, ACCOUNTS) * np.exp(-2.0 * mechanism.unmeasured * commitment),
    )  # fmt: skip


def _monthly_life(hazard: Any, educated: Any, ratio: float, rng: np.random.Generator) -> Any:
    spent = rng.exponential(1, ACCOUNTS)
    before = spent / hazard
    with np.errstate(invalid="ignore"):
        after = educated + (spent - hazard * educated) / (hazard * ratio)
    return np.where(before <= educated, before, after)


def _annual_life(renewal_risk: Any, educated: Any, ratio: float, rng: np.random.Generator) -> Any:
    lived = np.full(ACCOUNTS, np.inf)
    for year in (1, 2):
        trained = educated < DAYS_OF_YEAR * year - LEAD
        leaves = rng.random(ACCOUNTS) < renewal_risk * np.where(trained, ratio, 1.0)
        lived = np.where(np.isinf(lived) & leaves, DAYS_OF_YEAR * year, lived)
    return lived


def account_months(accounts: Accounts, rng: np.random.Generator) -> Columns:
    """One row per account and month in which it was a customer, with states as of the month's start."""
    rows = []
    for number, (begin, end) in enumerate(pairwise(MONTH_STARTS)):
        active_from, active_to = np.maximum(begin, accounts.start), np.minimum(np.minimum(end, accounts.churned), LAST_DAY)
        there = np.flatnonzero(active_from < active_to)
        if not len(there):
            continue
        exposure = (active_to - active_from)[there] / (end - begin)
        rows.append(_month(accounts, there, number, begin, end, exposure, rng))
    return {name: np.concatenate([row[name] for row in rows]) for name in rows[0]}


def _month(
    accounts: Accounts, there: Any, number: int, begin: float, end: float, exposure: Any, rng: np.random.Generator
) -> Columns:
    start, churned, educated, annual = (
        values[there] for values in (accounts.start, accounts.churned, accounts.educated, accounts.annual)
    )
    first = start.astype(int)
    start_month = np.searchsorted(MONTH_STARTS, first, side="right") - 1
    late_in_month = first - MONTH_STARTS[start_month] > 0
    age = np.maximum(0, number - start_month - late_in_month)
    year = np.floor((end - start) / DAYS_OF_YEAR)
    renewal = start + DAYS_OF_YEAR * year
    due = annual & (year >= 1) & (renewal >= begin) & (renewal < end) & (renewal <= LAST_DAY) & (churned >= renewal)
    leaves = (churned >= begin) & (churned < end) & (churned < LAST_DAY)
    nothing = np.zeros(len(there), dtype=int)
    trained_at_lead = only_where(due, educated < renewal - LEAD)
    never = np.zeros(len(there), dtype=bool)
    return {
        "account_id": names("account", ACCOUNTS)[there],
        "month_start": moments(np.full(len(there), begin)),
        "segment": SEGMENTS[accounts.segment[there]],
        "plan": np.where(annual, "annual", "monthly").astype(object),
        "early_health_band": BANDS[accounts.band[there]],
        "age_months": age,
        "age_band": np.where(age < 12, "first_year", "later").astype(object),
        "exposure_months": exposure,
        "is_churned": leaves,
        "is_renewal_due": due,
        "is_renewal_churned": due & leaves,
        "paid_seats": accounts.seats[there].astype(int),
        "is_trained_any": educated < begin,
        "is_trained_share": never,
        "is_trained_certified": never,
        "was_trained_any_at_lead": trained_at_lead,
        "was_trained_share_at_lead": only_where(due, False),
        "was_trained_certified_at_lead": only_where(due, False),
        "first_trained_at": moments(educated),
        "tickets_how_to": nothing,
        "tickets_defect": rng.poisson(accounts.defect_rate[there] * accounts.seats[there] * exposure),
        "tickets_billing": nothing,
        "tickets_request": nothing,
        "tickets_unmapped": nothing,
        "is_owner_trained": never,
    }


def _landmark_truth(accounts: Accounts, mechanism: Mechanism) -> dict[str, float]:
    """Leaving within the horizon after day 60, had all (none) of the accounts then alive trained by then: overlap weights."""
    alive = (accounts.churned - accounts.start > LANDMARK) & (accounts.start + LANDMARK + HORIZON <= LAST_DAY)
    h, e, ratio = accounts.hazard, accounts.education, mechanism.ratio
    stays = np.exp(-h * ratio * HORIZON)
    if mechanism.any_time:
        leaves_rate = (1 - ratio) * h + e
        without = np.exp(-(h + e) * HORIZON) + e * stays * (1 - np.exp(-leaves_rate * HORIZON)) / leaves_rate
    else:
        without = np.exp(-h * HORIZON)
    p1, p0 = np.where(accounts.annual, 0, 1 - stays), np.where(accounts.annual, 0, 1 - without)
    treated = accounts.educated <= accounts.start + LANDMARK
    weight = difference = with_training = without_training = 0.0
    for stratum in np.unique(accounts.stratum[alive]):
        own = alive & (accounts.stratum == stratum)
        n1, n0 = int((own & treated).sum()), int((own & ~treated).sum())
        w = n1 * n0 / (n1 + n0)
        weight += w
        with_training += w * float(p1[own].mean())
        without_training += w * float(p0[own].mean())
        difference += w * float((p1[own] - p0[own]).mean())
    return {"landmark_ratio": with_training / without_training, "landmark_difference": difference / weight}


_HEADLINE: dict[str, Any] = {"mart": "impact_customer_education", "where": "outcome = 'churn' and is_headline"}
_LANDMARK: dict[str, Any] = {
    "mart": "impact_customer_education",
    "where": f"outcome = 'churn' and definition = 'any' and method = 'landmark_{LANDMARK}'",
}


def _questions(*, is_null: bool, headline: dict[str, Any], landmark: dict[str, Any] | None = None) -> tuple[Question, ...]:
    shared: dict[str, Any] = {"is_null": is_null}
    return (
        Question("person_time", **_HEADLINE, **(shared | headline)),
        Question("landmark_ratio", **_LANDMARK, **(shared | (landmark or {}))),
    )


_WRONG: dict[str, Any] = {"naive_covers_at_most": 0.05}
_BIASED: dict[str, Any] = {"covers": False, "is_null": False}

WORLDS = (
    World(
        "A", 1, "Healthy and large customers train more and leave less; training makes 30 of 100 leavers stay.",
        partial(make, Mechanism(0.7)),
        _questions(is_null=False, headline={"power_at_least": 0.8} | _WRONG),
    ),
    World(
        "A0", 2, "The same customers; training changes nothing.",
        partial(make, Mechanism(1.0)),
        _questions(is_null=True, headline=_WRONG),
    ),
    World(
        "A-frailty", 3, "As A, and accounts of one stratum differ in ways nobody measured: survivors are no longer alike.",
        partial(make, Mechanism(0.7, frailty=0.5)),
        _questions(is_null=False, headline={"covers": False, "note": "not collapsible: the landmark row is judged"}),
    ),
    World(
        "B", 4, "Training comes on any day and changes nothing: those who leave early had less time to train.",
        partial(make, Mechanism(1.0, confounded=False, any_time=True)),
        _questions(is_null=True, headline=_WRONG),
    ),
    World(
        "B-cross", 5, "As A, with training on any day: many train after the landmark.",
        partial(make, Mechanism(0.7, any_time=True)),
        _questions(is_null=False, headline={"power_at_least": 0.8} | _WRONG),
    ),
    World(
        "U.2", 6, "A commitment nobody records raises training a little and lowers leaving a little; training changes nothing.",
        partial(make, Mechanism(1.0, unmeasured=0.2)),
        _questions(is_null=False, headline=dict(_BIASED), landmark=dict(_BIASED)),
    ),
    World(
        "U.4", 7, "The same, twice as strong: the estimate is wrong and a check must say so.",
        partial(make, Mechanism(1.0, unmeasured=0.4)),
        _questions(is_null=False, headline=_BIASED | {"flagged_at_least": 0.8, "coverage_at_most": 0.8}, landmark=dict(_BIASED)),
    ),
    World(
        "U.8", 8, "The same, four times as strong.",
        partial(make, Mechanism(1.0, unmeasured=0.8)),
        _questions(is_null=False, headline=_BIASED | {"flagged_at_least": 0.8, "coverage_at_most": 0.2}, landmark=dict(_BIASED)),
    ),
)  # fmt: skip
