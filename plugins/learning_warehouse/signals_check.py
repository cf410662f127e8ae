"""Checks one file before it is dropped: the same reader and the same typing as at night, and the word lists and bounds too."""

import glob
from dataclasses import dataclass
from pathlib import Path

import msgspec

from learning_warehouse.errors import ConfigurationError
from learning_warehouse.line_checks import BadLine, judge
from learning_warehouse.sources import SOURCES
from learning_warehouse.sources.signals.drop_files import READERS, DropFile, csv_cells, own_columns
from learning_warehouse.streams import Stream


@dataclass(frozen=True, slots=True)
class FileCheck:
    """What a check of one file found; `good` counts the lines without any complaint."""

    stream: str
    good: int
    bad: tuple[BadLine, ...]


def check_file(path: Path, stream_name: str | None = None) -> FileCheck:
    """Reads a whole file as the night would. Raises ConfigurationError when file or stream are not known to us."""
    if path.suffix not in READERS:
        raise ConfigurationError(f"{path.name} is of a kind we do not read; we read {', '.join(READERS)}.")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be read: {error.strerror}.") from None
    stream = _known(stream_name) if stream_name else _guessed(path, content)
    file = DropFile(path, content, tuple(column.name for column in own_columns(stream)))
    numbers: list[int] = []
    found: dict[int, BadLine] = {}
    for line, bad in judge(stream, file):
        numbers.append(line)
        if bad:
            found[line] = bad
    return FileCheck(stream.name, len(numbers) - len(found), tuple(found[line] for line in sorted(found)))


def _known(name: str) -> Stream:
    streams = SOURCES["drops"].streams
    if name.removeprefix("drops.") not in streams:
        raise ConfigurationError(f"There is no stream {name!r}; `lw signals list` lists them.")
    return streams[name.removeprefix("drops.")]


def _guessed(path: Path, content: bytes) -> Stream:
    """By the folder, the beginning of the file's name, or its header."""
    streams = SOURCES["drops"].streams
    for name in (path.absolute().parent.name, path.name.partition(".")[0]):
        if name in streams:
            return streams[name]
    header = set(_names(path, content))
    nearest = max(streams.values(), key=lambda stream: _likeness(stream, header))
    declared = {column.name for column in own_columns(nearest)}
    if header == declared or (path.suffix == ".jsonl" and header and header <= declared):
        return nearest
    problem = f"{path.name} does not say which stream it is for, and its names fit none."
    if header & declared:
        lacks, more = ", ".join(sorted(declared - header)), ", ".join(sorted(header - declared))
        problem += f" Nearest is {nearest.name}: lacking {lacks or 'nothing'}, not declared {more or 'nothing'}."
    raise ConfigurationError(problem, what_to_do="Say --stream NAME, or put the file into a folder of that name.")


def _likeness(stream: Stream, header: set[str]) -> float:
    declared = {column.name for column in own_columns(stream)}
    return len(declared & header) / len(declared | header)


def _names(path: Path, content: bytes) -> list[str]:
    first = next((line for line in content.removeprefix(b"\xef\xbb\xbf").splitlines() if line.strip()), b"")
    if path.suffix == ".csv":
        return csv_cells(first)[0]
    if path.suffix == ".parquet":
        import duckdb

        with duckdb.connect() as database:
            try:
                return list(database.read_parquet(glob.escape(str(path)), hive_partitioning=False).columns)
            except duckdb.Error:
                return []
    try:
        return list(msgspec.json.decode(first, type=dict))
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return []
