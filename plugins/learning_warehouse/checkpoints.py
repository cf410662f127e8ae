"""Named points at which a test may kill the process, to prove that the next run converges.

LW_KILL_AT=land.after_part kills at the first time the point is reached, LW_KILL_AT=land.after_part:3 at the third.
"""

import os
import signal
from collections import Counter

from learning_warehouse.settings import settings

KILL_POINTS = (
    "land.after_part",
    "land.before_manifest",
    "land.after_manifest",
    "type.after_parquet_temp",
    "type.before_parquet_link",
    "type.after_parquet_link",
    "type.before_receipt",
    "audit.before_verdict",
    "audit.after_verdict",
    "admit.before_link",
    "admit.after_link",
    "build.before_layer",
    "build.after_layer",
    "estimate.before_look",
    "estimate.after_look",
    "estimate.before_current",
    "estimate.after_current",
    "publish.begun",
    "publish.marts_copied",
    "publish.exported",
    "publish.pages_rendered",
    "publish.synced",
    "publish.renamed",
    "publish.flipped",
)
OPERATION_POINTS = (
    "reject.before_removal",
    "janitor.before_removal",
    "erase.entered",
    "erase.after_manifest",
    "erase.rewritten",
    "erase.before_receipts",
)

_reached: Counter[str] = Counter()


def reach(name: str) -> None:
    """Marks one point, `<step>.<what just happened>`. Does nothing unless the settings ask for a kill here."""
    wanted = settings().kill_at
    if wanted is None:
        return
    _reached[name] += 1
    point, _, times = wanted.partition(":")
    if point == name and _reached[name] == int(times or 1):
        os.kill(os.getpid(), signal.SIGKILL)
