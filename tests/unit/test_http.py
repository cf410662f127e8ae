"""The HTTP client against a server that misbehaves in every way we know."""

import gzip
import time

import pytest

from learning_warehouse.errors import (
    BadAnswer,
    CredentialsRefused,
    LearningWarehouseError,
    OriginRefused,
    RetryLater,
    StopStream,
    VendorUnavailable,
)
from learning_warehouse.http import Basic, Client
from learning_warehouse.paging import parse


def _rows(answer):
    return parse(answer.body, dict[str, list[int]])["rows"]


def _client(hostile, **extra):
    connection = hostile.connection(**extra)
    return Client(connection, Basic(connection.login, connection.password))


def _read(hostile, target="/rows", **extra):
    with _client(hostile, **extra) as client:
        return client.get(target, {}, _rows), client


GOOD = '{"rows":[1,2]}'


def test_good_page_takes_one_request(hostile, respond):
    hostile.script = lambda path, number: respond(GOOD)
    rows, client = _read(hostile)
    assert (rows, client.requests, client.retries) == ([1, 2], 1, 0)


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param(lambda r: r("busy", 500), id="500"),
        pytest.param(lambda r: r("busy", 503, {"Retry-After": "0"}), id="503 with Retry-After"),
        pytest.param(lambda r: r("busy", 409), id="409"),
        pytest.param(lambda r: r("wait", 429, {"Content-Type": "text/plain"}), id="429 without Retry-After"),
        pytest.param(lambda r: r("wait", 429, {"Retry-After": "soon"}), id="429 with garbage"),
        pytest.param(lambda r: r("wait", 429, {"Retry-After": "Wed, 01 Jan 2020 00:00:00 GMT"}), id="429 with a past date"),
        pytest.param(lambda r: r(GOOD, content_length=500), id="cut body with Content-Length"),
        pytest.param(lambda r: r(GOOD[:-3], content_length=-1), id="cut body without length"),
        pytest.param(lambda r: r(GOOD, content_length=-1), id="body without any framing"),
        pytest.param(
            lambda r: (
                b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n{"rows":[\r\n'
            ),
            id="cut chunks",
        ),
        pytest.param(
            lambda r: r(gzip.compress(GOOD.encode())[:-9], headers={"Content-Encoding": "gzip"}), id="gzip without its end"
        ),
        pytest.param(lambda r: r(b"\x1f\x8b" + b"x" * 30, headers={"Content-Encoding": "gzip"}), id="gzip that is none"),
        pytest.param(lambda r: r(GOOD, headers={"Content-Encoding": "br"}), id="packing that we did not ask for"),
        pytest.param(lambda r: b"", id="connection closed"),
        pytest.param(lambda r: b"SSH-2.0-OpenSSH\r\n", id="not HTTP"),
        pytest.param(lambda r: r("<html>login</html>", headers={"Content-Type": "text/html"}), id="HTML page"),
        pytest.param(lambda r: r("<html>login</html>"), id="HTML that calls itself JSON"),
        pytest.param(lambda r: r('{"error":"database"}'), id="200 with an error body"),
        pytest.param(lambda r: r('{"rows":null}'), id="null where a list is promised"),
        pytest.param(lambda r: r(GOOD + GOOD), id="two documents"),
        pytest.param(lambda r: r(b'\xff\xfe{"rows":[]}'), id="not UTF-8"),
        pytest.param(lambda r: r('{"rows":' + "[" * 50_000 + "]" * 50_000 + "}"), id="nested 50,000 deep"),
        pytest.param(lambda r: r("", 204), id="204"),
        pytest.param(lambda r: r(""), id="empty body"),
    ],
)
def test_bad_answer_is_asked_again_and_the_next_good_one_counts(hostile, respond, bad):
    hostile.script = lambda path, number: bad(respond) if number == 0 else respond(GOOD)
    rows, client = _read(hostile)
    assert (rows, client.requests, client.retries) == ([1, 2], 2, 1)


def test_error_body_for_ever_is_never_the_end_of_the_data(hostile, respond):
    hostile.script = lambda path, number: respond('{"error":"database"}')
    with pytest.raises(BadAnswer, match=r"rows|documented"):
        _read(hostile)
    assert len(hostile.seen) == 3


def test_server_errors_for_ever_use_up_the_attempts(hostile, respond):
    hostile.script = lambda path, number: respond("no", 500)
    with pytest.raises(VendorUnavailable, match="500"):
        _read(hostile)
    assert len(hostile.seen) == 6


def test_retry_after_is_waited_for_in_full(hostile, respond):
    hostile.script = lambda path, number: respond("wait", 429, {"Retry-After": "1"}) if number == 0 else respond(GOOD)
    started = time.monotonic()
    _, client = _read(hostile)
    assert time.monotonic() - started >= 1
    assert client.waited_seconds >= 1


def test_long_retry_after_is_not_slept_through(hostile, respond):
    hostile.script = lambda path, number: respond("wait", 429, {"Retry-After": "86400"})
    started = time.monotonic()
    with pytest.raises(RetryLater) as caught:
        _read(hostile)
    assert time.monotonic() - started < 2
    assert len(hostile.seen) == 1
    assert caught.value.come_back_at.tzinfo is not None


def test_waiting_budget_of_one_client_is_bounded(hostile, respond):
    hostile.script = lambda path, number: respond("wait", 429, {"Retry-After": "1"})
    with pytest.raises(RetryLater):
        _read(hostile, waiting_budget_seconds=1.5)
    assert len(hostile.seen) == 2


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_redirect_is_refused_and_not_followed(hostile, respond, status):
    hostile.script = lambda path, number: respond("", status, {"Location": "/rows2"})
    with pytest.raises(OriginRefused, match="redirect"):
        _read(hostile)
    assert [path for path, _ in hostile.seen] == ["/rows"]


@pytest.mark.parametrize(
    "link",
    [
        "http://evil.example/rows",
        "https://127.0.0.1/rows",
        "http://127.0.0.1:1/rows",
        "//evil.example/rows",
        "file:///etc/passwd",
        "http://169.254.169.254/latest/meta-data",
        "ftp://127.0.0.1/rows",
        "http://[::1/rows",
    ],
)
def test_link_to_another_origin_is_never_requested(hostile, respond, link):
    with pytest.raises(OriginRefused):
        _read(hostile, link)
    assert hostile.seen == []


def test_link_with_a_user_part_is_never_requested(hostile):
    with pytest.raises(OriginRefused):
        _read(hostile, hostile.url.replace("http://", "http://me:secret@") + "/rows")
    with pytest.raises(OriginRefused):
        _read(hostile, hostile.url + "@evil.example/rows")
    assert hostile.seen == []


def test_own_absolute_link_is_followed(hostile, respond):
    hostile.script = lambda path, number: respond(GOOD)
    rows, _ = _read(hostile, hostile.url + "/rows?page=2")
    assert rows == [1, 2]
    assert hostile.seen[0][0] == "/rows?page=2"


def test_base_path_is_put_before_paths_but_not_twice(hostile, respond):
    hostile.script = lambda path, number: respond(GOOD)
    connection = hostile.connection()
    with Client(connection, Basic("a", "b"), base_path="/api/v2") as client:
        for target in ("/rows", "/api/v2/rows", hostile.url + "/api/v2/rows"):
            client.get(target, {}, _rows)
    assert [path for path, _ in hostile.seen] == ["/api/v2/rows"] * 3


def test_refused_credentials_are_not_tried_again(hostile, respond):
    for status in (401, 403):
        hostile.script = lambda path, number, status=status: respond("{}", status)
        hostile.seen.clear()
        with pytest.raises(CredentialsRefused):
            _read(hostile)
        assert len(hostile.seen) == 1


def test_other_refusals_stop_the_stream_with_the_vendors_code(hostile, respond):
    hostile.script = lambda path, number: respond('[{"errorCode":"INVALID_FIELD","message":"secret stuff"}]', 400)
    with pytest.raises(StopStream, match="INVALID_FIELD") as caught:
        _read(hostile)
    assert "secret stuff" not in str(caught.value)


def test_dripping_body_ends_at_the_deadline(hostile):
    def drip(path, number):
        yield b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n"
        for _ in range(100):
            time.sleep(0.1)
            yield b" "

    hostile.script = drip
    started = time.monotonic()
    with pytest.raises(VendorUnavailable, match="no whole answer"):
        _read(hostile, response_seconds=0.5, attempts=1)
    assert time.monotonic() - started < 3


def test_dripping_headers_end_at_the_deadline(hostile):
    def drip(path, number):
        yield b"HTTP/1.1 200 OK\r\n"
        for index in range(100):
            time.sleep(0.1)
            yield f"X-{index}: y\r\n".encode()

    hostile.script = drip
    started = time.monotonic()
    with pytest.raises(VendorUnavailable):
        _read(hostile, response_seconds=0.5, attempts=1)
    assert time.monotonic() - started < 3


def test_gzip_bomb_is_refused_before_it_unpacks(hostile, respond):
    bomb = gzip.compress(b" " * 300_000_000, compresslevel=6)
    hostile.script = lambda path, number: respond(bomb, headers={"Content-Encoding": "gzip"})
    with pytest.raises(BadAnswer, match="times its size"):
        _read(hostile, attempts=1)


def test_too_big_body_is_refused(hostile, respond):
    hostile.script = lambda path, number: respond(b" " * 3_000_000)
    with pytest.raises(BadAnswer, match="bigger"):
        _read(hostile, wire_bytes=1_000_000, attempts=1)


def test_gzip_page_is_read(hostile, respond):
    hostile.script = lambda path, number: respond(gzip.compress(GOOD.encode()), headers={"Content-Encoding": "gzip"})
    rows, _ = _read(hostile)
    assert rows == [1, 2]
    assert hostile.seen[0][1]["accept-encoding"] == "gzip"


def test_byte_order_mark_is_dropped(hostile, respond):
    hostile.script = lambda path, number: respond(b"\xef\xbb\xbf" + GOOD.encode())
    assert _read(hostile)[0] == [1, 2]


def test_dead_host_stops_after_the_attempts():
    from learning_warehouse.connections import Connection

    connection = Connection("gone", "http://127.0.0.1:9", "u", "p", {"first_wait_seconds": 0.01, "attempts": 2})
    with Client(connection, Basic("u", "p")) as client, pytest.raises(VendorUnavailable, match="could not be reached"):
        client.get("/rows", {}, _rows)
    assert client.requests == 2


def test_environment_proxy_and_netrc_are_not_used(hostile, respond, monkeypatch, tmp_path):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login intruder password intruder\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    hostile.script = lambda path, number: respond(GOOD)
    assert _read(hostile)[0] == [1, 2]
    assert "intruder" not in hostile.seen[0][1]["authorization"]


def test_proxy_of_the_connection_is_used_with_the_real_address(hostile, respond):
    from learning_warehouse.connections import Connection

    hostile.script = lambda path, number: respond(GOOD)
    connection = Connection("far", "http://far.example/api", "u", "p", {"proxy": hostile.url})
    with Client(connection, Basic("u", "p")) as client:
        assert client.get("/rows", {}, _rows) == [1, 2]
    assert hostile.seen[0][0] == "http://far.example/api/rows"
    assert hostile.seen[0][1]["host"] == "far.example"


def test_cookies_of_the_server_are_not_sent_back(hostile, respond):
    hostile.script = lambda path, number: respond(GOOD, headers={"Set-Cookie": "session=1"})
    with _client(hostile) as client:
        client.get("/rows", {}, _rows)
        client.get("/rows", {}, _rows)
    assert "cookie" not in hostile.seen[1][1]


def test_no_message_holds_a_secret(hostile, respond):
    import base64

    secret = "hunter2-secret"
    hostile.script = lambda path, number: respond("{}", 400 if number else 500)
    with pytest.raises(LearningWarehouseError) as caught, _client(hostile) as client:
        client.get("/rows", {"token": secret}, _rows)
    shown = f"{caught.value!s} {caught.value!r} {hostile.connection()!r}"
    assert secret not in shown
    assert base64.b64encode(f"user:{secret}".encode()).decode() not in shown
