"""HubSpot CRM API v3 and v4 as the sandbox answers it.

Lists and searches send a default handful of properties unless others are named; unknown names are ignored. A search never
shows archived objects nor what changed a moment ago, and refuses a page beyond its 10,000th result. Batch reads of links
answer 207 when some objects have none. A 429 has no Retry-After.
"""

import re
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode

import msgspec

from learning_warehouse.sandbox.hubspot_search import SearchRefused, find
from learning_warehouse.sandbox.records.hubspot import (
    ANY_CONTACT,
    ANY_DEAL,
    PRIMARY_CONTACT,
    PRIMARY_DEAL,
    Thing,
    moment,
    written,
)
from learning_warehouse.sandbox.throttle import Throttle
from learning_warehouse.sandbox.web import Answer, Call, json_answer
from learning_warehouse.sandbox.world import World

TOKEN = "pat-eu1-sandbox-hubspot-token"  # noqa: S105  a published sandbox value
CALLS_PER_TEN_SECONDS, SEARCHES_PER_SECOND, CALLS_PER_DAY = 190, 5, 1_000_000
MAX_LIST, MAX_WITH_HISTORY, MAX_OWNERS, MAX_INPUTS = 100, 50, 500, 1000
SEARCH_DELAY = timedelta(seconds=10)
VERSIONS = {"contacts": "lastmodifieddate", "companies": "hs_lastmodifieddate", "deals": "hs_lastmodifieddate"}
USUAL = {
    "contacts": ("email", "firstname", "lastname"),
    "companies": ("domain", "name"),
    "deals": ("amount", "closedate", "dealname", "dealstage", "pipeline"),
}
PROPERTIES = {
    "contacts": "email firstname lastname jobtitle associatedcompanyid salesforcecontactid hs_merged_object_ids",
    "companies": (
        "name domain industry numberofemployees hubspot_owner_id hs_merged_object_ids salesforceaccountid segment plan "
        "early_health_band early_health_band_date churned_date churn_reason first_value_date"
    ),
    "deals": (
        "dealname pipeline dealstage dealtype amount deal_currency_code closedate hs_is_closed hs_is_closed_won "
        "hubspot_owner_id contract_start_date contract_end_date contract_term_months paid_seats annual_value"
    ),
}
LINK_TYPES = {"contacts": (PRIMARY_CONTACT, ANY_CONTACT), "deals": (PRIMARY_DEAL, ANY_DEAL)}
SINGULAR = {"contact": "contacts", "company": "companies", "deal": "deals"}


class HubSpot:
    """The CRM of one company."""

    def __init__(self, world: World, factor: float) -> None:
        self.world = world
        self.calls = Throttle(CALLS_PER_TEN_SECONDS, 10.0, factor)
        self.searches = Throttle(SEARCHES_PER_SECOND, 1.0, factor)

    def answer(self, call: Call) -> Answer:
        """Answer one call; searches have a limit of their own and no rate headers."""
        is_search = call.path.endswith("/search")
        allowance = self.calls.take()
        if not allowance.allowed:
            return _throttled("TEN_SECONDLY_ROLLING", "ten_secondly_rolling")
        if is_search and not self.searches.take().allowed:
            return _throttled("SECONDLY", "secondly")
        headers = {
            "X-HubSpot-RateLimit-Daily": str(CALLS_PER_DAY),
            "X-HubSpot-RateLimit-Max": str(allowance.limit),
            "X-HubSpot-RateLimit-Remaining": str(allowance.remaining),
            "X-HubSpot-RateLimit-Interval-Milliseconds": "10000",
        }
        answer = self._checked(call)
        return Answer(answer.status, answer.body, answer.media_type, ({} if is_search else headers) | answer.headers)

    def _checked(self, call: Call) -> Answer:
        if call.bearer_token() != TOKEN:
            return _error(401, "INVALID_AUTHENTICATION", "Authentication credentials not found or not valid.")
        try:
            if match := re.fullmatch(r"/crm/v3/objects/(contacts|companies|deals)(/search)?/?", call.path):
                name, is_search = match[1], bool(match[2])
                if call.method != ("POST" if is_search else "GET"):
                    return _error(405, "METHOD_NOT_ALLOWED", "Method not allowed")
                return self._search(call, name) if is_search else self._list(call, name)
            if call.path.rstrip("/") == "/crm/v3/owners" and call.method == "GET":
                return self._owners(call)
            if match := re.fullmatch(r"/crm/v3/objects/(contacts|companies|deals)/batch/read/?", call.path):
                return self._batch(call, match[1])
            if match := re.fullmatch(r"/crm/v4/associations/(\w+)/(\w+)/batch/read/?", call.path):
                return self._associations(call, SINGULAR.get(match[1], match[1]), SINGULAR.get(match[2], match[2]))
        except (SearchRefused, msgspec.DecodeError, ValueError, TypeError, KeyError, AttributeError) as error:
            return _error(400, "VALIDATION_ERROR", str(error) if isinstance(error, SearchRefused) else "Invalid input")
        return _error(404, "OBJECT_NOT_FOUND", "resource not found")

    def _things(self, name: str) -> list[Thing]:
        things: list[Thing] = getattr(self.world.hubspot, name)
        return things

    def _list(self, call: Call, name: str) -> Answer:
        query = call.query
        wanted = query.get("archived", "").lower() == "true"
        things = [thing for thing in self._things(name) if (thing.archived is not None) is wanted]
        size, after = _size(query, MAX_LIST, 10), int(query.get("after", "0"))
        rest = [thing for thing in things if thing.id > after]
        asked = [name for text in parse_qs(call.query_string).get("properties", ()) for name in text.split(",")] or None
        results = [self._shown(name, thing, asked) for thing in rest[:size]]
        return _page(call, results, str(rest[size - 1].id) if len(rest) > size else None)

    def _search(self, call: Call, name: str) -> Answer:
        newest = self.world.now - SEARCH_DELAY
        things = [thing for thing in self._things(name) if thing.archived is None and thing.updated <= newest]
        found = find(call.body, things, lambda thing, key: _value(name, thing, key))
        results = [self._shown(name, thing, found.properties or None) for thing in found.page]
        content: dict[str, Any] = {"total": found.total, "results": results}
        if found.after is not None:
            content["paging"] = {"next": {"after": str(found.after)}}
        return json_answer(content)

    def _batch(self, call: Call, name: str) -> Answer:
        content = msgspec.json.decode(call.body)
        inputs, history = content["inputs"], content.get("propertiesWithHistory") or []
        most = MAX_WITH_HISTORY if history else MAX_LIST
        if call.method != "POST" or not 0 < len(inputs) <= most:
            return _error(400, "VALIDATION_ERROR", f"inputs must be between 1 and {most}")
        living = {str(thing.id): thing for thing in self._things(name) if thing.archived is None}
        results = []
        for thing in [living[item["id"]] for item in inputs if item["id"] in living]:
            values = {key: [_version(*item) for item in thing.history] for key in history if key == "hubspot_owner_id"}
            results.append(self._shown(name, thing, content.get("properties")) | {"propertiesWithHistory": values})
        missing = len(inputs) - len(results)
        problem = {
            "status": "error",
            "category": "OBJECT_NOT_FOUND",
            "message": "Could not get some objects, they may be deleted.",
        }
        errors = {"numErrors": missing, "errors": [problem]} if missing else {}
        return json_answer({"status": "COMPLETE", "results": results, **errors}, 207 if missing else 200)

    def _owners(self, call: Call) -> Answer:
        wanted = call.query.get("archived", "").lower() == "true"
        owners = [owner for owner in self.world.hubspot.owners if owner["archived"] is wanted]
        size, after = _size(call.query, MAX_OWNERS, 100), int(call.query.get("after", "0"))
        rest = [owner for owner in owners if int(owner["id"]) > after]
        return _page(call, rest[:size], rest[size - 1]["id"] if len(rest) > size else None)

    def _associations(self, call: Call, start: str, end: str) -> Answer:
        if call.method != "POST" or start not in LINK_TYPES or end != "companies":
            return _error(404, "OBJECT_NOT_FOUND", "resource not found")
        inputs = msgspec.json.decode(call.body)["inputs"]
        if not inputs or len(inputs) > MAX_INPUTS:
            return _error(400, "VALIDATION_ERROR", f"inputs must be between 1 and {MAX_INPUTS}")
        linked = {str(thing.id): thing.company_id for thing in self._things(start) if thing.archived is None}
        primary, usual = LINK_TYPES[start]
        types = [
            {"category": "HUBSPOT_DEFINED", "typeId": primary, "label": "Primary"},
            {"category": "HUBSPOT_DEFINED", "typeId": usual, "label": None},
        ]
        results, errors = [], []
        for object_id in dict.fromkeys(str(item["id"]) for item in inputs):
            if linked.get(object_id):
                links = [{"toObjectId": linked[object_id], "associationTypes": types}]
                results.append({"from": {"id": object_id}, "to": links})
            else:
                errors.append(_no_link(start, end, object_id))
        content: dict[str, Any] = {"status": "COMPLETE", "results": results}
        if errors:
            content |= {"numErrors": len(errors), "errors": errors}
        return json_answer(content, 207 if errors else 200)

    def _shown(self, name: str, thing: Thing, asked: Iterable[str] | None) -> dict[str, Any]:
        own = ("hs_object_id", "createdate", VERSIONS[name])
        known = {*own, *PROPERTIES[name].split()}
        names = [key for key in dict.fromkeys((*(USUAL[name] if asked is None else asked), *own)) if key in known]
        record: dict[str, Any] = {
            "id": str(thing.id),
            "properties": {key: written(_value(name, thing, key)) for key in names},
            "createdAt": moment(thing.created),
            "updatedAt": moment(thing.updated),
            "archived": thing.archived is not None,
        }
        return record | ({"archivedAt": moment(thing.archived)} if thing.archived else {})


def _value(name: str, thing: Thing, key: str) -> Any:
    """One property of a thing as a Python value."""
    if key == "hs_object_id":
        return thing.id
    if key == "createdate":
        return thing.created
    return thing.updated if key == VERSIONS[name] else thing.properties.get(key)


def _version(at: datetime, value: int) -> dict[str, Any]:
    """One value that a property had, as the history shows it."""
    return {"value": str(value), "timestamp": moment(at), "sourceType": "CRM_UI", "sourceId": "userId:1", "updatedByUserId": 1}


def _page(call: Call, results: list[dict[str, Any]], after: str | None) -> Answer:
    content: dict[str, Any] = {"results": results}
    if after is not None:
        pairs = [pair for pair in parse_qsl(call.query_string, keep_blank_values=True) if pair[0] != "after"]
        link = f"{call.base_url}{call.path}?{urlencode([*pairs, ('after', after)])}"
        content["paging"] = {"next": {"after": after, "link": link}}
    return json_answer(content)


def _size(query: dict[str, str], most: int, usual: int) -> int:
    size = int(query.get("limit", str(usual)))
    if not 0 < size <= most:
        raise SearchRefused(f"Page size must be between 1 and {most}")
    return size


def _error(status: int, category: str, message: str) -> Answer:
    content = {"status": "error", "message": message, "correlationId": str(uuid.uuid4()), "category": category}
    return json_answer(content, status)


def _throttled(policy: str, words: str) -> Answer:
    message = f"You have reached your {words} limit."
    content = {"status": "error", "message": message, "errorType": "RATE_LIMIT", "policyName": policy}
    return json_answer(content | {"correlationId": str(uuid.uuid4())}, 429)


def _no_link(start: str, end: str, object_id: str) -> dict[str, Any]:
    return {
        "status": "error",
        "category": "OBJECT_NOT_FOUND",
        "subCategory": "crm.associations.NO_ASSOCIATIONS_FOUND",
        "message": f"No {end} is associated with {start} {object_id}.",
        "context": {"fromObjectId": [object_id]},
    }
