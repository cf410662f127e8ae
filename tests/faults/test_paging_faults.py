"""Family B over every style of paging, from real HTTP to the manifest: nothing is lost, doubled or taken for the end."""

import json

import duckdb
import pytest
from merged_versions import newest_version
from paged_vendors import STYLES, rating
from replayed_vendors import NOW

from learning_warehouse import admission, connections, loads
from learning_warehouse.errors import BadAnswer, OriginRefused, StopStream, Truncated
from learning_warehouse.landing import land
from learning_warehouse.sources import find
from learning_warehouse.streams import RunContext
from learning_warehouse.typing_records import type_load

NIGHT = RunContext("night", NOW)
ROWS = [rating(number) for number in range(1, 9)]
PAGES = [ROWS[0:3], ROWS[3:6], ROWS[6:8]]
WITH_TOTAL = [name for name, style in STYLES.items() if style.tells_total]
WITH_CURSOR = [name for name, style in STYLES.items() if style.has_cursor]


@pytest.fixture
def read(hostile, respond, stored):
    """Lands one style of paging from a script."""

    def _read(style, script, run_id="night"):
        hostile.script = script
        extra = {"first_wait_seconds": 0.001}
        values = {"host": f"{hostile.url}/api/v2", "login": "u", "password": "a-password-42", "extra": extra}
        connections.use(lambda vendor: values)
        return land(style.stream(), RunContext(run_id, NOW), stored)

    return _read


def _ids(manifest, stored, style):
    receipt = type_load(manifest, stored)
    path = stored.path(receipt.parquet_key)
    assert receipt.set_aside == 0
    return [row[0] for row in duckdb.sql(f"SELECT id FROM read_parquet('{path}') ORDER BY _index").fetchall()]


SHAPES = {
    "full last page": [ROWS[0:3], ROWS[3:6]],
    "one row on the last page": [ROWS[0:3], ROWS[3:4]],
    "empty page at the end": [ROWS[0:3], ROWS[3:6], []],
    "one full page": [ROWS[0:3]],
    "nothing at all": [[]],
}
UNEVEN = {"short page in the middle": [ROWS[0:3], ROWS[3:4], ROWS[4:7]], "empty page in the middle": [ROWS[0:3], [], ROWS[3:5]]}


@pytest.mark.parametrize("shape", [*SHAPES, *UNEVEN])
@pytest.mark.parametrize("name", STYLES)
def test_short_full_and_empty_pages_end_nothing_and_lose_nothing(read, respond, stored, name, shape):
    pages = (SHAPES | UNEVEN)[shape]
    if name == "offset" and shape == "empty page in the middle":
        with pytest.raises(Truncated):
            read(STYLES[name], STYLES[name].script(pages, respond))
        return
    manifest = read(STYLES[name], STYLES[name].script(pages, respond))
    assert _ids(manifest, stored, name) == [row["id"] for page in pages for row in page]


@pytest.mark.parametrize("name", STYLES)
def test_a_page_that_comes_twice_lands_twice_and_is_merged_by_key_and_version(read, respond, stored, name):
    pages = [ROWS[0:3], ROWS[0:3], ROWS[3:5]]
    manifest = read(STYLES[name], STYLES[name].script(pages, respond))
    receipt = type_load(manifest, stored)
    assert receipt.typed == 8
    merged = newest_version(stored.path(receipt.parquet_key), ["id"], "updated_at")
    assert sorted(row["id"] for row in merged) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("order", [pytest.param([0, 0, None], id="to itself"), pytest.param([1, 2, 1], id="in a circle")])
@pytest.mark.parametrize("name", WITH_CURSOR)
def test_a_cursor_that_leads_back_fails_the_batch_within_one_more_request(read, respond, hostile, stored, name, order):
    with pytest.raises(BadAnswer, match="had sent before"):
        read(STYLES[name], STYLES[name].script(PAGES, respond, order))
    assert len(hostile.seen) <= len(PAGES) + 1
    assert loads.manifests(STYLES[name].stream(), stored) == []


@pytest.mark.parametrize("name", WITH_TOTAL)
def test_a_missing_page_is_read_once_more_and_then_fails_the_batch(read, respond, hostile, stored, name):
    style = STYLES[name]
    with pytest.raises(Truncated, match="announced 8 records and sent 5"):
        read(style, style.script([PAGES[0], PAGES[2]], respond, total=8))
    assert sum(style.number_of(path) == 0 for path, _ in hostile.seen) == 2
    assert loads.manifests(style.stream(), stored) == []
    healed = read(style, style.script(PAGES, respond))
    assert _ids(healed, stored, name) == list(range(1, 9))


def test_rows_that_shift_between_two_pages_are_found_by_a_second_reading(read, respond, hostile, stored):
    style, left = STYLES["offset"], list(ROWS)

    def script(path, number):
        if number == 1:
            del left[0]
        start = 3 * style.number_of(path)
        return respond(json.dumps({"totalItems": len(left), "rows": left[start : start + 3]}))

    manifest = read(style, script)
    assert _ids(manifest, stored, style) == list(range(2, 9))
    assert len(hostile.seen) == 3 + 3


@pytest.mark.parametrize("name", WITH_TOTAL)
def test_a_total_that_is_too_low_ends_nothing(read, respond, stored, name):
    manifest = read(STYLES[name], STYLES[name].script(PAGES, respond, total=4))
    assert _ids(manifest, stored, name) == list(range(1, 9))
    assert (manifest.vendor_total, manifest.records) == (4, 8)


@pytest.mark.parametrize("name", STYLES)
def test_a_cursor_that_expires_in_mid_run_costs_one_try_and_the_next_begins_anew(read, respond, hostile, stored, name):
    style = STYLES[name]
    good = style.script(PAGES, respond)
    for status in (410, 400):
        with pytest.raises(StopStream, match=str(status)):
            read(
                style,
                lambda path, number, status=status: respond("{}", status) if style.number_of(path) == 2 else good(path, number),
            )
        assert loads.manifests(style.stream(), stored) == []
        assert admission.start_cursor(style.stream(), stored) == admission.StartCursor()
    hostile.seen.clear()
    assert _ids(read(style, good), stored, name) == list(range(1, 9))
    assert style.number_of(hostile.seen[0][0]) == 0


EVIL = (
    "http://evil.example/rows?page[after]=1",
    "//evil.example/rows",
    "http://127.0.0.1:1/rows",
    "file:///etc/passwd",
    "http://169.254.169.254/latest/meta-data",
    "http://me:secret@127.0.0.1/rows",
)


@pytest.mark.parametrize("link", EVIL)
def test_a_next_link_to_another_host_fails_the_batch_and_sends_nothing_there(read, respond, hostile, stored, link):
    keyset = {"rows": PAGES[0], "meta": {"has_more": True}, "links": {"next": link}}
    query = {"records": PAGES[0], "totalSize": 8, "done": False, "nextRecordsUrl": link}
    for name, answer in (("keyset", keyset), ("query", query)):
        hostile.seen.clear()
        with pytest.raises(OriginRefused):
            read(STYLES[name], lambda path, number, answer=answer: respond(json.dumps(answer)))
        assert len(hostile.seen) == 1
        assert loads.manifests(STYLES[name].stream(), stored) == []


def test_a_token_in_a_link_is_stored_nowhere(read, respond, hostile, stored):
    secret = "canary-token-4711"
    more = {"rows": PAGES[0], "meta": {"has_more": True}, "links": {"next": f"{hostile.url}/api/v2/rows?token={secret}"}}
    last = {"rows": PAGES[1], "meta": {"has_more": False}, "links": {"next": None}}
    manifest = read(STYLES["keyset"], lambda path, number: respond(json.dumps(last if secret in path else more)))
    assert manifest.records == 6
    assert [key for key in stored.list("") if secret.encode() in stored.read_bytes(key)] == []


@pytest.mark.parametrize("name", STYLES)
def test_the_newest_record_first_and_a_failure_after_it_move_no_cursor(read, respond, stored, name):
    style = STYLES[name]
    pages = [
        [rating(1, "2026-11-30T23:00:00Z")] * 3,
        [rating(2, "2026-11-01T00:00:00Z")] * 3,
        [rating(3, "2026-11-15T00:00:00Z")],
    ]
    good = style.script(pages, respond)
    with pytest.raises(StopStream):
        read(style, lambda path, number: respond("{}", 404) if style.number_of(path) == 1 else good(path, number))
    assert admission.start_cursor(style.stream(), stored) == admission.StartCursor()
    manifest = read(style, good)
    assert (manifest.records, manifest.high_water) == (7, "2026-11-30T23:00:00Z")


def test_a_list_of_lists_is_not_read_along_a_list_that_lacks_a_page(hostile, respond, stored):
    courses = [{"id": f"c{number}", "certificateUrl": "u"} for number in range(3)]

    def script(path, number):
        if path.startswith("/authenticate"):
            return respond('"token-123456"')
        if "/enrollments" in path:
            return respond('{"totalItems":0,"enrollments":[]}')
        return respond(json.dumps({"totalItems": 3, "courses": courses[:2] if "_offset=0" in path else []}))

    hostile.script = script
    extra = {"private_key": "k" * 12, "first_wait_seconds": 0.001}
    connections.use(lambda vendor: {"host": hostile.url, "login": "u", "password": "a-password-42", "extra": extra})
    for name in ("absorb.enrollments", "absorb.certificates"):
        with pytest.raises(Truncated, match="announced 3 records of a list and sent 2"):
            land(find(name), NIGHT, stored)
        assert loads.manifests(find(name), stored) == []
