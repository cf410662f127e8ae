"""Clients that other people wrote, unmodified, each in a scratch environment, read the sandbox through TLS completely.

They keep the vendors' own https addresses; what they are given is a proxy and a CA file. What they must find is counted
from the facts of the simulated company, not from what the sandbox says.
"""

import json
import os
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from learning_warehouse.sandbox import process
from learning_warehouse.settings import Settings
from learning_warehouse.simulation.company import simulate

pytestmark = [pytest.mark.clients, pytest.mark.slow]
NOW = datetime(2026, 12, 1, 1, tzinfo=UTC)
COMPANY = {"seed": 1, "employees": 120, "accounts": 80}
UV = Path(sys.executable).with_name("uv")


@pytest.fixture(scope="module")
def ledger():
    return simulate(**COMPANY)


@pytest.fixture(scope="module")
def secure_sandbox(tmp_path_factory):
    started = process.start(Settings(home=tmp_path_factory.mktemp("clients"), **COMPANY), NOW, tls=True)
    yield started
    process.stop(started)


@pytest.fixture(scope="module")
def read(secure_sandbox, tmp_path_factory):
    """Installs one package into an environment of its own and gives back what its script printed."""

    def run(requirement: str, script: str) -> dict[str, Any]:
        environment = tmp_path_factory.mktemp("environment")
        python = environment / "bin" / "python"
        subprocess.run([UV, "venv", "--quiet", "--clear", "--python", sys.executable, environment], check=True)
        subprocess.run([UV, "pip", "install", "--quiet", "--python", python, requirement], check=True)
        ca_file = str(secure_sandbox.ca_file)
        given = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("LW_", "PYTHON"))},
            "HTTPS_PROXY": f"http://127.0.0.1:{secure_sandbox.proxy_port}",
            "NO_PROXY": "",
            "SSL_CERT_FILE": ca_file,
            "REQUESTS_CA_BUNDLE": ca_file,
        }
        program = [python, "-I", Path(__file__).with_name(script)]
        done = subprocess.run(program, env=given, capture_output=True, text=True, check=False, timeout=300)
        assert done.returncode == 0, done.stderr
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    return run


def _midnight(day) -> datetime:
    return datetime.combine(day, time(), UTC)


def _happened(moment) -> bool:
    return moment is not None and moment < NOW


def test_zenpy_reads_the_help_desk(read, ledger) -> None:
    found = read("zenpy==2.0.57", "read_with_zenpy.py")
    last = NOW - timedelta(minutes=1)
    tickets = Counter(ticket.ticket_id for ticket in ledger.tickets if ticket.created_at <= last)
    assert len(tickets) > 2000
    assert Counter(found["tickets"]) == Counter(found["tickets_by_cursor"]) == tickets
    assert Counter(found["users"]) == Counter(user.support_user_id for user in ledger.support_users if user.created_at <= last)
    organizations = [item.organization_id for item in ledger.organizations if item.created_at <= last]
    assert Counter(found["organizations"]) == Counter(organizations)
    rated = [ticket for ticket in ledger.tickets if _happened(ticket.rated_at) and ticket.satisfaction]
    assert len(found["satisfaction_ratings"]) == len(set(found["satisfaction_ratings"])) == len(rated) > 100
    assert found["me"] == ["warehouse@halden.example"]


def test_simple_salesforce_reads_the_crm_with_deleted_records(read, ledger) -> None:
    found = read("simple-salesforce==1.12.10", "read_with_simple_salesforce.py")
    expected = {
        "Account": {item.account_id for item in ledger.accounts if item.created_at < NOW},
        "Contact": {item.contact_id for item in ledger.contacts if item.created_at < NOW},
        "User": {item.crm_user_id for item in ledger.crm_users if item.created_at < NOW},
        "Opportunity": {item.opportunity_id for item in ledger.opportunities if item.created_at < NOW},
        "Contract": {item.contract_id for item in ledger.contracts if item.created_at < NOW},
    }
    assert {name: {row["Id"] for row in found[name]} for name in expected} == expected
    assert {name: len(found[name]) for name in expected} == {name: len(ids) for name, ids in expected.items()}
    deleted = {item.contact_id for item in ledger.contacts if _happened(item.deleted_at)}
    assert {row["Id"] for row in found["Contact"] if row["IsDeleted"]} == deleted
    moves = sum(_happened(change.at) for item in ledger.accounts if item.created_at < NOW for change in item.owners[1:])
    assert len(found["AccountHistory"]) == moves > 0
    assert {row["Id"]: row["Name"] for row in found["Account"]} == {
        item.account_id: item.name for item in ledger.accounts if item.created_at < NOW
    }


def test_pybamboohr_reads_the_hris(read, ledger) -> None:
    found = read("PyBambooHR==0.8.1", "read_with_pybamboohr.py")
    hired = {item.employee_id: item for item in ledger.employees if any(_midnight(spell.hired) < NOW for spell in item.spells)}
    present = {key: item for key, item in hired.items() if not _happened(item.deleted_from_hris_at)}
    assert set(found["changes"]) == set(hired)
    assert set(found["employees"]) == set(found["job_info"]) == set(found["employment_status"]) == set(present)
    names = {key: (item["firstName"], item["lastName"]) for key, item in found["employees"].items()}
    assert names == {key: (item.first_name, item.last_name) for key, item in present.items()}
    jobs = {
        key: sorted(job.start.isoformat() for job in item.jobs if _midnight(job.start) < NOW) for key, item in present.items()
    }
    assert {key: sorted(row["date"] for row in item["rows"]) for key, item in found["job_info"].items()} == jobs
    working = {key for key, item in found["employees"].items() if item["status"] == "Active"}
    assert {item["id"] for item in found["directory"]} == working
    assert {item["jobTitle"] for key, item in found["employees"].items() if key in working} == {
        item["jobTitle"] for item in found["directory"]
    }


def test_the_hubspot_client_reads_the_crm_with_archived_records(read, ledger) -> None:
    found = read("hubspot-api-client==12.0.0", "read_with_hubspot_api_client.py")
    contacts = {item.contact_id: item for item in ledger.contacts if item.created_at < NOW}
    deleted = {key for key, item in contacts.items() if _happened(item.deleted_at)}
    assert deleted
    assert Counter(item["salesforcecontactid"] for item in found["contacts_archived"]) == Counter(deleted)
    assert Counter(item["salesforcecontactid"] for item in found["contacts"]) == Counter(contacts.keys() - deleted)
    assert {item["salesforcecontactid"]: item["email"] for item in found["contacts"]} == {
        key: item.email for key, item in contacts.items() if key not in deleted
    }
    alive = [item.account_id for item in ledger.accounts if item.created_at < NOW and not _happened(item.merged_at)]
    assert Counter(item["salesforceaccountid"] for item in found["companies"]) == Counter(alive)
    deals = sum(item.created_at < NOW for item in [*ledger.opportunities, *ledger.contracts])
    assert len({item["id"] for item in found["deals"]}) == len(found["deals"]) == deals
    assert Counter(found["owners"]) == Counter(item.email for item in ledger.crm_users if item.created_at < NOW)
    assert found["contact_companies"].keys() == {item["id"] for item in found["contacts"]}
    assert set(found["contact_companies"].values()) <= {item["id"] for item in found["companies"]}
