"""World E: how long new hires take to become competent, with recent hires still on their way and leavers who never get there.

240 hires over 600 days; days to the passed assessment are lognormal with median 90, people leave at one in 600 a day.
"""

from math import erf, exp, log, sqrt
from typing import Any

import numpy as np

from learning_warehouse.simulation.worlds.base import LAST_DAY, Planted, Question, World, company_row, moments, names

HIRES, MEDIAN, SPREAD, LEAVING = 240, 90.0, 0.5, 1 / 600
ROLE = "Support Agent"


def make(rng: np.random.Generator) -> Planted:
    """One company with one role and one course that proves competence."""
    hired = np.floor(rng.uniform(LAST_DAY - 620, LAST_DAY - 20, HIRES))
    competent = np.maximum(1, np.round(rng.lognormal(log(MEDIAN), SPREAD, HIRES)))
    leaves = np.maximum(1, np.round(rng.exponential(1 / LEAVING, HIRES)))
    people = names("hire", HIRES)
    left = hired + leaves
    passed = np.flatnonzero((competent <= leaves) & (hired + competent < LAST_DAY))
    tables = {
        "dim_company": company_row(),
        "dim_courses": {
            "course_id": ["path"],
            "course_code": ["ONB-AGT-1"],
            "course_name": ["Path"],
            "audience": ["employee"],
            "is_mandatory": [False],
            "is_certificate": [False],
            "is_owner_training": [False],
            "role_title": [ROLE],
        },
        "dim_worker_spells": {
            "person_key": people,
            "worker_id": people,
            "spell_number": [1] * HIRES,
            "hired_date": moments(hired),
            "terminated_date": moments(np.where(left < LAST_DAY, left, np.inf)),
            "first_job_title": [ROLE] * HIRES,
        },
        "fct_assessment_attempts": {
            "enrollment_id": people[passed],
            "person_key": people[passed],
            "course_id": ["path"] * len(passed),
            "score": [90.0] * len(passed),
            "is_passed": [True] * len(passed),
            "attempted_at": moments((hired + competent)[passed] + 0.4),
        },
    }
    return Planted(tables, {"median": MEDIAN, "share": _share_by(90)})


def _share_by(day: int) -> float:
    """Share competent by `day` with leavers counted as never: days are rounded, a tie counts as competent."""

    def by(days: float) -> float:
        return 0.5 * (1 + erf(log(days / MEDIAN) / SPREAD / sqrt(2)))

    stays = [1.0, 1.0, *(exp(-LEAVING * (number - 0.5)) for number in range(2, day + 1))]
    return sum((by(number + 0.5) - (by(number - 0.5) if number > 1 else 0)) * stays[number] for number in range(1, day + 1))


_ALL: dict[str, Any] = {
    "mart": "application_time_to_competency",
    "where": "role_title = 'All roles' and start_quarter = 'all'",
    "naive_low": "null",
    "naive_high": "null",
    "tier": "competent_by_horizon_state",
    "failed_checks": "''",
    "no_effect": 0.0,
}

WORLDS = (
    World(
        "E", 31, "Half of those who stay are competent after 90 days; recent hires are not done yet.",
        make,
        (
            Question(
                "median", **_ALL, estimate="median_days_if_staying", low="median_days_if_staying_low",
                high="median_days_if_staying_high", naive="trap_mean_days_of_finishers",
            ),
            Question(
                "share", **_ALL, estimate="competent_by_horizon", low="competent_by_horizon_low",
                high="competent_by_horizon_high", naive="null",
            ),
        ),
        weight=0.1,
    ),
)  # fmt: skip
