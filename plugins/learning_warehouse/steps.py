"""The steps of a night one by one and without Airflow, for a shell: land, audit and admit, build, publish.

Each call takes the lock of the home, as a night does, and has its own run id and its own log, logs/<run id>.log.
"""

import logging
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from typing import Any

from learning_warehouse import airflow_home, locks, simulated
from learning_warehouse.errors import ConfigurationError, LearningWarehouseError, RedactingFilter, StopEverything
from learning_warehouse.settings import settings

log = logging.getLogger(__name__)
LAYERS = ("staging", "intermediate", "core", "studies", "estimate", "marts")
Say = Callable[[str], object]


def land_streams(stream: str | None, only: str | None, say: Say) -> list[Any]:
    """Land and type one stream, one vendor's streams, or all; returns the receipts. Raises after all when one failed."""
    from learning_warehouse.landing import land_and_type
    from learning_warehouse.streams import RunContext

    names = _asked(stream, only)
    receipts, failed = [], []
    with alone("land") as (run_id, now), simulated_world(names, now):
        for name in names:
            try:
                receipts.append(land_and_type(name, RunContext(run_id=run_id, now=now)))
                say(f"  landed  {name}: {receipts[-1].records:,} records, {receipts[-1].set_aside:,} set aside")
            except LearningWarehouseError as error:
                failed.append(error)
                log.error("%s", error)
                say(f"  failed  {error}")
        if failed:
            raise failed[0]
    return receipts


def audit_and_admit(only: str | None) -> list[Any]:
    """Give every typed load without a verdict its verdict, then admit or reject; returns the new verdicts."""
    from learning_warehouse.admission import admit
    from learning_warehouse.audit import audit
    from learning_warehouse.sources import every_source
    from learning_warehouse.storage import storage

    _asked(None, only)
    verdicts = []
    with alone("audit") as (run_id, now):
        for domain in dict.fromkeys(source.domain for source in every_source().values() if only in (None, source.vendor)):
            verdicts += audit(domain, run_id, now, storage())
            admit(domain, storage())
    return verdicts


def build_layers(layer: str | None, say: Say) -> list[Any]:
    """Build one layer on the file as it stands, or all layers into a fresh file; returns one result per layer.

    `estimate` is no dbt layer: it reads the studies and gives the marts their effects.
    """
    from learning_warehouse import estimates, transform
    from learning_warehouse.admission import ensure_empty

    if layer not in (None, *LAYERS):
        raise ConfigurationError(f"There is no layer {layer!r}; layers are {', '.join(LAYERS)}.")
    results = []
    with alone("build") as (_, now):
        ensure_empty()
        if layer in (None, "staging"):
            transform.prepare(now)
        for name in [layer] if layer else LAYERS:
            if name == "marts":
                estimates.require()
            results.append(estimates.as_layer() if name == "estimate" else transform.build_layer(name))
            say(f"  built   {name}: {results[-1].models} models, {results[-1].tests_passed} tests, {results[-1].seconds:.1f} s")
    return results


def publish_generation() -> Any:
    """Check the marts as built and publish them. Raises StopEverything (3) when a check holds them back."""
    from learning_warehouse import generations
    from learning_warehouse.mart_audit import mart_audit

    with alone("publish") as (run_id, now):
        told = mart_audit(run_id, now)
        gate = generations.MartGate(told.passed, told.checks_total, told.checks_passed, tuple(told.reasons))
        generation = generations.publish(generations.begin(now, run_id), gate)
        if not gate.passed:
            raise StopEverything(
                "the marts are not shown: " + "; ".join(gate.reasons), what_to_do="docs/runbook.md, section build_warehouse"
            )
    return generation


def _asked(stream: str | None, only: str | None) -> list[str]:
    from learning_warehouse.sources import every_stream, find_source, is_read

    names = [item.full_name for item in every_stream()]
    if only is not None:
        find_source(only)
    if stream is not None and stream not in names:
        raise ConfigurationError(f"There is no stream {stream!r}; streams are {', '.join(names)}.")
    if stream is not None:
        return [stream]
    return [name for name in names if only in (None, name.partition(".")[0]) and is_read(name)]


@contextmanager
def alone(what: str) -> Iterator[tuple[str, datetime]]:
    """Hold the lock of the home; gives a run id and the moment (UTC) up to which facts count. Raises when another run has it."""
    now = simulated.next_night(settings().home) if simulated.sets_the_clock() else datetime.now(UTC).replace(microsecond=0)
    run_id = f"{what}-{now:%Y-%m-%d}-{secrets.token_hex(3)}"
    airflow_home.prepare_folders(settings().home)
    with locks.alone(settings().home, run_id), _logged(run_id):
        try:
            yield run_id, now
        except LearningWarehouseError as error:
            error.run_id = run_id
            log.error("%s", error)
            raise


@contextmanager
def _logged(run_id: str) -> Iterator[None]:
    """Send what the package logs to the log of this run (mode 0600)."""
    target = os.open(settings().home / "logs" / f"{run_id}.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    ours = logging.getLogger("learning_warehouse")
    level = ours.level
    with os.fdopen(target, "a", encoding="utf-8") as file:
        handler = logging.StreamHandler(file)
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
        handler.addFilter(RedactingFilter())
        ours.addHandler(handler)
        ours.setLevel(settings().log_level)
        try:
            yield
        finally:
            ours.removeHandler(handler)
            ours.setLevel(level)


@contextmanager
def simulated_world(names: list[str], now: datetime) -> Iterator[None]:
    """The sandbox at `now` while simulated vendors are asked: the running one of this home, or one of our own."""
    from learning_warehouse.sandbox import process

    vendors = {name.partition(".")[0] for name in names}
    with ExitStack() as stack:
        if any(simulated.is_simulated(vendor) for vendor in vendors - {"drops"}):
            if not process.is_running(settings()):
                stack.callback(process.stop, process.start(settings(), now))
            simulated.prepare("sandbox", now)
        if "drops" in vendors and simulated.is_simulated("drops"):
            simulated.prepare("drops", now)
        yield
