"""Ids and times as 360Learning writes them, and the row of which its lists are made."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any

from learning_warehouse.simulation.ledger import Enrollment


@lru_cache(maxsize=200_000)
def object_id(kind: str, key: str, made: datetime) -> str:
    """24 hex characters that stand for something of the ledger; the first eight are the second in which it was made."""
    return f"{int(made.timestamp()):08x}" + sha256(f"learning360:{kind}:{key}".encode()).hexdigest()[:16]


def moment(when: datetime | None) -> str | None:
    """`2026-01-02T03:04:05.000Z`; the vendor's clock has whole seconds."""
    return when.strftime("%Y-%m-%dT%H:%M:%S.000Z") if when else None


@dataclass(frozen=True, slots=True)
class Row:
    """One record to be: what its list can be filtered by, and how to write it."""

    id: str
    write: Callable[[], dict[str, Any]]
    values: dict[str, Any] = field(default_factory=dict)


def external_id(platform: str, kind: str, target_id: str, value: str, made: datetime) -> Row:
    """One id that another system has for a user or a course."""
    values = {"platform": platform, "targetId": target_id, "value": value}
    record = {"_id": object_id("external id", f"{platform}/{target_id}", made), "targetType": kind, **values}
    return Row(record["_id"], lambda: record, {**values, "type": kind})


def certificate_id(fact: Enrollment) -> str:
    """The id of the certificate that an enrollment ended with."""
    return object_id("certificate", str(fact.certificate_id), fact.completed_at or fact.added_at)
