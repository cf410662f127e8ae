"""Judges every typed load once: gates of ours, then the suite of the stream, then one verdict that nobody can change.

The verdict is a create-if-absent object beside the manifest, `raw/<source>/<stream>/_verdicts/<seq>.json`; until it is there, the load is
judged again, so a killed audit simply runs once more. A critical finding rejects the load, a warning admits it and flags
the figure it touches, a load without records is `empty`. Results are counts and booleans; Data Docs are built from them.
"""

import json
import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from expectations import SUITES
from expectations.shared import FILLED_SHARE, columns_read
from expectations.thresholds import LIMITS, Limits
from learning_warehouse import data_docs, gates
from learning_warehouse.checkpoints import reach
from learning_warehouse.gates import GateResult, LoadFacts
from learning_warehouse.sources import find, streams_of
from learning_warehouse.storage import Storage
from learning_warehouse.streams import Stream
from learning_warehouse.suite_runner import Check, memory_context, run_suite

if TYPE_CHECKING:
    import pandas as pd
    from great_expectations.data_context import AbstractDataContext

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one load. verdict: admitted | rejected | empty; severity: worst finding; reasons: what was red."""

    source: str
    stream: str
    seq: int
    run_id: str
    now: str
    verdict: str
    severity: str | None
    reasons: list[dict[str, str]]
    checks_total: int
    checks_passed: int
    records: int
    set_aside: int


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

    Each load is judged at its own night, which its receipt knows. Raises nothing for bad data: that is a verdict.
    """
    contexts, verdicts, ran = Contexts(), [], False
    for name in streams_of(domain):
        stream = find(name)
        for seq, receipt in _receipts(stream, storage):
            known = _read(storage, _verdict_key(stream, seq))
            if known is None:
                ran = True
                verdicts.append(_judge(stream, seq, receipt, storage, contexts))
            elif known["run_id"] == run_id:
                verdicts.append(Verdict(**known))
    if ran or data_docs.is_behind(storage):
        _rebuild_docs(storage, now)
    return verdicts


def _judge(stream: Stream, seq: int, receipt: dict[str, Any], storage: Storage, contexts: Contexts) -> Verdict:
    suite_name = f"{stream.source}__{stream.name}"
    limits = LIMITS.get(suite_name, Limits())
    load = _facts(receipt, _manifest(stream, seq, storage))
    found: list[GateResult | Check] = list(gates.evaluate(load, _history(stream, seq, storage), limits))
    found.append(_no_plain_columns(stream, receipt, storage))
    if load.records:
        found += _run_suite(suite_name, stream, seq, receipt, load, limits, storage, contexts)
    verdict = _verdict(stream, seq, receipt, load, found)
    reach("audit.before_verdict")
    storage.create_if_absent(_verdict_key(stream, seq), json.dumps(asdict(verdict), indent=1, sort_keys=True).encode())
    reach("audit.after_verdict")
    return Verdict(**json.loads(storage.read_bytes(_verdict_key(stream, seq))))


def _run_suite(
    suite_name: str, stream: Stream, seq: int, receipt: dict[str, Any], load: LoadFacts, limits: Limits, storage: Storage, contexts: Contexts
) -> list[GateResult | Check]:
    context = contexts.get()
    expectations = SUITES[suite_name]()
    frame = batch_frame(_paths(receipt, storage), needed_columns(expectations))
    parameters = {FILLED_SHARE: gates.filled_share(load.records, limits)}
    result = run_suite(context, suite_name, expectations, frame, parameters, f"load-{seq:08d}", load.now)
    data_docs.keep(storage, suite_name, result.document)
    evaluated = len(result.checks)
    said = f"{evaluated} expectations evaluated on {len(frame):,} records"
    at_least_one = GateResult("expectations_evaluated", "critical", evaluated > 0 and len(frame) == load.records, said, limits.touches)
    return [at_least_one, *result.checks]


def _verdict(
    stream: Stream, seq: int, receipt: dict[str, Any], load: LoadFacts, found: Sequence[GateResult | Check]
) -> Verdict:
    red = [check for check in found if not check.passed]
    severities = {check.severity for check in red}
    severity = next((word for word in ("critical", "warning") if word in severities), None)
    word = "rejected" if severity == "critical" else "admitted" if load.records else "empty"
    reasons = [{"check": c.name, "severity": c.severity, "sentence": c.sentence, "touches": c.touches} for c in red]
    return Verdict(
        source=stream.source,
        stream=stream.name,
        seq=seq,
        run_id=receipt["run_id"],
        now=receipt["now"],
        verdict=word,
        severity=severity,
        reasons=sorted(reasons, key=lambda reason: (reason["severity"] != "critical", reason["check"])),
        checks_total=len(found),
        checks_passed=len(found) - len(red),
        records=load.records,
        set_aside=load.set_aside,
    )


def needed_columns(expectations: Sequence[Any]) -> list[str]:
    """The columns a suite looks at, and no others: what a suite does not ask for is never loaded into memory."""
    columns: set[str] = set()
    for expectation in expectations:
        columns |= columns_read(expectation) | set(getattr(expectation, "column_set", None) or [])
    return sorted(columns)


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


def _no_plain_columns(stream: Stream, receipt: dict[str, Any], storage: Storage) -> GateResult:
    import duckdb

    personal = {column.name for column in stream.columns if column.personal}
    with duckdb.connect() as connection:
        present = set(connection.from_parquet(_paths(receipt, storage), union_by_name=True).columns)
    leaked = sorted(personal & present)
    said = f"columns in clear that must be keyed: {', '.join(leaked)}" if leaked else "person columns are keyed hashes"
    return GateResult("no_plain_person_columns", "critical", not leaked, said, "privacy of every person")


def _paths(receipt: dict[str, Any], storage: Storage) -> list[str]:
    keys = [receipt["parquet_key"], receipt.get("set_aside_parquet_key")]
    return [storage.path(key) for key in keys if key and storage.exists(key)]


def _facts(receipt: dict[str, Any], manifest: dict[str, Any]) -> LoadFacts:
    newest = receipt.get("newest_event_at")
    total = receipt.get("vendor_total")
    return LoadFacts(
        mode=manifest.get("mode", ""),
        now=_utc(receipt["now"]),
        records=int(receipt["records"]),
        typed=int(receipt["typed"]),
        set_aside=int(receipt["set_aside"]),
        null_counts=dict(receipt.get("null_counts") or {}),
        vendor_total=None if total is None else int(total),
        newest_event_at=_utc(newest) if newest else None,
    )


def _history(stream: Stream, seq: int, storage: Storage) -> list[LoadFacts]:
    earlier = [(number, receipt) for number, receipt in _receipts(stream, storage) if number < seq]
    admitted = []
    for number, receipt in earlier:
        known = _read(storage, _verdict_key(stream, number))
        if known is not None and known["verdict"] != "rejected":
            admitted.append(_facts(receipt, _manifest(stream, number, storage)))
    return admitted


def _receipts(stream: Stream, storage: Storage) -> list[tuple[int, dict[str, Any]]]:
    prefix = f"typed/{stream.source}/{stream.name}/v={stream.contract}/_receipts/"
    keys = [key for key in storage.list(prefix) if key.endswith(".json")]
    return [(int(key.rsplit("/", 1)[1].removesuffix(".json")), json.loads(storage.read_bytes(key))) for key in keys]


def _manifest(stream: Stream, seq: int, storage: Storage) -> dict[str, Any]:
    return _read(storage, f"raw/{stream.source}/{stream.name}/_manifests/{seq:08d}.json") or {}


def _verdict_key(stream: Stream, seq: int) -> str:
    return f"raw/{stream.source}/{stream.name}/_verdicts/{seq:08d}.json"


def _read(storage: Storage, key: str) -> dict[str, Any] | None:
    return json.loads(storage.read_bytes(key)) if storage.exists(key) else None


def _utc(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _rebuild_docs(storage: Storage, now: datetime) -> None:
    try:
        data_docs.build(storage, now)
    except Exception:
        logger.exception("the verdicts stand, but the Data Docs of this audit could not be built")
