"""Two tenants of one help desk, each a company of its own with the same ids: their loads, tickets and people never meet.

Each stands in its own sandbox, both over HTTP; the main one is simulated, `zendesk@emea` is connected to the second.
"""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from nights import typed_rows

from learning_warehouse import admission, erase, loads, transform
from learning_warehouse.audit import audit
from learning_warehouse.connections import SANDBOX, check
from learning_warehouse.errors import CredentialsRefused, LearningWarehouseError, RetryLater
from learning_warehouse.landing import land_and_type
from learning_warehouse.sandbox import process
from learning_warehouse.settings import REPOSITORY, Settings, reset_settings
from learning_warehouse.sources import find, streams_of
from learning_warehouse.storage import Storage
from learning_warehouse.streams import RunContext

FIRST = datetime(2026, 12, 1, 1, tzinfo=UTC)
SECOND = FIRST + timedelta(days=1)
EMEA = {"seed": 7, "employees": 120, "accounts": 80}
MODELS = ("int_support__tickets_united", "int_support__users_united", "int_support__ratings_united")
THROTTLED = {"kind": "status", "vendor": "zendesk", "status": 429}


@pytest.fixture(scope="module")
def emea_sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The sandbox of the second company."""
    started = process.start(Settings(home=tmp_path_factory.mktemp("emea"), **EMEA), FIRST)
    yield started
    process.stop(started)


@pytest.fixture
def tenants(sandbox: Any, emea_sandbox: Any, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A company whose company.yml names both; gives the second sandbox."""
    text = (REPOSITORY / "company.yml").read_text().replace("zendesk: simulated,", "zendesk: simulated, zendesk@emea: connected,")
    (home / "company.yml").write_text(text)
    monkeypatch.setenv("LW_COMPANY_FILE", str(home / "company.yml"))
    monkeypatch.setenv("AIRFLOW_CONN_ZENDESK_EMEA", connection_of(emea_sandbox, SANDBOX["zendesk"]["password"]))
    emea_sandbox.set_faults([])
    emea_sandbox.move(FIRST)
    reset_settings()
    yield emea_sandbox
    emea_sandbox.set_faults([])
    reset_settings()


def connection_of(sandbox: Any, password: str) -> str:
    extra = {"proxy": sandbox.url, "first_wait_seconds": 0.01, "waiting_budget_seconds": 0.1}
    return json.dumps({**SANDBOX["zendesk"], "password": password, "extra": extra})


def night(now: datetime, stored: Storage, sources: tuple[str, ...] = ("zendesk", "zendesk@emea")) -> dict[str, Any]:
    """Lands, types, audits and admits the help desk; gives for each stream its verdict, or the error that stopped it."""
    told: dict[str, Any] = {}
    for name in streams_of("support"):
        if name.partition(".")[0] in sources:
            try:
                land_and_type(name, RunContext(f"night-{now:%F}", now))
            except LearningWarehouseError as error:
                told[name] = error
    for verdict in audit("support", f"night-{now:%F}", now, stored):
        told[f"{verdict.source}.{verdict.stream}"] = verdict.verdict
    admission.admit("support", stored)
    return told


def ledger(seed: int, employees: int, accounts: int) -> Any:
    from learning_warehouse.simulation.company import simulate

    return simulate(seed, employees=employees, accounts=accounts)


def built(now: datetime) -> Callable[[str], list[tuple[Any, ...]]]:
    """Builds staging of the help desk and the models that unite it; gives what answers a query on them."""
    transform.prepare(now)
    chosen = ["--select", *(f"+{model}" for model in MODELS), "--indirect-selection", "buildable"]
    folder = transform.artifacts("intermediate")
    transform._invoke(["build", *chosen, "--exclude-resource-type", "unit_test", "--target-path", str(folder)])
    results = json.loads((folder / "run_results.json").read_text())["results"]
    assert {one["unique_id"]: one["message"] for one in results if one["status"] not in ("success", "pass")} == {}

    def rows(query: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(transform.warehouse_file()), read_only=True) as connection:
            return connection.execute(query).fetchall()

    return rows


def told_by(company: Any, prefix: str, now: datetime) -> set[tuple[str, datetime]]:
    """Key in our models and moment of creation of each ticket that a help desk exports at `now`."""
    known = (ticket for ticket in company.tickets if ticket.created_at <= now - timedelta(minutes=1))
    return {(f"{prefix}{ticket.ticket_id}", ticket.created_at.replace(tzinfo=None)) for ticket in known}


def test_the_tickets_of_both_ledgers_and_nothing_else_are_in_the_model_under_their_own_keys(
    tenants, small_sandbox, small_company, stored
):
    emea = ledger(**EMEA)
    assert set(night(FIRST, stored).values()) == {"admitted"}
    small_sandbox.move(SECOND)
    assert set(night(SECOND, stored, ("zendesk",)).values()) <= {"admitted", "empty"}
    rows = built(SECOND)
    main, other = told_by(small_company, "zendesk:", SECOND), told_by(emea, "zendesk:emea:", FIRST)
    assert len({key.rpartition(":")[2] for key, _ in main} & {key.rpartition(":")[2] for key, _ in other}) > 1000
    assert set(rows("select ticket_id, created_at from intermediate.int_support__tickets_united")) == main | other
    crossing = """
        select count(*) from intermediate.int_support__tickets_united as tickets
        left join intermediate.int_support__users_united as people on tickets.requester_support_user_id = people.support_user_id
        where people.support_user_id is null
            or (tickets.ticket_id like 'zendesk:emea:%') <> (people.support_user_id like 'emea:%')
    """
    assert rows(crossing) == [(0,)]
    rated = rows("select count(*) from intermediate.int_support__ratings_united where ticket_id like 'zendesk:emea:%'")
    assert rated == [(sum(1 for one in emea.tickets if one.rated_at and one.rated_at < FIRST and one.satisfaction),)]
    assert rows("select count(*) - count(distinct identity_key) from intermediate.int_support__users_united") == [(0,)]


@pytest.mark.parametrize(
    ("trouble", "error"), [("wrong token", CredentialsRefused), ("throttled", RetryLater)], ids=lambda one: str(one)
)
def test_trouble_of_one_tenant_holds_back_its_own_streams_and_the_other_is_admitted(trouble, error, tenants, stored, monkeypatch):
    if trouble == "wrong token":
        monkeypatch.setenv("AIRFLOW_CONN_ZENDESK_EMEA", connection_of(tenants, "wrong-token"))
    else:
        tenants.set_faults([THROTTLED])
    told = night(FIRST, stored)
    assert {name: told[name] for name in told if "@" not in name} == dict.fromkeys(streams_of_tenant("zendesk"), "admitted")
    assert {type(told[name]) for name in streams_of_tenant("zendesk@emea")} == {error}
    assert [one.source for one in loads.failures(stored, f"night-{FIRST:%F}")] == ["zendesk@emea"] * 4
    assert typed_rows(find("zendesk@emea.tickets"), stored) == [] != typed_rows(find("zendesk.tickets"), stored)


def streams_of_tenant(source: str) -> list[str]:
    return [name for name in streams_of("support") if name.partition(".")[0] == source]


def test_erasing_a_person_of_one_tenant_leaves_the_one_with_the_same_id_in_the_other(tenants, stored):
    night(FIRST, stored)
    own, others = (
        {row["id"]: row["email_key"] for row in typed_rows(find(f"{source}.users"), stored)}
        for source in ("zendesk@emea", "zendesk")
    )
    asked = {row["requester_id"] for row in typed_rows(find("zendesk@emea.tickets"), stored)} & set(others)
    gone = min(number for number in asked if own[number] not in others.values())
    before = tickets_of("zendesk", gone, stored)
    assert tickets_of("zendesk@emea", gone, stored) and before
    found, proof = erase.erase([f"zendesk@emea.users:{gone}"], "Ann", "request 12")
    assert found.identities == [f"zendesk@emea.users:{gone}"] and proof.is_clean
    assert tickets_of("zendesk@emea", gone, stored) == [] and tickets_of("zendesk", gone, stored) == before
    left = {source: [row["id"] for row in typed_rows(find(f"{source}.users"), stored)] for source in ("zendesk", "zendesk@emea")}
    assert gone in left["zendesk"] and gone not in left["zendesk@emea"] and len(left["zendesk@emea"]) == len(own) - 1


def tickets_of(source: str, requester: int, stored: Storage) -> list[int]:
    return sorted(row["id"] for row in typed_rows(find(f"{source}.tickets"), stored) if row["requester_id"] == requester)


def test_connect_asks_the_system_of_the_tenant(tenants, monkeypatch):
    asked = tenants.state()["calls"].get("zendesk", 0)
    assert (
        check("zendesk@emea") == "Zendesk Support (emea): http://halden.zendesk.com/api/v2 accepted the credentials and answered."
    )
    assert tenants.state()["calls"]["zendesk"] > asked
    monkeypatch.setenv("AIRFLOW_CONN_ZENDESK_EMEA", connection_of(tenants, "wrong-token"))
    with pytest.raises(CredentialsRefused, match="zendesk@emea"):
        check("zendesk@emea")
    assert check("zendesk").startswith("Zendesk Support: the sandbox")
