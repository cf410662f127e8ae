"""BambooHR as the sandbox answers it: basic key, cursor pages, change maps, whole tables, names instead of ids."""

from typing import Any

import pytest

SINCE = "2026-11-30T12:00:00Z"


def test_the_key_is_the_user_of_a_basic_header_and_the_password_is_free(door: Any) -> None:
    url = "http://halden.bamboohr.com/api/v1/employees"
    assert door.get(url, auth=("sandbox-bamboohr-key", "anything")).status_code == 200
    refusal = door.get(url, auth=("wrong", "x"))
    assert refusal.status_code == 401
    assert "X-BambooHR-Error-Message" in refusal.headers


def test_the_old_gateway_address_answers_too(door: Any) -> None:
    url = "http://api.bamboohr.com/api/gateway.php/halden/v1/employees"
    assert door.get(url, auth=("sandbox-bamboohr-key", "x")).json()["meta"]["total"] == 3


def test_employees_are_paged_by_cursor_and_a_full_last_page_has_no_next(door: Any) -> None:
    seen, after = [], None
    while True:
        params = {"page[limit]": 1} | ({"page[after]": after} if after else {})
        content = door.bamboo("/employees", **params).json()
        seen += [row["employeeId"] for row in content["data"]]
        after = content["meta"]["page"]["nextCursor"]
        assert (content["_links"]["next"] is None) == (after is None)
        if after is None:
            break
    assert seen == ["100", "101", "102"]


def test_the_next_link_keeps_host_scheme_and_parameters(door: Any) -> None:
    link = door.bamboo("/employees", **{"page[limit]": 1, "fields": "workEmail"}).json()["_links"]["next"]
    assert link.startswith("http://halden.bamboohr.com/api/v1/employees?")
    assert door.get(link, auth=("sandbox-bamboohr-key", "x")).json()["data"][0]["workEmail"] == "ann.lee@halden.example"


def test_only_fields_asked_for_are_shown_and_unknown_ones_are_named_restricted(door: Any) -> None:
    row = door.bamboo("/employees", fields="reportsToId,salary").json()["data"][1]
    assert (row["reportsToId"], row["salary"], row["_restrictedFields"]) == ("100", None, ["salary"])
    assert "workEmail" not in row


def test_active_and_inactive_are_two_lists(door: Any) -> None:
    inactive = door.bamboo("/employees", **{"filter[status]": "inactive", "fields": "employmentStatusName"}).json()["data"]
    assert [(row["employeeId"], row["status"], row["employmentStatusName"]) for row in inactive] == [
        ("102", "Inactive", "Terminated")
    ]
    assert door.bamboo("/employees", **{"filter[status]": "gone"}).status_code == 400
    assert door.bamboo("/employees", **{"page[limit]": 2501}).status_code == 400


def test_someone_hired_next_month_is_not_known_yet(door: Any) -> None:
    assert "103" not in door.bamboo("/employees/changed", since="2020-01-01T00:00:00Z").json()["employees"]


def test_changed_lists_who_changed_and_gives_the_next_watermark(door: Any) -> None:
    content = door.bamboo("/employees/changed", since=SINCE).json()
    assert content["latest"] == "2026-12-01T00:00:00+00:00"
    assert content["employees"] == {"101": {"id": "101", "action": "Updated", "lastChanged": "2026-12-01T00:00:00+00:00"}}
    assert door.bamboo("/employees/changed", since=content["latest"]).json() == {"latest": content["latest"], "employees": {}}


def test_a_deleted_employee_remains_only_in_changed(door: Any) -> None:
    door.move(door.later)
    changed = door.bamboo("/employees/changed", since=SINCE).json()["employees"]
    assert changed["102"]["action"] == "Deleted"
    assert door.bamboo("/employees").json()["meta"]["total"] == 2
    assert "102" not in door.bamboo("/employees/changed/tables/jobInfo", since="2020-01-01T00:00:00Z").json()["employees"]


def test_a_change_brings_all_rows_of_the_employee_with_the_managers_name(door: Any) -> None:
    employees = door.bamboo("/employees/changed/tables/jobInfo", since=SINCE).json()["employees"]
    assert list(employees) == ["101"]
    assert [(row["date"], row["jobTitle"], row["reportsTo"]) for row in employees["101"]["rows"]] == [
        ("2024-03-01", "Support Agent", "Kim Roe"),
        ("2026-12-01", "Account Executive", "Kim Roe"),
    ]


def test_a_termination_is_a_status_row_with_its_type(door: Any) -> None:
    table = door.bamboo("/employees/changed/tables/employmentStatus", since="2020-01-01T00:00:00Z").json()
    rows = table["employees"]["102"]["rows"]
    assert [(row["date"], row["employmentStatus"], row["terminationTypeId"]) for row in rows] == [
        ("2023-05-01", "Contractor", None),
        ("2026-11-30", "Terminated", "Voluntary"),
    ]


@pytest.mark.parametrize(
    ("path", "status"),
    [("/employees/changed", 400), ("/employees/changed/tables/pay?since=2020-01-01", 404)],
)
def test_what_bamboohr_refuses_is_refused(door: Any, path: str, status: int) -> None:
    assert door.bamboo(path).status_code == status


def test_without_asking_for_json_the_feed_is_xml(door: Any) -> None:
    url = "http://halden.bamboohr.com/api/v1/employees/changed?since=2020-01-01T00:00:00Z"
    assert door.get(url, auth=("sandbox-bamboohr-key", "x")).text.startswith("<?xml")


def test_a_throttled_call_says_when_to_come_back(slow_door: Any) -> None:
    answers = [slow_door.bamboo("/employees", **{"page[limit]": 1}) for _ in range(101)]
    assert [answer.status_code for answer in answers] == [200] * 100 + [429]
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60
