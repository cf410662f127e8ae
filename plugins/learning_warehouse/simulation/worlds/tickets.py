"""Worlds C: how-to tickets. Accounts take training right after a spike, heavy users train more, seats grow with use.

360 accounts over 24 months; level, season and monthly shocks differ by account. From the month after training the how-to rate per
seat is multiplied by `ratio`. `drift`: accounts that will train ask less of everything by this factor a month, trained or not.
"""

from functools import partial
from typing import Any

import numpy as np

from learning_warehouse.simulation.worlds.base import (
    MONTH_STARTS,
    Planted,
    Question,
    World,
    company_row,
    moments,
    names,
)

ACCOUNTS, MONTHS = 360, 24


def make(ratio: float, drift: float, rng: np.random.Generator) -> Planted:
    """One company of accounts that never leave."""
    level = rng.lognormal(0, 0.6, ACCOUNTS)
    seats = np.ceil(
        rng.lognormal(2.2, 0.7, ACCOUNTS)[:, None] * (1 + np.clip(0.012 * level, 0, 0.04)[:, None]) ** np.arange(MONTHS)[None, :]
    )
    shocks = rng.lognormal(-0.08, 0.4, (ACCOUNTS, MONTHS))
    adopted = np.full(ACCOUNTS, MONTHS + 99)
    chance = 0.02 * np.clip(level, 0.4, 3)
    for month in range(9, MONTHS - 1):
        spiked = shocks[:, month - 1] > 1.5
        takes = (adopted > MONTHS) & (rng.random(ACCOUNTS) < chance * np.where(spiked, 4, 0.6))
        adopted[takes] = month
    months = np.arange(MONTHS)[None, :]
    season = 1 + 0.25 * np.sin(2 * np.pi * months / 12)
    trend = np.where((adopted < MONTHS)[:, None], drift**months, 1.0)
    effect = np.where(months > adopted[:, None], ratio, 1.0)
    how_to = rng.poisson(0.25 * level[:, None] * seats * season * shocks * trend * effect)
    defects = rng.poisson(
        0.15 * rng.lognormal(0, 0.4, ACCOUNTS)[:, None] * seats * season * rng.lognormal(-0.08, 0.4, (ACCOUNTS, MONTHS)) * trend
    )
    starts = MONTH_STARTS[:MONTHS]
    adopted_at = np.where(adopted < MONTHS, starts[np.minimum(adopted, MONTHS - 1)] + rng.uniform(0.2, 27, ACCOUNTS), np.inf)
    tables = {
        "dim_company": company_row(),
        "dim_accounts": {
            "account_id": names("account", ACCOUNTS),
            "segment": ["small"] * ACCOUNTS,
            "plan": ["monthly"] * ACCOUNTS,
            "early_health_band": ["mid"] * ACCOUNTS,
            "contract_start_date": moments(np.full(ACCOUNTS, -200.0)),
            "is_test": [False] * ACCOUNTS,
        },
        "fct_account_months": _months(adopted, adopted_at, seats, how_to, defects),
    }
    return Planted(tables, {"own_baseline": ratio, "less_defects": ratio})


def _months(adopted: Any, adopted_at: Any, seats: Any, how_to: Any, defects: Any) -> dict[str, Any]:
    size = ACCOUNTS * MONTHS
    account, month = np.repeat(np.arange(ACCOUNTS), MONTHS), np.tile(np.arange(MONTHS), ACCOUNTS)
    never, nothing = np.zeros(size, dtype=bool), np.zeros(size, dtype=int)
    return {
        "account_id": names("account", ACCOUNTS)[account],
        "month_start": moments(MONTH_STARTS[month]),
        "segment": np.full(size, "small", dtype=object),
        "plan": np.full(size, "monthly", dtype=object),
        "early_health_band": np.full(size, "mid", dtype=object),
        "age_months": month + 6,
        "age_band": np.where(month < 6, "first_year", "later").astype(object),
        "exposure_months": np.ones(size),
        "is_churned": never,
        "is_renewal_due": never,
        "is_renewal_churned": never,
        "paid_seats": seats.ravel().astype(int),
        "is_trained_any": adopted[account] < month,
        "is_trained_share": never,
        "is_trained_certified": never,
        "first_trained_at": moments(adopted_at[account]),
        "tickets_how_to": how_to.ravel(),
        "tickets_defect": defects.ravel(),
        "tickets_billing": nothing,
        "tickets_request": nothing,
        "tickets_unmapped": nothing,
        "is_owner_trained": never,
    }


_OWN: dict[str, Any] = {
    "mart": "impact_customer_education",
    "where": "outcome = 'how_to_tickets' and definition = 'any' and method = 'own_baseline'",
}
_LESS: dict[str, Any] = _OWN | {
    "where": "outcome = 'how_to_tickets' and definition = 'any' and method = 'own_baseline_less_defects'"
}

WORLDS = (
    World(
        "C", 11, "Training right after a spike makes 20 of 100 how-to tickets go away.",
        partial(make, 0.8, 1.0),
        (
            Question("own_baseline", **_OWN, power_at_least=0.8, flagged_at_most=0.25),
            Question("less_defects", **_LESS),
        ),
    ),
    World(
        "C0", 12, "Training right after a spike changes nothing.",
        partial(make, 1.0, 1.0),
        (Question("own_baseline", **_OWN, is_null=True), Question("less_defects", **_LESS, is_null=True)),
    ),
    World(
        "C-trend", 13, "Accounts that will train ask 3 % less of everything every month; training changes nothing.",
        partial(make, 1.0, 0.97),
        (
            Question("own_baseline", **_OWN, covers=False, coverage_at_most=0.5, flagged_at_least=0.8),
            Question("less_defects", **_LESS, note="own trend is taken out with the defects"),
        ),
    ),
)  # fmt: skip
