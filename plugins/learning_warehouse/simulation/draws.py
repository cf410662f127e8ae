"""Random streams and time arithmetic shared by the generator modules.

Inside the generator a moment is a count of whole seconds since 1970-01-01T00:00Z and a day is a count of days since
1970-01-01; both become aware datetimes and dates only when a fact is written into the ledger.
"""

from datetime import UTC, date, datetime, timedelta
from enum import IntEnum

import numpy as np
from numpy.random import Generator

DAY = 86_400
HOUR = 3_600
MINUTE = 60

OBSERVED_FROM = datetime(2024, 12, 1, tzinfo=UTC)
FIRST_NIGHT = datetime(2026, 12, 1, 1, tzinfo=UTC)
ENDS_AT = FIRST_NIGHT + timedelta(days=120)
_EPOCH = date(1970, 1, 1)


class Entity(IntEnum):
    """One independent random stream per kind of entity, so that more tickets never change who is hired."""

    WORKFORCE = 1
    ACCOUNTS = 2
    OWNERS = 3
    LIFE_COURSES = 4
    CONTACTS = 5
    LEARNERS = 6
    EMPLOYEE_LEARNING = 7
    CUSTOMER_LEARNING = 8
    HELP_DESK = 9
    TICKETS = 10
    SALES = 11
    CONTRACTS = 12
    SIGNALS = 13
    PILOT = 14
    AGENTS = 15


def stream(seed: int, entity: Entity) -> Generator:
    """The random generator of one entity type; the same seed and type give the same draws."""
    return np.random.default_rng([seed, int(entity)])


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - _EPOCH).days


def calendar_day(number: int) -> date:
    """The date of a day number."""
    return _EPOCH + timedelta(days=int(number))


def seconds(moment: datetime) -> int:
    """Whole seconds since 1970-01-01T00:00Z of an aware datetime."""
    return int(moment.timestamp())


def moment(second: float) -> datetime:
    """The aware UTC datetime of a count of seconds; parts of a second are dropped."""
    return datetime.fromtimestamp(int(second), UTC)


def month_starts() -> list[int]:
    """First seconds of the months from OBSERVED_FROM up to and including the first one at or after ENDS_AT."""
    starts, year, month = [], OBSERVED_FROM.year, OBSERVED_FROM.month
    while True:
        starts.append(seconds(datetime(year, month, 1, tzinfo=UTC)))
        if starts[-1] >= seconds(ENDS_AT):
            return starts
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
