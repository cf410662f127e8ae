"""Faults that the sandbox can be told to show (POST /_control/faults).

Two kinds are named after the bad night they stand for:
- `zendesk_error_body`: every Zendesk data answer is 200 with an error body;
- `absorb_null_enrollment_keys`: `id` is null in a `share` of the enrollments.
The others hit one vendor's paths that contain `path_contains`, `times` times (without it: always): `status` (answers
`status`), `cut` (the body stops half way), `slow` (waits `seconds` first), `html` (200 with a maintenance page),
`rate_limit` (429 with Retry-After `seconds`), `retyped_field` (each value of `field` comes in a list), `renamed_field` (the
field `field` comes as `becomes`), `doubled_rows` (each record of a bare list comes twice), `fixed_link` (the Link header is
`becomes` on every page), `again` (the answer is the one that the same path gave the time before).
"""

import zlib
from dataclasses import asdict, dataclass, fields
from typing import Any

import msgspec

from learning_warehouse.connections import SANDBOX
from learning_warehouse.sandbox.web import Answer, Call, json_answer, text_answer

NAMED = ("zendesk_error_body", "absorb_null_enrollment_keys")
GENERIC = ("status", "cut", "slow", "html", "rate_limit", "retyped_field", "renamed_field", "doubled_rows", "fixed_link", "again")
VENDORS = tuple(SANDBOX)
MAINTENANCE_PAGE = "<!DOCTYPE html><html><head><title>Maintenance</title></head><body><h1>We will be back soon</h1></body></html>"


@dataclass(slots=True)
class Fault:
    """One fault; `times` counts down to 0 as it is used (None = for ever)."""

    kind: str
    vendor: str | None = None
    path_contains: str = ""
    status: int = 500
    seconds: float = 1.0
    share: float = 1.0
    times: int | None = None
    field: str = ""
    becomes: str = ""

    def matches(self, call: Call) -> bool:
        """Whether this fault has something to say about the call."""
        if self.times is not None and self.times <= 0:
            return False
        return (self.vendor is None or self.vendor == call.vendor) and self.path_contains in _address(call)


def _address(call: Call) -> str:
    """What a call asks for: path and parameters, also those that come as a form."""
    is_form = call.headers.get("content-type", "").startswith("application/x-www-form-urlencoded")
    return f"{call.path}?{call.query_string}" + (call.body.decode("latin-1") if is_form else "")


def parse_faults(content: Any) -> list[Fault]:
    """Read the control request's list. Raises ValueError with a sentence when an entry is unusable."""
    if not isinstance(content, list):
        raise ValueError("faults must be a JSON list of objects")
    return [_parse_fault(entry) for entry in content]


def _parse_fault(entry: Any) -> Fault:
    if isinstance(entry, str):
        entry = {"kind": entry}
    if not isinstance(entry, dict):
        raise ValueError('a fault is an object such as {"kind": "status", "vendor": "zendesk", "status": 503}')
    values = dict(entry)
    if "kind" not in values and "name" in values:
        values["kind"] = values.pop("name")
    kind = values.get("kind")
    if kind not in NAMED + GENERIC:
        raise ValueError(f"unknown fault kind {kind!r}; known: {', '.join(NAMED + GENERIC)}")
    values.setdefault("vendor", str(kind).partition("_")[0] if kind in NAMED else None)
    if values["vendor"] is not None and values["vendor"] not in VENDORS:
        raise ValueError(f"unknown vendor {values['vendor']!r}; known: {', '.join(VENDORS)}")
    if unknown := sorted(set(values) - {setting.name for setting in fields(Fault)}):
        raise ValueError(f"unknown fault setting: {', '.join(unknown)}")
    try:
        return msgspec.convert(values, Fault)
    except msgspec.ValidationError as error:
        raise ValueError(f"fault {kind}: {error}") from error


def describe(faults: list[Fault]) -> list[dict[str, Any]]:
    """The faults as plain objects, for /_control/state."""
    return [asdict(fault) for fault in faults]


def take(faults: list[Fault], call: Call) -> list[Fault]:
    """The faults that apply to this call, each counted down once."""
    matching = [fault for fault in faults if fault.matches(call)]
    for fault in matching:
        if fault.times is not None:
            fault.times -= 1
    return matching


def instead(fault: Fault) -> Answer | None:
    """The answer given in place of the vendor's own, or nothing when the fault only bends the vendor's answer."""
    if fault.kind == "status":
        return text_answer("sandbox fault", fault.status)
    if fault.kind == "html":
        return Answer(200, MAINTENANCE_PAGE.encode(), "text/html; charset=utf-8")
    if fault.kind == "rate_limit":
        return text_answer("Too many requests", 429, {"Retry-After": str(max(0, round(fault.seconds)))})
    if fault.kind == "zendesk_error_body":
        return json_answer({"error": "DatabaseError", "description": "The export is temporarily unavailable"})
    return None


def bend(fault: Fault, answer: Answer) -> Answer:
    """The vendor's answer, spoiled where the fault says so (`absorb_null_enrollment_keys`, `retyped_field`, `renamed_field`)."""
    if fault.kind in ("retyped_field", "renamed_field") and answer.status == 200 and answer.body[:1] in b"{[":
        return json_answer(_bent(msgspec.json.decode(answer.body), fault), headers=answer.headers)
    if fault.kind == "doubled_rows" and answer.status == 200 and answer.body[:1] == b"[":
        return json_answer([row for row in msgspec.json.decode(answer.body) for _ in range(2)], headers=answer.headers)
    if fault.kind == "fixed_link" and answer.status == 200:
        return Answer(answer.status, answer.body, answer.media_type, {**answer.headers, "Link": fault.becomes})
    if fault.kind != "absorb_null_enrollment_keys" or answer.status != 200 or not answer.body.startswith(b"{"):
        return answer
    content = msgspec.json.decode(answer.body)
    if "enrollments" not in content:
        return answer
    for record in content["enrollments"]:
        if zlib.crc32(str(record["id"]).encode()) % 10_000 < fault.share * 10_000:
            record["id"] = None
    return json_answer(content, headers=answer.headers)


def _bent(value: Any, fault: Fault) -> Any:
    """The same content with the fault's field renamed or retyped wherever it stands."""
    if isinstance(value, list):
        return [_bent(item, fault) for item in value]
    if not isinstance(value, dict):
        return value
    bent = {key: _bent(item, fault) for key, item in value.items()}
    if fault.kind == "retyped_field":
        return bent | ({fault.field: [bent[fault.field]]} if fault.field in bent else {})
    return {fault.becomes if key == fault.field else key: item for key, item in bent.items()}
