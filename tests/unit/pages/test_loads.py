"""A build runs later than the ingests of its night, and still says what they brought, held back or could not get."""

from datetime import UTC, datetime, timedelta

import handmade_loads
import pytest
import yaml

from learning_warehouse.pages.loads import load_states
from learning_warehouse.settings import REPOSITORY, reset_settings
from learning_warehouse.storage import storage

NIGHT = datetime(2026, 12, 1, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("LW_HOME", str(tmp_path))
    reset_settings()
    handmade_loads.write_good_night(storage(), NIGHT)
    yield tmp_path
    reset_settings()


def tickets(now):
    return next(state for state in load_states(now) if state.name == "zendesk.tickets")


def test_a_load_of_one_o_clock_belongs_to_the_build_of_five_and_not_to_the_next_night():
    assert tickets(NIGHT).state == tickets(NIGHT + timedelta(hours=4)).state == "admitted"
    assert tickets(NIGHT + timedelta(days=1)).state == "not asked"
    assert tickets(NIGHT - timedelta(hours=1)).state == "not asked"


def test_a_failure_counts_from_its_time_until_a_newer_load():
    handmade_loads.write_failure(storage(), "zendesk", "tickets", NIGHT + timedelta(days=1), "the vendor kept answering 503")
    later = NIGHT + timedelta(days=1, minutes=23)
    assert (tickets(later).state, tickets(later).failure) == ("failed", "the vendor kept answering 503")
    handmade_loads.write_load(storage(), "zendesk", "tickets", NIGHT + timedelta(days=1, minutes=10), seq=2)
    assert tickets(later).is_good


def test_a_failure_after_a_load_of_the_same_night_is_told():
    handmade_loads.write_failure(storage(), "zendesk", "tickets", NIGHT + timedelta(hours=3), "the vendor kept answering 503")
    assert tickets(NIGHT + timedelta(hours=4)).state == "failed"


def test_a_vendor_that_this_company_does_not_have_is_told_of_only_where_no_other_answers(tmp_path, monkeypatch):
    monkeypatch.setenv("LW_HOME", str(tmp_path / "empty"))
    reset_settings()
    assert {state.source for state in load_states(NIGHT)} == {"absorb", "bamboohr", "zendesk", "salesforce", "drops"}
    content = yaml.safe_load((REPOSITORY / "company.yml").read_text())
    content["sources"]["zendesk"] = "absent"
    (tmp_path / "company.yml").write_text(yaml.safe_dump(content))
    monkeypatch.setenv("LW_COMPANY_FILE", str(tmp_path / "company.yml"))
    reset_settings()
    support = {(state.source, state.state) for state in load_states(NIGHT) if state.domain == "support"}
    assert support == {("zendesk", "absent"), ("freshdesk", "absent")}
