"""A tiny company written by hand and a running sandbox over it, for real HTTP tests."""

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import requests

from learning_warehouse.sandbox import absorb, bamboohr, salesforce, zendesk
from learning_warehouse.sandbox.serve import bind, server_for
from learning_warehouse.sandbox.server import Sandbox
from learning_warehouse.simulation import ledger as facts

NOW = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
TICKETS = 250
CONTACTS = 2500


def at(day: str, hour: int = 9) -> datetime:
    return datetime.fromisoformat(day).replace(hour=hour, tzinfo=UTC)


def guid(number: int) -> str:
    return f"{number:08x}-0000-4000-8000-000000000000"


def sf_id(prefix: str, number: int) -> str:
    return f"{prefix}{number:012d}AAA"


PAT = sf_id("003", 1)


def people() -> list[facts.Employee]:
    job = facts.Job(date(2023, 1, 2), "Berlin", "Support", "Customer", "Team Lead", None)
    agent = [
        facts.Job(date(2024, 3, 1), "Berlin", "Support", "Customer", "Support Agent", "100"),
        facts.Job(date(2026, 12, 1), "Berlin", "Sales", "Customer", "Account Executive", "100"),
        facts.Job(date(2026, 12, 2), "Paris", "Sales", "Customer", "Account Executive", "100"),
    ]
    left = facts.Spell(date(2023, 5, 1), date(2026, 11, 30), "voluntary")
    leaver = facts.Job(date(2023, 5, 1), "Lyon", "Product", "Product", "Engineer", "100")
    return [
        facts.Employee("100", "Kim", "Roe", "kim.roe@halden.example", "employee", (facts.Spell(date(2023, 1, 2)),), (job,)),
        facts.Employee("101", "Ann", "Lee", "ann.lee@halden.example", "employee", (facts.Spell(date(2024, 3, 1)),), tuple(agent)),
        facts.Employee("102", "Bo", "Ek", "bo.ek@halden.example", "contractor", (left,), (leaver,), at("2026-12-01", 9)),
        facts.Employee("103", "Cy", "Day", "cy@halden.example", "employee", (facts.Spell(date(2027, 1, 4)),), (leaver,)),
    ]


def enrollment(number: int, course: int, **changes: Any) -> facts.Enrollment:
    values: dict[str, Any] = {
        "enrollment_id": guid(10_000 + number),
        "user_id": guid(1 + number % 3),
        "course_id": guid(500 + course),
        "added_at": at("2026-06-01") + timedelta(minutes=number),
        "started_at": None,
        "completed_at": None,
        "due_at": None,
        "score": None,
        "passed": False,
        "self_enrolled": False,
        "minutes": 0.0,
    }
    return facts.Enrollment(**(values | changes))


def learning(ledger: facts.Ledger) -> None:
    created = at("2024-12-05")
    ledger.courses = [
        facts.Course(guid(501), "CUST-CERT-1", "Certified", 90, True, created),
        facts.Course(guid(502), "MAND-1", "Security", 20, False, created),
        facts.Course(guid(503), "CUST-NEW", "Not yet there", 20, False, at("2026-12-01", 9)),
    ]
    ledger.learners = [
        facts.Learner(guid(1), "ann", "employee", "101", None, "ann.lee@halden.example", "101", created, None),
        facts.Learner(guid(2), "kim", "employee", "100", None, "kim.roe@halden.example", None, created, None),
        facts.Learner(
            guid(3), "pat", "customer", None, sf_id("003", 1), "pat@acme.example", sf_id("003", 1), created, at("2026-11-30")
        ),
        facts.Learner(guid(4), "new", "customer", None, sf_id("003", 2), "new@acme.example", None, at("2026-12-01", 9), None),
    ]
    certified = enrollment(
        0, 1, user_id=guid(3), started_at=at("2026-07-01"), completed_at=at("2026-07-02"), score=91.5, passed=True,
        minutes=73.25, self_enrolled=True, certificate_id=guid(900), certificate_expires_at=at("2027-07-02"),
    )  # fmt: skip
    ends_tonight = enrollment(
        1, 1, user_id=guid(1), started_at=at("2026-11-30"), completed_at=at("2026-12-01", 12), passed=True, score=80.0,
        minutes=10.0,
    )  # fmt: skip
    failed = enrollment(
        2, 1, user_id=guid(2), started_at=at("2026-08-01"), completed_at=at("2026-08-02"), score=40.0, minutes=5.0
    )  # fmt: skip
    again = enrollment(3, 1, user_id=guid(2), added_at=at("2026-09-01"))
    many = [enrollment(number, 2) for number in range(10, 2010)]
    ledger.enrollments = [certified, ends_tonight, failed, again, *many]


def customers(ledger: facts.Ledger) -> None:
    made = at("2024-12-02")
    owners = (facts.OwnerChange(made, sf_id("005", 1)), facts.OwnerChange(at("2026-12-01", 9), sf_id("005", 2)))
    base: dict[str, Any] = {
        "segment": "small", "plan": "annual", "industry": "Retail", "employee_count": 40, "early_health_band": "low",
        "early_health_band_at": at("2025-01-10"), "contract_start": date(2024, 12, 2), "churned_at": None,
        "first_value_at": at("2025-01-15"), "created_at": made,
    }  # fmt: skip
    ledger.accounts = [
        facts.Account(account_id=sf_id("001", 1), name="Acme's", website_domain="acme.example", owners=owners, **base),
        facts.Account(
            account_id=sf_id("001", 2), name="Dup", website_domain="dup.example", owners=owners[:1], merged_into=sf_id("001", 1),
            merged_at=at("2026-12-01", 12), **base,
        ),
        facts.Account(
            account_id=sf_id("001", 3), name="Gone", website_domain="gone.example", owners=owners[:1],
            **(base | {"churned_at": at("2026-11-30")}),
        ),
    ]  # fmt: skip
    homes = {2: sf_id("001", 2)}
    for number in range(1, CONTACTS + 1):
        account, created = homes.get(number, sf_id("001", 1)), made + timedelta(seconds=number)
        ledger.contacts.append(facts.Contact(sf_id("003", number), account, f"c{number}@acme.example", "Ops", created))
    ledger.contacts[4] = facts.Contact(sf_id("003", 5), sf_id("001", 1), "c5@acme.example", "Ops", made, at("2026-11-30"))
    ledger.crm_users = [
        facts.CrmUser(sf_id("005", 1), "100", "kim.roe@halden.example", True, made),
        facts.CrmUser(sf_id("005", 2), "102", "bo.ek@halden.example", False, made),
    ]
    first = sf_id("001", 1)
    ledger.contracts = [facts.Contract(sf_id("800", 1), first, date(2025, 12, 2), date(2026, 12, 2), 12, 25, 1200.5, made)]
    renewal = (sf_id("006", 1), first, sf_id("005", 1), "Renewal", 900.0, at("2026-11-01"), at("2026-12-01", 9), True)
    ledger.opportunities = [facts.Opportunity(*renewal)]


def support(ledger: facts.Ledger) -> None:
    made = at("2024-12-03")
    for n in range(30):
        created = made + timedelta(seconds=n // 3)
        ledger.organizations.append(facts.Organization(7000 + n, None, f"Org {n}", (f"org{n}.example",), None, created))
    ledger.support_users = [
        facts.SupportUser(1, "agent", "ann.lee@halden.example", "101", None, None, "101", made),
        facts.SupportUser(2, "end-user", "pat@acme.example", None, 7001, PAT, None, made),
    ]
    for number in range(TICKETS):
        created = at("2026-01-01") + timedelta(hours=number)
        ledger.tickets.append(
            facts.Ticket(
                100 + number, 2, 1, 7001, sf_id("001", 1), "how_to", number % 2 == 0, "billing", None, created,
                created + timedelta(minutes=30), created + timedelta(hours=5), 1, "good" if number < 230 else None,
                created + timedelta(hours=6) if number < 230 else None, NOW - timedelta(hours=1) if number == 7 else None,
            )
        )  # fmt: skip
    last_minute = NOW - timedelta(seconds=20)
    ledger.tickets.append(
        facts.Ticket(9999, 2, 1, None, None, "defect", True, "api", "high", last_minute, LATER, None, 0, None, None)
    )  # fmt: skip


def tiny_company() -> facts.Ledger:
    ledger = facts.Ledger("halden", "Halden", 1, at("2024-12-01", 0), NOW, at("2027-12-01", 0))
    ledger.employees = people()
    learning(ledger)
    customers(ledger)
    support(ledger)
    return ledger


@dataclass
class Door:
    """A running sandbox: its address, and requests sent through it as a forward proxy."""

    url: str
    sandbox: Sandbox
    session: requests.Session = field(default_factory=requests.Session)
    now: datetime = NOW
    later: datetime = LATER

    def send(self, method: str, url: str, **options: Any) -> requests.Response:
        return self.session.request(method, url, proxies={"http": self.url}, timeout=20, **options)

    def get(self, url: str, **options: Any) -> requests.Response:
        return self.send("GET", url, **options)

    def control(self, name: str, content: Any) -> requests.Response:
        return requests.post(f"{self.url}/_control/{name}", json=content, timeout=20)

    def move(self, now: datetime) -> None:
        assert self.control("now", {"now": now.isoformat()}).status_code == 200

    def absorb_login(self) -> dict[str, str]:
        headers = {"x-api-key": absorb.PRIVATE_KEY}
        login = {"username": absorb.USER_NAME, "password": absorb.PASSWORD, "privateKey": absorb.PRIVATE_KEY}
        answer = self.send("POST", "http://rest.myabsorb.eu/authenticate", headers=headers, json=login)
        assert answer.status_code == 200, answer.text
        return headers | {"Authorization": f"Bearer {answer.json()}"}

    def absorb(self, path: str, headers: dict[str, str], **params: Any) -> requests.Response:
        return self.get(f"http://rest.myabsorb.eu{path}", headers=headers, params=params)

    def bamboo(self, path: str, **params: Any) -> requests.Response:
        url = f"http://halden.bamboohr.com/api/v1{path}"
        return self.get(url, auth=(bamboohr.API_KEY, "x"), headers={"Accept": "application/json"}, params=params)

    def zendesk(self, path: str, **params: Any) -> requests.Response:
        url = path if path.startswith("http") else f"http://halden.zendesk.com/api/v2{path}"
        return self.get(url, auth=(f"{zendesk.EMAIL}/token", zendesk.TOKEN), params=params)

    def salesforce_login(self) -> dict[str, str]:
        form = {"grant_type": "client_credentials"}
        auth = (salesforce.CLIENT_ID, salesforce.CLIENT_SECRET)
        answer = self.send("POST", "http://halden.my.salesforce.com/services/oauth2/token", data=form, auth=auth)
        return {"Authorization": f"Bearer {answer.json()['access_token']}"}

    def soql(self, query: str, headers: dict[str, str], resource: str = "query") -> requests.Response:
        url = f"http://halden.my.salesforce.com/services/data/v62.0/{resource}"
        return self.get(url, headers=headers, params={"q": query})


def serving(factor: float) -> Iterator[Door]:
    sandbox = Sandbox(tiny_company(), NOW, factor)
    sock = bind(0)
    server = server_for(sandbox)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[sock])), daemon=True)
    thread.start()
    door = Door(f"http://127.0.0.1:{sock.getsockname()[1]}", sandbox)
    door.session.trust_env = False
    try:
        yield door
    finally:
        door.session.close()
        server.should_exit = True
        thread.join(20)
        sock.close()


@pytest.fixture
def door() -> Iterator[Door]:
    """A sandbox without rate limits, at NOW."""
    yield from serving(0.0)


@pytest.fixture
def slow_door() -> Iterator[Door]:
    """A sandbox with the vendors' true rate limits, at NOW."""
    yield from serving(1.0)
