"""What the sources can tell of a ledger at one moment: visibility, identities and merges, as plain Python.

A fact is known when its time lies before `as_of`; a calendar day begins at midnight UTC. Times leave as naive UTC
datetimes, as in the warehouse. These rules are the oracle of the dbt project:

- An employee is known from the first hire day until deleted from the HRIS; a deleted one is in no table.
- Canonical identities are employees and contacts, deleted contacts included. The others (CRM users, LMS users, help-desk
  users) take the person of their external id (an employee id; a contact id, but not for CRM users), else of a mailbox that
  exactly one canonical person has, else stay their own person: ambiguous if the mailbox has several, else unmatched.
- A decision by hand about an identity that is not canonical outranks these rules; the newest counts, if its person is known.
- A merged account is its winner from the moment of the merge; before it is an account of its own.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cached_property
from typing import Any

from learning_warehouse.keys import email_domain, email_key, identity_key
from learning_warehouse.settings import Company
from learning_warehouse.simulation.drops import dropped_before
from learning_warehouse.simulation.ledger import Account, Contact, Employee, Ledger, Spell

Row = dict[str, Any]
_CANONICAL = ("bamboohr.employees", "salesforce.contacts")
SOURCE_RANKS = {
    "bamboohr.employees": 1,
    "salesforce.contacts": 2,
    "absorb.users": 3,
    "salesforce.users": 4,
    "zendesk.users": 5,
}

POPULATIONS = {
    "bamboohr.employees": "employee",
    "salesforce.contacts": "crm_contact",
    "absorb.users": "learner",
    "salesforce.users": "crm_user",
    "zendesk.users": "support_user",
}


@dataclass(frozen=True, slots=True)
class Identity:
    """One identity of one source system, with what that system says of the person."""

    source: str
    natural_id: str
    key: str
    email: str
    external_id: str | None
    first_seen_at: datetime
    audience: str


@dataclass(frozen=True, slots=True)
class Match:
    """The person behind an identity and the rule that found it."""

    person_key: str
    rule: str
    confidence: float
    is_matched: bool


class CoreView:
    """One ledger read at one moment with one company's rules; everything is computed once, when first asked for."""

    def __init__(self, ledger: Ledger, as_of: datetime, secret: bytes, company: Company, company_id: str | None = None) -> None:
        self.ledger = ledger
        self.as_of = as_of.astimezone(UTC)
        self.secret = secret
        self.company = company
        self.company_id = company_id or ledger.company_id
        self._email_keys: dict[str, str] = {}

    def known(self, moment: datetime | None) -> datetime | None:
        """The moment if it lies before as_of, else nothing."""
        return moment if moment is not None and moment < self.as_of else None

    def day_known(self, day: date | None) -> date | None:
        """The day if it has begun before as_of, else nothing."""
        return day if day is not None and midnight(day) < self.as_of else None

    @cached_property
    def employees(self) -> dict[str, Employee]:
        """Employees HR knows, by employee id."""
        return {
            employee.employee_id: employee
            for employee in self.ledger.employees
            if self.day_known(employee.spells[0].hired) and not self.known(employee.deleted_from_hris_at)
        }

    def spells(self, employee: Employee) -> list[Spell]:
        """Spells begun by now; an end in the future is not known yet."""
        return [
            spell if self.day_known(spell.terminated) else Spell(spell.hired)
            for spell in sorted(employee.spells, key=lambda spell: spell.hired)
            if self.day_known(spell.hired)
        ]

    @cached_property
    def contacts(self) -> list[Contact]:
        """Contacts created by now, deleted ones included."""
        return [contact for contact in self.ledger.contacts if self.known(contact.created_at)]

    @cached_property
    def survivors(self) -> dict[str, str]:
        """Surviving account by account id, for every account created by now."""
        merged = {
            row.account_id: row.merged_into for row in self.ledger.accounts if row.merged_into and self.known(row.merged_at)
        }
        return {
            row.account_id: merged.get(row.account_id) or row.account_id
            for row in self.ledger.accounts
            if self.known(row.created_at)
        }

    @cached_property
    def accounts(self) -> list[Account]:
        """Accounts created by now and not merged away."""
        return [row for row in self.ledger.accounts if self.survivors.get(row.account_id) == row.account_id]

    def is_test_account(self, account: Account) -> bool:
        """Whether the company's rules call the account a test."""
        return account.name.startswith(tuple(self.company.test_accounts.account_name_prefixes))

    @cached_property
    def identities(self) -> list[Identity]:
        """Every identity of every source system."""
        found = []
        for employee in self.employees.values():
            hired = midnight(self.spells(employee)[-1].hired)
            found.append(
                self._identity("bamboohr.employees", employee.employee_id, employee.work_email, None, hired, employee.worker_type)
            )
        for contact in self.contacts:
            found.append(
                self._identity("salesforce.contacts", contact.contact_id, contact.email, None, contact.created_at, "customer")
            )
        for user in self.ledger.crm_users:
            if self.known(user.created_at):
                number = user.employee_id if user.has_employee_number else None
                found.append(
                    self._identity("salesforce.users", user.crm_user_id, user.email, number, user.created_at, "employee")
                )
        for learner in self.ledger.learners:
            if self.known(learner.created_at):
                found.append(
                    self._identity(
                        "absorb.users", learner.user_id, learner.email, learner.external_id, learner.created_at, learner.audience
                    )
                )
        for person in self.ledger.support_users:
            if self.known(person.created_at):
                audience = "employee" if person.role in ("agent", "admin") else "customer"
                found.append(
                    self._identity(
                        "zendesk.users",
                        str(person.support_user_id),
                        person.email,
                        person.external_id,
                        person.created_at,
                        audience,
                    )
                )
        return found

    def _identity(
        self, source: str, natural_id: str, email: str, external_id: str | None, first_seen: datetime, audience: str
    ) -> Identity:
        return Identity(
            source, natural_id, identity_key(self.secret, source, natural_id), email, external_id, naive(first_seen), audience
        )

    def _email_key(self, email: str) -> str:
        address = email.strip().casefold()
        if address not in self._email_keys:
            self._email_keys[address] = email_key(self.secret, address)
        return self._email_keys[address]

    @cached_property
    def matches(self) -> dict[tuple[str, str], Match]:
        """The match of every identity by source and natural id."""
        employees: dict[str, str] = {}
        contacts: dict[str, str] = {}
        mailboxes: dict[str, set[str]] = {}
        for identity in self.identities:
            if identity.source in ("bamboohr.employees", "salesforce.contacts"):
                (employees if identity.source == "bamboohr.employees" else contacts)[identity.natural_id] = identity.key
                mailboxes.setdefault(self._email_key(identity.email), set()).add(identity.key)
        found = {}
        decided = self._decided(employees, contacts)
        for identity in self.identities:
            name = identity.source, identity.natural_id
            if name in decided and identity.source not in _CANONICAL:
                key = decided[name]
                found[name] = Match(key or identity.key, "manual", 1.0, key is not None)
            else:
                found[name] = self._match(identity, employees, contacts, mailboxes)
        return found

    def _decided(self, employees: dict[str, str], contacts: dict[str, str]) -> dict[tuple[str, str], str | None]:
        """Usable decisions by hand: the person, or nothing for nobody we know, by source and natural id."""
        told = [row for row in self.ledger.identity_overrides if row.decided_at < dropped_before(self.as_of)]
        newest = {
            (row.source, row.source_identity_id): row for row in sorted(told, key=lambda row: (row.decided_at, row.override_id))
        }
        people = {"bamboohr.employees": employees, "salesforce.contacts": contacts}
        found = {}
        for name, row in newest.items():
            key = people.get(row.person_source or "", {}).get(row.person_source_id or "")
            if key or (row.person_source is None and row.person_source_id is None):
                found[name] = key
        return found

    def _match(
        self, identity: Identity, employees: dict[str, str], contacts: dict[str, str], mailboxes: dict[str, set[str]]
    ) -> Match:
        if identity.source in ("bamboohr.employees", "salesforce.contacts"):
            return Match(identity.key, "canonical", 1.0, True)
        named = employees.get(identity.external_id or "")
        if named is None and identity.source != "salesforce.users":
            named = contacts.get(identity.external_id or "")
        if named is not None:
            return Match(named, "external_id", 1.0, True)
        owners = mailboxes.get(self._email_key(identity.email), set())
        if len(owners) == 1:
            return Match(next(iter(owners)), "email", 0.9, True)
        return Match(identity.key, "ambiguous" if owners else "unmatched", 0.0, False)

    def person(self, source: str, natural_id: object) -> str | None:
        """The person behind one identity, or nothing when the identity is unknown."""
        match = self.matches.get((source, str(natural_id)))
        return match.person_key if match else None

    def is_test_email(self, email: str) -> bool:
        """Whether an address belongs to a test domain."""
        return email_domain(email) in self.company.test_accounts.email_domains


def midnight(day: date) -> datetime:
    """Midnight UTC at which a calendar day begins."""
    return datetime.combine(day, time(), UTC)


def naive(moment: datetime) -> datetime:
    """The moment as a naive UTC datetime."""
    return moment.astimezone(UTC).replace(tzinfo=None)


def naive_or_none(moment: datetime | None) -> datetime | None:
    """As `naive`; nothing stays nothing."""
    return None if moment is None else naive(moment)
