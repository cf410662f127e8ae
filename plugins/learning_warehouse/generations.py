"""Generations: marts, exports and pages are built aside and published together by one flip of the link `served`.

A generation is a folder that never changes once it has its number. It is built under a hidden name, flushed to disk,
renamed, and then `served` is replaced, so a reader sees the old generation or the new one and a kill at any moment
leaves the old one served. Three generations are kept; rolling back is flipping the link back. When the marts of a night
fail, the mart files of the served generation are linked again under new pages that say why.
"""

import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from learning_warehouse.checkpoints import reach
from learning_warehouse.erasures import last_generation_before
from learning_warehouse.errors import LearningWarehouseError
from learning_warehouse.file_system import sync
from learning_warehouse.settings import company, settings
from learning_warehouse.storage import storage
from learning_warehouse.warehouse.base import Relation
from learning_warehouse.warehouse.duckdb import DuckDBWarehouse
from learning_warehouse.warehouse.folders import (
    complete_numbers,
    generation_folder,
    generations_folder,
    next_number,
    served_link,
    served_number,
)

KEPT = 3
MANIFEST_VERSION = 1
FREE_SPACE_FACTOR = 3
FREE_SPACE_MINIMUM = 64 * 1024 * 1024
PUBLIC_SCHEMA, RESTRICTED_SCHEMA = "marts", "restricted"


@dataclass(frozen=True)
class MartGate:
    """What the checks on the marts said. `reasons` are sentences for people; empty when everything passed."""

    passed: bool = True
    checks_total: int = 0
    checks_passed: int = 0
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class Building:
    """A generation that nobody can see yet: its number-to-be, its hidden folder, the night it belongs to."""

    number: int
    folder: Path
    now: datetime
    run_id: str


@dataclass(frozen=True)
class Generation:
    """A complete generation and what its manifest.json says."""

    number: int
    path: Path
    manifest: Mapping[str, Any] = field(repr=False)

    @property
    def run_id(self) -> str:
        return str(self.manifest["run_id"])

    @property
    def now(self) -> datetime:
        """The night it was built for, UTC."""
        return datetime.fromisoformat(str(self.manifest["now"]))

    @property
    def warehouse(self) -> Path:
        """The file that BI opens: published marts only."""
        return self.path / "warehouse.duckdb"

    @property
    def restricted(self) -> Path:
        """Marts with a row per person, mode 0600."""
        return self.path / "restricted.duckdb"


def served() -> Generation | None:
    """The generation readers see now, or None before the first night; one that cannot be read counts as the one before it.

    Raises LearningWarehouseError when a newer program wrote it.
    """
    number = served_number()
    readable = [one for one in kept() if number is not None and one.number <= number]
    return readable[-1] if readable else None


def kept() -> list[Generation]:
    """All complete generations whose manifest can be read, oldest first."""
    found = [_load(number) for number in complete_numbers()]
    return [generation for generation in found if generation is not None]


def showing_erased_people() -> list[int]:
    """The kept generations whose marts were built before the last erasure."""
    last = last_generation_before(storage())
    return [one.number for one in kept() if int(one.manifest.get("marts_from", one.number)) <= last]


def row_hashes(path: Path) -> dict[str, str]:
    """`schema.table` -> hash over the business columns of a warehouse file or of a generation's folder (both files)."""
    if not path.is_dir():
        return DuckDBWarehouse().row_hashes(path)
    hashes = dict(DuckDBWarehouse().row_hashes(path / "warehouse.duckdb"))
    for name, value in DuckDBWarehouse().row_hashes(path / "restricted.duckdb").items():
        hashes[name.replace("main.", f"{RESTRICTED_SCHEMA}.", 1)] = value
    return hashes


def begin(now: datetime, run_id: str) -> Building:
    """Clean up what a killed build left, check free space, and open a hidden folder for the next generation.

    Whoever begins last is the one who may publish. Raises LearningWarehouseError while another process publishes.
    """
    generations_folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    with _publishing():
        _remove_leftovers()
        _check_free_space()
        number = next_number()
        folder = generations_folder() / f".building-{number:06d}-{secrets.token_hex(4)}"
        folder.mkdir()
    reach("publish.begun")
    return Building(number, folder, now.astimezone(UTC), run_id)


def publish(building: Building, gate: MartGate | None = None, *, docs: bool = True) -> Generation:
    """Fill the hidden folder, flush it, give it its number and flip `served` to it; old generations beyond three go.

    `gate` says whether what dbt built may be shown; if not, the marts served now are linked again under new pages. Raises
    LearningWarehouseError when another run has begun since: of two runs at once the later one publishes.
    """
    from learning_warehouse.pages.site import render_site

    gate = gate or MartGate()
    with _publishing():
        if not building.folder.is_dir():
            raise LearningWarehouseError(
                f"{building.run_id} was overtaken: another run has begun to publish since",
                what_to_do="nothing, if that run ends well; else run the night again",
            )
        previous = served()
        if gate.passed:
            _copy_marts(building)
        else:
            _link_marts(building, previous)
        manifest = _manifest(building, gate, previous)
        render_site(building.folder, manifest, docs=docs and gate.passed)
        reach("publish.pages_rendered")
        (building.folder / "manifest.json").write_text(json.dumps(manifest, indent=1, sort_keys=True) + "\n")
        _set_modes(building.folder)
        fsync_tree(building.folder)
        reach("publish.synced")
        final = generation_folder(building.number)
        os.rename(building.folder, final)
        sync(generations_folder())
        reach("publish.renamed")
        _flip(building.number)
        reach("publish.flipped")
        _prune()
    return _published(building.number)


def roll_back(to: int | None = None) -> Generation:
    """Serve an earlier generation again (the one before the served one unless `to` names it)."""
    with _publishing():
        current = served_number()
        earlier = [number for number in complete_numbers() if current is not None and number < current]
        target = to if to is not None else (earlier[-1] if earlier else None)
        if target is None or target not in complete_numbers():
            raise LearningWarehouseError("there is no such generation to go back to", what_to_do=f"kept are {complete_numbers()}")
        _flip(target)
    return _published(target)


def _copy_marts(building: Building) -> None:
    """Copy published marts and, into a second file, marts with person rows, out of the file that dbt wrote."""
    from learning_warehouse.transform import mart_descriptions, warehouse_file

    engine, folder = DuckDBWarehouse(), building.folder
    marts = [relation for relation in engine.relations(warehouse_file()) if relation.is_mart]
    if not any(relation.schema == PUBLIC_SCHEMA for relation in marts):
        raise LearningWarehouseError("the warehouse file holds no marts", what_to_do="run: lw build")
    stamp = {"generation": str(building.number), "run_id": building.run_id, "night": building.now.isoformat()}
    comments = mart_descriptions()
    engine.copy(warehouse_file(), folder / "warehouse.duckdb", _of_schema(marts, PUBLIC_SCHEMA), stamp, comments)
    reach("publish.marts_copied")
    engine.copy(
        warehouse_file(), folder / "restricted.duckdb", _of_schema(marts, RESTRICTED_SCHEMA), stamp, comments, into="main"
    )
    engine.export_csv(folder / "warehouse.duckdb", folder / "csv")
    engine.export_parquet(folder / "warehouse.duckdb", folder / "parquet")
    reach("publish.exported")


def _link_marts(building: Building, previous: Generation | None) -> None:
    """Serve the last good marts again: the same files under a new folder. Before any good night the files are empty."""
    if previous is None:
        stamp = {"generation": "0", "run_id": "", "night": ""}
        for name in ("warehouse.duckdb", "restricted.duckdb"):
            DuckDBWarehouse().copy(Path(), building.folder / name, [], stamp)
        return
    for name in ("warehouse.duckdb", "restricted.duckdb"):
        os.link(previous.path / name, building.folder / name)
    for name in ("csv", "parquet"):
        if (previous.path / name).is_dir():
            shutil.copytree(previous.path / name, building.folder / name, copy_function=os.link)


def _manifest(building: Building, gate: MartGate, previous: Generation | None) -> dict[str, Any]:
    """What manifest.json says: number, night, run, marts with rows and hash, loads used with verdicts and ages, gate."""
    from learning_warehouse.pages.loads import load_states
    from learning_warehouse.transform import mart_grains

    marts_from = building.number
    if not gate.passed:
        marts_from = int(previous.manifest["marts_from"]) if previous else 0
    marts_night = building.now.isoformat() if gate.passed else (str(previous.manifest["marts_night"]) if previous else "")
    grains, hashes, marts = mart_grains(), row_hashes(building.folder), []
    for file, schema in (("warehouse.duckdb", PUBLIC_SCHEMA), ("restricted.duckdb", RESTRICTED_SCHEMA)):
        for relation in DuckDBWarehouse().relations(building.folder / file):
            row_hash = hashes[f"{schema}.{relation.name}"]
            marts.append(
                {
                    "name": relation.name,
                    "schema": schema,
                    "file": file,
                    "rows": relation.rows,
                    "row_hash": row_hash,
                    "grain": grains.get(relation.name, ""),
                }
            )
    return {
        "version": MANIFEST_VERSION,
        "generation": building.number,
        "run_id": building.run_id,
        "now": building.now.isoformat(),
        "built_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "is_simulated": company().is_simulated,
        "marts_from": marts_from,
        "marts_night": marts_night,
        "marts": marts,
        "loads": [asdict(state) for state in load_states(building.now)],
        "gate": asdict(gate),
    }


def _of_schema(relations: Sequence[Relation], schema: str) -> list[Relation]:
    return [relation for relation in relations if relation.schema == schema]


def _published(number: int) -> Generation:
    generation = _load(number)
    if generation is None:
        raise LearningWarehouseError(f"generation {number} cannot be read", what_to_do="run: lw doctor")
    return generation


def _load(number: int) -> Generation | None:
    """A generation by its number; None when its manifest is not one that we wrote."""
    path = generation_folder(number)
    try:
        manifest: Mapping[str, Any] = json.loads((path / "manifest.json").read_text())
        is_ours = isinstance(manifest["version"], int) and manifest["generation"] == number
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if is_ours and manifest["version"] > MANIFEST_VERSION:
        raise LearningWarehouseError(
            f"generation {number} was written by a newer program (version {manifest['version']}, we know {MANIFEST_VERSION})",
            what_to_do="run the version of this program that wrote it, or a later one",
        )
    return Generation(number, path, manifest) if is_ours else None


@contextmanager
def _publishing() -> Iterator[None]:
    """One writer at a time on this storage root."""
    with (generations_folder() / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise LearningWarehouseError(
                "another process is publishing", what_to_do="wait for it to end, then try again"
            ) from error
        yield


def _remove_leftovers() -> None:
    for path in generations_folder().iterdir():
        if path.name.startswith((".building-", ".dropped-")):
            shutil.rmtree(path)
    _remove_links()


def _remove_links() -> None:
    """Links that a killed flip left beside `served`."""
    for path in settings().home.glob(".served-*"):
        path.unlink(missing_ok=True)


def _check_free_space() -> None:
    """A full disk must fail before anything is built, with three times the served generation as the need."""
    number = served_number()
    size = sum(path.stat().st_size for path in generation_folder(number).rglob("*") if path.is_file()) if number else 0
    needed = max(FREE_SPACE_MINIMUM, FREE_SPACE_FACTOR * size)
    free = shutil.disk_usage(settings().home).free
    if free < needed:
        raise LearningWarehouseError(
            f"{free // 2**20} MiB are free under {settings().home}, a generation needs {needed // 2**20}",
            what_to_do="free some space; what is served did not change",
        )


def _set_modes(folder: Path) -> None:
    for path in folder.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o600 if path.name == "restricted.duckdb" else 0o644)
    folder.chmod(0o755)


def fsync_tree(folder: Path) -> None:
    """Flush every file and folder below `folder` to disk, deepest first."""
    for parent, _folders, files in os.walk(folder, topdown=False):
        for name in files:
            sync(Path(parent) / name)
        sync(Path(parent))


def _flip(number: int) -> None:
    """Point `served` at a generation: a new link beside it, renamed over it; there is no moment without a link."""
    _remove_links()
    link = served_link()
    temporary = link.with_name(f".served-{os.getpid()}")
    temporary.symlink_to(generation_folder(number).relative_to(link.parent), target_is_directory=True)
    os.replace(temporary, link)
    sync(link.parent)


def _prune() -> None:
    """Keep the newest three and whatever is served; a folder is renamed before it is removed, so no half is ever listed.

    Marts from before the last erasure go as soon as others are served.
    """
    complete = complete_numbers()
    keep = {*complete[-KEPT:], served_number()} - (set(showing_erased_people()) - {served_number()})
    for number in complete:
        if number not in keep:
            dropped = generations_folder() / f".dropped-{number:06d}"
            os.rename(generation_folder(number), dropped)
            shutil.rmtree(dropped)
