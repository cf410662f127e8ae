"""The budget of a credential, as the vendor counts it: each answer says what is left, for us and everyone else who uses it.

The vendor's counter is the only one that all our processes and other integrations share, so we keep none of our own. When less
than a reserve is left we wait for the next window, or go at the pace at which the budget refills; near the end of a day's
quota we stop, so that the rest stays for people and other systems.
"""

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

A_MINUTE, A_DAY = 60.0, 86_400.0


class Budget(NamedTuple):
    """What a credential may still ask for in a window of `window_seconds`; `reset_seconds` until it is whole, when told."""

    limit: float
    remaining: float
    window_seconds: float
    reset_seconds: float | None = None

    @property
    def is_daily(self) -> bool:
        return self.window_seconds >= A_DAY

    def pause_seconds(self, reserve_share: float) -> float:
        """0 while more than the reserve is left; else until the reset, or for as long as one request takes to refill."""
        if self.remaining >= self.limit * reserve_share:
            return 0.0
        return self.window_seconds / self.limit if self.reset_seconds is None else self.reset_seconds


def budgets(headers: Mapping[str, str]) -> list[Budget]:
    """The budgets that an answer tells, by the headers of Zendesk, HubSpot, Freshdesk, HiBob, Salesforce (lower case).

    Never raises: what is no number, or no sensible one, tells nothing.
    """
    return [found for told in _TOLD if (found := told(headers)) and found.limit > 0 and 0 <= found.remaining <= found.limit]


def _number(headers: Mapping[str, str], name: str) -> float | None:
    text = headers.get(name, "").strip()
    return float(text) if re.fullmatch(r"\d{1,12}", text) else None


def _pair(limit: str, remaining: str, window: str | float, reset: str = "") -> Callable[[Mapping[str, str]], Budget | None]:
    def told(headers: Mapping[str, str]) -> Budget | None:
        most, left = _number(headers, limit), _number(headers, remaining)
        length = window if isinstance(window, float) else (_number(headers, window) or 0) / 1000
        return None if most is None or left is None or not length else Budget(most, left, length, _number(headers, reset))

    return told


def _salesforce(headers: Mapping[str, str]) -> Budget | None:
    found = re.search(r"\bapi-usage=(\d{1,12})/(\d{1,12})", headers.get("sforce-limit-info", ""))
    return Budget(float(found[2]), max(0.0, float(found[2]) - float(found[1])), A_DAY) if found else None


_TOLD = (
    _pair("ratelimit-limit", "ratelimit-remaining", A_MINUTE, "ratelimit-reset"),
    _pair("x-ratelimit-total", "x-ratelimit-remaining", A_MINUTE),
    _pair("x-ratelimit-limit", "x-ratelimit-remaining", A_MINUTE),
    _pair("x-hubspot-ratelimit-max", "x-hubspot-ratelimit-remaining", "x-hubspot-ratelimit-interval-milliseconds"),
    _pair("x-hubspot-ratelimit-daily", "x-hubspot-ratelimit-daily-remaining", A_DAY),
    _salesforce,
)
