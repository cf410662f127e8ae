"""The invariants of a live installation, checked from outside Airflow: `lw doctor`.

Every check reads what is stored and changes nothing. It ends with exit code 1 when one is bad and with 4 when only the age
is, so that a monitor which calls it hears the difference between something broken and nothing running any more.
"""

import shutil
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

from learning_warehouse.doctor_loads import examine_loads
from learning_warehouse.errors import LearningWarehouseError
from learning_warehouse.examined import Examined
from learning_warehouse.settings import settings
from learning_warehouse.storage import storage

LONGEST_SILENCE = timedelta(hours=26)
TOO_OLD = 4
LEAST_FREE_BYTES = 1 << 30
FREE_SPACE_FACTOR = 3
PRIVATE = ("secrets", "run", "quarantine", "raw", "typed", "admitted", "rejected", "erasures")


def examine(age_only: bool = False, oldest: timedelta = LONGEST_SILENCE) -> list[Examined]:
    """Every check, in the order an engineer would ask them; or the age alone, which costs nothing."""
    if age_only:
        return [_age(oldest)]
    try:
        closed = examine_loads(storage())
    except LearningWarehouseError as error:
        closed = [Examined("loads", False, error.message, "take the file back from a backup; we never change it")]
    return [_served(), _age(oldest), *closed, _sources(), _erasures(), _modes(), _space()]


def exit_code(results: list[Examined]) -> int:
    """0 when all are good, 4 when nothing but the age is bad, else 1."""
    bad = {result.name for result in results if not result.good}
    return 0 if not bad else TOO_OLD if bad == {"age"} else 1


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


def _age(oldest: timedelta = LONGEST_SILENCE) -> Examined:
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
        behind <= oldest and not held_back,
        f"the served marts are {hours:.0f} hours old{held_back}",
        "docs/runbook.md, section build_warehouse" if held_back else "see why no night ended: logs/ of this home, or Airflow",
    )


def _sources() -> Examined:
    """How old the served load of each source is; the night itself says which stream is to blame."""
    from learning_warehouse.generations import served
    from learning_warehouse.pages.loads import OLDEST_GOOD_HOURS, load_states

    try:
        generation = served()
    except (OSError, ValueError):
        generation = None
    if generation is None:
        return Examined("sources", True, "no night has ended yet")
    states = [state for state in load_states(generation.now) if state.state != "absent"]
    old = [state for state in states if state.served_age_hours is None or state.served_age_hours > OLDEST_GOOD_HOURS]
    told = [f"{one.name} ({one.served_night or 'never'})" for one in old[:3]]
    return Examined(
        "sources",
        not old,
        f"{len(old)} of {len(states)} streams serve a load that is too old: {', '.join(told)}"
        if old
        else f"{len(states)} streams serve a load of the last {OLDEST_GOOD_HOURS} hours",
        "lw status, then docs/runbook.md",
    )


def _erasures() -> Examined:
    from learning_warehouse.erasures import erasures, unproved
    from learning_warehouse.generations import showing_erased_people

    if waiting := unproved(storage()):
        return Examined("erasures", False, f"erasure {waiting[0]} was interrupted", "lw erase --resume")
    if shown := [str(number) for number in showing_erased_people()]:
        return Examined("erasures", False, f"generations {', '.join(shown)} still show who was erased", "lw build; lw publish")
    return Examined("erasures", True, f"{len(erasures(storage()))} on the list, all carried through")


def _modes() -> Examined:
    home = settings().home
    found = [
        path
        for folder in PRIVATE
        for path in (home / folder).rglob("*")
        if path.suffix not in (".lock", ".draft") and _is_open(path)
    ]
    found += [path for path in [home / "working", *home.glob("generations/*/restricted.duckdb")] if _is_open(path)]
    if found:
        first = found[0].relative_to(home)
        repair = f"chmod -R go= {home / first.parts[0]}" if first.parts[0] != "generations" else f"chmod 600 {found[0]}"
        return Examined("file modes", False, f"{len(found)} files can be read by others, first {first}", repair)
    return Examined("file modes", True, "secrets and person rows are readable by their owner only")


def _is_open(path: Path) -> bool:
    """Whether others than the owner may do anything with a file; a file that is gone by now may not."""
    try:
        return bool(stat.S_IMODE(path.stat().st_mode) & 0o077)
    except FileNotFoundError:
        return False


def _space() -> Examined:
    from learning_warehouse.warehouse.folders import generation_folder, served_number

    number = served_number()
    size = sum(path.stat().st_size for path in generation_folder(number).rglob("*") if path.is_file()) if number else 0
    needed, free = max(LEAST_FREE_BYTES, FREE_SPACE_FACTOR * size), shutil.disk_usage(settings().home).free
    said = f"{free / (1 << 30):.0f} GiB free, {needed / (1 << 30):.1f} needed"
    return Examined("free space", free >= needed, said, "lw janitor, or move LW_HOME")
