"""The gates in front of the suites: what Great Expectations cannot see in one batch.

A suite passes on an empty load, on a column that went blank and on yesterday's load sent again. These functions compare
the facts of one load (counts, never values) with the loads admitted before it and with the vendor's own total. They are
pure: no I/O, and no clock but the `now` of the load. A gate that has nothing to judge (no history, no total) gives no
result at all.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from statistics import median

from expectations.thresholds import Limits

SECONDS_A_DAY = 86_400
BLANK_RECORDS, FULL, JUMP = 50, 0.02, 0.3
SHRUNK_CRITICAL, SHRUNK_WARNING, GROWN_CRITICAL, GROWN_WARNING = 0.95, 0.99, 10.0, 1.5
DRIFT_NIGHTS, DRIFTED, NAMED_KEYS = 28, 0.2, 5
FEW = 5
SURGE_WARNING, SURGE_CRITICAL, SURGE_FLOOR = 10.0, 100.0, 1_000


@dataclass(frozen=True, slots=True)
class LoadFacts:
    """One load in counts. `records` landed, `typed` + `set_aside` = records; times are UTC; null_counts per typed column.

    `unknown_keys` are the names of keys that the vendor sent and nobody declared. `counted` is how many records the vendor says
    it has in all, `held` how many different ones we have with this load. `swept` is, by stream, how many keys a sweep knew and
    how many of them are gone from the vendor or back. `keys` is how many different keys a snapshot has, where that is known.
    """

    mode: str
    now: datetime
    records: int
    typed: int
    set_aside: int
    null_counts: dict[str, int] = field(default_factory=dict)
    vendor_total: int | None = None
    newest_event_at: datetime | None = None
    unknown_keys: frozenset[str] = frozenset()
    counted: int | None = None
    held: int | None = None
    swept: dict[str, dict[str, int]] = field(default_factory=dict)
    keys: int | None = None

    @property
    def size(self) -> int:
        """How long a list is: a record that comes twice counts once, so that a doubled list is no measure for the next."""
        return self.records if self.keys is None else self.keys + self.set_aside


@dataclass(frozen=True, slots=True)
class GateResult:
    """What one gate says. severity counts only when passed is False; sentence is plain English without values of records."""

    name: str
    severity: str
    passed: bool
    sentence: str
    touches: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What a gate saw: worst severity or None when all is well, and the sentence for the reader."""

    severity: str | None
    sentence: str


Gate = Callable[[LoadFacts, Sequence[LoadFacts], Limits], Finding | None]


def tolerated_set_aside(records: int, limits: Limits) -> int:
    """How many records of a load may be set aside: the share of the stream, and always one."""
    return max(1, int(records * limits.set_aside_share))


def filled_share(records: int, limits: Limits) -> float:
    """The share of records that must be filled in a required column, so that a tolerated record does not turn a suite red."""
    if records == 0:
        return 1.0
    return max(0.0, 1 - tolerated_set_aside(records, limits) / records - 1e-9)


def evaluate(load: LoadFacts, history: Sequence[LoadFacts], limits: Limits) -> list[GateResult]:
    """All gates that have something to judge, in fixed order; history holds the admitted loads, oldest first."""
    results = []
    for name, gate in GATES.items():
        finding = gate(load, history, limits)
        if finding is not None:
            results.append(
                GateResult(name, finding.severity or "critical", finding.severity is None, finding.sentence, limits.touches)
            )
    return results


def evaluated(expectations: int, rows: int, load: LoadFacts, limits: Limits) -> GateResult:
    """Critical: the suite looked at every record with at least one expectation; an empty suite must not look like a good load."""
    said = f"{expectations} expectations evaluated on {rows:,} of {load.records:,} records"
    return GateResult("expectations_evaluated", "critical", expectations > 0 and rows == load.records, said, limits.touches)


def every_record_counted(load: LoadFacts, history: Sequence[LoadFacts], limits: Limits) -> Finding:
    """Critical: rows and set-aside records add up to what landed."""
    if load.typed + load.set_aside == load.records:
        return Finding(None, f"{load.records:,} records landed; each is a row or set aside")
    return Finding(
        "critical", f"{load.records:,} records landed, but {load.typed:,} rows and {load.set_aside:,} set aside do not add up"
    )


def set_aside_share(load: LoadFacts, history: Sequence[LoadFacts], limits: Limits) -> Finding | None:
    """Critical: too large a share of the load did not fit its types."""
    if load.records == 0:
        return None
    share, allowed = load.set_aside / load.records, tolerated_set_aside(load.records, limits)
    rule = f"allowed {limits.set_aside_share:.1%} or one record"
    said = f"{load.set_aside:,} of {load.records:,} records set aside ({share:.1%}, {rule})"
    return Finding("critical" if load.set_aside > allowed else None, said)


def has_rows(load: LoadFacts, history: Sequence[LoadFacts], limits: Limits) -> Finding | None:
    """Critical: a first load or a snapshot is empty. A later delta may be empty."""
    if history and load.mode != "snapshot":
        return None
    if load.records >= limits.first_minimum:
        return Finding(None, f"{load.records:,} records where at least {limits.first_minimum:,} must be")
    return Finding("critical", f"{load.records:,} records in {_kind(load, history)}; at least {limits.first_minimum:,} must be")


def volume_band(load: LoadFacts, history: Sequence[LoadFacts], limits: Limits) -> Finding | None:
    """A snapshot against the last one; a delta against the usual day, generous because bulk edits are honest."""
    if not history or load.mode == "sweep":
        return None
    return _snapshot_volume(load, history) if load.mode == "snapshot" else _delta_volume(load, history)


def vendor_total(load: LoadFacts, history: Sequence[LoadFacts], limits: Limits) -> Finding | None:
    """Critical: the vendor says it has clearly more than we landed. Warning: clearly fewer."""
    if load.vendor_total is None:
        return None
    missing = load.vendor_total - load.records
    allowed = max(1, int(load.vendor_total * limits.total_tolerance))
    said = f"the vendor says {load.vendor_total:,} records, {load.records:,} landed"
    if missing > allowed:
        return Finding("critical", said)
    return Finding("warning" if -missing > allowed else None, said)


def loaded_total(load: LoadFacts, history: Sequence[LoadFacts], limits: Limits) -> Finding | None:
    """All records that the vendor says it has against all that were ever loaded and are not deleted.

    Critical in a first load, which can be asked for again; later a warning, as this load is not the one that lost them.
    """
    if load.counted is None or load.held is None:
        return None
    missing = load.counted - load.held
    allowed = max(FEW, int(load.counted * limits.total_tolerance))
    said = f"the vendor has {load.counted:,} records in all, {load.held:,} are loaded"
    if missing > allowed:
        return Finding("warning" if history else "critical", said)
    return Finding("warning" if -missing > allowed else None, said)


def shrink_guard(load: LoadFacts, history: Sequence[LoadFacts], limits: Limits) -> Finding | None:
    """Critical: more keys of a stream vanished at once than people delete. Nothing of the sweep counts until somebody says so."""
    if not load.swept:
        return None
    said = [
        f"{counts['gone']:,} of {counts['known']:,} {name}"
        for name, counts in sorted(load.swept.items())
        if counts["gone"] > max(FEW, counts["known"] * limits.gone_share)
    ]
    if said:
        return Finding("critical", f"vanished at once: {', '.join(said)} (allowed {limits.gone_share:.0%} or {FEW})")
    gone = sum(counts["gone"] for counts in load.swept.values())
    return Finding(None, f"{gone:,} of {sum(counts['known'] for counts in load.swept.values()):,} keys are gone")


def freshness(load: LoadFacts, history: Sequence[LoadFacts], limits: Limits) -> Finding | None:
    """Age of the newest event this stream ever brought, against the night of the load."""
    newest = max((f.newest_event_at for f in (*history, load) if f.newest_event_at is not None), default=None)
    if newest is None or (limits.stale_warning is None and limits.stale_critical is None):
        return None
    days = (load.now - newest).total_seconds() / SECONDS_A_DAY
    said = f"newest event {newest:%d %b %Y %H:%M}, {max(days, 0):.1f} days before this night"
    if limits.stale_critical is not None and days > limits.stale_critical:
        return Finding("critical", f"{said} (limit {limits.stale_critical:g})")
    if limits.stale_warning is not None and days > limits.stale_warning:
        return Finding("warning", f"{said} (usual: under {limits.stale_warning:g})")
    return Finding(None, said)


def no_future(load: LoadFacts, history: Sequence[LoadFacts], limits: Limits) -> Finding | None:
    """Warning: an event is dated more than a day after the night; clocks differ by minutes, not by days."""
    if load.newest_event_at is None or limits.may_lie_ahead:
        return None
    ahead = (load.newest_event_at - load.now).total_seconds() / SECONDS_A_DAY
    if ahead > 1:
        return Finding("warning", f"newest event {load.newest_event_at:%d %b %Y} lies {ahead:.0f} days in the future")
    return Finding(None, "no event lies in the future")


def blank_columns(load: LoadFacts, history: Sequence[LoadFacts], limits: Limits) -> Finding | None:
    """Critical: a column that was full is blank in every row. Warning: its share of blanks jumped by 30 points.

    A delta holds other records than the first load (open deals, new tickets), so jumps are judged against deltas only.
    """
    if load.typed < BLANK_RECORDS:
        return None
    ever, alike = _blank_shares(history), _blank_shares(history if load.mode == "snapshot" else history[1:])
    if not ever:
        return None
    shares = {column: blank / load.typed for column, blank in sorted(load.null_counts.items())}
    blank = [column for column, share in shares.items() if share == 1.0 and ever.get(column, 1.0) <= FULL]
    if blank:
        return Finding("critical", f"blank in every row but filled before: {', '.join(blank)}")
    jumped = [
        f"{column} ({share:.0%}, usual {alike[column]:.0%})"
        for column, share in shares.items()
        if share - alike.get(column, 1.0) > JUMP
    ]
    if jumped:
        return Finding("warning", f"far more blanks than before in {', '.join(jumped)}")
    return Finding(None, "no column went blank")


def new_keys(load: LoadFacts, history: Sequence[LoadFacts], limits: Limits) -> Finding | None:
    """Warning: a key came up that nobody declared and no load before had; the vendor added a field or gave one a new name.

    A key that is no plain word is counted and not named, as it may hold content.
    """
    if not history:
        return None
    new = sorted(load.unknown_keys.difference(*(facts.unknown_keys for facts in history)))
    if not new:
        return Finding(None, "no key came up that nobody declared")
    named = [key for key in new if len(key) < 60 and key.isascii() and key.replace("_", "").isalpha()][:NAMED_KEYS]
    others = f"{len(new) - len(named)} others" if len(new) > len(named) else ""
    return Finding("warning", f"keys came up that nobody declared: {', '.join(filter(None, (*named, others)))}")


def _blank_shares(history: Sequence[LoadFacts]) -> dict[str, float]:
    """Column -> share of blanks over these loads; empty while they hold too few rows to say what is usual."""
    rows = sum(facts.typed for facts in history)
    if rows < 4 * BLANK_RECORDS:
        return {}
    columns = set().union(*(facts.null_counts for facts in history))
    return {column: sum(facts.null_counts.get(column, 0) for facts in history) / rows for column in columns}


def _snapshot_volume(load: LoadFacts, history: Sequence[LoadFacts]) -> Finding | None:
    """Against the last list, and against the one of four weeks ago, as steps too small for a night add up."""
    last = history[-1].size
    if last < 20:
        return None
    ratio = load.size / last
    said = f"{load.size:,} records, {last:,} in the last admitted list"
    if ratio < SHRUNK_CRITICAL or ratio > GROWN_CRITICAL:
        return Finding("critical", said)
    earlier = history[-DRIFT_NIGHTS].size if len(history) >= DRIFT_NIGHTS else last
    if abs(load.size - earlier) > DRIFTED * earlier:
        return Finding("warning", f"{load.size:,} records, {earlier:,} in the list of {DRIFT_NIGHTS} loads ago")
    return Finding("warning" if ratio < SHRUNK_WARNING or ratio > GROWN_WARNING else None, said)


def _delta_volume(load: LoadFacts, history: Sequence[LoadFacts]) -> Finding | None:
    first, deltas = history[0].records, _records_a_day(history)
    days = max((load.now - history[-1].now).total_seconds() / SECONDS_A_DAY, 1.0)
    if len(deltas) < 3:
        if load.records > max(SURGE_FLOOR, first / 2):
            return Finding(
                "warning", f"{load.records:,} changes against {first:,} in the first load: nearly everything was sent again"
            )
        return Finding(None, f"{load.records:,} changes against {first:,} in the first load")
    usual = median(deltas[-28:]) * days
    said = f"{load.records:,} changes, usual {usual:,.0f} in {days:.0f} days"
    if load.records > SURGE_FLOOR and load.records > SURGE_CRITICAL * usual:
        return Finding("critical", said)
    if load.records > SURGE_FLOOR and load.records > SURGE_WARNING * usual:
        return Finding("warning", said)
    if load.records == 0 and len(deltas) >= 7 and min(deltas[-7:]) > 20:
        return Finding("warning", f"{said}; not one night of the last seven was this quiet")
    return Finding(None, said)


def _records_a_day(history: Sequence[LoadFacts]) -> list[float]:
    return [
        later.records / max((later.now - earlier.now).total_seconds() / SECONDS_A_DAY, 1.0)
        for earlier, later in pairwise(history)
    ]


def _kind(load: LoadFacts, history: Sequence[LoadFacts]) -> str:
    return "the whole list" if load.mode == "snapshot" else "the first load"


GATES: dict[str, Gate] = {
    "every_record_counted": every_record_counted,
    "set_aside_share": set_aside_share,
    "has_rows": has_rows,
    "volume_band": volume_band,
    "vendor_total": vendor_total,
    "loaded_total": loaded_total,
    "shrink_guard": shrink_guard,
    "freshness": freshness,
    "no_future": no_future,
    "blank_columns": blank_columns,
    "new_keys": new_keys,
}
