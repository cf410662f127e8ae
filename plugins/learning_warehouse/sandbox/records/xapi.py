"""xAPI statements at `now`: what happened in courses and sittings since the LRS was switched on, by the time it was stored.

One learner comes as several actors: course results as the account of the learning system (as a mail where that holds no
external id), sittings as account, mail or hash of the mail, by device. Sittings on an offline device are uploaded at night,
days later. A failed attempt is voided an hour after the same course was passed in a later one.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

from learning_warehouse.sandbox.records.shared import guid, iso_z, midnight, number_from
from learning_warehouse.simulation.ledger import Course, Enrollment, Learner, Ledger
from learning_warehouse.simulation.ledger_signals import LearningSession

SWITCHED_ON = datetime(2026, 1, 5, tzinfo=UTC)
VERBS = "http://adlnet.gov/expapi/verbs/"
LMS = "https://lms.halden.example"
DELAY = timedelta(seconds=2)
AUTHORITY = {"objectType": "Agent", "mbox": "mailto:lrs@halden.example"}


@dataclass(frozen=True, slots=True)
class Stored:
    """One statement: when it happened, when it was stored, and which statement it voids, if any."""

    id: str
    happened: datetime
    stored: datetime
    content: dict[str, Any]
    voids: str | None = None


class XapiRecords:
    """Every statement that was stored before `now`, in order of that time."""

    def __init__(self, ledger: Ledger, now: datetime) -> None:
        self.ledger = ledger
        self.now = now
        self._courses = {course.course_id: course for course in ledger.courses}
        self._codes = {course.code: course for course in ledger.courses}
        self._learners = {learner.user_id: learner for learner in ledger.learners}
        self._mails = {employee.employee_id: employee.work_email for employee in ledger.employees}

    @cached_property
    def statements(self) -> list[Stored]:
        """All of them, void ones included, oldest stored first."""
        every = [*self._of_enrollments(), *self._of_sittings(), *self._voidings()]
        return sorted((row for row in every if row.stored < self.now), key=lambda row: (row.stored, row.id))

    def _of_enrollments(self) -> Iterator[Stored]:
        for fact in self.ledger.enrollments:
            actor, course = _account_or_mail(self._learners[fact.user_id]), self._courses[fact.course_id]
            context = {"registration": fact.enrollment_id, "platform": "lms"}
            if fact.started_at and fact.started_at >= SWITCHED_ON:
                key, verb = f"{fact.enrollment_id} initialized", "initialized"
                yield _statement(key, actor, verb, course, fact.started_at, fact.started_at + DELAY, {"context": context})
            if fact.completed_at and fact.completed_at >= SWITCHED_ON:
                told = {"result": _result(fact), "context": context}
                key, moment = f"{fact.enrollment_id} ended", fact.completed_at
                yield _statement(key, actor, verb_of(fact), course, moment, moment + DELAY, told)

    def _of_sittings(self) -> Iterator[Stored]:
        for fact in self.ledger.learning_sessions:
            mail = self._mails.get(fact.employee_id)
            if fact.system == "lms" and fact.course_code and mail:
                told = {"result": _sitting(fact), "context": {"registration": guid("xapi sitting", fact.session_id)}}
                actor, course = _by_device(fact, mail), self._codes[fact.course_code]
                yield _statement(fact.session_id, actor, "experienced", course, fact.started_at, uploaded_at(fact), told)

    def _voidings(self) -> Iterator[Stored]:
        passed: dict[tuple[str, str], list[datetime]] = {}
        for fact in self.ledger.enrollments:
            if fact.passed and fact.completed_at:
                passed.setdefault((fact.user_id, fact.course_id), []).append(fact.completed_at)
        for fact in self.ledger.enrollments:
            if fact.completed_at and fact.completed_at >= SWITCHED_ON and not fact.passed:
                later = [moment for moment in passed.get((fact.user_id, fact.course_id), []) if moment > fact.completed_at]
                if later:
                    yield _voiding(f"{fact.enrollment_id} ended", min(later) + timedelta(hours=1))


def verb_of(fact: Enrollment) -> str:
    """How an enrollment ended."""
    return "completed" if fact.score is None else "passed" if fact.passed else "failed"


def uploaded_at(fact: LearningSession) -> datetime:
    """A sitting is stored as it ends; from an offline device at 00:55, 3 to 23 days later."""
    if fact.device != "offline_sync":
        return fact.ended_at + DELAY
    return midnight(fact.ended_at.date()) + timedelta(days=3 + number_from(fact.session_id, 21), minutes=55)


def statement_id(key: str) -> str:
    """A stable id of the statement about a fact."""
    return guid("xapi statement", key)


def _statement(
    key: str, actor: dict[str, Any], verb: str, course: Course, happened: datetime, stored: datetime, told: dict[str, Any]
) -> Stored:
    definition = {"name": {"en-US": course.name}, "type": "http://adlnet.gov/expapi/activities/course"}
    activity = {"objectType": "Activity", "id": f"{LMS}/courses/{course.code}", "definition": definition}
    return _stored(statement_id(key), actor, verb, activity, happened, stored, told)


def _voiding(key: str, moment: datetime) -> Stored:
    reference = {"objectType": "StatementRef", "id": statement_id(key)}
    return _stored(statement_id(f"{key} voided"), AUTHORITY, "voided", reference, moment, moment + DELAY, {})


def _stored(
    name: str,
    actor: dict[str, Any],
    verb: str,
    target: dict[str, Any],
    happened: datetime,
    stored: datetime,
    told: dict[str, Any],
) -> Stored:
    content = {
        "id": name,
        "actor": actor,
        "verb": {"id": f"{VERBS}{verb}", "display": {"en-US": verb}},
        "object": target,
        **told,
        "timestamp": iso_z(happened),
        "stored": stored.isoformat(timespec="microseconds"),
        "authority": AUTHORITY,
        "version": "1.0.0",
    }
    return Stored(name, happened, stored, content, target["id"] if verb == "voided" else None)


def _account_or_mail(learner: Learner) -> dict[str, Any]:
    if learner.external_id:
        return _account(learner.external_id)
    return {"objectType": "Agent", "mbox": f"mailto:{learner.email}"}


def _by_device(fact: LearningSession, mail: str) -> dict[str, Any]:
    if fact.device == "mobile":
        return {"objectType": "Agent", "mbox": f"mailto:{mail}"}
    if fact.device == "offline_sync":
        digest = hashlib.sha1(f"mailto:{mail}".encode(), usedforsecurity=False).hexdigest()
        return {"objectType": "Agent", "mbox_sha1sum": digest}
    return _account(fact.employee_id)


def _account(name: str) -> dict[str, Any]:
    return {"objectType": "Agent", "account": {"homePage": LMS, "name": name}}


def _result(fact: Enrollment) -> dict[str, Any]:
    result: dict[str, Any] = {"completion": True, "success": fact.passed, "duration": f"PT{fact.minutes:g}M"}
    if fact.score is not None:
        result["score"] = {"scaled": fact.score / 100, "raw": fact.score, "min": 0, "max": 100}
    return result


def _sitting(fact: LearningSession) -> dict[str, Any]:
    hours, rest = divmod(fact.raw_seconds, 3600)
    told = {"engaged-seconds": fact.engaged_seconds, "interactions": fact.interactions}
    extensions = {f"urn:learning-warehouse:{name}": value for name, value in told.items() if value is not None}
    return {"duration": f"PT{hours}H{rest // 60}M{rest % 60}S", "extensions": extensions}
