"""The erasure list: people of whom nothing may be kept, as keyed hashes only, and what that means for one record.

An entry is one object that nobody overwrites, erasures/0001.json, applied to every record before it lands. A record about
such a person is dropped and counted; in a record about somebody else the person's id or address becomes null. The hashes
are made with the secret of the person keys, so whoever changes that secret enters the list anew.
"""

from dataclasses import dataclass
from typing import Any

import msgspec

from learning_warehouse.errors import StopEverything
from learning_warehouse.keys import email_key, identity_key
from learning_warehouse.person_references import mentions, subjects, told_id
from learning_warehouse.settings import settings
from learning_warehouse.storage import Storage
from learning_warehouse.streams import Stream

FOLDER = "erasures"


@dataclass(frozen=True, slots=True)
class Erasure:
    """One entry. `generation` is the newest one that was published before it; `at` is wall clock and only told."""

    number: int
    keys: list[str]
    by: str
    why: str
    at: str
    generation: int


def erasures(storage: Storage) -> list[Erasure]:
    """All entries, oldest first."""
    keys = [key for key in storage.list(FOLDER) if key.endswith(".json") and key.count(".") == 1]
    return [msgspec.json.decode(storage.read_bytes(key), type=Erasure) for key in keys]


def entry_key(number: int) -> str:
    return f"{FOLDER}/{number:04d}.json"


def proof_key(number: int) -> str:
    return f"{FOLDER}/{number:04d}.proof.json"


def unproved(storage: Storage) -> list[int]:
    """The entries that were not carried through yet."""
    return [one.number for one in erasures(storage) if not storage.exists(proof_key(one.number))]


def require_proof(storage: Storage) -> None:
    """Raises StopEverything while an erasure was begun and not carried through; nothing may be built in between."""
    if waiting := unproved(storage):
        raise StopEverything(f"erasure {waiting[0]} was interrupted.", what_to_do="lw erase --resume")


def last_generation_before(storage: Storage) -> int:
    """The newest generation that may still show somebody who was erased; 0 when nobody was."""
    return max((one.generation for one in erasures(storage)), default=0)


def eraser(stream: Stream, storage: Storage) -> "Eraser | None":
    """What applies the list to the records of a stream; None while nobody was erased."""
    keys = frozenset(key for one in erasures(storage) for key in one.keys)
    return Eraser(stream, keys, settings().person_key()) if keys else None


class Eraser:
    """Applies a set of keyed hashes to the raw records of one stream."""

    def __init__(self, stream: Stream, keys: frozenset[str], secret: bytes) -> None:
        self._keys = keys
        self._secret = secret
        self._subjects, self._mentions = subjects(stream), mentions(stream)
        self._stream = stream
        self._addresses = [column.json_path for column in stream.columns if column.personal]
        self._required = {column.json_path.rpartition(".")[2] for column in stream.columns if column.required}
        self._known: dict[tuple[str, str], bool] = {}

    def apply(self, record: bytes) -> bytes | None:
        """The record as it may be kept: its own bytes, or without mentions, or None when it is about an erased person.

        A record that is no JSON object is kept as it is; typing sets it aside.
        """
        try:
            value = msgspec.json.decode(record)
        except (ValueError, msgspec.MsgspecError, RecursionError):
            return record
        if not isinstance(value, dict):
            return record
        if self._is_about(value):
            return None
        blanked: set[str] = set()
        cleaned = self._without_mentions(value, blanked)
        if blanked & self._required:
            return None
        return msgspec.json.encode(cleaned) if blanked else record

    def _is_about(self, value: dict[str, Any]) -> bool:
        identity = identity_of(self._stream, value)
        if identity and self._matches(self._stream.identity or "", identity):
            return True
        if any(self._is_address(at_path(value, path)) for path in self._addresses):
            return True
        return any(self._has(at_path(value, key), namespaces) for key, namespaces in self._subjects.items())

    def _without_mentions(self, value: Any, blanked: set[str], name: str = "") -> Any:
        if isinstance(value, dict):
            if name in self._mentions and self._has(value.get("id"), self._mentions[name]):
                blanked.add(name)
                return None
            return {key: self._without_mentions(item, blanked, key) for key, item in value.items()}
        if isinstance(value, list):
            kept = [item for item in value if not self._is_mention(item, name)]
            if len(kept) < len(value):
                blanked.add(name)
            return [self._without_mentions(item, blanked, name) for item in kept]
        if self._is_mention(value, name):
            blanked.add(name)
            return None
        return value

    def _is_mention(self, value: Any, name: str) -> bool:
        return self._is_address(value) or (name in self._mentions and self._has(value, self._mentions[name]))

    def _is_address(self, value: Any) -> bool:
        return isinstance(value, str) and "@" in value and len(value) < 400 and self._matches("email", value)

    def _has(self, value: Any, namespaces: tuple[str, ...]) -> bool:
        text = id_text(value)
        told = [(namespace, told_id(self._stream, namespace, text)) for namespace in namespaces] if text is not None else []
        return any(self._matches(namespace, own) for namespace, own in told if own is not None)

    def _matches(self, namespace: str, text: str) -> bool:
        if (namespace, text) not in self._known:
            key = email_key(self._secret, text) if namespace == "email" else identity_key(self._secret, namespace, text)
            self._known[namespace, text] = key in self._keys
        return self._known[namespace, text]


def identity_of(stream: Stream, value: dict[str, Any]) -> str | None:
    """The id of the person a record is or tells of, as typing hashes it; None in streams without people."""
    if not stream.identity:
        return None
    names = stream.identity_columns or stream.primary_key[:1]
    texts = [id_text(at_path(value, stream.column(name).json_path)) for name in names]
    return " ".join(text for text in texts if text is not None) or None


def at_path(value: Any, path: str) -> Any:
    """What stands at a dotted path, None when nothing does."""
    for name in path.split("."):
        if not isinstance(value, dict):
            return None
        value = value.get(name)
    return value


def id_text(value: Any) -> str | None:
    """An id as typing writes it: 7 and "7" are the same id."""
    if isinstance(value, bool) or value is None or isinstance(value, dict | list):
        return None
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
