"""The clock of the simulated company: which night comes next, and setting sandbox and drop folder to it.

`<home>/simulation.json` is the only place that knows the simulated date, and only a finished night moves it, so a night
that failed or was killed is run again for the same date.
"""

import json
import os
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path

from learning_warehouse.errors import LearningWarehouseError, RetryLater
from learning_warehouse.settings import Settings, company, settings

FIRST_NIGHT = datetime(2026, 12, 1, 1, tzinfo=UTC)


def is_simulated(vendor: str | None = None) -> bool:
    """True when company.yml says so of this vendor, or (without a name) of any source."""
    sources = dict(company().sources)
    return sources.get(vendor) == "simulated" if vendor else "simulated" in sources.values()


def is_all_simulated() -> bool:
    """True while every source that this company has is simulated, so that what was planted can be held against the marts."""
    return {state for state in company().sources.values() if state != "absent"} == {"simulated"}


def sets_the_clock() -> bool:
    """True while no source is connected or exported: then the simulated date is the date. A real source brings the real one."""
    states = set(dict(company().sources).values())
    return "simulated" in states and not states & {"connected", "exported"}


def next_night(home: Path) -> datetime:
    """The `now` (UTC) of the next simulated night; before any night, 1 December 2026 at 01:00."""
    try:
        return datetime.fromisoformat(json.loads((home / "simulation.json").read_text())["next_night"])
    except FileNotFoundError:
        return FIRST_NIGHT
    except (ValueError, KeyError, TypeError) as error:
        raise LearningWarehouseError(
            f"{home / 'simulation.json'} cannot be read: {error}",
            what_to_do='write {"next_night": "2026-12-02T01:00:00Z"} into it',
        ) from error


def finish_night(home: Path, now: datetime) -> None:
    """Move the simulated date to the day after `now`; finishing an older night again changes nothing."""
    following = now.astimezone(UTC) + timedelta(days=1)
    if following <= next_night(home):
        return
    temporary = home / f".simulation.{os.getpid()}"
    with temporary.open("w") as file:
        json.dump({"next_night": following.isoformat().replace("+00:00", "Z")}, file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, home / "simulation.json")


_prepared: set[tuple[str, datetime]] = set()


def prepare(vendor: str, now: datetime) -> None:
    """Make a simulated vendor show what it knows at `now`: the sandbox's clock, or the files of the drop folder."""
    kind = "drops" if vendor == "drops" else "sandbox"
    if (kind, now) in _prepared:
        return
    if kind == "drops":
        write_drops(now)
    else:
        set_clock(now)
    _prepared.add((kind, now))


def write_drops(now: datetime) -> None:
    """Write the files that the simulated company has dropped by `now`; a file once written never changes.

    The tasks of the scheduler are processes of their own, so a note in `<home>/run` says what is written already.
    """
    known = settings()
    note, told = known.home / "run" / "drops.json", {"now": now.isoformat(), "folder": str(known.drop_folder)}
    if known.drop_folder.is_dir() and note.exists() and note.read_text() == json.dumps(told):
        return
    from learning_warehouse.sandbox.drop_ids import in_ids_of
    from learning_warehouse.simulation.company import simulate
    from learning_warehouse.simulation.drops import write_drops

    vendors = [vendor for vendor in company().sources if is_simulated(vendor)]
    write_drops(in_ids_of(simulate(known.seed, known.employees, known.accounts), vendors), now, known.drop_folder)
    note.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    note.write_text(json.dumps(told))
    note.chmod(0o600)


def set_clock(now: datetime) -> None:
    """Tell the running sandbox that it is `now`. Raises RetryLater when no sandbox answers (`make up` starts one)."""
    control(settings(), "now", {"now": now.astimezone(UTC).isoformat().replace("+00:00", "Z")})


def set_faults(faults: list[dict[str, object]]) -> None:
    """Replace the sandbox's list of faults; an empty list heals it."""
    control(settings(), "faults", faults)


def control(settings: Settings, name: str, body: object) -> None:
    """POST one control message to the sandbox of this home."""
    try:
        port = int(json.loads((settings.home / "run" / "sandbox.json").read_text())["port"])
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}/_control/{name}", json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=120):
            pass
    except (OSError, ValueError, KeyError, urllib.error.URLError) as error:
        raise RetryLater(
            f"the sandbox does not answer: {error}",
            come_back_at=datetime.now(UTC) + timedelta(seconds=30),
            what_to_do="run: make up",
        ) from error
