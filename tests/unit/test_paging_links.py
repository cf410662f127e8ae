"""Lists with a Link header, and tickets read by time: nothing is skipped when rows move, and standing still is an error."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest

from learning_warehouse.errors import BadAnswer
from learning_warehouse.http import Basic, Client
from learning_warehouse.paging import ContractBroken
from learning_warehouse.paging_links import LinkPages, SinceLastPages, next_link
from learning_warehouse.sources.support.freshdesk import TICKETS, listed
from learning_warehouse.streams import Answer, Page, Reading

NOW = datetime(2026, 12, 1, 1, tzinfo=UTC)
START = NOW - timedelta(days=1)


@pytest.fixture
def read(hostile, respond):
    """Reads `pages` from a server that answers (records, next link or None) for (query as a dictionary, request number)."""

    def _read(pages, answers):
        def script(path, number):
            query = dict(re.findall(r"[?&]([a-z_]+)=([^&]+)", path))
            records, link = answers(query, number)
            headers = {"Link": f'<{hostile.url}{link}>; rel="next"'} if link else {}
            return respond(json.dumps(records), 200, headers)

        hostile.script = script
        with Client(hostile.connection(), Basic("u", "p")) as client:
            found = list(pages(Reading(TICKETS, client, START, NOW)))
        return [json.loads(record) for page in found for record in page.records]

    return _read


def _row(number, seconds=0):
    return {"id": number, "updated_at": (START + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")}


def test_a_list_ends_on_the_page_without_a_next_link_and_not_on_an_empty_one(read, hostile):
    answers = [([_row(1)], "/c?page=2"), ([], "/c?page=3"), ([_row(2)], None)]
    assert [row["id"] for row in read(LinkPages("/c"), lambda query, number: answers[number])] == [1, 2]
    assert [path for path, _ in hostile.seen] == ["/c", "/c?page=2", "/c?page=3"]


def test_a_next_link_that_leads_back_is_an_error(read):
    with pytest.raises(BadAnswer, match="had sent before"):
        read(LinkPages("/c"), lambda query, number: ([], "/c?page=2" if number % 2 else "/c?page=3"))


@pytest.mark.parametrize("link", ["page=2", "/c?page=2; rel=next", "</c?page=2>; rel = 'next'"])
def test_a_link_header_that_cannot_be_read_is_not_the_last_page(link):
    with pytest.raises(ContractBroken, match="Link header"):
        next_link(Answer(200, {"link": link}, b"[]"))


def test_a_link_back_alone_is_the_last_page():
    assert next_link(Answer(200, {"link": '</c?next=1>; rel="prev"'}, b"[]")) is None


def test_an_object_in_place_of_a_list_is_an_error(read):
    with pytest.raises(BadAnswer, match="not what is documented"):
        read(LinkPages("/c"), lambda query, number: ({"message": "temporarily unavailable"}, None))


def test_a_ticket_that_moves_to_the_end_while_we_read_pulls_no_other_out_of_sight(read):
    rows = [_row(number, seconds=number) for number in range(6)]

    def answers(query, number):
        if number == 1:
            rows.append(_row(0, seconds=50))
            del rows[0]
        since, size, page = query["updated_since"].replace("%3A", ":"), int(query["per_page"]), int(query["page"])
        found = [row for row in rows if row["updated_at"] >= since]
        return found[(page - 1) * size : page * size], "/t?more" if len(found) > page * size else None

    seen = [row["id"] for row in read(SinceLastPages("/t", page_size=2), answers)]
    assert set(seen) == set(range(6))
    assert seen[-1] == 0, "the moved ticket comes in its newest version"


def test_many_tickets_of_one_second_are_read_by_number(read, hostile):
    rows = [_row(number) for number in range(5)]

    def answers(query, number):
        start = 2 * (int(query["page"]) - 1)
        return rows[start : start + 2], "/t?more" if start + 2 < len(rows) else None

    assert [row["id"] for row in read(SinceLastPages("/t", page_size=2), answers)] == [0, 1, 2, 3, 4]


def test_more_tickets_in_one_second_than_the_vendor_serves_is_an_error_and_no_endless_loop(read, hostile):
    with pytest.raises(BadAnswer, match="more than 6 records were updated in one second"):
        read(SinceLastPages("/t", page_size=2, most_numbers=3), lambda query, number: ([_row(1), _row(2)], "/t?more"))
    assert len(hostile.seen) == 3


@pytest.mark.parametrize("rows", [[_row(1, 9), _row(2, 5)], [_row(1, -3600), _row(2, 5)]])
def test_tickets_that_do_not_come_in_the_order_asked_for_are_an_error(read, rows):
    with pytest.raises(BadAnswer, match="not sorted by updated_at"):
        read(SinceLastPages("/t"), lambda query, number: (rows, None))


def test_a_full_page_without_a_link_is_not_the_end(read):
    rows = [_row(number, seconds=number) for number in range(3)]

    def answers(query, number):
        return [row for row in rows if row["updated_at"] >= query["updated_since"].replace("%3A", ":")][:2], None

    assert {row["id"] for row in read(SinceLastPages("/t", page_size=2), answers)} == {0, 1, 2}


def test_a_record_without_a_time_lands_like_any_other(read):
    assert len(read(SinceLastPages("/t"), lambda query, number: ([_row(1, 1), {"id": 2, "updated_at": None}], None))) == 2


def test_the_name_of_the_list_stands_in_front_of_the_vendors_own_bytes():
    (page,) = listed(iter([Page([b'{"id":1}', b" {}", b"7"])]), "deleted")
    assert page.records == [b'{"_listed":"deleted","id":1}', b'{"_listed":"deleted"}', b"7"]
