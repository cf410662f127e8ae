"""Two nights of Moodle with faults end with what the company's ledger says, computed here from its facts alone."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from nights import happened, night, spoiled, typed_rows

from learning_warehouse import connections, loads
from learning_warehouse.errors import BadAnswer, StopStream
from learning_warehouse.keys import email_key
from learning_warehouse.landing import land
from learning_warehouse.sources import SOURCES
from learning_warehouse.streams import RunContext

FIRST = datetime(2026, 12, 1, 1, tzinfo=UTC)
SECOND = FIRST + timedelta(days=1)
STREAMS = SOURCES["moodle"].streams
SECRET = b"a-fixed-key-so-that-hashes-repeat"
WITH_CRITERIA = ("CUST-CERT", "ONB-", "AGT-", "OWN-")
WITH_A_QUIZ = ("CUST-CERT", "ONB-", "MAND-")


class Site:
    """The facts of the ledger at `now` under Moodle's numbers: their place in the lists of learners and of courses."""

    def __init__(self, company, now):
        self.now = now
        self.users = {one.user_id: number for number, one in enumerate(company.learners, start=3)}
        self.courses = {one.course_id: number for number, one in enumerate(company.courses, start=2)}
        self.codes = {number: one.code for number, one in enumerate(company.courses, start=2)}
        self.learners = {self.users[one.user_id]: one for one in company.learners if one.created_at < now}
        self.pairs = defaultdict(list)
        for fact in company.enrollments:
            if fact.added_at < now:
                self.pairs[self.courses[fact.course_id], self.users[fact.user_id]].append(fact)

    def visited(self, facts):
        """Seconds since 1970 of the last visit, 0 for never."""
        moments = [moment for fact in facts for moment in (fact.started_at, fact.completed_at) if happened(moment, self.now)]
        return int(max(moments).timestamp()) if moments else 0

    def is_suspended(self, user):
        return happened(self.learners[user].deactivated_at, self.now)

    def enrollments(self):
        return {
            (course, user): ("suspended" if self.is_suspended(user) else "active", self.visited(facts))
            for (course, user), facts in self.pairs.items()
        }

    def completions(self):
        """Of learners who are active and were ever there: the last visit, and the seconds of the first completion passed."""
        rows = {}
        for (course, user), facts in self.pairs.items():
            visited = self.visited(facts)
            if self.codes[course].startswith(WITH_CRITERIA) and visited and not self.is_suspended(user):
                passed = [fact.completed_at for fact in facts if fact.passed and happened(fact.completed_at, self.now)]
                rows[course, user] = (visited, int(min(passed).timestamp()) if passed else None)
        return rows

    def totals(self):
        """The grade of the last completion in each course, 100 where it had none, with its second."""
        rows = {}
        for pair, facts in self.pairs.items():
            ended = [(fact.completed_at, fact.score) for fact in facts if happened(fact.completed_at, self.now)]
            moment, score = max(ended, key=lambda one: one[0]) if ended else (None, None)
            rows[pair] = (100.0 if score is None else score, int(moment.timestamp())) if moment else (None, None)
        return rows


def of_pairs(rows, *columns):
    return {(row["course_id"], row["user_id"]): tuple(row[column] for column in columns) for row in rows}


def told(row):
    """The last visit, and the second in which the last criterion was met if all are."""
    times = [one["timecompleted"] for one in msgspec.json.decode(row["completions"])]
    return row["last_course_access"], max(times) if row["completed"] == "true" else None


def newest_completions(stored):
    rows = sorted(typed_rows(STREAMS["completions"], stored), key=lambda row: (row["last_course_access"], row["_seq"]))
    return {(row["course_id"], row["user_id"]): told(row) for row in rows}


def test_users_and_enrollments_equal_the_ledger_after_a_bad_night_and_after_the_next(every_vendor, stored, small_company):
    fault = {"vendor": "moodle", "path_contains": "core_enrol_get_enrolled_users"}
    every_vendor.set_faults([
        fault | {"kind": "rate_limit", "seconds": 0, "times": 3},
        fault | {"kind": "cut", "path_contains": "courseid=7&", "times": 1},
        fault | {"kind": "html", "path_contains": "courseid=9&", "times": 1},
        fault | {"kind": "doubled_rows", "path_contains": "courseid=11&", "times": 1},
    ])  # fmt: skip
    first, receipt = night(STREAMS["enrollments"], FIRST, stored)
    site = Site(small_company, FIRST)
    assert of_pairs(typed_rows(STREAMS["enrollments"], stored), "state", "last_course_access") == site.enrollments()
    assert (first.retries, receipt.set_aside) == (5, 0)
    assert first.records > len(site.pairs), "one list came doubled"

    every_vendor.set_faults([])
    for now in (FIRST, SECOND):
        every_vendor.move(now)
        site = Site(small_company, now)
        seq = night(STREAMS["users"], now, stored)[0].seq
        shown = {
            row["id"]: (row["email_key"], row["idnumber"], row["suspended"]) for row in typed_rows(STREAMS["users"], stored, seq)
        }
        assert shown == {
            number: (email_key(SECRET, one.email), one.external_id, "true" if site.is_suspended(number) else "false")
            for number, one in site.learners.items()
        }
    second, _ = night(STREAMS["enrollments"], SECOND, stored)
    rows = typed_rows(STREAMS["enrollments"], stored, second.seq)
    assert of_pairs(rows, "state", "last_course_access") == site.enrollments()


def test_completions_equal_the_ledger_and_the_next_night_asks_only_for_those_who_opened_a_course(
    every_vendor, stored, small_company
):
    fault = {"vendor": "moodle", "path_contains": "get_course_completion_status"}
    every_vendor.set_faults([fault | {"kind": "rate_limit", "seconds": 0, "times": 2}])
    first, _ = night(STREAMS["completions"], FIRST, stored)
    assert newest_completions(stored) == Site(small_company, FIRST).completions()
    assert first.retries == 2

    every_vendor.set_faults([])
    every_vendor.move(SECOND)
    second, _ = night(STREAMS["completions"], SECOND, stored)
    site = Site(small_company, SECOND)
    since = int(first.next_cursor) - 86_400
    asked = {(row["course_id"], row["user_id"]) for row in typed_rows(STREAMS["completions"], stored, second.seq)}
    assert asked == {pair for pair, (visited, _) in site.completions().items() if visited >= since}
    assert 0 < len(asked) < first.records / 5
    assert {pair: row for pair, row in newest_completions(stored).items() if pair in site.completions()} == site.completions()


def test_grades_and_courses_equal_the_ledger_on_both_nights(every_vendor, stored, small_company):
    for now in (FIRST, SECOND):
        every_vendor.move(now)
        site = Site(small_company, now)
        seq = night(STREAMS["grade_items"], now, stored)[0].seq
        rows = typed_rows(STREAMS["grade_items"], stored, seq)
        totals = [row for row in rows if row["item_type"] == "course"]
        assert of_pairs(totals, "grade_raw", "graded_at") == site.totals()
        quizzes = {(row["course_id"], row["user_id"]) for row in rows if row["item_type"] == "mod"}
        assert quizzes == {pair for pair in site.pairs if site.codes[pair[0]].startswith(WITH_A_QUIZ)}
    night(STREAMS["courses"], SECOND, stored)
    courses = {row["id"]: row["shortname"] for row in typed_rows(STREAMS["courses"], stored)}
    assert courses == {key: site.codes[key] for key in site.courses.values()}


def test_a_grade_that_becomes_a_text_sets_its_records_aside_and_leaves_the_others_equal(every_vendor, stored, small_company):
    worded = spoiled(STREAMS["grade_items"], lambda one: one | ({"graderaw": "passed"} if one["graderaw"] is not None else {}))
    manifest, receipt = night(worded, FIRST, stored)
    assert receipt.set_aside_reasons == {"grade_raw: a text that is not a number": receipt.set_aside}
    assert receipt.typed + receipt.set_aside == manifest.records
    totals = [row for row in typed_rows(worded, stored) if row["item_type"] == "course"]
    expected = {pair: row for pair, row in Site(small_company, FIRST).totals().items() if row[0] is None}
    assert of_pairs(totals, "grade_raw", "graded_at") == expected


@pytest.mark.parametrize(("code", "error"), [("sitemaintenance", BadAnswer), ("codingerror", StopStream)])
def test_an_error_under_status_200_stops_the_stream_and_commits_nothing(
    hostile, respond, stored, monkeypatch, code, error, every_vendor
):
    hostile.script = lambda path, number: respond(msgspec.json.encode({"exception": "moodle_exception", "errorcode": code}))
    target = {"host": hostile.url, "password": "a-token-of-thirty-two-characters", "extra": {"first_wait_seconds": 0.01}}
    monkeypatch.setenv("AIRFLOW_CONN_MOODLE", msgspec.json.encode(target).decode())
    with pytest.raises(error, match=code):
        land(STREAMS["courses"], RunContext("first", FIRST), stored)
    assert loads.manifests(STREAMS["courses"], stored) == []
    assert len(hostile.seen) == (3 if error is BadAnswer else 1)
    assert all("a-token" not in path for path, _ in hostile.seen), "the token is in the form, never in an address"


def test_a_pair_that_moodle_refuses_lands_as_refused_and_the_others_are_asked_all_the_same(
    hostile, respond, stored, monkeypatch, every_vendor
):
    people = [{"id": 7, "lastcourseaccess": 1_796_000_000}, {"id": 8, "lastcourseaccess": 1_796_000_100}]
    answers = (
        [{"id": 2, "enablecompletion": 1}, {"id": 3, "enablecompletion": 0}],
        people,
        {"exception": "moodle_exception", "errorcode": "usernotenroled", "message": ""},
        {"completionstatus": {"completed": True, "aggregation": 1, "completions": []}, "warnings": []},
    )
    hostile.script = lambda path, number: respond(msgspec.json.encode(answers[number]))
    monkeypatch.setenv("AIRFLOW_CONN_MOODLE", msgspec.json.encode({"host": hostile.url, "password": "a-token"}).decode())
    manifest, _ = night(STREAMS["completions"], FIRST, stored)
    rows = of_pairs(typed_rows(STREAMS["completions"], stored), "refused", "completed", "last_course_access")
    assert rows == {(2, 7): ("usernotenroled", None, 1_796_000_000), (2, 8): (None, "true", 1_796_000_100)}
    assert (manifest.next_cursor, len(hostile.seen)) == ("1796000100", 4)


def test_the_check_of_the_connection_asks_who_the_site_is(every_vendor):
    assert connections.check("moodle") == "Moodle: the sandbox accepted the credentials and answered."
