"""Moodle as the sandbox answers it: one address, a token in the form, errors with status 200, PHP's way to flatten parameters."""

from typing import Any

import pytest

from learning_warehouse.sandbox import moodle

URL = "http://learn.halden.example/webservice/rest/server.php"


def call(door: Any, function: str, **params: Any) -> Any:
    form = {"wstoken": moodle.TOKEN, "wsfunction": function, "moodlewsrestformat": "json", **params}
    answer = door.send("POST", URL, data=form)
    assert answer.status_code == 200
    return answer.json()


def everybody(door: Any) -> list[dict[str, Any]]:
    return call(door, "core_user_get_users", **{"criteria[0][key]": "email", "criteria[0][value]": "%"})["users"]


def course_id(door: Any, code: str) -> int:
    return next(row["id"] for row in call(door, "core_course_get_courses") if row["shortname"] == code)


@pytest.mark.parametrize(
    ("function", "params", "code"),
    [
        ("core_course_get_courses", {"wstoken": "wrong"}, "invalidtoken"),
        ("core_course_delete_courses", {}, "accessexception"),
        ("core_user_get_users", {}, "invalidparameter"),
        ("core_enrol_get_enrolled_users", {"courseid": "x"}, "invalidparameter"),
        ("core_enrol_get_enrolled_users", {"courseid": "999"}, "invalidrecord"),
    ],
)
def test_errors_come_with_status_200(door: Any, function: str, params: dict[str, str], code: str) -> None:
    answer = call(door, function, **params)
    assert (answer["errorcode"], set(answer)) == (code, {"exception", "errorcode", "message"})


def test_a_password_gives_the_token_and_a_wrong_one_an_error(door: Any) -> None:
    url = "http://learn.halden.example/login/token.php"
    right = {"username": moodle.USER_NAME, "password": moodle.PASSWORD, "service": moodle.SERVICE}
    assert door.send("POST", url, data=right).json()["token"] == moodle.TOKEN
    assert set(door.send("POST", url, data=right | {"password": "no"}).json()) == {"error", "errorcode"}


def test_users_are_found_by_a_wildcard_and_by_id(door: Any) -> None:
    assert [row["username"] for row in everybody(door)] == ["ann", "kim", "pat"]
    found = call(door, "core_user_get_users", **{"criteria[0][key]": "email", "criteria[0][value]": "%@acme.example"})
    assert [(row["username"], row["suspended"]) for row in found["users"]] == [("pat", True)]
    assert found["users"][0]["customfields"][0]["value"] == "customer"


def test_enrolled_users_come_in_pages_of_the_fields_asked_for(door: Any) -> None:
    mandatory = course_id(door, "MAND-1")
    asked = {"options[0][name]": "userfields", "options[0][value]": "id,lastcourseaccess"}
    asked |= {
        "options[1][name]": "limitfrom",
        "options[1][value]": "1",
        "options[2][name]": "limitnumber",
        "options[2][value]": "1",
    }
    assert call(door, "core_enrol_get_enrolled_users", courseid=mandatory, **asked) == [{"id": 4, "lastcourseaccess": 0}]


@pytest.mark.parametrize(
    ("option", "names"), [("onlyactive", ["ann", "kim"]), ("onlysuspended", ["pat"]), ("sortby", ["ann", "kim", "pat"])]
)
def test_active_and_suspended_enrollments_are_two_questions(door: Any, option: str, names: list[str]) -> None:
    asked = {"options[0][name]": option, "options[0][value]": "id" if option == "sortby" else "1"}
    rows = call(door, "core_enrol_get_enrolled_users", courseid=course_id(door, "CUST-CERT-1"), **asked)
    assert [row["username"] for row in rows] == names


def test_the_day_of_completion_is_in_the_criteria_only_and_comes_when_it_has_come(door: Any) -> None:
    course = course_id(door, "CUST-CERT-1")
    before = call(door, "core_completion_get_course_completion_status", courseid=course, userid=3)["completionstatus"]
    assert (before["completed"], before["completions"][0]["timecompleted"]) == (False, None)
    door.move(door.later)
    after = call(door, "core_completion_get_course_completion_status", courseid=course, userid=3)["completionstatus"]
    assert (after["completed"], after["completions"][0]["timecompleted"]) == (True, 1_796_126_400)


@pytest.mark.parametrize(("code", "user", "error"), [("CUST-CERT-1", 99, "usernotenroled"), ("MAND-1", 3, "cannotviewreport")])
def test_a_pair_that_is_not_tracked_is_an_error_of_that_pair(door: Any, code: str, user: int, error: str) -> None:
    answer = call(door, "core_completion_get_course_completion_status", courseid=course_id(door, code), userid=user)
    assert answer["errorcode"] == error


def test_grades_of_a_course_come_for_everybody_at_once_with_the_total_as_an_item(door: Any) -> None:
    rows = call(door, "gradereport_user_get_grade_items", courseid=course_id(door, "CUST-CERT-1"), userid=0)["usergrades"]
    assert {row["userid"]: [(item["itemtype"], item["graderaw"]) for item in row["gradeitems"]] for row in rows} == {
        3: [("mod", None), ("course", None)],
        4: [("mod", 40.0), ("course", 40.0)],
        5: [("mod", 91.5), ("course", 91.5)],
    }


def test_a_course_of_tomorrow_is_not_shown_tonight(door: Any) -> None:
    assert [row["shortname"] for row in call(door, "core_course_get_courses")] == ["CUST-CERT-1", "MAND-1"]
    door.move(door.later)
    assert "CUST-NEW" in [row["shortname"] for row in call(door, "core_course_get_courses")]
