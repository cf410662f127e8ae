"""A learning record store as the sandbox answers it: the standard's own rules, and a real server that breaks some."""

import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zlib import crc32

from learning_warehouse.sandbox import xapi
from learning_warehouse.simulation.ledger_signals import LearningSession

STATEMENTS = f"{xapi.ENDPOINT}/statements"
VERSION = {"X-Experience-API-Version": "1.0.3"}
AUTH = (xapi.KEY, xapi.SECRET)
EXPERIENCED = "http://adlnet.gov/expapi/verbs/experienced"
PASSED = "http://adlnet.gov/expapi/verbs/passed"


def get(door: Any, path: str = STATEMENTS, host: str = "lrs", headers: dict[str, str] | None = None, **params: Any) -> Any:
    sent = VERSION if headers is None else headers
    return door.get(f"http://{host}.halden.example{path}", auth=AUTH, headers=sent, params=params)


def offline_sitting(name: str, night: datetime) -> LearningSession:
    """A sitting on an offline phone that is uploaded at 00:55 of a night, days after it took place."""
    over = night - timedelta(days=3 + crc32(name.encode()) % 21, hours=-9)
    return LearningSession(name, "101", "lms", "MAND-1", over - timedelta(minutes=10), over, 600, 0, 0, "offline_sync")


def test_key_version_and_known_parameters_are_asked_for(door: Any) -> None:
    assert door.get(f"http://lrs.halden.example{STATEMENTS}", auth=("x", "y"), headers=VERSION).status_code == 401
    assert get(door, headers={}).status_code == 400
    assert get(door, headers={"X-Experience-API-Version": "2.0.0"}).status_code == 400
    assert "sort" in get(door, sort="stored").json()["error"]
    assert get(door, since="yesterday").status_code == 400
    assert get(door, path="/data/xAPI/activities").status_code == 404


def test_newest_stored_comes_first_unless_asked_otherwise(door: Any) -> None:
    down, up = get(door).json()["statements"], get(door, ascending="true").json()["statements"]
    assert down == up[::-1]
    assert [row["stored"] for row in up] == sorted(row["stored"] for row in up)
    assert len(up) == 5


def test_more_counts_from_the_origin_and_is_empty_at_the_end(door: Any) -> None:
    answer, found = get(door, limit=2, ascending="true").json(), []
    while True:
        found += answer["statements"]
        if not answer["more"]:
            break
        assert answer["more"].startswith("/data/more?")
        answer = door.get(f"http://lrs.halden.example{answer['more']}", auth=AUTH, headers=VERSION).json()
    assert found == get(door, ascending="true").json()["statements"]
    assert get(door, path="/data/more?statements=e30x").status_code == 400


def test_since_is_exclusive_until_inclusive_and_both_go_by_the_time_of_storing(door: Any) -> None:
    rows = get(door, ascending="true").json()["statements"]
    first, second = rows[0]["stored"], rows[1]["stored"]
    assert get(door, since=first, until=second).json()["statements"] == [rows[1]]


def test_statements_are_found_by_id_verb_agent_and_registration(door: Any) -> None:
    (row,) = [row for row in get(door, verb=PASSED).json()["statements"] if "score" in row["result"]]
    assert row["result"]["score"] == {"scaled": 0.915, "raw": 91.5, "min": 0, "max": 100}
    assert get(door, statementId=row["id"]).json() == row
    assert row in get(door, registration=row["context"]["registration"]).json()["statements"]
    assert row in get(door, agent=json.dumps(row["actor"])).json()["statements"]
    assert get(door, agent="ann").status_code == 400
    assert get(door, statementId="nobody").status_code == 404


def test_a_voided_statement_is_shown_by_its_own_parameter_only(door: Any) -> None:
    ledger = door.sandbox.world.ledger
    failed = next(fact for fact in ledger.enrollments if fact.completed_at and not fact.passed)
    (shown,) = get(door, registration=failed.enrollment_id, verb=PASSED.replace("passed", "failed")).json()["statements"]
    tomorrow = failed.completed_at + timedelta(days=1)
    ledger.enrollments.append(replace(failed, enrollment_id="retake", started_at=None, completed_at=tomorrow, passed=True))
    door.move(door.later)
    assert get(door, statementId=shown["id"]).status_code == 404
    assert get(door, voidedStatementId=shown["id"]).json() == shown
    (voiding,) = get(door, verb="http://adlnet.gov/expapi/verbs/voided").json()["statements"]
    assert voiding["object"] == {"objectType": "StatementRef", "id": shown["id"]}


def test_the_last_ten_minutes_are_shown_in_part_and_the_header_says_so(door: Any) -> None:
    tonight = datetime(2026, 12, 1, tzinfo=UTC)
    uploads = [offline_sitting(f"S{number}", tonight) for number in range(8)] + [
        offline_sitting("S8", tonight - timedelta(days=1))
    ]
    door.sandbox.world.ledger.learning_sessions.extend(uploads)
    answer = get(door, verb=EXPERIENCED)
    assert answer.headers["X-Experience-API-Consistent-Through"] == "2026-12-01T00:50:00.000Z"
    shown = Counter(row["stored"][:16] for row in answer.json()["statements"])
    assert shown["2026-11-30T00:55"] == 1
    assert 0 < shown["2026-12-01T00:55"] < 8
    door.move(door.now + timedelta(minutes=6))
    assert len(get(door, verb=EXPERIENCED).json()["statements"]) == 9


def test_the_lax_server_goes_by_the_time_of_the_event_backwards_and_promises_nothing(door: Any) -> None:
    answer = get(door, host="ralph", headers={}, ascending="true")
    rows = answer.json()["statements"]
    assert [row["stored"] for row in rows] == sorted((row["stored"] for row in rows), reverse=True)
    assert "more" not in answer.json()
    assert "X-Experience-API-Consistent-Through" not in answer.headers
    happened = rows[-1]["timestamp"]
    assert rows[-1] not in get(door, host="ralph", since=happened).json()["statements"]
