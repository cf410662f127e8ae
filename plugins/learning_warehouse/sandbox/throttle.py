"""Rate limits of the vendors, on the sandbox's own clock.

The clock runs `factor` times faster than the wall: 10 calls a minute at factor 120 are 10 calls each half second, so a
first night does not wait an hour while the client still meets real 429 answers. Factor 1 gives the vendors' true limits.
A factor of 0 switches limits off.
"""

import math
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

DEFAULT_FACTOR = 120.0


@dataclass(frozen=True, slots=True)
class Allowance:
    """The verdict on one call. `retry_after_seconds` are whole wall-clock seconds to wait, 0 when allowed."""

    allowed: bool
    limit: int
    remaining: int
    retry_after_seconds: int


@dataclass(slots=True)
class Throttle:
    """A sliding window of `limit` calls per `window_seconds` (sandbox seconds)."""

    limit: int
    window_seconds: float
    factor: float = DEFAULT_FACTOR
    clock: Callable[[], float] = time.monotonic
    _calls: deque[float] = field(default_factory=deque)

    def take(self) -> Allowance:
        """Count one call and say whether it may pass; a refused call is not counted."""
        if self.factor <= 0:
            return Allowance(True, self.limit, self.limit, 0)
        now = self.clock() * self.factor
        while self._calls and self._calls[0] <= now - self.window_seconds:
            self._calls.popleft()
        if len(self._calls) >= self.limit:
            wait = (self._calls[0] + self.window_seconds - now) / self.factor
            return Allowance(False, self.limit, 0, max(1, math.ceil(wait)))
        self._calls.append(now)
        return Allowance(True, self.limit, self.limit - len(self._calls), 0)
