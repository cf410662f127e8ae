"""Absorb as the sandbox answers it: both headers, one live token, `_offset` as page number, filters, versions."""

from typing import Any

import pytest

from learning_warehouse.sandbox.throttle import Throttle

COURSE = "000001f5-0000-4000-8000-000000000000"
MANDATORY = "000001f6-0000-4000-8000-000000000000"
PAT = "00000003-0000-4000-8000-000000000000"


def test_a_call_without_the_api_key_is_refused_even_with_a_live_token(door: Any) -> None:
    headers = door.absorb_login()
    answer = door.absorb("/users", {"Authorization": headers["Authorization"]})
    assert answer.status_code == 401
    assert set(answer.json()) == {"validations", "code", "message", "term", "_meta"}


def test_a_call_without_a_token_is_refused(door: Any) -> None:
    headers = door.absorb_login()
    assert door.absorb("/users", {"x-api-key": headers["x-api-key"]}).status_code == 401


def test_the_token_is_a_bare_json_string(door: Any) -> None:
    headers = door.absorb_login()
    assert door.absorb("/users", headers).status_code == 200


def test_a_new_token_ends_the_one_before(door: Any) -> None:
    first = door.absorb_login()
    second = door.absorb_login()
    assert door.absorb("/users", first).status_code == 401
    assert door.absorb("/users", second).status_code == 200


@pytest.mark.parametrize(("body", "status"), [({}, 400), ({"username": "warehouse", "password": "no", "privateKey": "no"}, 401)])
def test_a_bad_login_says_what_is_wrong(door: Any, body: dict[str, str], status: int) -> None:
    key = {"x-api-key": "00000000-0000-4000-8000-00000000ab50"}
    assert door.send("POST", "http://rest.myabsorb.eu/Authenticate", headers=key, json=body).status_code == status


def test_the_offset_counts_pages_and_a_full_last_page_is_followed_by_an_empty_one(door: Any) -> None:
    headers = door.absorb_login()
    pages = [
        door.absorb(f"/courses/{MANDATORY}/enrollments", headers, _limit=1000, _offset=offset, _sort="dateEdited").json()
        for offset in range(3)
    ]
    assert [page["returnedItems"] for page in pages] == [1000, 1000, 0]
    assert {page["totalItems"] for page in pages} == {2000}
    assert len({row["id"] for page in pages for row in page["enrollments"]}) == 2000


def test_the_page_size_is_20_unless_asked_for_and_1000_at_most(door: Any) -> None:
    headers = door.absorb_login()
    assert door.absorb(f"/courses/{MANDATORY}/enrollments", headers).json()["returnedItems"] == 20
    refusal = door.absorb("/users", headers, _limit=1001)
    assert refusal.status_code == 422
    assert refusal.json()["validations"] == ["_limit must not exceed 1000"]


def test_a_filter_on_date_edited_keeps_what_changed_since(door: Any) -> None:
    headers = door.absorb_login()
    text = "dateEdited ge datetime'2026-11-30T00:00:00Z' and dateEdited lt datetime'2026-12-01T01:00:00Z'"
    rows = door.absorb(f"/courses/{COURSE}/enrollments", headers, _filter=text).json()["enrollments"]
    assert [row["dateEdited"] for row in rows] == ["2026-11-30T09:00:00Z"]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("customFields/string1 eq 'customer'", 1),
        ("startswith(emailAddress,'ann') or externalId eq '101'", 1),
        ("not (activeStatus eq 0)", 1),
        ("externalId eq null", 1),
        ("id eq guid'00000002-0000-4000-8000-000000000000'", 1),
    ],
)
def test_filters_understand_the_documented_words(door: Any, text: str, count: int) -> None:
    assert door.absorb("/users", door.absorb_login(), _filter=text).json()["totalItems"] == count


@pytest.mark.parametrize("text", ["dateEdited ge yesterday", "nope eq 1", "dateEdited ge datetime'soon'", "id eq", "id ~ 1"])
def test_a_bad_filter_is_a_422(door: Any, text: str) -> None:
    assert door.absorb("/users", door.absorb_login(), _filter=text).status_code == 422


def test_an_enrollment_shows_only_what_is_known_at_now(door: Any) -> None:
    headers = door.absorb_login()

    def row() -> dict[str, Any]:
        rows = door.absorb(f"/courses/{COURSE}/enrollments", headers, _limit=1000).json()["enrollments"]
        return next(row for row in rows if row["userId"].startswith("00000001"))

    before = row()
    door.move(door.later)
    after = row()
    assert (before["status"], before["score"], before["dateCompleted"]) == (1, None, None)
    assert (after["status"], after["score"], after["dateCompleted"]) == (3, 80.0, "2026-12-01T12:00:00Z")
    assert before["dateEdited"] < after["dateEdited"] == "2026-12-01T12:00:00Z"


def test_statuses_scores_keys_and_times_are_in_absorbs_own_form(door: Any) -> None:
    rows = door.absorb(f"/courses/{COURSE}/enrollments", door.absorb_login(), _limit=1000).json()["enrollments"]
    certified = next(row for row in rows if row["userId"] == PAT)
    assert (certified["status"], certified["score"], certified["timeSpent"]) == (3, 91.5, "01:13:15")
    assert certified["timeSpentTicks"] == 43_950_000_000
    assert certified["enrollmentKeyId"] is not None
    failed = next(row for row in rows if row["status"] == 5)
    assert (failed["isActive"], failed["certificateId"], failed["enrollmentKeyId"]) == (False, None, None)
    assert failed["dateEdited"] == "2026-09-01T09:00:00Z", "a re-enrollment moves the row it supersedes"


def test_certificates_hang_on_the_user(door: Any) -> None:
    headers = door.absorb_login()
    content = door.absorb(f"/users/{PAT}/certificates", headers).json()
    assert [row["acquiredDate"] for row in content["certificates"]] == ["2026-07-02T09:00:00Z"]
    assert door.absorb("/users/00000001-0000-4000-8000-000000000000/certificates", headers).json()["certificates"] == []
    assert door.absorb("/users/unknown/certificates", headers).status_code == 404


def test_a_deactivated_user_stays_and_is_inactive(door: Any) -> None:
    users = {row["id"]: row for row in door.absorb("/users", door.absorb_login()).json()["users"]}
    assert len(users) == 3
    assert (users[PAT]["activeStatus"], users[PAT]["customFields"]["string1"]) == (1, "customer")


def test_a_move_to_another_job_moves_the_user(door: Any) -> None:
    users = door.absorb("/users", door.absorb_login(), _filter="username eq 'ann'").json()["users"]
    assert (users[0]["jobTitle"], users[0]["dateEdited"]) == ("Account Executive", "2026-12-01T00:00:00Z")
    assert users[0]["supervisorId"] == "00000002-0000-4000-8000-000000000000"


def test_over_300_calls_in_a_second_are_throttled() -> None:
    throttle = Throttle(300, 1.0, 1.0, clock=lambda: 5.0)
    assert [throttle.take().allowed for _ in range(301)].count(True) == 300
