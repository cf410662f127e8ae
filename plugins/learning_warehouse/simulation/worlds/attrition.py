"""World F: who is about to leave nearly stops learning first, so learning lately looks like loyalty; it changes nothing.

1,400 employees in three jobs over 24 months. Keen people learn more in every month; jobs differ in learning and in leaving. In
the month of leaving and the three before it, people learn a fifth of what they used to.
"""

from typing import Any

import numpy as np

from learning_warehouse.simulation.worlds.base import (
    LAST_DAY,
    MONTH_STARTS,
    Planted,
    Question,
    World,
    company_row,
    moments,
    names,
    only_where,
    reached,
)

EMPLOYEES, MONTHS, QUIET_MONTHS = 1400, 24, 3
JOBS = np.array(["Support Agent", "Account Executive", "Engineer"], dtype=object)


def make(rng: np.random.Generator) -> Planted:
    """One company's working lives and courses finished by choice."""
    job = rng.choice(3, EMPLOYEES, p=[0.45, 0.3, 0.25])
    hired = np.floor(rng.uniform(-2500, 300, EMPLOYEES))
    monthly = np.array([0.020, 0.014, 0.009])[job]
    leaves_in = rng.geometric(monthly) - 1 + np.maximum(0, np.searchsorted(MONTH_STARTS, hired))
    leaves = leaves_in < MONTHS
    left = np.where(leaves, MONTH_STARTS[np.minimum(leaves_in, MONTHS)] + rng.uniform(1, 27, EMPLOYEES), np.inf)
    left = np.where(left <= hired, np.inf, np.floor(left))
    learns = np.array([0.06, 0.10, 0.16])[job] * rng.gamma(2, 0.5, EMPLOYEES)
    month = np.arange(MONTHS)[None, :]
    there = (MONTH_STARTS[:MONTHS][None, :] >= hired[:, None]) & (month <= leaves_in[:, None])
    willing = np.where(month < leaves_in[:, None] - QUIET_MONTHS, 1.0, 0.2)
    taken = there & (rng.random((EMPLOYEES, MONTHS)) < np.clip(learns, 0, 0.8)[:, None] * willing)
    person, at = np.nonzero(taken)
    people = names("employee", EMPLOYEES)
    ended = np.where(np.isfinite(left) & (left < LAST_DAY), left, np.inf)
    tables = {
        "dim_company": company_row(),
        "dim_streams": reached("bamboohr.employees", "absorb.enrollments"),
        "dim_worker_spells": {
            "person_key": people,
            "worker_id": people,
            "spell_number": [1] * EMPLOYEES,
            "hired_date": moments(hired),
            "terminated_date": moments(ended),
            "termination_type": only_where(np.isfinite(ended), "voluntary"),
            "first_job_title": JOBS[job],
        },
        "dim_worker_history": {
            "person_key": people,
            "worker_id": people,
            "worker_type": ["employee"] * EMPLOYEES,
            "job_title": JOBS[job],
            "department": ["Everyone"] * EMPLOYEES,
            "valid_from": moments(hired),
            "valid_to": moments(ended),
            "is_current": ~np.isfinite(ended),
        },
        "fct_enrollments": {
            "enrollment_id": names("enrollment", len(person)),
            "person_key": people[person],
            "course_id": ["LIB-1"] * len(person),
            "completed_at": moments(MONTH_STARTS[at] + 12.3),
            "status": ["completed"] * len(person),
            "is_verified_completion": [True] * len(person),
            "enrollment_source": ["self"] * len(person),
            "is_active": [True] * len(person),
        },
    }
    return Planted(tables, {"gap_3": 1.0})


_GAP: dict[str, Any] = {
    "mart": "int_impact__turnover_estimates",
    "where": "variant = 'gap_3'",
    "tier": "state",
    "failed_checks": "failed_checks",
}

WORLDS = (
    World(
        "F", 41, "Leavers all but stop learning three months before they go; learning changes nothing.",
        make,
        (Question("gap_3", **_GAP, is_null=True, naive_covers_at_most=0.05),),
    ),
)  # fmt: skip
