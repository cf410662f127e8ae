"""Workday's reports as the sandbox answers them: whole, by prompts, in JSON or XML, with local times and blank texts."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from learning_warehouse.sandbox import workday

REPORTS = f"http://wd2-impl-services1.workday.com{workday.REPORTS}"
EVER = {"Updated_From": "2000-01-01T00:00:00+00:00", "Updated_To": "2030-01-01T00:00:00+00:00"}


def ask(door: Any, report: str, auth: tuple[str, str] = (workday.USER, workday.PASSWORD), **prompts: str) -> Any:
    return door.get(f"{REPORTS}Learning_Warehouse_{report}", auth=auth, params={"format": "json", **prompts})


def workers(door: Any, day: str) -> dict[str, Any]:
    return {row["Employee_ID"]: row for row in ask(door, "Workers", Effective_as_of_Date=day).json()["Report_Entry"]}


def test_only_the_integration_user_may_read_and_only_shared_reports(door: Any) -> None:
    assert ask(door, "Workers", ("lw_isu@halden", "wrong")).status_code == 401
    assert ask(door, "Workers", ("lw_isu", workday.PASSWORD)).status_code == 401
    assert ask(door, "Salaries").status_code == 404


def test_a_report_comes_as_it_was_on_the_day_that_is_asked_for_and_knows_no_future(door: Any) -> None:
    today = workers(door, "2026-12-01")
    assert [(key, row["Worker_Status"], row["Termination_Date"]) for key, row in today.items()] == [
        ("100", "Active", ""),
        ("101", "Active", ""),
        ("102", "Terminated", "2026-11-30"),
    ]
    assert (today["101"]["Job_Profile"], today["101"]["Manager_Employee_ID"]) == ("Account Executive", "100")
    assert workers(door, "2027-06-01") == today
    assert workers(door, "2026-11-29")["101"]["Job_Profile"] == "Support Agent"
    assert list(workers(door, "2023-03-01")) == ["100"]


def test_a_deleted_worker_is_gone_from_both_reports(door: Any) -> None:
    door.move(door.later)
    assert "102" not in workers(door, "2026-12-02")
    assert "102" not in {row["Employee_ID"] for row in ask(door, "Worker_History", **EVER).json()["Report_Entry"]}


def test_the_history_holds_who_changed_in_a_half_open_piece_of_time_with_all_rows(door: Any) -> None:
    moment = datetime.fromisoformat("2026-12-01T00:00:00+00:00")
    for begin, end, found in ((0, 1, ["101"]), (-1, 0, []), (1, 2, [])):
        prompts = {"Updated_From": moment + timedelta(seconds=begin), "Updated_To": moment + timedelta(seconds=end)}
        rows = ask(door, "Worker_History", **{name: value.isoformat() for name, value in prompts.items()}).json()["Report_Entry"]
        assert [row["Employee_ID"] for row in rows] == found
    (row,) = [row for row in ask(door, "Worker_History", **EVER).json()["Report_Entry"] if row["Employee_ID"] == "102"]
    assert [state["Worker_Status"] for state in row["Employment_History"]] == ["Active", "Terminated"]
    assert row["Employment_History"][1]["Termination_Category"] == "Voluntary"


def test_times_are_those_of_the_data_center(door: Any) -> None:
    (row,) = [row for key, row in workers(door, "2026-12-01").items() if key == "101"]
    assert row["Last_Functionally_Updated"] == "2026-11-30T16:00:00.000-08:00"


def test_without_the_format_a_report_is_xml(door: Any) -> None:
    auth, prompts = (workday.USER, workday.PASSWORD), {"Effective_as_of_Date": "2026-12-01"}
    answer = door.get(f"{REPORTS}Learning_Warehouse_Workers", auth=auth, params=prompts)
    assert answer.headers["Content-Type"].startswith("text/xml")
    assert answer.text.count("<wd:Report_Entry>") == 3


@pytest.mark.parametrize(
    ("report", "prompts"),
    [
        ("Workers", {}),
        ("Workers", {"Effective_as_of_Date": "tonight"}),
        ("Worker_History", {"Updated_From": EVER["Updated_From"]}),
        ("Worker_History", EVER | {"Updated_To": "2026-12-01T00:00:00"}),
    ],
)
def test_a_missing_or_unreadable_prompt_is_refused(door: Any, report: str, prompts: dict[str, str]) -> None:
    assert ask(door, report, **prompts).status_code == 400


def test_a_throttled_call_names_no_time_to_wait(slow_door: Any) -> None:
    prompts = {"Effective_as_of_Date": "2026-12-01"}
    answers = [ask(slow_door, "Workers", **prompts) for _ in range(workday.CALLS_PER_MINUTE + 1)]
    assert [answer.status_code for answer in answers[-2:]] == [200, 429]
    assert "Retry-After" not in answers[-1].headers
