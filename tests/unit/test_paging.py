"""Paging: only the vendor's own end signal ends a list, and no cursor is followed twice."""

import json
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from learning_warehouse.errors import BadAnswer
from learning_warehouse.http import Basic, Client
from learning_warehouse.paging import AfterPages, ExportPages, KeysetPages, OffsetPages, QueryPages, TimePages, parse_page, walk
from learning_warehouse.paging import Request as PageRequest
from learning_warehouse.sources.hris.bamboohr import ChangedMap
from learning_warehouse.sources.support.zendesk import SATISFACTION_RATINGS, TICKETS
from learning_warehouse.streams import Page, Reading

NOW = datetime(2026, 12, 1, 1, tzinfo=UTC)


@pytest.fixture
def read(hostile, respond):
    """Reads `pages` from a server whose answers are `answers` in turn (or a function of the query)."""

    def _read(pages, answers, cursor=None, base_path=""):
        def script(path, number):
            answer = answers(parse_qs(urlsplit(path).query)) if callable(answers) else answers[min(number, len(answers) - 1)]
            return (
                respond(json.dumps(answer), 200) if not isinstance(answer, tuple) else respond(json.dumps(answer[1]), answer[0])
            )

        hostile.script = script
        with Client(hostile.connection(), Basic("u", "p"), base_path=base_path) as client:
            reading = Reading(TICKETS, client, NOW - timedelta(days=1), NOW, cursor)
            return list(pages(reading))

    return _read


def _export(ids, cursor, end):
    return {"tickets": [{"id": number} for number in ids], "after_cursor": cursor, "end_of_stream": end}


def test_empty_page_in_the_middle_is_a_page(read):
    pages = read(ExportPages("/t", "tickets"), [_export([1], "a", False), _export([], "b", False), _export([2], "c", True)])
    assert [[json.loads(record)["id"] for record in page.records] for page in pages] == [[1], [], [2]]
    assert pages[-1].next_cursor == "c"


def test_cursor_is_not_followed_after_the_end_of_the_stream(read, hostile):
    read(ExportPages("/t", "tickets"), [_export([1], "a", True)])
    assert len(hostile.seen) == 1


def test_stored_cursor_is_sent_instead_of_a_start_time(read, hostile):
    read(ExportPages("/t", "tickets", {"include": "metric_sets"}), [_export([], "b", True)], cursor="a")
    assert hostile.seen[0][0] == "/t?include=metric_sets&cursor=a"


@pytest.mark.parametrize(
    "answers", [[_export([1], "a", False)], [_export([1], "a", False), _export([2], "b", False), _export([3], "a", False)]]
)
def test_cursor_that_comes_again_is_an_error(read, answers):
    with pytest.raises(BadAnswer, match="had sent before"):
        read(ExportPages("/t", "tickets"), answers)


def test_pages_without_end_are_an_error(read):
    with pytest.raises(BadAnswer, match="more than 5 pages"):
        read(lambda reading: walk(reading, PageRequest("/t"), _count(), most_pages=5), lambda query: {})


def _count():
    numbers = iter(range(100))
    return lambda answer: (Page([]), PageRequest("/t", {"page": str(next(numbers))}))


@pytest.mark.parametrize(
    ("pages", "answer"),
    [
        (ExportPages("/t", "tickets"), {"tickets": [], "after_cursor": None, "end_of_stream": False}),
        (ExportPages("/t", "tickets"), {"tickets": [], "after_cursor": "a"}),
        (ExportPages("/t", "tickets"), {"tickets": {}, "after_cursor": "a", "end_of_stream": True}),
        (TimePages("/o", "organizations"), {"organizations": [], "end_time": None, "end_of_stream": False}),
        (KeysetPages("/s", "rows", lambda _: {}), {"rows": [], "meta": {"has_more": True}, "links": {"next": None}}),
        (KeysetPages("/s", "rows", lambda _: {}), {"rows": [], "links": {}}),
        (AfterPages("/e", {}), {"data": [], "meta": {"total": 0}}),
        (QueryPages("/q", lambda _: "x"), {"records": [], "totalSize": 5, "done": False}),
        (QueryPages("/q", lambda _: "x"), {"totalSize": 5, "done": True}),
        (OffsetPages("/u", "users", lambda _: {}), {"users": []}),
        (ChangedMap("/c"), {"employees": [1]}),
        (ChangedMap("/c"), {"latest": "2026-01-01T00:00:00Z"}),
    ],
)
def test_missing_promise_is_an_error_and_never_the_end(read, pages, answer):
    with pytest.raises(BadAnswer):
        read(pages, [answer])


def _users(total, limit=2):
    rows = [{"id": number} for number in range(total)]

    def answer(query):
        start = int(query["_offset"][0]) * limit
        return {"totalItems": total, "returnedItems": 0, "limit": limit, "offset": 0, "users": rows[start : start + limit]}

    return answer


@pytest.mark.parametrize("total", [0, 1, 2, 4, 5])
def test_offset_is_a_page_number_and_a_lowered_page_size_loses_nothing(read, total):
    pages = read(OffsetPages("/u", "users", lambda _: {}, page_size=1000), _users(total))
    assert [json.loads(record)["id"] for page in pages for record in page.records] == list(range(total))
    assert [page.total for page in pages] == [total] + [None] * (len(pages) - 1)


def test_bare_array_of_older_tenants_ends_on_an_empty_page_only(read):
    pages = read(OffsetPages("/u", "users", lambda _: {}), lambda query: [{"id": 1}] if int(query["_offset"][0]) < 3 else [])
    assert sum(len(page.records) for page in pages) == 3
    assert all(page.total is None for page in pages)


def test_time_form_goes_on_from_the_end_time(read, hostile):
    answers = [
        {"organizations": [{"id": 1}], "end_time": 50, "end_of_stream": False},
        {"organizations": [{"id": 1}, {"id": 2}], "end_time": 60, "end_of_stream": True},
    ]
    pages = read(TimePages("/o", "organizations"), answers, cursor="40")
    assert [path for path, _ in hostile.seen] == ["/o?start_time=40", "/o?start_time=50"]
    assert pages[-1].next_cursor == "60"


def test_next_links_are_followed_as_the_vendor_wrote_them(read, hostile):
    more = {"rows": [{}], "meta": {"has_more": True}, "links": {"next": "/api/s?page%5Bafter%5D=x"}}
    read(
        KeysetPages("/s", "rows", lambda _: {}),
        [more, {"rows": [], "meta": {"has_more": False}, "links": {"next": None}}],
        base_path="/api",
    )
    assert [path for path, _ in hostile.seen] == ["/api/s?page%5Bsize%5D=100", "/api/s?page%5Bafter%5D=x"]


def test_too_recent_start_is_nothing_new(read):
    refusal = (422, {"error": "InvalidValue", "description": "Too recent start_time. Use a start_time older than 60 seconds"})

    def with_refusal(reading):
        from learning_warehouse.sources.support.zendesk import open_client

        with open_client(reading.client_connection) as client:
            yield from SATISFACTION_RATINGS.pages(Reading(SATISFACTION_RATINGS, client, NOW, NOW))

    class WithConnection:
        def __init__(self, connection):
            self.client_connection = connection

    from learning_warehouse.connections import Connection

    def pages(reading):
        return with_refusal(WithConnection(Connection("zendesk", reading.client.base_url, "u", "secret-token", {"attempts": 1})))

    (page,) = read(pages, [refusal])
    assert page.records == []


def test_map_entries_keep_their_own_bytes_and_get_their_key(hostile, respond):
    hostile.script = lambda path, number: respond(
        b'{"table":"jobInfo","employees":{"1\\"2":{ "lastChanged":"2026-01-02T10:00:00+00:00", "rows":[ ] },"3":{},"4":null}}'
    )
    with Client(hostile.connection(), Basic("u", "p")) as client:
        (page,) = ChangedMap("/c", with_key=True)(Reading(TICKETS, client, NOW, NOW, "2026-01-01T00:00:00+00:00"))
    assert page.records[0] == b'{"employeeId":"1\\"2","lastChanged":"2026-01-02T10:00:00+00:00", "rows":[ ] }'
    assert [json.loads(record)["employeeId"] for record in page.records] == ['1"2', "3", "4"]
    assert page.next_cursor == "2026-01-02T10:00:00+00:00"


def test_empty_array_in_place_of_a_map_is_nobody(read):
    (page,) = read(ChangedMap("/c"), [{"employees": [], "latest": "2026-01-01T00:00:00Z"}])
    assert (page.records, page.next_cursor) == ([], "2026-01-01T00:00:00Z")


def test_half_a_surrogate_pair_does_not_spoil_its_page():
    from learning_warehouse.paging import _shape

    body = b'{"rows":[{"id":1},{"t":"\\uD83D x"},{"t":"\\ud83d\\ude00"}]}'
    _, records = parse_page(body, "rows", _shape("rows"))
    assert records == [b'{"id":1}', b'{"t":"\\uD83D x"}', b'{"t":"\\ud83d\\ude00"}']
