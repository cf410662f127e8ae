"""Workday RaaS as the sandbox answers it: two custom reports of one owner, whole, in JSON or XML.

Basic authentication of an integration system user. There are no pages and no rate headers; a throttled call is 429 without
Retry-After. Without `format=json` a report is XML. A missing or unreadable prompt is refused.
"""

from datetime import date, datetime
from typing import Any
from xml.sax.saxutils import escape

from learning_warehouse.sandbox.throttle import Throttle
from learning_warehouse.sandbox.web import Answer, Call, json_answer
from learning_warehouse.sandbox.world import World

USER = "lw_isu@halden"
PASSWORD = "sandbox-workday-password"  # noqa: S105  a published sandbox value
REPORTS = "/ccx/service/customreport2/halden/lw_isu/"
CALLS_PER_MINUTE = 300  # Workday publishes no number


class PromptError(ValueError):
    """A prompt of the report is missing or unreadable."""


class Workday:
    """The HRIS of one company."""

    def __init__(self, world: World, factor: float) -> None:
        self.world = world
        self.throttle = Throttle(CALLS_PER_MINUTE, 60.0, factor)

    def answer(self, call: Call) -> Answer:
        """Answer one call."""
        if call.basic_credentials() != (USER, PASSWORD):
            return _error(401, "invalid username or password")
        if not self.throttle.take().allowed:
            return _error(429, "Too many requests")
        if call.method != "GET":
            return _error(405, "Method not allowed")
        reports = {"Learning_Warehouse_Workers": self._workers, "Learning_Warehouse_Worker_History": self._history}
        report = reports.get(call.path.removeprefix(REPORTS)) if call.path.startswith(REPORTS) else None
        if report is None:
            return _error(404, "The report does not exist or is not shared with this user")
        try:
            rows = report(call.query)
        except PromptError as error:
            return _error(400, str(error))
        kind = call.query.get("format", "xml")
        return json_answer({"Report_Entry": rows}) if kind == "json" else _xml(rows)

    def _workers(self, query: dict[str, str]) -> list[dict[str, Any]]:
        try:
            as_of = date.fromisoformat(query.get("Effective_as_of_Date", "")[:10])
        except ValueError:
            raise PromptError("Effective_as_of_Date must be a date") from None
        return self.world.workday.workers(as_of)

    def _history(self, query: dict[str, str]) -> list[dict[str, Any]]:
        since, until = (_moment(query, name) for name in ("Updated_From", "Updated_To"))
        return [row for changed, row in self.world.workday.histories if since <= changed < until]


def _moment(query: dict[str, str], name: str) -> datetime:
    try:
        moment = datetime.fromisoformat(query.get(name, ""))
    except ValueError:
        raise PromptError(f"{name} must be a time") from None
    if moment.tzinfo is None:
        raise PromptError(f"{name} needs an offset")
    return moment


def _xml(rows: list[dict[str, Any]]) -> Answer:
    entries = "".join(f"<wd:Report_Entry>{''.join(_element(key, row[key]) for key in row)}</wd:Report_Entry>" for row in rows)
    text = f'<?xml version="1.0" encoding="UTF-8"?><wd:Report_Data xmlns:wd="urn:com.workday.report">{entries}</wd:Report_Data>'
    return Answer(200, text.encode(), "text/xml; charset=utf-8")


def _element(name: str, value: Any) -> str:
    if isinstance(value, list):
        return "".join(f"<wd:{name}>{''.join(_element(key, row[key]) for key in row)}</wd:{name}>" for row in value)
    return f"<wd:{name}>{escape(str(value))}</wd:{name}>"


def _error(status: int, message: str) -> Answer:
    return json_answer({"error": message}, status)
