"""Contacts in the CRM and users in the LMS, with the dirt that makes people hard to match.

About four in five learners carry an external id. Of the others most use the address HR or the CRM knows; a planted few
use an alias or a private address (nobody can match them) or a mailbox that several contacts share (ambiguous).
`matchable` says for every learner what the identity rules can reach, so the expected match rate needs no matching.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.random import Generator

from learning_warehouse.simulation.customers import Book
from learning_warehouse.simulation.draws import DAY, HOUR, MINUTE, Entity, day_number, moment, seconds, stream
from learning_warehouse.simulation.ledger import Contact, Employee, Learner
from learning_warehouse.simulation.life_courses import NEVER, LifeCourses
from learning_warehouse.simulation.names import CONTACT_TITLES, FIRST_NAMES, LAST_NAMES

EXTERNAL_ID_SHARE = 0.80
EMPLOYEE_UNMATCHED_SHARE = 0.015
CUSTOMER_UNMATCHED_SHARE = 0.040
SHARED_MAILBOX_ACCOUNT_SHARE = 0.03
PARTNER_SHARE = 0.02


@dataclass(slots=True)
class ContactBook:
    """Contacts of the real accounts: `of_account[i]` are positions in `rows`, oldest first; the oldest is never deleted."""

    rows: list[Contact] = field(default_factory=list)
    of_account: list[list[int]] = field(default_factory=list)
    shares_mailbox: set[int] = field(default_factory=set)


@dataclass(slots=True)
class LearnerBook:
    """LMS users, by employee id and by contact id, and which of them the identity rules can match."""

    rows: list[Learner] = field(default_factory=list)
    matchable: list[bool] = field(default_factory=list)
    of_employee: dict[str, str] = field(default_factory=dict)
    of_contact: dict[str, str] = field(default_factory=dict)

    def add(self, learner: Learner, matchable: bool) -> str:
        """Keep one learner and return its user id."""
        self.rows.append(learner)
        self.matchable.append(matchable)
        if learner.employee_id:
            self.of_employee[learner.employee_id] = learner.user_id
        if learner.contact_id:
            self.of_contact[learner.contact_id] = learner.user_id
        return learner.user_id

    def next_id(self) -> str:
        return f"a0000000-0000-4000-8000-{len(self.rows) + 1:012x}"


def account_id(number: int) -> str:
    """The CRM id of account `number`: 18 characters, prefix 001."""
    return f"001Hd{number + 1:013d}"


def build_contacts(seed: int, book: Book) -> ContactBook:
    """About four contacts per account, more in larger ones; ids have 18 characters, prefix 003."""
    rng = stream(seed, Entity.CONTACTS)
    contacts = ContactBook()
    taken: set[str] = set()
    sizes = 1 + rng.poisson(np.array([1.6, 3.3, 6.5])[book.segment])
    for account, size in enumerate(sizes.tolist()):
        shared = rng.random() < SHARED_MAILBOX_ACCOUNT_SHARE and size >= 2
        numbers = []
        created = int(book.created_at[account]) + HOUR
        for place in range(size):
            email = _address(rng, taken, book.domains[account])
            if shared and place < 2:
                email = f"office@{book.domains[account]}"
                contacts.shares_mailbox.add(len(contacts.rows))
            deleted = created + int(rng.integers(60, 700)) * DAY if place >= 2 and rng.random() < 0.02 else None
            numbers.append(len(contacts.rows))
            contacts.rows.append(
                Contact(
                    f"003Hd{len(contacts.rows) + 1:013d}",
                    account_id(account),
                    email,
                    CONTACT_TITLES[rng.integers(len(CONTACT_TITLES))],
                    moment(created),
                    None if deleted is None else moment(deleted),
                )
            )
            created += int(rng.exponential(90) * DAY) // MINUTE * MINUTE + HOUR
        contacts.of_account.append(numbers)
    return contacts


def _address(rng: Generator, taken: set[str], domain: str) -> str:
    while True:
        first, last = FIRST_NAMES[rng.integers(len(FIRST_NAMES))], LAST_NAMES[rng.integers(len(LAST_NAMES))]
        address = f"{first}.{last}@{domain}".lower()
        if address not in taken:
            taken.add(address)
            return address


def add_employee_learners(rng: Generator, learners: LearnerBook, employees: list[Employee]) -> None:
    """One LMS user per worker, created on the first working day and closed the day after the last spell ends."""
    for employee in employees:
        test = employee.deleted_from_hris_at is not None
        spells = employee.spells
        last = spells[-1].terminated
        holds_id, unmatched = rng.random() < EXTERNAL_ID_SHARE, rng.random() < EMPLOYEE_UNMATCHED_SHARE
        holds_id = holds_id and not unmatched
        email = employee.work_email
        if unmatched:
            email = _unknown_address(rng, employee.work_email)
        elif rng.random() < 0.2:
            email = email.title()
        learners.add(
            Learner(
                user_id=learners.next_id(),
                username=employee.work_email.partition("@")[0],
                audience=employee.worker_type,
                employee_id=employee.employee_id,
                contact_id=None,
                email=email,
                external_id=employee.employee_id if holds_id else None,
                created_at=moment(day_number(spells[0].hired) * DAY + 6 * HOUR),
                deactivated_at=None if last is None else moment((day_number(last) + 1) * DAY + 5 * HOUR),
                is_test=test,
            ),
            matchable=not unmatched,
        )


def customer_learner(
    rng: Generator, learners: LearnerBook, contact: Contact, shares_mailbox: bool, created: int, account: int, lives: LifeCourses
) -> str:
    """The LMS user of one contact, made when it is first needed; returns the user id."""
    known = learners.of_contact.get(contact.contact_id)
    if known is not None:
        return known
    holds_id, unmatched = rng.random() < EXTERNAL_ID_SHARE, rng.random() < CUSTOMER_UNMATCHED_SHARE
    partner, closes = rng.random() < PARTNER_SHARE, rng.random() < 0.5
    ambiguous = shares_mailbox and not unmatched and (not holds_id or rng.random() < 0.3)
    holds_id = holds_id and not unmatched and not ambiguous
    email = _unknown_address(rng, contact.email) if unmatched else contact.email
    gone = int(lives.churned_at[account])
    return learners.add(
        Learner(
            user_id=learners.next_id(),
            username=email.partition("@")[0],
            audience="partner" if partner else "customer",
            employee_id=None,
            contact_id=contact.contact_id,
            email=email,
            external_id=contact.contact_id if holds_id else None,
            created_at=moment(created),
            deactivated_at=moment(gone + 30 * DAY) if closes and gone < NEVER else None,
        ),
        matchable=not unmatched and not ambiguous,
    )


def add_test_learners(learners: LearnerBook, created: int) -> None:
    """Four users made by the LMS administrators to try things out."""
    for number in range(1, 5):
        learners.add(
            Learner(
                user_id=learners.next_id(),
                username=f"lms.test{number}",
                audience="customer" if number > 2 else "employee",
                employee_id=None,
                contact_id=None,
                email=f"lms.test{number}@halden-test.example",
                external_id=None,
                created_at=moment(created + number * HOUR),
                deactivated_at=None,
                is_test=True,
            ),
            matchable=False,
        )


def expected_match_rate(learners: LearnerBook, now: int) -> float:
    """The planted share of real LMS users created before `now` (seconds) whom the identity rules can match to a person."""
    reachable = [
        matchable
        for learner, matchable in zip(learners.rows, learners.matchable, strict=True)
        if not learner.is_test and seconds(learner.created_at) < now
    ]
    return sum(reachable) / len(reachable)


def _unknown_address(rng: Generator, address: str) -> str:
    local, _, domain = address.partition("@")
    if rng.random() < 0.6:
        return f"{local[0]}{local.rpartition('.')[2]}.training@{domain}"
    return f"{local}{rng.integers(10, 99)}@gmail.example"
