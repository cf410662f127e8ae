"""HubSpot's search in steps of ids, lists with `after`, and links: nothing is skipped, and no step is taken twice."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from learning_warehouse.errors import BadAnswer, RetryLater
from learning_warehouse.http import Client
from learning_warehouse.paging_search import LinkedPages, ListPages, SearchPages, archived_since
from learning_warehouse.sources.crm import hubspot
from learning_warehouse.sources.crm.hubspot import COMPANIES, CONTACTS, DEALS
from learning_warehouse.streams import Page, Reading
from learning_warehouse.tokens import FixedToken

NOW = datetime(2026, 12, 1, 1, tzinfo=UTC)
START = NOW - timedelta(days=1)
SEARCH = SearchPages("deals", "hs_lastmodifieddate", ("amount",), page_size=2)


@pytest.fixture
def read(hostile, respond):
    """Reads `pages` from a server that answers `answers` in turn, the last one for ever; an answer may carry its status."""

    def _read(pages, *answers: Any):
        def script(path, number):
            answer = answers[min(number, len(answers) - 1)]
            status, content = answer if isinstance(answer, tuple) else (200, answer)
            return respond(json.dumps(content), status)

        hostile.script = script
        with Client(hostile.connection(), FixedToken("secret-token-77"), accepted=(200, 207)) as client:
            found = list(pages(Reading(DEALS, client, START, NOW)))
        return [json.loads(record) for page in found for record in page.records]

    return _read


def _found(*ids, total=None, after=None):
    results = [{"id": str(number)} for number in ids]
    return {"total": len(ids) if total is None else total, "results": results} | (
        {"paging": {"next": {"after": after}}} if after else {}
    )


def test_each_step_asks_for_ids_above_the_last_one_whatever_the_vendor_says_in_after(read, hostile):
    rows = read(SEARCH, _found(3, 9, total=5, after="2"), _found(10, 20, total=3, after="2"), _found(100))
    assert [row["id"] for row in rows] == ["3", "9", "10", "20", "100"]
    assert len(hostile.seen) == 3


def test_the_question_is_bounded_on_both_sides_and_short_enough_for_every_stream(hostile):
    with Client(hostile.connection(), FixedToken("t")) as client:
        for stream, version in (
            (CONTACTS, "lastmodifieddate"),
            (COMPANIES, "hs_lastmodifieddate"),
            (DEALS, "hs_lastmodifieddate"),
        ):
            names = tuple(column.json_path.removeprefix("properties.") for column in stream.columns)
            question = SearchPages(stream.name, version, names).question(Reading(stream, client, START, NOW), 41)
            (group,) = question["filterGroups"]
            bounds = {(item["operator"], item["propertyName"]): int(item["value"]) for item in group["filters"]}
            assert bounds[("LT", version)] - bounds[("GTE", version)] == 86_400_000
            assert bounds[("GT", "hs_object_id")] == 41
            assert len(msgspec.json.encode(question)) <= 3000


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (_found(1, total=2), "ends before its own total"),
        (_found(9, 3), "order of ids"),
        (_found(3, 3), "order of ids"),
        (_found(after="2"), "sent no id"),
        ({"results": []}, "not what is documented"),
        ({"status": "error", "message": "This hapikey is expired"}, "not what is documented"),
    ],
)
def test_a_search_page_that_cannot_be_trusted_is_an_error(read, answer, said):
    with pytest.raises(BadAnswer, match=said):
        read(SEARCH, answer)


def test_a_search_that_answers_the_same_page_again_is_an_error_and_no_endless_loop(read, hostile):
    with pytest.raises(BadAnswer, match="order of ids"):
        read(SEARCH, _found(1, 2, total=9, after="2"))
    assert len(hostile.seen) <= 4


def test_a_list_ends_where_paging_is_missing_and_a_cursor_that_comes_again_is_an_error(read, hostile):
    first = {"results": [{"id": "1"}], "paging": {"next": {"after": "1", "link": "?after=1"}}}
    assert read(ListPages("/l"), first, {"results": [], "paging": None}) == [{"id": "1"}]
    with pytest.raises(BadAnswer, match="had sent before"):
        read(ListPages("/l"), first)


def test_links_of_an_object_with_very_many_are_read_to_their_end(read):
    ids = {"results": [{"id": "1"}, {"id": "2"}]}
    many = {"from": {"id": "1"}, "to": [{"toObjectId": 7, "associationTypes": []}], "paging": {"next": {"after": "x"}}}
    rest = {"from": {"id": "1"}, "to": [{"toObjectId": 8, "associationTypes": []}]}
    none = {"subCategory": "crm.associations.NO_ASSOCIATIONS_FOUND"}
    rows = read(LinkedPages("deals", "companies"), ids, (207, {"results": [many], "errors": [none]}), {"results": [rest]})
    assert [(row["fromObjectId"], row["toObjectId"]) for row in rows] == [("1", 7), ("1", 8)]


def test_a_cursor_of_links_that_comes_again_is_an_error(read):
    many = {"from": {"id": "1"}, "to": [], "paging": {"next": {"after": "x"}}}
    with pytest.raises(BadAnswer, match="had sent before"):
        read(LinkedPages("deals", "companies"), {"results": [{"id": "1"}]}, {"results": [many]})


def test_objects_that_could_not_be_read_are_an_error_and_not_objects_without_links(read):
    answer = (207, {"results": [], "errors": [{"category": "MISSING_SCOPES", "subCategory": "crm.associations.NO_ACCESS"}]})
    with pytest.raises(BadAnswer, match="could not be read"):
        read(LinkedPages("deals", "companies"), {"results": [{"id": "1"}]}, answer)


def test_of_the_archived_list_what_earlier_loads_hold_is_left_out_and_what_says_no_time_stays():
    texts = ("2026-11-29T00:00:00.000Z", "2026-11-30T12:00:00.000Z")
    records = [*(json.dumps({"archivedAt": text}).encode() for text in texts), b'{"id":"1"}', b'{"archivedAt":7}']
    (page,) = archived_since([Page(records)], START)
    assert page.records == records[1:]


@pytest.mark.parametrize("status", [423, 429])
def test_a_full_second_or_a_locked_object_is_tried_again_and_a_used_up_day_later(hostile, respond, status):
    busy = json.dumps({"status": "error", "policyName": "SECONDLY"})
    hostile.script = lambda path, number: respond(busy, status) if number == 0 else respond('{"results":[]}')
    with hubspot.open_client(hostile.connection()) as client:
        assert list(ListPages("/l")(Reading(DEALS, client, START, NOW))) == [Page([])]
        hostile.script = lambda path, number: respond(busy.replace("SECONDLY", "DAILY"), 429)
        with pytest.raises(RetryLater, match="daily"):
            list(ListPages("/l")(Reading(DEALS, client, START, NOW)))


def test_a_token_is_sent_and_never_shown(read, hostile):
    read(ListPages("/l"), {"results": []})
    assert hostile.seen[0][1]["authorization"] == "Bearer secret-token-77"
    assert "secret-token-77" not in repr(FixedToken("secret-token-77"))
