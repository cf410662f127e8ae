"""The server around the faces: proxy targets, direct addresses, unknown hosts, control, faults, determinism."""

import http.client
import time
import urllib.request
from typing import Any

import pytest
import requests

AUTH = ("warehouse@halden.example/token", "sandbox-zendesk-token")
TICKETS = "http://halden.zendesk.com/api/v2/incremental/tickets/cursor.json?start_time=0&per_page=50"
MANDATORY = "/courses/000001f6-0000-4000-8000-000000000000/enrollments"


def test_a_client_of_the_standard_library_gets_through_the_proxy(door: Any) -> None:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({"http": door.url}))
    request = urllib.request.Request("http://halden.bamboohr.com/api/v1/employees")
    request.add_header("Authorization", "Basic c2FuZGJveC1iYW1ib29oci1rZXk6eA==")
    with opener.open(request, timeout=20) as answer:
        assert b'"employeeId"' in answer.read()


def test_the_absolute_target_wins_over_the_host_header(door: Any) -> None:
    connection = http.client.HTTPConnection(door.url.removeprefix("http://"), timeout=20)
    connection.putrequest("GET", "http://halden.zendesk.com/api/v2/users/me.json", skip_host=True)
    connection.putheader("Host", "halden.zendesk.com")
    connection.endheaders()
    assert connection.getresponse().status == 401
    connection.close()


def test_the_vendors_also_answer_below_the_servers_own_address(door: Any) -> None:
    answer = requests.get(
        f"{door.url}/zendesk/api/v2/incremental/tickets/cursor.json?start_time=0&per_page=1", auth=AUTH, timeout=20
    )
    assert answer.json()["after_url"].startswith(f"{door.url}/zendesk/api/v2/incremental/tickets/cursor.json?")


@pytest.mark.parametrize(("host", "status"), [("nowhere.example", 502), ("other.zendesk.com", 404), ("other.bamboohr.com", 404)])
def test_an_unknown_host_is_never_passed_on(door: Any, host: str, status: int) -> None:
    assert door.get(f"http://{host}/api/v2/users/me.json", auth=AUTH).status_code == status


def test_the_control_door_is_not_open_on_vendor_hosts(door: Any) -> None:
    assert door.get("http://halden.zendesk.com/_control/state", auth=AUTH).status_code == 404
    assert door.get("http://sandbox.control/_control/state").json()["company"] == "halden"


def test_now_moves_in_both_directions_and_needs_an_offset(door: Any) -> None:
    before = door.get(TICKETS, auth=AUTH).content
    door.move(door.later)
    assert door.control("now", {"now": door.now.isoformat()}).json()["now"] == "2026-12-01T01:00:00+00:00"
    assert door.get(TICKETS, auth=AUTH).content == before
    assert door.control("now", {"now": "2026-12-01T01:00:00"}).status_code == 400
    assert door.control("now", {}).status_code == 400
    assert door.control("tomorrow", {}).status_code == 404


def test_who_accepts_gzip_gets_the_same_page_packed_and_a_short_answer_as_it_is(door: Any) -> None:
    def ask(url: str, accepted: str) -> tuple[bytes, str | None, str]:
        answer = door.get(url, auth=AUTH, headers={"Accept-Encoding": accepted})
        return answer.content, answer.headers.get("Content-Encoding"), answer.headers["Content-Length"]

    (plain, _, length), (unpacked, encoding, packed_length) = ask(TICKETS, "identity"), ask(TICKETS, "gzip")
    assert (plain, encoding) == (unpacked, "gzip")
    assert int(packed_length) < int(length) / 3
    assert ask("http://halden.zendesk.com/api/v2/tickets/count.json", "gzip")[1] is None


def test_the_same_question_gets_the_same_bytes(door: Any) -> None:
    headers = door.absorb_login()
    for ask in (lambda: door.get(TICKETS, auth=AUTH), lambda: door.absorb(MANDATORY, headers, _sort="-dateEdited")):
        assert ask().content == ask().content


def test_the_zendesk_fault_answers_200_with_an_error_body_until_healed(door: Any) -> None:
    assert door.control("faults", [{"kind": "zendesk_error_body"}]).json()["faults"][0]["vendor"] == "zendesk"
    answer = door.get(TICKETS, auth=AUTH)
    assert answer.status_code == 200
    assert set(answer.json()) == {"error", "description"}
    door.control("faults", [])
    assert "tickets" in door.get(TICKETS, auth=AUTH).json()


def test_the_absorb_fault_empties_a_stable_share_of_enrollment_ids(door: Any) -> None:
    headers = door.absorb_login()
    door.control("faults", [{"kind": "absorb_null_enrollment_keys", "share": 0.25}])
    rows = [door.absorb(MANDATORY, headers, _limit=1000).json()["enrollments"] for _ in range(2)]
    missing = sum(row["id"] is None for row in rows[0])
    assert 180 < missing < 320
    assert rows[0] == rows[1]
    assert all(row["id"] for row in door.absorb("/users", headers).json()["users"])


def test_a_fault_hits_only_its_path_and_only_so_often(door: Any) -> None:
    fault = {"kind": "status", "vendor": "zendesk", "path_contains": "tickets/cursor", "status": 503, "times": 2}
    door.control("faults", [fault])
    assert door.zendesk("/incremental/users/cursor.json", start_time=0).status_code == 200
    assert [door.get(TICKETS, auth=AUTH).status_code for _ in range(3)] == [503, 503, 200]


def test_a_cut_body_ends_before_its_announced_length(door: Any) -> None:
    door.control("faults", [{"kind": "cut", "vendor": "zendesk", "times": 1}])
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        door.get(TICKETS, auth=AUTH)
    assert door.get(TICKETS, auth=AUTH).status_code == 200


def test_a_maintenance_page_is_html_with_200(door: Any) -> None:
    door.control("faults", [{"kind": "html", "vendor": "bamboohr", "times": 1}])
    answer = door.bamboo("/employees")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")


def test_a_rate_limit_fault_carries_retry_after(door: Any) -> None:
    door.control("faults", [{"kind": "rate_limit", "vendor": "salesforce", "seconds": 7, "times": 1}])
    answer = door.soql("SELECT Id FROM User", {})
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "7")


def test_a_slow_answer_comes_late_but_whole(door: Any) -> None:
    door.control("faults", [{"kind": "slow", "vendor": "zendesk", "seconds": 0.3, "times": 1}])
    started = time.monotonic()
    assert door.get(TICKETS, auth=AUTH).status_code == 200
    assert time.monotonic() - started >= 0.3


@pytest.mark.parametrize(
    "faults",
    [{"kind": "status"}, [{"kind": "meteor"}], [{"kind": "status", "vendor": "sap"}], [{"kind": "status", "stat": 1}], [7]],
)
def test_an_unusable_fault_is_refused_with_a_sentence(door: Any, faults: Any) -> None:
    answer = door.control("faults", faults)
    assert answer.status_code == 400
    assert answer.json()["error"]
