"""What the terminal says of a source: its own counts beside ours, whole, in part or not at all."""

import io

import pytest
from rich.console import Console

from learning_warehouse.pages.loads import LoadState
from learning_warehouse.terminal import _print_loads


def load(stream: str, records: int, vendor_total: int | None, mode: str = "window") -> LoadState:
    return LoadState("absorb", stream, "lms", "admitted", records=records, vendor_total=vendor_total, set_aside=0, mode=mode)


@pytest.mark.parametrize(
    ("loads", "said"),
    [
        ([load("users", 2000, 2000), load("courses", 7, 7)], ["2,007", "2,007"]),
        ([load("users", 2000, 2000), load("courses", 7, None)], ["in", "part", "2,007"]),
        ([load("users", 2000, None)], ["no", "total", "2,000"]),
        ([load("users", 2000, 2000), load("deletions", 3, None, "sweep")], ["2,000", "2,000"]),
    ],
)
def test_totals_of_a_source_stand_beside_what_landed_and_our_own_sweeps_are_in_neither(loads, said):
    console = Console(file=io.StringIO(), width=160)
    _print_loads(console, loads)
    (line,) = [text for text in console.file.getvalue().splitlines() if text.startswith("lms")]
    assert line.split()[2 : 2 + len(said)] == said
