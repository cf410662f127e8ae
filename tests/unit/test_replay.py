"""`lw replay`: all landed loads get rows under a new contract from raw alone, and are judged anew."""

import os
import signal
import subprocess
import sys
from dataclasses import replace

import pytest
from dropped_loads import NAME, drop, judge, land, night, seen

from learning_warehouse import admission, loads, replays
from learning_warehouse.errors import ConfigurationError, DamagedLoad, StopEverything
from learning_warehouse.judgments import decide
from learning_warehouse.sources import SOURCES, find
from learning_warehouse.streams import Column

STREAMS = SOURCES["drops"].streams


@pytest.fixture
def raise_contract(monkeypatch):
    """Declares drops.checkins under contract 2, in which the confidence may have decimals."""

    def change() -> None:
        old = find(NAME)
        columns = tuple(Column("confidence", "double") if column.name == "confidence" else column for column in old.columns)
        monkeypatch.setitem(STREAMS, "checkins", replace(old, contract=2, columns=columns))

    return change


def quiet(text: str) -> None:
    pass


def run():
    return {one.stream: one for one in replays.replay(NAME, say=quiet)}[NAME]


def types(stored, contract: int, seq: int) -> str:
    import duckdb

    path = stored.path(f"typed/drops/checkins/v={contract}/{loads.number(seq)}.parquet")
    relation = duckdb.sql(f"from read_parquet('{path}', hive_partitioning=false)")
    return str(dict(zip(relation.columns, relation.types, strict=True))["confidence"])


def test_every_load_is_typed_judged_and_admitted_again_without_its_vendor(home, stored, raise_contract):
    drop("0.csv", *(f"a{number}" for number in range(30)), confidence="4.5")
    judge(land(0), stored, "rejected", ("set_aside_share",))
    night(1, stored, "b")
    assert (seen(stored), loads.receipt(find(NAME), 1, stored).set_aside) == (["b"], 30)
    assert stored.exists("quarantine/drops/checkins/00000001.ndjson")
    for file in (home / "drops" / "checkins").iterdir():
        file.unlink()
    raise_contract()
    with pytest.raises(StopEverything, match="2 loads of") as caught:
        replays.require_current(stored)
    assert caught.value.what_to_do == "lw replay drops.checkins"
    done = run()
    assert (done.contract, done.loads, done.records, done.typed, done.set_aside) == (2, 2, 61, 61, 0)
    assert done.changed == ((1, "rejected", "admitted"),)
    assert len(seen(stored)) == 61
    assert (types(stored, 1, 2), types(stored, 2, 2)) == ("BIGINT", "DOUBLE")
    assert loads.receipt(find(NAME), 2, stored).contract == loads.verdict(find(NAME), 2, stored).contract == 2
    assert not stored.exists("quarantine/drops/checkins/00000001.ndjson")
    replays.require_current(stored)
    assert run().loads == 0


def test_a_person_who_rejected_a_load_has_rejected_it_under_every_contract(home, stored, raise_contract):
    night(0, stored, "a")
    night(1, stored, "b")
    decide(NAME, 1, "rejected", "Ann", "wrong file")
    raise_contract()
    assert run().changed == ()
    assert seen(stored) == ["b"]


def test_a_killed_replay_goes_on_where_it_stopped(home, stored, raise_contract):
    night(0, stored, "a")
    night(1, stored, "b")
    code = (
        "from dataclasses import replace; from learning_warehouse.sources import SOURCES;"
        "streams = SOURCES['drops'].streams; streams['checkins'] = replace(streams['checkins'], contract=2);"
        "from learning_warehouse.replays import replay; replay('drops.checkins', print)"
    )
    environment = {**os.environ, "LW_KILL_AT": "type.after_parquet_link:2"}
    assert subprocess.run([sys.executable, "-c", code], env=environment, check=False).returncode == -signal.SIGKILL
    monkey = replace(find(NAME), contract=2)
    assert [one.seq for one in loads.receipts(monkey, stored)] == [1]
    assert seen(stored) == ["a", "b"]


def test_a_damaged_part_stops_the_replay_and_nothing_of_it_is_seen(home, stored, raise_contract):
    night(0, stored, "a")
    (part,) = loads.manifests(find(NAME), stored)[0].parts
    stored.write_bytes(part.key, b"not what it was")
    raise_contract()
    with pytest.raises(DamagedLoad, match="damaged"):
        run()
    assert not stored.exists(admission.admitted_key(find(NAME), 1))


def test_a_wrong_name_is_said(home):
    with pytest.raises(ConfigurationError, match="There is no vendor 'mooodle'"):
        replays.replay("mooodle", say=quiet)
