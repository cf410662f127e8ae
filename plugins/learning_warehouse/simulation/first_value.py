"""The onboarding path brings customers to first value sooner: its hazard is PATH_RATIO times as high from the roll-out on.

Offered is every account whose contract starts on the roll-out day or later, whatever it makes of the offer. Draws stay what
they were: the day (or its absence) is moved along its own survival curve, so the hazard ratio is exact.
"""

from dataclasses import replace
from datetime import date
from math import exp, log
from statistics import NormalDist

import numpy as np

from learning_warehouse.simulation.draws import DAY, Entity, day_number, moment, seconds
from learning_warehouse.simulation.ledger import Account

PATH_RATIO = 1.5
MEDIAN_DAYS, SPREAD, REACHED = 21, 0.8, 0.93
_NORMAL = NormalDist()


def sooner(days: float, reach: float, ratio: float = PATH_RATIO) -> float | None:
    """The day of first value under a hazard `ratio` times as high; nothing when it is never reached.

    `days` is the drawn day if it is reached, `reach` the uniform draw that decides whether it is (below REACHED).
    """
    reached = REACHED * _NORMAL.cdf((log(days) - log(MEDIAN_DAYS)) / SPREAD) if reach < REACHED else reach
    left = 1 - reached
    share = (1 - left ** (1 / ratio)) / REACHED
    return exp(log(MEDIAN_DAYS) + SPREAD * _NORMAL.inv_cdf(share)) if 0 < share < 1 else None


def offer_path(seed: int, accounts: list[Account], rolled_out: date) -> list[Account]:
    """The accounts with first value moved for those whose contract starts at the roll-out or later; same order."""
    rng = np.random.default_rng([seed, int(Entity.ACCOUNTS), 2])
    drawn = rng.lognormal(np.log(MEDIAN_DAYS), SPREAD, len(accounts)).tolist()
    reach = rng.random(len(accounts)).tolist()
    rows = []
    for row, days, luck in zip(accounts, drawn, reach, strict=True):
        if row.contract_start < rolled_out:
            rows.append(row)
            continue
        moved = sooner(days, luck)
        at = None if moved is None else moment(day_number(row.contract_start) * DAY + int(moved * DAY))
        rows.append(
            replace(row, first_value_at=at if at and (row.churned_at is None or seconds(at) < seconds(row.churned_at)) else None)
        )
    return rows
