"""Storage: whole files or none, one winner, no way out of the root."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from learning_warehouse.object_storage import ObjectStorage
from learning_warehouse.storage import Storage, safe_name


@pytest.fixture(params=["folder", "bucket"])
def store(request, tmp_path):
    if request.param == "folder":
        return Storage(tmp_path / "root")
    return ObjectStorage(request.getfixturevalue("bucket").address, tmp_path / "root")


def test_what_was_written_is_read_and_listed(store):
    store.write_bytes("a/b/2.json", b"two")
    store.write_bytes("a/b/1.json", b"one")
    store.write_bytes("a/c.json", b"see")
    assert store.list("a/b") == ["a/b/1.json", "a/b/2.json"]
    assert store.list("a") == ["a/b/1.json", "a/b/2.json", "a/c.json"]
    assert store.list("nothing") == []
    assert (store.read_bytes("a/b/1.json"), store.exists("a/c.json"), store.exists("a/d.json")) == (b"one", True, False)
    store.write_bytes("a/c.json", b"sea")
    assert store.read_bytes("a/c.json") == b"sea"
    store.remove("a/c.json")
    store.remove("a/c.json")
    assert not store.exists("a/c.json")


def test_create_and_link_have_one_winner(store):
    assert store.create_if_absent("m/1.json", b"first")
    assert not store.create_if_absent("m/1.json", b"second")
    assert store.link("m/1.json", "n/1.json")
    assert not store.link("m/1.json", "n/1.json")
    assert store.read_bytes("m/1.json") == store.read_bytes("n/1.json") == b"first"


def test_racing_creators_have_exactly_one_winner(store):
    rounds = 40 if type(store) is Storage else 5
    with ThreadPoolExecutor(8) as pool:
        for number in range(rounds):
            wins = list(pool.map(lambda who, number=number: store.create_if_absent(f"r/{number}", str(who).encode()), range(8)))
            assert sum(wins) == 1
            assert store.read_bytes(f"r/{number}") == str(wins.index(True)).encode()
    assert store.list("r") == sorted(f"r/{number}" for number in range(rounds))


def test_a_draft_becomes_the_file_once(store):
    for expected in (True, False):
        draft = store.draft("p/1.parquet")
        with open(draft, "wb") as file:
            file.write(b"rows")
        assert store.list("p") == ([] if expected else ["p/1.parquet"])
        assert store.adopt(draft, "p/1.parquet") is expected
        assert not os.path.exists(draft)


def test_a_failed_write_leaves_nothing(store, tmp_path):
    with pytest.raises(RuntimeError), store.open_write("a/x") as file:
        file.write(b"half")
        raise RuntimeError
    assert store.list("") == []
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
    with store.open_write("a/x") as file:
        file.write(b"whole")
    assert store.read_bytes("a/x") == b"whole"


def test_what_is_stored_can_be_read_as_local_files(store):
    store.write_bytes("a/1.parquet", b"one")
    store.write_bytes("a/b/2.parquet", b"two")
    assert Path(store.local("a/1.parquet")).read_bytes() == b"one"
    store.bring("a")
    assert sorted(path.name for path in (store.root / "a").rglob("*.parquet")) == ["1.parquet", "2.parquet"]
    store.write_bytes("a/1.parquet", b"eno")
    store.remove("a/b/2.parquet")
    store.bring("a")
    assert {path.name: path.read_bytes() for path in (store.root / "a").rglob("*.parquet")} == {"1.parquet": b"eno"}
    assert stat.S_IMODE(os.stat(store.local("a/1.parquet")).st_mode) == 0o600


def test_files_and_folders_are_for_their_owner_only(tmp_path):
    store = Storage(tmp_path / "root")
    store.write_bytes("a/b/x", b"")
    store.create_if_absent("a/b/y", b"")
    modes = {path: stat.S_IMODE((tmp_path / "root" / path).stat().st_mode) for path in ("a", "a/b", "a/b/x", "a/b/y")}
    assert modes == {"a": 0o700, "a/b": 0o700, "a/b/x": 0o600, "a/b/y": 0o600}


@pytest.mark.parametrize("key", ["../x", "/etc/passwd", "a/../../x"])
def test_a_key_cannot_leave_the_root(store, key):
    with pytest.raises(ValueError, match="is not a key"):
        store.write_bytes(key, b"")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("scheduled__2026-12-02T01:00:00+00:00", "scheduled__2026-12-02T01_00_00_00_00"),
        ("../../etc", "_.._etc"),
        ("", "_"),
        ("x" * 300, "x" * 150),
        ("a\0b/ü", "a_b__"),
    ],
)
def test_any_text_becomes_one_harmless_file_name(text, expected):
    assert safe_name(text) == expected
