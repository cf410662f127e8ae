"""HiBob as the sandbox answers it: one search for everybody, tables by cursor, words beside numbers, limits by endpoint."""

from typing import Any

import pytest

from learning_warehouse.sandbox import hibob

ROOT = "http://api.hibob.com"
AUTH = (hibob.SERVICE_USER, hibob.TOKEN)
FIELDS = ["root.id", "root.email", "internal.lifecycleStatus", "work.startDate", "work.title"]


def search(door: Any, auth: tuple[str, str] = AUTH, **question: Any) -> Any:
    return door.send("POST", f"{ROOT}{hibob.SEARCH}", auth=auth, json=question)


def table(door: Any, name: str, **params: Any) -> Any:
    return door.get(f"{ROOT}{hibob.TABLES}{name}", auth=AUTH, params=params)


def employees(door: Any, **question: Any) -> dict[str, Any]:
    return {row["id"]: row for row in search(door, fields=FIELDS, **question).json()["employees"]}


def test_only_the_service_user_may_read_and_only_what_there_is(door: Any) -> None:
    assert search(door, ("SERVICE-20260", "wrong")).status_code == 401
    assert table(door, "salaries").status_code == 404
    assert door.get(f"{ROOT}{hibob.SEARCH}", auth=AUTH).status_code == 405


def test_the_search_shows_who_works_here_and_leavers_only_when_asked(door: Any) -> None:
    assert list(employees(door)) == ["100", "101"]
    everybody = employees(door, showInactive=True)
    assert [(key, row["internal"]["lifecycleStatus"]) for key, row in everybody.items()] == [
        ("100", "Employed"),
        ("101", "Employed"),
        ("102", "Terminated"),
    ]
    door.move(door.later)
    assert list(employees(door, showInactive=True)) == ["100", "101"], "who was deleted is gone"


def test_a_list_field_is_a_number_with_its_word_beside_it_and_unknown_fields_are_left_out(door: Any) -> None:
    row = search(door, fields=[*FIELDS, "work.nonsense"], humanReadable="APPEND").json()["employees"][1]
    assert row["work"]["title"].isdigit() and row["humanReadable"]["work"]["title"] == "Account Executive"
    for field in FIELDS:
        section, name = field.split(".")
        assert row["/" + field.replace(".", "/")] == {"value": (row if section == "root" else row[section])[name]}
    assert (row["work"]["startDate"], row["humanReadable"]["work"]["startDate"]) == ("2024-03-01", "01/03/2024")
    assert "nonsense" not in str(row)
    assert "humanReadable" not in search(door, fields=FIELDS).json()["employees"][1]


def test_tables_hold_all_entries_and_go_on_by_cursors_of_their_own(door: Any) -> None:
    first = table(door, "work", limit=2).json()
    assert [row["employeeId"] for row in first["results"]] == ["100", "101"]
    assert [entry["title"] for entry in first["results"][1]["values"]] == ["Support Agent", "Account Executive"]
    assert [entry["isCurrent"] for entry in first["results"][1]["values"]] == [False, True]
    assert first["results"][1]["values"][1]["reportsTo"]["id"] == "100"
    cursor = first["response_metadata"]["next_cursor"]
    last = table(door, "work", limit=2, cursor=cursor).json()
    assert ([row["employeeId"] for row in last["results"]], last["response_metadata"]["next_cursor"]) == (["102"], None)
    assert table(door, "lifecycle", limit=2, cursor=cursor).status_code == 400
    endings = table(door, "lifecycle").json()["results"][2]["values"]
    assert [(entry["status"], entry["reasonType"]) for entry in endings] == [("Employed", None), ("Terminated", "Voluntary")]


@pytest.mark.parametrize(("params", "status"), [({"limit": 0}, 400), ({"limit": 201}, 400), ({"cursor": "x"}, 400), ({}, 200)])
def test_a_page_has_at_most_200_employees_and_a_cursor_we_handed_out(door: Any, params: dict[str, Any], status: int) -> None:
    assert table(door, "work", **params).status_code == status


@pytest.mark.parametrize("question", [{"filters": []}, {"fields": ["root.id"] * 401}, {"fields": "root.id"}])
def test_a_search_that_is_asked_wrongly_is_refused(door: Any, question: dict[str, Any]) -> None:
    assert search(door, **question).status_code == 400


def test_each_endpoint_has_a_limit_and_says_when_to_come_back(slow_door: Any) -> None:
    answers = [search(slow_door, fields=["root.id"]) for _ in range(hibob.CALLS_PER_MINUTE + 1)]
    assert [answer.status_code for answer in answers[-2:]] == [200, 429]
    assert answers[-2].headers["X-RateLimit-Remaining"] == "0"
    assert int(answers[-1].headers["X-RateLimit-Reset"]) > 1_700_000_000
    assert table(slow_door, "work").status_code == 200
