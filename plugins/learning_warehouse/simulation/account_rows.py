"""Accounts as ledger rows, and the few that make trouble: merged duplicates and test accounts."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np

from learning_warehouse.simulation.customers import BANDS, OWNERS_FROM, PLANS, SEGMENTS, Book, Ownership
from learning_warehouse.simulation.draws import DAY, HOUR, Entity, moment
from learning_warehouse.simulation.learners import account_id
from learning_warehouse.simulation.ledger import Account, Contact, Contract, Ledger, OwnerChange
from learning_warehouse.simulation.life_courses import NEVER, LifeCourses
from learning_warehouse.simulation.sales import crm_user_id

_MERGES = 7
_TEST_ACCOUNTS = 3


def account_rows(seed: int, book: Book, lives: LifeCourses, ownership: Ownership) -> list[Account]:
    """One row per real account in order of contract start."""
    rng = np.random.default_rng([seed, int(Entity.ACCOUNTS), 2])
    first_value_days = rng.lognormal(np.log(21), 0.8, len(book))
    reaches_value = rng.random(len(book)) < 0.93
    rows = []
    for account in range(len(book)):
        start, gone = int(book.start_day[account]) * DAY, int(lives.churned_at[account])
        band_at = max(min(int(book.band_at[account]), gone - HOUR), start + HOUR)
        valued = start + int(first_value_days[account] * DAY)
        rows.append(
            Account(
                account_id=account_id(account),
                name=book.names[account],
                segment=SEGMENTS[book.segment[account]],
                plan=PLANS[book.plan[account]],
                industry=book.industry[account],
                employee_count=int(book.employee_count[account]),
                website_domain=book.domains[account],
                early_health_band=BANDS[book.band[account]],
                early_health_band_at=moment(band_at),
                contract_start=moment(start).date(),
                churned_at=moment(gone) if gone < NEVER else None,
                first_value_at=moment(valued) if reaches_value[account] and valued < gone else None,
                owners=_owner_changes(int(book.created_at[account]), ownership.owner[account]),
                created_at=moment(int(book.created_at[account])),
            )
        )
    return rows


def _owner_changes(created: int, owner: np.ndarray) -> tuple[OwnerChange, ...]:
    first = max(created // DAY, OWNERS_FROM) - OWNERS_FROM
    changes = [OwnerChange(moment(created), crm_user_id(int(owner[first])))]
    for day in np.flatnonzero(np.diff(owner[first:])) + first + 1:
        changes.append(OwnerChange(moment((int(day) + OWNERS_FROM) * DAY + 7 * HOUR), crm_user_id(int(owner[day]))))
    return tuple(changes)


def add_special_accounts(seed: int, ledger: Ledger) -> None:
    """Append merged duplicates (a shell with one contact and one organization) and test accounts to the ledger."""
    rng = np.random.default_rng([seed, int(Entity.ACCOUNTS), 3])
    real = len(ledger.accounts)
    settled = [number for number in range(real) if ledger.accounts[number].created_at < datetime(2025, 6, 1, tzinfo=UTC)]
    chosen = rng.choice(len(settled), min(_MERGES, len(settled) // 5), replace=False)
    for place, pick in enumerate(sorted(settled[i] for i in chosen)):
        _add_duplicate(ledger, real + place, ledger.accounts[pick], place)
    for number in range(_TEST_ACCOUNTS):
        _add_test_account(ledger, number)


def _add_duplicate(ledger: Ledger, number: int, winner: Account, place: int) -> None:
    created = winner.created_at + timedelta(days=3)
    merged_at = datetime(2025, 9, 2, 9, 30, tzinfo=UTC) + timedelta(days=90 * place)
    loser = replace(
        winner,
        account_id=account_id(number),
        name=f"{winner.name} GmbH",
        website_domain="",
        churned_at=None,
        first_value_at=None,
        owners=(OwnerChange(created, winner.owners[0].crm_user_id),),
        created_at=created,
        merged_into=winner.account_id,
        merged_at=merged_at,
    )
    ledger.accounts.append(loser)
    email = f"second.desk{place + 1}@{winner.website_domain}"
    contact_id = f"003Hd{len(ledger.contacts) + 1:013d}"
    ledger.contacts.append(Contact(contact_id, loser.account_id, email, "Team Manager", created + timedelta(hours=2)))
    organization = next((row for row in ledger.organizations if row.account_id == winner.account_id), None)
    if organization is not None:
        position = ledger.organizations.index(organization)
        ledger.organizations[position] = replace(organization, external_id=loser.account_id)


def _add_test_account(ledger: Ledger, number: int) -> None:
    created = datetime(2025, 1, 13 + number, 10, tzinfo=UTC)
    identifier = account_id(len(ledger.accounts))
    domain = "halden-test.example"
    ledger.accounts.append(
        Account(
            account_id=identifier,
            name=f"ZZ Test {('Alpha', 'Beta', 'Gamma')[number]}",
            segment="small",
            plan="monthly",
            industry="Education",
            employee_count=5,
            website_domain=domain,
            early_health_band="mid",
            early_health_band_at=created + timedelta(days=10),
            contract_start=created.date(),
            churned_at=None,
            first_value_at=None,
            owners=(OwnerChange(created, ledger.crm_users[0].crm_user_id),),
            created_at=created,
            is_test=True,
        )
    )
    contact_id = f"003Hd{len(ledger.contacts) + 1:013d}"
    ledger.contacts.append(Contact(contact_id, identifier, f"test.contact{number + 1}@{domain}", "Analyst", created))
    contract_id = f"800Hd{len(ledger.contracts) + 1:013d}"
    start = created.date()
    ledger.contracts.append(
        Contract(contract_id, identifier, start, start.replace(year=start.year + 3), 1, 5, 0.0, created + timedelta(hours=1))
    )
