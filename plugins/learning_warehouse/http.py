"""The one HTTP client; nothing else imports requests.

Each request is repeated as a whole: send, read to the end, decompress, decode, check the page contract. Credentials go to
one scheme, host and port only; redirects are refused; the environment's proxies and netrc are not used. A body must be
complete by its own framing and within the limits. Waiting is bounded: a longer Retry-After raises RetryLater, and so does a
daily quota that is nearly used up; what is left of a shorter one is honored before each request.
"""

import base64
import logging
import socket
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol, TypeVar
from urllib.parse import urlencode, urljoin
from weakref import WeakSet

import msgspec
import requests
import urllib3
from requests.adapters import HTTPAdapter
from tenacity import RetryCallState, Retrying, retry_if_exception_type
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.util import Url, parse_url

from learning_warehouse.connections import Connection
from learning_warehouse.errors import (
    BadAnswer,
    CredentialsRefused,
    LearningWarehouseError,
    OriginRefused,
    RetryLater,
    StopStream,
    VendorUnavailable,
)
from learning_warehouse.http_body import BadBody, BodyLimits, read_body
from learning_warehouse.http_budget import Budget, budgets
from learning_warehouse.http_deadlines import Deadline, Watch
from learning_warehouse.http_refusals import TryFailed, refused
from learning_warehouse.http_waits import wait_seconds
from learning_warehouse.paging import ContractBroken
from learning_warehouse.streams import Answer

T = TypeVar("T")
logger = logging.getLogger(__name__)
DEFAULT_PORTS = {"http": 80, "https": 443}
PROXY_SCHEMES = ("http", "https")
A_WHILE = timedelta(hours=1)
AT_ONCE = [(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)]


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one client. A connection's `extra` may set any of them by name."""

    attempts: int = 6
    bad_answer_attempts: int = 3
    connect_seconds: float = 5
    read_seconds: float = 30
    response_seconds: float = 120
    first_wait_seconds: float = 0.5
    longest_backoff_seconds: float = 60
    longest_wait_seconds: float = 300
    waiting_budget_seconds: float = 2700
    reserve_share: float = 0.1
    daily_reserve_share: float = 0.05
    wire_bytes: int = 64 * 2**20
    plain_bytes: int = 512 * 2**20
    ratio: float = 200

    @classmethod
    def of(cls, connection: Connection) -> "Limits":
        """The limits for a connection; the sandbox is asked again sooner than a real vendor."""
        usual: dict[str, Any] = {"first_wait_seconds": 0.1} if connection.simulated else {}
        return cls(**usual | {item.name: connection.extra[item.name] for item in fields(cls) if item.name in connection.extra})


class Authorization(Protocol):
    """Who we are: headers for a request, and what a 401 means (True = repeat the request)."""

    def headers(self, client: "Client") -> dict[str, str]: ...

    def renew(self, client: "Client", refusals: int) -> bool: ...


@dataclass(frozen=True, slots=True)
class Basic:
    """User and password in a Basic header."""

    user: str
    password: str

    def __repr__(self) -> str:
        return "Basic(***)"

    def headers(self, client: "Client") -> dict[str, str]:
        return {"Authorization": "Basic " + base64.b64encode(f"{self.user}:{self.password}".encode()).decode()}

    def renew(self, client: "Client", refusals: int) -> bool:
        return False


class WatchedAdapter(HTTPAdapter):
    """The transport of requests, able to cut its open connections from another thread. It never retries by itself."""

    def __init__(self) -> None:
        self._sockets: WeakSet[Any] = WeakSet()
        self.watch = Watch(self.cut)
        super().__init__(max_retries=0, pool_maxsize=2)

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        super().init_poolmanager(*arguments, **options)
        self.poolmanager.pool_classes_by_scheme = self._watched_pools()

    def proxy_manager_for(self, proxy: str, **options: Any) -> Any:
        manager = super().proxy_manager_for(proxy, socket_options=AT_ONCE, **options)
        manager.pool_classes_by_scheme = self._watched_pools()
        return manager

    def cut(self) -> None:
        """Ends every connection that is open; whoever reads from it gets an error at once."""
        for opened in list(self._sockets):
            with suppress(OSError):
                opened.shutdown(socket.SHUT_RDWR)

    def _watched_pools(self) -> dict[str, Any]:
        return {
            "http": _watched(HTTPConnectionPool, self._sockets),
            "https": _watched(HTTPSConnectionPool, self._sockets),
        }


def _watched(pool: Any, sockets: "WeakSet[Any]") -> Any:
    """The pool class, noting each socket: a connection forgets its own as soon as an answer says `Connection: close`."""

    class Connection(pool.ConnectionCls):
        def connect(self) -> None:
            super().connect()
            sockets.add(self.sock)

    class Pool(pool):
        ConnectionCls = Connection

    return Pool


class Client:
    """Requests to one vendor with one connection. Counts `requests` and `retries`; close it or use it in a with block.

    `refusal` may turn an unusual answer into the error that a vendor's documentation gives it; unusual is any status that is
    not among `accepted`. A content type must hold one of the words in `kinds`.
    """

    def __init__(
        self,
        connection: Connection,
        authorization: Authorization,
        *,
        base_path: str = "",
        headers: Mapping[str, str] | None = None,
        refusal: Callable[[Answer], LearningWarehouseError | None] | None = None,
        limits: Limits | None = None,
        accepted: tuple[int, ...] = (200,),
        kinds: tuple[str, ...] = ("json",),
    ) -> None:
        origin = parse_url(connection.host)
        self.vendor = connection.vendor
        self.base_url = connection.host.rstrip("/") + ("" if (origin.path or "/") != "/" else base_path)
        self.limits = limits or Limits.of(connection)
        self.requests = 0
        self.retries = 0
        self.waited_seconds = 0.0
        self._budgets: list[Budget] = []
        self._origin = _origin(origin)
        self._authorization = authorization
        self._headers = {
            "Accept": "application/json",
            "Accept-Encoding": "gzip",
            "User-Agent": "learning-warehouse",
            **(headers or {}),
        }
        self._refusal = refusal
        self._accepted = accepted
        self._kinds = kinds
        self._proxies = {scheme: str(connection.extra["proxy"]) for scheme in PROXY_SCHEMES if connection.extra.get("proxy")}
        self._verify = str(connection.extra.get("ca_file") or "") or True
        self._adapter = WatchedAdapter()

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self._adapter.watch.stop()
        self._adapter.close()

    def is_own_origin(self, url: str) -> bool:
        """Whether a URL has our scheme, host and port and no user part."""
        try:
            parts = parse_url(url)
        except urllib3.exceptions.LocationParseError:
            return False
        return _origin(parts) == self._origin and parts.auth is None

    def resolve(self, link: str) -> str:
        """The whole address of a link that the vendor sent: a path counts from the origin, not from our base path."""
        return urljoin(self.base_url + "/", link)

    def get(self, target: str, params: Mapping[str, str], decode: Callable[[Answer], T]) -> T:
        """GET a path below the base URL, or a link that the vendor sent, and decode the whole answer."""
        return self.call("GET", target, decode=decode, params=params)

    def post(self, target: str, content: Any, decode: Callable[[Answer], T]) -> T:
        """POST a question as JSON, repeated like a GET because it changes nothing, and decode the whole answer."""
        return self.call("POST", target, decode=decode, json=content)

    def call(
        self,
        method: str,
        target: str,
        *,
        decode: Callable[[Answer], T],
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        json: Any = None,
        form: Mapping[str, str] | None = None,
        authorized: bool = True,
    ) -> T:
        """One request with all its repetitions. Raises the errors of errors.py; messages hold no parameters and no content."""
        body = msgspec.json.encode(json) if json is not None else urlencode(form) if form is not None else None
        kind = "application/json" if json is not None else "application/x-www-form-urlencoded"
        extra = {**(headers or {}), **({"Content-Type": kind} if body is not None else {})}
        refusals = 0

        def once() -> T:
            nonlocal refusals
            credentials = self._authorization.headers(self) if authorized else {}
            request = self._prepare(method, target, params, {**self._headers, **extra, **credentials}, body)
            answer = self._send(request)
            if answer.status == 401 and authorized:
                refusals += 1
                if self._authorization.renew(self, refusals):
                    raise TryFailed(CredentialsRefused("the vendor refused our credentials (401)", self.vendor), wait=0)
            if answer.status not in self._accepted:
                raise (self._refusal(answer) if self._refusal else None) or refused(
                    answer, self.vendor, self.limits.bad_answer_attempts
                )
            return self._decoded(answer, decode)

        try:
            return Retrying(
                stop=self._stop,
                wait=self._wait,
                retry=retry_if_exception_type(TryFailed),
                sleep=self._sleep_and_retry,
                reraise=True,
            )(once)
        except TryFailed as failed:
            raise failed.final from None

    def _prepare(
        self, method: str, target: str, params: Mapping[str, str] | None, headers: Mapping[str, str], body: bytes | str | None
    ) -> requests.PreparedRequest:
        try:
            address = self._address(target)
            request = requests.Request(method, address, params=dict(params or {}), headers=dict(headers), data=body).prepare()
        except (requests.RequestException, ValueError):
            raise OriginRefused("the vendor sent a link that is no usable address.", self.vendor) from None
        if not self.is_own_origin(str(request.url)):
            message = "a link leads to another scheme, host or port than the connection's; nothing was sent there."
            raise OriginRefused(message, self.vendor)
        return request

    def _address(self, target: str) -> str:
        """The whole address of a path below the base URL, of a path that already holds the base path, or of a link.

        Raises ValueError for a path with `..` in it, which a record's id could lead to another path with.
        """
        if target.startswith("/") and {".", ".."} & set(target.partition("?")[0].split("/")):
            raise ValueError("a path that leads elsewhere")
        base = parse_url(self.base_url).path or ""
        is_link = not target.startswith("/") or target.startswith("//") or bool(base and target.startswith(base + "/"))
        return urljoin(self.base_url + "/", target) if is_link else self.base_url + target

    def _send(self, request: requests.PreparedRequest) -> Answer:
        """One request, read to its end, within the deadline. Raises TryFailed for everything that may pass."""
        limits = self.limits
        self._stay_within_budget()
        self.requests += 1
        with Deadline(limits.response_seconds, self._adapter.watch) as deadline:
            try:
                response = self._adapter.send(
                    request,
                    stream=True,
                    timeout=(limits.connect_seconds, limits.read_seconds),
                    verify=self._verify,
                    proxies=self._proxies,
                )
                headers = {name.lower(): value for name, value in response.headers.items()}
                caps = BodyLimits(limits.wire_bytes, limits.plain_bytes, limits.ratio)
                self._budgets = budgets(headers)
                body = read_body(response.raw, headers, caps, must_be_framed=response.status_code in self._accepted)
                return Answer(response.status_code, headers, body)
            except requests.exceptions.SSLError as error:
                message = "the vendor's certificate was not accepted"
                raise StopStream(f"{message} ({type(error).__name__}).", self.vendor) from None
            except (BadBody, requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
                self._adapter.close()
                if isinstance(error, BadBody) and not deadline.has_passed:
                    raise TryFailed(BadAnswer(str(error), self.vendor)) from None
                problem = f"no whole answer within {limits.response_seconds:g} s" if deadline.has_passed else _problem(error)
                raise TryFailed(VendorUnavailable(problem, self.vendor)) from None

    def _stay_within_budget(self) -> None:
        """Wait before a request that would use what we leave to others; raises RetryLater when that is for long."""
        for budget in self._budgets:
            seconds = budget.pause_seconds(self.limits.daily_reserve_share if budget.is_daily else self.limits.reserve_share)
            if budget.is_daily and seconds:
                message = f"{budget.remaining:.0f} of the {budget.limit:.0f} requests of a day are left, and others need them too"
                raise RetryLater(message, datetime.now(UTC) + A_WHILE, self.vendor)
            if seconds:
                self._sleep(self._bounded(seconds))
        self._budgets = []

    def _decoded(self, answer: Answer, decode: Callable[[Answer], T]) -> T:
        kind = answer.headers.get("content-type", "").lower()
        try:
            if not any(known in kind for known in self._kinds):
                page = (
                    "an HTML page (login or maintenance?)"
                    if "html" in kind
                    else f"content of type {kind.split(';')[0] or 'unknown'}"
                )
                raise ContractBroken(f"{page} came instead of JSON")
            return decode(answer)
        except ContractBroken as error:
            raise TryFailed(BadAnswer(str(error), self.vendor), attempts=self.limits.bad_answer_attempts) from None

    def _stop(self, state: RetryCallState) -> bool:
        failed = state.outcome.exception() if state.outcome else None
        attempts = failed.attempts if isinstance(failed, TryFailed) and failed.attempts else self.limits.attempts
        return state.attempt_number >= attempts

    def _wait(self, state: RetryCallState) -> float:
        failed = state.outcome.exception() if state.outcome else None
        asked = failed.wait if isinstance(failed, TryFailed) else None
        limits = self.limits
        wait = wait_seconds(asked, state.attempt_number, limits.first_wait_seconds, limits.longest_backoff_seconds)
        self._bounded(wait)
        logger.warning(
            "%s: %s; try %d follows in %.1f s",
            self.vendor,
            failed.final.reason if isinstance(failed, TryFailed) else "",
            state.attempt_number + 1,
            wait,
        )
        return wait

    def _bounded(self, seconds: float) -> float:
        """Seconds that we may sleep; raises RetryLater when they are more than one wait or all waits together may take."""
        if seconds > min(self.limits.longest_wait_seconds, self.limits.waiting_budget_seconds - self.waited_seconds):
            message = f"the vendor asks us to wait {seconds:.0f} s"
            raise RetryLater(message, datetime.now(UTC) + timedelta(seconds=min(seconds, 86_400)), self.vendor)
        return seconds

    def _sleep(self, seconds: float) -> None:
        self.waited_seconds += seconds
        time.sleep(seconds)

    def _sleep_and_retry(self, seconds: float) -> None:
        self.retries += 1
        self._sleep(seconds)


def _origin(parts: Url) -> tuple[str, str, int | None]:
    scheme = (parts.scheme or "").lower()
    return scheme, (parts.host or "").lower(), parts.port or DEFAULT_PORTS.get(scheme)


def _problem(error: Exception) -> str:
    """What went wrong in words, without the URL that such messages carry."""
    if isinstance(error, requests.exceptions.ConnectTimeout | requests.exceptions.ReadTimeout | urllib3.exceptions.TimeoutError):
        return "the vendor did not answer in time"
    if isinstance(error, requests.exceptions.ProxyError):
        return "the proxy of the connection could not be reached"
    if isinstance(error, urllib3.exceptions.ProtocolError | requests.exceptions.ChunkedEncodingError):
        return "the answer broke off"
    return f"the vendor could not be reached ({type(error).__name__})"
