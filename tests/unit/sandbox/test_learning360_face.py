"""360Learning as the sandbox answers it: version header, tokens, bare pages with a Link header, filters, two shapes of error."""

from datetime import UTC, datetime
from typing import Any

import pytest

from learning_warehouse.sandbox import learning360

URL = "http://app.360learning.com/api/v2"
VERSION = {"360-api-version": "v2.0"}
LOGIN = {"grant_type": "client_credentials", "client_id": learning360.CLIENT_ID, "client_secret": learning360.CLIENT_SECRET}


def login(door: Any, **changes: Any) -> Any:
    body = {key: value for key, value in (LOGIN | changes).items() if value is not None}
    return door.send("POST", f"{URL}/oauth2/token", headers=VERSION, json=body)


def read(door: Any, path: str, **params: Any) -> Any:
    token = login(door).json()["access_token"]
    url = path if path.startswith("http") else f"{URL}{path}"
    return door.get(url, headers=VERSION | {"Authorization": f"Bearer {token}"}, params=params)


def test_every_call_needs_the_version_header_and_a_live_token(door: Any) -> None:
    token = {"Authorization": f"Bearer {login(door).json()['access_token']}"}
    assert door.get(f"{URL}/groups", headers=token).json()["error"]["code"] == "invalid_api_version"
    assert door.get(f"{URL}/groups", headers=VERSION | token).status_code == 200
    refused = door.get(f"{URL}/groups", headers=VERSION | {"Authorization": "Bearer wrong"})
    assert (refused.status_code, refused.json()) == (401, {"error": "invalid_token"})


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"client_secret": "no"}, 401, "invalid_client"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"client_id": None}, 400, "invalid_request"),
        ({"surprise": 1}, 400, "invalid_request"),
    ],
)
def test_a_bad_token_call_says_what_is_wrong_in_a_text(door: Any, changes: dict[str, Any], status: int, error: str) -> None:
    answer = login(door, **changes)
    assert (answer.status_code, answer.json()) == (status, {"error": error})


def test_several_tokens_live_at_once_and_the_hour_is_told_as_a_text(door: Any) -> None:
    first = login(door).json()
    assert first["expires_in"] == "3600"
    read(door, "/groups")
    assert door.get(f"{URL}/groups", headers=VERSION | {"Authorization": f"Bearer {first['access_token']}"}).status_code == 200


def test_pages_are_bare_lists_and_the_last_one_has_no_link(door: Any) -> None:
    first = read(door, "/paths/stats")
    assert (len(first.json()), first.headers["Link"].endswith('; rel="next"')) == (2000, True)
    last = read(door, first.headers["Link"].split(">")[0][1:])
    assert len(last.json()) == 4
    assert "Link" not in last.headers
    assert not {row["_id"] for row in first.json()} & {row["_id"] for row in last.json()}


def test_the_next_link_keeps_the_filter(door: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(learning360.PAGE_SIZES, "/paths/stats", 1500)
    path_id = next(row["_id"] for row in read(door, "/paths").json() if row["additionalInformation"] == "MAND-1")
    first = read(door, "/paths/stats", **{"pathId[eq]": path_id})
    second = read(door, first.headers["Link"].split(">")[0][1:])
    assert [len(page.json()) for page in (first, second)] == [1500, 500]
    assert {row["pathId"] for page in (first, second) for row in page.json()} == {path_id}


def test_a_date_filter_keeps_what_was_finished_since(door: Any) -> None:
    rows = read(door, "/paths/stats", **{"completedAt[gte]": "2026-08-01T00:00:00.000Z"}).json()
    assert [row["completedAt"] for row in rows] == ["2026-08-02T09:00:00.000Z"]
    assert rows[0]["status"] == {"type": "unsuccessful"}
    assert len(read(door, "/paths/stats", **{"completedAt[lt]": "2026-08-01T00:00:00.000Z"}).json()) == 1


@pytest.mark.parametrize("name", ["modifiedAt[gte]", "limit", "completedAt", "completedAt[eq]"])
def test_a_filter_that_the_endpoint_lacks_is_refused_with_an_error_object(door: Any, name: str) -> None:
    answer = read(door, "/courses/stats", **{name: "2026-01-01T00:00:00.000Z"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "invalid_query")


def test_absent_properties_are_left_out_and_a_deleted_learner_keeps_little_else_than_the_id(door: Any) -> None:
    rows = {row["status"]: row for row in read(door, "/users").json()}
    assert set(rows) == {"active", "deleted"}
    assert set(rows["deleted"]) == {"_id", "status", "lang", "deletedAt"}
    assert rows["deleted"]["deletedAt"] == ["2026-11-30T09:00:00.000Z"]
    assert all(value is not None for row in rows.values() for value in row.values())


def test_ids_tell_the_second_of_creation(door: Any) -> None:
    row = next(row for row in read(door, "/courses").json() if row["name"] == "Certified")
    assert datetime.fromtimestamp(int(row["_id"][:8], 16), UTC) == datetime.fromisoformat(row["createdAt"])


def test_nothing_after_now_is_shown(door: Any) -> None:
    before = read(door, "/courses/stats").json()
    assert [row for row in before if row.get("completedAt", "") >= "2026-12-01T01"] == []
    door.move(door.later)
    after = {row["_id"]: row for row in read(door, "/courses/stats").json()}
    changed = [row["_id"] for row in before if after[row["_id"]] != row]
    assert [after[key]["completedAt"] for key in changed] == ["2026-12-01T12:00:00.000Z"]


def test_the_limit_is_answered_without_a_time_to_wait(slow_door: Any) -> None:
    token = login(slow_door).json()["access_token"]
    headers = VERSION | {"Authorization": f"Bearer {token}"}
    answers = [slow_door.get(f"{URL}/groups", headers=headers) for _ in range(60)]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused and refused[0].json() == {"error": "tooManyRequests"} and "Retry-After" not in refused[0].headers


def test_an_unknown_user_is_an_error_object(door: Any) -> None:
    answer = read(door, "/users/000000000000000000000000/certificates")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "userNotFound")
