"""`lw erase`: everything about a person out of raw, typed, quarantine and what readers see, with a proof.

First the entry of the erasure list, so that nothing comes in again; then each raw load that names the person is written
once more without it, as a further manifest of the same load that wins, and typed again; then everything is searched for
the person's keys. What was published before goes with the next publish. Killed at any moment, `lw erase --resume` goes on;
after a backup was taken back it applies the whole list again.
"""

import hashlib
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import msgspec
import zstandard

from learning_warehouse import loads, steps
from learning_warehouse.admission import admit
from learning_warehouse.checkpoints import reach
from learning_warehouse.erase_search import Proof, prove
from learning_warehouse.erasures import Eraser, Erasure, at_path, entry_key, eraser, erasures, id_text, identity_of, proof_key
from learning_warehouse.errors import ConfigurationError
from learning_warehouse.janitor import orphan_parts
from learning_warehouse.keys import email_key, identity_key
from learning_warehouse.landing import PART_BYTES, ZSTD_LEVEL
from learning_warehouse.settings import settings
from learning_warehouse.sources import DOMAINS, every_stream, refuse_unnamed
from learning_warehouse.storage import Storage, storage
from learning_warehouse.streams import Manifest, Part, Stream
from learning_warehouse.typing_records import RECORD_STARTS, raw_lines, type_load


@dataclass(frozen=True, slots=True)
class Found:
    """Who would be erased: `identities` as namespace:id (given, or found by a mailbox of their own) and all keyed hashes."""

    identities: list[str]
    keys: list[str]
    shared_mailboxes: int


def find_person(names: list[str], stored: Storage) -> Found:
    """The identities of a person: those given as `vendor.stream:id`, and those with the same mailbox, unless it is shared.

    Raises ConfigurationError on a name that is no identity or that raw has no record of, and when raw holds a tenant that
    company.yml does not name.
    """
    refuse_unnamed(loads.landed_sources(stored))
    secret = settings().person_key()
    given = {_identity(name) for name in names}
    boxes = _mailboxes(stored)
    unknown = sorted(f"{namespace}:{number}" for namespace, number in given - boxes.keys())
    if unknown:
        raise ConfigurationError(
            f"Raw has no record of {', '.join(unknown)}.", what_to_do="see the id in the vendor's own system"
        )
    owners: dict[str, set[tuple[str, str]]] = {}
    for identity, addresses in boxes.items():
        for address in addresses:
            owners.setdefault(address, set()).add(identity)
    own = {address for identity in given for address in boxes[identity]}
    shared = {address for address in own if len({namespace for namespace, _ in owners[address]}) < len(owners[address])}
    everybody = given | {identity for address in own - shared for identity in owners[address]}
    addresses = {address for identity in everybody for address in boxes[identity]} - shared
    keys = {identity_key(secret, namespace, number) for namespace, number in everybody} | addresses
    return Found(sorted(f"{namespace}:{number}" for namespace, number in everybody), sorted(keys), len(shared))


def enter(found: Found, by: str, why: str, stored: Storage) -> Erasure:
    """Puts the person on the list; from here on nothing about them lands."""
    from learning_warehouse.warehouse.folders import complete_numbers

    at = loads.as_text(datetime.now(UTC).replace(microsecond=0))
    told = Erasure(len(erasures(stored)) + 1, found.keys, by, why, at, max(complete_numbers(), default=0))
    stored.create_if_absent(entry_key(told.number), msgspec.json.encode(told))
    reach("erase.entered")
    return told


def erase(names: list[str], by: str, why: str) -> tuple[Found, Proof]:
    """Finds the person, enters them on the list and carries it through. Raises ConfigurationError on wrong names."""
    stored = storage()
    if not by.strip() or not why.strip():
        raise ConfigurationError("An erasure needs a name and a reason.", what_to_do='add --by "your name" --why "a few words"')
    with steps.alone("erase"):
        found = find_person(names, stored)
        enter(found, by, why, stored)
        return found, carry_through(stored)


def resume() -> Proof:
    """Applies the whole list to everything that is stored; returns the proof."""
    with steps.alone("erase"):
        return carry_through(storage())


def carry_through(stored: Storage) -> Proof:
    """Rewrites what names an erased person, types it again and searches for what is left."""
    refuse_unnamed(loads.landed_sources(stored))
    for stream in every_stream():
        own = eraser(stream, stored)
        for manifest in loads.manifests(stream, stored) if own else ():
            if own is not None:
                _rewrite(stream, manifest, own, stored)
    for key in list(orphan_parts(stored)):
        stored.remove(key)
    reach("erase.rewritten")
    for stream in every_stream():
        for manifest in loads.manifests(stream, stored):
            if "erased" in manifest.extra:
                type_load(manifest, stored)
    for domain in DOMAINS:
        admit(domain, stored)
    for path in (settings().home / "working").glob("**/*.duckdb*"):
        path.unlink(missing_ok=True)
    proof = prove(stored)
    for entry in erasures(stored) if proof.is_clean else ():
        stored.create_if_absent(proof_key(entry.number), msgspec.json.encode(proof))
    return proof


def _rewrite(stream: Stream, manifest: Manifest, own: Eraser, stored: Storage) -> None:
    """A further manifest of one load, without what the list forbids; nothing when the load holds none of it."""
    kept: list[bytes] = []
    dropped = changed = 0
    for line in raw_lines(manifest, stored) if all(stored.exists(part.key) for part in manifest.parts) else ():
        start = line.index(RECORD_STARTS) + len(RECORD_STARTS)
        record = own.apply(line[start:-1])
        if record is None:
            dropped += 1
            continue
        changed += record != line[start:-1]
        kept.append(line[:start] + record + b"}\n")
    if not dropped and not changed:
        return
    attempt = uuid.uuid4().hex
    told: dict[str, Any] = {
        **manifest.extra,
        "erased": int(manifest.extra.get("erased", 0)) + dropped,
        "was": [*manifest.extra.get("was", []), *(part.sha256 for part in manifest.parts)],
    }
    total = None if manifest.vendor_total is None else manifest.vendor_total - dropped
    parts = list(_write(stream, manifest.seq, attempt, kept, stored))
    loads.add_manifest(replace(manifest, attempt=attempt, records=len(kept), parts=parts, vendor_total=total, extra=told), stored)
    reach("erase.after_manifest")


def _write(stream: Stream, seq: int, attempt: str, lines: list[bytes], stored: Storage) -> Iterator[Part]:
    folder = f"raw/{stream.source}/{stream.name}/parts/seq={loads.number(seq)}/att={attempt}"
    batch: list[bytes] = []
    size = index = 0
    for position, line in enumerate(lines):
        batch.append(line)
        size += len(line)
        if size >= PART_BYTES or position == len(lines) - 1:
            packed = zstandard.ZstdCompressor(level=ZSTD_LEVEL, write_checksum=True).compress(b"".join(batch))
            key = f"{folder}/part-{index:05d}.ndjson.zst"
            stored.write_bytes(key, packed)
            yield Part(key, len(batch), size, hashlib.sha256(packed).hexdigest())
            batch, size, index = [], 0, index + 1


def _identity(name: str) -> tuple[str, str]:
    namespace, _, number = name.partition(":")
    known = [stream.identity for stream in every_stream() if stream.identity]
    if namespace not in known or not number:
        raise ConfigurationError(
            f"{name!r} is not VENDOR.STREAM:ID of a person; people are in {', '.join(dict.fromkeys(known))}."
        )
    return namespace, number


def _mailboxes(stored: Storage) -> dict[tuple[str, str], set[str]]:
    """Every identity that raw has a record of, and the keyed hashes of the addresses it ever had."""
    secret, found = settings().person_key(), dict[tuple[str, str], set[str]]()
    for stream in every_stream():
        paths = [column.json_path for column in stream.columns if column.personal]
        for manifest in loads.manifests(stream, stored) if stream.identity else ():
            for value in _values(manifest, stored):
                if (number := identity_of(stream, value)) is None:
                    continue
                boxes = found.setdefault((str(stream.identity), number), set())
                boxes |= {email_key(secret, text) for path in paths if (text := id_text(at_path(value, path)))}
    return found


def _values(manifest: Manifest, stored: Storage) -> Iterator[dict[str, Any]]:
    for line in raw_lines(manifest, stored) if all(stored.exists(part.key) for part in manifest.parts) else ():
        try:
            value = msgspec.json.decode(line[line.index(RECORD_STARTS) + len(RECORD_STARTS) : -1])
        except (ValueError, msgspec.MsgspecError, RecursionError):
            continue
        if isinstance(value, dict):
            yield value
