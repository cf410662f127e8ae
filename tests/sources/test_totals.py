"""What vendors say they have in all, beside what is loaded: equal on a good night, told when records are missing."""

from datetime import UTC, datetime, timedelta

import pytest
from nights import night

from learning_warehouse import admission
from learning_warehouse.audit import audit
from learning_warehouse.holdings import held_keys, held_records
from learning_warehouse.landing import land
from learning_warehouse.sources import every_stream
from learning_warehouse.streams import RunContext
from learning_warehouse.typing_records import type_load

FIRST = datetime(2026, 12, 1, 1, tzinfo=UTC)
COUNTED = {stream.full_name: stream for stream in every_stream() if stream.holdings and stream.holdings.count}

TOLD_DIFFERENTLY = ["absorb.users", "zendesk.tickets", "zendesk.organizations", "salesforce.contacts", "hubspot.contacts"]


@pytest.mark.parametrize("name", TOLD_DIFFERENTLY)
def test_a_vendors_own_count_is_kept_with_the_load_and_equals_what_is_loaded(name, every_vendor, stored):
    stream = COUNTED[name]
    first, receipt = night(stream, FIRST, stored)
    assert first.extra["counted"] == held_records(stream, receipt, stored) > 10
    every_vendor.move(FIRST + timedelta(days=3))
    later, receipt = night(stream, FIRST + timedelta(days=3), stored)
    assert later.extra["counted"] == held_records(stream, receipt, stored)
    assert len(held_keys(stream, stored).live) == later.extra["counted"]


def test_a_load_that_misses_what_the_vendor_has_is_told_as_soon_as_the_vendor_counts_more(every_vendor, small_company, stored):
    stream = COUNTED["salesforce.contacts"]
    hidden = [contact.contact_id for contact in small_company.contacts[::20]]

    def judged(run_id: str, now: datetime) -> dict[str, str]:
        type_load(land(stream, RunContext(run_id, now), stored), stored)
        verdict = next(one for one in audit("crm", run_id, now, stored) if one.run_id == run_id)
        admission.admit("crm", stored)
        return {reason["check"]: reason["severity"] for reason in verdict.reasons}

    later = FIRST + timedelta(days=1)
    try:
        every_vendor.purge(hidden)
        assert judged("hidden", FIRST) == {}
        every_vendor.purge([])
        every_vendor.move(later)
        assert judged("back without a stamp", later) == {"loaded_total": "warning"}
    finally:
        every_vendor.purge([])


def test_a_vendor_that_does_not_tell_us_its_count_costs_no_load(every_vendor, stored):
    every_vendor.set_faults([{"kind": "status", "vendor": "zendesk", "path_contains": "/count", "status": 403}])
    manifest, _ = night(COUNTED["zendesk.users"], FIRST, stored)
    assert manifest.records > 10
    assert "counted" not in manifest.extra
