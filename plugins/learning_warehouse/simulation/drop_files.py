"""Files of the newer streams in the drop folder: CSV, JSON lines or Parquet, one per stream and month, later one per day.

Facts known before the first night's day are written as that day saw them; after it a row comes on the day it is known and
again on the day a later field of it is known. About one line in 2,000 of the monthly files of two streams is broken on
purpose; such lines carry no fact of the ledger.
"""

import csv
import io
import json
import os
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from operator import attrgetter
from pathlib import Path
from typing import Any

from learning_warehouse.simulation.ledger import Ledger
from learning_warehouse.simulation.signal_streams import SIGNALS, Signal, columns, revealed_at, shown

LINES_PER_BROKEN_LINE = 2_000
Line = tuple[datetime, Any]


def write_signal_files(ledger: Ledger, cut: datetime, begins: datetime, folder: Path) -> list[Path]:
    """Write the files due before `cut` (a midnight) that are not there yet; daily files begin at midnight `begins`."""
    written = []
    for stream, signal in SIGNALS.items():
        files: dict[str, list[Line]] = {}
        for fact in getattr(ledger, stream):
            _place(signal, fact, cut, begins, files)
        for name, lines in sorted(files.items()):
            path = folder / stream / f"{name}.{signal.form}"
            if not path.exists():
                lines.sort(key=lambda line: line[0])
                broken = _broken_places(files, name) if signal.is_broken and len(name) == len("2026-03") else []
                _write(path, stream, signal, [fact for _, fact in lines], broken)
                written.append(path)
    return written


def iso(moment: datetime) -> str:
    """The moment as ISO 8601 in UTC with a Z."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def _place(signal: Signal, fact: Any, cut: datetime, begins: datetime, files: dict[str, list[Line]]) -> None:
    known = signal.known_at(fact)
    if known >= cut:
        return
    later = revealed_at(signal, fact).values() if signal.reveals else ()
    days = {moment.date(): moment for moment in sorted(later, reverse=True) if begins <= moment and known < moment < cut}
    if known < begins:
        files.setdefault(f"{known.year}-{known.month:02d}", []).append((known, shown(signal, fact, begins)))
    else:
        days[known.date()] = known
    for day, moment in days.items():
        following = datetime.combine(day, time(), UTC) + timedelta(days=1)
        files.setdefault(day.isoformat(), []).append((moment, shown(signal, fact, following)))


def _broken_places(files: dict[str, list[Line]], name: str) -> list[int]:
    before = sum(len(lines) for other, lines in files.items() if other < name and len(other) == len(name))
    numbers = range(before, before + len(files[name]))
    return [number for number in numbers if number % LINES_PER_BROKEN_LINE == LINES_PER_BROKEN_LINE - 1]


def _write(path: Path, stream: str, signal: Signal, facts: list[Any], broken: Sequence[int]) -> None:
    names = tuple(columns(stream))
    rows = list(map(attrgetter(*names), facts))
    text = io.StringIO()
    if signal.form == "jsonl":
        text.writelines(json.dumps(dict(zip(names, map(_value, row), strict=True))) + "\n" for row in rows)
        text.writelines(json.dumps({names[0]: f"X{number:06d}"})[:-1] + "\n" for number in broken)
    else:
        writer = csv.writer(text, lineterminator="\n")
        writer.writerows([names] if signal.form == "csv" else [])
        writer.writerows([_text(value) for value in row] for row in rows)
        writer.writerows((f"X{number:06d}", "31/02/2026", "") for number in broken)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.draft")
    if signal.form == "parquet":
        _parquet(draft, columns(stream), text.getvalue())
    else:
        draft.write_text(text.getvalue(), encoding="utf-8")
    os.replace(draft, path)


def _parquet(path: Path, kinds: dict[str, str], text: str) -> None:
    """Write lines of CSV without a header as one typed Parquet file."""
    import duckdb

    lines = path.with_suffix(".lines")
    lines.write_text(text, encoding="utf-8")
    types = ", ".join(f"'{name}': '{kind}'" for name, kind in kinds.items())
    with duckdb.connect() as connection:
        connection.execute(
            f"copy (select * from read_csv('{lines}', header = false, auto_detect = false, columns = {{{types}}})) "
            f"to '{path}' (format parquet)"
        )
    lines.unlink()


def _value(value: Any) -> Any:
    return iso(value) if isinstance(value, datetime) else value.isoformat() if isinstance(value, date) else value


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(_value(value))
