"""Functions at one address: the form, errors under status 200, warnings, and lists by limitfrom and limitnumber."""

import json
from datetime import UTC, datetime

import pytest

from learning_warehouse.errors import BadAnswer, CredentialsRefused
from learning_warehouse.paging_functions import (
    FunctionClient,
    FunctionRefused,
    all_rows,
    named_rows,
    numbered,
    options,
    with_fields,
)
from learning_warehouse.sources import SOURCES
from learning_warehouse.streams import BEGINNING, Reading

NOW = datetime(2026, 12, 1, 1, tzinfo=UTC)
STREAM = SOURCES["moodle"].streams["enrollments"]


@pytest.fixture
def client(hostile):
    with FunctionClient(hostile.connection()) as opened:
        yield opened


def answering(hostile, respond, *contents):
    """Each answer once, the last one again and again."""
    hostile.script = lambda path, number: respond(json.dumps(contents[min(number, len(contents) - 1)]))


def pages(client, size=2):
    reading = Reading(STREAM, client, BEGINNING, NOW)
    return [page.records for page in numbered(reading, "list", options({"sortby": "id"}), size)]


def test_a_list_ends_with_the_first_page_that_is_not_full(client, hostile, respond):
    answering(hostile, respond, [{"id": 1}, {"id": 2}], [{"id": 3}, {"id": 4}], [])
    assert pages(client) == [[b'{"id": 1}', b'{"id": 2}'], [b'{"id": 3}', b'{"id": 4}'], []]
    assert len(hostile.seen) == 3


def test_a_vendor_that_sends_its_first_page_again_and_again_is_refused(client, hostile, respond):
    answering(hostile, respond, [{"id": 1}, {"id": 2}])
    with pytest.raises(BadAnswer, match="a page that it had sent before"):
        pages(client)
    assert len(hostile.seen) == 2


def test_paging_options_come_behind_the_others():
    form = options({"a": "1"}) | options({"b": "2"}, place=1)
    assert form == {"options[0][name]": "a", "options[0][value]": "1", "options[1][name]": "b", "options[1][value]": "2"}


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("invalidtoken", CredentialsRefused), ("accessexception", CredentialsRefused), ("nocriteriaset", FunctionRefused),
        ("no criteria; set", FunctionRefused), (None, FunctionRefused), (7, FunctionRefused),
    ],
)  # fmt: skip
def test_an_error_under_status_200_is_raised_at_once_and_its_text_is_not_repeated(client, hostile, respond, code, error):
    answering(hostile, respond, {"exception": "moodle_exception", "errorcode": code, "message": "Ann Lee is not here"})
    with pytest.raises(error) as caught:
        client.get("core_x", {}, all_rows)
    assert len(hostile.seen) == 1
    assert "Ann Lee" not in str(caught.value) and "criteria;" not in str(caught.value)


def test_an_error_that_may_pass_is_asked_again(client, hostile, respond):
    answering(hostile, respond, {"exception": "moodle_exception", "errorcode": "sitemaintenance"}, [{"id": 1}])
    assert client.get("core_x", {}, all_rows) == [b'{"id": 1}']
    assert client.retries == 1


def test_the_word_exception_inside_a_record_is_no_error(client, hostile, respond):
    answering(hostile, respond, {"users": [{"id": 1, "note": "exception", "exception": 1}], "warnings": []})
    assert len(client.get("core_x", {}, lambda answer: named_rows("users", answer))) == 1


def test_warnings_mean_that_a_list_is_not_whole(client, hostile, respond):
    answering(hostile, respond, {"users": [{"id": 1}], "warnings": [{"item": "x", "warningcode": "1", "message": "m"}]})
    with pytest.raises(BadAnswer, match="not whole"):
        client.get("core_x", {}, lambda answer: named_rows("users", answer))


@pytest.mark.parametrize("content", [{"rows": []}, "text", None, 3])
def test_an_answer_that_is_no_list_is_refused(client, hostile, respond, content):
    answering(hostile, respond, content)
    with pytest.raises(BadAnswer, match="not what is documented"):
        client.get("core_x", {}, all_rows)


@pytest.mark.parametrize(("record", "expected"), [(b' {"a":1}', b'{"k":2,"a":1}'), (b"{}", b'{"k":2}'), (b"{ }", b'{"k":2}')])
def test_fields_of_the_question_come_in_front_of_the_records_own_bytes(record, expected):
    assert with_fields(record, {"k": 2}) == expected


def test_neither_the_token_nor_a_parameter_is_in_an_address_or_a_header(client, hostile, respond):
    answering(hostile, respond, [])
    client.get("core_x", {"courseid": "4711"}, all_rows)
    ((path, headers),) = hostile.seen
    assert (path, headers["content-type"]) == ("/webservice/rest/server.php", "application/x-www-form-urlencoded")
    assert "hunter2" not in str(headers) and "4711" not in str(headers)
