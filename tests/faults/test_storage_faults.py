"""Families G4 and G5: any single system call that writes may fail while a night lands, types, judges and admits.

The calls are counted once on an undisturbed night; then each of them finds no space, and each fifth an input/output error.
Nothing half written is ever seen, no draft stays, and the next run ends where the undisturbed night ended.
"""

import errno
import os
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from landed import NOW, admit

from learning_warehouse import loads
from learning_warehouse.landing import land_and_type
from learning_warehouse.settings import settings
from learning_warehouse.sources import find
from learning_warehouse.storage import Storage
from learning_warehouse.streams import RunContext

CHECKINS = find("drops.checkins")
HEADER = "checkin_id,employee_id,week_start,manager_asked,used_learning,confidence,answered_at"
LINES = [f"c{number},E-{number},2026-11-23,yes,no,4,2026-11-27T10:00:00Z" for number in range(5)]
CALLS = ("open", "fsync", "replace", "link", "chmod")


class Breaking:
    """Counts the calls that write below one folder, and lets the n-th of them fail."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
        self.made = 0
        self.fail_at = -1
        self.number = errno.ENOSPC
        for name in CALLS:
            monkeypatch.setattr(os, name, self._wrap(name, getattr(os, name), str(folder)))

    def _wrap(self, name: str, real: Callable[..., object], folder: str) -> Callable[..., object]:
        def call(*arguments: object, **options: object) -> object:
            writes = name != "open" or bool(int(str(arguments[1])) & (os.O_WRONLY | os.O_RDWR))
            if writes and (isinstance(arguments[0], int) or str(arguments[0]).startswith(folder)):
                self.made += 1
                if self.made == self.fail_at:
                    raise OSError(self.number, os.strerror(self.number))
            return real(*arguments, **options)

        return call


def _night(stored: Storage) -> None:
    admit(CHECKINS, land_and_type("drops.checkins", RunContext("night", NOW)), stored)


def _admitted(stored: Storage) -> list[tuple[object, ...]]:
    files = stored.path("admitted/drops/checkins/v=1/*.parquet")
    return duckdb.sql(f"SELECT checkin_id, _line, _index FROM read_parquet('{files}') ORDER BY ALL").fetchall()


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO], ids=["no space", "input/output error"])
def test_a_full_or_broken_disk_at_any_write_leaves_nothing_and_the_next_run_converges(home, monkeypatch, number):
    def fresh(name: str) -> Storage:
        monkeypatch.setenv("LW_HOME", str(home / name))
        from learning_warehouse.settings import reset_settings

        reset_settings()
        folder = settings().drop_folder / "checkins"
        folder.mkdir(parents=True)
        (folder / "a.csv").write_text("\n".join([HEADER, *LINES]) + "\n")
        return Storage(settings().home)

    breaking = Breaking(monkeypatch, home)
    stored = fresh("undisturbed")
    _night(stored)
    expected, calls = _admitted(stored), breaking.made
    assert len(expected) == 5
    assert calls > 15
    for at in range(1, calls + 1, 1 if number == errno.ENOSPC else 5):
        stored = fresh(f"failing at {at}")
        breaking.made, breaking.fail_at, breaking.number = 0, at, number
        with pytest.raises(OSError, match=os.strerror(number)):
            _night(stored)
        breaking.fail_at = -1
        drafts = [path for path in settings().home.rglob("*.draft") if path.is_file()]
        assert drafts == [], f"call {at}"
        for manifest in loads.manifests(CHECKINS, stored):
            assert all(stored.exists(part.key) for part in manifest.parts)
        _night(stored)
        assert _admitted(stored) == expected, f"call {at}"
        assert len(loads.manifests(CHECKINS, stored)) == 1, f"call {at}"
