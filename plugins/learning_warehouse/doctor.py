"""The invariants of a live installation, checked from outside Airflow: `lw doctor`.

Every check reads what is stored and changes nothing. It ends with exit code 1 when one is bad, so a monitor can call it.
"""

import hashlib
import json
import shutil
import stat
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from learning_warehouse.settings import settings
from learning_warehouse.storage import storage

LONGEST_SILENCE = timedelta(hours=26)
LEAST_FREE_BYTES = 1 << 30


@dataclass(frozen=True)
class Examined:
    """One check: its name, whether it is good, one sentence, and what to do when it is not."""

    name: str
    good: bool
    sentence: str
    what_to_do: str = ""


def examine() -> list[Examined]:
    """Every check, in the order an engineer would ask them."""
    return [_served(), _age(), _parts(), _verdicts(), _modes(), _space()]


def _served() -> Examined:
    import duckdb

    from learning_warehouse.generations import row_hashes, served

    repair = "docs/runbook.md, Roll back; then make run"
    try:
        generation = served()
        if generation is None:
            return Examined("served generation", False, "nothing is published yet", "make run")
        found = row_hashes(generation.path)
    except (duckdb.Error, OSError, ValueError) as error:
        return Examined("served generation", False, f"it cannot be read ({type(error).__name__})", repair)
    told = {f"{mart['schema']}.{mart['name']}": mart["row_hash"] for mart in generation.manifest["marts"]}
    differ = sorted(name for name in told.keys() | found.keys() if told.get(name) != found.get(name))
    if differ:
        return Examined("served generation", False, f"rows differ from its manifest in {', '.join(differ)}", repair)
    return Examined("served generation", True, f"number {generation.number}, {len(told)} marts equal their row hashes")


def _age() -> Examined:
    from learning_warehouse.generations import served
    from learning_warehouse.simulated import next_night, sets_the_clock

    try:
        generation = served()
    except (OSError, ValueError):
        return Examined("age", False, "the served generation cannot be read", "docs/runbook.md, Roll back")
    if generation is None or not generation.manifest["marts_night"]:
        return Examined("age", False, "no night has published marts yet", "make run")
    clock = next_night(settings().home) if sets_the_clock() else datetime.now(UTC)
    behind = clock - datetime.fromisoformat(generation.manifest["marts_night"])
    hours, gate = behind.total_seconds() / 3600, generation.manifest["gate"]
    held_back = "" if gate["passed"] else "; newer ones were held back: " + "; ".join(gate["reasons"])
    return Examined(
        "age",
        behind <= LONGEST_SILENCE and not held_back,
        f"the served marts are {hours:.0f} hours old{held_back}",
        "docs/runbook.md, section build_warehouse" if held_back else "see why no night ended: logs/ of this home, or Airflow",
    )


def _parts() -> Examined:
    stored = storage()
    manifests = [key for key in stored.list("raw") if "/_manifests/" in key]
    damaged = []
    parts = 0
    for key in manifests:
        for part in json.loads(stored.read_bytes(key))["parts"]:
            parts += 1
            if not stored.exists(part["key"]) or hashlib.sha256(stored.read_bytes(part["key"])).hexdigest() != part["sha256"]:
                damaged.append(part["key"])
    if damaged:
        return Examined(
            "raw parts", False, f"{len(damaged)} parts are missing or changed, first {damaged[0]}", "land the stream again"
        )
    return Examined("raw parts", True, f"{parts:,} parts of {len(manifests):,} loads equal their hashes")


def _verdicts() -> Examined:
    stored = storage()
    keys = set(stored.list("raw"))
    waiting = sorted(key for key in keys if "/_manifests/" in key and key.replace("/_manifests/", "/_verdicts/") not in keys)
    if waiting:
        return Examined("verdicts", False, f"{len(waiting)} loads have no verdict, first {waiting[0]}", "lw audit")
    return Examined("verdicts", True, "every load was admitted or rejected")


def _modes() -> Examined:
    home = settings().home
    open_files = [
        str(path.relative_to(home))
        for folder in ("secrets", "run", "quarantine")
        for path in (home / folder).rglob("*")
        if path.is_file() and path.suffix != ".lock" and stat.S_IMODE(path.stat().st_mode) & 0o077
    ]
    open_files += [str(path.relative_to(home)) for path in home.glob("generations/*/restricted.duckdb") if _is_open(path)]
    if open_files:
        return Examined(
            "file modes", False, f"{len(open_files)} files can be read by others, first {open_files[0]}", "chmod 600 them"
        )
    return Examined("file modes", True, "secrets and person rows are readable by their owner only")


def _is_open(path: Path) -> bool:
    return bool(stat.S_IMODE(path.stat().st_mode) & 0o077)


def _space() -> Examined:
    free = shutil.disk_usage(settings().home).free
    return Examined("free space", free >= LEAST_FREE_BYTES, f"{free / (1 << 30):.0f} GiB free", "make room, or move LW_HOME")
