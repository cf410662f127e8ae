"""The page that `make bench` writes: tables of what was measured, how, on what machine, and what it does not say."""

import os
import platform
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

TITLES = {"zendesk": "Zendesk-like tickets", "hubspot": "HubSpot-like contacts"}
OURS, BARE = "this project", "bare loop, response.json()"
PEERS = ("airbyte-cdk, declarative", "singer-sdk, tap", "dlt, tuned", "dlt, default")
PARTS = ("this project: land", "this project: type", "this project: replay from raw")
MOST_OVER_BARE, LEAST_UNDER_PEERS = 2.0, 5.0
METHOD = """
## How it was measured

- One server process of our own sends pages that were rendered from the simulated company and packed with gzip beforehand. Each
  subject is a process of its own and reads the same list from its first to its last page, over one plain HTTP connection to
  127.0.0.1; records are counted afterwards and a subject that misses one ends the run.
- CPU is user plus system time of the subject's process, threads and child processes, from the end of its imports on. What it
  took to start (interpreter, imports, settings) stands in a column of its own. Peak memory is the most that was ever resident.
- **Bare loop**: `requests` asks, gunzips and parses every page and throws it away. The goals are counted from the one that
  anybody would write, `response.json()`; the one that parses with msgspec stands below it.
- **This project**: the step of a night. Pages are checked against their contract and landed as compressed raw parts with a
  manifest, then typed into Parquet with explicit types, keyed hashes for people and a receipt.
- **dlt**: the declarative REST source into a DuckDB file; *default* makes child tables of nested lists; *tuned* writes Parquet,
  merges on the id and keeps nested values as JSON.
- **singer-sdk**: a tap with RESTStream whose messages go into a file. **airbyte-cdk**: a declarative manifest run by
  `source-declarative-manifest`, messages into a file. Neither is given a target: what typing and storing would cost there is not
  in their figures, so these two do less than this project does.
- Contacts: we ask by search with a filter on ids, as our source does, and read the list of archived ones too; the others read
  the plain list. Both get the same pages of 200.

## What this page does not say

- Nothing about other machines, other record shapes or real vendors: with a vendor's rate limit and latency most of the wall time
  is waiting, whoever asks.
- Nothing about the other work of a night: audit, admission, dbt, tests and pages are not in it.
- Simulated texts repeat more than real ones, so real pages and raw parts pack less tightly. Our records come as compactly as JSON
  can be written; for one that comes otherwise, typing looks for keys that come twice in a slower way.
- The peers do other things well that are not measured here, such as hundreds of ready connectors and many destinations.
- CPU time on a busy machine moves by tens of percent, as cores share caches and memory; look at factors, not at the last digit,
  and at the load average above.
""".strip().splitlines()


@dataclass(frozen=True)
class Figures:
    """All that was measured: medians by (system, subject), sizes of pages, wall seconds by number of streams at a latency."""

    medians: dict[tuple[str, str], dict[str, float]]
    sizes: dict[str, dict[str, int]]
    streams: dict[int, float]
    stream_size: dict[str, int]
    latency_ms: int
    versions: dict[str, str]
    rounds: int
    load: float
    seconds: float


def page(figures: Figures) -> list[str]:
    """The whole page, line by line."""
    ours = {name: version(name) for name in ("learning-warehouse", "duckdb", "msgspec", "requests", "zstandard")}
    told = ", ".join(f"{name} {number}" for name, number in {**ours, **figures.versions}.items())
    lines = [
        "# Benchmarks: extract, land and type",
        "",
        f"Written by `make bench` on {datetime.now(UTC):%Y-%m-%d} in {figures.seconds:.0f} s: {_rounds(figures.rounds)}.",
        f"Machine: {os.cpu_count()} cores, {_processor()}, {platform.system()} {platform.release()}, Python",
        f"{platform.python_version()}. In the minute before the start {figures.load:.1f} processes wanted a core (load average).",
        f"Versions: {told}.",
        "",
        "## Goals",
        "",
        *_goals(figures),
        "",
    ]
    for system, title in TITLES.items():
        lines += [f"## {title}", "", *_sizes(figures, system), "", *_table(figures, system), ""]
    return [*lines, *_replay(figures), "", *_streams(figures), "", *METHOD]


def _rounds(number: int) -> str:
    return "one round" if number == 1 else f"{number} rounds, medians"


def _goals(figures: Figures) -> list[str]:
    lines = ["| goal | " + " | ".join(TITLES.values()) + " |", "|---|---|---|"]
    told = " | ".join(_met(x, x <= MOST_OVER_BARE) for x in (_factor(figures, system, OURS, BARE) for system in TITLES))
    lines.append(f"| at most {MOST_OVER_BARE:g} times the CPU of the bare loop | {told} |")
    for peer in PEERS:
        cells = [_factor(figures, system, peer, OURS) for system in TITLES]
        told = " | ".join(_met(x, x >= LEAST_UNDER_PEERS) for x in cells)
        lines.append(f"| at least {LEAST_UNDER_PEERS:g} times less CPU than {peer} | {told} |")
    return lines


def _met(factor: float, is_met: bool) -> str:
    return f"{factor:.1f} times: {'met' if is_met else '**missed**'}"


def _factor(figures: Figures, system: str, one: str, other: str) -> float:
    return figures.medians[system, one]["cpu"] / figures.medians[system, other]["cpu"]


def _sizes(figures: Figures, system: str) -> list[str]:
    size = figures.sizes[system]
    return [
        f"{size['records']:,} records in {size['pages']:,} pages, {size['plain'] / size['records']:,.0f} bytes a record "
        f"({size['plain'] / 1e6:.1f} MB, {size['packed'] / 1e6:.1f} MB packed)."
    ]


def _table(figures: Figures, system: str) -> list[str]:
    lines = [
        "| subject | CPU us a record | records per CPU second | CPU, times bare | wall s | peak MB | start, CPU s |",
        "|---|---|---|---|---|---|---|",
    ]
    for (its_system, name), told in figures.medians.items():
        if its_system != system or name == PARTS[2]:
            continue
        cells = (
            f"{told['cpu'] / told['records'] * 1e6:.1f}",
            f"{told['records'] / told['cpu']:,.0f}",
            f"{_factor(figures, system, name, BARE):.2f}",
            f"{told['wall']:.2f}",
            f"{told['peak'] / 2**20:.0f}",
            f"{told['start_cpu']:.2f}",
        )
        lines.append(f"| {f'**{name}**' if name == OURS else name} | {' | '.join(cells)} |")
    return lines


def _replay(figures: Figures) -> list[str]:
    lines = [
        "## Replay from raw",
        "",
        "All raw parts typed again under the next contract, without a request (`lw replay` before its audit).",
        "",
        "| records | raw MB stored | CPU us a record | records per CPU second | records per second | peak MB |",
        "|---|---|---|---|---|---|",
    ]
    for system, title in TITLES.items():
        told = figures.medians[system, PARTS[2]]
        records = told["records"]
        speeds = f"{told['cpu'] / records * 1e6:.1f} | {records / told['cpu']:,.0f} | {records / told['wall']:,.0f}"
        lines.append(f"| {records:,.0f} {title} | {told['stored'] / 1e6:.1f} | {speeds} | {told['peak'] / 2**20:.0f} |")
    return lines


def _streams(figures: Figures) -> list[str]:
    size = figures.stream_size
    lines = [
        f"## Streams side by side at {figures.latency_ms} ms latency",
        "",
        f"Every answer waits {figures.latency_ms} ms. Each stream is a process that lands and types {size['records']:,} contacts",
        f"in {size['pages']} pages one after another, as a vendor's cursor wants it;",
        "wall seconds with the start of the processes, measured once.",
        "",
        "| streams | wall s | records per second | times one stream |",
        "|---|---|---|---|",
    ]
    alone = size["records"] / figures.streams[1]
    for number, wall in figures.streams.items():
        speed = number * size["records"] / wall
        lines.append(f"| {number} | {wall:.1f} | {speed:,.0f} | {speed / alone:.1f} |")
    return lines


def _processor() -> str:
    try:
        told = Path("/proc/cpuinfo").read_text().split("model name")[1].splitlines()[0]
        return told.partition(":")[2].strip()
    except (OSError, IndexError):
        return platform.machine()
