"""The pieces of good batches: frames of twenty rows, their ids, times and repeated values."""

from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd

ROWS = 20
START = datetime(2026, 3, 2, 8)
KEYS = [f"{number:032x}" for number in range(1, ROWS + 1)]


def frame(**columns: list[Any]) -> pd.DataFrame:
    """One frame; whole numbers with gaps become Int64, dates and times datetime64, all else stays as it is."""
    made = pd.DataFrame({name: pd.Series(values, dtype=object) for name, values in columns.items()})
    for name in made.columns:
        present = [value for value in columns[name] if value is not None]
        if present and all(isinstance(value, date) for value in present):
            made[name] = pd.to_datetime(made[name])
        elif present and all(type(value) is int for value in present):
            made[name] = made[name].astype("Int64")
        elif present and all(isinstance(value, float) for value in present):
            made[name] = made[name].astype("float64")
    return made


def ids(prefix: str) -> list[str]:
    return [f"{prefix}{number}" for number in range(ROWS)]


def times(days: float = 0) -> list[datetime]:
    return [START + timedelta(days=number + days) for number in range(ROWS)]


def every(*values: Any) -> list[Any]:
    return [values[number % len(values)] for number in range(ROWS)]
