"""Salesforce as the sandbox answers it: client credentials, SOQL, nextRecordsUrl, queryAll, merges, error arrays."""

from typing import Any

import pytest

HOST = "http://halden.my.salesforce.com"
TOKEN = f"{HOST}/services/oauth2/token"
GOOD = {"grant_type": "client_credentials", "client_id": "sandbox-salesforce-id", "client_secret": "sandbox-salesforce-secret"}


def test_the_token_comes_by_form_or_basic_header_and_names_the_instance(door: Any) -> None:
    answer = door.send("POST", TOKEN, data=GOOD).json()
    assert (answer["instance_url"], answer["token_type"]) == (HOST, "Bearer")
    assert "expires_in" not in answer
    assert door.salesforce_login()


@pytest.mark.parametrize(
    ("host", "changes", "error"),
    [
        ("login.salesforce.com", {}, "invalid_grant"),
        ("halden.my.salesforce.com", {"grant_type": "password"}, "unsupported_grant_type"),
        ("halden.my.salesforce.com", {"client_secret": "wrong"}, "invalid_client"),
        ("halden.my.salesforce.com", {"client_id": "wrong"}, "invalid_client_id"),
    ],
)
def test_a_bad_token_request_is_an_error_object(door: Any, host: str, changes: dict[str, str], error: str) -> None:
    answer = door.send("POST", f"http://{host}/services/oauth2/token", data=GOOD | changes)
    assert (answer.status_code, answer.json()["error"]) == (400, error)


def test_a_dead_session_is_told_as_an_array(door: Any) -> None:
    answer = door.soql("SELECT Id FROM Account", {"Authorization": "Bearer gone"})
    assert answer.status_code == 401
    assert answer.json() == [{"message": "Session expired or invalid", "errorCode": "INVALID_SESSION_ID"}]


def test_pages_of_2000_are_followed_by_next_records_url(door: Any) -> None:
    headers = door.salesforce_login()
    first = door.soql("SELECT Id FROM Contact ORDER BY SystemModstamp, Id", headers).json()
    assert (first["totalSize"], first["done"], len(first["records"])) == (2499, False, 2000)
    second = door.get(HOST + first["nextRecordsUrl"], headers=headers).json()
    assert (second["done"], len(second["records"]), "nextRecordsUrl" in second) == (True, 499, False)
    assert len({row["Id"] for page in (first, second) for row in page["records"]}) == 2499


def test_an_exactly_full_last_page_is_done(door: Any) -> None:
    content = door.soql("SELECT Id FROM Contact LIMIT 2000", door.salesforce_login()).json()
    assert (content["done"], len(content["records"])) == (True, 2000)


def test_an_unknown_cursor_is_refused(door: Any) -> None:
    url = f"{HOST}/services/data/v62.0/query/01g000000000000AAA-2000"
    assert door.get(url, headers=door.salesforce_login()).json()[0]["errorCode"] == "INVALID_QUERY_LOCATOR"


def test_deleted_records_come_only_through_query_all(door: Any) -> None:
    headers = door.salesforce_login()
    query = "SELECT Id, IsDeleted, SystemModstamp FROM Contact WHERE IsDeleted = true"
    assert door.soql(query, headers).json()["totalSize"] == 0
    rows = door.soql(query, headers, "queryAll").json()["records"]
    assert [(row["Id"], row["SystemModstamp"]) for row in rows] == [("003000000000005AAA", "2026-11-30T09:00:00.000+0000")]


def test_a_merge_deletes_the_loser_names_the_winner_and_moves_its_contacts(door: Any) -> None:
    headers = door.salesforce_login()
    contact = "SELECT AccountId, SystemModstamp FROM Contact WHERE Id = '003000000000002AAA'"
    assert door.soql(contact, headers).json()["records"][0]["AccountId"] == "001000000000002AAA"
    door.move(door.later)
    loser = door.soql("SELECT Id, MasterRecordId FROM Account WHERE IsDeleted = true", headers, "queryAll").json()["records"]
    assert [(row["Id"], row["MasterRecordId"]) for row in loser] == [("001000000000002AAA", "001000000000001AAA")]
    moved = door.soql(contact, headers).json()["records"][0]
    assert (moved["AccountId"], moved["SystemModstamp"]) == ("001000000000001AAA", "2026-12-01T12:00:00.000+0000")


def test_an_owner_change_shows_in_the_account_and_its_history(door: Any) -> None:
    headers = door.salesforce_login()
    history = "SELECT AccountId, Field, OldValue, NewValue, CreatedDate FROM AccountHistory"
    assert door.soql(history, headers).json()["totalSize"] == 0
    door.move(door.later)
    row = door.soql(history, headers).json()["records"][0]
    assert (row["Field"], row["OldValue"], row["NewValue"]) == ("Owner", "005000000000001AAA", "005000000000002AAA")
    account = door.soql("SELECT OwnerId, SystemModstamp FROM Account WHERE Name = 'Acme\\'s'", headers).json()["records"][0]
    assert (account["OwnerId"], account["SystemModstamp"]) == ("005000000000002AAA", "2026-12-01T09:00:00.000+0000")


def test_a_deal_is_open_until_it_is_closed(door: Any) -> None:
    headers = door.salesforce_login()
    query = "SELECT StageName, IsClosed, IsWon, Closed_At__c, CloseDate FROM Opportunity"
    assert door.soql(query, headers).json()["records"][0]["IsClosed"] is False
    door.move(door.later)
    row = door.soql(query, headers).json()["records"][0]
    assert (row["StageName"], row["IsWon"], row["Closed_At__c"]) == ("Closed Won", True, "2026-12-01T09:00:00.000+0000")


def test_dates_numbers_and_custom_fields_keep_their_types(door: Any) -> None:
    query = "SELECT StartDate, Status, Paid_Seats__c, Annual_Value__c FROM Contract"
    row = door.soql(query, door.salesforce_login()).json()["records"][0]
    assert (row["StartDate"], row["Status"]) == ("2025-12-02", "Activated")
    assert (row["Paid_Seats__c"], row["Annual_Value__c"]) == (25, 1200.5)


def test_a_half_open_window_selects_by_stamp(door: Any) -> None:
    query = "SELECT Id FROM Account WHERE SystemModstamp >= 2026-11-30T00:00:00.000Z AND SystemModstamp < 2026-12-01T01:00:00Z"
    rows = door.soql(query, door.salesforce_login()).json()["records"]
    assert [row["Id"] for row in rows] == ["001000000000003AAA"]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("SELECT Shoe FROM Account", "INVALID_FIELD"),
        ("SELECT Id FROM Account WHERE Shoe = 1", "INVALID_FIELD"),
        ("SELECT Id FROM Shoe", "INVALID_TYPE"),
        ("SELECT FROM", "MALFORMED_QUERY"),
        ("SELECT Id FROM Account WHERE Name LIKE 'A%'", "MALFORMED_QUERY"),
        ("SELECT Id FROM Account WHERE SystemModstamp >= '2026-01-01T00:00:00Z'", "INVALID_QUERY_FILTER_OPERATOR"),
    ],
)
def test_a_query_salesforce_would_refuse_is_refused(door: Any, query: str, code: str) -> None:
    answer = door.soql(query, door.salesforce_login())
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, code)


def test_counts_and_lists_are_understood(door: Any) -> None:
    headers = door.salesforce_login()
    assert door.soql("SELECT COUNT() FROM Contact", headers, "queryAll").json() == {
        "totalSize": 2500,
        "done": True,
        "records": [],
    }
    found = door.soql("SELECT Id FROM Account WHERE Name IN ('Gone', 'Dup') ORDER BY Id DESC", headers).json()["records"]
    assert [row["Id"] for row in found] == ["001000000000003AAA", "001000000000002AAA"]


def test_every_answer_tells_the_usage_and_the_quota_ends_in_a_403(door: Any) -> None:
    headers = door.salesforce_login()
    used = door.soql("SELECT Id FROM User", headers).headers["Sforce-Limit-Info"]
    assert used == "api-usage=1/100000"
    face = door.sandbox.faces["salesforce"].__self__
    face.daily_calls = 2
    assert [door.soql("SELECT Id FROM User", headers).status_code for _ in range(2)] == [200, 403]
    door.move(door.later)
    assert door.soql("SELECT Id FROM User", headers).status_code == 200, "the next simulated day has its own quota"
