"""World G: weak teams get more coaching. Coaching alone changes nothing, practice alone adds 1.5, both together add 4 on top.

60 managers with 6 to 14 reports. The outcome is a KPI of the person, once before the start and twice after day 60.
"""

import numpy as np

from learning_warehouse.simulation.worlds.base import Planted, Question, World, company_row, moments, names, reached

MANAGERS, START = 60, 400.0
INTERACTION, PRACTICE = 4.0, 1.5


def make(rng: np.random.Generator) -> Planted:
    """One company in which everybody finished a course on the same day and was watched for 150 days."""
    team = np.repeat(np.arange(MANAGERS), rng.integers(6, 15, MANAGERS))
    count = len(team)
    strength = rng.normal(0, 4, MANAGERS)
    coached = rng.random(count) < 1 / (1 + np.exp(0.35 * strength[team]))
    practiced = rng.random(count) < 0.45
    ability = strength[team] + rng.normal(0, 3, count)
    drift = rng.normal(0, 0.8, MANAGERS)[team]
    gain = PRACTICE * practiced + INTERACTION * (coached & practiced) + drift
    people, managers = names("report", count), names("manager", MANAGERS)
    days = START + np.array([-30.0, 90.0, 120.0])
    values = 50 + ability + np.stack([np.zeros(count), gain, gain]) + rng.normal(0, 2, (3, count))
    talks, tasks = np.flatnonzero(coached).repeat(2), np.flatnonzero(practiced).repeat(3)
    tables = {
        "dim_company": company_row(),
        "dim_streams": reached(
            "drops.coaching_events", "drops.practice_tasks", "drops.application_evidence", "drops.kpi_observations"
        ),
        "dim_courses": {
            "course_id": ["LIB-1"],
            "course_code": ["LIB-1"],
            "course_name": ["Course"],
            "audience": ["employee"],
            "is_mandatory": [False],
            "is_certificate": [False],
            "is_owner_training": [False],
        },
        "dim_worker_history": {
            "person_key": people,
            "worker_id": people,
            "worker_type": ["employee"] * count,
            "job_title": ["Account Executive"] * count,
            "department": ["Sales"] * count,
            "manager_person_key": managers[team],
            "valid_from": moments(np.full(count, -500.0)),
            "is_current": [True] * count,
        },
        "fct_enrollments": {
            "enrollment_id": people,
            "person_key": people,
            "course_id": ["LIB-1"] * count,
            "completed_at": moments(np.full(count, START)),
            "is_verified_completion": [True] * count,
            "enrollment_source": ["assigned"] * count,
        },
        "fct_coaching_events": {
            "event_id": names("talk", len(talks)),
            "coach_person_key": managers[team[talks]],
            "coachee_person_key": people[talks],
            "occurred_at": moments(START + rng.uniform(1, 59, len(talks))),
            "event_type": ["one_to_one"] * len(talks),
            "has_learning_topic": [True] * len(talks),
        },
        "fct_practice_tasks": {
            "practice_id": names("task", len(tasks)),
            "person_key": people[tasks],
            "skill_code": ["discovery"] * len(tasks),
            "assigned_at": moments(np.full(len(tasks), START)),
            "done_at": moments(START + rng.uniform(1, 59, len(tasks))),
            "is_micro": [True] * len(tasks),
        },
        "fct_kpi_observations": {
            "unit_type": ["person"] * (3 * count),
            "unit_id": np.tile(people, 3),
            "unit_person_key": np.tile(people, 3),
            "kpi_code": ["score"] * (3 * count),
            "period_start": moments(np.repeat(days, count)),
            "value": values.ravel(),
            "direction": ["up"] * (3 * count),
        },
    }
    return Planted(tables, {"interaction": INTERACTION, "coaching_main": 0.0, "practice_main": PRACTICE})


def _quantity(name: str, **asked: float | None) -> Question:
    return Question(
        name, "application_coaching_and_practice", f"outcome = 'score' and quantity = '{name}'", naive="null", naive_low="null",
        naive_high="null", failed_checks="''", no_effect=0.0, power_at_least=asked.get("power"),
    )  # fmt: skip


WORLDS = (
    World(
        "G", 51, "Weak teams are coached more; coaching helps only those who also practice.",
        make,
        (_quantity("interaction", power=0.8), _quantity("coaching_main"), _quantity("practice_main", power=0.8)),
        weight=0.2,
    ),
)  # fmt: skip
