"""A good batch for every stream of the drop folder, made from its declaration: fitting values, with blanks in turn."""

from datetime import datetime, timedelta
from typing import Any

from learning_warehouse.sources import SOURCES
from learning_warehouse.sources.signals.drop_files import own_columns
from learning_warehouse.streams import Column, Stream

ROWS = 20
START = datetime(2026, 3, 2, 8)
DAYS_LATER = {"done_at": 1, "ended_at": 2, "opened_at": 1, "valid_to": 90, "filled_at": 30, "closed_at": 9, "rating_date": 60}
AMOUNTS = {"maximum_score": 5.0, "score": 4.0, "amount_low": 1.0, "amount_likely": 2.0, "amount_high": 4.0}
COUNTS = {"raw_seconds": 600, "engaged_seconds": 400, "reinforcements_sent": 3, "reinforcements_acted": 1, "horizon_year": 2029}
NEVER_BLANK = {"manager_employee_id", "wave_day", "closed_at", "filled_by_employee_id"}


def good_columns(stream: Stream) -> dict[str, list[Any]]:
    """Column -> twenty values that pass every rule of the suite."""
    return {column.name: [_value(column, number) for number in range(ROWS)] for column in own_columns(stream)}


def signal_streams(*, without: set[str]) -> dict[str, dict[str, list[Any]]]:
    """Suite name -> columns, for the streams of the drop folder that are not written by hand."""
    streams = SOURCES["drops"].streams.values()
    return {f"drops__{stream.name}": good_columns(stream) for stream in streams if f"drops__{stream.name}" not in without}


def _value(column: Column, number: int) -> Any:
    if not column.required and column.name not in NEVER_BLANK and number % 3 == 2:
        return None
    if column.type in ("timestamp", "date"):
        return START + timedelta(days=number + DAYS_LATER.get(column.name, 0))
    if column.type == "boolean":
        return number % 2 == 0
    if column.type == "double":
        return AMOUNTS.get(column.name, column.maximum if column.maximum is not None else 7.5)
    if column.type == "bigint":
        return COUNTS.get(column.name, 3)
    if column.values:
        return column.values[number % len(column.values)]
    return "EUR" if column.name == "currency" else f"{column.name[0]}{number}"
