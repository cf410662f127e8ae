"""Bulk API 2.0 of the sandbox's Salesforce: query jobs and their results as CSV.

A job is complete when it is looked at for the second time. It is kept for seven days of the sandbox's clock, then it and its
result answer 404. A job that failed is told with status 200. Queries with COUNT() and objects in NOT_IN_BULK are refused.
"""

import csv
import io
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec

from learning_warehouse.sandbox import soql
from learning_warehouse.sandbox.records.shared import salesforce_id
from learning_warehouse.sandbox.web import Answer, Call, json_answer
from learning_warehouse.sandbox.world import World

KEPT = timedelta(days=7)
NOT_IN_BULK = ("AccountHistory",)
LARGEST_PAGE = 1_000_000


@dataclass(slots=True)
class Job:
    """One query job with the records it found."""

    id: str
    query: soql.Query
    operation: str
    records: list[dict[str, Any]]
    created: datetime
    state: str = "UploadComplete"
    looks: int = 0


class QueryJobs:
    """All jobs of one company. `failing` jobs to come will fail."""

    def __init__(self, world: World, fields: dict[str, tuple[str, ...]]) -> None:
        self.world = world
        self.fields = fields
        self.failing = 0
        self.jobs: dict[str, Job] = {}

    def answer(self, call: Call, resource: str) -> Answer:
        """Answer one call of jobs/query, `resource` without the version."""
        if resource == "jobs/query":
            return self._create(call) if call.method == "POST" else _error(405, "METHOD_NOT_ALLOWED", "use POST")
        match = re.fullmatch(r"jobs/query/(750\w{15})(/results)?", resource)
        job = self.jobs.get(match[1]) if match else None
        if match is None or job is None or self.world.now - job.created > KEPT:
            return _error(404, "NOT_FOUND", "The requested resource does not exist")
        if match[2]:
            return self._results(call, job)
        if call.method == "DELETE":
            del self.jobs[job.id]
            return Answer(204)
        if call.method == "PATCH":
            job.state = "Aborted"
        return json_answer(self._look(call, job))

    def _create(self, call: Call) -> Answer:
        try:
            asked = msgspec.json.decode(call.body, type=dict[str, str])
            query = soql.parse(asked.get("query", ""), self.fields)
            if asked.get("operation") not in ("query", "queryAll"):
                return _error(400, "INVALIDJOB", "operation must be query or queryAll")
            if not query.fields or query.object_name in NOT_IN_BULK:
                return _error(400, "INVALIDENTITY", f"Entity '{query.object_name}' is not supported by the Bulk API.")
            records = self.world.salesforce.objects[query.object_name]
            if asked["operation"] == "query":
                records = [record for record in records if not record.get("IsDeleted")]
            found = soql.run(query, records)
        except msgspec.MsgspecError:
            return _error(400, "JSON_PARSER_ERROR", "the request is no JSON object")
        except soql.QueryError as error:
            return _error(400, error.code, str(error))
        job_id = salesforce_id("750", f"{self.world.now.isoformat()}:{len(self.jobs)}")
        self.jobs[job_id] = Job(job_id, query, asked["operation"], found, self.world.now)
        return json_answer(self._told(call, self.jobs[job_id]))

    def _look(self, call: Call, job: Job) -> dict[str, Any]:
        job.looks += 1
        if job.state == "InProgress" and self.failing:
            self.failing -= 1
            job.state = "Failed"
        elif job.state in ("UploadComplete", "InProgress"):
            job.state = "InProgress" if job.looks < 2 else "JobComplete"
        return self._told(call, job)

    def _told(self, call: Call, job: Job) -> dict[str, Any]:
        told: dict[str, Any] = {
            "id": job.id,
            "operation": job.operation,
            "object": job.query.object_name,
            "createdDate": _written(job.created),
            "systemModstamp": _written(self.world.now),
            "state": job.state,
            "concurrencyMode": "Parallel",
            "contentType": "CSV",
            "apiVersion": float(call.path.split("/")[3].removeprefix("v")),
            "lineEnding": "LF",
            "columnDelimiter": "COMMA",
        }
        if job.state == "JobComplete":
            told |= {"numberRecordsProcessed": len(job.records), "retries": 0, "totalProcessingTime": 12}
        if job.state == "Failed":
            told |= {"errorMessage": "InternalServerError : the query did not finish", "numberRecordsProcessed": 0}
        return told

    def _results(self, call: Call, job: Job) -> Answer:
        if job.state != "JobComplete":
            return _error(400, "INVALIDJOBSTATE", f"the job is {job.state}")
        start, size = call.query.get("locator", "0"), call.query.get("maxRecords", str(LARGEST_PAGE))
        if not start.isdigit() or int(start) > len(job.records) or not size.isdigit() or int(size) < 1:
            return _error(400, "INVALID_QUERY_LOCATOR", "invalid locator or maxRecords")
        end = int(start) + int(size)
        page = job.records[int(start) : end]
        text = io.StringIO(newline="")
        writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
        writer.writerow(job.query.fields)
        writer.writerows([_written(record[name]) for name in job.query.fields] for record in page)
        headers = {
            "Sforce-Locator": str(end) if end < len(job.records) else "null",
            "Sforce-NumberOfRecords": str(len(page)),
        }
        return Answer(200, text.getvalue().encode(), "text/csv;charset=UTF-8", headers)


def _written(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        moment = value.astimezone(UTC)
        return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"
    return value.isoformat() if isinstance(value, date) else str(value)


def _error(status: int, code: str, message: str) -> Answer:
    return json_answer([{"message": message, "errorCode": code}], status)
