"""360Learning records at `now`: users, groups, external ids, courses, paths, enrollments in paths, attempts, certificates.

Each course of the ledger is a course and a path with this one step; each enrollment is one in the path, and an attempt of the
course from its start on. Ids are 24 hex characters, of which the first eight
tell the second of creation, as in every ObjectId. Properties without a value are left out; a deleted
user keeps id, status, language and the days of deletion only.
"""

from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from learning_warehouse.sandbox.records.learning360_ids import Row, certificate_id, external_id, moment, object_id
from learning_warehouse.sandbox.records.shared import known, name_of_address, workers_at
from learning_warehouse.simulation.ledger import Course, Enrollment, Learner, Ledger

AUDIENCES = {"employee": "Employees", "contractor": "Contractors", "partner": "Partners", "customer": "Customers"}
TOP = "company"
PLATFORM_OPENED = datetime(2016, 1, 1, 8, tzinfo=UTC)


class Learning360Records:
    """Everything the platform shows at one `now`; lists are ordered by id, as the vendor's are."""

    def __init__(self, ledger: Ledger, now: datetime) -> None:
        self.ledger = ledger
        self.now = now
        self.learners = {learner.user_id: learner for learner in ledger.learners if learner.created_at < now}
        self.courses = {course.course_id: course for course in ledger.courses if course.created_at < now}

    def rows_of(self, path: str) -> list[Row] | None:
        """The rows of one endpoint, None when there is no such endpoint."""
        made = {
            "/users": self._users, "/groups": self._groups, "/external-ids": self._external_ids, "/courses": self._courses,
            "/paths": self._paths, "/paths/stats": self._enrollments, "/courses/stats": self._attempts,
        }  # fmt: skip
        if path not in made:
            return None
        if path not in self._lists:
            self._lists[path] = sorted(made[path](), key=lambda row: row.id)
        return self._lists[path]

    def certificates_of(self, user_id: str) -> list[Row] | None:
        """The certificates that one user holds, None when nobody has the id."""
        if user_id not in self._user_ids:
            return None
        held = [fact for fact in self._facts if self._holds_certificate(fact) and self._user_id(fact.user_id) == user_id]
        return sorted((self._certificate(fact) for fact in held), key=lambda row: row.id)

    def render(self, row: Row) -> dict[str, Any]:
        """One record; what has no value is left out."""
        return {name: value for name, value in row.write().items() if value is not None}

    @cached_property
    def _lists(self) -> dict[str, list[Row]]:
        return {}

    @cached_property
    def _user_ids(self) -> set[str]:
        return {self._user_id(user_id) for user_id in self.learners}

    @cached_property
    def _facts(self) -> list[Enrollment]:
        return [
            fact
            for fact in self.ledger.enrollments
            if fact.added_at < self.now and fact.course_id in self.courses and fact.user_id in self.learners
        ]

    @cached_property
    def _newest_addition(self) -> dict[tuple[str, str], datetime]:
        newest: dict[tuple[str, str], datetime] = {}
        for fact in self._facts:
            key = (fact.user_id, fact.course_id)
            newest[key] = max(newest.get(key, fact.added_at), fact.added_at)
        return newest

    @cached_property
    def _last_logins(self) -> dict[str, datetime]:
        logins: dict[str, datetime] = {}
        for fact in self._facts:
            for when in (known(fact.started_at, self.now), known(fact.completed_at, self.now)):
                if when is not None and logins.get(fact.user_id, when) <= when:
                    logins[fact.user_id] = when
        return logins

    @cached_property
    def _workers(self) -> dict[str, Any]:
        return workers_at(self.ledger, self.now)

    def _user_id(self, user_id: str) -> str:
        return object_id("user", user_id, self.learners[user_id].created_at)

    def _of_course(self, kind: str, course_id: str) -> str:
        return object_id(kind, course_id, self.courses[course_id].created_at)

    def _job(self, learner: Learner) -> Any:
        worker = self._workers.get(learner.employee_id) if learner.employee_id else None
        return worker.job if worker else None

    def _group_of(self, learner: Learner) -> str:
        job = self._job(learner)
        return object_id("group", f"{learner.audience}/{job.department}" if job else learner.audience, PLATFORM_OPENED)

    def _users(self) -> list[Row]:
        return [self._user(learner) for learner in self.learners.values()]

    def _user(self, learner: Learner) -> Row:
        deleted = known(learner.deactivated_at, self.now)
        login = self._last_logins.get(learner.user_id)
        status = "deleted" if deleted else "active" if login else "invited"

        def write() -> dict[str, Any]:
            kept = {"_id": self._user_id(learner.user_id), "status": status, "lang": "en"}
            if deleted:
                return kept | {"deletedAt": [moment(deleted)]}
            job = self._job(learner)
            worker = self._workers.get(learner.employee_id) if learner.employee_id else None
            names = (worker.employee.first_name, worker.employee.last_name) if worker else name_of_address(learner.email)
            return kept | {
                "mail": learner.email,
                "username": learner.username,
                "firstName": names[0],
                "lastName": names[1],
                "job": job.job_title if job else None,
                "organization": self.ledger.company_name if worker else None,
                "custom": learner.audience,
                "primaryGroupId": self._group_of(learner),
                "lastLoginDate": moment(login),
            }

        values = {"mail": None if deleted else learner.email, "username": learner.username, "status": status}
        return Row(self._user_id(learner.user_id), write, values)

    def _groups(self) -> list[Row]:
        groups: dict[str, tuple[str, str | None]] = {TOP: (self.ledger.company_name, None)}
        groups |= {audience: (name, TOP) for audience, name in AUDIENCES.items()}
        for learner in self.learners.values():
            if job := self._job(learner):
                groups[f"{learner.audience}/{job.department}"] = (job.department, learner.audience)
        return [self._group(key, name, parent) for key, (name, parent) in groups.items()]

    def _group(self, key: str, name: str, parent: str | None) -> Row:
        parent_id = object_id("group", parent, PLATFORM_OPENED) if parent else None
        record = {"_id": object_id("group", key, PLATFORM_OPENED), "name": name, "public": key == TOP, "parentId": parent_id}
        return Row(object_id("group", key, PLATFORM_OPENED), lambda: record)

    def _external_ids(self) -> list[Row]:
        rows = []
        for one in self.learners.values():
            if one.external_id:
                platform = "hris" if one.employee_id else "crm"
                rows.append(external_id(platform, "user", self._user_id(one.user_id), one.external_id, one.created_at))
        for course in self.courses.values():
            target_id = self._of_course("course", course.course_id)
            rows.append(external_id("catalog", "course", target_id, course.code, course.created_at))
        return rows

    def _courses(self) -> list[Row]:
        return [self._course(course) for course in self.courses.values()]

    def _course(self, course: Course) -> Row:
        record = {
            "_id": self._of_course("course", course.course_id),
            "name": course.name,
            "description": f"<p>{course.name}</p>",
            "duration": course.estimated_minutes,
            "translations": [],
            "status": "published",
            "type": "native",
            "currentVersionNumber": 1,
            "collaborativeLearning": False,
            **self._made(course),
        }
        return Row(record["_id"], lambda: record, self._made_values(course, record))

    def _paths(self) -> list[Row]:
        return [self._path(course) for course in self.courses.values()]

    def _path(self, course: Course) -> Row:
        record = {
            "_id": self._of_course("path", course.course_id),
            "name": course.name,
            "additionalInformation": course.code,
            "certificateId": self._of_course("certificate outline", course.course_id) if course.has_certificate else None,
            "status": "published",
            "estimatedDuration": {"unit": "minute", "value": course.estimated_minutes},
            "options": {"linearProgression": False, "mandatoryReplay": True},
            "steps": [{"_id": self._of_course("course", course.course_id), "type": "course", "options": {"optional": False}}],
            "translations": [],
            **self._made(course),
        }
        return Row(record["_id"], lambda: record, self._made_values(course, record))

    def _made(self, course: Course) -> dict[str, Any]:
        owner = {
            "authorId": object_id("user", "author", PLATFORM_OPENED),
            "coAuthorIds": [],
            "groupId": object_id("group", TOP, PLATFORM_OPENED),
        }
        made = moment(course.created_at)
        return owner | {"sourceLang": "en", "defaultLang": "en", "createdAt": made, "modifiedAt": made}

    def _made_values(self, course: Course, record: dict[str, Any]) -> dict[str, Any]:
        words = {name: record.get(name) for name in ("status", "type", "authorId", "groupId")}
        return words | {"createdAt": course.created_at, "modifiedAt": course.created_at}

    def _session_of(self, fact: Enrollment) -> str:
        month = fact.added_at.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        return object_id("session", f"{fact.course_id}/{month:%Y-%m}", month)

    def _enrollments(self) -> list[Row]:
        return [self._enrollment(fact) for fact in self._facts]

    def _enrollment(self, fact: Enrollment) -> Row:
        started, completed = known(fact.started_at, self.now), known(fact.completed_at, self.now)
        values = {
            "completedAt": completed,
            "pathId": self._of_course("path", fact.course_id),
            "userId": self._user_id(fact.user_id),
        }
        newest = self._newest_addition[(fact.user_id, fact.course_id)]

        def write() -> dict[str, Any]:
            return {
                "_id": object_id("enrollment", fact.enrollment_id, fact.added_at),
                "pathId": values["pathId"],
                "sessionId": self._session_of(fact),
                "userId": values["userId"],
                "progress": 100 if completed else 50 if started else 0,
                "score": round(fact.score) if completed and fact.score is not None else None,
                "timeSpent": round(fact.minutes * 60_000) if started or completed else 0,
                "status": {"type": self._status(fact, started, completed)},
                "enrolledAt": moment(fact.added_at),
                "unenrolledAt": moment(newest) if newest > fact.added_at and not completed else None,
                "startedAt": moment(started),
                "completedAt": moment(completed),
                "dueDate": moment(fact.due_at),
                "certificateId": certificate_id(fact) if self._holds_certificate(fact) else None,
                "selfEnrolled": fact.self_enrolled,
            }

        return Row(object_id("enrollment", fact.enrollment_id, fact.added_at), write, values)

    def _status(self, fact: Enrollment, started: datetime | None, completed: datetime | None) -> str:
        if completed:
            return "successful" if fact.passed else "unsuccessful"
        if fact.due_at and fact.due_at < self.now:
            return "late"
        return "onTime" if started else "notYetStarted"

    def _holds_certificate(self, fact: Enrollment) -> bool:
        return bool(fact.certificate_id and fact.passed and known(fact.completed_at, self.now))

    def _attempts(self) -> list[Row]:
        return [self._attempt(fact) for fact in self._facts if known(fact.started_at, self.now)]

    def _attempt(self, fact: Enrollment) -> Row:
        completed = known(fact.completed_at, self.now)
        values = {
            "completedAt": completed,
            "courseId": self._of_course("course", fact.course_id),
            "userId": self._user_id(fact.user_id),
        }

        def write() -> dict[str, Any]:
            return {
                "_id": object_id("attempt", fact.enrollment_id, fact.started_at or fact.added_at),
                "courseId": values["courseId"],
                "userId": values["userId"],
                "versionNumber": 1,
                "lang": "en",
                "firstActivityAt": moment(fact.started_at),
                "lastActivityAt": moment(completed or fact.started_at),
                "timeSpent": round(fact.minutes * 60_000),
                "progress": 100 if completed else 50,
                "score": round(fact.score) if completed and fact.score is not None else None,
                "completedAt": moment(completed),
                "pathId": self._of_course("path", fact.course_id),
                "pathSessionId": self._session_of(fact),
            }

        return Row(object_id("attempt", fact.enrollment_id, fact.started_at or fact.added_at), write, values)

    def _certificate(self, fact: Enrollment) -> Row:
        record = {
            "_id": certificate_id(fact),
            "type": "path",
            "title": self.courses[fact.course_id].name,
            "deliveryDate": moment(fact.completed_at),
            "expirationDate": moment(fact.certificate_expires_at),
            "certificateOutlineId": self._of_course("certificate outline", fact.course_id),
            "pathId": self._of_course("path", fact.course_id),
            "pathName": self.courses[fact.course_id].name,
            "pathSessionId": self._session_of(fact),
        }
        return Row(
            str(record["_id"]), lambda: record, {"deliveryDate": fact.completed_at, "expirationDate": fact.certificate_expires_at}
        )
