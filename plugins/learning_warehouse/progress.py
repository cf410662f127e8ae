"""Tells whoever watches a night which step starts, ends or fails.

The tasks call `step`; `run_night` listens. Without a listener (under the scheduler) the steps only go to the log.
"""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Event:
    """One thing that happened. `state` is started, finished or failed; `detail` holds counts or a sentence, never data."""

    step: str
    state: str
    seconds: float = 0.0
    detail: dict[str, Any] = field(default_factory=dict)


Listener = Callable[[str, Event], None]
_listeners: list[Listener] = []


@contextmanager
def listening(listener: Listener | None) -> Iterator[None]:
    """Call `listener(step, event)` for every step while the block runs."""
    if listener is None:
        yield
        return
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)


@contextmanager
def step(name: str) -> Iterator[dict[str, Any]]:
    """Announce one step; the block may put counts into the dict it gets. Exceptions pass through."""
    detail: dict[str, Any] = {}
    started = time.monotonic()
    _tell(Event(name, "started"))
    try:
        yield detail
    except Exception as error:
        _tell(Event(name, "failed", time.monotonic() - started, {**detail, "error": str(error)}))
        raise
    _tell(Event(name, "finished", time.monotonic() - started, detail))


def _tell(event: Event) -> None:
    log.info("%s %s %s", event.step, event.state, event.detail or "")
    for listener in list(_listeners):
        listener(event.step, event)
