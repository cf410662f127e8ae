"""Ten marts, each with one business rule turned around: the unit test that names the rule goes red.

`INVERSIONS` is frozen and every text of it must stand in its model exactly once, so the list cannot outlive the SQL unnoticed.
A unit test reads rows of its own, so all ten rules are turned around in one copy of the project and each test sees only its own.
docs/results/inverted-rules.md holds the same list; write it anew with `python tests/project_policies/test_inverted_rules.py`.
"""

import shutil
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from learning_warehouse import transform
from learning_warehouse.admission import ensure_empty
from learning_warehouse.settings import reset_settings, settings
from learning_warehouse.storage import storage

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "results" / "inverted-rules.md"
NIGHT = datetime(2026, 12, 2, 1, tzinfo=UTC)


class Inversion(NamedTuple):
    """One rule of one mart turned around: `text` of `model` (the mart or a private step of it) becomes `replacement`."""

    mart: str
    rule: str
    model: str
    text: str
    replacement: str
    unit_test: str


INVERSIONS = (
    Inversion(
        "activity_program_decay",
        "who left or stopped stays in the denominator; now only those still active are divided by",
        "marts/activity/activity_program_decay",
        "rate_columns('active_share', 'active', 'stated.people', 'rate_state')",
        "rate_columns('active_share', 'active', 'active_then_or_later', 'rate_state')",
        "who_left_or_stopped_stays_in_the_denominator",
    ),
    Inversion(
        "activity_program_funnel",
        "a waived enrollment is asked of nobody; now it lowers the completion rate",
        "marts/activity/activity_program_funnel",
        "sum(asked) as asked,",
        "count(*) as asked,",
        "a_waived_enrollment_is_counted_apart_and_leaves_the_other_denominators",
    ),
    Inversion(
        "application_checkin_months",
        "a blank is no answer; now it counts as a no",
        "marts/application/application_checkin_months",
        "count(manager_asked) as asked_answers,",
        "count(*) as asked_answers,",
        "a_blank_is_not_a_no_and_a_small_department_is_held_back_with_its_neighbor",
    ),
    Inversion(
        "application_coaching_months",
        "a talk is coaching only if it has a learning topic; now every talk is",
        "marts/application/steps/int_application__coaching_cells",
        "where events.has_learning_topic",
        "where events.event_id is not null",
        "coverage_looks_back_twenty_eight_days_and_talk_without_a_learning_topic_is_no_coaching",
    ),
    Inversion(
        "application_program_outcomes",
        "only verified use is application; now what people say of themselves counts too",
        "marts/application/application_program_outcomes",
        "uses.used_{{ days }} as used,",
        "greatest(uses.used_{{ days }}, uses.said_{{ days }}) as used,",
        "verified_use_and_self_report_stand_side_by_side_and_are_never_mixed",
    ),
    Inversion(
        "governance_compliance_months",
        "a month shows what was done by its last day; now it shows what is done today",
        "marts/governance/steps/int_governance__requirement_months",
        "when items.completed_date <= workers.month_end and (",
        "when items.completed_date is not null and (",
        "compliance_is_what_it_was_at_the_month_end_and_never_what_it_is_today",
    ),
    Inversion(
        "governance_program_integrity",
        "choices are looked at only while scores are tied to ratings; now only while they are not",
        "marts/governance/steps/int_governance__integrity_facts",
        "}} between rated_months.from_month and rated_months.to_month",
        "}} not between rated_months.from_month and rated_months.to_month",
        "choices_are_looked_at_only_while_scores_are_tied_to_ratings_and_own_choices_only",
    ),
    Inversion(
        "impact_customer_education",
        "a failed check makes a row unreliable; now failed checks are ignored",
        "marts/impact/impact_customer_education",
        "tier_of('state', 'failed_checks', 'best_tier')",
        """tier_of('state', "''", 'best_tier')""",
        "the_headline_is_associated_and_a_failed_negative_control_makes_a_row_unreliable",
    ),
    Inversion(
        "impact_pilot_health",
        "without coaching data contamination is unknown; now it is zero",
        "marts/impact/impact_pilot_health",
        "case when state = 'reads' and not reaches_coaching then 'no_data_reaches_us' else state end as coached_state",
        "state as coached_state",
        "without_coaching_data_contamination_is_unknown_and_not_zero",
    ),
    Inversion(
        "impact_workforce_months",
        "turnover counts those who chose to leave; now it counts everybody who left",
        "marts/impact/impact_workforce_months",
        "{{ ratio('left_voluntarily', 'mean_headcount') }}",
        "{{ ratio('left_any', 'mean_headcount') }}",
        "turnover_is_leavers_of_twelve_calendar_months_over_the_mean_headcount",
    ),
)
BY_MODEL = {Path(inversion.model).name: inversion for inversion in INVERSIONS}


def page() -> str:
    """docs/results/inverted-rules.md as it must read: one row per inversion, in the order of the list."""
    rows = [
        f"| {one.mart} | {one.rule} | {Path(one.model).name}: `{one.text}` becomes `{one.replacement}` | {one.unit_test} |"
        for one in INVERSIONS
    ]
    return "\n".join(
        [
            "# Ten inverted rules",
            "",
            "Each row turns one business rule of one mart around and names the unit test that goes red. All ten changes are",
            "applied to a copy of the project by `pytest tests/project_policies/test_inverted_rules.py`, which also sees the ten",
            "tests pass on the project as it is, and fails when this page and its list differ.",
            "",
            "| Mart | Rule and its inversion | Change | Unit test that goes red |",
            "| --- | --- | --- | --- |",
            *rows,
            "",
        ]
    )


def _invert(project: Path) -> None:
    for one in INVERSIONS:
        path = project / "models" / f"{one.model}.sql"
        path.write_text(path.read_text().replace(one.text, one.replacement))


def _statuses(folder: Path) -> dict[str, str]:
    """unit test -> pass, fail or error, of the ten unit tests as dbt runs them on the project in force."""
    names = [one.unit_test for one in INVERSIONS]
    outcome: Any = transform._invoke(["test", "--select", *names, "--target-path", str(folder)])
    return {result.node.name: str(result.status) for result in outcome.results}


def test_ten_marts_of_all_layers_are_inverted_once_each_by_a_unit_test_of_its_own():
    layers = Counter(one.mart.partition("_")[0] for one in INVERSIONS)
    assert set(layers) == {"activity", "application", "governance", "impact"}
    for field in ("mart", "model", "unit_test"):
        assert len({getattr(one, field) for one in INVERSIONS}) == len(INVERSIONS) == 10


@pytest.mark.parametrize("model", BY_MODEL)
def test_the_text_to_invert_stands_in_its_model_exactly_once(model):
    one = BY_MODEL[model]
    assert (ROOT / "dbt_project" / "models" / f"{one.model}.sql").read_text().count(one.text) == 1
    assert one.replacement != one.text


def test_the_page_of_inverted_rules_is_the_list():
    assert PAGE.read_text() == page()


@pytest.mark.slow
def test_each_inverted_rule_turns_its_own_unit_test_red_and_all_ten_pass_as_the_project_is(home, tmp_path, monkeypatch):
    ensure_empty(storage())
    transform.prepare(NIGHT)
    built = [
        "build",
        "--exclude-resource-type",
        "test",
        "--exclude-resource-type",
        "unit_test",
        "--target-path",
        str(tmp_path / "build"),
    ]
    outcome = transform._invoke([*built, "--select", *(f"+{model}" for model in BY_MODEL)])
    assert {str(result.status) for result in outcome.results} == {"success"}
    names = [one.unit_test for one in INVERSIONS]
    assert _statuses(tmp_path / "as_it_is") == dict.fromkeys(names, "pass")

    repository = tmp_path / "repository"
    shutil.copytree(ROOT / "dbt_project", repository / "dbt_project", ignore=shutil.ignore_patterns("target", "logs"))
    _invert(repository / "dbt_project")
    monkeypatch.setenv("LW_COMPANY_FILE", str(settings().company_file))
    monkeypatch.setenv("LW_REPOSITORY", str(repository))
    reset_settings()
    assert _statuses(tmp_path / "inverted") == dict.fromkeys(names, "fail")


if __name__ == "__main__":
    PAGE.write_text(page())
