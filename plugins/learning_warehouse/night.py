"""One whole night in one process: the same DAGs as under the scheduler, run in order by Airflow's own `dag.test`.

One lock for each home, one log file for each night, and a terminal that shows only what the listener prints. A vendor
that fails costs seconds, holds back its own streams, and the night still ends in a generation with pages that say so.
"""

import io
import logging
import os
import secrets
import signal
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO, cast

from learning_warehouse import airflow_home, locks, simulated
from learning_warehouse.errors import ConfigurationError, LearningWarehouseError, RedactingFilter
from learning_warehouse.progress import Event, Listener, listening, step
from learning_warehouse.settings import settings

log = logging.getLogger(__name__)

BAD_NIGHT: list[dict[str, object]] = [
    {"kind": "zendesk_error_body"},
    {"kind": "absorb_null_enrollment_keys", "share": 0.02},
]


@dataclass(frozen=True)
class NightResult:
    """How a night ended. `loads` has one pages.loads.LoadState per stream that was asked; `failures` are sentences.

    `generation` is the one published by this night, None when nothing new was published; `exit_code` as `lw` documents it.
    """

    run_id: str
    now: datetime
    exit_code: int
    loads: list[Any]
    generation: Any | None
    seconds: float
    failures: list[str]
    log: Path
    steps: list[Event] = field(default_factory=list)


@dataclass(frozen=True)
class _Plan:
    """What a night is about to do, and the events of what it did so far."""

    run_id: str
    now: datetime
    only: str | None
    log: Path
    started: float
    steps: list[Event] = field(default_factory=list)

    def errors(self, name: str) -> list[str]:
        """What failed steps with this word in their name said."""
        return [str(event.detail.get("error")) for event in self.steps if event.state == "failed" and name in event.step]


def run_night(now: datetime | None = None, only: str | None = None, on_event: Listener | None = None) -> NightResult:
    """Run one night: land, audit, admit, build, publish. `now` (UTC) defaults to the next simulated night, else to this moment.

    `only` is a vendor: its streams alone are asked, everything is built, and the simulated date stays. `on_event(step, event)`
    is called when a step starts, ends or fails. Raises Locked (75) when another run writes to this home, ConfigurationError (2).
    """
    return _run(now, only, on_event, [])


def run_bad_night(on_event: Listener | None = None) -> NightResult:
    """Run a night in which Zendesk answers 200 with an error body and Absorb sends enrollments without keys."""
    if not (simulated.is_simulated("zendesk") and simulated.is_simulated("absorb")):
        raise ConfigurationError("A bad night needs simulated Zendesk and Absorb; company.yml says otherwise.")
    return _run(None, None, on_event, BAD_NIGHT)


def _run(now: datetime | None, only: str | None, on_event: Listener | None, faults: list[dict[str, object]]) -> NightResult:
    from learning_warehouse.sources import find_source

    if only is not None:
        find_source(only)
    home = settings().home
    airflow_home.prepare_folders(home)
    moment = _moment(now)
    run_id = f"night-{moment:%Y-%m-%d}-{secrets.token_hex(3)}"
    plan = _Plan(run_id, moment, only, home / "logs" / f"{run_id}.log", time.monotonic())

    def watch(name: str, event: Event) -> None:
        plan.steps.append(event)
        if on_event is not None:
            on_event(name, event)

    with ExitStack() as stack:
        stack.enter_context(locks.alone(home, run_id))
        terminal = stack.enter_context(_quiet_terminal(plan.log))
        children: list[Any] = []
        stack.enter_context(_clean_interrupt(terminal, children))
        stack.enter_context(listening(_on_terminal(watch, terminal)))
        world = stack.enter_context(_simulated_world(moment, faults, children)) if simulated.is_simulated() else None
        airflow_home.use(settings())
        dags = _start_airflow()
        if world is not None:
            world.result()
        states = _run_dags(dags, plan)
        airflow_home.close_database(home)
    return _result(plan, states)


def _moment(now: datetime | None) -> datetime:
    if now is not None:
        return now.astimezone(UTC)
    return simulated.next_night(settings().home) if simulated.sets_the_clock() else datetime.now(UTC).replace(microsecond=0)


def _start_airflow() -> dict[str, Any]:
    """Set up the embedded home and parse the DAGs; returns them by id."""
    with step("start Airflow"):
        from learning_warehouse import tasks

        tasks.initialize()
        return tasks.load_dags()


def _run_dags(dags: dict[str, Any], plan: _Plan) -> dict[str, str]:
    """Run the five ingest DAGs and the build; returns the state of each run by DAG id."""
    from learning_warehouse import tasks
    from learning_warehouse.admission import ensure_empty
    from learning_warehouse.sources import DOMAINS, find_source
    from learning_warehouse.storage import storage

    ensure_empty(storage())
    conf = {"night": plan.run_id} | ({"only": plan.only} if plan.only else {})
    domains = [find_source(plan.only).domain] if plan.only else list(DOMAINS)
    states = {}
    for name in [*(f"ingest_{domain}" for domain in domains), "build_warehouse"]:
        states[name] = tasks.run_dag(dags[name], plan.now, conf)
        log.info("%s ended as %s", name, states[name])
    tasks.forget_asset_events()
    return states


def _result(plan: _Plan, states: dict[str, str]) -> NightResult:
    from learning_warehouse.generations import served
    from learning_warehouse.pages.loads import load_states

    loads = [load for load in load_states(plan.now) if plan.only in (None, load.source)]
    failures = [f"{load.name}: {load.state}, {load.trouble}" for load in loads if not load.is_good]
    current = served()
    published = current if current is not None and current.run_id == plan.run_id else None
    built = states.get("build_warehouse") == "success" and published is not None
    if not built:
        reasons = list(published.manifest["gate"]["reasons"]) if published else plan.errors("publish")
        failures += [f"no new marts: {reason}" for reason in reasons or ["the build did not end; see the log"]]
    for name, state in states.items():
        if state != "success" and not failures:
            failures = [f"{name} failed: {'; '.join(plan.errors(name.partition('_')[2])) or 'see the log'}"]
    return NightResult(
        run_id=plan.run_id,
        now=plan.now,
        exit_code=3 if not built else 1 if failures else 0,
        loads=loads,
        generation=published,
        seconds=time.monotonic() - plan.started,
        failures=failures,
        log=plan.log,
        steps=plan.steps,
    )


@contextmanager
def _simulated_world(now: datetime, faults: list[dict[str, object]], children: list[Any]) -> Iterator[Future[None]]:
    """The sandbox at `now`: the one that `make up` runs for this home, else our own for the length of the night.

    It starts beside Airflow; the future tells when it is ready, or raises what went wrong.
    """
    from learning_warehouse.sandbox import process

    def start() -> None:
        with step("start sandbox"):
            if not process.is_running(settings()):
                children.append(process.start(settings(), now))
            for vendor in ("drops", "sandbox"):
                simulated.prepare(vendor, now)
            simulated.set_faults(faults)

    with ThreadPoolExecutor(1) as pool:
        ready = pool.submit(start)
        try:
            yield ready
        finally:
            wait([ready])
            for child in children:
                process.stop(child)
            if not children and faults:
                simulated.set_faults([])


class _LogFile(io.TextIOWrapper):
    """Stands in for sys.stdout while a night runs. A rich console finds the real terminal behind it and goes on drawing."""

    rich_proxied_file: TextIO


@contextmanager
def _quiet_terminal(path: Path) -> Iterator[TextIO]:
    """Send file descriptors 1 and 2 and all logging of this process to `path` (mode 0600); yields the terminal."""
    sys.stdout.flush()
    sys.stderr.flush()
    saved = (os.dup(1), os.dup(2))
    terminal = os.fdopen(os.dup(1), "w", buffering=1, encoding="utf-8", errors="replace")
    target = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    stream = _LogFile(os.fdopen(os.dup(target), "wb", buffering=0), encoding="utf-8", errors="replace", write_through=True)
    stream.rich_proxied_file = terminal
    before = (sys.stdout, sys.stderr)
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    handler.addFilter(RedactingFilter())
    ours = logging.getLogger("learning_warehouse")
    kept = (ours.level, ours.propagate)
    try:
        os.dup2(target, 1)
        os.dup2(target, 2)
        sys.stdout = sys.stderr = cast(TextIO, stream)
        ours.addHandler(handler)
        ours.setLevel(settings().log_level)
        ours.propagate = False
        try:
            yield terminal
        except BaseException as error:
            if isinstance(error, LearningWarehouseError):
                error.run_id = path.stem
            traceback.print_exc(file=stream)
            raise
    finally:
        ours.removeHandler(handler)
        ours.level, ours.propagate = kept
        sys.stdout, sys.stderr = before
        os.dup2(saved[0], 1)
        os.dup2(saved[1], 2)
        for descriptor in (*saved, target):
            os.close(descriptor)


def _on_terminal(listener: Listener, terminal: TextIO) -> Listener:
    """Give the listener the terminal as sys.stdout and sys.stderr for the length of its call."""

    def call(name: str, event: Event) -> None:
        before = (sys.stdout, sys.stderr)
        sys.stdout = sys.stderr = terminal
        try:
            listener(name, event)
        finally:
            sys.stdout, sys.stderr = before

    return call


@contextmanager
def _clean_interrupt(terminal: TextIO, children: list[Any]) -> Iterator[None]:
    """Ctrl-C and SIGTERM end the process at once: Airflow would take the exception for a failed task and go on.

    Nothing needs tidying but the sandbox: what was committed stays, what was not is invisible, the next run converges.
    """

    def leave(number: int, _frame: object) -> None:
        from learning_warehouse.sandbox import process

        for child in children:
            process.stop(child)
        terminal.write("\x1b[?25h" if terminal.isatty() else "")
        terminal.write("\nInterrupted. What was published stays served; the next run converges.\n")
        terminal.flush()
        os._exit(128 + number)

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, leave) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
