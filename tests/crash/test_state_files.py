"""Files that tell where things stand, torn, emptied, spoiled or written by a newer program: refused in words or made anew.

Nothing of it may end in an error of Python, and what is served stays what it was.
"""

import json

import dropped_loads
import handmade_loads
import handmade_marts
import pytest

from learning_warehouse import generations, locks, simulated, supervisor, transform
from learning_warehouse.errors import LearningWarehouseError
from learning_warehouse.generations import served
from learning_warehouse.landing import land_and_type
from learning_warehouse.sandbox import process
from learning_warehouse.settings import settings
from learning_warehouse.storage import storage
from learning_warehouse.streams import RunContext

NIGHT = dropped_loads.NIGHT
DAMAGES = {
    "cut in half": lambda content: content[: len(content) // 2],
    "empty": lambda content: b"",
    "zeroes": lambda content: bytes(len(content)),
    "a list": lambda content: b"[1, 2]",
    "a number": lambda content: b"7",
    "of another shape": lambda content: b'{"some": {"thing": "else"}}',
    "null everywhere": lambda content: json.dumps(dict.fromkeys(json.loads(content))).encode(),
}


@pytest.fixture(params=DAMAGES)
def damage(request):
    """Spoils one file that exists."""

    def spoil(path):
        path.chmod(0o600)
        path.write_bytes(DAMAGES[request.param](path.read_bytes()))

    return spoil


@pytest.fixture
def published(home):
    """A home with one generation."""
    handmade_loads.write_good_night(storage(), NIGHT)
    handmade_marts.write(transform.warehouse_file())
    return generations.publish(generations.begin(NIGHT, "night-1"), docs=False)


@pytest.fixture
def two_loads(home):
    """drops.checkins with two admitted loads."""
    return [dropped_loads.night(number, storage(), f"c{number}") for number in (1, 2)]


def test_the_date_of_the_simulation_is_refused_in_words(home, damage):
    home.mkdir(parents=True)
    simulated.finish_night(home, NIGHT)
    damage(home / "simulation.json")
    with pytest.raises(LearningWarehouseError, match=r"simulation\.json cannot be read"):
        simulated.next_night(home)


def test_the_note_of_a_sandbox_means_that_none_runs(home, damage):
    (home / "run").mkdir(parents=True)
    (home / "run" / "sandbox.json").write_text(json.dumps({"port": 1, "pid": 1}))
    damage(home / "run" / "sandbox.json")
    assert process.running(home) is None


def test_the_note_of_a_supervisor_means_that_none_runs_and_nothing_is_stopped(home, damage):
    (home / "run").mkdir(parents=True)
    (home / "run" / "supervisor.json").write_text(
        json.dumps({"port": 1, "pids": {"supervisor": 1}, "started": {"supervisor": 1.0}})
    )
    damage(home / "run" / "supervisor.json")
    assert supervisor.state(settings()) is None
    assert supervisor.down(settings()) == []


def test_the_note_in_a_lock_hides_no_lock(home, damage):
    with locks.alone(home, "night-1"):
        damage(home / "run" / "night.lock")
        with pytest.raises(locks.Locked, match="locked by"), locks.alone(home, "night-2"):
            pass
    with locks.alone(home, "night-3"):
        pass


def test_the_note_of_dropped_files_makes_them_be_written_again(home, monkeypatch):
    monkeypatch.setenv("LW_EMPLOYEES", "60")
    monkeypatch.setenv("LW_ACCOUNTS", "60")
    (home / "run").mkdir(parents=True)
    (home / "drops").mkdir()
    note = home / "run" / "drops.json"
    good = json.dumps({"now": NIGHT.isoformat(), "folder": str(home / "drops")}).encode()
    note.write_bytes(DAMAGES["cut in half"](good))
    simulated.write_drops(NIGHT)
    assert list((home / "drops").rglob("*.csv"))
    assert note.read_bytes() == good


@pytest.mark.parametrize("kind", ["_manifests", "_verdicts"])
def test_a_state_of_a_load_stops_its_stream_in_words_and_no_row_of_others_is_lost(two_loads, home, damage, kind):
    damage(next(home.glob(f"raw/drops/checkins/{kind}/00000002.json")))
    dropped_loads.drop("3.csv", "c3")
    with pytest.raises(LearningWarehouseError, match=r"0000000\d\.json is damaged"):
        land_and_type("drops.checkins", RunContext("night-3", NIGHT))
    assert dropped_loads.seen(storage()) == ["c1", "c2"]
    assert land_and_type("drops.decisions", RunContext("night-3", NIGHT)).records == 0


def test_the_manifest_of_a_generation_is_passed_over_unless_a_newer_program_wrote_it(published):
    second = generations.publish(generations.begin(NIGHT, "night-2"), docs=False)
    path = second.path / "manifest.json"
    good = path.read_bytes()
    for name, damage in DAMAGES.items():
        path.write_bytes(damage(good))
        found = served()
        assert found is not None, name
        assert (found.number, found.run_id) == (1, "night-1"), name
    path.write_text(json.dumps(json.loads(good) | {"version": 99}))
    with pytest.raises(LearningWarehouseError, match="generation 2 was written by a newer program"):
        served()
    path.write_bytes(b"")
    third = generations.publish(generations.begin(NIGHT, "night-3"), docs=False)
    assert (served(), third.number) == (third, 3)


def test_a_manifest_of_a_newer_program_is_refused_and_named(two_loads, home):
    path = home / "raw/drops/checkins/_manifests/00000002.json"
    path.chmod(0o600)
    path.write_text(json.dumps(json.loads(path.read_text()) | {"version": 99}))
    with pytest.raises(LearningWarehouseError, match="newer program"):
        land_and_type("drops.checkins", RunContext("night-3", NIGHT))
