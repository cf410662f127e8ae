"""The part of `lw doctor` that follows every load from its manifest to what readers see.

A load is closed when its parts are whole, its counts add up from raw to rows, it has a verdict, and it lies where that
verdict says; and nothing lies there that no load explains.
"""

import hashlib
from collections.abc import Iterator

import duckdb

from learning_warehouse import loads
from learning_warehouse.admission import admitted_key
from learning_warehouse.errors import ConfigurationError
from learning_warehouse.examined import Examined
from learning_warehouse.janitor import orphan_parts
from learning_warehouse.landing import MANIFEST_VERSION
from learning_warehouse.replays import waiting
from learning_warehouse.retention import expired
from learning_warehouse.sources import every_stream, refuse_unnamed
from learning_warehouse.storage import Storage
from learning_warehouse.streams import Manifest, Receipt, Stream

SHOWN = 3


def examine_loads(stored: Storage) -> list[Examined]:
    """Tenants, parts, manifests, rows, verdicts, places and leftovers of all loads."""
    return [
        _tenants(stored),
        _parts(stored),
        _manifests(stored),
        _rows(stored),
        _verdicts(stored),
        _places(stored),
        _leftovers(stored),
    ]


def _tenants(stored: Storage) -> Examined:
    """Loads of a tenant that company.yml does not name are seen by no other check."""
    try:
        refuse_unnamed(loads.landed_sources(stored))
    except ConfigurationError as error:
        return Examined("tenants", False, error.message, error.what_to_do or "")
    return Examined("tenants", True, "company.yml names every source that has loads")


def _parts(stored: Storage) -> Examined:
    damaged, parts, manifests = [], 0, 0
    for stream, manifest in _loads(stored):
        manifests += 1
        for part in manifest.parts if manifest.seq not in expired(stream, stored) else ():
            parts += 1
            if not stored.exists(part.key) or hashlib.sha256(stored.read_bytes(part.key)).hexdigest() != part.sha256:
                damaged.append(part.key)
    return _told(
        "raw parts",
        damaged,
        "parts are missing or changed",
        f"{parts:,} parts of {manifests:,} loads equal their hashes",
        "take the parts back from a backup; without one, lw reset STREAM reads everything again",
    )


def _manifests(stored: Storage) -> Examined:
    broken = []
    for stream in every_stream():
        seen = loads.manifests(stream, stored)
        if [manifest.seq for manifest in seen] != list(range(1, len(seen) + 1)):
            broken.append(f"{stream.full_name}: numbers are not 1 to {len(seen)}")
        broken += [f"{stream.full_name} load {one.seq}: {problem}" for one in seen for problem in _contradictions(stream, one)]
    return _told(
        "manifests",
        broken,
        "manifests contradict themselves",
        "every number from the first load on is there, and records add up over the parts",
        "take them back from a backup; they are never changed by us",
    )


def _contradictions(stream: Stream, manifest: Manifest) -> Iterator[str]:
    folder = f"raw/{stream.source}/{stream.name}/parts/seq={loads.number(manifest.seq)}/att={manifest.attempt}/"
    if manifest.version > MANIFEST_VERSION:
        yield f"written by a newer program (version {manifest.version}, we know {MANIFEST_VERSION})"
    if (manifest.source, manifest.stream) != (stream.source, stream.name):
        yield "it belongs to another stream"
    if manifest.parts and sum(part.records for part in manifest.parts) != manifest.records:
        yield "its parts do not hold its records"
    if not all(part.key.startswith(folder) for part in manifest.parts):
        yield "a part lies outside of its folder"
    if manifest.extra.get("after", 0) >= manifest.seq:
        yield "it goes on from a load that came later"


def _rows(stored: Storage) -> Examined:
    broken, typed = [], 0
    with duckdb.connect() as database:
        for stream in every_stream():
            for receipt in loads.receipts(stream, stored):
                typed += 1
                broken += [f"{stream.full_name} load {receipt.seq}: {one}" for one in _miscounts(receipt, stored, database)]
    return _told(
        "typed rows",
        broken,
        "loads do not have the rows that their receipts say",
        f"{typed:,} loads have as many rows as their receipts say",
        "move typed/ and admitted/ of that stream away, then lw replay it",
    )


def _miscounts(receipt: Receipt, stored: Storage, database: duckdb.DuckDBPyConnection) -> Iterator[str]:
    if receipt.typed + receipt.set_aside != receipt.records:
        yield f"{receipt.typed} rows and {receipt.set_aside} set aside are not {receipt.records} records"
    if not receipt.parquet_key:
        return
    try:
        rows = database.execute("select count(*) from read_parquet(?)", [stored.local(receipt.parquet_key)]).fetchall()[0][0]
    except (duckdb.Error, OSError) as error:
        yield f"its rows cannot be read ({type(error).__name__})"
        return
    if rows != receipt.typed:
        yield f"{rows} rows where the receipt says {receipt.typed}"


def _verdicts(stored: Storage) -> Examined:
    untyped = [f"{stream.full_name} load {seq}" for stream in every_stream() for seq in waiting(stream, stored)]
    if untyped:
        stream = untyped[0].partition(" ")[0]
        return _told("verdicts", untyped, "loads are not typed under the current contract", "", f"lw replay {stream}")
    judged = [
        f"{stream.full_name} load {manifest.seq}"
        for stream, manifest in _loads(stored)
        if loads.verdict(stream, manifest.seq, stored) is None
    ]
    return _told("verdicts", judged, "loads have no verdict", "every load was admitted or rejected", "lw audit")


def _places(stored: Storage) -> Examined:
    wrong = []
    for stream in every_stream():
        prefix = admitted_key(stream, 0).rpartition("/")[0]
        there = {int(key.rpartition("/")[2].partition(".")[0]) for key in stored.list(prefix) if key.endswith(".parquet")} - {0}
        shown = set()
        for receipt in loads.receipts(stream, stored):
            verdict = loads.verdict(stream, receipt.seq, stored)
            if verdict is not None and verdict.verdict != "rejected" and receipt.parquet_key:
                shown.add(receipt.seq)
        wrong += [f"{stream.full_name} load {seq} is admitted, and readers miss it" for seq in sorted(shown - there)]
        wrong += [f"{stream.full_name} load {seq} is not admitted, and readers see it" for seq in sorted(there - shown)]
    return _told("places", wrong, "loads lie in the wrong place", "readers see the admitted loads and no others", "lw audit")


def _leftovers(stored: Storage) -> Examined:
    count = sum(1 for _ in orphan_parts(stored))
    return Examined("leftovers", True, f"{count:,} parts of killed tries wait for `lw janitor`" if count else "none")


def _loads(stored: Storage) -> Iterator[tuple[Stream, Manifest]]:
    for stream in every_stream():
        for manifest in loads.manifests(stream, stored):
            yield stream, manifest


def _told(name: str, wrong: list[str], what: str, good: str, what_to_do: str) -> Examined:
    if not wrong:
        return Examined(name, True, good)
    more = f" (and {len(wrong) - SHOWN} more)" if len(wrong) > SHOWN else ""
    return Examined(name, False, f"{len(wrong)} {what}: {'; '.join(wrong[:SHOWN])}{more}", what_to_do)
