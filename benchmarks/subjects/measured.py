"""What every subject of `make bench` tells of itself: CPU seconds (user plus system, children too), wall seconds, peak memory.

Standard library only, because it runs in other people's environments too. `with measured() as told:` goes around the work, after
all imports; then `tell(told, records=...)`. What was used before the block is the start of the program.
"""

import json
import os
import re
import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

Told = dict[str, float]


def cpu_seconds() -> float:
    """User plus system time of this process, all its threads, and its children that ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def peak_bytes() -> int:
    """The most memory this process ever had resident, without what its parent had before it."""
    try:
        found = re.search(r"VmHWM:\s*(\d+) kB", Path("/proc/self/status").read_text())
        return int(found[1]) * 1024 if found else 0
    except OSError:
        unit = 1 if sys.platform == "darwin" else 1024
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


@contextmanager
def measured() -> Iterator[Told]:
    """Measures its block: start_cpu, cpu and wall in seconds, peak in bytes."""
    told: Told = {"start_cpu": cpu_seconds()}
    started = time.monotonic()
    yield told
    told |= {"cpu": cpu_seconds() - told["start_cpu"], "wall": time.monotonic() - started, "peak": peak_bytes()}


def messages(folder: Path) -> int:
    """How many RECORD messages a tap or a source wrote: whoever starts it sends its standard output to messages.jsonl."""
    with (folder / "messages.jsonl").open() as file:
        return sum('"type":"RECORD"' in line[:40] for line in file)


def tell(told: Told, **more: float) -> None:
    """Hands the figures over: one object of JSON in the file named by BENCH_TOLD, or on standard output."""
    text = json.dumps({**told, **more})
    if place := os.environ.get("BENCH_TOLD"):
        Path(place).write_text(text)
    else:
        sys.stdout.write(text + "\n")
