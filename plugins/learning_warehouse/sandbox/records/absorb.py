"""Absorb LMS records at `now`: users, departments, courses, enrollments and certificates.

Rows carry the version column (`dateEdited`) as a datetime and are rendered only when a page needs them. A login (any
start or completion) moves the user's `dateEdited`; a re-enrollment makes the older row of the same user and course
`isActive: false` and moves it too.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from learning_warehouse.sandbox.records.shared import guid, iso_z, known, midnight, name_of_address, newest, workers_at
from learning_warehouse.simulation.ledger import Course, Enrollment, Learner, Ledger

PORTAL_OPENED = datetime(2019, 1, 7, 8, 0, 0, tzinfo=UTC)
NOT_STARTED, IN_PROGRESS, COMPLETE, FAILED = 0, 1, 3, 5
TICKS_PER_MINUTE = 600_000_000


@dataclass(frozen=True, slots=True)
class Row:
    """One record to be: its id, when it was added and last edited, and the ledger fact behind it."""

    id: str
    added: datetime
    edited: datetime
    fact: Any


class AbsorbRecords:
    """Everything the LMS shows at one `now`. Lists are ordered by id; enrollments are held per course and per user."""

    def __init__(self, ledger: Ledger, now: datetime) -> None:
        self.ledger = ledger
        self.now = now
        self.learners = {learner.user_id: learner for learner in ledger.learners if learner.created_at < now}
        self.courses_by_id = {course.course_id: course for course in ledger.courses if course.created_at < now}

    @cached_property
    def _workers(self) -> dict[str, Any]:
        return workers_at(self.ledger, self.now)

    @cached_property
    def _enrollments(self) -> list[Row]:
        now = self.now
        rows = []
        newest_addition: dict[tuple[str, str], datetime] = {}
        facts = [fact for fact in self.ledger.enrollments if fact.added_at < now and fact.course_id in self.courses_by_id]
        for fact in facts:
            key = (fact.user_id, fact.course_id)
            if key not in newest_addition or newest_addition[key] < fact.added_at:
                newest_addition[key] = fact.added_at
        for fact in facts:
            edited = fact.added_at
            if fact.completed_at is not None and fact.completed_at < now:
                edited = fact.completed_at
            elif fact.started_at is not None and fact.started_at < now:
                edited = fact.started_at
            addition = newest_addition[(fact.user_id, fact.course_id)]
            rows.append(Row(fact.enrollment_id, fact.added_at, max(edited, addition), fact))
        self._newest_addition = newest_addition
        return rows

    @cached_property
    def _by_course(self) -> dict[str, list[Row]]:
        return _grouped(self._enrollments, "course_id")

    @cached_property
    def _by_user(self) -> dict[str, list[Row]]:
        return _grouped(self._enrollments, "user_id")

    @cached_property
    def _last_logins(self) -> dict[str, datetime]:
        logins: dict[str, datetime] = {}
        for row in self._enrollments:
            for moment in (row.fact.started_at, row.fact.completed_at):
                if moment is not None and moment < self.now and logins.get(row.fact.user_id, moment) <= moment:
                    logins[row.fact.user_id] = moment
        return logins

    @cached_property
    def users(self) -> list[Row]:
        rows = []
        for learner in self.learners.values():
            worker = self._workers.get(learner.employee_id) if learner.employee_id else None
            moments = [learner.created_at, learner.deactivated_at, self._last_logins.get(learner.user_id)]
            edited = newest([*moments, worker.changed_at if worker else None], self.now)
            rows.append(Row(learner.user_id, learner.created_at, edited, learner))
        return sorted(rows, key=lambda row: row.id)

    @cached_property
    def courses(self) -> list[Row]:
        courses = sorted(self.courses_by_id.values(), key=lambda course: course.course_id)
        return [Row(course.course_id, course.created_at, course.created_at, course) for course in courses]

    @cached_property
    def departments(self) -> list[Row]:
        units = {job.department for employee in self.ledger.employees for job in employee.jobs}
        names = sorted(units | {"Customers", "Partners"})
        top = [(guid("department", self.ledger.company_name), self.ledger.company_name, None)]
        below = [(guid("department", name), name, top[0][0]) for name in names if name != self.ledger.company_name]
        return [Row(entry[0], PORTAL_OPENED, PORTAL_OPENED, entry) for entry in top + below]

    def enrollments_of_course(self, course_id: str) -> list[Row] | None:
        """Rows of one course by id, or nothing when the course is unknown."""
        return self._by_course.get(course_id, []) if course_id in self.courses_by_id else None

    def enrollments_of_user(self, user_id: str) -> list[Row] | None:
        """Rows of one user by id, or nothing when the user is unknown."""
        return self._by_user.get(user_id, []) if user_id in self.learners else None

    def certificates_of_user(self, user_id: str) -> list[Row] | None:
        """Certificates acquired before now by one user, or nothing when the user is unknown."""
        rows = self.enrollments_of_user(user_id)
        if rows is None:
            return None
        held = [row.fact for row in rows if self._holds_certificate(row.fact)]
        return [Row(fact.certificate_id, fact.completed_at, fact.completed_at, fact) for fact in held]

    def _holds_certificate(self, fact: Enrollment) -> bool:
        return bool(fact.certificate_id and fact.passed and known(fact.completed_at, self.now))

    @cached_property
    def _full_names(self) -> dict[str, str]:
        return {user_id: " ".join(self._names(learner)) for user_id, learner in self.learners.items()}

    def _names(self, learner: Learner) -> tuple[str, str]:
        worker = self._workers.get(learner.employee_id) if learner.employee_id else None
        if worker:
            return worker.employee.first_name, worker.employee.last_name
        return name_of_address(learner.email)

    @cached_property
    def _user_of_employee(self) -> dict[str, str]:
        return {learner.employee_id: learner.user_id for learner in self.learners.values() if learner.employee_id}

    def render_user(self, row: Row) -> dict[str, Any]:
        """One user as /users shows it."""
        learner: Learner = row.fact
        worker = self._workers.get(learner.employee_id) if learner.employee_id else None
        job = worker.job if worker else None
        first_name, last_name = self._names(learner)
        unit = job.department if job else {"customer": "Customers", "partner": "Partners"}.get(learner.audience)
        terminated = worker.spells[-1].terminated if worker else None
        manager_id = job.manager_employee_id if job else None
        return {
            "id": learner.user_id,
            "departmentId": guid("department", unit or self.ledger.company_name),
            "firstName": first_name,
            "middleName": None,
            "lastName": last_name,
            "username": learner.username,
            "emailAddress": learner.email,
            "externalId": learner.external_id,
            "ccEmailAddresses": [],
            "languageId": 1,
            "gender": 0,
            "phone": None,
            "employeeNumber": learner.employee_id if learner.external_id == learner.employee_id else None,
            "location": job.location if job else None,
            "jobTitle": job.job_title if job else None,
            "referenceNumber": None,
            "dateHired": iso_z(midnight(worker.spells[-1].hired)) if worker else None,
            "dateTerminated": iso_z(midnight(terminated)) if terminated else None,
            "dateEdited": iso_z(row.edited),
            "dateAdded": iso_z(learner.created_at),
            "lastLoginDate": iso_z(self._last_logins.get(learner.user_id)),
            "notes": None,
            "customFields": {"string1": learner.audience, "string2": None, "decimal1": None, "datetime1": None, "bool1": False},
            "roleIds": [],
            "activeStatus": 1 if known(learner.deactivated_at, self.now) else 0,
            "isLearner": True,
            "isAdmin": False,
            "isInstructor": False,
            "isManager": False,
            "supervisorId": self._user_of_employee.get(manager_id) if manager_id else None,
            "hasUsername": True,
        }

    def render_department(self, row: Row) -> dict[str, Any]:
        """One department; all hang below the company."""
        department_id, name, parent_id = row.fact
        return {
            "id": department_id,
            "name": name,
            "useDepartmentContactDetails": False,
            "companyName": self.ledger.company_name,
            "phoneNumber": None,
            "emailAddress": None,
            "externalId": None,
            "parentId": parent_id,
            "currencyId": None,
            "dateEdited": iso_z(row.edited),
            "dateAdded": iso_z(row.added),
        }

    def render_course(self, row: Row) -> dict[str, Any]:
        """One course; `externalId` is the course code, `learnerTime` is in hours."""
        course: Course = row.fact
        url = f"http://rest.myabsorb.eu/certificates/{course.course_id}" if course.has_certificate else None
        return {
            "id": course.course_id,
            "courseType": "OnlineCourse",
            "name": course.name,
            "description": f"<p>{course.name}</p>",
            "externalId": course.code,
            "accessDate": None,
            "expireType": 0,
            "expireDuration": None,
            "expiryDate": None,
            "activeStatus": 0,
            "tagIds": [],
            "prerequisiteCourseIds": [],
            "categoryId": guid("category", course.code.partition("-")[0]),
            "certificateUrl": url,
            "vendor": None,
            "companyCost": None,
            "learnerCost": None,
            "companyTime": None,
            "learnerTime": round(course.estimated_minutes / 60, 6),
            "dateEdited": iso_z(row.edited),
            "dateAdded": iso_z(row.added),
        }

    def render_enrollment(self, row: Row) -> dict[str, Any]:
        """One enrollment; score, status and time spent only as far as they are known at now."""
        fact: Enrollment = row.fact
        now = self.now
        completed = fact.completed_at if fact.completed_at is not None and fact.completed_at < now else None
        started = fact.started_at if fact.started_at is not None and fact.started_at < now else None
        status = (COMPLETE if fact.passed else FAILED) if completed else IN_PROGRESS if started else NOT_STARTED
        ticks = round(fact.minutes * TICKS_PER_MINUTE) if started or completed else 0
        course = self.courses_by_id[fact.course_id]
        return {
            "id": fact.enrollment_id,
            "courseId": fact.course_id,
            "courseName": course.name,
            "userId": fact.user_id,
            "fullName": self._full_names.get(fact.user_id),
            "progress": 100.0 if completed else 50.0 if started else 0.0,
            "score": fact.score if completed else None,
            "status": status,
            "dateAdded": iso_z(fact.added_at),
            "dateStarted": iso_z(started),
            "dateCompleted": iso_z(completed),
            "dateEdited": iso_z(row.edited),
            "dateDue": iso_z(fact.due_at),
            "dateExpires": None,
            "accessDate": None,
            "courseVersionId": guid("version", fact.course_id),
            "acceptedTermsAndConditions": True,
            "timeSpentTicks": ticks,
            "timeSpent": timespan(ticks),
            "enrollmentKeyId": guid("enrollment key", fact.course_id) if fact.self_enrolled else None,
            "certificateId": fact.certificate_id if self._holds_certificate(fact) else None,
            "credits": None,
            "isActive": fact.added_at >= self._newest_addition[(fact.user_id, fact.course_id)],
            "jobTitle": None,
            "courseCollectionId": None,
            "avatar": None,
        }

    def render_certificate(self, row: Row) -> dict[str, Any]:
        """One certificate of a user."""
        fact: Enrollment = row.fact
        return {
            "id": fact.certificate_id,
            "enrollmentId": fact.enrollment_id,
            "fullName": self._full_names.get(fact.user_id),
            "courseName": self.courses_by_id[fact.course_id].name,
            "acquiredDate": iso_z(fact.completed_at),
            "expiryDate": iso_z(fact.certificate_expires_at),
            "notes": None,
        }


def timespan(ticks: int) -> str:
    """A .NET TimeSpan of 100 ns ticks: `[d.]HH:MM:SS[.fffffff]`."""
    seconds, fraction = divmod(ticks, 10_000_000)
    days, seconds = divmod(seconds, 86_400)
    text = f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    return (f"{days}." if days else "") + text + (f".{fraction:07d}" if fraction else "")


def _grouped(rows: list[Row], name: str) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[getattr(row.fact, name)].append(row)
    for members in groups.values():
        members.sort(key=lambda row: row.id)
    return groups
