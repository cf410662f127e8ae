"""What must be true of one record before its columns are looked at: a JSON object that every reader understands alike.

Checked one record at a time, because one unreadable record would make DuckDB refuse a whole file.
"""

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

import msgspec

LARGEST_RECORD = 4 * 2**20
DEEPEST_RECORD = 100
SHORTEST_DEEP = 2 * DEEPEST_RECORD
_DECODER = msgspec.json.Decoder()


class RecordChecks:
    """Problems of single records, and the shapes (their keys) of all that have none."""

    def __init__(self, reads_problem_key: bool = False) -> None:
        self.shapes: Counter[tuple[str, ...]] = Counter()
        self._reads_problem_key = reads_problem_key

    def problem(self, record: bytes) -> str | None:
        """Why a record cannot be typed, without any of its content; None when it can."""
        if len(record) > LARGEST_RECORD:
            return f"the record is bigger than {LARGEST_RECORD // 2**20} MB"
        try:
            value = msgspec.json.decode(record)
        except UnicodeDecodeError:
            return "the record is not UTF-8"
        except RecursionError:
            return "the record is nested too deeply"
        except msgspec.MsgspecError:
            return "the record is not valid JSON"
        if not isinstance(value, dict):
            return "the record is not an object"
        if record.count(b"[") + record.count(b"{") > DEEPEST_RECORD and _depth(value) > DEEPEST_RECORD:
            return "the record is nested too deeply"
        if b"\\u0000" in record and "\\u0000" in json.dumps(value).replace("\\\\", ""):
            return "the record holds a NUL character"
        if msgspec.json.encode(value) != record and _has_double_key(record):
            return "a key comes twice in the record"
        if self._reads_problem_key and isinstance(value.get("_problem"), str):
            return str(value["_problem"])
        self.shapes[tuple(value)] += 1
        return None

    def sound(self, records: Sequence[bytes]) -> list[dict[str, Any]] | None:
        """All records decoded when none of them has a problem or needs a closer look; None = ask `problem` of each.

        The texts of many records are compared at once with what their values give: equal means that no key came twice.
        """
        try:
            values = [_DECODER.decode(record) for record in records]
            joined = b",".join(records)
            if msgspec.json.encode(values) != b"[%s]" % joined or (b"\\" in joined and b"\\u0000" in joined):
                return None
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return None
        for record in records:
            if len(record) > SHORTEST_DEEP and (
                len(record) > LARGEST_RECORD or record.count(b"[") + record.count(b"{") > DEEPEST_RECORD
            ):
                return None
        if not all(type(value) is dict for value in values) or (
            self._reads_problem_key and any(isinstance(value.get("_problem"), str) for value in values)
        ):
            return None
        self.shapes.update(map(tuple, values))
        return values

    def unknown_keys(self, known: set[str]) -> dict[str, int]:
        """Top-level keys that nobody declared, with the number of records that hold them."""
        counts: Counter[str] = Counter()
        for shape, times in self.shapes.items():
            for key in set(shape) - known:
                counts[key] += times
        return dict(sorted(counts.items()))


def _depth(value: Any) -> int:
    deepest, waiting = 0, [(value, 1)]
    while waiting:
        item, depth = waiting.pop()
        deepest = max(deepest, depth)
        inner = item.values() if isinstance(item, dict) else item if isinstance(item, list) else ()
        waiting += [(child, depth + 1) for child in inner]
    return deepest


class _DoubleKey(Exception):
    pass


def _has_double_key(record: bytes) -> bool:
    def collect(pairs: list[tuple[str, Any]]) -> None:
        if len({key for key, _ in pairs}) != len(pairs):
            raise _DoubleKey

    try:
        json.loads(record, object_pairs_hook=collect)
    except _DoubleKey:
        return True
    except (ValueError, RecursionError):
        return False
    return False
