"""How long to wait before the next try: what the vendor asks for, else longer each time."""

import math
import random
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


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


def parse_reset(value: str | None, server_date: str | None = None) -> float | None:
    """Seconds until the moment, in epoch seconds, at which a vendor counts anew; None for anything that is no such moment."""
    text = (value or "").strip()
    if not (text.isascii() and text.isdigit() and len(text) == 10):
        return None
    now = _http_date(server_date or "") or datetime.now(UTC)
    return max(0.0, int(text) - now.timestamp())


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
