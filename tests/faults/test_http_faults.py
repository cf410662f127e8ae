"""Family A over every reader of every connector: what passes changes no byte, what stays commits nothing.

A passing fault meets every request for data once; a staying one meets the last request, when all before it were good.
Readers with many requests (lists of lists) meet all passing faults in one reading, another one at each request, and of the
staying ones the 500.
"""

import gzip
import time

import pytest
from replayed_vendors import FEW_REQUESTS

from learning_warehouse import admission, loads
from learning_warehouse.errors import LearningWarehouseError
from learning_warehouse.http import Basic, Client
from learning_warehouse.paging import parse
from learning_warehouse.streams import Stream

HTML = "<!DOCTYPE html><title>Sign in</title><form></form>"
PAST = {"Retry-After": "Tue, 01 Dec 2026 00:59:00 GMT", "Date": "Tue, 01 Dec 2026 02:00:00 GMT"}


def content(answer: bytes) -> bytes:
    """The body of a whole response."""
    return answer.partition(b"\r\n\r\n")[2]


def packed(answer: bytes, cut: int) -> bytes:
    return gzip.compress(content(answer))[:-cut]


PASSING = {
    "A1 429 with seconds": lambda r, a: r("slow down", 429, {"Retry-After": "0.001"}),
    "A2 429 with a past date by a clock that is wrong": lambda r, a: r("slow down", 429, PAST),
    "A3 429 without a time": lambda r, a: r("slow down", 429),
    "A3 429 with garbage": lambda r, a: r("slow down", 429, {"Retry-After": "soon"}),
    "A4 503": lambda r, a: r("busy", 503, {"Content-Type": "text/plain"}),
    "A9 cut by its length": lambda r, a: r(content(a)[:-7], content_length=len(content(a))),
    "A9 cut in chunks": lambda r, a: (
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n" + content(a)[:9] + b"\r\n"
    ),
    "A9 reset before the head": lambda r, a: iter([b""]),
    "A10 gzip cut in the middle": lambda r, a: r(packed(a, 30), headers={"Content-Encoding": "gzip"}),
    "A10 gzip without its trailer": lambda r, a: r(packed(a, 8), headers={"Content-Encoding": "gzip"}),
    "A11 whole body that nothing frames": lambda r, a: r(content(a), content_length=-1),
    "A12 cut document": lambda r, a: r(content(a)[:-1]),
    "A12 garbage behind it": lambda r, a: r(content(a) + b"garbage"),
    "A12 two documents": lambda r, a: r(content(a) * 2),
    "A13 login page": lambda r, a: r(HTML, headers={"Content-Type": "text/html"}),
    "A13 login page that calls itself JSON": lambda r, a: r(HTML),
    "A14 error object": lambda r, a: r('{"error":"database"}'),
    "A14 no list": lambda r, a: r("{}"),
    "A14 list is null": lambda r, a: r("null"),
    "A15 204": lambda r, a: r("", 204),
    "A15 empty body": lambda r, a: r(""),
    "A20 UTF-16": lambda r, a: r(content(a).decode().encode("utf-16")),
}
HARMLESS = {
    "A20 byte order mark": lambda r, a: r(b"\xef\xbb\xbf" + content(a)),
    "A20 another charset in the header": lambda r, a: r(content(a), headers={"Content-Type": "application/json; charset=utf-16"}),
    "A10 whole gzip": lambda r, a: r(gzip.compress(content(a)), headers={"Content-Encoding": "gzip"}),
}
STAYING = {
    "A3 429 for a day": (lambda r, a: r("", 429, {"Retry-After": "86400"}), "RetryLater", 1, {}),
    "A5 500": (lambda r, a: r("no", 500), "VendorUnavailable", 3, {"attempts": 3}),
    "A8 drip": (lambda r, a: _drip(a), "VendorUnavailable", 1, {"attempts": 1, "response_seconds": 0.2}),
    "A9 cut": (lambda r, a: r(content(a)[:-7], content_length=len(content(a))), "LearningWarehouseError", 2, {"attempts": 2}),
    "A13 login page": (lambda r, a: r(HTML, headers={"Content-Type": "text/html"}), "BadAnswer", 3, {}),
    "A14 error object": (lambda r, a: r('{"error":"database"}'), "BadAnswer", 3, {}),
    "A16 gzip bomb": (lambda r, a: r(BOMB, headers={"Content-Encoding": "gzip"}), "BadAnswer", 1, {"attempts": 1}),
    "A16 too many bytes": (lambda r, a: r(b" " * 4_000_001), "BadAnswer", 1, {"attempts": 1, "plain_bytes": 4_000_000}),
    "A17 redirect": (lambda r, a: r("", 302, {"Location": "http://evil.example/"}), "OriginRefused", 1, {}),
    "A19 403": (lambda r, a: r("{}", 403), "CredentialsRefused", 1, {}),
    "A19 401": (lambda r, a: r("{}", 401), "CredentialsRefused", 5, {}),
}
MOST_REQUESTS = {"A5 500": 1000, "A8 drip": 1}
BOMB = gzip.compress(b" " * 30_000_000)


def _drip(answer: bytes):
    yield answer[:-20]
    for position in range(20):
        time.sleep(0.05)
        yield answer[-20 + position : len(answer) - 19 + position]


def _same_as_clean(vendors, stream: Stream, spoil, retries: int) -> None:
    good, lines, _ = vendors.clean[stream.full_name]
    manifest = vendors.land(stream, spoil)
    assert vendors.lines(stream, manifest) == lines, stream.full_name
    found, expected = ((each.next_cursor, each.high_water, each.vendor_total) for each in (manifest, good))
    assert found == expected, stream.full_name
    assert manifest.retries == retries, stream.full_name


@pytest.mark.parametrize("fault", [*PASSING, *HARMLESS])
def test_a_fault_that_passes_changes_no_byte_of_what_lands(vendors, respond, fault):
    answer_with = (PASSING | HARMLESS)[fault]
    for stream in vendors.readers(most=FEW_REQUESTS):
        retries = len(vendors.clean[stream.full_name].requests) if fault in PASSING else 0
        _same_as_clean(vendors, stream, lambda answer, key, times: answer_with(respond, answer) if times == 0 else None, retries)


def test_lists_of_lists_meet_another_passing_fault_at_each_request(vendors, respond):
    faults = list(PASSING.values())
    for stream in vendors.readers(least=FEW_REQUESTS + 1):
        requests = vendors.clean[stream.full_name].requests
        fault_of = {key: faults[number % len(faults)] for number, key in enumerate(requests)}

        def spoil(answer, key, times, fault_of=fault_of):
            return fault_of[key](respond, answer) if times == 0 else None

        _same_as_clean(vendors, stream, spoil, len(requests))


@pytest.mark.parametrize("fault", STAYING)
def test_a_fault_that_stays_fails_the_batch_and_commits_nothing(vendors, respond, fault):
    answer_with, error_class, most_tries, limits = STAYING[fault]
    for stream in vendors.readers(most=MOST_REQUESTS.get(fault, FEW_REQUESTS)):
        requests, stored = vendors.clean[stream.full_name].requests, vendors.storage(stream)

        def spoil(answer, key, times, last=requests[-1]):
            return answer_with(respond, answer) if key == last else None

        with pytest.raises(LearningWarehouseError) as caught:
            vendors.land(stream, spoil, **limits)
        assert error_class in [kind.__name__ for kind in type(caught.value).__mro__], stream.full_name
        assert len(requests) <= len(vendors.proxy.seen) <= len(requests) - 1 + most_tries, stream.full_name
        assert loads.manifests(stream, stored) == []
        assert admission.start_cursor(stream, stored) == admission.StartCursor()
        (failure,) = loads.failures(stored, "night")
        assert (failure.source, failure.stream, failure.error_class) == (stream.source, stream.name, type(caught.value).__name__)


def _rows(answer):
    return parse(answer.body, dict[str, list[int]])["rows"]


def test_every_reader_survives_an_answer_that_does_not_come(vendors):
    def stall(answer):
        time.sleep(0.6)
        yield answer

    for stream in vendors.readers(most=2):
        first = vendors.clean[stream.full_name].requests[0]

        def spoil(answer, key, times, first=first):
            return stall(answer) if key == first and times == 0 else None

        manifest = vendors.land(stream, spoil, read_seconds=0.3)
        assert vendors.lines(stream, manifest) == vendors.clean[stream.full_name].lines, stream.full_name
        assert manifest.retries >= 1, stream.full_name


def test_a_stalled_answer_is_given_up_after_the_read_limit_and_asked_again(hostile, respond):
    def stall(path, number):
        if number == 1:
            yield b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 14\r\n\r\n"
        if number < 2:
            time.sleep(1.5)
        yield respond('{"rows":[1,2]}')

    hostile.script = stall
    started = time.monotonic()
    connection = hostile.connection(read_seconds=0.3)
    with Client(connection, Basic("u", "p")) as client:
        assert client.get("/rows", {}, _rows) == [1, 2]
    assert client.retries == 2
    assert time.monotonic() - started < 1.4
