"""`lw release` and `lw reject`: a person decides about one load, and it is written down who and why.

A decision is one more verdict of the load and outranks the audit's; a later decision outranks it. A rejected load is taken
out of what readers see, and the vendor is asked again from before it; it stays rejected when it is typed again. A release
holds for the rows that were looked at: typed again under another contract, the load is judged again.
"""

from dataclasses import dataclass, replace
from typing import Any, Literal

from learning_warehouse import loads, steps
from learning_warehouse.admission import place_again
from learning_warehouse.errors import ConfigurationError
from learning_warehouse.loads import StoredVerdict
from learning_warehouse.sources import find
from learning_warehouse.storage import Storage, storage
from learning_warehouse.streams import Stream

BY_HAND = "decided_by_hand"
NEVER_RELEASED = frozenset({"no_plain_person_columns", "every_record_counted"})


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided: the verdict before and the one that counts now; the same twice when nothing had to change."""

    before: StoredVerdict
    now: StoredVerdict


def decide(name: str, seq: int | None, word: Literal["admitted", "rejected"], by: str, why: str) -> Decision:
    """Gives one load of `vendor.stream` (the newest without `seq`) a verdict by a person, and puts it in its place.

    Raises ConfigurationError when there is no such load, it was not judged yet, or it must never be released.
    """
    stream, stored = find(name), storage()
    if not by.strip() or not why.strip():
        raise ConfigurationError("A decision needs a name and a reason.", what_to_do='add --by "your name" --why "a few words"')
    with steps.alone("release" if word == "admitted" else "reject"):
        before = _verdict_of(stream, seq, stored)
        if before.verdict == word or (word == "admitted" and before.verdict == "empty"):
            place_again(stored)
            return Decision(before, before)
        if word == "admitted":
            _refuse_what_is_never_released(before, stream)
        told = replace(
            before,
            verdict="empty" if word == "admitted" and not before.records else word,
            severity="warning" if word == "admitted" else "critical",
            reasons=_reasons(before, word, why.strip()),
            contract=stream.contract,
            number=before.number + 1,
            by=by.strip(),
            why=why.strip(),
        )
        decided = loads.add_verdict(told, stream, stored)
        place_again(stored)
        return Decision(before, decided)


def _verdict_of(stream: Stream, seq: int | None, stored: Storage) -> StoredVerdict:
    landed = [manifest.seq for manifest in loads.manifests(stream, stored)]
    if not landed:
        raise ConfigurationError(f"{stream.full_name} has no load yet.", what_to_do=f"lw land {stream.full_name}")
    number = landed[-1] if seq is None else seq
    if number not in landed:
        raise ConfigurationError(f"{stream.full_name} has no load {number}; its loads are {landed[0]} to {landed[-1]}.")
    verdict = loads.verdict(stream, number, stored)
    if verdict is None:
        raise ConfigurationError(f"Load {number} of {stream.full_name} was not judged yet.", what_to_do="lw audit")
    if loads.receipt(stream, number, stored) is None:
        raise ConfigurationError(
            f"Load {number} of {stream.full_name} has no rows under contract {stream.contract}.",
            what_to_do=f"lw replay {stream.full_name}",
        )
    return verdict


def _refuse_what_is_never_released(before: StoredVerdict, stream: Stream) -> None:
    broken = [str(reason["sentence"]) for reason in before.reasons if reason["check"] in NEVER_RELEASED]
    if broken:
        raise ConfigurationError(
            f"Load {before.seq} of {stream.full_name} is not released by anybody: {'; '.join(broken)}.",
            what_to_do=f"correct the declaration of the stream, raise its contract, then lw replay {stream.full_name}",
        )


def _reasons(before: StoredVerdict, word: str, why: str) -> list[dict[str, Any]]:
    """What the audit found, as a warning once it is released, and the decision itself as the first reason."""
    found = [reason for reason in before.reasons if reason["check"] != BY_HAND]
    if word == "rejected":
        return [_reason("critical", f"rejected by hand: {why}"), *found]
    return [_reason("warning", f"released by hand: {why}"), *({**reason, "severity": "warning"} for reason in found)]


def _reason(severity: str, sentence: str) -> dict[str, Any]:
    return {"check": BY_HAND, "severity": severity, "sentence": sentence, "touches": ""}
