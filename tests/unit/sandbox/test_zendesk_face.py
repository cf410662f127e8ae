"""Zendesk as the sandbox answers it: three paging schemes, the held-back minute, deletes, rate limits."""

from typing import Any

import pytest

TICKETS = "/incremental/tickets/cursor.json"


def walk(door: Any, path: str, name: str, **params: Any) -> list[dict[str, Any]]:
    pages = [door.zendesk(path, **params).json()]
    while not pages[-1]["end_of_stream"]:
        pages.append(door.zendesk(pages[-1]["after_url"]).json())
    assert name in pages[-1]
    return pages


def test_only_the_token_user_of_the_api_is_let_in(door: Any) -> None:
    url = "http://halden.zendesk.com/api/v2/users/me.json"
    assert door.get(url, auth=("warehouse@halden.example", "sandbox-zendesk-token")).status_code == 401
    assert door.get(url).json() == {"error": "Couldn't authenticate you"}
    assert door.zendesk("/users/me.json").status_code == 200


def test_the_cursor_export_sends_every_ticket_once_in_order_of_its_version(door: Any) -> None:
    pages = walk(door, TICKETS, "tickets", start_time=0, per_page=50)
    tickets = [ticket for page in pages for ticket in page["tickets"]]
    assert len(tickets) == len({ticket["id"] for ticket in tickets}) == 250
    versions = [ticket["generated_timestamp"] for ticket in tickets]
    assert versions == sorted(versions)


def test_an_empty_page_can_come_before_the_end(door: Any) -> None:
    pages = walk(door, TICKETS, "tickets", start_time=0, per_page=10)
    empty = [page for page in pages if not page["tickets"]]
    assert empty and not any(page["end_of_stream"] for page in empty)
    assert sum(len(page["tickets"]) for page in pages) == 250


def test_an_exactly_full_last_page_ends_the_stream_and_still_gives_a_cursor(door: Any) -> None:
    content = door.zendesk(TICKETS, start_time=0, per_page=250).json()
    assert (len(content["tickets"]), content["end_of_stream"]) == (250, True)
    again = door.zendesk(TICKETS, cursor=content["after_cursor"]).json()
    assert (again["tickets"], again["end_of_stream"]) == ([], True)
    assert again["after_cursor"] == content["after_cursor"]


def test_the_cursor_of_one_night_brings_only_what_changed_until_the_next(door: Any) -> None:
    cursor = door.zendesk(TICKETS, start_time=0).json()["after_cursor"]
    door.move(door.later)
    tickets = door.zendesk(TICKETS, cursor=cursor).json()["tickets"]
    assert [ticket["id"] for ticket in tickets] == [9999]


def test_the_last_minute_is_held_back_and_a_too_recent_start_is_a_422(door: Any) -> None:
    assert 9999 not in [ticket["id"] for ticket in door.zendesk(TICKETS, start_time=0).json()["tickets"]]
    refusal = door.zendesk(TICKETS, start_time=int(door.now.timestamp()) - 30)
    assert refusal.status_code == 422
    assert refusal.json()["error"] == "InvalidValue"
    assert refusal.json()["description"].startswith("Too recent start_time. Use a start_time older than")


@pytest.mark.parametrize("params", [{}, {"start_time": "yesterday"}, {"cursor": "%%%"}])
def test_a_bad_start_is_a_400(door: Any, params: dict[str, str]) -> None:
    assert door.zendesk(TICKETS, **params).status_code == 400


def test_a_deleted_ticket_stays_with_status_deleted_unless_excluded(door: Any) -> None:
    tickets = {ticket["id"]: ticket for ticket in door.zendesk(TICKETS, start_time=0).json()["tickets"]}
    assert tickets[107]["status"] == "deleted"
    assert tickets[107]["generated_timestamp"] == int(door.now.timestamp()) - 3600
    kept = door.zendesk(TICKETS, start_time=0, exclude_deleted="true").json()["tickets"]
    assert 107 not in {ticket["id"] for ticket in kept}


def test_metric_sets_come_only_when_included_and_count_minutes(door: Any) -> None:
    assert "metric_set" not in door.zendesk(TICKETS, start_time=0, per_page=1).json()["tickets"][0]
    ticket = door.zendesk(TICKETS, start_time=0, per_page=1, include="metric_sets").json()["tickets"][0]
    metrics = ticket["metric_set"]
    assert metrics["reply_time_in_minutes"]["calendar"] == 30
    assert metrics["full_resolution_time_in_minutes"]["calendar"] == 300
    assert (metrics["solved_at"], metrics["reopens"]) == ("2026-01-01T14:00:00Z", 1)
    assert (ticket["status"], ticket["tags"]) == ("solved", ["area_billing", "kind_how_to"])


def test_an_untagged_ticket_tells_its_area_but_not_its_kind(door: Any) -> None:
    ticket = door.zendesk(TICKETS, start_time=0, per_page=2).json()["tickets"][1]
    assert (ticket["tags"], ticket["type"]) == (["area_billing"], None)


def test_after_urls_keep_the_vendors_host(door: Any) -> None:
    content = door.zendesk(TICKETS, start_time=0, per_page=1, include="metric_sets").json()
    assert content["after_url"].startswith("http://halden.zendesk.com/api/v2/incremental/tickets/cursor.json?")
    assert "include=metric_sets" in content["after_url"]


def test_the_time_form_repeats_the_last_second_and_ends_by_end_of_stream(door: Any) -> None:
    pages = [door.zendesk("/incremental/organizations.json", start_time=0, per_page=7).json()]
    while not pages[-1]["end_of_stream"]:
        pages.append(door.zendesk(pages[-1]["next_page"]).json())
    ids = [row["id"] for page in pages for row in page["organizations"]]
    assert len(set(ids)) == 30 < len(ids), "boundary rows come twice"
    assert pages[-1]["next_page"] is not None


def test_more_rows_in_one_second_than_a_page_holds_do_not_loop(door: Any) -> None:
    pages = [door.zendesk("/incremental/organizations.json", start_time=0, per_page=1).json()]
    for _ in range(40):
        if pages[-1]["end_of_stream"]:
            break
        pages.append(door.zendesk(pages[-1]["next_page"]).json())
    assert pages[-1]["end_of_stream"]
    assert len({row["id"] for page in pages for row in page["organizations"]}) == 30


def test_ratings_are_paged_by_size_with_links_and_filtered_by_start(door: Any) -> None:
    ids, url, params = [], "/satisfaction_ratings", {"page[size]": 100, "start_time": 0}
    while url:
        content = door.zendesk(url, **params).json()
        ids += [row["ticket_id"] for row in content["satisfaction_ratings"]]
        url, params = content["links"]["next"], {}
        assert content["meta"]["has_more"] == (url is not None)
    assert sorted(ids) == list(range(100, 330))
    newest = door.zendesk("/satisfaction_ratings", **{"page[size]": 500, "start_time": int(door.now.timestamp())}).json()
    assert newest["satisfaction_ratings"] == []


def test_ten_exports_a_minute_then_a_plain_text_429(slow_door: Any) -> None:
    answers = [slow_door.zendesk("/incremental/users/cursor.json", start_time=0) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [200] * 10 + [429]
    assert answers[0].headers["X-Rate-Limit"] == "10"
    assert answers[-1].headers["Content-Type"].startswith("text/plain")
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60
    assert slow_door.zendesk("/satisfaction_ratings").status_code == 200
