"""Which ids the simulated drop files speak in: customers and learners are named by the ids of the systems the company has."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from learning_warehouse.sandbox.records import hubspot, learning360_ids, moodle
from learning_warehouse.simulation.ledger import Ledger
from learning_warehouse.simulation.ledger_signals import IdentityOverride

LEARNING_SYSTEMS = ("absorb", "learning360", "moodle")
HR_LISTS = {"bamboohr": "bamboohr.employees", "workday": "workday.workers", "hibob": "hibob.employees"}


def in_ids_of(ledger: Ledger, vendors: Collection[str]) -> Ledger:
    """The ledger with the ids in its drop facts changed to those of these vendors; itself for Absorb, BambooHR and Salesforce.

    An LRS names learners by keyed hashes, so where it is the only learning system nobody has decided about any of them.
    """
    accounts, learners = accounts_of(ledger, vendors), learners_of(ledger, vendors)
    lms = next((vendor for vendor in LEARNING_SYSTEMS if vendor in vendors), None)
    hris = next((named for vendor, named in HR_LISTS.items() if vendor in vendors), HR_LISTS["bamboohr"])
    return replace(
        ledger,
        product_usage=[replace(row, account_id=accounts[row.account_id]) for row in ledger.product_usage],
        identity_overrides=[_decision(row, f"{lms}.users", learners, hris) for row in ledger.identity_overrides if lms],
    )


def accounts_of(ledger: Ledger, vendors: Collection[str]) -> dict[str, str]:
    """Each customer's id in the CRM by its id in the ledger, which is also Salesforce's."""
    if "hubspot" in vendors and "salesforce" not in vendors:
        return {one.account_id: str(hubspot.object_id("company", one.account_id)) for one in ledger.accounts}
    return {one.account_id: one.account_id for one in ledger.accounts}


def learners_of(ledger: Ledger, vendors: Collection[str]) -> dict[str, str]:
    """Each login's id in the learning system by its id in the ledger, which is also Absorb's."""
    lms = next((vendor for vendor in LEARNING_SYSTEMS if vendor in vendors), "absorb")
    if lms == "learning360":
        return {one.user_id: learning360_ids.object_id("user", one.user_id, one.created_at) for one in ledger.learners}
    if lms == "moodle":
        return {one.user_id: str(number) for number, one in enumerate(ledger.learners, start=moodle.FIRST_USER)}
    return {one.user_id: one.user_id for one in ledger.learners}


def _decision(row: IdentityOverride, source: str, learners: Mapping[str, str], hris: str) -> IdentityOverride:
    person_source = hris if row.person_source else None
    return replace(row, source=source, source_identity_id=learners[row.source_identity_id], person_source=person_source)
