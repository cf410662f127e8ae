"""The metric registry and the marts say the same, and every file made from the registry is up to date."""

from pathlib import Path

import pytest
import yaml

from learning_warehouse.errors import LearningWarehouseError
from learning_warehouse.metric_files import outdated
from learning_warehouse.registry import Metric, asks, marts, metrics, problems

ENTRY = {
    "id": "asked", "mart": "application_checkin_months", "column": "manager_asked", "label": "asked", "sentence": "It says.",
    "layer": "application", "kirkpatrick": 3, "iso_type": "effectiveness", "kind": "share", "unit": "share",
    "numerator": "yes", "denominator": "answers", "direction": "up", "bounds": [0, 1], "min_n": 10, "cohort_floor": 10,
    "min_horizon_days": 0, "audience": ["employee"], "owner": "people", "decision": "which", "known_bias": "some",
    "is_headline": False, "asks": [5],
}  # fmt: skip


def test_every_figure_has_an_entry_and_every_entry_a_figure() -> None:
    assert problems(metrics(), marts()) == []


def test_the_files_made_from_the_registry_are_up_to_date() -> None:
    assert outdated() == [], "run: lw metrics write"


def test_each_of_the_69_asks_is_answered_by_a_figure_or_a_mart_or_says_why_not() -> None:
    answered = {number for metric in metrics() for number in metric.asks}
    assert sorted(asks()) == list(range(1, 70))
    for number, entry in asks().items():
        assert set(entry.get("also", [])) <= set(marts()), number
        assert number in answered or entry.get("also") or entry.get("note"), f"nothing answers ask {number}: {entry['ask']}"


def test_a_description_in_a_mart_is_the_registrys() -> None:
    described = {(metric.mart, metric.column): f"{{{{ doc('metric_{metric.id}') }}}}" for metric in metrics()}
    for mart in marts().values():
        model = next(model for model in yaml.safe_load(mart.path.read_text())["models"] if model["name"] == mart.name)
        for column in model["columns"]:
            expected = described.get((mart.name, column["name"]))
            assert expected in (None, column["description"]), f"{mart.name}.{column['name']}"


def test_a_figure_without_an_entry_and_an_entry_without_a_figure_are_named() -> None:
    mart = marts()["application_checkin_months"]
    entry = Metric.model_validate(ENTRY)
    lost = entry.model_copy(update={"id": "lost", "column": "nowhere"})
    found = problems([entry, lost], {mart.name: mart})
    assert any("used_learning: a figure without an entry" in sentence for sentence in found)
    assert "lost: application_checkin_months has no column nowhere" in found
    assert not any("manager_asked" in sentence for sentence in found)


@pytest.mark.parametrize(
    ("change", "said"),
    [({"bounds": [1, 0]}, "low below high"), ({"bounds": [0, 100]}, "a share has bounds"), ({"owner": None}, "owner")],
)
def test_a_bad_entry_is_refused_by_file_place_and_reason(tmp_path: Path, change: dict, said: str) -> None:
    (tmp_path / "application").mkdir()
    (tmp_path / "application" / "checkins.yml").write_text(yaml.safe_dump({"metrics": [ENTRY, ENTRY | change]}))
    with pytest.raises(LearningWarehouseError, match=r"application/checkins\.yml, entry 2 \(asked\)") as error:
        metrics(tmp_path)
    assert said in str(error.value)
