"""Oracle of fct_account_months: one row per account and month in which it was a customer for some time before as_of.

- Rows from the month of the later of contract start and observed_from, while the account is active; test accounts and
  accounts without a contract have none. `exposure_months` is active seconds by seconds of the month.
- `age_months` counts whole months from contract start to month start, 0 in the month of the start.
- A contact counts at a moment when created before and not deleted by it; training counts when completed before it.
- Seats and yearly value are those of the contract in force on the first active day of the month, the last started of several.
- A renewal is due when a yearly anniversary of an annual plan falls in the month, has come, lies in the observed time and
  found the account active; 29 February renews on the 28th. Its exposure is read at midnight `exposure_lead_days` before.
- The owner is the one at month start; without one, is_owner_trained is false.
"""

from bisect import bisect_left, bisect_right
from calendar import monthrange
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta

from learning_warehouse.simulation.core_customers import CustomerFacts
from learning_warehouse.simulation.core_view import CoreView, Row, naive, naive_or_none
from learning_warehouse.simulation.ledger import Account

_NEVER = naive(datetime(9999, 1, 1, tzinfo=UTC))


class AccountMonths:
    """Builds the table from the other customer tables of the same view."""

    def __init__(self, view: CoreView, customers: CustomerFacts) -> None:
        self.view = view
        self.customers = customers
        self.as_of = naive(view.as_of)
        self.observed_from = naive(view.ledger.observed_from)
        self._trained = self._first_completions("audience", "customer")
        self._certified = self._first_completions("is_certificate", True)
        self._owner_trained = self._first_completions("is_owner_training", True)
        self._contacts = self._contacts_by_account()
        self._tickets = Counter(
            (row["account_id"], row["created_at"].date().replace(day=1), row["ticket_kind"]) for row in customers.tickets
        )
        self._owners: dict[str, list[Row]] = {}
        for row in customers.owners:
            self._owners.setdefault(row["account_id"], []).append(row)
        self._contracts: dict[str, list[Row]] = {}
        for row in sorted(customers.contracts, key=lambda row: (row["start_date"], row["contract_id"])):
            self._contracts.setdefault(row["account_id"], []).append(row)

    def _first_completions(self, column: str, value: object) -> dict[str, datetime]:
        wanted = {row["course_id"] for row in self.customers.courses if row[column] == value}
        first: dict[str, datetime] = {}
        for row in self.customers.enrollments:
            if row["is_verified_completion"] and row["course_id"] in wanted:
                first[row["person_key"]] = min(first.get(row["person_key"], row["completed_at"]), row["completed_at"])
        return first

    def _contacts_by_account(self) -> dict[str, list[tuple[datetime, datetime, datetime, datetime]]]:
        found: dict[str, list[tuple[datetime, datetime, datetime, datetime]]] = {}
        for contact in self.view.contacts:
            key = str(self.view.person("salesforce.contacts", contact.contact_id))
            deleted = naive_or_none(self.view.known(contact.deleted_at)) or _NEVER
            account = self.view.survivors.get(contact.account_id, contact.account_id)
            entry = (naive(contact.created_at), deleted, self._trained.get(key, _NEVER), self._certified.get(key, _NEVER))
            found.setdefault(account, []).append(entry)
        return found

    def rows(self) -> list[Row]:
        """All account months, by account and month."""
        found: list[Row] = []
        for account in self.view.accounts:
            start = self.customers.contract_starts.get(account.account_id)
            if start is not None and not self.view.is_test_account(account):
                found.extend(self._account(account, start))
        return found

    def _account(self, account: Account, start: date) -> list[Row]:
        churned = naive_or_none(self.view.known(account.churned_at))
        begin = max(_midnight(start), self.observed_from)
        end = min(self.as_of, churned or self.as_of)
        rows = []
        month = begin.date().replace(day=1)
        while _midnight(month) < end:
            following = _next_month(month)
            active_from, active_to = max(_midnight(month), begin), min(_midnight(following), end)
            if active_from < active_to:
                rows.append(self._month(account, start, churned, month, following, active_from, active_to))
            month = following
        return rows

    def _month(
        self,
        account: Account,
        start: date,
        churned: datetime | None,
        month: date,
        following: date,
        active_from: datetime,
        active_to: datetime,
    ) -> Row:
        known, trained, certified = self._training(account.account_id, _midnight(month))
        age = max(0, (month.year - start.year) * 12 + month.month - start.month - (1 if month.day < start.day else 0))
        contract = self._contract(account.account_id, active_from.date())
        owner = self._owner(account.account_id, _midnight(month))
        first = min((entry[2] for entry in self._contacts.get(account.account_id, [])), default=_NEVER)
        seconds = (active_to - active_from).total_seconds()
        is_churned = churned is not None and _midnight(month) <= churned < _midnight(following)
        renewal = self._renewal(account, start, churned, month)
        lead = None
        if renewal is not None:
            lead_days = timedelta(days=self.view.company.rules.churn.exposure_lead_days)
            lead = self._training(account.account_id, _midnight(renewal) - lead_days)
        return {
            "company_id": self.view.company_id,
            "account_id": account.account_id,
            "month_start": month,
            "segment": account.segment,
            "plan": account.plan,
            "early_health_band": account.early_health_band if self.view.known(account.early_health_band_at) else "unknown",
            "age_months": age,
            "age_band": "first_year" if age < 12 else "later",
            "exposure_months": seconds / (monthrange(month.year, month.month)[1] * 86_400),
            "is_churned": is_churned,
            "is_renewal_due": renewal is not None,
            "is_renewal_churned": renewal is not None and is_churned,
            "paid_seats": contract["paid_seats"] if contract else None,
            "arr": contract["annual_value"] if contract else None,
            "currency": contract["currency"] if contract else None,
            "contacts_known": known,
            "contacts_trained": trained,
            "is_trained_any": self._any(trained),
            "is_trained_share": self._share(trained, known),
            "is_trained_certified": certified > 0,
            "was_trained_any_at_lead": None if lead is None else self._any(lead[1]),
            "was_trained_share_at_lead": None if lead is None else self._share(lead[1], lead[0]),
            "was_trained_certified_at_lead": None if lead is None else lead[2] > 0,
            "first_trained_at": None if first == _NEVER else first,
            **{
                f"tickets_{kind or 'unmapped'}": self._tickets[account.account_id, month, kind]
                for kind in ("how_to", "defect", "billing", "request", None)
            },
            "owner_person_key": owner,
            "is_owner_trained": owner is not None and self._owner_trained.get(owner, _NEVER) < _midnight(month),
        }

    def _training(self, account_id: str, moment: datetime) -> tuple[int, int, int]:
        there = [row for row in self._contacts.get(account_id, []) if row[0] < moment < row[1]]
        return len(there), sum(row[2] < moment for row in there), sum(row[3] < moment for row in there)

    def _any(self, trained: int) -> bool:
        return trained >= self.view.company.rules.trained.minimum_contacts

    def _share(self, trained: int, known: int) -> bool:
        return known > 0 and trained / known >= self.view.company.rules.trained.minimum_share

    def _contract(self, account_id: str, day: date) -> Row | None:
        contracts = self._contracts.get(account_id, [])
        place = bisect_right(contracts, day, key=lambda row: row["start_date"])
        return next((row for row in reversed(contracts[:place]) if row["end_date"] > day), None)

    def _owner(self, account_id: str, moment: datetime) -> str | None:
        owners = self._owners.get(account_id, [])
        place = bisect_left(owners, moment + timedelta(microseconds=1), key=lambda row: row["valid_from"])
        return owners[place - 1]["owner_person_key"] if place else None

    def _renewal(self, account: Account, start: date, churned: datetime | None, month: date) -> date | None:
        if account.plan != "annual" or month.month != start.month or month.year <= start.year:
            return None
        renewal = start.replace(year=month.year, day=28 if (start.month, start.day) == (2, 29) else start.day)
        at = _midnight(renewal)
        if not self.observed_from <= at < self.as_of or (churned is not None and churned < at):
            return None
        return renewal


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())


def _next_month(month: date) -> date:
    return month.replace(year=month.year + 1, month=1) if month.month == 12 else month.replace(month=month.month + 1)
