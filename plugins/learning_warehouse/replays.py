"""`lw replay`: every landed load of a stream typed again under its current contract version, without one call to a vendor.

A contract is raised in the declaration of the stream (`contract=2`). Raw parts are read, the new rows lie under v=2 beside
the old ones, the audit judges them anew and admission links them. A replay that was killed goes on where it stopped.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from time import monotonic

from learning_warehouse import loads, steps
from learning_warehouse.errors import StopEverything
from learning_warehouse.retention import expired
from learning_warehouse.sources import every_stream, find, find_source
from learning_warehouse.storage import Storage, storage
from learning_warehouse.streams import Stream
from learning_warehouse.typing_records import type_load

Say = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Replayed:
    """One stream after its replay. `loads` were typed by this call; records, typed and set aside are theirs; time in seconds.

    `changed` names the loads whose verdict is now another one: (load, verdict before, verdict now).
    """

    stream: str
    contract: int
    loads: int
    records: int
    typed: int
    set_aside: int
    seconds: float
    changed: tuple[tuple[int, str, str], ...] = ()


def asked_streams(name: str) -> list[Stream]:
    """The streams that `vendor` or `vendor.stream` means. Raises ConfigurationError when there is none."""
    if "." in name:
        return [find(name)]
    return list(find_source(name).streams.values())


def waiting(stream: Stream, storage: Storage) -> list[int]:
    """The landed loads that have no rows under the stream's current contract."""
    seqs = {manifest.seq for manifest in loads.manifests(stream, storage)}
    return sorted(seqs - {receipt.seq for receipt in loads.receipts(stream, storage)})


def replay(name: str, say: Say) -> list[Replayed]:
    """Types, judges and admits all loads of `vendor` or `vendor.stream` that the current contract has no rows of.

    Raises DamagedLoad when a raw part is damaged, StopEverything when raw parts were removed by retention.
    """
    from learning_warehouse.admission import admit
    from learning_warehouse.audit import audit

    streams, stored, results = asked_streams(name), storage(), []
    with steps.alone("replay") as (run_id, now):
        for stream in streams:
            _refuse_expired(stream, stored)
            before = _verdicts(stream, stored)
            typed = _type_all(stream, stored, say)
            results.append((stream, before, typed))
        for domain in dict.fromkeys(stream.domain for stream in streams):
            audit(domain, run_id, now, stored)
            admit(domain, stored)
        return [_with_changes(typed, before, _verdicts(stream, stored)) for stream, before, typed in results]


def require_current(storage: Storage) -> None:
    """Raises StopEverything when readers would miss admitted loads because their stream has a newer contract."""
    for stream in every_stream():
        if stream.contract > 1 and (missing := waiting(stream, storage)):
            raise StopEverything(
                f"{len(missing)} loads of {stream.full_name} are not typed under contract {stream.contract}.",
                what_to_do=f"lw replay {stream.full_name}",
            )


def _refuse_expired(stream: Stream, stored: Storage) -> None:
    gone = sorted(set(waiting(stream, stored)) & expired(stream, stored))
    if gone:
        raise StopEverything(
            f"the raw parts of {len(gone)} loads of {stream.full_name} are past retention, so they cannot be typed again.",
            what_to_do=f"lw reset {stream.full_name} reads everything from the vendor once more",
        )


def _type_all(stream: Stream, stored: Storage, say: Say) -> Replayed:
    missing, started = set(waiting(stream, stored)), monotonic()
    receipts = [type_load(one, stored) for one in loads.manifests(stream, stored) if one.seq in missing]
    records, seconds = sum(one.records for one in receipts), monotonic() - started
    if receipts:
        say(f"  typed   {stream.full_name}: {len(receipts)} loads, {records:,} records in {seconds:.1f} s")
    return Replayed(
        stream.full_name,
        stream.contract,
        len(receipts),
        records,
        sum(one.typed for one in receipts),
        sum(one.set_aside for one in receipts),
        seconds,
    )


def _verdicts(stream: Stream, stored: Storage) -> dict[int, str]:
    told = {manifest.seq: loads.verdict(stream, manifest.seq, stored) for manifest in loads.manifests(stream, stored)}
    return {seq: verdict.verdict if verdict else "not audited" for seq, verdict in told.items()}


def _with_changes(done: Replayed, before: dict[int, str], after: dict[int, str]) -> Replayed:
    return replace(done, changed=tuple((seq, word, after[seq]) for seq, word in before.items() if after[seq] != word))
