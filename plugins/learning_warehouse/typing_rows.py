"""The rows of one load in a DuckDB table `typed`: by the quick way (narrowing.py), or by a closer look (typing_sql.py).

The quick way leaves out what it does not judge; the closer look knows each kind of value and says why one does not fit.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any

import msgspec

from learning_warehouse.keys import email_domain, email_key, identity_key
from learning_warehouse.narrowing import Narrowing
from learning_warehouse.record_checks import RecordChecks
from learning_warehouse.settings import settings
from learning_warehouse.streams import Stream
from learning_warehouse.typing_sql import cells, checked, final_columns, final_joins, identity_value, literal, quoted

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

BATCH = 50_000
CHUNK = 25
NARROWED_BYTES = 16 * 2**20
DOUBT = "doubt"
_JSON = msgspec.json.Encoder()


class _Pair(msgspec.Struct):
    value: str
    key: str
    domain: str


class TypedRows:
    """Fills `typed`, which has the typed load's columns and `_reason` (NULL = fits).

    `records` gives every record of the load in order, as often as it is asked; `stamps` is SQL for the columns that are the
    same in all rows. `unreadable` holds the places and problems of records that no column can be read from.
    """

    def __init__(
        self,
        stream: Stream,
        database: "DuckDBPyConnection",
        records: Callable[[], Iterator[bytes]],
        checks: RecordChecks,
        stamps: str,
    ) -> None:
        self.unreadable: dict[int, str] = {}
        self._stream = stream
        self._database = database
        self._records = records
        self._checks = checks
        self._stamps = stamps
        self._narrowing = Narrowing(stream, settings().person_key())

    def fill(self) -> None:
        """Creates the table and types every record. Raises what `records` raises."""
        columns = {**self._stream.typed_columns(), "_reason": "VARCHAR"}
        declared = ", ".join(f"{quoted(name)} {kind}" for name, kind in columns.items())
        self._database.execute(f"CREATE TABLE typed ({declared})")
        self._type_closely(self._type_quickly() if self._narrowing.fits else None)

    def _type_quickly(self) -> set[int]:
        """Types all records whose values are of the usual kinds. Gives the places of the others, which need a closer look."""
        left: set[int] = set()
        records, first = self._records(), 0
        while batch := list(islice(records, CHUNK)):
            lines, size = [], 0
            while batch:
                places, values = self._sound(first, batch)
                text, odd = self._narrowing.lines(places, values)
                left.update(odd)
                lines.append(text)
                first, size = first + len(batch), size + len(text)
                batch = list(islice(records, CHUNK)) if size < NARROWED_BYTES else []
            with _lent(lines) as path:
                reason = f"CASE WHEN _doubt THEN {literal(DOUBT)} END AS _reason"
                read = f"SELECT * EXCLUDE (_doubt), {self._stamps}, {reason} FROM ({self._narrowing.select(path)})"
                self._database.execute(f"INSERT INTO typed BY NAME {read}")
        doubtful = f"FROM typed WHERE _reason = {literal(DOUBT)}"
        left.update(index for (index,) in self._database.execute(f"SELECT _index {doubtful}").fetchall())
        if left:
            self._database.execute(f"DELETE {doubtful}")
        return left

    def _sound(self, first: int, records: list[bytes]) -> tuple[Sequence[int], list[dict[str, Any]]]:
        """The records that are JSON objects without a problem, decoded, with their places; notes the problem of each other."""
        values = self._checks.sound(records)
        if values is not None:
            return range(first, first + len(records)), values
        places, values = [], []
        for place, record in enumerate(records, first):
            problem = self._checks.problem(record)
            if problem is not None:
                self.unreadable[place] = problem
            else:
                places.append(place)
                values.append(msgspec.json.decode(record))
        return places, values

    def _type_closely(self, wanted: set[int] | None) -> None:
        """Types the records at these places, or with None all that have no problem, by the kind of every value."""
        if wanted is not None and not wanted:
            return
        indexes: list[int] = []
        texts: list[str] = []
        for index, record in enumerate(self._records()):
            if wanted is None and (problem := self._checks.problem(record)) is not None:
                self.unreadable[index] = problem
            elif wanted is None or index in wanted:
                indexes.append(index)
                texts.append(record.decode())
            if len(indexes) >= BATCH:
                self._insert_closely(indexes, texts)
                indexes, texts = [], []
        if indexes:
            self._insert_closely(indexes, texts)

    def _insert_closely(self, indexes: list[int], texts: list[str]) -> None:
        import pandas

        self._database.register("batch", pandas.DataFrame({"_index": indexes, "d": texts}))
        self._database.execute(f"CREATE OR REPLACE TABLE cells AS {cells(self._stream)}")
        self._database.unregister("batch")
        self._database.execute(f"CREATE OR REPLACE TABLE checked AS {checked(self._stream)}")
        self._add_keys()
        rows = f"SELECT {final_columns(self._stream)}, checked._index, {self._stamps}, checked._reason FROM checked"
        self._database.execute(f"INSERT INTO typed BY NAME {rows} {final_joins(self._stream)}")

    def _add_keys(self) -> None:
        secret = settings().person_key()
        if self._stream.identity:
            namespace, value = self._stream.identity, identity_value(self._stream)
            self._pairs("identities", value, lambda text: (text, identity_key(secret, namespace, text), ""))
        for column in self._stream.columns:
            if column.personal == "email":
                key = f"addresses_{column.name}"
                self._pairs(key, quoted(column.name), lambda text: (text, email_key(secret, text), email_domain(text)))

    def _pairs(self, table: str, value: str, keys: Callable[[str], tuple[str, str, str]]) -> None:
        """A table (value, key, domain) of every value that `value` has in `checked`. Parameters would make DuckDB load pandas."""
        found = self._database.execute(f"SELECT DISTINCT {value} FROM checked WHERE {value} IS NOT NULL").fetchall()
        columns = "columns = {'value': 'VARCHAR', 'key': 'VARCHAR', 'domain': 'VARCHAR'}"
        with _lent([_JSON.encode_lines(_Pair(*keys(text)) for (text,) in found)]) as path:
            reading = f"read_json({literal(path)}, format = 'newline_delimited', {columns})"
            self._database.execute(f"CREATE OR REPLACE TABLE {quoted(table)} AS FROM {reading}")


@contextmanager
def _lent(lines: Iterable[bytes]) -> Iterator[str]:
    """The path of a file with these lines for as long as the block lasts. They may hold addresses, so no folder ever shows it."""
    with open(os.memfd_create("lines"), "wb") if hasattr(os, "memfd_create") else TemporaryFile() as file:
        file.writelines(lines)
        file.flush()
        file.seek(0)
        yield f"/dev/fd/{file.fileno()}"
