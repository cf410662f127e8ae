"""Tenants as company.yml names them: what is refused, what each has of its own, and what nobody may forget."""

import json
from datetime import UTC, datetime

import pytest
import yaml

from learning_warehouse import admission, data_docs, loads, transform
from learning_warehouse.audit import _suite_name
from learning_warehouse.company_tables import write_loads
from learning_warehouse.connections import connection
from learning_warehouse.doctor_loads import examine_loads
from learning_warehouse.erase import find_person
from learning_warehouse.erasures import Eraser
from learning_warehouse.errors import ConfigurationError
from learning_warehouse.holdings import held_keys
from learning_warehouse.keys import identity_key
from learning_warehouse.night import run_night
from learning_warehouse.pages.loads import load_states
from learning_warehouse.person_references import mentions, people, subjects
from learning_warehouse.replays import asked_streams
from learning_warehouse.settings import REPOSITORY, company, connection_id, reset_settings, settings
from learning_warehouse.sources import (
    SOURCES,
    every_stream,
    find,
    find_source,
    is_exported,
    is_read,
    present,
    refuse_unnamed,
    sources_of,
    streams_of,
)
from learning_warehouse.sweeps import swept_streams

NIGHT = datetime(2026, 12, 1, 1, tzinfo=UTC)
SECRET = b"a-fixed-key-so-that-hashes-repeat"


@pytest.fixture
def named(home, tmp_path, monkeypatch):
    """A company whose company.yml names these tenants besides what it has."""

    def write(**states: str) -> None:
        content = yaml.safe_load((REPOSITORY / "company.yml").read_text())
        content["sources"] |= {name.replace("_at_", "@"): state for name, state in states.items()}
        (tmp_path / "company.yml").write_text(yaml.safe_dump(content))
        monkeypatch.setenv("LW_COMPANY_FILE", str(tmp_path / "company.yml"))
        reset_settings()

    return write


@pytest.mark.parametrize(
    ("name", "state", "why"),
    [
        (
            "drops_at_emea",
            "connected",
            "drops@emea: drop files have no tenants; put the files of all of them into one drop folder",
        ),
        ("zendesk_at_emea", "simulated", "write connected, exported or absent"),
        ("zendesk_at_EMEA", "connected", "1 to 16 letters a-z and digits, a letter first: zendesk@emea"),
        ("zendesk_at_", "connected", "1 to 16 letters"),
        ("zendesk_at_2nd", "absent", "1 to 16 letters"),
        ("zendesk_at_a_b", "absent", "1 to 16 letters"),
        ("zendesk_at_seventeenletterss", "absent", "1 to 16 letters"),
    ],
)
def test_a_tenant_that_cannot_be_is_refused_with_what_to_write(named, name, state, why):
    named(**{name: state})
    with pytest.raises(ConfigurationError, match=r"sources") as told:
        company()
    assert why in str(told.value)


def test_a_tenant_of_a_vendor_we_do_not_know_is_told_like_a_vendor_we_do_not_know(named):
    named(docebo_at_emea="connected")
    for ask in (every_stream, lambda: present("zendesk"), lambda: streams_of("lms")):
        with pytest.raises(ConfigurationError, match="docebo@emea is not a source we know"):
            ask()


def test_a_named_tenant_has_the_streams_of_its_vendor_and_people_of_its_own(named):
    named(zendesk_at_emea="connected", absorb_at_apac="exported", moodle_at_old="absent")
    main, tenant = find_source("zendesk"), find_source("zendesk@emea")
    assert (tenant.vendor, tenant.title, list(tenant.streams)) == ("zendesk@emea", f"{main.title} (emea)", list(main.streams))
    assert find("zendesk@emea.users").identity == "zendesk@emea.users" != find("zendesk.users").identity
    assert find("zendesk@emea.tickets").pages is find("zendesk.tickets").pages
    assert admission.admitted_key(find("zendesk@emea.tickets"), 3) == "admitted/zendesk@emea/tickets/v=1/00000003.parquet"
    assert [source.vendor for source in sources_of("support")] == ["zendesk", "zendesk@emea", "freshdesk"]
    assert streams_of("support")[4:] == [f"zendesk@emea.{name}" for name in main.streams]
    assert (present("zendesk@emea"), is_read("zendesk@emea.tickets"), is_exported("absorb@apac")) == (True, True, True)
    assert not present("moodle@old") and find("moodle@old.users") in every_stream()
    assert [stream.full_name for stream in asked_streams("zendesk@emea")] == streams_of("support")[4:]
    assert [stream.source for stream, _ in swept_streams("absorb@apac")] == ["absorb@apac"] * len(swept_streams("absorb"))
    assert {"zendesk@emea.users", "absorb@apac.users"} <= set(people()) and len(set(people())) == len(people())


@pytest.mark.parametrize("ask", [find_source, asked_streams, lambda name: find(f"{name}.tickets"), connection])
def test_a_tenant_that_company_yml_does_not_name_is_nobody(home, ask):
    with pytest.raises(ConfigurationError, match="zendesk@emea"):
        ask("zendesk@emea")


def test_only_runs_refuse_a_tenant_that_is_not_named(home):
    with pytest.raises(ConfigurationError, match="There is no vendor 'zendesk@emea'; vendors are absorb"):
        run_night(only="zendesk@emea")


def test_each_connection_has_a_name_of_its_own(named, monkeypatch):
    named(zendesk_at_emea="connected", zendesk_at_apac="connected")
    monkeypatch.setenv("AIRFLOW_CONN_ZENDESK_EMEA", json.dumps({"host": "https://emea.zendesk.com", "password": "p-emea-42"}))
    assert (connection_id("zendesk"), connection_id("zendesk@emea")) == ("zendesk", "zendesk_emea")
    assert connection("zendesk@emea").host == "https://emea.zendesk.com"
    with pytest.raises(ConfigurationError, match="zendesk@apac is connected, but neither AIRFLOW_CONN_ZENDESK_APAC nor"):
        connection("zendesk@apac")
    assert not any("_" in vendor or "@" in vendor for vendor in SOURCES)


def test_suites_and_word_lists_are_those_of_the_vendor_and_pages_say_which_tenant(named):
    named(zendesk_at_emea="connected")
    assert _suite_name(find("zendesk@emea.tickets")) == "zendesk__tickets"
    assert data_docs._title("zendesk@emea__tickets") == "Help desk (Zendesk Support, emea): tickets"
    assert data_docs._title("zendesk__tickets") == "Help desk (Zendesk Support): tickets"
    called = {state.source: state.system for state in load_states(NIGHT) if state.domain == "support"}
    assert (called["zendesk"], called["zendesk@emea"]) == ("help desk", "help desk of emea")
    write_loads()
    import duckdb

    streams = duckdb.sql(f"from '{settings().home}/working/loads/streams.parquet'").fetchall()
    assert ("zendesk", "tickets") in streams and not any("@" in source for source, _ in streams)


def test_records_of_a_tenant_name_its_own_people(named):
    named(zendesk_at_emea="connected", moodle_at_emea="connected")
    assert subjects(find("zendesk@emea.tickets")) == {"requester_id": ("zendesk@emea.users",)}
    assert mentions(find("zendesk@emea.tickets"))["assignee_id"] == ("zendesk@emea.users",)
    assert subjects(find("moodle@emea.enrollments")) == {"userid": ("moodle@emea.users",), "id": ("moodle@emea.users",)}
    assert subjects(find("zendesk.tickets")) == {"requester_id": ("zendesk.users",)}


@pytest.mark.parametrize(
    ("namespace", "told", "kept"),
    [
        ("bamboohr@emea.employees", "emea:7", False),
        ("bamboohr@emea.employees", "7", True),
        ("bamboohr.employees", "7", False),
        ("bamboohr.employees", "emea:7", True),
        ("bamboohr@emea.employees", "apac:7", True),
    ],
)
def test_drop_files_name_people_of_a_tenant_by_its_name_and_their_id(named, namespace, told, kept):
    named(bamboohr_at_emea="connected")
    eraser = Eraser(find("drops.checkins"), frozenset({identity_key(SECRET, namespace, "7")}), SECRET)
    record = json.dumps({"checkin_id": "c", "employee_id": told}).encode()
    assert (eraser.apply(record) is not None) == kept


def test_keys_are_held_by_tenant(named, stored):
    named(absorb_at_emea="connected")
    assert held_keys(find("absorb@emea.users"), stored).live == frozenset()
    assert stored.exists("admitted/absorb@emea/users/v=1/00000000.parquet")


def test_loads_of_a_tenant_that_is_no_longer_named_stop_builds_and_erasures_until_it_is_called_absent(named, stored):
    named(zendesk_at_emea="connected")
    admission.ensure_empty(stored)
    stored.write_bytes("raw/zendesk@emea/tickets/parts/seq=00000001/att=x/part-00000.ndjson.zst", b"")
    assert loads.landed_sources(stored) == {"zendesk@emea"}
    named()
    (found,) = (one for one in examine_loads(stored) if one.name == "tenants")
    assert not found.good and "zendesk@emea: absent" in found.what_to_do
    for ask in (lambda: transform.prepare(NIGHT), lambda: find_person(["zendesk.users:1"], stored)):
        with pytest.raises(ConfigurationError, match="There are loads of zendesk@emea, but"):
            ask()
    named(zendesk_at_emea="absent")
    refuse_unnamed(loads.landed_sources(stored))
    transform.prepare(NIGHT)
