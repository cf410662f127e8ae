"""Formulas broken on purpose in a copied project: the known-truth worlds must notice every one of them.

Each group is one copy with mutations of marts that do not touch each other. The first group runs by default, all with
LW_WORLDS=all.
"""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from learning_warehouse.settings import reset_settings
from learning_warehouse.world_verdicts import suite_problems
from learning_warehouse.worlds import run_worlds

PROJECT = Path(__file__).parents[2] / "dbt_project"
STUDIES, APPLICATION = "models/studies/steps", "models/marts/application/steps"
GOVERNANCE, MACROS = "models/marts/governance/steps", "macros/statistics"
pytestmark = pytest.mark.worlds


@dataclass(frozen=True)
class Mutation:
    """In `file`, `right` becomes `wrong`; `world` and `question` must turn red over `seeds` companies."""

    name: str
    file: str
    right: str
    wrong: str
    world: str
    question: str
    seeds: int


SAMPLE = [
    Mutation(
        "accounts ever trained count as trained from the start",
        f"{STUDIES}/int_impact__trained_periods.sql",
        "('any', 'is_trained_any', 'was_trained_any_at_lead')",
        "('any', 'first_trained_at is not null', 'was_trained_any_at_lead')",
        "B", "person_time", 8,
    ),
    Mutation(
        "every deal counts as its own experiment",
        f"{STUDIES}/int_impact__pilot_estimates.sql",
        "case when adjusted.estimate is not null then adjusted.ci_low else team_means.ci_low end as ci_low,\n"
        "    case when adjusted.estimate is not null then adjusted.ci_high else team_means.ci_high end as ci_high,\n"
        "    case when adjusted.estimate is not null then adjusted.error else team_means.error end as error,",
        "deals.p1 - deals.p0 - {{ z975() }} * deals.textbook_error as ci_low,\n"
        "    deals.p1 - deals.p0 + {{ z975() }} * deals.textbook_error as ci_high,\n"
        "    deals.textbook_error as error,",
        "D", "assigned", 60,
    ),
    Mutation(
        "only finishers are asked how long it took",
        f"{APPLICATION}/int_application__starts.sql",
        "    end as t\nfrom dated",
        "    end as t\nfrom dated\n"
        "where days_to_competent is not null and (days_to_leave is null or days_to_competent <= days_to_leave)",
        "E", "median", 16,
    ),
    Mutation(
        "the clock on the wall is credited",
        f"{GOVERNANCE}/int_governance__module_attempts.sql",
        "sum(engaged_seconds)",
        "sum(raw_seconds)",
        "H", "recall", 4,
    ),
    Mutation(
        "every recorded minute is credited",
        f"{GOVERNANCE}/int_governance__integrity_facts.sql",
        "then raw_seconds - engaged_seconds else 0 end",
        "then 0 else 0 end",
        "H", "uncredited_share", 4,
    ),
    Mutation(
        "levels after the coaching are compared instead of changes",
        f"{APPLICATION}/int_application__coached_units.sql",
        "- avg(case when outcomes.happened_at <= people.started_at then outcomes.value end) as y",
        "as y",
        "G", "coaching_main", 12,
    ),
    Mutation(
        "learning up to the day of leaving counts",
        f"{STUDIES}/int_impact__turnover_cells.sql",
        "range between {{ gap + 6 }} preceding and {{ gap + 1 }} preceding",
        "range between 6 preceding and 1 preceding",
        "F", "gap_3", 16,
    ),
]  # fmt: skip

WHOLE = [
    [
        Mutation(
            "customers who left before the landmark count as untrained",
            f"{STUDIES}/int_impact__landmark_units.sql",
            "(days_to_churn is null or days_to_churn > {{ landmark }})\n    and ",
            "",
            "B", "landmark_ratio", 400,
        ),
        Mutation(
            "the months before the training are not washed out",
            f"{STUDIES}/int_impact__ticket_cells.sql",
            "('effect', 8, 3, 1, 6)",
            "('effect', 6, 1, 1, 6)",
            "C", "own_baseline", 60,
        ),
        Mutation(
            "z in place of t",
            f"{MACROS}/numbers.sql",
            "{% macro t975(df) %}{{ student_point(",
            "{% macro t975(df) %}{{ z975() }}{{ '' if true else student_point(",
            "D12", "assigned", 2000,
        ),
    ],
    [
        Mutation(
            "customers of every kind are compared with each other",
            f"{STUDIES}/int_impact__trained_periods.sql",
            "segment || '/' || plan || '/' || early_health_band || '/' || age_band as stratum",
            "plan as stratum",
            "A", "person_time", 12,
        ),
    ],
    [
        Mutation(
            "nobody looks at the defects",
            f"{STUDIES}/int_impact__churn_estimates.sql",
            "leaves_out(1, 'negative_control_low', 'negative_control_high')",
            "leaves_out(1, '1', '1')",
            "U.8", "person_time", 16,
        ),
    ],
]  # fmt: skip

GROUPS = [SAMPLE, *WHOLE] if os.environ.get("LW_WORLDS") == "all" else [SAMPLE]


@pytest.fixture(scope="module")
def problems_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Mutation], list[str]]:
    """What the suite says about a mutation's world in the copy that has it; one run per group and number of seeds."""
    found: dict[tuple[int, str], list[str]] = {}

    def ask(mutation: Mutation) -> list[str]:
        number = next(number for number, group in enumerate(GROUPS) if mutation in group)
        if (number, mutation.world) not in found:
            _run_group(number, tmp_path_factory.mktemp("mutated"), found)
        return found[number, mutation.world]

    return ask


def _run_group(number: int, folder: Path, found: dict[tuple[int, str], list[str]]) -> None:
    project = folder / "dbt_project"
    shutil.copytree(PROJECT, project, ignore=shutil.ignore_patterns("target", "logs"))
    for mutation in GROUPS[number]:
        file = project / mutation.file
        text = file.read_text()
        assert mutation.right in text, f"{mutation.name}: nothing to break in {mutation.file}"
        file.write_text(text.replace(mutation.right, mutation.wrong))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LW_HOME", str(folder / "home"))
        reset_settings()
        wanted = {mutation.world: mutation.seeds for mutation in GROUPS[number]}
        run = run_worlds(list(wanted), seeds=wanted, project=project)
    reset_settings()
    for mutation in GROUPS[number]:
        found[number, mutation.world] = [text for text in suite_problems(run) if text.startswith(f"{mutation.world} ")]


@pytest.mark.parametrize("mutation", [mutation for group in GROUPS for mutation in group], ids=lambda mutation: mutation.name)
def test_a_broken_formula_turns_its_world_red(problems_of: Callable[[Mutation], list[str]], mutation: Mutation) -> None:
    problems = problems_of(mutation)
    assert [text for text in problems if text.startswith(f"{mutation.world} {mutation.question}:")] != []
