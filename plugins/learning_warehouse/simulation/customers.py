"""Customer accounts as arrays: what they are when they sign, and which account owner looks after them day by day.

Owners are customer success managers. A book of accounts belongs to a chair; whoever sits in it owns the book, and while it
is empty a neighbor covers. The first chairs to get the owner training look after healthier and larger accounts, so the
plain comparison of trained and untrained owners misleads.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.random import Generator

from learning_warehouse.simulation.draws import DAY, ENDS_AT, HOUR, MINUTE, Entity, day_number, stream
from learning_warehouse.simulation.names import COMPANY_KINDS, COMPANY_WORDS, INDUSTRIES
from learning_warehouse.simulation.people import occupancy
from learning_warehouse.simulation.workforce import Workforce

FIRST_START = day_number(date(2022, 12, 1))
LAST_DAY = day_number(ENDS_AT.date())
OWNERS_FROM = day_number(date(2022, 7, 1))
SEGMENTS = ("small", "medium", "large")
PLANS = ("monthly", "annual")
BANDS = ("low", "mid", "high")
OWNER_TITLE = "Customer Success Manager"


@dataclass(slots=True)
class Book:
    """All real customer accounts; arrays of equal length, days and seconds since 1970-01-01."""

    names: list[str]
    domains: list[str]
    industry: list[str]
    segment: np.ndarray  # index into SEGMENTS
    plan: np.ndarray  # index into PLANS
    band: np.ndarray  # index into BANDS
    band_at: np.ndarray
    created_at: np.ndarray
    start_day: np.ndarray
    seats: np.ndarray  # at the start
    employee_count: np.ndarray
    how_to_level: np.ndarray
    other_level: np.ndarray

    def __len__(self) -> int:
        return len(self.names)


@dataclass(slots=True)
class Ownership:
    """Who owns what: persons by account and day from OWNERS_FROM, and when each trained owner completed the training."""

    owner: np.ndarray  # [account, day] person
    trained_at: dict[int, int]

    def owner_on(self, account: int, day: int) -> int:
        return int(self.owner[account, min(max(day, OWNERS_FROM), LAST_DAY - 1) - OWNERS_FROM])


def build_book(seed: int, accounts: int) -> Book:
    """About `accounts` accounts started in the 48 months before the first night, more until the ledger ends."""
    rng = stream(seed, Entity.ACCOUNTS)
    total = round(accounts * (LAST_DAY - FIRST_START) / (day_number(date(2026, 12, 1)) - FIRST_START))
    start_day = np.sort(rng.integers(FIRST_START, LAST_DAY, total))
    segment = rng.choice(3, total, p=[0.50, 0.35, 0.15])
    plan = (rng.random(total) < np.array([0.45, 0.62, 0.73])[segment]).astype(int)
    band = rng.choice(3, total, p=[0.30, 0.45, 0.25])
    seats = np.maximum(3, np.array([12, 38, 105])[segment] * rng.lognormal(0, 0.40, total)).astype(int)
    names, domains = _names(rng, total)
    return Book(
        names=names,
        domains=domains,
        industry=[INDUSTRIES[i] for i in rng.integers(len(INDUSTRIES), size=total)],
        segment=segment,
        plan=plan,
        band=band,
        band_at=(start_day + rng.integers(9, 14, total)) * DAY + 7 * HOUR + rng.integers(0, 9 * 60, total) * MINUTE,
        created_at=(start_day - rng.integers(35, 120, total)) * DAY + 6 * HOUR + rng.integers(0, 600, total) * MINUTE,
        start_day=start_day,
        seats=seats,
        employee_count=(seats * rng.uniform(1.5, 9, total)).astype(int),
        how_to_level=rng.lognormal(0, 0.40, total),
        other_level=rng.lognormal(0, 0.35, total),
    )


def _names(rng: Generator, total: int) -> tuple[list[str], list[str]]:
    names: dict[str, str] = {}
    while len(names) < total:
        first, second = (COMPANY_WORDS[i] for i in rng.integers(len(COMPANY_WORDS), size=2))
        kind = COMPANY_KINDS[rng.integers(len(COMPANY_KINDS))]
        names.setdefault(f"{first} {second} {kind}", f"{first}-{second}-{kind}.example".lower())
    domains = list(names.values())
    for _ in range(max(1, min(3, total // 40))):
        one, other = rng.integers(total, size=2)
        domains[one] = domains[other]
    return list(names), domains


def build_ownership(seed: int, book: Book, workforce: Workforce) -> Ownership:
    """Assign every account to a chair, follow chairs through vacancies and rebooking, and train the owners."""
    rng = stream(seed, Entity.OWNERS)
    _, table = occupancy(workforce.positions, OWNER_TITLE, OWNERS_FROM, LAST_DAY)
    chairs = len(table)
    early = np.zeros(chairs, dtype=bool)
    early[rng.permutation(chairs)[: round(chairs * 0.55)]] = True
    covered = _cover_vacancies(table, early)
    likely_early = np.array([0.36, 0.55, 0.74])[book.band] + np.array([-0.06, 0.02, 0.12])[book.segment]
    wants_early = rng.random(len(book)) < likely_early
    chair = np.where(wants_early, rng.choice(np.flatnonzero(early), len(book)), rng.choice(np.flatnonzero(~early), len(book)))
    owner = covered[chair]
    rebooked = np.flatnonzero(rng.random(len(book)) < 0.25)
    for account in rebooked:
        other = int(rng.integers(chairs))
        day = int(rng.integers(max(int(book.start_day[account]), OWNERS_FROM), LAST_DAY))
        owner[account, day - OWNERS_FROM :] = covered[other, day - OWNERS_FROM :]
    return Ownership(owner, _train_owners(rng, table, early))


def _cover_vacancies(table: np.ndarray, early: np.ndarray) -> np.ndarray:
    covered = table.copy()
    order = np.argsort(~early, kind="stable")
    for row in range(len(table)):
        here = np.flatnonzero(order == row)[0]
        for step in range(1, len(table)):
            empty = covered[row] < 0
            if not empty.any():
                break
            covered[row, empty] = table[order[(here + step) % len(order)], empty]
    covered[covered < 0] = 1 if len(table) else 0
    return covered


def _train_owners(rng: Generator, table: np.ndarray, early: np.ndarray) -> dict[int, int]:
    trained: dict[int, int] = {}
    roll_out, later = day_number(date(2024, 12, 3)), day_number(date(2026, 7, 1))
    for row in range(len(table)):
        for person in [p for p in dict.fromkeys(table[row].tolist()) if p >= 0]:
            days = np.flatnonzero(table[row] == person) + OWNERS_FROM
            if early[row]:
                at = max(roll_out + int(rng.integers(0, 50)), int(days[0]) + int(rng.integers(20, 60)))
            elif rng.random() < 0.20:
                at = max(later + int(rng.integers(0, 220)), int(days[0]) + 60)
            else:
                continue
            if at <= days[-1]:
                second = at * DAY + int(rng.integers(7 * 60, 16 * 60)) * MINUTE
                trained[person] = min(second, trained.get(person, second))
    return trained
