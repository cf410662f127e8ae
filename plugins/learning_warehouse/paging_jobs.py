"""Large answers of Salesforce as jobs (Bulk API 2.0): a query is handed in, waited for, and its result read as pages of CSV.

A record lands as a JSON object of texts, null for what is empty. Every page repeats the header line, says how many records it
has and names the next page in Sforce-Locator, which is the word null on the last one. A job that fails is handed in once more,
then the query is read over REST; a result that is gone (jobs are kept for seven days) means that the load is read anew. A job
that takes too long is left to the vendor, and the next try of the load goes on with it.
"""

import csv
import io
import logging
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import msgspec

from learning_warehouse import job_notes
from learning_warehouse.connections import Connection
from learning_warehouse.errors import CredentialsRefused, LearningWarehouseError, RetryLater, StopStream, Truncated
from learning_warehouse.http import Authorization, Client
from learning_warehouse.paging import ContractBroken, QueryPages, Request, parse, walk
from learning_warehouse.streams import Answer, Page, Reading

T = TypeVar("T")
logger = logging.getLogger(__name__)
FROM_RECORDS = 10_000
PAGE_RECORDS = 20_000
JOBS = 2
FIRST_WAIT, LONGEST_WAIT = 0.25, 20.0
PATIENCE = timedelta(minutes=60)
PAUSE = timedelta(minutes=15)
UNFINISHED = ("UploadComplete", "InProgress")
ENDED_BADLY = ("Failed", "Aborted")


class JobRefused(StopStream):
    """The vendor does not run this query as a job; it must be read over REST."""


class JobClient(Client):
    """A client that reads results as CSV. `from_records` (extra.bulk_from_records) is where a query is large enough for a job."""

    def __init__(
        self,
        connection: Connection,
        authorization: Authorization,
        refusal: Callable[[Answer], LearningWarehouseError | None] | None = None,
    ) -> None:
        super().__init__(connection, authorization, refusal=refusal, kinds=("json", "csv"))
        self.from_records = int(connection.extra.get("bulk_from_records", FROM_RECORDS))

    def get(self, target: str, params: Mapping[str, str], decode: Callable[[Answer], T]) -> T:
        """GET; the result of a job is asked for as CSV."""
        headers = {"Accept": "text/csv"} if target.endswith("/results") else None
        return self.call("GET", target, decode=decode, params=params, headers=headers)


class _Job(msgspec.Struct, rename="camel"):
    id: str
    state: str
    number_records_processed: int | None = None


@dataclass(frozen=True, slots=True)
class QueryOrJobPages:
    """REST pages of a query, or a job where the first page announces at least as many records as the client says.

    `root` is the path below which query, queryAll and jobs/query lie.
    """

    root: str
    query: Callable[[Reading], str]

    def __call__(self, reading: Reading) -> Iterator[Page]:
        pages = QueryPages(f"{self.root}/queryAll", self.query)(reading)
        first = next(pages)
        least = getattr(reading.client, "from_records", None)
        if least is not None and (first.total or 0) >= max(least, 1):
            try:
                yield from self._result(reading, self._finished(reading))
                return
            except JobRefused as refused:
                logger.warning("%s: %s; reading over REST", reading.stream.full_name, refused)
        yield first
        yield from pages

    def _finished(self, reading: Reading) -> _Job:
        """A job that is complete. Raises JobRefused when the query cannot be a job, RetryLater when it takes too long."""
        text = self.query(reading).partition(" ORDER BY ")[0]
        asked = {"operation": "queryAll", "query": text, "contentType": "CSV", "columnDelimiter": "COMMA", "lineEnding": "LF"}
        state = ""
        for _ in range(JOBS):
            job = self._handed_in_before(reading, text)
            if job is None:
                job = reading.client.post(f"{self.root}/jobs/query", asked, _job)
                job_notes.note(reading, text, job.id)
            job = self._waited_for(reading, job)
            if job.state == "JobComplete":
                return job
            job_notes.forget(reading)
            state = job.state
        raise JobRefused(f"{JOBS} jobs ended as {state}", reading.stream.source, reading.stream.name)

    def _handed_in_before(self, reading: Reading, query: str) -> _Job | None:
        """The job of an earlier try of this load, unless the vendor no longer has it or it ended badly."""
        job_id = job_notes.noted(reading, query)
        if job_id is None:
            return None
        try:
            job = reading.client.get(f"{self.root}/jobs/query/{job_id}", {}, _job)
        except StopStream as error:
            if type(error) is not StopStream:
                raise
            return None
        return None if job.state in ENDED_BADLY else job

    def _waited_for(self, reading: Reading, job: _Job) -> _Job:
        wait, until = FIRST_WAIT, datetime.now(UTC) + PATIENCE
        while job.state in UNFINISHED:
            if datetime.now(UTC) > until:
                message = f"a job was not done after {PATIENCE.seconds // 60} minutes"
                raise RetryLater(message, datetime.now(UTC) + PAUSE, reading.stream.source, reading.stream.name)
            time.sleep(wait)
            wait = min(wait * 2, LONGEST_WAIT)
            job = reading.client.get(f"{self.root}/jobs/query/{job.id}", {}, _job)
        return job

    def _result(self, reading: Reading, job: _Job) -> Iterator[Page]:
        path = f"{self.root}/jobs/query/{job.id}/results"
        fields = self.query(reading).partition(" FROM ")[0].removeprefix("SELECT ").split(", ")

        def turn(answer: Answer) -> tuple[Page, Request | None]:
            page, locator = result_page(answer, fields)
            return page, request({"locator": locator}) if locator else None

        def request(further: Mapping[str, str]) -> Request:
            return Request(path, {"maxRecords": str(PAGE_RECORDS), **further})

        try:
            for number, page in enumerate(walk(reading, request({}), turn)):
                yield replace(page, total=job.number_records_processed) if number == 0 else page
            job_notes.forget(reading)
        except CredentialsRefused:
            raise
        except StopStream as error:
            if type(error) is not StopStream:
                raise
            job_notes.forget(reading)
            raise Truncated(f"the result of a job is gone: {error.message}") from None


def _job(answer: Answer) -> _Job:
    job = parse(answer.body, _Job)
    if not job.id.isalnum() or job.state not in (*UNFINISHED, *ENDED_BADLY, "JobComplete"):
        raise ContractBroken("the answer is no state of a job")
    return job


def result_page(answer: Answer, fields: list[str]) -> tuple[Page, str | None]:
    """One page of CSV as records, and the locator of the next one. Raises ContractBroken for a page that is not whole."""
    locator, told = (answer.headers.get(name) for name in ("sforce-locator", "sforce-numberofrecords"))
    if "csv" not in answer.headers.get("content-type", "") or locator is None or told is None or not told.isdigit():
        raise ContractBroken("the result of a job lacks its headers")
    try:
        rows = list(csv.reader(io.StringIO(answer.body.decode(), newline=""), strict=True))
    except (csv.Error, UnicodeDecodeError):
        raise ContractBroken("the result of a job is no CSV") from None
    header, records = (rows[0], rows[1:]) if rows else (fields, [])
    if sorted(header) != sorted(fields):
        raise ContractBroken("the result of a job has other columns than were asked for")
    if len(records) != int(told) or any(len(row) != len(header) for row in records):
        raise ContractBroken("the result of a job has fewer records or values than it says")
    return Page([_as_json(header, row) for row in records]), None if locator == "null" else locator


def _as_json(header: list[str], row: list[str]) -> bytes:
    values: dict[str, Any] = {name: value or None for name, value in zip(header, row, strict=True)}
    return msgspec.json.encode(values)
