"""Storage: whole files or none, one winner, no way out of the root."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from learning_warehouse.storage import ObjectStorage, Storage, safe_name, storage_at


@pytest.fixture(params=["folder", "memory"])
def store(request, tmp_path):
    return (
        storage_at(tmp_path / "root") if request.param == "folder" else storage_at(f"memory://root-{os.getpid()}-{id(tmp_path)}")
    )


def test_an_address_decides_the_kind_of_storage(tmp_path):
    assert type(storage_at(tmp_path)) is Storage
    assert type(storage_at("memory://x")) is ObjectStorage


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


def test_racing_creators_have_exactly_one_winner(tmp_path):
    store = Storage(tmp_path)
    with ThreadPoolExecutor(8) as pool:
        for number in range(40):
            wins = list(pool.map(lambda who, number=number: store.create_if_absent(f"r/{number}", str(who).encode()), range(8)))
            assert sum(wins) == 1
            assert store.read_bytes(f"r/{number}") == str(wins.index(True)).encode()
    assert all(not name.startswith(".") for name in os.listdir(tmp_path / "r"))


def test_a_draft_becomes_the_file_once(store):
    for expected in (True, False):
        draft = store.draft("p/1.parquet")
        with open(draft, "wb") as file:
            file.write(b"rows")
        assert store.list("p") == ([] if expected else ["p/1.parquet"])
        assert store.adopt(draft, "p/1.parquet") is expected
        assert not os.path.exists(draft)


def test_a_failed_write_leaves_nothing(tmp_path):
    store = Storage(tmp_path)
    with pytest.raises(RuntimeError), store.open_write("a/x") as file:
        file.write(b"half")
        raise RuntimeError
    assert store.list("") == []
    assert os.listdir(tmp_path / "a") == []


def test_files_and_folders_are_for_their_owner_only(tmp_path):
    store = Storage(tmp_path / "root")
    store.write_bytes("a/b/x", b"")
    store.create_if_absent("a/b/y", b"")
    modes = {path: stat.S_IMODE((tmp_path / "root" / path).stat().st_mode) for path in ("a", "a/b", "a/b/x", "a/b/y")}
    assert modes == {"a": 0o700, "a/b": 0o700, "a/b/x": 0o600, "a/b/y": 0o600}


@pytest.mark.parametrize("key", ["../x", "/etc/passwd", "a/../../x"])
def test_a_key_cannot_leave_the_root(tmp_path, key):
    with pytest.raises(ValueError, match="is not a key"):
        Storage(tmp_path / "root").write_bytes(key, b"")


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
