"""Organizations and users of the help desk: customers who may write, agents who answer."""

from dataclasses import dataclass, field

import numpy as np

from learning_warehouse.simulation.customers import Book
from learning_warehouse.simulation.draws import DAY, HOUR, OBSERVED_FROM, Entity, day_number, moment, seconds, stream
from learning_warehouse.simulation.learners import ContactBook, account_id
from learning_warehouse.simulation.ledger import Organization, SupportUser
from learning_warehouse.simulation.workforce import Workforce

_ORGANIZATION_ID = 360_000_000_000
_USER_ID = 380_000_000_000
EXTERNAL_ACCOUNT_ID_SHARE = 0.86


@dataclass(slots=True)
class HelpDesk:
    """`organization_of[i]` and `requesters_of[i]` (user id, created second; oldest first) by account; agents by person."""

    organizations: list[Organization] = field(default_factory=list)
    users: list[SupportUser] = field(default_factory=list)
    organization_of: list[int | None] = field(default_factory=list)
    requesters_of: list[list[tuple[int, int]]] = field(default_factory=list)
    agent_of_person: dict[int, int] = field(default_factory=dict)

    def next_user_id(self) -> int:
        return _USER_ID + len(self.users) + 1

    def next_organization_id(self) -> int:
        return _ORGANIZATION_ID + len(self.organizations) + 1


def build_help_desk(seed: int, book: Book, contacts: ContactBook, workforce: Workforce) -> HelpDesk:
    """One organization for nearly every account, users for most contacts, one agent per support agent ever employed."""
    rng = stream(seed, Entity.HELP_DESK)
    desk = HelpDesk()
    opened = seconds(OBSERVED_FROM) - 60 * DAY
    domain_count: dict[str, int] = {}
    for domain in book.domains:
        domain_count[domain] = domain_count.get(domain, 0) + 1
    for account in range(len(book)):
        created = max(opened, int(book.created_at[account]) + 2 * HOUR)
        organization = None
        if rng.random() < 0.96:
            organization = desk.next_organization_id()
            holds_id = rng.random() < EXTERNAL_ACCOUNT_ID_SHARE and domain_count[book.domains[account]] == 1
            desk.organizations.append(
                Organization(
                    organization,
                    account_id(account),
                    book.names[account],
                    (book.domains[account],),
                    account_id(account) if holds_id else None,
                    moment(created),
                )
            )
        desk.organization_of.append(organization)
        desk.requesters_of.append(_requesters(rng, desk, contacts, account, organization, created))
    _add_agents(desk, workforce, opened)
    return desk


def _requesters(
    rng: np.random.Generator, desk: HelpDesk, contacts: ContactBook, account: int, organization: int | None, opened: int
) -> list[tuple[int, int]]:
    requesters = []
    addresses = set()
    for place, number in enumerate(contacts.of_account[account]):
        contact = contacts.rows[number]
        holds_id, writes, knows = rng.random() < 0.45, rng.random() < 0.7, rng.random() < 0.97
        if (place > 0 and not writes) or contact.email in addresses:
            continue
        addresses.add(contact.email)
        created = max(opened, seconds(contact.created_at)) + HOUR
        user = desk.next_user_id()
        desk.users.append(
            SupportUser(
                support_user_id=user,
                role="end-user",
                email=contact.email if knows or holds_id else f"u{user % 100_000}@outlook.example",
                external_id=contact.contact_id if holds_id else None,
                organization_id=organization,
                contact_id=contact.contact_id,
                employee_id=None,
                created_at=moment(created),
            )
        )
        requesters.append((user, created))
    return sorted(requesters, key=lambda requester: requester[1])


def _add_agents(desk: HelpDesk, workforce: Workforce, opened: int) -> None:
    for number, person in enumerate(workforce.people):
        sits = [sit for sit in person.sits if workforce.positions[sit[2]].title == "Support Agent"]
        if not sits or (sits[-1][1] is not None and int(sits[-1][1]) <= day_number(OBSERVED_FROM.date())):
            continue
        user = desk.next_user_id()
        desk.agent_of_person[number] = user
        employee = workforce.employees[number]
        desk.users.append(
            SupportUser(
                support_user_id=user,
                role="agent",
                email=employee.work_email,
                external_id=employee.employee_id if user % 3 else None,
                organization_id=None,
                contact_id=None,
                employee_id=employee.employee_id,
                created_at=moment(max(opened, sits[0][0] * DAY + 6 * HOUR)),
            )
        )
