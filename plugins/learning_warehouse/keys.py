"""Keyed hashes that stand for people.

The secret lives outside the warehouse (settings), is applied while a load is typed, and is never passed to dbt.
"""

import hashlib
import hmac
import unicodedata


def _keyed_hash(secret: bytes, text: str) -> str:
    return hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()[:32]


def identity_key(secret: bytes, namespace: str, natural_id: str) -> str:
    """32 hex characters for one identity of one system, e.g. namespace `absorb.users` and the vendor's user id."""
    return _keyed_hash(secret, f"{namespace}:{natural_id}")


def email_key(secret: bytes, address: str) -> str:
    """32 hex characters for one mailbox; upper and lower case, Unicode forms and a leading `mailto:` give one key."""
    return _keyed_hash(secret, "email:" + unicodedata.normalize("NFC", address.strip()).casefold().removeprefix("mailto:"))


def email_domain(address: str) -> str:
    """The part behind the last @, in lower case; an address without @ gives an empty text."""
    return address.strip().casefold().rpartition("@")[2] if "@" in address else ""
