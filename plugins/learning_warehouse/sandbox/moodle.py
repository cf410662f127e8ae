"""Moodle web services as the sandbox answers them.

Traps to keep: one address for all functions, and errors with status 200; the token is a form field; parameters are flattened
as PHP does; times are seconds since 1970 and 0 is never; there is no way to ask what changed; a course without completion
criteria answers nocriteriaset for everybody; flags are true and false in some functions and 1 and 0 in others.
"""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

from learning_warehouse.sandbox.records.moodle import MoodleRecords
from learning_warehouse.sandbox.web import Answer, Call, json_answer
from learning_warehouse.sandbox.world import World

USER_NAME = "warehouse"
PASSWORD = "sandbox-moodle-password"  # noqa: S105  a published sandbox value
TOKEN = "0123456789abcdef0123456789ab3d1e"  # noqa: S105  a published sandbox value
SERVICE = "warehouse"
WARNINGS: list[Any] = []
TEXT_KEYS = ("email", "lastname", "firstname")
EXACT_KEYS = ("id", "username", "idnumber", "auth")

Form = dict[str, str]


class MoodleError(Exception):
    """What Moodle answers instead, still with status 200."""

    def __init__(self, code: str, message: str, kind: str = "moodle_exception") -> None:
        super().__init__(message)
        self.content = {"exception": kind, "errorcode": code, "message": message}


class Moodle:
    """The learning platform of one company."""

    def __init__(self, world: World, factor: float) -> None:
        self.world = world
        self.functions: dict[str, Callable[[MoodleRecords, Form], Any]] = {
            "core_webservice_get_site_info": _site_info,
            "core_user_get_users": _users,
            "core_course_get_courses": _courses,
            "core_enrol_get_enrolled_users": _enrolled,
            "core_completion_get_course_completion_status": _completion,
            "gradereport_user_get_grade_items": _grades,
        }

    def answer(self, call: Call) -> Answer:
        """Answer one call."""
        path = call.path.rstrip("/")
        form = {**call.query, **dict(parse_qsl(call.body.decode("utf-8", "replace"), keep_blank_values=True))}
        if path == "/login/token.php":
            return _token(form)
        if path != "/webservice/rest/server.php":
            return Answer(404, b"<!DOCTYPE html><html><body>Not Found</body></html>", "text/html; charset=utf-8")
        try:
            return json_answer(self._called(form))
        except MoodleError as error:
            return json_answer(error.content)

    def _called(self, form: Form) -> Any:
        if form.get("wstoken") != TOKEN:
            raise MoodleError("invalidtoken", "Invalid token - token not found", "core\\exception\\moodle_exception")
        if form.get("moodlewsrestformat") != "json":
            raise MoodleError("invalidparameter", "The sandbox answers in JSON only", "invalid_parameter_exception")
        function = self.functions.get(form.get("wsfunction", ""))
        if function is None:
            message = "Access control exception"
            raise MoodleError("accessexception", message, "webservice_access_exception")
        return function(self.world.moodle, form)


def _token(form: Form) -> Answer:
    if (form.get("username"), form.get("password")) != (USER_NAME, PASSWORD):
        return json_answer({"error": "Invalid login, please try again", "errorcode": "invalidlogin"})
    if form.get("service") != SERVICE:
        return json_answer({"error": "Web service is not available", "errorcode": "servicenotavailable"})
    return json_answer({"token": TOKEN, "privatetoken": None})


def _site_info(records: MoodleRecords, form: Form) -> Any:
    return {
        "sitename": f"{records.ledger.company_name} Academy",
        "username": USER_NAME,
        "userid": 2,
        "release": "5.0.2 (Build: 20250811)",
        "functions": [{"name": "core_user_get_users", "version": "2025041400"}],
    }


def _users(records: MoodleRecords, form: Form) -> Any:
    rows = records.users
    number = 0
    while (key := form.get(f"criteria[{number}][key]")) is not None:
        value = form.get(f"criteria[{number}][value]", "")
        if key in TEXT_KEYS:
            pattern = re.compile(".*".join(re.escape(part) for part in value.split("%")), re.IGNORECASE)
            rows = [row for row in rows if pattern.fullmatch(str(row.get(key, "")))]
        elif key in EXACT_KEYS:
            rows = [row for row in rows if str(row.get(key, "")) == value]
        else:
            raise MoodleError("invalidparameter", "Invalid parameter value detected", "invalid_parameter_exception")
        number += 1
    if number == 0:
        raise MoodleError("invalidparameter", "Missing required key in single structure: criteria", "invalid_parameter_exception")
    return {"users": rows, "warnings": WARNINGS}


def _courses(records: MoodleRecords, form: Form) -> Any:
    wanted = {value for name, value in form.items() if name.startswith("options[ids]")}
    return [row for row in records.courses if not wanted or str(row["id"]) in wanted]


def _enrolled(records: MoodleRecords, form: Form) -> Any:
    rows = _of_course(records.enrolled, form)
    asked = _options(form)
    if asked.get("onlyactive", "0") == "1" and asked.get("onlysuspended", "0") == "1":
        raise MoodleError("invalidparameter", "Both onlyactive and onlysuspended are set", "invalid_parameter_exception")
    if asked.get("onlyactive", "0") == "1":
        rows = [row for row in rows if not row["suspended"]]
    if asked.get("onlysuspended", "0") == "1":
        rows = [row for row in rows if row["suspended"]]
    start, number = int(asked.get("limitfrom", "0")), int(asked.get("limitnumber", "0"))
    rows = rows[start : start + number if number else None]
    fields = asked.get("userfields", "").split(",") if asked.get("userfields") else None
    return [{name: value for name, value in row.items() if fields is None or name in fields} for row in rows]


def _completion(records: MoodleRecords, form: Form) -> Any:
    course_id, user_id = _number(form, "courseid"), _number(form, "userid")
    if course_id not in records.enrolled:
        raise MoodleError("invalidrecord", "Can't find data record in database table course.", "dml_missing_record_exception")
    if not records.is_tracked(course_id):
        raise MoodleError("cannotviewreport", "Can not view report")
    if all(row["id"] != user_id or row["suspended"] for row in records.enrolled[course_id]):
        raise MoodleError("usernotenroled", "Specified user is not enrolled in this course")
    if not records.has_criteria(course_id):
        raise MoodleError("nocriteriaset", "No completion criteria set for this course")
    return {"completionstatus": records.completion(course_id, user_id), "warnings": WARNINGS}


def _grades(records: MoodleRecords, form: Form) -> Any:
    user_id = _number(form, "userid") if form.get("userid", "0") != "0" else None
    rows = _of_course(records.grades, form)
    return {"usergrades": [row for row in rows if user_id is None or row["userid"] == user_id], "warnings": WARNINGS}


def _of_course(rows: dict[int, list[dict[str, Any]]], form: Form) -> list[dict[str, Any]]:
    course_id = _number(form, "courseid")
    if course_id not in rows:
        raise MoodleError("invalidrecord", "Can't find data record in database table course.", "dml_missing_record_exception")
    return rows[course_id]


def _number(form: Form, name: str) -> int:
    if not form.get(name, "").isdigit():
        raise MoodleError("invalidparameter", f"Invalid parameter value detected: {name}", "invalid_parameter_exception")
    return int(form[name])


def _options(form: Form) -> dict[str, str]:
    """options[0][name]=x&options[0][value]=y as {x: y}."""
    names = {match[1]: value for name, value in form.items() if (match := re.fullmatch(r"options\[(\d+)\]\[name\]", name))}
    return {name: form.get(f"options[{place}][value]", "") for place, name in names.items()}
