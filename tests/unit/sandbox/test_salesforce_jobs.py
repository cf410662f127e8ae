"""Salesforce's query jobs (Bulk API 2.0): what the sandbox answers, and that landing by job gives the same rows as REST."""

from datetime import UTC, datetime, timedelta
from typing import Any

import duckdb
import pytest

from learning_warehouse import connections, paging_jobs
from learning_warehouse.errors import RetryLater, Truncated
from learning_warehouse.landing import land
from learning_warehouse.paging import ContractBroken
from learning_warehouse.paging_jobs import result_page
from learning_warehouse.sources import SOURCES
from learning_warehouse.streams import Answer, RunContext
from learning_warehouse.typing_records import type_load

JOBS = "http://halden.my.salesforce.com/services/data/v62.0/jobs/query"
NOW = datetime(2026, 12, 1, 1, tzinfo=UTC)
STREAMS = SOURCES["salesforce"].streams


def _asked(query: str, operation: str = "queryAll") -> dict[str, str]:
    return {"operation": operation, "query": query, "contentType": "CSV", "columnDelimiter": "COMMA", "lineEnding": "LF"}


@pytest.fixture
def connect(door: Any, stored: Any) -> Any:
    """Sets from how many records on a query becomes a job."""
    values = connections.SANDBOX["salesforce"]

    def use(from_records: int) -> None:
        extra = {"proxy": door.url, "bulk_from_records": from_records, "first_wait_seconds": 0.01}
        connections.use(lambda vendor: {**values, "extra": extra})

    return use


@pytest.fixture(autouse=True)
def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging_jobs, "FIRST_WAIT", 0.01)
    monkeypatch.setattr(paging_jobs, "PAGE_RECORDS", 1000)


def _jobs(door: Any) -> Any:
    return door.sandbox.faces["salesforce"].__self__.jobs


def _typed(name: str, run_id: str, stored: Any) -> list[tuple[Any, ...]]:
    receipt = type_load(land(STREAMS[name], RunContext(run_id, NOW), stored), stored)
    assert receipt.set_aside == 0
    rows = duckdb.sql(f"SELECT * EXCLUDE (_seq, _index) FROM read_parquet('{stored.path(receipt.parquet_key)}') ORDER BY id")
    return rows.fetchall()


def test_a_job_is_waited_for_and_its_result_comes_in_pages_that_repeat_the_header(door: Any) -> None:
    headers = door.salesforce_login()
    job = door.send("POST", JOBS, json=_asked("SELECT Id, IsDeleted FROM Contact"), headers=headers).json()
    assert (job["state"], job["object"]) == ("UploadComplete", "Contact")
    assert door.get(f"{JOBS}/{job['id']}/results", headers=headers).status_code == 400
    states = [door.get(f"{JOBS}/{job['id']}", headers=headers).json()["state"] for _ in range(2)]
    assert states == ["InProgress", "JobComplete"]
    first = door.get(f"{JOBS}/{job['id']}/results?maxRecords=2000", headers=headers)
    assert first.headers["Content-Type"] == "text/csv;charset=UTF-8"
    assert (first.headers["Sforce-Locator"], first.headers["Sforce-NumberOfRecords"]) == ("2000", "2000")
    last = door.get(f"{JOBS}/{job['id']}/results?maxRecords=2000&locator=2000", headers=headers)
    assert (last.headers["Sforce-Locator"], last.headers["Sforce-NumberOfRecords"]) == ("null", "500")
    assert {page.text.partition("\n")[0] for page in (first, last)} == {'"Id","IsDeleted"'}


def test_deleted_records_come_by_queryall_only_and_counts_are_no_jobs(door: Any) -> None:
    headers = door.salesforce_login()
    ids = [door.send("POST", JOBS, json=_asked("SELECT Id FROM Contact", word), headers=headers).json()["id"]
           for word in ("query", "queryAll")]  # fmt: skip
    found = [_jobs(door).jobs[job_id].records for job_id in ids]
    assert [len(records) for records in found] == [2499, 2500]
    refused = door.send("POST", JOBS, json=_asked("SELECT COUNT() FROM Contact"), headers=headers)
    assert (refused.status_code, refused.json()[0]["errorCode"]) == (400, "INVALIDENTITY")


@pytest.mark.parametrize("name", ["accounts", "contacts", "users", "opportunities", "contracts"])
def test_rows_read_by_job_equal_rows_read_over_rest(door: Any, stored: Any, connect: Any, name: str) -> None:
    connect(1_000_000)
    over_rest = _typed(name, "rest", stored)
    assert not _jobs(door).jobs
    connect(1)
    assert _typed(name, "jobs", stored) == over_rest
    assert len(_jobs(door).jobs) == 1


def test_a_large_result_is_followed_by_its_locator_until_null(door: Any, stored: Any, connect: Any) -> None:
    connect(2500)
    manifest = land(STREAMS["contacts"], RunContext("jobs", NOW), stored)
    assert (manifest.records, manifest.pages, manifest.vendor_total) == (2500, 3, 2500)
    assert len(land(STREAMS["accounts"], RunContext("rest", NOW), stored).parts) == 1
    assert len(_jobs(door).jobs) == 1, "a small query is no job"


def test_an_object_without_jobs_and_a_job_that_fails_twice_are_read_over_rest(door: Any, stored: Any, connect: Any) -> None:
    connect(1)
    door.move(door.later)
    assert land(STREAMS["account_history"], RunContext("history", door.later), stored).records == 1
    assert not _jobs(door).jobs
    door.move(door.now)
    _jobs(door).failing = 1
    assert land(STREAMS["contacts"], RunContext("once", NOW), stored).pages == 3
    assert [job.state for job in _jobs(door).jobs.values()] == ["Failed", "JobComplete"]
    _jobs(door).failing = 2
    by_rest = land(STREAMS["contacts"], RunContext("twice", NOW), stored)
    assert (by_rest.records, by_rest.pages) == (2500, 2)


@pytest.fixture
def left(stored: Any, connect: Any, short_waits: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A job that took so long that the load is to be tried again later."""
    connect(1)
    with monkeypatch.context() as hasty:
        hasty.setattr(paging_jobs, "PATIENCE", timedelta(0))
        with pytest.raises(RetryLater, match="a job was not done after"):
            land(STREAMS["contacts"], RunContext("night", NOW), stored)


def test_the_next_try_goes_on_with_a_job_that_took_too_long(door: Any, stored: Any, left: None) -> None:
    assert land(STREAMS["contacts"], RunContext("night", NOW), stored).records == 2500
    assert len(_jobs(door).jobs) == 1


@pytest.mark.parametrize("state", ["Failed", "Aborted", None])
def test_a_noted_job_that_the_vendor_gave_up_or_forgot_is_handed_in_anew(
    door: Any, stored: Any, left: None, state: str | None
) -> None:
    jobs = _jobs(door).jobs
    (job,) = jobs.values()
    if state is None:
        jobs.clear()
    else:
        job.state = state
    assert land(STREAMS["contacts"], RunContext("night", NOW), stored).records == 2500
    assert [one.state for one in jobs.values()][-1] == "JobComplete"


def test_the_job_of_another_window_is_left_alone(door: Any, stored: Any, left: None) -> None:
    land(STREAMS["contacts"], RunContext("next night", NOW + timedelta(days=1)), stored)
    assert [job.state for job in _jobs(door).jobs.values()] == ["UploadComplete", "JobComplete"]


def test_a_result_that_is_gone_is_told_as_truncated_and_commits_nothing(door: Any, stored: Any, connect: Any) -> None:
    connect(1)
    jobs = _jobs(door)
    answer = jobs.answer

    def expire(call: Any, resource: str) -> Any:
        if resource.endswith("/results") and "locator" in call.query:
            jobs.jobs[resource.split("/")[2]].created -= timedelta(days=8)
        return answer(call, resource)

    jobs.answer = expire
    with pytest.raises(Truncated, match="the result of a job is gone"):
        land(STREAMS["contacts"], RunContext("night", NOW), stored)
    assert len(jobs.jobs) == 2, "landing reads once more before it gives up"
    assert not stored.list("raw/salesforce/contacts/_manifests")


HEADERS = {"content-type": "text/csv;charset=UTF-8", "sforce-locator": "null", "sforce-numberofrecords": "2"}
WHOLE = b'"Id","Name"\n"1","line\nbreak, and ""quotes"""\n"2",""\n'


def test_line_breaks_and_quotes_stay_in_their_field_and_empty_is_null() -> None:
    page, locator = result_page(Answer(200, HEADERS, WHOLE), ["Id", "Name"])
    assert locator is None
    assert page.records == [b'{"Id":"1","Name":"line\\nbreak, and \\"quotes\\""}', b'{"Id":"2","Name":null}']
    header_only = result_page(Answer(200, HEADERS | {"sforce-numberofrecords": "0"}, b'"Id","Name"\n'), ["Id", "Name"])
    nothing = result_page(Answer(200, HEADERS | {"sforce-numberofrecords": "0"}, b""), ["Id", "Name"])
    assert header_only[0].records == nothing[0].records == []


@pytest.mark.parametrize(
    ("changes", "body"),
    [
        ({"sforce-locator": None}, WHOLE),
        ({"sforce-numberofrecords": None}, WHOLE),
        ({"sforce-numberofrecords": "3"}, WHOLE),
        ({"content-type": "application/json"}, WHOLE),
        ({}, WHOLE[:-4]),
        ({}, b'"Id","Other"\n"1","a"\n"2","b"\n'),
        ({}, b'"Id","Name"\n"1"\n"2","b"\n'),
        ({}, b'"Id","Name"\n"1","\xff"\n"2","b"\n'),
    ],
)
def test_a_page_that_is_not_whole_is_never_the_end(changes: dict[str, str | None], body: bytes) -> None:
    headers = {name: value for name, value in (HEADERS | changes).items() if value is not None}
    with pytest.raises(ContractBroken):
        result_page(Answer(200, headers, body), ["Id", "Name"])
