"""How accounts live: months with many questions, the first completed customer course, and leaving.

Education and leaving both depend on segment and early-health band, so the plain comparison misleads. Education starts no
earlier than two weeks after the contract and no earlier than the academy (OBSERVED_FROM), and a month after a spike of
how-to questions makes it more likely. From its first completion on an account's hazard of leaving is multiplied by
CHURN_RATIO; while the owner (read at the month's start) is trained it is multiplied by OWNER_RATIO as well. Monthly plans
leave on any day, annual plans only on a yearly renewal date, with education read 90 days before. Inside a cell of
segment, plan, band and first or later year there is no further difference between accounts.
"""

from dataclasses import dataclass

import numpy as np

from learning_warehouse.simulation.customers import LAST_DAY, Book, Ownership
from learning_warehouse.simulation.draws import DAY, HOUR, MINUTE, Entity, calendar_day, day_number, month_starts, stream

CHURN_RATIO = 0.66
OWNER_RATIO = 0.80
EXPOSURE_LEAD_DAYS = 90
_SEGMENT_CHURN = np.array([1.30, 1.00, 0.65])
_BAND_CHURN = np.array([1.60, 1.00, 0.55])
_SEGMENT_EDUCATION = np.array([0.80, 1.00, 1.30])
_BAND_EDUCATION = np.array([0.52, 1.00, 1.75])
_RENEWAL_BASE = 0.25
_YEARLY_HAZARD = 0.39
_MONTHLY_EDUCATION = 0.050
_AGE_CHURN = (1.25, 0.85)
NEVER = int(np.iinfo(np.int64).max // 4)


@dataclass(slots=True)
class LifeCourses:
    """Arrays by account: seconds of leaving and of the first completed customer course (NEVER if not), and spikes."""

    churned_at: np.ndarray
    educated_at: np.ndarray
    spikes: np.ndarray  # [account, month from OBSERVED_FROM], the month before it included as column 0


def anniversary(start_day: int, years: int) -> int:
    """The day number of a yearly renewal: same month and day, 28 February for a start on 29 February."""
    start = calendar_day(start_day)
    if (start.month, start.day) == (2, 29):
        start = start.replace(day=28)
    return day_number(start.replace(year=start.year + years))


def live(seed: int, book: Book, ownership: Ownership) -> LifeCourses:
    """Play every account's life from its contract start to the end of the ledger."""
    rng = stream(seed, Entity.LIFE_COURSES)
    count = len(book)
    months = month_starts()
    spikes = rng.random((count, len(months))) < 0.06
    educated = _play_education(rng, book, months, spikes)
    weight = _SEGMENT_CHURN[book.segment] * _BAND_CHURN[book.band]
    trained_from = _owner_training(ownership)
    churned = np.full(count, NEVER, dtype=np.int64)
    patience = rng.exponential(1.0, count)
    luck = rng.random((count, 8))
    hour = 7 * HOUR + rng.integers(0, 9 * 60, count) * MINUTE
    for account in range(count):
        if book.plan[account] == 1:
            churned[account] = _annual(account, book, weight, educated, trained_from, ownership, luck, hour)
        else:
            churned[account] = _monthly(account, book, weight, educated, trained_from, ownership, float(patience[account]))
    educated = np.where(educated < churned, educated, NEVER)
    return LifeCourses(churned, educated, spikes)


def _play_education(rng: np.random.Generator, book: Book, months: list[int], spikes: np.ndarray) -> np.ndarray:
    count = len(book)
    educated = np.full(count, NEVER, dtype=np.int64)
    rate = _MONTHLY_EDUCATION * _SEGMENT_EDUCATION[book.segment] * _BAND_EDUCATION[book.band] * book.how_to_level**0.5
    eligible_from = (book.start_day + 14) * DAY
    for number in range(len(months) - 1):
        begin, end = months[number], months[number + 1]
        hazard = rate * np.where(spikes[:, number], 2.5, 1.0)
        wait = rng.exponential(1.0, count) / hazard * (end - begin)
        at = np.maximum(begin, eligible_from) + wait
        chosen = (educated == NEVER) & (at < end) & (eligible_from < end)
        educated[chosen] = at[chosen].astype(np.int64) // MINUTE * MINUTE
    return educated


def _owner_training(ownership: Ownership) -> np.ndarray:
    people = int(ownership.owner.max()) + 1
    trained = np.full(people, NEVER, dtype=np.int64)
    for person, at in ownership.trained_at.items():
        trained[person] = at
    return trained


def _annual(
    account: int,
    book: Book,
    weight: np.ndarray,
    educated: np.ndarray,
    owner_trained: np.ndarray,
    ownership: Ownership,
    luck: np.ndarray,
    hour: np.ndarray,
) -> int:
    for year in range(1, luck.shape[1] + 1):
        day = anniversary(book.start_day[account], year)
        if day >= LAST_DAY:
            return NEVER
        chance = _RENEWAL_BASE * weight[account]
        if educated[account] < (day - EXPOSURE_LEAD_DAYS) * DAY:
            chance *= CHURN_RATIO
        chance *= _owner_factor(account, _month_of(day), ownership, owner_trained)
        if luck[account, year - 1] < chance:
            return int(day * DAY + hour[account])
    return NEVER


def _monthly(
    account: int,
    book: Book,
    weight: np.ndarray,
    educated: np.ndarray,
    owner_trained: np.ndarray,
    ownership: Ownership,
    patience: float,
) -> int:
    start = int(book.start_day[account])
    first_month = _month_of(start)
    second, left = (start + 1) * DAY, patience
    month = first_month
    while month < LAST_DAY:
        following = _month_of(month + 32)
        age = _whole_months(start, month)
        yearly = _YEARLY_HAZARD * weight[account] * _AGE_CHURN[0 if age < 12 else 1]
        yearly *= _owner_factor(account, month, ownership, owner_trained)
        for begin, end, ratio in _split(second, following * DAY, int(educated[account])):
            hazard = yearly * ratio / (365.25 * DAY)
            if hazard * (end - begin) > left:
                return int(begin + left / hazard) // MINUTE * MINUTE
            left -= hazard * (end - begin)
        second, month = following * DAY, following
    return NEVER


def _split(begin: int, end: int, educated: int) -> list[tuple[int, int, float]]:
    if educated <= begin:
        return [(begin, end, CHURN_RATIO)]
    if educated >= end:
        return [(begin, end, 1.0)]
    return [(begin, educated, 1.0), (educated, end, CHURN_RATIO)]


def _owner_factor(account: int, month: int, ownership: Ownership, owner_trained: np.ndarray) -> float:
    owner = ownership.owner_on(account, month - 1)
    return OWNER_RATIO if owner_trained[owner] < month * DAY else 1.0


def _month_of(day: int) -> int:
    return day_number(calendar_day(day).replace(day=1))


def _whole_months(start: int, month: int) -> int:
    begun, at = calendar_day(start), calendar_day(month)
    return max(0, (at.year - begun.year) * 12 + at.month - begun.month - (1 if at.day < begun.day else 0))
