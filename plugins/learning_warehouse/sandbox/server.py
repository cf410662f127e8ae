"""The sandbox server: one ASGI app for all vendors, reached by their own host names through a plain-http forward proxy.

A client sets its proxy to this server and keeps the vendor's URL; the request target is then `http://host/path`. The same
faces answer at `http://127.0.0.1:port/<vendor>/path`. `/_control/...` on 127.0.0.1 or `sandbox.control` moves the clock
and sets faults. No request ever leaves the machine: unknown hosts are refused.
"""

import asyncio
import gzip
import os
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote, urlsplit

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from learning_warehouse.sandbox import faults as fault_rules
from learning_warehouse.sandbox.absorb import Absorb
from learning_warehouse.sandbox.bamboohr import BambooHR
from learning_warehouse.sandbox.freshdesk import Freshdesk
from learning_warehouse.sandbox.hibob import HiBob
from learning_warehouse.sandbox.hubspot import HubSpot
from learning_warehouse.sandbox.learning360 import Learning360
from learning_warehouse.sandbox.moodle import Moodle
from learning_warehouse.sandbox.salesforce import Salesforce
from learning_warehouse.sandbox.throttle import DEFAULT_FACTOR
from learning_warehouse.sandbox.web import Answer, Call, json_answer, text_answer
from learning_warehouse.sandbox.workday import Workday
from learning_warehouse.sandbox.world import World
from learning_warehouse.sandbox.xapi import Xapi
from learning_warehouse.sandbox.zendesk import Zendesk
from learning_warehouse.simulation.ledger import Ledger

HOSTS = {
    "rest.myabsorb.eu": "absorb",
    "app.360learning.com": "learning360",
    "learn.halden.example": "moodle",
    "halden.bamboohr.com": "bamboohr",
    "api.bamboohr.com": "bamboohr",
    "wd2-impl-services1.workday.com": "workday",
    "api.hibob.com": "hibob",
    "lrs.halden.example": "xapi",
    "ralph.halden.example": "xapi",
    "halden.zendesk.com": "zendesk",
    "halden.freshdesk.com": "freshdesk",
    "api.hubapi.com": "hubspot",
    "halden.my.salesforce.com": "salesforce",
    "login.salesforce.com": "salesforce",
    "test.salesforce.com": "salesforce",
}
CONTROL_HOSTS = ("127.0.0.1", "localhost", "sandbox.control")
SHORTEST_PACKED = 1000
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"]


class ProxyTargets:
    """ASGI wrapper that turns an absolute-form target into path and Host header, whichever HTTP parser uvicorn uses."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if scope["type"] == "http" and path.startswith(("http://", "https://")):
            target = urlsplit(scope["raw_path"].decode("latin-1"))
            headers = [(name, value) for name, value in scope["headers"] if name != b"host"]
            scope = {
                **scope,
                "path": unquote(target.path) or "/",
                "raw_path": (target.path or "/").encode("latin-1"),
                "scheme": target.scheme,
                "headers": [(b"host", target.netloc.encode("latin-1")), *headers],
            }
        await self.app(scope, receive, send)


class CutResponse(Response):
    """Announces the whole body and sends half of it; the server then closes the connection."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        await send({"type": "http.response.body", "body": bytes(self.body)[: len(self.body) // 2], "more_body": True})


class Sandbox:
    """All faces over one world, the faults in force, and how often each vendor was called."""

    def __init__(self, ledger: Ledger, now: datetime, factor: float = DEFAULT_FACTOR) -> None:
        self.world = World(ledger, now)
        self.factor = factor
        self.faults: list[fault_rules.Fault] = []
        self.calls: Counter[str] = Counter()
        self.answers_before: dict[tuple[str, str], Answer] = {}
        self.faces: dict[str, Callable[[Call], Answer]] = {
            "absorb": Absorb(self.world, factor).answer,
            "learning360": Learning360(self.world, factor).answer,
            "moodle": Moodle(self.world, factor).answer,
            "bamboohr": BambooHR(self.world, factor).answer,
            "workday": Workday(self.world, factor).answer,
            "hibob": HiBob(self.world, factor).answer,
            "xapi": Xapi(self.world, factor).answer,
            "zendesk": Zendesk(self.world, factor).answer,
            "freshdesk": Freshdesk(self.world, factor).answer,
            "hubspot": HubSpot(self.world, factor).answer,
            "salesforce": Salesforce(self.world, factor).answer,
        }

    def app(self) -> ASGIApp:
        """The ASGI application."""
        routes = [
            Route("/_control/{name}", self._control, methods=["GET", "POST"]),
            Route("/{path:path}", self._serve, methods=METHODS),
        ]
        return ProxyTargets(Starlette(routes=routes))

    async def _control(self, request: Request) -> Response:
        if request.url.hostname not in CONTROL_HOSTS:
            return await self._serve(request)
        try:
            return _response(self._controlled(request.method, request.path_params["name"], await request.body()))
        except (ValueError, TypeError, KeyError, msgspec.DecodeError) as error:
            return _response(json_answer({"error": str(error)}, 400))

    def _controlled(self, method: str, name: str, body: bytes) -> Answer:
        if (method, name) == ("POST", "now"):
            moment = datetime.fromisoformat(msgspec.json.decode(body)["now"])
            if moment.tzinfo is None:
                raise ValueError("now needs an offset, e.g. 2026-12-01T01:00:00Z")
            self.world.move(moment.astimezone(UTC))
        elif (method, name) == ("POST", "faults"):
            self.faults = fault_rules.parse_faults(msgspec.json.decode(body))
        elif (method, name) == ("POST", "purge"):
            self.world.purge(msgspec.json.decode(body, type=list[str]))
        elif (method, name) != ("GET", "state"):
            known = "POST now, POST faults, POST purge, GET state"
            return json_answer({"error": f"no control {method} {name}; there are {known}"}, 404)
        return json_answer(self.state())

    def state(self) -> dict[str, Any]:
        """Company, clock, rate factor, faults in force and calls per vendor, as plain values."""
        ledger = self.world.ledger
        return {
            "pid": os.getpid(),
            "company": ledger.company_id,
            "seed": ledger.seed,
            "now": self.world.now.isoformat(),
            "rate_factor": self.factor,
            "faults": fault_rules.describe(self.faults),
            "calls": dict(self.calls),
        }

    async def _serve(self, request: Request) -> Response:
        call = _call(request, await request.body())
        if call.vendor not in self.faces:
            return _response(_unknown_host(call.host))
        self.calls[call.vendor] += 1
        faults = fault_rules.take(self.faults, call)
        for fault in faults:
            if fault.kind == "slow":
                await asyncio.sleep(fault.seconds)
        replaced = next((answer for answer in map(fault_rules.instead, faults) if answer), None)
        answer = replaced or self._own_answer(call, is_again=any(fault.kind == "again" for fault in faults))
        for fault in faults:
            answer = fault_rules.bend(fault, answer)
        is_packed = "gzip" in call.headers.get("accept-encoding", "")
        return _response(_packed(answer) if is_packed else answer, cut=any(fault.kind == "cut" for fault in faults))

    def _own_answer(self, call: Call, is_again: bool) -> Answer:
        """The vendor's own answer, or, if there was one, the good one that it gave at this path before."""
        place = (call.vendor, call.path)
        if is_again and place in self.answers_before:
            return self.answers_before[place]
        answer = self.faces[call.vendor](call)
        if answer.status == 200:
            self.answers_before[place] = answer
        return answer


def _call(request: Request, body: bytes) -> Call:
    host = request.headers.get("host", "").lower()
    path = request.url.path
    vendor = HOSTS.get(host.partition(":")[0], "")
    base_url = f"{request.url.scheme}://{host}"
    if not vendor and host.partition(":")[0] in CONTROL_HOSTS:
        vendor = path.split("/")[1]
        base_url += f"/{vendor}"
        while vendor and path.startswith(f"/{vendor}/"):
            path = path.removeprefix(f"/{vendor}")
    headers = {name.lower(): value for name, value in request.headers.items()}
    return Call(vendor, request.method, host, path, request.url.query, headers, body, base_url)


def _unknown_host(host: str) -> Answer:
    if host.endswith(".zendesk.com"):
        title = {"title": f"No help desk at {host}", "message": "There is no help desk configured at this address."}
        return json_answer({"error": title}, 404)
    if host.endswith(".bamboohr.com"):
        return Answer(404, b"", "text/html; charset=utf-8", {"X-BambooHR-Error-Message": "Unknown company"})
    known = ", ".join(sorted(HOSTS))
    return text_answer(f"The sandbox has no host {host!r}. It answers for: {known}.\n", 502)


def _packed(answer: Answer) -> Answer:
    """The answer as every vendor sends it to those who accept gzip; a short one is sent as it is."""
    if len(answer.body) < SHORTEST_PACKED:
        return answer
    headers = {**answer.headers, "Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    return Answer(answer.status, gzip.compress(answer.body, 1, mtime=0), answer.media_type, headers)


def _response(answer: Answer, cut: bool = False) -> Response:
    kind = CutResponse if cut else Response
    return kind(answer.body, answer.status, answer.headers, answer.media_type)
