"""How to spoil a good batch so that one expectation goes red: one function per kind of expectation."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pandas as pd

from expectations.shared import columns_read, condition_of


def drop_a_column(frame: pd.DataFrame, expectation: Any, others: list[Any]) -> pd.DataFrame:
    used = {name for other in others for name in columns_read(other)}
    only_here = [name for name in expectation.column_set if name not in used]
    return frame.drop(columns=[(only_here or list(expectation.column_set))[0]])


def blank_some(frame: pd.DataFrame, expectation: Any, others: list[Any]) -> pd.DataFrame:
    rows = _rows_in_question(frame, expectation)
    share = expectation.mostly if isinstance(expectation.mostly, float) else 1.0
    return _set(frame, rows[: int((1 - share) * len(rows) + 1e-6) + 1], expectation.column, None)


def fill_one(frame: pd.DataFrame, expectation: Any, others: list[Any]) -> pd.DataFrame:
    filled = frame[expectation.column].dropna().iloc[0]
    return _set(frame, _rows_in_question(frame, expectation)[:1], expectation.column, filled)


def repeat_some(frame: pd.DataFrame, expectation: Any, others: list[Any]) -> pd.DataFrame:
    return _set(frame, list(range(1, 5)), expectation.column, frame[expectation.column].iloc[0])


def repeat_a_row_key(frame: pd.DataFrame, expectation: Any, others: list[Any]) -> pd.DataFrame:
    spoiled = frame
    for column in expectation.column_list:
        spoiled = _set(spoiled, [1], column, frame[column].iloc[0])
    return spoiled


def unknown_value(frame: pd.DataFrame, expectation: Any, others: list[Any]) -> pd.DataFrame:
    known = expectation.value_set[0]
    return _set(frame, [0], expectation.column, 99 if isinstance(known, int) else "something new")


def only_the_rare_value(frame: pd.DataFrame, expectation: Any, others: list[Any]) -> pd.DataFrame:
    return _set(frame, list(range(len(frame))), expectation.column, expectation.value_set[0])


def outside_the_range(frame: pd.DataFrame, expectation: Any, others: list[Any]) -> pd.DataFrame:
    low, high = expectation.min_value, expectation.max_value
    if isinstance(low, datetime):
        value: Any = low - timedelta(days=300)
    else:
        value = high + 1 if high is not None else low - 1
    filled = frame.index[frame[expectation.column].notna()].tolist()
    return _set(frame, filled[:1], expectation.column, value)


def wrong_order(frame: pd.DataFrame, expectation: Any, others: list[Any]) -> pd.DataFrame:
    both = frame.index[frame[expectation.column_A].notna() & frame[expectation.column_B].notna()].tolist()
    earlier = frame[expectation.column_B].iloc[both[0]]
    step = timedelta(days=1) if isinstance(earlier, datetime) else 1
    return _set(frame, both[:1], expectation.column_A, earlier - step)


def wrong_form(frame: pd.DataFrame, expectation: Any, others: list[Any]) -> pd.DataFrame:
    return _set(frame, [0], expectation.column, "someone@halden.example")


SPOILERS: dict[str, Callable[[pd.DataFrame, Any, list[Any]], pd.DataFrame]] = {
    "expect_table_columns_to_match_set": drop_a_column,
    "expect_column_values_to_not_be_null": blank_some,
    "expect_column_values_to_be_null": fill_one,
    "expect_column_values_to_be_unique": repeat_some,
    "expect_compound_columns_to_be_unique": repeat_a_row_key,
    "expect_column_values_to_be_in_set": unknown_value,
    "expect_column_values_to_not_be_in_set": only_the_rare_value,
    "expect_column_values_to_be_between": outside_the_range,
    "expect_column_pair_values_a_to_be_greater_than_b": wrong_order,
    "expect_column_values_to_match_regex": wrong_form,
}


def _rows_in_question(frame: pd.DataFrame, expectation: Any) -> list[int]:
    condition = condition_of(expectation)
    return (frame.query(condition) if condition else frame).index.tolist()


def _set(frame: pd.DataFrame, rows: list[int], column: str, value: Any) -> pd.DataFrame:
    spoiled = frame.copy()
    if value is not None and not pd.api.types.is_datetime64_any_dtype(spoiled[column]) and not isinstance(value, int | float):
        spoiled[column] = spoiled[column].astype(object)
    spoiled.loc[rows, column] = value
    return spoiled
