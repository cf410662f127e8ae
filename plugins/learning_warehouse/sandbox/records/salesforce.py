"""Salesforce records at `now`: accounts and their owner history, contacts, users, opportunities and contracts.

Values are Python values (datetimes, dates, numbers, texts); the face writes them as Salesforce does. SystemModstamp is
the newest event known. A merge deletes the losing account, names its winner in MasterRecordId and moves its contacts,
opportunities and contracts to the winner.
"""

from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from learning_warehouse.sandbox.records.shared import (
    known,
    merges_known,
    midnight,
    name_of_address,
    newest,
    number_from,
    salesforce_id,
    workers_at,
)
from learning_warehouse.simulation.ledger import Account, Contract, Ledger, Opportunity

CURRENCY = "EUR"
OPEN_STAGES = ("Prospecting", "Qualification", "Proposal", "Negotiation")
CHURN_REASONS = ("Price", "Missing feature", "Low adoption", "Company closed")
EXPECTED_SALES_DAYS = 60

Record = dict[str, Any]


class SalesforceRecords:
    """Everything the CRM holds at one `now`, by object name; records are ordered by (SystemModstamp, Id)."""

    def __init__(self, ledger: Ledger, now: datetime) -> None:
        self.ledger = ledger
        self.now = now
        self._merges = merges_known(ledger, now)

    @cached_property
    def objects(self) -> dict[str, list[Record]]:
        """Records by object name."""
        found = {
            "Account": self._accounts(),
            "AccountHistory": self._account_history(),
            "Contact": self._contacts(),
            "User": self._users(),
            "Opportunity": self._opportunities(),
            "Contract": self._contracts(),
        }
        for records in found.values():
            records.sort(key=lambda record: (record.get("SystemModstamp") or record["CreatedDate"], record["Id"]))
        return found

    def _parent(self, account_id: str) -> tuple[str, datetime | None]:
        merge = self._merges.get(account_id)
        return (str(merge[0]), merge[1]) if merge else (account_id, None)

    def _accounts(self) -> list[Record]:
        return [self._account(account) for account in self.ledger.accounts if account.created_at < self.now]

    def _account(self, account: Account) -> Record:
        now = self.now
        churned, first_value = known(account.churned_at, now), known(account.first_value_at, now)
        health_at, merged_at = known(account.early_health_band_at, now), known(account.merged_at, now)
        owners = [change for change in account.owners if change.at < now] or list(account.owners[:1])
        modified = newest([account.created_at, churned, first_value, health_at, merged_at, *(c.at for c in owners)], now)
        return {
            "Id": account.account_id,
            "IsDeleted": merged_at is not None,
            "MasterRecordId": account.merged_into if merged_at else None,
            "Name": account.name,
            "Type": "Former Customer" if churned else "Customer",
            "ParentId": None,
            "Industry": account.industry,
            "AnnualRevenue": None,
            "NumberOfEmployees": account.employee_count,
            "OwnerId": owners[-1].crm_user_id if owners else None,
            "Website": f"https://www.{account.website_domain}",
            "Segment__c": account.segment,
            "Plan__c": account.plan,
            "Early_Health_Band__c": account.early_health_band if health_at else None,
            "Early_Health_Band_Date__c": health_at.date() if health_at else None,
            "Churned_Date__c": churned,
            "Churn_Reason__c": CHURN_REASONS[number_from(account.account_id, len(CHURN_REASONS))] if churned else None,
            "First_Value_Date__c": first_value,
            "CurrencyIsoCode": CURRENCY,
            **_stamps(account.created_at, modified),
        }

    def _account_history(self) -> list[Record]:
        rows = []
        for account in self.ledger.accounts:
            if account.created_at >= self.now:
                continue
            for before, after in zip(account.owners, account.owners[1:], strict=False):
                if after.at < self.now:
                    rows.append(
                        {
                            "Id": salesforce_id("017", f"{account.account_id}:{after.at.isoformat()}"),
                            "IsDeleted": account.account_id in self._merges,
                            "AccountId": account.account_id,
                            "Field": "Owner",
                            "DataType": "EntityId",
                            "OldValue": before.crm_user_id,
                            "NewValue": after.crm_user_id,
                            "CreatedById": before.crm_user_id,
                            "CreatedDate": after.at,
                        }
                    )
        return rows

    def _contacts(self) -> list[Record]:
        rows = []
        for contact in self.ledger.contacts:
            if contact.created_at >= self.now:
                continue
            deleted = known(contact.deleted_at, self.now)
            parent, moved_at = self._parent(contact.account_id)
            first_name, last_name = name_of_address(contact.email)
            rows.append(
                {
                    "Id": contact.contact_id,
                    "IsDeleted": deleted is not None,
                    "MasterRecordId": None,
                    "AccountId": parent,
                    "FirstName": first_name,
                    "LastName": last_name,
                    "Name": f"{first_name} {last_name}",
                    "Email": contact.email,
                    "Title": contact.title,
                    **_stamps(contact.created_at, newest([contact.created_at, deleted, moved_at], self.now)),
                }
            )
        return rows

    def _users(self) -> list[Record]:
        workers = workers_at(self.ledger, self.now)
        rows = []
        for user in self.ledger.crm_users:
            if user.created_at >= self.now:
                continue
            worker = workers.get(user.employee_id)
            left = worker.spells[-1].terminated if worker else None
            first_name, last_name = (
                (worker.employee.first_name, worker.employee.last_name) if worker else name_of_address(user.email)
            )
            rows.append(
                {
                    "Id": user.crm_user_id,
                    "Username": user.email,
                    "FirstName": first_name,
                    "LastName": last_name,
                    "Name": f"{first_name} {last_name}",
                    "Email": user.email,
                    "EmployeeNumber": user.employee_id if user.has_employee_number else None,
                    "IsActive": left is None,
                    "UserType": "Standard",
                    **_stamps(user.created_at, newest([user.created_at, midnight(left) if left else None], self.now)),
                }
            )
        return rows

    def _opportunities(self) -> list[Record]:
        return [self._opportunity(deal) for deal in self.ledger.opportunities if deal.created_at < self.now]

    def _opportunity(self, deal: Opportunity) -> Record:
        closed = known(deal.closed_at, self.now)
        parent, moved_at = self._parent(deal.account_id)
        won = closed is not None and deal.is_won
        stage = OPEN_STAGES[number_from(deal.opportunity_id, len(OPEN_STAGES))]
        return {
            "Id": deal.opportunity_id,
            "IsDeleted": False,
            "AccountId": parent,
            "OwnerId": deal.owner_crm_user_id,
            "Name": f"{deal.type} {deal.opportunity_id[-6:]}",
            "StageName": stage if closed is None else "Closed Won" if won else "Closed Lost",
            "Type": deal.type,
            "Amount": deal.amount,
            "CurrencyIsoCode": CURRENCY,
            "CloseDate": closed.date() if closed else (deal.created_at + timedelta(days=EXPECTED_SALES_DAYS)).date(),
            "Closed_At__c": closed,
            "IsClosed": closed is not None,
            "IsWon": won,
            "ContractId": None,
            **_stamps(deal.created_at, newest([deal.created_at, closed, moved_at], self.now)),
        }

    def _contracts(self) -> list[Record]:
        return [self._contract(contract) for contract in self.ledger.contracts if contract.created_at < self.now]

    def _contract(self, contract: Contract) -> Record:
        begun, ended = self._day_reached(contract.start), self._day_reached(contract.end)
        parent, moved_at = self._parent(contract.account_id)
        return {
            "Id": contract.contract_id,
            "IsDeleted": False,
            "AccountId": parent,
            "Status": "Expired" if ended else "Activated" if begun else "Draft",
            "StartDate": contract.start,
            "EndDate": contract.end,
            "ContractTerm": contract.term_months,
            "ContractNumber": f"{number_from(contract.contract_id, 100_000_000):08d}",
            "ActivatedDate": max(begun, contract.created_at) if begun else None,
            "Paid_Seats__c": contract.paid_seats,
            "Annual_Value__c": contract.annual_value,
            "CurrencyIsoCode": CURRENCY,
            **_stamps(contract.created_at, newest([contract.created_at, begun, ended, moved_at], self.now)),
        }

    def _day_reached(self, day: date) -> datetime | None:
        return known(midnight(day), self.now)


def _stamps(created: datetime, modified: datetime) -> Record:
    modified = max(created, modified)
    return {"CreatedDate": created, "LastModifiedDate": modified, "SystemModstamp": modified}
