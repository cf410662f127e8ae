"""A learning record store by night, with faults on: every statement that the ledger knows arrives once, late uploads too."""

import hashlib
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from zlib import crc32

import duckdb
import msgspec
import pytest
from nights import naive, night

from learning_warehouse import loads
from learning_warehouse.errors import BadAnswer, OriginRefused
from learning_warehouse.keys import email_key, identity_key
from learning_warehouse.landing import land, land_and_type
from learning_warehouse.sources.lms.xapi import STATEMENTS
from learning_warehouse.streams import RunContext

FIRST = datetime(2026, 12, 1, 1, tzinfo=UTC)
SWITCHED_ON = datetime(2026, 1, 5, tzinfo=UTC)
KEY = b"a-fixed-key-so-that-hashes-repeat"
HOME = "https://lms.halden.example"
VERBS = "http://adlnet.gov/expapi/verbs/"
COLUMNS = (
    "identity_key, actor_mbox_key, actor_account_name, verb_id, object_id, registration, happened_at, stored, completion, "
    "success, round(score_raw, 6), duration, interactions"
)


@cache
def keys(kind, value):
    """identity_key, mail key and account name of an actor."""
    if kind == "account":
        return identity_key(KEY, "xapi.actors", f"{HOME} {value}"), None, value
    if kind == "mail":
        return identity_key(KEY, "xapi.actors", f"mailto:{value}"), email_key(KEY, value), None
    return identity_key(KEY, "xapi.actors", hashlib.sha1(f"mailto:{value}".encode()).hexdigest()), None, None


def told(actor, verb, code, registration, happened, stored, *result):
    row = (*actor, VERBS + verb, f"{HOME}/courses/{code}", registration, naive(happened), naive(stored))
    return (*row, *(result or (None,) * 5))


def course_rows(company):
    codes = {course.course_id: course.code for course in company.courses}
    learners = {learner.user_id: learner for learner in company.learners}
    for fact in company.enrollments:
        learner, code, number = learners[fact.user_id], codes[fact.course_id], fact.enrollment_id
        actor = keys("account", learner.external_id) if learner.external_id else keys("mail", learner.email)
        started, ended, second = fact.started_at, fact.completed_at, timedelta(seconds=2)
        if started and started >= SWITCHED_ON:
            yield told(actor, "initialized", code, number, started, started + second)
        if ended and ended >= SWITCHED_ON:
            verb = "completed" if fact.score is None else "passed" if fact.passed else "failed"
            score = None if fact.score is None else round(fact.score, 6)
            result = (True, fact.passed, score, f"PT{fact.minutes:g}M", None)
            yield told(actor, verb, code, number, ended, ended + second, *result)


def sitting_rows(company):
    """Without their registrations, which the ledger does not know."""
    mails = {worker.employee_id: worker.work_email for worker in company.employees}
    for fact in company.learning_sessions:
        if fact.system == "lms":
            kind = {"mobile": "mail", "offline_sync": "hash"}.get(fact.device, "account")
            actor = keys(kind, fact.employee_id if kind == "account" else mails[fact.employee_id])
            stored = fact.ended_at + timedelta(seconds=2)
            if fact.device == "offline_sync":
                days = 3 + crc32(fact.session_id.encode()) % 21
                stored = datetime.combine(fact.ended_at.date() + timedelta(days=days), time(0, 55), UTC)
            hours, rest = divmod(fact.raw_seconds, 3600)
            duration = f"PT{hours}H{rest // 60}M{rest % 60}S"
            result = (None, None, None, duration, fact.interactions)
            yield told(actor, "experienced", fact.course_code, None, fact.started_at, stored, *result)


def voided_at(company):
    """Registration -> when its failed attempt became void: an hour after a later attempt was passed."""
    passed = {}
    for fact in company.enrollments:
        if fact.passed and fact.completed_at:
            passed.setdefault((fact.user_id, fact.course_id), []).append(fact.completed_at)
    for fact in company.enrollments:
        if fact.completed_at and fact.completed_at >= SWITCHED_ON and not fact.passed:
            later = [moment for moment in passed.get((fact.user_id, fact.course_id), []) if moment > fact.completed_at]
            if later:
                yield fact.enrollment_id, naive(min(later) + timedelta(hours=1, seconds=2))


@dataclass(frozen=True)
class Told:
    """Every statement that will ever be, and which registrations' failed attempts become void when."""

    rows: list
    void: dict

    def standing(self, now):
        """The statements that stand at now, as a bag: none has a number in the ledger."""
        void = {number for number, moment in self.void.items() if moment < naive(now)}
        known = [row for row in self.rows if row[7] < naive(now)]
        return Counter(row for row in known if not (row[5] in void and row[3] == f"{VERBS}failed"))

    def stored_between(self, since, until):
        """How many statements, voidings too, were stored in between."""
        return sum(naive(since) <= moment < naive(until) for moment in (*(row[7] for row in self.rows), *self.void.values()))

    def late_between(self, since, until):
        """How many that were over for two days at `since` were stored in between."""
        long_ago = naive(since) - timedelta(days=2)
        return sum(naive(since) <= row[7] < naive(until) and row[6] < long_ago for row in self.rows)


@pytest.fixture(scope="module")
def told_by(small_company):
    """What the ledger tells a record store."""
    return Told([*course_rows(small_company), *sitting_rows(small_company)], dict(voided_at(small_company)))


def admitted(stored):
    """The newest copy of each statement that stands, and how many copies arrived."""
    source = f"read_parquet('{stored.path('admitted/xapi/statements/v=1')}/*.parquet', hive_partitioning=false)"
    void = f"select object_id from {source} where verb_id = '{VERBS}voided'"
    newest = f"select * from {source} qualify row_number() over (partition by id order by _seq desc) = 1"
    rows = duckdb.sql(f"select {COLUMNS} from ({newest}) where id not in ({void}) and verb_id <> '{VERBS}voided'").fetchall()
    sitting = f"{VERBS}experienced"
    return Counter((*row[:5], None, *row[6:]) if row[3] == sitting else row for row in rows)


@pytest.fixture
def lax(every_vendor, monkeypatch):
    """The same store as a server that goes by the time of the event and says nothing about what is complete."""
    proxy = f"http://127.0.0.1:{every_vendor.port}"
    values = {"host": "http://ralph.halden.example/data/xAPI", "login": "sandbox-xapi-key", "password": "sandbox-xapi-secret"}
    monkeypatch.setenv("AIRFLOW_CONN_XAPI", msgspec.json.encode({**values, "extra": {"proxy": proxy}}).decode())
    return every_vendor


def test_nights_with_faults_end_with_the_ledger_late_uploads_and_voidings_included(every_vendor, told_by, stored):
    every_vendor.set_faults([{"vendor": "xapi", "kind": "retyped_field", "field": "stored", "path_contains": "more"}])
    drifted = land_and_type("xapi.statements", RunContext("drifted", FIRST))
    assert list(drifted.set_aside_reasons) == ["stored: a list that is not a time"]
    assert drifted.set_aside > drifted.records / 2

    every_vendor.set_faults(
        [
            {"vendor": "xapi", "kind": "rate_limit", "seconds": 0, "path_contains": "since", "times": 3},
            {"vendor": "xapi", "kind": "cut", "path_contains": "more", "times": 1},
        ]
    )
    manifest, _ = night(STATEMENTS, FIRST, stored)
    assert manifest.retries == 4
    assert admitted(stored) == told_by.standing(FIRST)

    nights = [FIRST + timedelta(days=days) for days in (1, 12, 31, 32)]
    assert told_by.late_between(FIRST, nights[1]) > 0
    assert any(naive(nights[1]) < moment < naive(nights[2]) for moment in told_by.void.values())
    held_back = 0
    for before, now in pairwise([FIRST, *nights]):
        every_vendor.move(now)
        manifest, receipt = night(STATEMENTS, now, stored)
        arrived, expected = admitted(stored), told_by.standing(now)
        missing = expected - arrived
        assert arrived <= expected and receipt.set_aside == 0
        assert manifest.records <= told_by.stored_between(before - timedelta(minutes=11), now)
        assert all(row[7] >= naive(now) - timedelta(minutes=10) for row in missing), "only what the store does not call complete"
        held_back += missing.total()
    assert held_back > 0


def test_a_server_that_filters_by_the_time_of_the_event_loses_no_late_upload(lax, told_by, stored):
    nights = [FIRST + timedelta(days=days) for days in (0, 12)]
    assert told_by.late_between(*nights) > 0
    for now in nights:
        lax.move(now)
        manifest, _ = night(STATEMENTS, now, stored)
        assert admitted(stored) == told_by.standing(now)
    assert manifest.cursor_in.startswith("stored ")
    assert manifest.records < told_by.standing(now).total() / 5


def test_the_watermark_is_what_the_store_calls_complete_and_not_the_newest_statement(every_vendor, stored):
    manifest = land(STATEMENTS, RunContext("first", FIRST), stored)
    assert manifest.next_cursor == f"through {(FIRST - timedelta(minutes=10)).isoformat()}"


PAGE = '{"statements":[{"id":"a","stored":"2026-01-01T00:00:00Z"}],"more":"%s"}'


@pytest.mark.parametrize(
    ("more", "asked"),
    [
        ("/elsewhere/more?x=1", "/elsewhere/more?x=1"),
        ("more?x=1", "/data/xAPI/more?x=1"),
        ("/data/xAPI/statements?x=1", "/data/xAPI/statements?x=1"),
    ],
)
def test_a_more_link_counts_from_the_origin_of_the_server(hostile, respond, more, asked, stored, every_vendor, monkeypatch):
    hostile.script = lambda path, number: respond(PAGE % (more if number == 0 else ""))
    connect(hostile, monkeypatch)
    assert land(STATEMENTS, RunContext("first", FIRST), stored).pages == 2
    assert hostile.seen[1][0] == asked


@pytest.mark.parametrize(("more", "error"), [("/data/more?x=1", BadAnswer), ("http://127.0.0.1:9/more", OriginRefused)])
def test_a_more_link_in_a_circle_or_to_another_server_is_refused(
    hostile, respond, more, error, stored, every_vendor, monkeypatch
):
    hostile.script = lambda path, number: respond(PAGE % more)
    connect(hostile, monkeypatch)
    with pytest.raises(error):
        land(STATEMENTS, RunContext("first", FIRST), stored)
    assert loads.manifests(STATEMENTS, stored) == []


def connect(hostile, monkeypatch):
    values = {"host": f"{hostile.url}/data/xAPI", "login": "k", "password": "s", "extra": {"first_wait_seconds": 0.01}}
    monkeypatch.setenv("AIRFLOW_CONN_XAPI", msgspec.json.encode(values).decode())
