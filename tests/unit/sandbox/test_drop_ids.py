"""Simulated drop files name customers, learners and workers by the ids that the company's own systems show."""

from datetime import UTC, datetime

import pytest

from learning_warehouse.sandbox.drop_ids import in_ids_of
from learning_warehouse.sandbox.world import World

DEFAULT = ("absorb", "bamboohr", "zendesk", "salesforce", "drops")
NOW = datetime(2026, 12, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def world(small_company) -> World:
    return World(small_company, NOW)


def test_the_default_vendors_have_the_ids_of_the_ledger(small_company):
    changed = in_ids_of(small_company, DEFAULT)
    assert changed.product_usage == small_company.product_usage
    assert changed.identity_overrides == small_company.identity_overrides


def test_with_hubspot_product_usage_names_companies_that_hubspot_shows(small_company, world):
    changed = in_ids_of(small_company, ("absorb", "bamboohr", "hubspot"))
    shown = {str(company.id) for company in world.hubspot.companies}
    merged = [account for account in small_company.accounts if account.merged_into]
    unknown = {row.account_id for row in changed.product_usage} - shown
    assert len(unknown) <= len(merged) < len(shown)
    assert [row.active_users for row in changed.product_usage] == [row.active_users for row in small_company.product_usage]


@pytest.mark.parametrize(
    ("vendor", "users"),
    [
        ("moodle", lambda world: {str(user["id"]): user["email"] for user in world.moodle.users}),
        ("learning360", lambda world: {row.id: row.write().get("mail") for row in world.learning360.rows_of("/users")}),
    ],
)
def test_a_decision_names_the_same_learner_and_worker_in_another_vendors_ids(small_company, world, vendor, users):
    changed = in_ids_of(small_company, (vendor, "workday"))
    mails, shown = {one.user_id: one.email for one in small_company.learners}, users(world)
    assert changed.identity_overrides
    for ours, theirs in zip(small_company.identity_overrides, changed.identity_overrides, strict=True):
        assert theirs.source == f"{vendor}.users"
        assert shown[theirs.source_identity_id] == mails[ours.source_identity_id]
        assert theirs.person_source == ("workday.workers" if ours.person_source else None)
        assert theirs.person_source_id == ours.person_source_id


def test_with_an_lrs_alone_nobody_decided_about_learners(small_company):
    assert in_ids_of(small_company, ("xapi", "workday", "hubspot")).identity_overrides == []
