"""HubSpot records at `now`: contacts, companies, deals, owners and the links of contacts and deals to companies.

The same CRM as Salesforce's. Ids are numbers made from the ledger's ids, which stand in the properties of the Salesforce
integration (`salesforceaccountid`, `salesforcecontactid`), because other systems know customers by them. All property
values are texts or null. The losing company of a merge is gone; contracts are deals of a pipeline of their own.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, lru_cache
from typing import Any

from learning_warehouse.sandbox.records.salesforce import CHURN_REASONS, EXPECTED_SALES_DAYS
from learning_warehouse.sandbox.records.shared import (
    known,
    merges_known,
    midnight,
    name_of_address,
    newest,
    number_from,
    workers_at,
)
from learning_warehouse.simulation.ledger import Account, Contact, Contract, Ledger, Opportunity

CURRENCY = "EUR"
SALES, CONTRACTS = "default", "contracts"
OPEN_STAGES = ("appointmentscheduled", "qualifiedtobuy", "presentationscheduled", "contractsent")
DEAL_TYPES = {"New Business": "newbusiness", "Renewal": "renewal", "Expansion": "existingbusiness"}
PRIMARY_CONTACT, ANY_CONTACT, PRIMARY_DEAL, ANY_DEAL = 1, 279, 5, 341

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Thing:
    """One object of the CRM: its id, when it was made, changed and archived, its properties as Python values, its company.

    `history` are the owners it had, newest first: (since when, owner id).
    """

    id: int
    created: datetime
    updated: datetime
    properties: Values
    archived: datetime | None = None
    company_id: int | None = None
    history: tuple[tuple[datetime, int], ...] = ()


@lru_cache(maxsize=20_000)
def object_id(kind: str, key: str) -> int:
    """A stable number of eleven digits for something of the ledger."""
    digest = int.from_bytes(hashlib.sha256(f"{kind}:{key}".encode()).digest()[:8], "big")
    return 10_000_000_000 + digest % 90_000_000_000


def written(value: Any) -> str | None:
    """A property as HubSpot writes it: always a text, or null."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return moment(value)
    return None if value is None else value.isoformat() if isinstance(value, date) else str(value)


def moment(value: datetime) -> str:
    """`2026-01-02T03:04:05.000Z`: HubSpot keeps milliseconds."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{value.microsecond // 1000:03d}Z"


class HubSpotRecords:
    """Everything the CRM holds at one `now`, by object type, in order of ids."""

    def __init__(self, ledger: Ledger, now: datetime) -> None:
        self.ledger = ledger
        self.now = now
        self._merges = merges_known(ledger, now)

    @cached_property
    def contacts(self) -> list[Thing]:
        """People at the customers, archived ones included."""
        return _sorted(self._contact(contact) for contact in self.ledger.contacts if contact.created_at < self.now)

    @cached_property
    def companies(self) -> list[Thing]:
        """Customers without those that a merge ended."""
        return _sorted(
            self._company(account)
            for account in self.ledger.accounts
            if account.created_at < self.now and account.account_id not in self._merges
        )

    @cached_property
    def deals(self) -> list[Thing]:
        """Deals of sellers, and contracts in a pipeline of their own."""
        sold = [self._deal(deal) for deal in self.ledger.opportunities if deal.created_at < self.now]
        return _sorted([*sold, *(self._contract(item) for item in self.ledger.contracts if item.created_at < self.now)])

    @cached_property
    def owners(self) -> list[Values]:
        """Users who own things; who left the company is archived."""
        workers, found = workers_at(self.ledger, self.now), []
        for user in self.ledger.crm_users:
            if user.created_at >= self.now:
                continue
            worker = workers.get(user.employee_id)
            left = worker.spells[-1].terminated if worker else None
            first_name, last_name = name_of_address(user.email)
            number = object_id("user", user.crm_user_id)
            found.append(
                {
                    "id": str(object_id("owner", user.crm_user_id)),
                    "email": user.email,
                    "type": "PERSON",
                    "firstName": worker.employee.first_name if worker else first_name,
                    "lastName": worker.employee.last_name if worker else last_name,
                    "userId": None if left else number,
                    "userIdIncludingInactive": number,
                    "createdAt": moment(user.created_at),
                    "updatedAt": moment(newest([user.created_at, midnight(left) if left else None], self.now)),
                    "archived": left is not None,
                }
            )
        return sorted(found, key=lambda owner: int(owner["id"]))

    def _survivor(self, account_id: str) -> tuple[int, datetime | None]:
        """The company an account is now, and when it became that; a merged one may go into one that is merged later."""
        into, at = self._merges.get(account_id, (None, None))
        if not into or not at:
            return object_id("company", account_id), None
        company_id, later = self._survivor(into)
        return company_id, max(at, later or at)

    def _contact(self, contact: Contact) -> Thing:
        deleted = known(contact.deleted_at, self.now)
        company_id, moved_at = self._survivor(contact.account_id)
        first_name, last_name = name_of_address(contact.email)
        properties = {
            "email": contact.email,
            "firstname": first_name,
            "lastname": last_name,
            "jobtitle": contact.title,
            "associatedcompanyid": company_id,
            "salesforcecontactid": contact.contact_id,
        }
        changed = newest([contact.created_at, deleted, moved_at], self.now)
        return Thing(object_id("contact", contact.contact_id), contact.created_at, changed, properties, deleted, company_id)

    def _company(self, account: Account) -> Thing:
        now = self.now
        churned, first_value = known(account.churned_at, now), known(account.first_value_at, now)
        health_at = known(account.early_health_band_at, now)
        owners = [change for change in account.owners if change.at < now] or list(account.owners[:1])
        number = object_id("company", account.account_id)
        merged = sorted((at, loser) for loser in self._merges for into, at in [self._survivor(loser)] if into == number and at)
        changes = [account.created_at, churned, first_value, health_at, *(change.at for change in owners)]
        properties = {
            "name": account.name,
            "domain": account.website_domain or None,
            "industry": account.industry,
            "numberofemployees": account.employee_count,
            "hubspot_owner_id": object_id("owner", owners[-1].crm_user_id) if owners else None,
            "hs_merged_object_ids": ";".join(str(object_id("company", loser)) for _, loser in merged) or None,
            "salesforceaccountid": account.account_id,
            "segment": account.segment,
            "plan": account.plan,
            "early_health_band": account.early_health_band if health_at else None,
            "early_health_band_date": health_at.date() if health_at else None,
            "churned_date": churned,
            "churn_reason": CHURN_REASONS[number_from(account.account_id, len(CHURN_REASONS))] if churned else None,
            "first_value_date": first_value,
        }
        history = tuple((change.at, object_id("owner", change.crm_user_id)) for change in reversed(owners))
        changed = newest([*changes, *(at for at, _ in merged)], now)
        return Thing(number, account.created_at, changed, properties, history=history)

    def _deal(self, deal: Opportunity) -> Thing:
        closed = known(deal.closed_at, self.now)
        won = closed is not None and deal.is_won
        number = object_id("deal", deal.opportunity_id)
        properties = {
            "dealname": f"{deal.type} {deal.opportunity_id[-6:]}",
            "pipeline": SALES,
            "dealstage": OPEN_STAGES[number % len(OPEN_STAGES)] if closed is None else "closedwon" if won else "closedlost",
            "dealtype": DEAL_TYPES[deal.type],
            "amount": deal.amount,
            "deal_currency_code": CURRENCY,
            "closedate": closed or deal.created_at + timedelta(days=EXPECTED_SALES_DAYS),
            "hs_is_closed": closed is not None,
            "hs_is_closed_won": won,
            "hubspot_owner_id": object_id("owner", deal.owner_crm_user_id),
        }
        changed = newest([deal.created_at, closed], self.now)
        return Thing(number, deal.created_at, changed, properties, company_id=self._survivor(deal.account_id)[0])

    def _contract(self, contract: Contract) -> Thing:
        properties = {
            "dealname": f"Contract {contract.contract_id[-6:]}",
            "pipeline": CONTRACTS,
            "dealstage": "closedwon",
            "deal_currency_code": CURRENCY,
            "closedate": contract.created_at,
            "hs_is_closed": True,
            "hs_is_closed_won": True,
            "contract_start_date": contract.start,
            "contract_end_date": contract.end,
            "contract_term_months": contract.term_months,
            "paid_seats": contract.paid_seats,
            "annual_value": contract.annual_value,
        }
        number, company_id = object_id("deal", contract.contract_id), self._survivor(contract.account_id)[0]
        return Thing(number, contract.created_at, contract.created_at, properties, company_id=company_id)


def _sorted(things: Any) -> list[Thing]:
    return sorted(things, key=lambda thing: thing.id)
