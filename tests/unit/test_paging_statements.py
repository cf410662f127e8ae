"""xAPI statements: what the watermark is, where the next load begins, and what ends a run."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from learning_warehouse.errors import BadAnswer
from learning_warehouse.http import Basic, Client
from learning_warehouse.keys import email_domain, email_key
from learning_warehouse.paging_statements import StatementPages
from learning_warehouse.sources.lms.xapi import STATEMENTS
from learning_warehouse.streams import Reading

NOW = datetime(2026, 12, 1, 1, tzinfo=UTC)
HEADER = "X-Experience-API-Consistent-Through"


def page(*stored, more=None):
    listed = ",".join(f'{{"id":"{number}","stored":"{moment}"}}' for number, moment in enumerate(stored))
    return f'{{"statements":[{listed}]' + ("}" if more is None else f',"more":"{more}"}}')


@pytest.fixture
def read(hostile, respond):
    """All pages of a scripted store: (body, headers) each, from a cursor on; and the questions that were asked."""

    def run(*answers, cursor=None):
        hostile.seen.clear()

        def script(path, number):
            body, headers = answers[min(number, len(answers) - 1)]
            return respond(body, headers=headers)

        hostile.script = script
        with Client(hostile.connection(), Basic("k", "s"), base_path="/xAPI") as client:
            pages = list(StatementPages()(Reading(STATEMENTS, client, NOW - timedelta(days=400), NOW, cursor)))
        return pages, [parse_qs(urlsplit(path).query) for path, _ in hostile.seen]

    return run


def test_the_earliest_word_of_the_store_is_the_watermark_and_never_later_than_the_night(read):
    words = ["2026-11-30T22:00:00.000Z", "2026-11-30T23:00:00.000Z"]
    pages, _ = read((page("2026-11-30T23:30:00Z", more="/xAPI/more"), {HEADER: words[0]}), (page(), {HEADER: words[1]}))
    assert pages[-1].next_cursor == "through 2026-11-30T22:00:00+00:00"
    pages, _ = read((page(), {HEADER: "2026-12-05T00:00:00Z"}), (page(), {}))
    assert pages[-1].next_cursor == f"through {NOW.isoformat()}"


def test_without_that_word_the_newest_time_of_storing_is_in_whatever_order_statements_come(read):
    stored = ["2026-11-02T00:00:00Z", "2026-11-20T01:00:00+01:00", "2026-11-03T00:00:00Z"]
    pages, _ = read((page(*stored, more="/xAPI/more"), {}), (page("2026-11-01T00:00:00Z", "no time"), {}))
    assert pages[-1].next_cursor == "stored 2026-11-20T00:00:00+00:00"


def test_a_load_that_finds_nothing_keeps_the_watermark(read):
    pages, _ = read((page(), {}), cursor="stored 2026-11-20T00:00:00+00:00")
    assert pages[-1].next_cursor == "stored 2026-11-20T00:00:00+00:00"
    pages, _ = read((page(), {}))
    assert pages[-1].next_cursor is None


@pytest.mark.parametrize(
    ("cursor", "since"),
    [
        (None, NOW - timedelta(days=400)),
        ("through 2026-11-20T00:00:00+00:00", datetime(2026, 11, 19, 23, 59, tzinfo=UTC)),
        ("stored 2026-11-20T00:00:00+00:00", datetime(2026, 10, 21, tzinfo=UTC)),
    ],
)
def test_a_promise_of_the_store_is_trusted_and_our_own_conclusion_looks_back_a_month(read, cursor, since):
    _, asked = read((page(), {}), cursor=cursor)
    assert datetime.fromisoformat(asked[0]["since"][0]) == since
    assert datetime.fromisoformat(asked[0]["until"][0]) == NOW
    assert asked[0]["ascending"] == ["true"]


def test_an_empty_page_with_a_link_is_not_the_end_and_an_empty_link_is(read):
    pages, asked = read((page(more="/xAPI/more"), {}), (page("2026-11-02T00:00:00Z", more=""), {}))
    assert [len(one.records) for one in pages] == [0, 1]
    assert len(asked) == 2


def test_a_page_without_statements_or_with_an_unreadable_promise_is_refused(read):
    with pytest.raises(BadAnswer, match="statements"):
        read(('{"more":""}', {}))
    with pytest.raises(BadAnswer, match="how far answers are complete"):
        read((page(), {HEADER: "soon"}))


def test_an_address_with_mailto_is_the_same_mailbox():
    assert email_key(b"k", "mailto:Ann.Lee@halden.example") == email_key(b"k", "ann.lee@halden.example")
    assert email_domain("mailto:Ann.Lee@halden.example") == "halden.example"
