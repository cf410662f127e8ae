"""What goes wrong in one night of a soak, drawn from a seed: the same seed and night give the same faults.

A fault hits one vendor's answers in the sandbox. Some pass (the client asks again), some stay all night (the stream fails and
the next night catches up), and some spoil values, so that the load is rejected and asked for again. Besides, a process may
be killed between landing and admission, a past interval may be asked for again, and two runs may start at once.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from learning_warehouse.checkpoints import KILL_POINTS
from learning_warehouse.sandbox.learning360 import next_token
from learning_warehouse.sources import SOURCES
from learning_warehouse.streams import Stream

LAND_TO_ADMIT = tuple(point for point in KILL_POINTS if point.split(".")[0] in ("land", "type", "audit", "admit"))
FAULTS_A_NIGHT = 4
PASSING = (
    {"kind": "rate_limit", "seconds": 0, "times": 3},
    {"kind": "rate_limit", "seconds": 1, "times": 1},
    {"kind": "status", "status": 500, "times": 1},
    {"kind": "status", "status": 503, "times": 2},
    {"kind": "status", "status": 408, "times": 1},
    {"kind": "cut", "times": 1},
    {"kind": "cut", "times": 2},
    {"kind": "html", "times": 1},
    {"kind": "slow", "seconds": 0.2, "times": 3},
    {"kind": "status", "status": 401, "times": 1},
)
STAYING = (
    {"kind": "status", "status": 401},
    {"kind": "status", "status": 403},
    {"kind": "status", "status": 404},
    {"kind": "html"},
    {"kind": "status", "status": 502},
    {"kind": "cut"},
)
CIRCLE_OF_LINKS = f'<http://app.360learning.com/api/v2/courses/stats?next={next_token(500, {})}>; rel="next"'
OF_ONE_VENDOR: dict[str, list[dict[str, Any]]] = {
    "absorb": [{"kind": "absorb_null_enrollment_keys", "share": 0.3}],
    "zendesk": [{"kind": "again", "times": 1}, {"kind": "again"}, {"kind": "zendesk_error_body"}],
    "xapi": [{"kind": "again", "times": 1}, {"kind": "again"}],
    "learning360": [
        {"kind": "fixed_link", "path_contains": "courses/stats", "becomes": CIRCLE_OF_LINKS},
        {"kind": "doubled_rows"},
    ],
    "moodle": [{"kind": "doubled_rows", "times": 2}],
    "freshdesk": [{"kind": "doubled_rows", "times": 2}, {"kind": "doubled_rows"}],
}


@dataclass(frozen=True, slots=True)
class Night:
    """The plan of one night of one company. `heals` says whether failed streams are tried again without faults that night."""

    faults: list[dict[str, Any]] = field(default_factory=list)
    heals: bool = False
    killed_vendor: str | None = None
    kill_point: str = ""
    backfilled: Stream | None = None
    backfill_days: int = 0

    def domains_for_suites(self) -> set[str]:
        """Domains in which this night doubles rows, which gates do not see."""
        return {SOURCES[fault["vendor"]].domain for fault in self.faults if fault["kind"] == "doubled_rows"}


def plan(seed: int, number: int, vendors: Sequence[str]) -> Night:
    """The plan of the night `number` (from 1) for a company that has these vendors."""
    draw = random.Random(f"{seed} {number} {' '.join(vendors)}")
    served = [vendor for vendor in vendors if SOURCES[vendor].open_client]
    faults = [_fault(draw, draw.choice(served)) for _ in range(draw.randint(1, FAULTS_A_NIGHT))]
    killed = draw.choice(list(vendors)) if draw.random() < 0.4 else None
    past = [
        stream
        for vendor in served
        for stream in SOURCES[vendor].streams.values()
        if stream.mode != "snapshot" and number > 1 and draw.random() < 0.3
    ]
    backfilled = draw.choice(past) if past and draw.random() < 0.3 else None
    return Night(
        faults,
        draw.random() < 0.5,
        killed,
        f"{draw.choice(LAND_TO_ADMIT)}:{draw.randint(1, 3)}" if killed else "",
        backfilled,
        draw.randint(1, 20),
    )


def _fault(draw: random.Random, vendor: str) -> dict[str, Any]:
    kinds = [dict(fault) for fault in PASSING for _ in range(3)] + [dict(fault) for fault in STAYING]
    kinds += [_drift(draw, vendor) for _ in range(6)]
    kinds += [dict(fault) for fault in OF_ONE_VENDOR.get(vendor, []) for _ in range(4)]
    return draw.choice(kinds) | {"vendor": vendor}


def _drift(draw: random.Random, vendor: str) -> dict[str, Any]:
    """One number, moment, date or flag of the vendor becomes a list, from one day to the next."""
    columns = [
        column
        for stream in SOURCES[vendor].streams.values()
        for column in stream.columns
        if column.type not in ("varchar", "json")
    ]
    return {"kind": "retyped_field", "field": draw.choice(columns).json_path.rpartition(".")[2]}
