"""`lw backfill SOURCE --from --to`: ask a vendor again for a past interval, beside the nights and without moving a cursor.

The interval is part of the run's id, so a backfill that was killed goes on with the streams it has not landed, and asking
for the same interval once more lands nothing; `again` raises its revision. What lands merges by key and version.
Full lists and drop folders have no past interval to ask for and are left out.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from learning_warehouse import loads, steps
from learning_warehouse.errors import ConfigurationError, LearningWarehouseError
from learning_warehouse.replays import asked_streams
from learning_warehouse.sources import is_exported, is_read
from learning_warehouse.storage import Storage, storage
from learning_warehouse.streams import Receipt, RunContext, Stream

Say = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Backfilled:
    """What one backfill left: its run id, the receipts of its loads, their verdicts, the streams it does not apply to."""

    run_id: str
    receipts: list[Receipt]
    verdicts: list[Any]
    left_out: list[str]


def backfill(name: str, start: datetime, end: datetime, again: bool, say: Say) -> Backfilled:
    """Lands, types, judges and admits [start, end) of `vendor` or `vendor.stream`; naive times are UTC.

    Raises ConfigurationError on a wrong name or interval; raises the first failure after all streams were tried.
    """
    begin, until = _utc(start), _utc(end)
    streams = asked_streams(name)
    asked = [stream for stream in streams if is_read(stream.full_name) and has_a_past(stream)]
    if begin >= until:
        raise ConfigurationError(f"--from {_day(begin)} is not before --to {_day(until)}.")
    if not asked:
        raise ConfigurationError(
            f"{name} has no stream with a past to ask for.",
            what_to_do="full lists are read whole every night, files of a drop folder are read again after `lw reset`",
        )
    stored = storage()
    with steps.alone("backfill") as (_, now):
        if until > now:
            raise ConfigurationError(f"--to {_day(until)} is later than {_day(now)}, up to which facts count.")
        run_id = _run_id(asked, stored, begin, until, again)
        receipts = _land(asked, RunContext(run_id, until, begin), now, say)
        verdicts = _judge_and_admit(asked, run_id, now, stored)
    left_out = [stream.full_name for stream in streams if stream not in asked and is_read(stream.full_name)]
    return Backfilled(run_id, receipts, verdicts, left_out)


def has_a_past(stream: Stream) -> bool:
    """Whether a stream can be asked for a past interval: it sends changes, over an API."""
    return stream.mode not in ("snapshot", "sweep") and stream.source != "drops" and not is_exported(stream.source)


def _run_id(streams: list[Stream], stored: Storage, begin: datetime, until: datetime, again: bool) -> str:
    prefix = f"backfill-{begin:%Y%m%dT%H%M%S}-{until:%Y%m%dT%H%M%S}."
    known = {one.run_id for stream in streams for one in loads.manifests(stream, stored) if one.run_id.startswith(prefix)}
    revision = max((int(run_id.removeprefix(prefix)) for run_id in known), default=1)
    return f"{prefix}{revision + 1 if again and known else revision}"


def _land(streams: list[Stream], context: RunContext, now: datetime, say: Say) -> list[Receipt]:
    from learning_warehouse.landing import land_and_type

    receipts, failed = [], []
    with steps.simulated_world([stream.full_name for stream in streams], context.now):
        for stream in streams:
            try:
                receipts.append(land_and_type(stream.full_name, context))
                say(f"  landed  {stream.full_name}: {receipts[-1].records:,} records, {receipts[-1].set_aside:,} set aside")
            except LearningWarehouseError as error:
                failed.append(error)
                steps.log.error("%s", error)
                say(f"  failed  {error}")
    if failed:
        raise failed[0]
    return receipts


def _judge_and_admit(streams: list[Stream], run_id: str, now: datetime, stored: Storage) -> list[Any]:
    from learning_warehouse.admission import admit
    from learning_warehouse.audit import audit

    verdicts = []
    for domain in dict.fromkeys(stream.domain for stream in streams):
        verdicts += [verdict for verdict in audit(domain, run_id, now, stored) if verdict.run_id == run_id]
        admit(domain, stored)
    return verdicts


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _day(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
