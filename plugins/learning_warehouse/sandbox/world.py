"""The one state all faces share: the ledger, the sandbox's `now`, and each vendor's records at that now."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import Any

from learning_warehouse.sandbox.records.absorb import AbsorbRecords
from learning_warehouse.sandbox.records.bamboohr import BambooRecords
from learning_warehouse.sandbox.records.freshdesk import FreshdeskRecords
from learning_warehouse.sandbox.records.hibob import HiBobRecords
from learning_warehouse.sandbox.records.hubspot import HubSpotRecords
from learning_warehouse.sandbox.records.learning360 import Learning360Records
from learning_warehouse.sandbox.records.moodle import MoodleRecords
from learning_warehouse.sandbox.records.salesforce import SalesforceRecords
from learning_warehouse.sandbox.records.workday import WorkdayRecords
from learning_warehouse.sandbox.records.xapi import XapiRecords
from learning_warehouse.sandbox.records.zendesk import ZendeskRecords
from learning_warehouse.simulation.ledger import Ledger

PURGEABLE = {
    "contacts": "contact_id",
    "opportunities": "opportunity_id",
    "contracts": "contract_id",
    "enrollments": "enrollment_id",
}


class World:
    """A ledger looked at from `now` (aware, UTC). Records are rendered at first use and forgotten when now moves."""

    def __init__(self, ledger: Ledger, now: datetime) -> None:
        self.ledger = ledger
        self._whole_ledger = ledger
        self._now = now

    @property
    def now(self) -> datetime:
        return self._now

    def move(self, now: datetime) -> None:
        """Set the clock, forwards or backwards."""
        if now != self._now:
            self._now = now
            self._forget()

    def purge(self, ids: Collection[str]) -> None:
        """Let these contacts, deals, contracts and enrollments never have existed; without ids everything is back."""
        gone = frozenset(ids)
        kept: dict[str, Any] = {
            name: [fact for fact in getattr(self._whole_ledger, name) if getattr(fact, key) not in gone]
            for name, key in PURGEABLE.items()
        }
        self.ledger = replace(self._whole_ledger, **kept)
        self._forget()

    def _forget(self) -> None:
        for name in self._rendered:
            self.__dict__.pop(name, None)

    @property
    def _rendered(self) -> list[str]:
        """Names of what was rendered for one moment: the records of every vendor."""
        return [name for name, value in vars(World).items() if isinstance(value, cached_property)]

    @cached_property
    def absorb(self) -> AbsorbRecords:
        return AbsorbRecords(self.ledger, self._now)

    @cached_property
    def learning360(self) -> Learning360Records:
        return Learning360Records(self.ledger, self._now)

    @cached_property
    def moodle(self) -> MoodleRecords:
        return MoodleRecords(self.ledger, self._now)

    @cached_property
    def bamboohr(self) -> BambooRecords:
        return BambooRecords(self.ledger, self._now)

    @cached_property
    def workday(self) -> WorkdayRecords:
        return WorkdayRecords(self.ledger, self._now)

    @cached_property
    def hibob(self) -> HiBobRecords:
        return HiBobRecords(self.ledger, self._now)

    @cached_property
    def xapi(self) -> XapiRecords:
        return XapiRecords(self.ledger, self._now)

    @cached_property
    def zendesk(self) -> ZendeskRecords:
        return ZendeskRecords(self.ledger, self._now)

    @cached_property
    def freshdesk(self) -> FreshdeskRecords:
        return FreshdeskRecords(self.ledger, self._now)

    @cached_property
    def hubspot(self) -> HubSpotRecords:
        return HubSpotRecords(self.ledger, self._now)

    @cached_property
    def salesforce(self) -> SalesforceRecords:
        return SalesforceRecords(self.ledger, self._now)
