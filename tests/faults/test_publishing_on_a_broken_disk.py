"""Families G4 and G5 while publishing: whatever system call fails, readers have one whole generation, and the next night heals.

The calls of an undisturbed publishing are counted by name; then one in the middle fails, and the last of those that flip.
"""

import errno
import os
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import duckdb
import handmade_loads
import handmade_marts
import pytest

from learning_warehouse import transform
from learning_warehouse.generations import begin, publish, served
from learning_warehouse.settings import reset_settings
from learning_warehouse.storage import storage

NIGHT = datetime(2026, 12, 1, 1, tzinfo=UTC)
CALLS = ("fsync", "rename", "replace")


class Breaking:
    """Counts system calls by name, and lets the n-th of one name fail."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.made: Counter[str] = Counter()
        self.fail_at = ("", -1)
        for name in CALLS:
            monkeypatch.setattr(os, name, self._wrap(name, getattr(os, name)))

    def _wrap(self, name: str, real: Callable[..., object]) -> Callable[..., object]:
        def call(*arguments: object, **options: object) -> object:
            self.made[name] += 1
            if (name, self.made[name]) == self.fail_at:
                raise OSError(errno.EIO, os.strerror(errno.EIO))
            return real(*arguments, **options)

        return call


def _marts_of(generation) -> int:
    with duckdb.connect(str(generation.warehouse), read_only=True) as connection:
        return int(connection.execute("select generation from _generation").fetchone()[0])


def test_a_failing_disk_leaves_one_whole_generation_and_the_next_night_heals(tmp_path, monkeypatch):
    monkeypatch.setenv("LW_HOME", str(tmp_path))
    reset_settings()
    handmade_loads.write_good_night(storage(), NIGHT)
    statements = "create schema marts; create table marts.impact_b as select 1 as made_in"
    handmade_marts.write(transform.warehouse_file(), statements=statements)
    publish(begin(NIGHT, "night-0"), docs=False)
    breaking = Breaking(monkeypatch)
    publish(begin(NIGHT, "night-1"), docs=False)
    made = dict(breaking.made)
    assert made["fsync"] > 10
    assert made["rename"] >= 1 <= made["replace"]
    failing = [("fsync", made["fsync"] // 2), *((name, made[name]) for name in ("rename", "replace"))]
    for night, fail_at in enumerate(failing, start=2):
        before = served().number
        breaking.made.clear()
        breaking.fail_at = fail_at
        try:
            publish(begin(NIGHT + timedelta(days=night), f"night-{night}"), docs=False)
            failed = False
        except OSError:
            failed = True
        breaking.fail_at = ("", -1)
        shown = served()
        assert failed, fail_at
        assert shown.number in (before, before + 1), fail_at
        assert _marts_of(shown) == shown.manifest["generation"] == shown.number, fail_at
        assert (shown.path / "site" / "index.html").is_file(), fail_at
        healed = publish(begin(NIGHT + timedelta(days=night, hours=1), f"healed-{night}"), docs=False)
        assert served().number == healed.number > shown.number, fail_at
    leftovers = [path.name for path in (tmp_path / "generations").iterdir() if path.name.startswith((".building", ".dropped"))]
    assert leftovers == []
    reset_settings()
