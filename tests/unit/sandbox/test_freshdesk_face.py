"""Freshdesk's face: bare arrays, Link headers, thirty days by default, page 300, and deleted tickets behind a filter."""

from datetime import timedelta
from typing import Any

import pytest

from learning_warehouse.sandbox import freshdesk

ALL = {"updated_since": "2000-01-01T00:00:00Z"}


def ask(door: Any, path: str, **params: Any) -> Any:
    return door.get(f"http://halden.freshdesk.com/api/v2{path}", auth=(freshdesk.API_KEY, "X"), params=params)


def test_a_wrong_key_is_refused(door: Any) -> None:
    answer = door.get("http://halden.freshdesk.com/api/v2/tickets", auth=("wrong", "X"))
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_credentials")


def test_without_a_start_only_the_last_thirty_days_are_listed_newest_created_first(door: Any) -> None:
    door.move(door.now.replace(month=1, day=20, year=2026))
    recent = ask(door, "/tickets", per_page=100).json()
    assert recent == sorted(recent, key=lambda ticket: ticket["created_at"], reverse=True)
    door.move(door.now)
    assert [ticket["id"] for ticket in ask(door, "/tickets").json()] == [9999]


def test_the_link_header_leads_through_the_whole_list(door: Any) -> None:
    answer = ask(door, "/tickets", per_page=100, order_by="updated_at", order_type="asc", **ALL)
    found = answer.json()
    while "next" in answer.links:
        answer = door.get(answer.links["next"]["url"], auth=(freshdesk.API_KEY, "X"))
        found += answer.json()
    assert [ticket["updated_at"] for ticket in found] == sorted(ticket["updated_at"] for ticket in found)
    assert len({ticket["id"] for ticket in found}) == len(found) == 250


@pytest.mark.parametrize(("params", "field"), [({"per_page": 101}, "per_page"), ({"page": 301}, "page"), ({"page": 0}, "page")])
def test_pages_beyond_the_ceilings_are_refused(door: Any, params: dict[str, int], field: str) -> None:
    answer = ask(door, "/tickets", **params)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, field)


def test_a_deleted_ticket_is_shown_by_its_filter_only(door: Any) -> None:
    (deleted,) = ask(door, "/tickets", filter="deleted", **ALL).json()
    assert (deleted["id"], deleted["deleted"]) == (107, True)
    newest = ask(door, "/tickets", order_by="updated_at", updated_since=(door.now - timedelta(hours=2)).isoformat()).json()
    assert deleted["id"] not in [ticket["id"] for ticket in newest]


def test_parts_are_sent_only_when_asked_and_cost_a_call_each(door: Any) -> None:
    plain = ask(door, "/tickets", per_page=1, **ALL)
    rich = ask(door, "/tickets", per_page=1, include="stats,requester", **ALL)
    assert not {"stats", "requester"} & set(plain.json()[0])
    assert rich.json()[0]["requester"]["email"] == "pat@acme.example"
    assert [answer.headers["X-RateLimit-Used-CurrentRequest"] for answer in (plain, rich)] == ["1", "3"]


def test_the_true_limit_answers_429_with_retry_after(slow_door: Any) -> None:
    answers = [ask(slow_door, "/tickets", include="stats,requester,company", **ALL) for _ in range(201)]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused and all(int(answer.headers["Retry-After"]) > 0 for answer in refused)
