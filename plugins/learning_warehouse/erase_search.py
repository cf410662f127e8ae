"""The proof of an erasure: everything that is stored, searched for the keyed hashes of the list."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass

import duckdb
import msgspec

from learning_warehouse import loads
from learning_warehouse.erasures import Eraser, eraser, erasures
from learning_warehouse.generations import showing_erased_people
from learning_warehouse.settings import settings
from learning_warehouse.sources import every_stream
from learning_warehouse.storage import Storage
from learning_warehouse.streams import Stream
from learning_warehouse.typing_records import RECORD_STARTS, raw_lines

ZONES = ("typed", "admitted", "rejected")


@dataclass(frozen=True, slots=True)
class Proof:
    """What was searched and what was found; zero findings in the first three zones is a clean erasure.

    `own_files` are files of a drop folder that still name the person: they are yours, and we do not write into them.
    `generations` were published before the erasure and go with the next publish.
    """

    entries: int
    raw_records: int
    raw_found: int
    row_files: int
    rows_found: int
    quarantined: int
    quarantine_found: int
    own_files: list[str]
    generations: list[int]

    @property
    def is_clean(self) -> bool:
        """Whether nothing is left in raw, rows and quarantine."""
        return not (self.raw_found or self.rows_found or self.quarantine_found)

    def lines(self) -> list[str]:
        """The proof as sentences."""
        told = [
            f"RAW         {self.raw_records:,} records searched, {self.raw_found:,} name an erased person",
            f"ROWS        {self.row_files:,} files searched, {self.rows_found:,} rows carry their key",
            f"QUARANTINE  {self.quarantined:,} records searched, {self.quarantine_found:,} name them",
        ]
        if self.own_files:
            told.append(f"YOUR FILES  {', '.join(self.own_files)}: take their lines out yourself; they are not read in again")
        if self.generations:
            numbers = ", ".join(str(number) for number in self.generations)
            told.append(f"PUBLISHED   generations {numbers} show them until the next publish: lw build, then lw publish")
        return told


def prove(stored: Storage) -> Proof:
    """Searches everything that is stored for everybody on the list."""
    keys = sorted({key for one in erasures(stored) for key in one.keys})
    raw_records = raw_found = quarantined = quarantine_found = 0
    for stream in every_stream():
        if (own := eraser(stream, stored)) is None:
            continue
        for record in kept_records(stream, stored):
            raw_records += 1
            raw_found += own.apply(record) != record
        for record in _quarantined(stream, stored):
            quarantined += 1
            quarantine_found += own.apply(record) != record
    files = [key for zone in ZONES for key in stored.list(zone) if key.endswith(".parquet")]
    return Proof(
        len(erasures(stored)),
        raw_records,
        raw_found,
        len(files),
        _rows_with(keys, files, stored),
        quarantined,
        quarantine_found,
        list(_own_files(stored)),
        showing_erased_people(),
    )


def kept_records(stream: Stream, stored: Storage) -> Iterator[bytes]:
    """The raw records of a stream, as they count now."""
    for manifest in loads.manifests(stream, stored):
        if all(stored.exists(part.key) for part in manifest.parts):
            for line in raw_lines(manifest, stored):
                yield line[line.index(RECORD_STARTS) + len(RECORD_STARTS) : -1]


def _quarantined(stream: Stream, stored: Storage) -> Iterator[bytes]:
    for key in stored.list(f"quarantine/{stream.source}/{stream.name}"):
        for line in stored.read_bytes(key).splitlines():
            yield msgspec.json.encode(msgspec.json.decode(line)["record"])


def _rows_with(keys: list[str], files: list[str], stored: Storage) -> int:
    """Rows whose identity or address key is on the list."""
    found = 0
    with duckdb.connect() as database:
        database.execute("create table keys as select unnest(?::varchar[]) as key", [keys])
        for key in files:
            relation = database.from_parquet(stored.local(key), hive_partitioning=False)
            columns = [name for name in relation.columns if name.endswith("_key")]
            if columns:
                test = " or ".join(f'"{name}" in (select key from keys)' for name in columns)
                found += relation.filter(test).count("*").fetchall()[0][0]
    return found


def _own_files(stored: Storage) -> Iterator[str]:
    for stream in every_stream():
        own = eraser(stream, stored) if stream.source == "drops" else None
        if own is None:
            continue
        for path in sorted((settings().drop_folder / stream.name).glob("*.csv")):
            if _names_somebody(path.read_text(encoding="utf-8", errors="replace"), own):
                yield f"{stream.name}/{path.name}"


def _names_somebody(text: str, own: Eraser) -> bool:
    records = (
        msgspec.json.encode({str(name): value for name, value in row.items()}) for row in csv.DictReader(text.splitlines())
    )
    return any(own.apply(record) != record for record in records)
