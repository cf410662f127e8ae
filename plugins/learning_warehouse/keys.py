"""Keyed hashes that stand for people.

The secret lives outside the warehouse (settings), is applied while a load is typed, and is never passed to dbt.
"""

import hashlib
import unicodedata
from functools import lru_cache
from typing import Any

BLOCK = 64


@lru_cache(maxsize=4)
def _halves(secret: bytes) -> tuple[Any, Any]:
    """The two hashes of HMAC-SHA256 (RFC 2104) as the secret starts them: a copy is half as dear as a new HMAC."""
    key = (hashlib.sha256(secret).digest() if len(secret) > BLOCK else secret).ljust(BLOCK, b"\0")
    return hashlib.sha256(bytes(byte ^ 0x36 for byte in key)), hashlib.sha256(bytes(byte ^ 0x5C for byte in key))


def _keyed_hash(secret: bytes, text: str) -> str:
    """HMAC-SHA256, cut to 32 hex characters."""
    first, second = _halves(secret)
    inner, outer = first.copy(), second.copy()
    inner.update(text.encode())
    outer.update(inner.digest())
    return str(outer.hexdigest()[:32])


def identity_key(secret: bytes, namespace: str, natural_id: str) -> str:
    """32 hex characters for one identity of one system, e.g. namespace `absorb.users` and the vendor's user id."""
    return _keyed_hash(secret, f"{namespace}:{natural_id}")


def email_key(secret: bytes, address: str) -> str:
    """32 hex characters for one mailbox; upper and lower case, Unicode forms and a leading `mailto:` give one key."""
    return _keyed_hash(secret, "email:" + unicodedata.normalize("NFC", address.strip()).casefold().removeprefix("mailto:"))


def email_domain(address: str) -> str:
    """The part behind the last @, in lower case; an address without @ gives an empty text."""
    return address.strip().casefold().rpartition("@")[2] if "@" in address else ""
