"""The one state all faces share: the ledger, the sandbox's `now`, and each vendor's records at that now."""

from datetime import datetime
from functools import cached_property

from learning_warehouse.sandbox.records.absorb import AbsorbRecords
from learning_warehouse.sandbox.records.bamboohr import BambooRecords
from learning_warehouse.sandbox.records.salesforce import SalesforceRecords
from learning_warehouse.sandbox.records.zendesk import ZendeskRecords
from learning_warehouse.simulation.ledger import Ledger

_CACHED = ("absorb", "bamboohr", "zendesk", "salesforce")


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
    def bamboohr(self) -> BambooRecords:
        return BambooRecords(self.ledger, self._now)

    @cached_property
    def zendesk(self) -> ZendeskRecords:
        return ZendeskRecords(self.ledger, self._now)

    @cached_property
    def salesforce(self) -> SalesforceRecords:
        return SalesforceRecords(self.ledger, self._now)
