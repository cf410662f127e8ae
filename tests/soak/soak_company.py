"""One company of a soak: a home of its own whose vendors are shown by the sandbox that all companies of the soak share.

A night lands every stream it can, tries again what it may, judges and admits, all in this process; what is killed is a
process of its own (one_vendor.py). What happened is counted, never printed.
"""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from soak_faults import Night

from learning_warehouse import admission, audit, connections, gates, loads, simulated
from learning_warehouse.errors import LearningWarehouseError
from learning_warehouse.landing import land, land_and_type
from learning_warehouse.settings import REPOSITORY, reset_settings, settings
from learning_warehouse.sources import DOMAINS, SOURCES, find, present, streams_of
from learning_warehouse.storage import Storage, storage
from learning_warehouse.streams import RunContext
from learning_warehouse.typing_records import type_load

ONE_VENDOR = Path(__file__).with_name("one_vendor.py")
PERSON_KEY = "a fixed key, so that rows repeat"
WAIT = {"first_wait_seconds": 0.01}


@dataclass
class Counts:
    """What happened over all nights, by word."""

    happened: Counter[str] = field(default_factory=Counter)
    own_errors: list[str] = field(default_factory=list)


@dataclass
class Company:
    """A home and the vendors that its company.yml has; its drop folder lies beside the home."""

    home: Path
    vendors: tuple[str, ...]
    size: tuple[int, int, int]
    sandbox: Any
    told: Counts

    def enter(self) -> None:
        """Make this company the one that the package works for."""
        os.environ.update(self.environment())
        reset_settings()

    def environment(self) -> dict[str, str]:
        """What a process that works for this company has in its environment."""
        seed, employees, accounts = self.size
        return {
            "LW_HOME": str(self.home),
            "LW_COMPANY_FILE": str(self.home / "company.yml"),
            "LW_DROP_FOLDER": str(self.home.with_name("drops")),
            "LW_PERSON_KEY_SECRET": PERSON_KEY,
            "LW_SEED": str(seed),
            "LW_EMPLOYEES": str(employees),
            "LW_ACCOUNTS": str(accounts),
            "LW_STORAGE": "",
            **{f"AIRFLOW_CONN_{vendor.upper()}": self._connection(vendor) for vendor in connections.SANDBOX},
        }

    def _connection(self, vendor: str) -> str:
        values = connections.SANDBOX[vendor]
        return json.dumps(values | {"extra": {**values.get("extra", {}), **WAIT, "proxy": self.sandbox.url}})

    def found(self) -> None:
        """Write company.yml, with every vendor simulated that is ours and all others absent."""
        import yaml

        (self.home / "run").mkdir(parents=True)
        content = yaml.safe_load((REPOSITORY / "company.yml").read_text())
        content["sources"] = {vendor: "simulated" if vendor in self.vendors else "absent" for vendor in SOURCES}
        (self.home / "company.yml").write_text(yaml.safe_dump(content))
        place = {"port": self.sandbox.port, "pid": self.sandbox.pid}
        (self.home / "run" / "sandbox.json").write_text(json.dumps(place))

    def streams(self) -> list[str]:
        """`vendor.stream` of everything that this company reads."""
        return [f"{vendor}.{name}" for vendor in SOURCES if vendor in self.vendors for name in SOURCES[vendor].streams]

    def night(self, number: int, now: datetime, plan: Night, with_suites: bool) -> None:
        """One night with the faults of its plan; afterwards the sandbox is well again and the date has moved."""
        self.enter()
        context = RunContext(f"soak-{number:03d}", now)
        self.sandbox.set_faults(plan.faults)
        self._count_faults(plan.faults)
        if plan.killed_vendor:
            self._kill(plan, context)
        failed = self._land(self.streams(), context)
        if plan.heals and failed:
            self.sandbox.set_faults([])
            self.told.happened["streams tried again"] += len(failed)
            self._land(failed, context)
        self.sandbox.set_faults([])
        if plan.backfilled:
            self._backfill(plan, now)
        self._judge(context, set(DOMAINS) if with_suites else plan.domains_for_suites())
        simulated.finish_night(settings().home, now)

    def _count_faults(self, faults: Sequence[dict[str, Any]]) -> None:
        for fault in faults:
            stays = "" if "times" in fault else ", all night"
            word = f"{fault['kind']} {fault['status']}" if "status" in fault else fault["kind"]
            self.told.happened[f"fault: {word}{stays}"] += 1

    def _kill(self, plan: Night, context: RunContext) -> None:
        """One vendor's whole night in a process that is killed on its way; the night that follows goes on after it."""
        arguments = [str(plan.killed_vendor), context.run_id, context.now.isoformat()]
        environment = {**os.environ, "LW_KILL_AT": plan.kill_point}
        ended = subprocess.run(
            [sys.executable, str(ONE_VENDOR), *arguments], env=environment, capture_output=True, text=True, check=False
        )
        if ended.returncode == -9:
            self.told.happened[f"killed: {plan.kill_point.partition(':')[0]}"] += 1
        elif ended.returncode != 0:
            self.told.own_errors.append(f"{' '.join(arguments)}: {ended.stderr[-500:]}")

    def _land(self, names: Sequence[str], context: RunContext) -> list[str]:
        failed = []
        for name in names:
            try:
                receipt = land_and_type(name, context)
                self.told.happened["records set aside"] += receipt.set_aside
            except LearningWarehouseError as error:
                failed.append(name)
                self.told.happened[f"stream stopped: {type(error).__name__}"] += 1
            except Exception as error:
                failed.append(name)
                self.told.own_errors.append(f"{context.run_id} {name}: {type(error).__name__}: {error}")
        return failed

    def _backfill(self, plan: Night, now: datetime) -> None:
        stream = plan.backfilled
        assert stream is not None
        self.told.happened["backfills"] += 1
        until = now - timedelta(days=plan.backfill_days // 2)
        context = RunContext(f"backfill-{now:%Y%m%d}", until, now - timedelta(days=plan.backfill_days))
        self.sandbox.move(until)
        try:
            type_load(land(stream, context, storage()), storage())
        finally:
            self.sandbox.move(now)

    def _judge(self, context: RunContext, by_suites: set[str]) -> None:
        for domain in DOMAINS:
            if any(present(vendor) for vendor in DOMAINS[domain]):
                with_suites = domain in by_suites
                judge = audit.audit if with_suites else judge_by_gates
                for verdict in judge(domain, context.run_id, context.now, storage()):
                    self.told.happened[f"loads {verdict.verdict}"] += 1
                    self.told.happened["loads judged by suites"] += with_suites and verdict.records > 0
                    self.told.happened["records landed"] += verdict.records
                    self._note_reasons(verdict)
                admission.admit(domain, storage())

    def _note_reasons(self, verdict: Any) -> None:
        if verdict.verdict == "rejected":
            for check in sorted({reason["check"] for reason in verdict.reasons if reason["severity"] == "critical"}):
                self.told.happened[f"rejected by: {check}"] += 1


def read_whole(company: Company, home: Path, now: datetime) -> None:
    """Land and type every stream of a company from its beginning in an empty home of its own, without a fault."""
    (home / "run").mkdir(parents=True)
    os.environ["LW_HOME"] = str(home)
    reset_settings()
    try:
        for name in company.streams():
            type_load(land(find(name), RunContext("whole", now), storage()), storage())
    finally:
        company.enter()


def judge_by_gates(domain: str, run_id: str, now: datetime, stored: Storage) -> list[loads.StoredVerdict]:
    """The verdicts of an audit without its suites, which cost most of a night and see the same values every night.

    Suites alone see keys that come twice in one list, so the domain of a fault that doubles rows is judged by them too.
    """
    verdicts = []
    for name in streams_of(domain):
        stream = find(name)
        for receipt in loads.receipts(stream, stored):
            if loads.verdict(stream, receipt.seq, stored) is None:
                facts, history, is_backfill = audit._facts_and_history(stream, receipt, stored)
                found = gates.evaluate(facts, history, audit._limits(stream))
                asked = [gate for gate in found if not (is_backfill and gate.name in audit.NOT_ASKED_OF_BACKFILLS)]
                verdicts.append(loads.add_verdict(audit._verdict(receipt, asked, 1), stream, stored))
    return verdicts
