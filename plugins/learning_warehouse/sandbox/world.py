"""The one state all faces share: the ledger, the sandbox's `now`, and each vendor's records at that now."""

from datetime import datetime
from functools import cached_property

from learning_warehouse.sandbox.records.absorb import AbsorbRecords
from learning_warehouse.sandbox.records.bamboohr import BambooRecords
from learning_warehouse.sandbox.records.freshdesk import FreshdeskRecords
from learning_warehouse.sandbox.records.hubspot import HubSpotRecords
from learning_warehouse.sandbox.records.learning360 import Learning360Records
from learning_warehouse.sandbox.records.moodle import MoodleRecords
from learning_warehouse.sandbox.records.salesforce import SalesforceRecords
from learning_warehouse.sandbox.records.workday import WorkdayRecords
from learning_warehouse.sandbox.records.xapi import XapiRecords
from learning_warehouse.sandbox.records.zendesk import ZendeskRecords
from learning_warehouse.simulation.ledger import Ledger

_CACHED = ("absorb", "learning360", "moodle", "bamboohr", "xapi", "workday", "zendesk", "freshdesk", "hubspot", "salesforce")


class World:
    """A ledger looked at from `now` (aware, UTC). Records are rendered at first use and forgotten when now moves."""

    def __init__(self, ledger: Ledger, now: datetime) -> None:
        self.ledger = ledger
        self._now = now

    @property
    def now(self) -> datetime:
        return self._now

    def move(self, now: datetime) -> None:
        """Set the clock, forwards or backwards."""
        if now != self._now:
            self._now = now
            for name in _CACHED:
                self.__dict__.pop(name, None)

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
