"""Family E: evil records come over real HTTP in one page with good ones; none is lost, none holds another back."""

import json
import re

import msgspec
import pytest
from landed import NOW, night, rows
from paged_vendors import RATINGS, rating

from learning_warehouse import connections, quarantine
from learning_warehouse.errors import BadAnswer, OriginRefused
from learning_warehouse.landing import land
from learning_warehouse.settings import REPOSITORY
from learning_warehouse.sources import find
from learning_warehouse.streams import RunContext
from learning_warehouse.typing_records import type_load

GOOD = rating(1)
EVIL = {
    "E4 fraction where a whole number is": (b'{"id":1.5}', "id: a number that is not a whole number"),
    "E4 comma": (b'{"id":"1,5"}', "id: a text that is not a whole number"),
    "E4 yes or no": (b'{"id":true}', "id: yes or no that is not a whole number"),
    "E6 null key": (b'{"id":null}', "id: missing"),
    "E6 no key": (b"{}", "id: missing"),
    "E8 text of 10 MB": (b'{"id":1,"t":"' + b"x" * 10_000_000 + b'"}', "the record is bigger than 4 MB"),
    "E8 thousand levels": (b'{"id":' + b"[" * 1000 + b"]" * 1000 + b"}", "the record is nested too deeply"),
    "E8 four hundred levels": (b'{"id":' + b"[" * 400 + b"]" * 400 + b"}", "the record is nested too deeply"),
    "E9 no UTF-8": (b'{"id":"\xff\xfe"}', "the record is not UTF-8"),
    "E9 Latin-1": (b'{"id":"Zo\xeb"}', "the record is not UTF-8"),
    "E10 half a surrogate pair": (b'{"id":"\\ud800x"}', "the record is not valid JSON"),
    "E10 half a surrogate pair in a key": (b'{"\\udc00":1}', "the record is not valid JSON"),
    "E10 NUL": (b'{"id":1,"score":"a\\u0000b"}', "the record holds a NUL character"),
    "E10 key twice": (b'{"id":1,"id":2}', "a key comes twice in the record"),
    "E10 key twice, once escaped": (b'{"id":1,"\\u0069d":2}', "a key comes twice in the record"),
    "E11 beyond any range": (b'{"id":1e400}', "the record is not valid JSON"),
    "E11 2^63": (b'{"id":9223372036854775808}', "id: a number that is not a whole number"),
    "E11 2^64": (b'{"id":18446744073709551616}', "id: a number that is not a whole number"),
    "E19 blank": (b'{"id":"  "}', "id: missing"),
    "E19 N/A": (b'{"id":"N/A"}', "id: a text that is not a whole number"),
    "no object": (b"[1]", "the record is not an object"),
    "nothing": (b"null", "the record is not an object"),
}


@pytest.fixture
def served(hostile, respond, stored):
    """Lands and types the ratings of one page that holds these bytes as its list."""

    def _served(records):
        body = b'{"satisfaction_ratings":[' + b",".join(records) + b'],"meta":{"has_more":false},"links":{"next":null}}'
        hostile.script = lambda path, number: respond(body)
        extra = {"first_wait_seconds": 0.001}
        connections.use(lambda vendor: {"host": hostile.url, "login": "u", "password": "a-password-42", "extra": extra})
        manifest = land(RATINGS, RunContext("night", NOW), stored)
        return manifest, type_load(manifest, stored)

    return _served


def test_evil_records_land_as_they_came_and_hold_no_other_back(served, stored):
    good = [msgspec.json.encode(rating(number)) for number in range(len(EVIL) + 1)]
    mixed = [record for pair in zip(good, (evil for evil, _ in EVIL.values()), strict=False) for record in pair] + good[-1:]
    manifest, receipt = served(mixed)
    assert (manifest.records, receipt.typed, receipt.set_aside) == (len(mixed), len(good), len(EVIL))
    assert [row["id"] for row in rows(receipt, stored)] == list(range(len(good)))
    listed = {item.index: item.reason for item in quarantine.set_aside(stored)}
    found = {name: listed.get(2 * position + 1) for position, name in enumerate(EVIL)}
    assert found == {name: reason for name, (_, reason) in EVIL.items()}


@pytest.mark.parametrize("number", [b"NaN", b"Infinity", b"-Infinity", b"01", b"+1"])
def test_a_bare_nan_is_no_json_and_stops_the_page(served, stored, number):
    with pytest.raises(BadAnswer, match="not what is documented"):
        served([b'{"id":' + number + b"}"])
    assert stored.list("raw/zendesk/satisfaction_ratings/_manifests") == []


def test_a_key_that_comes_up_at_row_25000_is_counted(stored):
    records = [rating(number) for number in range(25_000)] + [rating(25_000) | {"brand_new": 1}]
    receipt = night(RATINGS, records, stored)
    assert receipt.unknown_keys == {"brand_new": 1}
    assert receipt.typed == 25_001


def test_keys_that_differ_by_case_only_are_two_keys(stored):
    receipt = night(RATINGS, [rating(7) | {"Id": 99, "SCORE": "bad"}, {"Id": 1}], stored)
    assert [(row["id"], row["score"]) for row in rows(receipt, stored)] == [(7, "good")]
    assert receipt.unknown_keys == {"Id": 2, "SCORE": 1}
    assert receipt.set_aside_reasons == {"id: missing": 1}


def test_a_list_of_a_hundred_thousand_is_one_value(stored):
    tags = [f"t{number}" for number in range(100_000)]
    ticket = {
        "id": 1,
        "created_at": "2026-01-02T03:04:05Z",
        "updated_at": "2026-01-02T03:04:05Z",
        "generated_timestamp": 1767323045,
        "status": "open",
        "requester_id": 7,
        "tags": tags,
    }
    receipt = night(find("zendesk.tickets"), [ticket, ticket | {"id": 2, "tags": ["a"]}], stored)
    first, second = rows(receipt, stored)
    assert (len(json.loads(first["tags"])), json.loads(second["tags"])) == (100_000, ["a"])


TEXTS = (
    "'; drop table checked; --",
    '"; drop table typed; --',
    "{{ env_var('HOME') }}",
    "{% raw %}",
    "${HOME} $name $$",
    "../../etc/passwd",
    "x" * 300,
    "%s %(a)s {0}",
    "\\",
    "\u202etfel\u202c",
    "e\u0301 \u00e9 \U0001f600",
    "\u2028 \x7f",
)


def test_sql_and_templates_in_values_stay_text(stored):
    receipt = night(RATINGS, [rating(number, score=text) for number, text in enumerate(TEXTS)], stored)
    assert tuple(row["score"] for row in rows(receipt, stored)) == TEXTS
    assert receipt.set_aside == 0
    assert all(".." not in key and "passwd" not in key for key in stored.list(""))


def test_no_model_and_no_macro_makes_sql_of_values():
    reads_values = re.compile(r"load_result|fetch_result|get_column_values|=\s*run_query")
    assert reads_values.search("{% set names = run_query('select name from x').columns[0].values() %}")
    files = [path for folder in ("models", "macros") for path in (REPOSITORY / "dbt_project" / folder).rglob("*.sql")]
    assert len(files) > 100
    assert [path.name for path in files if reads_values.search(path.read_text())] == []


def test_one_address_in_several_spellings_is_one_key_and_a_look_alike_is_another(stored):
    spelled = ["Zoë@halden.example", "ZOË@HALDEN.EXAMPLE", "Zoe\u0308@halden.example", " zoë@Halden.example "]
    look_alike = "z\u043eë@halden.example"
    base = {"role": "end-user", "created_at": "2026-01-01", "updated_at": "2026-01-01"}
    users = [base | {"id": number, "email": address} for number, address in enumerate([*spelled, look_alike])]
    keys = [row["email_key"] for row in rows(night(find("zendesk.users"), users, stored), stored)]
    assert len(set(keys[:4])) == 1
    assert keys[4] not in keys[:4]


def test_a_path_in_an_id_asks_for_no_other_path(hostile, respond, stored):
    ids = ["../users", "a/b", "a?b=c", "a#b", "%2e%2e", "c d", "...", "/"]

    def script(path, number):
        if path.startswith("/authenticate"):
            return respond('"token-123456"')
        if path.startswith("/courses?"):
            return respond(json.dumps({"totalItems": len(ids), "courses": [{"id": each} for each in ids]}))
        return respond('{"totalItems":0,"enrollments":[]}')

    hostile.script = script
    extra = {"private_key": "k" * 12}
    connections.use(lambda vendor: {"host": hostile.url, "login": "u", "password": "a-password-42", "extra": extra})
    land(find("absorb.enrollments"), RunContext("night", NOW), stored)
    asked = [path.partition("?")[0] for path, _ in hostile.seen[2:]]
    assert len(asked) == len(ids)
    assert all(path.startswith("/courses/") and path.endswith("/enrollments") and path.count("/") == 3 for path in asked), asked
    for bad in (".", ".."):
        ids[:] = [bad]
        hostile.seen.clear()
        with pytest.raises(OriginRefused):
            land(find("absorb.enrollments"), RunContext("another", NOW), stored)
        assert [path for path, _ in hostile.seen if not path.startswith("/courses?")] == []
