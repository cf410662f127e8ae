"""What an answer other than 200 means: try again, come back later, or stop."""

import msgspec

from learning_warehouse.errors import (
    BadAnswer,
    CredentialsRefused,
    LearningWarehouseError,
    OriginRefused,
    StopStream,
    VendorUnavailable,
)
from learning_warehouse.http_waits import parse_reset, parse_retry_after
from learning_warehouse.streams import Answer

RETRIED_STATUSES = frozenset({408, 409, 423, 425, 429, 598})


class TryFailed(Exception):
    """One try failed in a way that another may not; `wait` is what the vendor asked for, in seconds."""

    def __init__(self, final: LearningWarehouseError, wait: float | None = None, attempts: int | None = None) -> None:
        super().__init__(str(final))
        self.final = final
        self.wait = wait
        self.attempts = attempts


def refused(answer: Answer, vendor: str, bad_answer_attempts: int) -> Exception:
    """The error for an answer whose status is not 200; a TryFailed when repeating may help."""
    status = answer.status
    if status in RETRIED_STATUSES or status >= 500:
        wait = parse_retry_after(answer.headers.get("retry-after"), answer.headers.get("date"))
        if wait is None and status == 429:
            wait = parse_reset(answer.headers.get("x-ratelimit-reset"), answer.headers.get("date"))
        return TryFailed(VendorUnavailable(f"the vendor kept answering {status}", vendor), wait=wait)
    if status in (401, 403):
        advice = "Check the connection and its rights."
        return CredentialsRefused(f"the vendor refused our credentials ({status}).", vendor, what_to_do=advice)
    if 300 <= status < 400:
        return OriginRefused(f"the vendor answered with a redirect ({status}); it was not followed.", vendor)
    if 200 <= status < 300:
        return TryFailed(BadAnswer(f"the vendor answered {status} without a page", vendor), attempts=bad_answer_attempts)
    return StopStream(f"the vendor refused the request ({status}){_vendor_code(answer.body)}.", vendor)


def _vendor_code(body: bytes) -> str:
    """The vendor's own error code, if the body has one that is a plain word."""
    try:
        content = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return ""
    first = content[0] if isinstance(content, list) and content else content
    codes = [first.get(key) for key in ("errorCode", "error", "term")] if isinstance(first, dict) else []
    return next(
        (f": {code}" for code in codes if isinstance(code, str) and code.replace("_", "").isalnum() and len(code) < 60), ""
    )
