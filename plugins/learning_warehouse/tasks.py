"""Everything the package needs of Airflow: the tasks of a domain, the tasks of the warehouse, retries, pools, set-up.

The only module of the package that imports airflow; dags/ imports one name from here. A task body is one call into the
package plus a few counts for XCom. Every task may run twice: landing is keyed by run id, verdict and admission are
created only if absent, a build starts from a fresh file, and a generation is published by one flip.
"""

import json
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from airflow.sdk import Asset, RetryPolicy, get_current_context, task
from airflow.sdk.definitions.retry_policy import RetryDecision
from airflow.sdk.exceptions import AirflowFailException, AirflowNotFoundException, AirflowSkipException

from learning_warehouse import locks, simulated
from learning_warehouse.errors import CredentialsRefused, LearningWarehouseError, OriginRefused, RetryLater, StopEverything
from learning_warehouse.operations import perform
from learning_warehouse.progress import step
from learning_warehouse.settings import connection_id, settings
from learning_warehouse.sources import find, is_read, streams_of

log = logging.getLogger(__name__)

POOLS = {
    "lms": (1, "Absorb keeps one live token per user, so one stream of an LMS at a time"),
    "hris": (2, "requests to HR systems at the same time"),
    "support": (2, "requests to help desks at the same time"),
    "crm": (4, "requests to CRMs at the same time"),
    "signals": (4, "files of the drop folder read at the same time"),
    "warehouse_writer": (1, "DuckDB has one writer"),
}


class ByErrorClass(RetryPolicy):
    """Retry by what the error asks for: what only a person can change fails at once, RetryLater says when to come back.

    Someone who watches a night in one process does not want to wait for minutes: `in_a_hurry` makes a vendor that used up
    the attempts of our HTTP client, or a layer that did not build, fail at once, and a crash come back after a second.
    """

    in_a_hurry = False
    patience = timedelta(hours=2)

    def evaluate(self, exception: BaseException, try_number: int, max_tries: int, context: Any = None) -> RetryDecision:
        if isinstance(exception, CredentialsRefused | OriginRefused | StopEverything):
            return RetryDecision.fail(str(exception))
        if isinstance(exception, RetryLater):
            wait = max(exception.come_back_at - datetime.now(UTC), timedelta(seconds=1))
            if wait > (timedelta(seconds=10) if self.in_a_hurry else self.patience):
                return RetryDecision.fail(f"{exception} That is {wait} from now, longer than this run waits.")
            return RetryDecision.retry(wait, str(exception))
        if self.in_a_hurry and isinstance(exception, LearningWarehouseError):
            return RetryDecision.fail(str(exception))
        return RetryDecision.retry(timedelta(seconds=1)) if self.in_a_hurry else RetryDecision.default()


RETRIES: dict[str, Any] = {"retries": 3, "retry_delay": timedelta(minutes=5), "retry_policy": ByErrorClass()}


@dataclass(frozen=True)
class Night:
    """The run that a task belongs to. `now` is UTC; `window_start` is set by backfills only."""

    run_id: str
    now: datetime
    window_start: datetime | None = None
    only: str | None = None


class Ingest(NamedTuple):
    """The four steps of one domain, to be chained by the DAG: land >> audit >> admit >> verdict."""

    land: Any
    audit: Any
    admit: Any
    verdict: Any


class Warehouse(NamedTuple):
    """The eight steps of one build, to be chained by the DAG."""

    staging: Any
    intermediate: Any
    core: Any
    studies: Any
    estimate: Any
    marts: Any
    mart_audit: Any
    publish: Any


def ingest(domain: str) -> Ingest:
    """The tasks of one domain. `land` is mapped over its streams; `admit` emits the asset `learning_warehouse.<domain>`."""

    @task(pool=domain, execution_timeout=timedelta(hours=2), map_index_template="{{ task.op_kwargs['stream'] }}", **RETRIES)
    def land(stream: str) -> dict[str, int]:
        return _land(stream, _night())

    @task(trigger_rule="all_done", execution_timeout=timedelta(minutes=30), **RETRIES)
    def audit() -> dict[str, str]:
        return _audit(domain, _night())

    @task(outlets=[Asset(f"learning_warehouse.{domain}")], execution_timeout=timedelta(minutes=30), **RETRIES)
    def admit(*, outlet_events: Any) -> dict[str, int]:
        counts = _admit(domain, _night())
        outlet_events[Asset(f"learning_warehouse.{domain}")].extra = dict(counts)
        return counts

    @task(trigger_rule="all_done", execution_timeout=timedelta(minutes=5), **RETRIES)
    def verdict() -> dict[str, int]:
        return _verdict(domain, _night())

    return Ingest(land.expand(stream=streams_of(domain)), audit(), admit(), verdict())


def warehouse() -> Warehouse:
    """The tasks of one build. `publish` also runs after a failure, to publish pages that say why the old marts stay."""
    common = {"pool": "warehouse_writer", "execution_timeout": timedelta(hours=1), **RETRIES}

    def layer(name: str) -> Any:
        @task(task_id=name, **common)
        def build() -> dict[str, int]:
            return _build(name, _night())

        return build()

    @task(**common)
    def mart_audit() -> dict[str, Any]:
        return _mart_audit(_night())

    @task(trigger_rule="none_skipped", **common)
    def publish(*, ti: Any) -> dict[str, int]:
        return _publish(_night(), ti.xcom_pull(task_ids="mart_audit"))

    layers = {name: layer(name) for name in ("staging", "intermediate", "core", "studies", "estimate", "marts")}
    return Warehouse(**layers, mart_audit=mart_audit(), publish=publish())


def operation() -> Any:
    """One operation of `lw`, as the form of the run asks for it. Fails at once, with what to do, when it cannot be done."""

    @task(execution_timeout=timedelta(hours=2), **RETRIES)
    def operate(*, params: dict[str, Any]) -> None:
        from learning_warehouse import connections

        connections.use(_airflow_connection)
        if code := perform(params):
            raise AirflowFailException(f"{params['operation']} ended with exit code {code}; the lines above say why")

    return operate()


def _land(name: str, night: Night) -> dict[str, int]:
    """Land and type one stream; returns counts of records. Skipped when the source is absent or not asked for."""
    from learning_warehouse.landing import land_and_type
    from learning_warehouse.streams import RunContext

    vendor = find(name).source
    if not is_read(name) or night.only not in (None, vendor):
        raise AirflowSkipException(f"{name} is not part of this night")
    with _working(f"land {name}") as detail:
        if simulated.is_simulated(vendor):
            simulated.prepare(vendor, night.now)
        receipt = land_and_type(name, RunContext(run_id=night.run_id, now=night.now, window_start=night.window_start))
        detail.update(records=receipt.records, set_aside=receipt.set_aside)
    return dict(detail)


def _audit(domain: str, night: Night) -> dict[str, str]:
    """Judge every load of the domain that has no verdict yet; returns `vendor.stream` -> verdict."""
    from learning_warehouse.audit import audit
    from learning_warehouse.storage import storage

    with _working(f"audit {domain}") as detail:
        verdicts = audit(domain, night.run_id, night.now, storage())
        told: dict[str, str] = {f"{verdict.source}.{verdict.stream}": verdict.verdict for verdict in verdicts}
        for word in told.values():
            detail[word] = detail.get(word, 0) + 1
    return told


def _admit(domain: str, night: Night) -> dict[str, int]:
    """Admit what the audit let pass. Skipped, so that no asset is emitted, when every stream of the domain failed."""
    from learning_warehouse.admission import admit
    from learning_warehouse.pages.loads import load_states
    from learning_warehouse.storage import storage

    with _working(f"admit {domain}") as detail:
        results = admit(domain, storage())
        states = [state for state in load_states(night.now) if state.domain == domain]
        good = [state for state in states if state.is_good and state.state != "absent"]
        detail.update(admitted=len(results), streams=len(good), records=sum(state.records or 0 for state in good))
    if not good and domain != "signals":
        raise AirflowSkipException(f"nothing of {domain} was admitted; the last good loads stay in service")
    return dict(detail)


def _verdict(domain: str, night: Night) -> dict[str, int]:
    """Turn the run red with one clear sentence for each stream that was held back or failed; the good ones are in."""
    from learning_warehouse.notifications import causes_of, notify
    from learning_warehouse.pages.loads import load_states
    from learning_warehouse.storage import storage

    asked = [state for state in load_states(night.now) if state.domain == domain and night.only in (None, state.source)]
    bad = [state for state in asked if not state.is_good]
    if night.only is None:
        notify(domain, causes_of(bad), night.now, storage())
    if bad:
        sentences = "; ".join(f"{state.name}: {state.state}, {state.trouble}" for state in bad)
        raise AirflowFailException(
            f"{len(bad)} of {len(asked)} streams of {domain} did not arrive. {sentences}. The last good loads stay in service. "
            f"What to do: docs/runbook.md, section ingest_{domain}. Run {night.run_id}, log {log_path(night.run_id)}"
        )
    return {"streams": len(asked)}


def _build(layer: str, night: Night) -> dict[str, int]:
    """Build one dbt layer, or estimate the studies; returns counts. A failure is kept for the pages and passed on."""
    from learning_warehouse import estimates, transform
    from learning_warehouse.pages.loads import anything_new

    context = get_current_context()
    if layer == "staging" and str(context["dag_run"].run_type) == "scheduled" and not anything_new(night.now):
        raise AirflowSkipException("nothing was admitted since the last generation")
    with _working(f"build {layer}") as detail, _failure_kept():
        if layer == "staging":
            transform.prepare(night.now)
        if layer == "marts":
            estimates.require()
        result = estimates.as_layer() if layer == "estimate" else transform.build_layer(layer)
        detail.update(models=result.models, tests_passed=result.tests_passed)
    return dict(detail)


def _mart_audit(night: Night) -> dict[str, Any]:
    """Check the marts as built; returns the gate (passed, counts, sentences) for `publish`."""
    from dataclasses import asdict

    from learning_warehouse.mart_audit import mart_audit

    with _working("mart audit") as detail, _failure_kept():
        gate = asdict(mart_audit(night.run_id, night.now))
        detail.update(checks_total=gate["checks_total"], checks_passed=gate["checks_passed"])
    return gate


def _publish(night: Night, gate: dict[str, Any] | None) -> dict[str, int]:
    """Publish the next generation. Marts that failed are not shown: the last good ones go under pages that say why."""
    from learning_warehouse import generations
    from learning_warehouse.notifications import causes_of_build, notify
    from learning_warehouse.storage import storage

    told = generations.MartGate(**{**gate, "reasons": tuple(gate["reasons"])}) if gate else _gate_of_failed_build()
    with _working("publish") as detail:
        generation = generations.publish(generations.begin(night.now, night.run_id), told)
        detail.update(generation=generation.number, marts=len(generation.manifest["marts"]))
        if told.passed and simulated.sets_the_clock() and night.only is None:
            simulated.finish_night(settings().home, night.now)
    notify("build_warehouse", causes_of_build(told.reasons), night.now, storage())
    if not told.passed:
        raise AirflowFailException(
            f"the marts of this night are not shown: {'; '.join(told.reasons)}. The last good marts stay in service. "
            f"What to do: docs/runbook.md, section build_warehouse. Run {night.run_id}, log {log_path(night.run_id)}"
        )
    return dict(detail)


@contextmanager
def _failure_kept() -> Iterator[None]:
    """Keep why a step of the build failed, so that the pages can say it; each step forgets older ones before it begins."""
    path = settings().home / "working" / "build_failure.json"
    path.unlink(missing_ok=True)
    try:
        yield
    except Exception as error:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"reason": str(error)}))
        raise


def _gate_of_failed_build() -> Any:
    from learning_warehouse.generations import MartGate

    try:
        reason = json.loads((settings().home / "working" / "build_failure.json").read_text())["reason"]
    except (OSError, ValueError, KeyError):
        reason = "the build stopped before its marts were checked; see the log"
    return MartGate(passed=False, reasons=(reason,))


def _night() -> Night:
    """The night of the running task: its id, its `now`, and for a backfill the start of its window.

    `now` = end of the data interval for a night in one process, a scheduled run of real sources and a backfill; the next
    simulated night while no source is connected; else the time the run was asked for.
    """
    run = get_current_context()["dag_run"]
    conf = run.conf or {}
    kind = str(getattr(run.run_type, "value", run.run_type))
    if "night" in conf:
        return Night(str(conf["night"]), run.data_interval_end.astimezone(UTC), only=conf.get("only"))
    run_id = re.sub(r"[^A-Za-z0-9._-]+", "-", f"{run.dag_id}.{run.run_id}")
    if kind == "backfill":
        return Night(run_id, run.data_interval_end.astimezone(UTC), run.data_interval_start.astimezone(UTC))
    if run.triggering_user_name == "dag_test" and run.data_interval_end:
        return Night(run_id, run.data_interval_end.astimezone(UTC))
    if simulated.sets_the_clock():
        return Night(run_id, simulated.next_night(settings().home))
    moment = (run.data_interval_end if kind == "scheduled" else None) or run.logical_date or run.run_after
    return Night(run_id, moment.astimezone(UTC))


def log_path(run_id: str) -> Path:
    """Where the log of a run is: one file for a night in one process, Airflow's folder for others."""
    own = settings().home / "logs" / f"{run_id}.log"
    return own if run_id.startswith("night-") else settings().home / "logs" / "airflow"


@contextmanager
def _working(name: str) -> Iterator[dict[str, Any]]:
    """One step of ours inside a task: announced, under the lock of the home, with connections from Airflow."""
    from learning_warehouse import connections

    connections.use(_airflow_connection)
    with locks.shared(settings().home), step(name) as detail:
        yield detail


def _airflow_connection(vendor: str) -> dict[str, Any] | None:
    """The connection that Airflow holds for a vendor (environment, secrets backend or its database), or None."""
    from airflow.sdk import Connection

    try:
        held = Connection.get(connection_id(vendor))
    except AirflowNotFoundException:
        return None
    return {"host": held.host, "login": held.login, "password": held.password, "extra": dict(held.extra_dejson)}


def initialize() -> None:
    """Make the embedded metadata database ready: created or migrated once for each version of Airflow; pools every time."""
    from airflow import __version__

    marker = settings().home / "airflow" / f".initialized-{__version__}"
    known = marker.exists() and (settings().home / "airflow" / "airflow.db").exists()
    migrate_and_set_pools(migrate=not known)
    marker.touch()


def migrate_and_set_pools(*, migrate: bool = True) -> None:
    """Bring the configured metadata database to this version of Airflow and set the pools."""
    from airflow.models.pool import Pool
    from airflow.utils.db import initdb

    if migrate:
        initdb()
    for name, (slots, description) in POOLS.items():
        Pool.create_or_update_pool(name, slots, description, False)


def load_dags() -> dict[str, Any]:
    """All DAGs by id. Raises StopEverything with Airflow's own message when a file cannot be imported."""
    from airflow.dag_processing.dagbag import DagBag

    bag = DagBag(dag_folder=str(settings().repository / "dags"))
    if bag.import_errors:
        raise StopEverything(f"a DAG cannot be imported: {bag.import_errors}", what_to_do="correct it, then run again")
    return dict(bag.dags)


def run_dag(dag: Any, now: datetime, conf: dict[str, Any]) -> str:
    """Run one DAG in this process, its tasks one after the other, and return the state of the run: success or failed."""
    ByErrorClass.in_a_hurry = True
    try:
        return str(dag.test(logical_date=now, run_conf=conf).state.value)
    finally:
        ByErrorClass.in_a_hurry = False


def forget_asset_events() -> None:
    """A night in one process has built the warehouse itself: a scheduler started later must not build it once more."""
    from airflow.models.asset import AssetDagRunQueue
    from airflow.utils.session import create_session
    from sqlalchemy import delete

    with create_session() as session:
        session.execute(delete(AssetDagRunQueue).where(AssetDagRunQueue.target_dag_id == "build_warehouse"))
