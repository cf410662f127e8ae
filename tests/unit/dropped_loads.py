"""Loads of the stream drops.checkins, landed from real files, for the tests of what an operator does to loads."""

from datetime import UTC, datetime, timedelta
from typing import Any

import duckdb

from learning_warehouse import admission, loads
from learning_warehouse.landing import land_and_type
from learning_warehouse.settings import settings
from learning_warehouse.sources import find
from learning_warehouse.storage import Storage
from learning_warehouse.streams import Receipt, RunContext

NIGHT = datetime(2026, 12, 1, 1, tzinfo=UTC)
NAME = "drops.checkins"
HEADER = "checkin_id,employee_id,week_start,manager_asked,used_learning,confidence,answered_at"


def drop(name: str, *ids: str, confidence: str = "4") -> None:
    """One file with one good line for each id."""
    folder = settings().drop_folder / "checkins"
    folder.mkdir(parents=True, exist_ok=True)
    lines = [f"{one},E-1,2026-11-23,yes,no,{confidence},2026-11-27T10:00:00Z" for one in ids]
    (folder / name).write_text("\n".join([HEADER, *lines]) + "\n")


def land(night: int = 0) -> Receipt:
    """The load of one night."""
    return land_and_type(NAME, RunContext(f"night-{night}", NIGHT + timedelta(days=night)))


def judge(receipt: Receipt, stored: Storage, verdict: Any = "admitted", checks: tuple[str, ...] = ()) -> None:
    """A verdict as the audit would store it, and the load in its place."""
    found = [{"check": check, "severity": "critical", "sentence": f"{check} is red", "touches": "all"} for check in checks]
    severity = "critical" if found else None
    told = loads.StoredVerdict(
        "drops", "checkins", receipt.seq, receipt.run_id, receipt.now, verdict, severity, found, 1, 1, receipt.records, 0
    )
    loads.add_verdict(told, find(NAME), stored)
    if verdict == "rejected":
        admission.admit("signals", stored)
    else:
        stored.link(receipt.parquet_key, admission.admitted_key(find(NAME), receipt.seq))


def night(number: int, stored: Storage, *ids: str, verdict: Any = "admitted", checks: tuple[str, ...] = ()) -> Receipt:
    """Drops a file of that night, lands and judges it."""
    drop(f"{number}.csv", *ids)
    receipt = land(number)
    judge(receipt, stored, verdict, checks)
    return receipt


def seen(stored: Storage) -> list[str]:
    """The ids that readers see under the current contract, with their repeats."""
    folder = admission.admitted_key(find(NAME), 0).rpartition("/")[0]
    if not stored.list(folder):
        return []
    rows = duckdb.sql(f"select checkin_id from read_parquet('{stored.path(folder)}/*.parquet', union_by_name=true) order by 1")
    return [row[0] for row in rows.fetchall()]
