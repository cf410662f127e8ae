"""What is wrong with the lines of a file, before they are landed: by the typing of the night, the word lists and the bounds.

Each bad line is told with its number and the reason; no value of the file is shown. `is_set_aside` is what the night would
do: set the line aside, or load it and flag the figure.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from learning_warehouse.record_checks import RecordChecks
from learning_warehouse.streams import Column, Stream
from learning_warehouse.typing_sql import cells, checked, literal, quoted

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

BATCH = 50_000


@dataclass(frozen=True, slots=True)
class BadLine:
    """One line (Parquet: row) that is not as declared, and why."""

    line: int
    reason: str
    is_set_aside: bool = True


def judge(stream: Stream, records: Iterable[bytes]) -> Iterator[tuple[int, BadLine | None]]:
    """Every line of one file, from its records with `_line`, with its complaint if it has one."""
    import duckdb

    checks, keys, batch = RecordChecks(reads_problem_key=True), dict[tuple[str, ...], int](), list[tuple[int, bytes]]()
    with duckdb.connect(config={"threads": 2}) as database:
        for record in records:
            line = msgspec.json.decode(record)["_line"]
            problem = checks.problem(record)
            if problem:
                yield line, BadLine(line, problem)
            else:
                batch.append((line, record))
            if len(batch) >= BATCH:
                yield from _typed(stream, batch, keys, database)
                batch.clear()
        if batch:
            yield from _typed(stream, batch, keys, database)


def _typed(
    stream: Stream, batch: list[tuple[int, bytes]], keys: dict[tuple[str, ...], int], database: "DuckDBPyConnection"
) -> Iterator[tuple[int, BadLine | None]]:
    import pandas

    frame = pandas.DataFrame({"_index": [line for line, _ in batch], "d": [record.decode() for _, record in batch]})
    database.register("batch", frame)
    database.execute(f"CREATE OR REPLACE TABLE cells AS {cells(stream)}")
    database.unregister("batch")
    key = ", ".join(f"{quoted(column)}::VARCHAR" for column in stream.primary_key)
    query = f"SELECT _index, _reason, {_remark(stream)}, {key} FROM ({checked(stream)}) ORDER BY _index"
    for line, reason, remark, *values in database.execute(query).fetchall():
        if reason:
            yield line, BadLine(line, reason)
            continue
        first = keys.setdefault(tuple(values), line)
        said = remark if first == line else f"{' + '.join(stream.primary_key)}: as in line {first}"
        yield line, BadLine(line, said, is_set_aside=False) if said else None


def _remark(stream: Stream) -> str:
    """SQL: the first column whose value is not in its list or outside its bounds, with what would be right."""
    cases = [f"WHEN {condition} THEN {literal(said)}" for column in stream.columns for condition, said in _rules(column).items()]
    return f"CASE {' '.join(cases)} END" if cases else "NULL"


def _rules(column: Column) -> Mapping[str, str]:
    name, rules = quoted(column.name), {}
    if column.values:
        allowed = ", ".join(literal(value) for value in column.values)
        rules[f"{name} NOT IN ({allowed})"] = f"{column.name}: not one of {', '.join(column.values)}"
    if column.minimum is not None:
        rules[f"{name} < {column.minimum}"] = f"{column.name}: below {column.minimum:g}"
    if column.maximum is not None:
        rules[f"{name} > {column.maximum}"] = f"{column.name}: above {column.maximum:g}"
    return rules
