"""The simulated date moves only when a night has finished."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from learning_warehouse import simulated
from learning_warehouse.errors import LearningWarehouseError, RetryLater
from learning_warehouse.settings import Settings, reset_settings

REPOSITORY = Path(__file__).resolve().parents[2]


def test_the_first_night_is_the_first_of_december(tmp_path):
    assert simulated.next_night(tmp_path) == datetime(2026, 12, 1, 1, tzinfo=UTC)


def test_a_finished_night_is_followed_by_the_next_day(tmp_path):
    simulated.finish_night(tmp_path, simulated.next_night(tmp_path))
    assert simulated.next_night(tmp_path) == datetime(2026, 12, 2, 1, tzinfo=UTC)
    assert (tmp_path / "simulation.json").read_text() == '{"next_night": "2026-12-02T01:00:00Z"}'


def test_finishing_an_older_night_again_moves_nothing_back(tmp_path):
    first = simulated.next_night(tmp_path)
    simulated.finish_night(tmp_path, first + timedelta(days=3))
    simulated.finish_night(tmp_path, first)
    assert simulated.next_night(tmp_path) == first + timedelta(days=4)


def test_a_damaged_date_is_an_error_that_says_what_to_write(tmp_path):
    (tmp_path / "simulation.json").write_text("{")
    with pytest.raises(LearningWarehouseError, match=r'write \{"next_night"'):
        simulated.next_night(tmp_path)


def test_without_a_sandbox_a_task_is_asked_to_come_back(tmp_path):
    with pytest.raises(RetryLater, match="make up"):
        simulated.control(Settings(home=tmp_path), "now", {"now": "2026-12-01T01:00:00Z"})


@pytest.mark.parametrize(("state", "simulated_date"), [("simulated", True), ("absent", True), ("connected", False)])
def test_one_connected_source_brings_the_real_clock(tmp_path, monkeypatch, state, simulated_date):
    content = yaml.safe_load((REPOSITORY / "company.yml").read_text())
    content["sources"]["zendesk"] = state
    (tmp_path / "company.yml").write_text(yaml.safe_dump(content))
    monkeypatch.setenv("LW_COMPANY_FILE", str(tmp_path / "company.yml"))
    reset_settings()
    try:
        assert simulated.sets_the_clock() is simulated_date
        assert simulated.is_simulated("absorb")
        assert simulated.is_all_simulated() is (state in ("simulated", "absent"))
    finally:
        monkeypatch.undo()
        reset_settings()
