"""`lw erase`: a person is gone from raw, rows and quarantine, does not come back, and everybody else is as before."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
import zstandard

from learning_warehouse import admission, erase, erase_search, loads, transform
from learning_warehouse.erasures import Eraser, erasures, require_proof
from learning_warehouse.errors import ConfigurationError, StopEverything
from learning_warehouse.keys import email_key, identity_key
from learning_warehouse.landing import land
from learning_warehouse.settings import reset_settings, settings
from learning_warehouse.sources import find
from learning_warehouse.storage import Storage
from learning_warehouse.streams import Page, RunContext
from learning_warehouse.typing_records import type_load

NIGHT = datetime(2026, 12, 1, 1, tzinfo=UTC)
STAMP = {"created_at": "2026-11-01T00:00:00Z", "updated_at": "2026-11-20T00:00:00Z", "generated_timestamp": 1763600000}
USERS = [
    {"id": 7, "email": "Gone@halden.example", "role": "end-user", **STAMP},
    {"id": 8, "email": "stays@halden.example", "role": "end-user", **STAMP},
]
TICKETS = [
    {"id": 100, "requester_id": 7, "assignee_id": 8, "status": "open", **STAMP},
    {"id": 101, "requester_id": 8, "assignee_id": 7, "collaborator_ids": [7, 9], "recipient": "gone@halden.example", **STAMP}
    | {"status": "open"},
    {"id": 7, "requester_id": 8, "assignee_id": 9, "status": "open", **STAMP},
    {"id": None, "requester_id": 7, "status": "open", **STAMP},
]
ABSORB = [{"id": "a-7", "username": "x", "emailAddress": "gone@halden.example", "dateAdded": "2026-01-01T00:00:00Z"}]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory) -> Iterator[Path]:
    """A home with one admitted load of Zendesk users, of tickets (one of them set aside), and of LMS users."""
    home = tmp_path_factory.mktemp("prepared") / "home"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LW_HOME", str(home))
        patch.setenv("LW_PERSON_KEY_SECRET", "a-fixed-key-so-that-hashes-repeat")
        reset_settings()
        (home / "run").mkdir(parents=True)
        (home / "run" / "sandbox.json").write_text(json.dumps({"port": 1, "pid": 1}))
        for name, records in (("zendesk.users", USERS), ("zendesk.tickets", TICKETS), ("absorb.users", ABSORB)):
            bring(name, records, 0, Storage(home))
    reset_settings()
    yield home


@pytest.fixture
def landed(prepared, home, stored):
    """A copy of it as the home of one test."""
    shutil.copytree(prepared, home)
    return stored


def bring(name: str, records: list[dict], night: int, stored):
    page = Page([json.dumps(one).encode() for one in records], len(records))
    stream = replace(find(name), pages=lambda reading: iter([page]), holdings=None)
    receipt = type_load(land(stream, RunContext(f"night-{night}", NIGHT + timedelta(days=night)), stored), stored)
    told = loads.StoredVerdict(
        receipt.source, receipt.stream, receipt.seq, receipt.run_id, receipt.now, "admitted", None, [], 1, 1, receipt.records, 0
    )
    loads.add_verdict(told, stream, stored)
    admission.admit(stream.domain, stored)
    return receipt


def everything(home) -> bytes:
    """All bytes of the home, with raw parts unpacked."""
    found = b""
    for path in sorted(
        path for zone in ("raw", "typed", "admitted", "quarantine", "erasures") for path in (home / zone).rglob("*")
    ):
        if path.is_file():
            content = path.read_bytes()
            found += zstandard.ZstdDecompressor().decompress(content) if path.suffix == ".zst" else content
    return found


def tickets(stored) -> list[tuple]:
    path = stored.path(admission.admitted_key(find("zendesk.tickets"), 1))
    return duckdb.sql(f"select id, requester_id, assignee_id from read_parquet('{path}') order by id").fetchall()


def run():
    return erase.erase(["zendesk.users:7"], "Ann", "request 12")


def test_the_person_is_gone_with_all_mailboxes_of_theirs_and_nobody_else_is(landed, home):
    found, proof = run()
    assert found.identities == ["absorb.users:a-7", "zendesk.users:7"]
    assert proof.is_clean and proof.raw_records == 3
    assert b"one@halden" not in everything(home).lower().replace(b"stays@halden", b"")
    assert tickets(landed) == [(7, 8, 9), (101, 8, None)]
    raw = json.loads(next(iter(erase_search.kept_records(find("zendesk.tickets"), landed))))
    assert (raw["id"], raw["collaborator_ids"], raw["recipient"]) == (101, [9], None)
    assert landed.list("quarantine") == []


def test_what_is_left_of_a_load_is_counted_and_the_first_manifest_stays(landed):
    before = loads.manifests(find("zendesk.tickets"), landed)[0]
    run()
    (manifest,) = loads.manifests(find("zendesk.tickets"), landed)
    receipt = loads.receipt(find("zendesk.tickets"), 1, landed)
    assert (manifest.records, manifest.vendor_total, manifest.extra["erased"]) == (2, 2, 2)
    assert manifest.extra["was"] == [part.sha256 for part in before.parts]
    assert (receipt.records, receipt.set_aside, receipt.attempt) == (2, 0, manifest.attempt)
    assert landed.exists(loads.manifest_key("zendesk", "tickets", 1))
    assert not landed.exists(before.parts[0].key)
    assert loads.manifests(find("zendesk.users"), landed)[0].extra["erased"] == 1


def test_the_list_holds_keyed_hashes_and_no_ids(landed):
    run()
    (entry,) = erasures(landed)
    secret = settings().person_key()
    assert set(entry.keys) == {
        identity_key(secret, "zendesk.users", "7"),
        identity_key(secret, "absorb.users", "a-7"),
        email_key(secret, "gone@halden.example"),
    }


def test_who_was_erased_does_not_land_again(landed, home):
    run()
    receipt = bring("zendesk.users", USERS, 1, landed)
    manifest = loads.manifests(find("zendesk.users"), landed)[-1]
    assert (receipt.records, manifest.vendor_total, manifest.extra["erased"]) == (1, 1, 1)
    assert b"Gone@halden" not in everything(home)


def test_a_mailbox_of_several_people_leads_to_nobody_else(landed, home):
    bring("zendesk.users", [{"id": 9, "email": "gone@halden.example", "role": "end-user", **STAMP}], 1, landed)
    found, proof = run()
    assert (found.identities, found.shared_mailboxes) == (["zendesk.users:7"], 1)
    assert proof.is_clean


@pytest.mark.parametrize("point", ["erase.after_manifest", "erase.before_receipts"])
def test_a_killed_erasure_goes_on_and_nothing_is_built_in_between(landed, point):
    code = "from learning_warehouse.erase import erase; erase(['zendesk.users:7'], 'Ann', 'request 12')"
    killed = subprocess.run([sys.executable, "-c", code], env={**os.environ, "LW_KILL_AT": point}, check=False)
    assert killed.returncode == -signal.SIGKILL
    with pytest.raises(StopEverything, match="was interrupted"):
        transform.prepare(NIGHT)
    assert erase.resume().is_clean
    require_proof(landed)
    assert tickets(landed) == [(7, 8, 9), (101, 8, None)]


def test_a_backup_that_was_taken_back_is_cleaned_again(landed, home):
    kept = {path: path.read_bytes() for path in (home / "raw").rglob("*") if path.is_file()}
    run()
    for path in (home / "raw").rglob("*.json"):
        path.unlink()
    for path, content in kept.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    assert b"gone@halden" in everything(home).lower()
    assert erase.resume().is_clean
    assert b"one@halden" not in everything(home).lower().replace(b"stays@halden", b"")


def test_drop_files_of_ours_lose_their_lines_and_yours_are_named(home, stored):
    stream = find("drops.coaching_events")
    own = Eraser(stream, frozenset({identity_key(b"s" * 16, "bamboohr.employees", "E-1")}), b"s" * 16)
    about = {"event_id": "1", "coach_employee_id": "E-2", "coachee_employee_id": "E-1"}
    assert own.apply(json.dumps(about).encode()) in (None, json.dumps({**about, "coachee_employee_id": None}).encode())
    other = json.dumps({"event_id": "E-1", "coach_employee_id": "E-2", "coachee_employee_id": "E-3"}).encode()
    assert own.apply(other) == other
    assert own.apply(b"not json") == b"not json"


@pytest.mark.parametrize(
    ("name", "sentence"), [("zendesk.users:4711", "no record of"), ("zendesk.tickets:7", "is not VENDOR"), ("7", "is not VENDOR")]
)
def test_who_cannot_be_found_is_said(landed, name, sentence):
    with pytest.raises(ConfigurationError, match=sentence):
        erase.erase([name], "Ann", "request 12")
    assert erasures(landed) == []
