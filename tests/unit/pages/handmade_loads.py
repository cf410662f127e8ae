"""Manifests, receipts, verdicts and failures as landing and audit leave them, written by hand for the pages."""

from datetime import datetime, timedelta
from typing import Any

import msgspec

from learning_warehouse.loads import Failure, StoredVerdict, failure_key, manifest_key, receipt_key, verdict_key
from learning_warehouse.sources import every_stream, find
from learning_warehouse.storage import Storage
from learning_warehouse.streams import Manifest, Receipt


def write_load(stored: Storage, source: str, stream: str, now: datetime, *, seq: int = 1, **changes: Any) -> None:
    """One whole load of one stream; `changes` replace fields of its three objects."""
    definition = find(f"{source}.{stream}")
    common = {
        "source": source,
        "stream": stream,
        "seq": seq,
        "run_id": f"night-{now:%Y%m%d}",
        "now": now.isoformat(),
        "records": 1000,
    }
    manifest = common | {
        "version": 1, "attempt": "a", "mode": definition.mode,
        "window_from": (now - timedelta(days=1)).isoformat(), "window_to": now.isoformat(),
        "cursor_in": None, "next_cursor": None, "high_water": None, "pages": 4, "requests": 5, "retries": 0,
        "vendor_total": 1000, "parts": [],
        "contract": 1, "started_at": now.isoformat(), "ended_at": now.isoformat(),
    }  # fmt: skip
    receipt = common | {
        "typed": 1000, "set_aside": 0, "set_aside_reasons": {}, "unknown_keys": {}, "null_counts": {},
        "vendor_total": 1000, "contract": 1,
        "newest_event_at": (now - timedelta(minutes=8)).isoformat(), "parquet_key": "", "set_aside_parquet_key": "",
    }  # fmt: skip
    verdict = common | {
        "verdict": "admitted",
        "severity": None,
        "reasons": [],
        "checks_total": 12,
        "checks_passed": 12,
        "set_aside": 0,
    }
    for key, shape, item in (
        (manifest_key(source, stream, seq), Manifest, manifest),
        (receipt_key(definition, seq), Receipt, receipt),
        (verdict_key(source, stream, seq), StoredVerdict, verdict),
    ):
        values = item | {name: value for name, value in changes.items() if name in item}
        stored.write_bytes(
            key, msgspec.json.encode(shape(**{name: values[name] for name in shape.__dataclass_fields__ if name in values}))
        )


def write_failure(stored: Storage, source: str, stream: str, now: datetime, reason: str) -> None:
    """The vendor gave nothing on this night."""
    run_id = f"night-{now:%Y%m%d}"
    failure = Failure(source, stream, run_id, reason, "StopStream", now.isoformat(), now.isoformat())
    stored.write_bytes(failure_key(source, stream, run_id), msgspec.json.encode(failure))


def write_good_night(stored: Storage, now: datetime, *, seq: int = 1, without: tuple[str, ...] = ()) -> None:
    """Every stream of every source arrived and passed, except those that never came."""
    for stream in every_stream():
        if stream.full_name not in without:
            write_load(stored, stream.source, stream.name, now, seq=seq)
