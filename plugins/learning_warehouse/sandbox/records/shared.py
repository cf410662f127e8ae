"""Small helpers of all record modules: times as text, stable made-up ids, and who works where at `now`.

A fact is known when its time lies before `now`; a calendar day counts from its midnight UTC.
"""

import hashlib
import uuid
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import lru_cache

from learning_warehouse.simulation.ledger import Employee, Job, Ledger, Spell

_NAMESPACE = uuid.UUID("6f3a51a5-6c64-4d5e-9d4c-0c5b7d1f0a11")
_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


@lru_cache(maxsize=10_000)
def guid(kind: str, key: str) -> str:
    """A stable GUID for something the ledger does not number, e.g. an LMS department."""
    return str(uuid.uuid5(_NAMESPACE, f"{kind}:{key}"))


def salesforce_id(prefix: str, key: str) -> str:
    """A stable 18-character id with a three-character object prefix."""
    number = int.from_bytes(hashlib.sha256(f"{prefix}:{key}".encode()).digest()[:12], "big")
    text = ""
    for _ in range(15):
        number, digit = divmod(number, 62)
        text += _BASE62[digit]
    return prefix + text


def number_from(key: str, below: int) -> int:
    """A stable number in [0, below) made from a text."""
    return zlib.crc32(key.encode()) % below


def midnight(day: date) -> datetime:
    """Midnight UTC at which a calendar day begins."""
    return datetime.combine(day, time(), UTC)


def iso_z(moment: datetime | None) -> str | None:
    """`2026-01-02T03:04:05Z` for a UTC time, with milliseconds only where there are some."""
    if moment is None:
        return None
    return moment.isoformat()[: 23 if moment.microsecond else 19] + "Z"


def known(moment: datetime | None, now: datetime) -> datetime | None:
    """The moment if it lies before now, else nothing."""
    return moment if moment is not None and moment < now else None


def newest(moments: Iterable[datetime | None], now: datetime) -> datetime:
    """The newest known moment. Raises ValueError when none is known."""
    return max(moment for moment in moments if moment is not None and moment < now)


def merges_known(ledger: Ledger, now: datetime) -> dict[str, tuple[str, datetime]]:
    """Accounts that a merge before now ended: account id -> (the account it went into, when)."""
    return {
        account.account_id: (account.merged_into, account.merged_at)
        for account in ledger.accounts
        if account.merged_into and account.merged_at and account.merged_at < now
    }


def name_of_address(address: str) -> tuple[str, str]:
    """First and last name as a mailbox suggests them, e.g. `ann.lee2@x` gives Ann, Lee."""
    words = [word for word in address.partition("@")[0].replace("_", ".").replace("-", ".").split(".") if word]
    words = [word.rstrip("0123456789").capitalize() or word for word in words] or ["User"]
    return words[0], words[-1] if len(words) > 1 else "Account"


@dataclass(frozen=True, slots=True)
class WorkerView:
    """One worker as known at now: spells and jobs begun, ends in the future hidden, and the newest event's time."""

    employee: Employee
    spells: tuple[Spell, ...]
    jobs: tuple[Job, ...]
    is_active: bool
    changed_at: datetime

    @property
    def full_name(self) -> str:
        return f"{self.employee.first_name} {self.employee.last_name}"

    @property
    def job(self) -> Job | None:
        return self.jobs[-1] if self.jobs else None


def workers_at(ledger: Ledger, now: datetime) -> dict[str, WorkerView]:
    """Every worker hired before now by employee id, those deleted from the HRIS included."""
    views = {}
    for employee in ledger.employees:
        spells = tuple(
            spell if spell.terminated is None or midnight(spell.terminated) < now else Spell(spell.hired)
            for spell in sorted(employee.spells, key=lambda spell: spell.hired)
            if midnight(spell.hired) < now
        )
        if not spells:
            continue
        jobs = tuple(job for job in sorted(employee.jobs, key=lambda job: job.start) if midnight(job.start) < now)
        moments = [midnight(spell.hired) for spell in spells]
        moments += [midnight(spell.terminated) for spell in spells if spell.terminated]
        moments += [midnight(job.start) for job in jobs]
        views[employee.employee_id] = WorkerView(employee, spells, jobs, spells[-1].terminated is None, max(moments))
    return views
