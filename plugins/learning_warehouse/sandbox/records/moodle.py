"""Moodle records at `now`: users, courses, who is enrolled in which, completion by criteria, and grades.

Moodle has one enrollment of a learner in a course, however often the ledger lets the learner take it. Completion, once there,
stays: its day is that of the first completion that was passed; the grade is that of the last completion. Only courses that end
in a certificate, onboarding and agent training are tracked by criteria; of one more, tracking is on without criteria.
Ids are the places in the ledger's lists.
"""

from collections import defaultdict
from datetime import datetime
from functools import cached_property
from typing import Any

from learning_warehouse.sandbox.records.shared import known, name_of_address, workers_at
from learning_warehouse.simulation.ledger import Course, Enrollment, Learner, Ledger

FIRST_USER, FIRST_COURSE = 3, 2
TRACKED = ("CUST-CERT", "ONB-", "AGT-", "OWN-")
TRACKED_WITHOUT_CRITERIA = "CUST-START"
SELF_COMPLETION, GRADE = 1, 6
STUDENT = {"roleid": 5, "name": "", "shortname": "student", "sortorder": 0}


def seconds(moment: datetime | None) -> int:
    """Seconds since 1970; 0 for never."""
    return int(moment.timestamp()) if moment else 0


class MoodleRecords:
    """Everything the site shows at one `now`; lists are ordered by id."""

    def __init__(self, ledger: Ledger, now: datetime) -> None:
        self.ledger = ledger
        self.now = now
        self.learners = {n: one for n, one in enumerate(ledger.learners, start=FIRST_USER) if one.created_at < now}
        self.courses_by_id = {n: one for n, one in enumerate(ledger.courses, start=FIRST_COURSE) if one.created_at < now}

    @cached_property
    def _pairs(self) -> dict[int, dict[int, list[Enrollment]]]:
        """Course id -> user id -> enrollments of the ledger, oldest first."""
        users = {one.user_id: number for number, one in self.learners.items()}
        courses = {one.course_id: number for number, one in self.courses_by_id.items()}
        pairs: dict[int, dict[int, list[Enrollment]]] = {number: defaultdict(list) for number in courses.values()}
        for fact in sorted(self.ledger.enrollments, key=lambda fact: fact.added_at):
            if fact.added_at < self.now and fact.course_id in courses and fact.user_id in users:
                pairs[courses[fact.course_id]][users[fact.user_id]].append(fact)
        return {course_id: dict(sorted(members.items())) for course_id, members in pairs.items()}

    @cached_property
    def _visits(self) -> dict[int, list[datetime]]:
        visits: dict[int, list[datetime]] = defaultdict(list)
        for members in self._pairs.values():
            for user_id, facts in members.items():
                visits[user_id] += self._moments(facts)
        return visits

    def _moments(self, facts: list[Enrollment]) -> list[datetime]:
        moments = (known(moment, self.now) for fact in facts for moment in (fact.started_at, fact.completed_at))
        return [moment for moment in moments if moment]

    @cached_property
    def users(self) -> list[dict[str, Any]]:
        """Every user as core_user_get_users shows it; an account that was closed is suspended."""
        workers = workers_at(self.ledger, self.now)
        return [self._user(number, one, workers.get(one.employee_id or "")) for number, one in self.learners.items()]

    def _user(self, number: int, learner: Learner, worker: Any) -> dict[str, Any]:
        names = (worker.employee.first_name, worker.employee.last_name) if worker else name_of_address(learner.email)
        visits = self._visits.get(number, [])
        return {
            "id": number,
            "username": learner.username,
            "firstname": names[0],
            "lastname": names[1],
            "fullname": " ".join(names),
            "email": learner.email,
            "department": worker.job.department if worker and worker.job else "",
            "institution": self.ledger.company_name if worker else "",
            "idnumber": learner.external_id or "",
            "firstaccess": seconds(min(visits)) if visits else 0,
            "lastaccess": seconds(max(visits)) if visits else 0,
            "auth": "manual",
            "suspended": known(learner.deactivated_at, self.now) is not None,
            "confirmed": True,
            "lang": "en",
            "theme": "",
            "timezone": "99",
            "mailformat": 1,
            "customfields": [{"type": "text", "value": learner.audience, "name": "Audience", "shortname": "audience"}],
        }

    @cached_property
    def courses(self) -> list[dict[str, Any]]:
        """Every course as core_course_get_courses shows it; the length is a custom field, as Moodle has none."""
        return [self._course(number, course) for number, course in self.courses_by_id.items()]

    def _course(self, number: int, course: Course) -> dict[str, Any]:
        made = seconds(course.created_at)
        minutes = {"name": "Minutes", "shortname": "minutes", "type": "number", "valueraw": course.estimated_minutes}
        return {
            "id": number,
            "shortname": course.code,
            "categoryid": 1,
            "fullname": course.name,
            "displayname": course.name,
            "idnumber": course.code,
            "summary": f"<p>{course.name}</p>",
            "summaryformat": 1,
            "format": "topics",
            "startdate": made,
            "enddate": 0,
            "visible": 1,
            "lang": "",
            "timecreated": made,
            "timemodified": made,
            "enablecompletion": int(self.is_tracked(number)),
            "customfields": [{**minutes, "value": str(course.estimated_minutes)}],
        }

    def is_tracked(self, course_id: int) -> bool:
        """Whether completion is enabled in a course."""
        code = self.courses_by_id[course_id].code
        return code.startswith(TRACKED) or code == TRACKED_WITHOUT_CRITERIA

    def has_criteria(self, course_id: int) -> bool:
        """Whether a course says what completing it takes."""
        return self.courses_by_id[course_id].code != TRACKED_WITHOUT_CRITERIA

    @cached_property
    def enrolled(self) -> dict[int, list[dict[str, Any]]]:
        """Course id -> users as core_enrol_get_enrolled_users shows them; enrollments of closed accounts are suspended."""
        people = {row["id"]: row for row in self.users}
        return {
            course_id: [
                {
                    **people[user_id],
                    "lastcourseaccess": max(map(seconds, self._moments(facts)), default=0),
                    "groups": [],
                    "roles": [STUDENT],
                    "enrolledcourses": [],
                }
                for user_id, facts in members.items()
            ]
            for course_id, members in self._pairs.items()
        }

    def completion(self, course_id: int, user_id: int) -> dict[str, Any]:
        """How far one learner is in a course with criteria."""
        facts = self._pairs[course_id][user_id]
        passed = [fact.completed_at for fact in facts if fact.passed and known(fact.completed_at, self.now) and fact.completed_at]
        is_graded = self._is_graded(course_id)
        words = ("Passing grade", "Course grade", "80.00 required") if is_graded else ("Self completion", "Self completion", "")
        row = {
            "type": GRADE if is_graded else SELF_COMPLETION,
            "title": words[0],
            "status": "Yes" if passed else "No",
            "complete": bool(passed),
            "timecompleted": seconds(min(passed)) if passed else None,
            "details": {"type": words[0], "criteria": words[1], "requirement": words[2], "status": ""},
        }
        return {"completed": bool(passed), "aggregation": 1, "completions": [row]}

    def _is_graded(self, course_id: int) -> bool:
        return self.courses_by_id[course_id].code.startswith(("CUST-CERT", "ONB-", "MAND-"))

    @cached_property
    def grades(self) -> dict[int, list[dict[str, Any]]]:
        """Course id -> grades of everybody enrolled: the quiz where there is one, and the total of the course."""
        names = {row["id"]: row for row in self.users}
        return {
            course_id: [self._user_grades(course_id, names[user_id], facts) for user_id, facts in members.items()]
            for course_id, members in self._pairs.items()
        }

    def _user_grades(self, course_id: int, user: dict[str, Any], facts: list[Enrollment]) -> dict[str, Any]:
        ended = [(fact.completed_at, fact) for fact in facts if fact.completed_at and fact.completed_at < self.now]
        last = max(ended, key=lambda pair: pair[0])[1] if ended else None
        items = [self._item(2 * course_id + 1, "course", last)]
        if self._is_graded(course_id):
            items.insert(
                0, self._item(2 * course_id, "mod", last) | {"itemname": "Final quiz", "itemmodule": "quiz", "cmid": course_id}
            )
        return {
            "courseid": course_id,
            "courseidnumber": self.courses_by_id[course_id].code,
            "userid": user["id"],
            "userfullname": user["fullname"],
            "useridnumber": user["idnumber"],
            "maxdepth": 2,
            "gradeitems": items,
        }

    def _item(self, item_id: int, kind: str, last: Enrollment | None) -> dict[str, Any]:
        raw = (100.0 if last.score is None else last.score) if last else None
        return {
            "id": item_id,
            "itemname": None,
            "itemtype": kind,
            "itemmodule": None,
            "iteminstance": item_id,
            "graderaw": raw,
            "gradedatesubmitted": seconds(last.completed_at) if last and kind == "mod" else None,
            "gradedategraded": seconds(last.completed_at) if last else None,
            "gradeformatted": "-" if raw is None else f"{raw:.2f}",
            "grademin": 0,
            "grademax": 100,
            "percentageformatted": "-" if raw is None else f"{raw:.2f} %",
            "feedback": "",
            "feedbackformat": 0,
        }
