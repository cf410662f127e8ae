"""Three good rows for every mart suite: one that reads, one held back because there are too few, one not due yet.

They are made from the declared columns: values inside the registry's bounds, states in the order above.
"""

from datetime import datetime
from typing import Any

import pandas as pd
from good_frames import frame

from learning_warehouse.registry import Mart, marts, metrics_of

MONTHS = [datetime(2026, 9, 1), datetime(2026, 10, 1), datetime(2026, 11, 1)]
STATES = ["reads", "too_few", "not_due"]
WORDS = {
    "department": ["All departments", "Support", "Sales"],
    "audience": ["employee", "customer", "partner"],
    "tier": ["supported", "withheld", "withheld"],
    "withheld_reason": [None, "too few", "too early"],
    "state": STATES,
    "last_load_verdict": ["admitted", "rejected", "none"],
    "contacts_known_band": ["0", "1-4", "5+"],
    "contacts_trained_band": ["0", "1-4", None],
}
NUMBERS = {"exposure_months": [1.0, 0.5, 0.0], "set_aside_share": [0.0, 0.001, None], "served_age_days": [0, 1, None]}
BY_TYPE: dict[str, list[Any]] = {
    "bigint": [20, 7, 9],
    "double": [1.0, 0.5, None],
    "boolean": [True, False, True],
    "date": MONTHS,
    "timestamp": MONTHS,
    "varchar": ["a", "b", "c"],
}


def good_marts() -> dict[str, pd.DataFrame]:
    """Suite name -> frame of three good rows."""
    return {f"marts__{name}": frame(**_columns(mart)) for name, mart in marts().items()}


def _columns(mart: Mart) -> dict[str, list[Any]]:
    middles = {metric.column: _middle(*metric.bounds) for metric in metrics_of(mart.name)}
    columns = {name: WORDS.get(name) or NUMBERS.get(name) or BY_TYPE[kind] for name, kind in mart.columns.items()}
    for name in mart.figures:
        value, step = middles.get(name, (0.9, 0.05)) if name != "matched_rate" else (0.95, 0.01)
        low, high = ("ci_low", "ci_high") if name == "estimate" else (f"{name}_low", f"{name}_high")
        beside = {name: value, low: value - step, high: value + step, f"{name}_n": 45, f"{name}_denominator": 100}
        if name == "estimate":
            beside = {name: value, low: value - step, high: value + step, "naive_ci_low": 0.3, "naive_ci_high": 0.5}
        columns |= {column: [number, None, None] for column, number in beside.items() if column in columns}
        if f"{name}_state" in columns:
            columns[f"{name}_state"] = STATES
    return columns


def _middle(low: float | None, high: float | None) -> tuple[float, float]:
    """A value well inside the bounds and how far its interval may reach."""
    if low is not None and high is not None:
        return (low + high) / 2, (high - low) / 10
    return (low + 2.0, 0.5) if low is not None else (high - 2.0, 0.5) if high is not None else (0.9, 0.05)
