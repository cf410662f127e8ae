"""A deadline for a whole answer: whatever has not come to its end by then is cut from another thread.

One thread a client watches all its requests; to start one for each would cost more than many a page.
"""

import threading
import time
from collections.abc import Callable


class Watch:
    """Calls `cut` when a deadline passes. All deadlines of one watch have the same length, so a later one never ends sooner."""

    def __init__(self, cut: Callable[[], None]) -> None:
        self._cut = cut
        self._changed = threading.Condition()
        self._deadline: Deadline | None = None
        self._seconds = 0.0
        self._thread: threading.Thread | None = None

    def begin(self, deadline: "Deadline", seconds: float) -> None:
        """Watches over a deadline that ends in so many seconds."""
        with self._changed:
            self._deadline, self._seconds = deadline, seconds
            deadline.end = time.monotonic() + seconds
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="http deadlines", daemon=True)
                self._thread.start()

    def end(self) -> None:
        """The block of the deadline is over."""
        with self._changed:
            self._deadline = None

    def stop(self) -> None:
        """Ends the thread; the next deadline starts another."""
        with self._changed:
            self._thread = None
            self._changed.notify_all()

    def _run(self) -> None:
        with self._changed:
            while self._thread is threading.current_thread():
                deadline = self._deadline
                left = self._seconds if deadline is None else deadline.end - time.monotonic()
                if deadline is not None and left <= 0:
                    deadline.has_passed = True
                    self._deadline = None
                    self._cut()
                else:
                    self._changed.wait(left)


class Deadline:
    """Cuts what `watch` watches when its block takes longer than `seconds`; `has_passed` says whether that happened."""

    def __init__(self, seconds: float, watch: Watch) -> None:
        self.has_passed = False
        self.end = 0.0
        self._seconds = seconds
        self._watch = watch

    def __enter__(self) -> "Deadline":
        self._watch.begin(self, self._seconds)
        return self

    def __exit__(self, *_: object) -> None:
        self._watch.end()
