"""Judges every typed load once: gates of ours, then the suite of the stream, then one verdict that nobody overwrites.

The verdict is a create-if-absent object beside the manifest, `raw/<source>/<stream>/_verdicts/<seq>.json`; until it is
there, the load is judged again, so a killed audit simply runs once more. A critical finding rejects the load, a warning
admits it and flags the figure it touches, a load without records is `empty`. Results are counts and booleans; Data Docs
are built from them.
"""

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from expectations import SUITES
from expectations.shared import FILLED_SHARE, for_size
from expectations.thresholds import LIMITS, Limits
from learning_warehouse import data_docs, gates, loads
from learning_warehouse.checkpoints import reach
from learning_warehouse.gates import GateResult, LoadFacts
from learning_warehouse.holdings import held_records
from learning_warehouse.loads import StoredVerdict as Verdict
from learning_warehouse.resets import reset_after
from learning_warehouse.sources import find, streams_of
from learning_warehouse.storage import Storage
from learning_warehouse.streams import Manifest, Receipt, Stream, vendor_of
from learning_warehouse.suite_runner import Check, memory_context, needed_columns, run_suite

if TYPE_CHECKING:
    import pandas as pd
    from great_expectations.data_context import AbstractDataContext

logger = logging.getLogger(__name__)
NOT_ASKED_OF_BACKFILLS = frozenset({"has_rows", "volume_band", "freshness", "no_future"})


class Contexts:
    """One Great Expectations context for all loads of one audit, made when the first load with records needs it."""

    def __init__(self) -> None:
        self._context: AbstractDataContext | None = None

    def get(self) -> "AbstractDataContext":
        if self._context is None:
            self._context = memory_context()
        return self._context


def audit(domain: str, run_id: str, now: datetime, storage: Storage) -> list[Verdict]:
    """Verdicts of this run's loads and of any older load of the domain that had none. `now` is the night, UTC.

    A load that was typed again under another contract is judged again, unless a person has rejected it.
    Each load is judged at its own night, which its receipt knows. Raises nothing for bad data: that is a verdict.
    """
    contexts, verdicts, ran = Contexts(), [], False
    for name in streams_of(domain):
        stream = find(name)
        for receipt in loads.receipts(stream, storage):
            known = loads.verdict(stream, receipt.seq, storage)
            if known is None or (known.contract != stream.contract and not loads.is_rejected_by_hand(known)):
                ran = True
                verdicts.append(_judge(stream, receipt, storage, contexts, 1 if known is None else known.number + 1))
            elif known.run_id == run_id:
                verdicts.append(known)
    if ran or data_docs.is_behind(storage):
        _rebuild_docs(storage, now)
    return verdicts


def _judge(stream: Stream, receipt: Receipt, storage: Storage, contexts: Contexts, number: int) -> Verdict:
    limits = _limits(stream)
    facts, history, is_backfill = _facts_and_history(stream, receipt, storage)
    found: list[GateResult | Check] = [
        result for result in gates.evaluate(facts, history, limits) if not (is_backfill and result.name in NOT_ASKED_OF_BACKFILLS)
    ]
    found.append(_no_plain_columns(stream, receipt, storage))
    if facts.records:
        found += _run_suite(stream, receipt, facts, storage, contexts.get())
    verdict = _verdict(receipt, found, number)
    reach("audit.before_verdict")
    verdict = loads.add_verdict(verdict, stream, storage)
    reach("audit.after_verdict")
    return verdict


def _run_suite(
    stream: Stream, receipt: Receipt, facts: LoadFacts, storage: Storage, context: "AbstractDataContext"
) -> list[GateResult | Check]:
    name, limits = _suite_name(stream), _limits(stream)
    expectations = for_size(SUITES[name](), facts.records)
    frame = batch_frame(_paths(receipt, storage), needed_columns(expectations))
    parameters = {FILLED_SHARE: gates.filled_share(facts.records, limits)}
    result = run_suite(
        context, name, expectations, frame, parameters=parameters, run_name=f"load-{receipt.seq:08d}", run_time=facts.now
    )
    data_docs.keep(storage, f"{stream.source}__{stream.name}", result.document)
    return [gates.evaluated(len(result.checks), len(frame), facts, limits), *result.checks]


def _verdict(receipt: Receipt, found: Sequence[GateResult | Check], number: int) -> Verdict:
    red = [check for check in found if not check.passed]
    severities = {check.severity for check in red}
    severity = next((word for word in ("critical", "warning") if word in severities), None)
    reasons = [{"check": c.name, "severity": c.severity, "sentence": c.sentence, "touches": c.touches} for c in red]
    return Verdict(
        source=receipt.source,
        stream=receipt.stream,
        seq=receipt.seq,
        run_id=receipt.run_id,
        now=receipt.now,
        verdict="rejected" if severity == "critical" else "admitted" if receipt.records else "empty",
        severity=severity,
        reasons=sorted(reasons, key=lambda reason: (reason["severity"] != "critical", reason["check"])),
        checks_total=len(found),
        checks_passed=len(found) - len(red),
        records=receipt.records,
        set_aside=receipt.set_aside,
        contract=receipt.contract,
        number=number,
    )


def _limits(stream: Stream) -> Limits:
    return LIMITS.get(_suite_name(stream), Limits())


def _suite_name(stream: Stream) -> str:
    return f"{vendor_of(stream.source)}__{stream.name}"


def batch_frame(paths: Sequence[str], columns: Sequence[str]) -> "pd.DataFrame":
    """Typed rows and set-aside records of one load in one frame, asked-for columns only; ids as text, times naive UTC.

    A column that the files do not have is left out, so that the suite can say so.
    """
    import duckdb

    with duckdb.connect() as connection:
        relation = connection.from_parquet(list(paths), union_by_name=True)
        known = dict(zip(relation.columns, (str(kind) for kind in relation.types), strict=True))
        chosen = [_column_sql(column, known[column]) for column in columns if column in known]
        return relation.project(", ".join(chosen or ["1 as nothing"])).df()


def _column_sql(column: str, kind: str) -> str:
    as_text = kind == "JSON" or column == "id" or column.endswith("_id")
    return f'"{column}"::varchar as "{column}"' if as_text else f'"{column}"'


def _no_plain_columns(stream: Stream, receipt: Receipt, storage: Storage) -> GateResult:
    import duckdb

    with duckdb.connect() as connection:
        present = set(connection.from_parquet(_paths(receipt, storage), union_by_name=True).columns)
    leaked = sorted({column.name for column in stream.columns if column.personal} & present)
    said = f"columns in clear that must be keyed: {', '.join(leaked)}" if leaked else "person columns are keyed hashes"
    return GateResult("no_plain_person_columns", "critical", not leaked, said, "privacy of every person")


def _paths(receipt: Receipt, storage: Storage) -> list[str]:
    return [storage.local(key) for key in (receipt.parquet_key, receipt.set_aside_parquet_key) if key and storage.exists(key)]


def _facts_and_history(stream: Stream, receipt: Receipt, storage: Storage) -> tuple[LoadFacts, list[LoadFacts], bool]:
    """The load, what it is measured by (admitted loads since the last reset, without backfills), whether it is a backfill."""
    manifests = {manifest.seq: manifest for manifest in loads.manifests(stream, storage)}
    history, since = [], reset_after(stream, storage, before=receipt.seq)
    for earlier in loads.receipts(stream, storage):
        if since < earlier.seq < receipt.seq and not loads.is_backfill(manifests[earlier.seq]):
            verdict = loads.verdict(stream, earlier.seq, storage)
            if verdict is not None and verdict.verdict != "rejected":
                history.append(_facts(earlier, manifests[earlier.seq]))
    manifest = manifests[receipt.seq]
    held = held_records(stream, receipt, storage) if "counted" in manifest.extra else None
    return replace(_facts(receipt, manifest), held=held), history, loads.is_backfill(manifest)


def _facts(receipt: Receipt, manifest: Manifest) -> LoadFacts:
    return LoadFacts(
        mode=manifest.mode,
        now=_utc(receipt.now),
        records=receipt.records,
        typed=receipt.typed,
        set_aside=receipt.set_aside,
        null_counts=receipt.null_counts,
        vendor_total=receipt.vendor_total,
        newest_event_at=_utc(receipt.newest_event_at) if receipt.newest_event_at else None,
        unknown_keys=frozenset(receipt.unknown_keys),
        counted=manifest.extra.get("counted"),
        swept=manifest.extra.get("swept", {}),
        keys=receipt.keys,
    )


def _utc(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _rebuild_docs(storage: Storage, now: datetime) -> None:
    try:
        data_docs.build(storage, now)
    except Exception:
        logger.exception("the verdicts stand, but the Data Docs of this audit could not be built")
