"""Time in HTTP: how long to wait before the next try, and a deadline that ends even an answer that drips."""

import math
import random
import socket
import threading
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from weakref import WeakSet

from requests.adapters import HTTPAdapter
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool


def parse_retry_after(value: str | None, server_date: str | None = None) -> float | None:
    """Seconds that a Retry-After header asks for, None when it says nothing we understand. Never raises, never below 0.

    A date is compared with the server's own Date header when there is one, so a wrong clock on either side does no harm.
    """
    text = (value or "").strip()
    if not text:
        return None
    with suppress(ValueError):
        seconds = float(text)
        return max(0.0, seconds) if math.isfinite(seconds) else None
    until, now = _http_date(text), _http_date(server_date or "") or datetime.now(UTC)
    return None if until is None else max(0.0, (until - now).total_seconds())


def _http_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def wait_seconds(asked: float | None, attempt: int, first: float, longest: float) -> float:
    """What the vendor asked for in full, and a little more; else twice as long after each attempt, with jitter."""
    if asked is not None:
        return asked + (random.uniform(0, min(1.0, asked / 10)) if asked else min(first, 0.05))
    return min(longest, first * 2 ** min(attempt - 1, 30)) * random.uniform(0.75, 1.25)


class WatchedAdapter(HTTPAdapter):
    """The transport of requests, able to cut its open connections from another thread. It never retries by itself."""

    def __init__(self) -> None:
        self._connections: WeakSet[Any] = WeakSet()
        super().__init__(max_retries=0, pool_maxsize=2)

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        super().init_poolmanager(*arguments, **options)
        self.poolmanager.pool_classes_by_scheme = self._watched_pools()

    def proxy_manager_for(self, proxy: str, **options: Any) -> Any:
        manager = super().proxy_manager_for(proxy, **options)
        manager.pool_classes_by_scheme = self._watched_pools()
        return manager

    def cut(self) -> None:
        """Ends every connection that is open; whoever reads from it gets an error at once."""
        for connection in list(self._connections):
            with suppress(OSError, AttributeError):
                connection.sock.shutdown(socket.SHUT_RDWR)

    def _watched_pools(self) -> dict[str, Any]:
        return {"http": _watched(HTTPConnectionPool, self._connections), "https": _watched(HTTPSConnectionPool, self._connections)}


def _watched(pool: Any, connections: "WeakSet[Any]") -> Any:
    class Connection(pool.ConnectionCls):  # type: ignore[misc]
        def connect(self) -> None:
            super().connect()
            connections.add(self)

    class Pool(pool):  # type: ignore[misc]
        ConnectionCls = Connection

    return Pool


class Deadline:
    """Cuts an adapter's connections when its block takes longer than `seconds`; `has_passed` says whether that happened."""

    def __init__(self, seconds: float, adapter: WatchedAdapter) -> None:
        self.has_passed = False
        self._adapter = adapter
        self._timer = threading.Timer(seconds, self._pass)
        self._timer.daemon = True

    def _pass(self) -> None:
        self.has_passed = True
        self._adapter.cut()

    def __enter__(self) -> "Deadline":
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
