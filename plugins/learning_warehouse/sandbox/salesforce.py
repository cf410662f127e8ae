"""Salesforce as the sandbox answers it: client-credentials token, query, queryAll and nextRecordsUrl, query jobs.

Only the My Domain host serves the token. Deleted records appear through queryAll alone. Every answer carries
Sforce-Limit-Info; the daily quota is counted per day of the sandbox's clock and answers 403 when it is used up.
"""

import re
import secrets
import time
from collections import OrderedDict
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import parse_qs

from learning_warehouse.sandbox import soql
from learning_warehouse.sandbox.records.shared import salesforce_id
from learning_warehouse.sandbox.salesforce_jobs import QueryJobs
from learning_warehouse.sandbox.web import Answer, Call, json_answer
from learning_warehouse.sandbox.world import World

CLIENT_ID = "sandbox-salesforce-id"
CLIENT_SECRET = "sandbox-salesforce-secret"  # noqa: S105  a published sandbox value
MY_DOMAIN = "halden.my.salesforce.com"
ORGANIZATION_ID = "00D0000000000001AA"
SESSION_SECONDS = 2 * 3600
DAILY_CALLS = 100_000
PAGE, SMALLEST_PAGE, LONGEST_URL = 2000, 200, 16_384
OPEN_CURSORS = 50
SCHEMA = {
    "Account": (
        "Id IsDeleted MasterRecordId Name Type ParentId Industry AnnualRevenue NumberOfEmployees OwnerId Website "
        "Segment__c Plan__c Early_Health_Band__c Early_Health_Band_Date__c Churned_Date__c Churn_Reason__c First_Value_Date__c "
        "CurrencyIsoCode CreatedDate LastModifiedDate SystemModstamp"
    ),
    "AccountHistory": "Id IsDeleted AccountId Field DataType OldValue NewValue CreatedById CreatedDate",
    "Contact": (
        "Id IsDeleted MasterRecordId AccountId FirstName LastName Name Email Title CreatedDate LastModifiedDate SystemModstamp"
    ),
    "User": (
        "Id Username FirstName LastName Name Email EmployeeNumber IsActive UserType CreatedDate LastModifiedDate SystemModstamp"
    ),
    "Opportunity": (
        "Id IsDeleted AccountId OwnerId Name StageName Type Amount CurrencyIsoCode CloseDate Closed_At__c IsClosed IsWon "
        "ContractId CreatedDate LastModifiedDate SystemModstamp"
    ),
    "Contract": (
        "Id IsDeleted AccountId Status StartDate EndDate ContractTerm ContractNumber ActivatedDate Paid_Seats__c "
        "Annual_Value__c CurrencyIsoCode CreatedDate LastModifiedDate SystemModstamp"
    ),
}
FIELDS = {name: tuple(fields.split()) for name, fields in SCHEMA.items()}


class Salesforce:
    """The CRM of one company."""

    def __init__(self, world: World, factor: float) -> None:
        self.world = world
        self.daily_calls = DAILY_CALLS
        self.sessions: dict[str, float] = {}
        self.cursors: OrderedDict[str, tuple[soql.Query, list[dict[str, Any]]]] = OrderedDict()
        self.used: tuple[date | None, int] = (None, 0)
        self.jobs = QueryJobs(world, FIELDS)

    def answer(self, call: Call) -> Answer:
        """Answer one call."""
        if call.path.rstrip("/") == "/services/oauth2/token":
            return self._token(call)
        if call.path.rstrip("/") == "/services/data":
            return json_answer([{"label": "Winter '25", "url": "/services/data/v62.0", "version": "62.0"}])
        if self.sessions.get(call.bearer_token() or "", 0.0) < time.monotonic():
            return _errors(401, "INVALID_SESSION_ID", "Session expired or invalid")
        if not self._count():
            return _errors(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.", self._usage())
        answer = self._read(call)
        return Answer(answer.status, answer.body, answer.media_type, self._usage() | answer.headers)

    def _count(self) -> bool:
        today = self.world.now.date()
        day, used = self.used
        used = used + 1 if day == today else 1
        self.used = (today, min(used, self.daily_calls))
        return used <= self.daily_calls

    def _usage(self) -> dict[str, str]:
        return {"Sforce-Limit-Info": f"api-usage={self.used[1]}/{self.daily_calls}"}

    def _token(self, call: Call) -> Answer:
        if call.method != "POST":
            return _token_error(400, "invalid_request", "must use HTTP POST")
        form = {name: values[-1] for name, values in parse_qs(call.body.decode("utf-8", "replace")).items()}
        if call.host.partition(":")[0] in ("login.salesforce.com", "test.salesforce.com"):
            return _token_error(400, "invalid_grant", "request not supported on this domain")
        if form.get("grant_type") != "client_credentials":
            return _token_error(400, "unsupported_grant_type", "grant type not supported")
        given = call.basic_credentials() or (form.get("client_id", ""), form.get("client_secret", ""))
        if given[0] != CLIENT_ID:
            return _token_error(400, "invalid_client_id", "client identifier invalid")
        if given[1] != CLIENT_SECRET:
            return _token_error(400, "invalid_client", "invalid client credentials")
        token = f"{ORGANIZATION_ID[:15]}!{secrets.token_urlsafe(60)}"
        self.sessions[token] = time.monotonic() + SESSION_SECONDS
        content = {
            "access_token": token,
            "signature": secrets.token_urlsafe(32),
            "scope": "api",
            "instance_url": call.base_url,
            "id": f"{call.base_url}/id/{ORGANIZATION_ID}/{salesforce_id('005', 'integration user')}",
            "token_type": "Bearer",
            "issued_at": str(int(self.world.now.timestamp() * 1000)),
        }
        return json_answer(content)

    def _read(self, call: Call) -> Answer:
        match = re.fullmatch(r"/services/data/v\d+\.\d/(.+?)/?", call.path)
        if match and match[1].startswith("jobs/query"):
            return self.jobs.answer(call, match[1])
        if match is None or call.method != "GET":
            return _errors(404 if match is None else 405, "NOT_FOUND", "The requested resource does not exist")
        resource = match[1]
        if resource in ("query", "queryAll"):
            return self._query(call, resource == "queryAll")
        if locator := re.fullmatch(r"(?:query|queryAll)/(01g\w{15})-(\d+)", resource):
            return self._more(call, locator[1], int(locator[2]))
        if resource == "limits":
            left = self.daily_calls - self.used[1]
            return json_answer({"DailyApiRequests": {"Max": self.daily_calls, "Remaining": left}})
        if describe := re.fullmatch(r"sobjects/(\w+)/describe", resource):
            return _describe(describe[1])
        return _errors(404, "NOT_FOUND", "The requested resource does not exist")

    def _query(self, call: Call, with_deleted: bool) -> Answer:
        text = call.query.get("q", "")
        if len(call.path) + len(call.query_string) > LONGEST_URL:
            return Answer(414, b"", "text/html")
        try:
            query = soql.parse(text, FIELDS)
            records = self.world.salesforce.objects[query.object_name]
            if not with_deleted:
                records = [record for record in records if not record.get("IsDeleted")]
            found = soql.run(query, records)
        except soql.QueryError as error:
            return _errors(400, error.code, str(error))
        if not query.fields:
            return json_answer({"totalSize": len(found), "done": True, "records": []})
        locator = salesforce_id("01g", f"{self.world.now.isoformat()}:{with_deleted}:{text}")
        return self._page(call, query, found, locator, 0)

    def _more(self, call: Call, locator: str, start: int) -> Answer:
        if locator not in self.cursors:
            return _errors(400, "INVALID_QUERY_LOCATOR", "invalid query locator")
        query, found = self.cursors[locator]
        return self._page(call, query, found, locator, start)

    def _page(self, call: Call, query: soql.Query, found: list[dict[str, Any]], locator: str, start: int) -> Answer:
        size = _batch_size(call)
        version = call.path.split("/")[3]
        end = start + size
        content: dict[str, Any] = {"totalSize": len(found), "done": end >= len(found)}
        if end < len(found):
            self.cursors[locator] = (query, found)
            self.cursors.move_to_end(locator)
            while len(self.cursors) > OPEN_CURSORS:
                self.cursors.popitem(last=False)
            content["nextRecordsUrl"] = f"/services/data/{version}/query/{locator}-{end}"
        url = f"/services/data/{version}/sobjects/{query.object_name}/"
        content["records"] = [
            {"attributes": {"type": query.object_name, "url": url + record["Id"]}}
            | {name: _written(record[name]) for name in query.fields}
            for record in found[start:end]
        ]
        return json_answer(content)


def _written(value: Any) -> Any:
    if isinstance(value, datetime):
        moment = value.astimezone(UTC)
        return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}+0000"
    return value.isoformat() if isinstance(value, date) else value


def _batch_size(call: Call) -> int:
    match = re.search(r"batchSize=(\d+)", call.headers.get("sforce-query-options", ""))
    return min(max(int(match[1]), SMALLEST_PAGE), PAGE) if match else PAGE


def _describe(written: str) -> Answer:
    name = next((name for name in FIELDS if name.lower() == written.lower()), None)
    if name is None:
        return _errors(404, "NOT_FOUND", "The requested resource does not exist")
    return json_answer({"name": name, "queryable": True, "fields": [{"name": field} for field in FIELDS[name]]})


def _errors(status: int, code: str, message: str, headers: dict[str, str] | None = None) -> Answer:
    return json_answer([{"message": message, "errorCode": code}], status, headers)


def _token_error(status: int, code: str, description: str) -> Answer:
    return json_answer({"error": code, "error_description": description}, status)
