"""Two nights of 360Learning with faults end with what the company's ledger says, computed here from its facts alone."""

from datetime import UTC, datetime, timedelta

import pytest
from nights import happened, naive, night, spoiled, typed_rows

from learning_warehouse import audit, connections, loads
from learning_warehouse.errors import BadAnswer, CredentialsRefused
from learning_warehouse.keys import email_key
from learning_warehouse.landing import land, land_and_type
from learning_warehouse.sandbox.learning360 import next_token
from learning_warehouse.sandbox.records.learning360_ids import object_id
from learning_warehouse.sources import SOURCES
from learning_warehouse.streams import RunContext

FIRST = datetime(2026, 12, 1, 1, tzinfo=UTC)
SECOND = FIRST + timedelta(days=1)
STREAMS = SOURCES["learning360"].streams
SECRET = b"a-fixed-key-so-that-hashes-repeat"


@pytest.fixture(scope="module")
def ids(small_company):
    """Their ids of learners and of courses as they are learned by a path."""
    users = {one.user_id: object_id("user", one.user_id, one.created_at) for one in small_company.learners}
    paths = {one.course_id: object_id("path", one.course_id, one.created_at) for one in small_company.courses}
    return users | paths


def enrollments_of(company, ids, now):
    added = [fact for fact in company.enrollments if fact.added_at < now]
    newest = {}
    for fact in sorted(added, key=lambda fact: fact.added_at):
        newest[fact.user_id, fact.course_id] = fact.added_at
    rows = {}
    for fact in added:
        started, completed = happened(fact.started_at, now), happened(fact.completed_at, now)
        again = newest[fact.user_id, fact.course_id]
        is_late = fact.due_at is not None and fact.due_at < now
        word = ("successful" if fact.passed else "unsuccessful") if completed else "late" if is_late else None
        rows[object_id("enrollment", fact.enrollment_id, fact.added_at)] = (
            ids[fact.course_id],
            ids[fact.user_id],
            word or ("onTime" if started else "notYetStarted"),
            fact.score if completed else None,
            fact.minutes * 60_000 if started else 0,
            fact.self_enrolled,
            naive(fact.added_at),
            naive(again) if again > fact.added_at and not completed else None,
            naive(fact.started_at) if started else None,
            naive(fact.completed_at) if completed else None,
            naive(fact.due_at),
        )
    return rows


SHOWN_OF_ENROLLMENTS = (
    "path_id", "user_id", "status_type", "score", "time_spent", "self_enrolled", "enrolled_at", "unenrolled_at", "started_at",
    "completed_at", "due_date",
)  # fmt: skip


def attempts_of(company, ids, now):
    rows = {}
    for fact in company.enrollments:
        if fact.added_at < now and happened(fact.started_at, now):
            completed = naive(fact.completed_at) if happened(fact.completed_at, now) else None
            times = naive(fact.started_at), completed, completed or naive(fact.started_at)
            key = object_id("attempt", fact.enrollment_id, fact.started_at)
            rows[key] = (ids[fact.user_id], ids[fact.course_id], fact.score if completed else None, *times)
    return rows


SHOWN_OF_ATTEMPTS = ("user_id", "path_id", "score", "first_activity_at", "completed_at", "last_activity_at")


def users_of(company, ids, now):
    seen = {fact.user_id for fact in company.enrollments if fact.added_at < now and (happened(fact.started_at, now))}
    rows = {}
    for learner in company.learners:
        if learner.created_at < now:
            is_deleted = happened(learner.deactivated_at, now)
            status = "deleted" if is_deleted else "active" if learner.user_id in seen else "invited"
            profile = (None, None) if is_deleted else (email_key(SECRET, learner.email), learner.audience)
            rows[ids[learner.user_id]] = (status, *profile)
    return rows


def shown(rows, columns, version=None):
    """Id -> the named columns of the newest version of each record."""
    ordered = sorted(rows, key=lambda row: (row[version] if version else 0, row["_seq"], row["_index"]))
    return {row["id"]: tuple(row[column] for column in columns) for row in ordered}


def test_enrollments_equal_the_ledger_after_a_bad_night_and_after_the_next(every_vendor, stored, small_company, ids):
    fault = {"vendor": "learning360"}
    every_vendor.set_faults([
        fault | {"kind": "rate_limit", "path_contains": "paths/stats", "seconds": 0, "times": 3},
        fault | {"kind": "status", "status": 401, "path_contains": next_token(2000, {}), "times": 1},
        fault | {"kind": "cut", "path_contains": next_token(4000, {}), "times": 1},
        fault | {"kind": "doubled_rows", "path_contains": next_token(6000, {}), "times": 1},
    ])  # fmt: skip
    stream = STREAMS["path_enrollments"]
    first, receipt = night(stream, FIRST, stored)
    expected = enrollments_of(small_company, ids, FIRST)
    assert shown(typed_rows(stream, stored), SHOWN_OF_ENROLLMENTS) == expected
    assert (receipt.set_aside, first.records) == (0, len(expected) + 2000), "one page came doubled"
    assert first.retries == 5

    every_vendor.set_faults([])
    every_vendor.move(SECOND)
    second, _ = night(stream, SECOND, stored)
    assert shown(typed_rows(stream, stored, second.seq), SHOWN_OF_ENROLLMENTS) == enrollments_of(small_company, ids, SECOND)


def test_attempts_equal_the_ledger_and_the_next_night_lands_only_the_open_and_the_newly_finished(
    every_vendor, stored, small_company, ids
):
    stream = STREAMS["attempts"]
    every_vendor.set_faults([{"vendor": "learning360", "kind": "rate_limit", "path_contains": "stats", "seconds": 0, "times": 2}])
    night(stream, FIRST, stored)
    before = attempts_of(small_company, ids, FIRST)
    assert shown(typed_rows(stream, stored), SHOWN_OF_ATTEMPTS, "last_activity_at") == before

    every_vendor.move(SECOND)
    second, _ = night(stream, SECOND, stored)
    after = attempts_of(small_company, ids, SECOND)
    assert shown(typed_rows(stream, stored), SHOWN_OF_ATTEMPTS, "last_activity_at") == after
    since = max(row[-1] for row in before.values()) - stream.lag
    asked_again = {key for key, row in after.items() if row[4] is None or row[4] >= since}
    assert {row["id"] for row in typed_rows(stream, stored, second.seq)} == asked_again
    assert len(asked_again) < len(after) / 5


def test_learners_external_ids_paths_and_certificates_equal_the_ledger_on_both_nights(every_vendor, stored, small_company, ids):
    names = ("users", "external_ids", "paths", "courses", "groups", "certificates")
    for now in (FIRST, SECOND):
        every_vendor.move(now)
        seq = {name: night(STREAMS[name], now, stored)[0].seq for name in names}
        rows = {name: typed_rows(STREAMS[name], stored, seq[name]) for name in names}
        assert shown(rows["users"], ("status", "mail_key", "custom")) == users_of(small_company, ids, now)
        people = {ids[one.user_id]: one.external_id for one in small_company.learners if one.external_id and one.created_at < now}
        assert {row["target_id"]: row["value"] for row in rows["external_ids"] if row["target_type"] == "user"} == people
        codes = {ids[one.course_id]: (one.code, one.estimated_minutes) for one in small_company.courses if one.created_at < now}
        assert shown(rows["paths"], ("additional_information", "estimated_duration")) == codes
        assert len(rows["courses"]) == len(codes)
        parents = {row["id"]: row["parent_id"] for row in rows["groups"]}
        assert [key for key, parent in parents.items() if parent not in parents] == [
            key for key, parent in parents.items() if parent is None
        ]
        held = {
            object_id("certificate", fact.certificate_id, fact.completed_at): (
                ids[fact.course_id], naive(fact.completed_at), naive(fact.certificate_expires_at),
            )
            for fact in small_company.enrollments
            if fact.certificate_id and fact.passed and happened(fact.completed_at, now)
        }  # fmt: skip
        certificates = typed_rows(STREAMS["certificates"], stored)
        assert shown(certificates, ("path_id", "delivery_date", "expiration_date"), "delivery_date") == held


def test_a_list_that_came_doubled_is_no_measure_for_the_next_night(every_vendor, stored):
    every_vendor.set_faults([{"vendor": "learning360", "kind": "doubled_rows"}])
    verdicts = []
    for now in (FIRST, SECOND):
        every_vendor.move(now)
        land_and_type("learning360.users", RunContext(now.isoformat(), now))
        verdicts += audit.audit("lms", now.isoformat(), now, stored)
        every_vendor.set_faults([])
    assert [(one.verdict, one.severity) for one in verdicts] == [("admitted", "warning"), ("admitted", None)]
    assert verdicts[0].records == pytest.approx(2 * verdicts[1].records, rel=0.05)


def test_a_score_that_becomes_a_text_sets_its_records_aside_and_leaves_the_others_equal(every_vendor, stored, small_company, ids):
    worded = spoiled(STREAMS["attempts"], lambda record: record | ({"score": "passed"} if "score" in record else {}))
    manifest, receipt = night(worded, FIRST, stored)
    assert receipt.set_aside_reasons == {"score: a text that is not a number": receipt.set_aside}
    assert receipt.typed + receipt.set_aside == manifest.records
    expected = {key: row for key, row in attempts_of(small_company, ids, FIRST).items() if row[2] is None}
    assert shown(typed_rows(worded, stored), SHOWN_OF_ATTEMPTS, "last_activity_at") == expected


def test_a_next_link_that_comes_again_is_refused_and_nothing_is_committed(every_vendor, stored):
    link = f'<http://app.360learning.com/api/v2/courses/stats?next={next_token(500, {})}>; rel="next"'
    every_vendor.set_faults([{"vendor": "learning360", "kind": "fixed_link", "path_contains": "courses/stats", "becomes": link}])
    with pytest.raises(BadAnswer, match="sent a cursor that it had sent before"):
        land(STREAMS["attempts"], RunContext("first", FIRST), stored)
    assert loads.manifests(STREAMS["attempts"], stored) == []


def test_a_token_that_is_refused_again_and_again_stops_the_stream(every_vendor, stored):
    every_vendor.set_faults([{"vendor": "learning360", "kind": "status", "status": 401, "path_contains": "groups"}])
    with pytest.raises(CredentialsRefused):
        land(STREAMS["groups"], RunContext("first", FIRST), stored)


def test_a_missing_scope_is_named_and_the_check_of_the_connection_works_with_all_of_them(
    every_vendor, hostile, respond, monkeypatch
):
    assert connections.check("learning360") == "360Learning: the sandbox accepted the credentials and answered."
    refused = respond('{"error": {"code": "invalid_scope", "message": "no"}}', status=403)
    hostile.script = lambda path, number: refused if number else respond('{"access_token": "a-token-of-one-hour"}')
    monkeypatch.setenv("AIRFLOW_CONN_LEARNING360", f'{{"host": "{hostile.url}", "login": "id", "password": "a-secret"}}')
    with pytest.raises(CredentialsRefused, match="lacks the scope of this stream"):
        connections.check("learning360")
