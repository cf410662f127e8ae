"""The phases of a night in small, and what must be true of a home after any of them was damaged.

Six streams of a company of 200 people, every way of reading among them, and generations of a few handmade marts: enough to make
every kind of write that a whole night makes. All functions work on the home of the settings in force.
"""

import hashlib
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import handmade_marts

from learning_warehouse import admission, audit, generations, janitor, landing, loads, registry, transform, typing_records
from learning_warehouse.generations import MartGate
from learning_warehouse.settings import REPOSITORY, reset_settings, settings
from learning_warehouse.sources import find
from learning_warehouse.storage import storage
from learning_warehouse.streams import RunContext

NIGHT = datetime(2026, 12, 1, 1, tzinfo=UTC)
RUN = "night-1"
STREAMS = (
    "zendesk.satisfaction_ratings",
    "bamboohr.employees",
    "salesforce.users",
    "drops.checkins",
    "drops.manager_contacts",
    "drops.pilot_assignments",
)
TYPED = ("bamboohr.employees", "drops.checkins", "drops.pilot_assignments")
SIGNALS = tuple(name for name in STREAMS if name.startswith("drops."))
HEADER = "checkin_id,employee_id,week_start,manager_asked,used_learning,confidence,answered_at"
CHECKINS = [f"c{number},E-{number},2026-11-23,yes,no,4,2026-11-27T10:00:00Z" for number in range(40)]
UNREADABLE = "c99,E-99,no date,yes,no,4,2026-11-27T10:00:00Z"
CONTACTS = "contact_id,manager_employee_id,employee_id,happened_at\n" + "k1,E-1,E-2,no date\n" * 5
MARTS = "create schema marts; create table marts.impact_b as select range as made_in from range(1000)"
WITHOUT_STREAMS = ("absorb", "bamboohr", "salesforce", "drops")
COMPANY = "company.yml"
DRAWN_ANEW = ("attempt", "started_at", "ended_at", "requests", "retries")


def enter(home: str) -> None:
    """Makes a home the one of the settings, with its own company.yml if it has one."""
    os.environ["LW_HOME"] = home
    if (Path(home) / COMPANY).exists():
        os.environ["LW_COMPANY_FILE"] = str(Path(home) / COMPANY)
    reset_settings()


def prepare() -> None:
    """A home before its first night: a drop file with one line that cannot be typed, and one with no line that can."""
    for name, text in (("checkins", "\n".join([HEADER, *CHECKINS, UNREADABLE]) + "\n"), ("manager_contacts", CONTACTS)):
        folder = settings().drop_folder / name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "a.csv").write_text(text)


def land() -> None:
    _land(STREAMS)


def type_loads() -> None:
    _type(TYPED)


def audit_and_admit() -> None:
    audit.audit("signals", RUN, NIGHT, storage())
    admission.admit("signals", storage())


def prepare_judging() -> None:
    """Three typed loads, to be admitted, rejected and empty. That every stream has an empty file adds no kind of write: one."""
    _land(SIGNALS)
    _type(SIGNALS)
    admission.ensure_empty(storage())
    storage().remove(admission.admitted_key(find(STREAMS[0]), 0))


def _land(names: Iterable[str]) -> None:
    for name in names:
        landing.land(find(name), RunContext(RUN, NIGHT), storage())


def _type(names: Iterable[str]) -> None:
    for name in names:
        for manifest in loads.manifests(find(name), storage()):
            typing_records.type_load(manifest, storage())


def prepare_marts() -> None:
    """Marts as dbt would leave them, and a company with few streams, as more pages of the same kind add no kind of write."""
    home, written = settings().home, (REPOSITORY / "company.yml").read_text()
    for vendor in WITHOUT_STREAMS:
        written = written.replace(f"{vendor}: simulated", f"{vendor}: exported")
        (home / "exports").mkdir(exist_ok=True)
        (home / "exports" / f"{vendor}.yml").write_text("{}\n")
    (home / COMPANY).write_text(written)
    handmade_marts.write(transform.warehouse_file(), statements=MARTS)


def publish_good() -> None:
    _publish(MartGate())


def publish_held_back() -> None:
    _publish(MartGate(False, 1, 0, ("a check said no",)))


def roll_back() -> None:
    if generations.served_number() == max(generations.complete_numbers()):
        generations.roll_back()


def _publish(gate: MartGate) -> None:
    night = NIGHT + timedelta(days=generations.next_number())
    generations.publish(generations.begin(night, f"night-{night:%d}"), gate, docs=False)


def warm_up(phases: Iterable[str]) -> None:
    """What the server does once, so that no child does it again. Nothing here may start a thread."""
    import pandas  # noqa: F401

    if "audit and admit" in phases:
        import great_expectations  # noqa: F401
    if any("publishing" in phase for phase in phases):
        from learning_warehouse.pages import render, site  # noqa: F401

        registry.metrics()
        for name in render.environment().list_templates(extensions=["html"]):
            render.environment().get_template(name)


def look_and_go_on(phase: str) -> dict[str, Any]:
    """Looks at a home in which a phase was damaged, runs the phase again undisturbed, sweeps, and looks once more."""
    at_once = problems()
    PHASES[phase][1]()
    return {"at_once": at_once, "afterwards": problems(), "outcome": swept_outcome()}


def swept_outcome() -> dict[str, str]:
    """Every file of a home once an operator has called the janitor, which removes leftovers of killed tries."""
    janitor.sweep(dry_run=False)
    return outcome()


def problems() -> list[str]:
    """What is wrong with a home at this moment, whatever was just killed; empty when a reader may rely on all of it."""
    return [*_load_problems(), *_zone_problems(), *_served_problems()]


def _load_problems() -> Iterator[str]:
    stored = storage()
    for stream in map(find, STREAMS):
        found = {manifest.seq: manifest for manifest in loads.manifests(stream, stored)}
        for manifest in found.values():
            for part in manifest.parts:
                if not stored.exists(part.key) or hashlib.sha256(stored.read_bytes(part.key)).hexdigest() != part.sha256:
                    yield f"{stream.full_name}: a committed part is not there as it was landed"
        for receipt in loads.receipts(stream, stored):
            if receipt.seq not in found or receipt.typed + receipt.set_aside != found[receipt.seq].records:
                yield f"{stream.full_name}: a receipt does not add up to its manifest"
            if not stored.exists(receipt.parquet_key) or _rows(stored.path(receipt.parquet_key)) != receipt.typed:
                yield f"{stream.full_name}: typed rows are not those of the receipt"
            quarantined = stored.path(f"quarantine/{stream.source}/{stream.name}/{loads.number(receipt.seq)}.ndjson")
            lines = len(Path(quarantined).read_bytes().splitlines()) if Path(quarantined).exists() else 0
            if lines != receipt.set_aside:
                yield f"{stream.full_name}: {lines} records in quarantine, {receipt.set_aside} set aside"


def _zone_problems() -> Iterator[str]:
    """Whatever readers may open is whole, and what is admitted was judged so."""
    stored = storage()
    for zone in ("admitted", "rejected", "typed"):
        for key in stored.list(zone):
            try:
                if key.endswith(".parquet"):
                    _rows(stored.path(key))
                elif key.endswith(".json"):
                    json.loads(stored.read_bytes(key))
            except (duckdb.Error, ValueError) as error:
                yield f"{key} is not whole: {error}"
    for stream in map(find, STREAMS):
        prefix = admission.admitted_key(stream, 0).rpartition("/")[0]
        for key in stored.list(prefix):
            seq = int(Path(key).stem)
            judged = loads.verdict(stream, seq, stored)
            if seq and (judged is None or judged.verdict == "rejected"):
                yield f"{key} is seen by readers without a verdict"


def _served_problems() -> Iterator[str]:
    """A reader who follows `served` finds one whole generation, or there never was one."""
    link = settings().home / "served"
    if not link.is_symlink():
        if generations.complete_numbers()[1:]:
            yield "the link that readers follow is gone"
        return
    try:
        manifest = json.loads((link / "manifest.json").read_text())
        with duckdb.connect(str(link / "warehouse.duckdb"), read_only=True) as connection:
            made_in = int(connection.execute("select generation from _generation").fetchall()[0][0])
        if made_in != manifest["marts_from"]:
            yield f"marts of generation {made_in} under a manifest that says {manifest['marts_from']}"
        if _told(manifest) != set(generations.row_hashes(link.resolve()).items()):
            yield "the marts differ from their manifest"
        files = {path.name for path in (link / "csv").iterdir()} | {path.name for path in (link / "parquet").iterdir()}
        if files != {f"{mart['name']}.{kind}" for mart in manifest["marts"] for kind in ("csv", "parquet")}:
            yield "exports are missing"
        if not (link / "site" / "index.html").is_file():
            yield "pages are missing"
    except (OSError, ValueError, duckdb.Error, KeyError, IndexError) as error:
        yield f"the served generation cannot be read: {type(error).__name__}: {error}"


def _told(manifest: dict[str, Any]) -> set[tuple[str, str]]:
    return {(f"{mart['schema']}.{mart['name']}", mart["row_hash"]) for mart in manifest["marts"]}


def outcome() -> dict[str, str]:
    """Every file that a night leaves, by a name without what is drawn anew each time, with what it says."""
    home, found = settings().home, {}
    for zone in ("raw", "typed", "admitted", "rejected", "quarantine", "working/gx", "working/data-docs"):
        for path in sorted((home / zone).rglob("*")):
            if path.is_file():
                found[_named(path.relative_to(home))] = _content(path)
    if (home / "served").is_symlink():
        served = (home / "served").resolve()
        found |= {f"served/{path.relative_to(served)}": "" for path in served.rglob("*") if path.is_file()}
        found |= {f"mart {name}": row_hash for name, row_hash in _told(json.loads((served / "manifest.json").read_text()))}
    leftovers = [*home.glob(".*"), *home.glob("generations/.building*"), *home.glob("generations/.dropped*")]
    return found | {f"leftover {path.name}": "" for path in leftovers}


def _named(path: Path) -> str:
    return re.sub(r"att=[0-9a-f]{32}", "att=*", path.as_posix())


def _content(path: Path) -> str:
    """A short text that is equal when two files say the same."""
    if path.suffix == ".parquet":
        query = "select coalesce(md5(string_agg(hash(files)::varchar, '' order by _index)), '') from read_parquet(?) as files"
        return str(duckdb.execute(query, [str(path)]).fetchall()[0][0])
    if path.suffix == ".json":
        told = json.loads(re.sub(r"att=[0-9a-f]{32}", "att=*", path.read_text()))
        if isinstance(told, dict):
            told = {name: value for name, value in told.items() if name not in DRAWN_ANEW}
        return json.dumps(told, sort_keys=True)
    return "" if path.suffix == ".html" else hashlib.sha256(path.read_bytes()).hexdigest()


def _rows(path: str) -> int:
    return int(duckdb.execute("select count(*) from read_parquet(?)", [path]).fetchall()[0][0])


WITH_THREADS = ("land",)
Phase = Callable[[], None]
PHASES: dict[str, tuple[tuple[Phase, ...], Phase]] = {
    "land": ((prepare,), land),
    "type": ((prepare, land), type_loads),
    "audit and admit": ((prepare, prepare_judging), audit_and_admit),
    "first publishing": ((prepare_marts,), publish_good),
    "fourth publishing": ((prepare_marts, publish_good, publish_good, publish_good), publish_good),
    "publishing held back": ((prepare_marts, publish_good, publish_good), publish_held_back),
    "roll back": ((prepare_marts, publish_good, publish_good), roll_back),
}
