"""World H: who sat through mandated modules and who let them run. Honest people who look odd must stay unaccused.

400 learners by 12 mandated modules. Personas: steady, fast, expert (very quick, passes at once), screen_reader (slow, few
clicks), offline (one silent upload), idle (leaves it running), clicker (skips to the end). The last two are gaming.
"""

from typing import Any

import numpy as np

from learning_warehouse.simulation.worlds.base import Columns, Planted, Question, World, company_row, moments, names, reached

LEARNERS, MODULES, DAY = 400, 12, 640.0
PERSONAS = np.array(["steady", "fast", "expert", "screen_reader", "offline", "idle", "clicker"], dtype=object)
SHARES = [0.50, 0.14, 0.07, 0.06, 0.06, 0.09, 0.08]
SPEED = np.array([1.0, 0.6, 0.08, 1.8, 1.0, 0.12, 0.05])
OVERHEAD = np.array([1.2, 1.15, 1.15, 1.3, 3.0, 9.0, 1.1])
CLICKS_A_MINUTE = np.array([1.5, 2.0, 3.0, 0.2, 0.0, 0.05, 4.0])
PASSES_AT_ONCE = np.array([0.8, 0.8, 1.0, 0.8, 0.8, 0.1, 0.15])
DEVICES = np.array(["desktop", "desktop", "desktop", "screen_reader", "offline_sync", "desktop", "desktop"], dtype=object)


def make(rng: np.random.Generator) -> Planted:
    """One company in one month; a person key begins with the persona, which no rule can read."""
    persona = rng.choice(len(PERSONAS), LEARNERS, p=SHARES)
    minutes = rng.uniform(12, 45, MODULES)
    who, module = np.repeat(np.arange(LEARNERS), MODULES), np.tile(np.arange(MODULES), LEARNERS)
    kind, size = persona[who], LEARNERS * MODULES
    engaged = minutes[module] * SPEED[kind] * rng.lognormal(0, 0.35, size)
    raw = engaged * np.maximum(1.0, OVERHEAD[kind] * rng.lognormal(0, 0.2, size))
    clicks = rng.poisson(CLICKS_A_MINUTE[kind] * engaged)
    passed = rng.random(size) < PASSES_AT_ONCE[kind]
    people = np.array([f"{PERSONAS[kind]}-{number:04d}" for number, kind in enumerate(persona)], dtype=object)
    attempts, codes = names("attempt", size), names("MAND", MODULES)
    started = DAY + rng.uniform(0, 9, size)
    tables = {
        "dim_company": company_row(),
        "dim_streams": reached("absorb.enrollments", "drops.learning_sessions"),
        "dim_people": {"person_key": people, "audience": ["employee"] * LEARNERS, "is_test": [False] * LEARNERS},
        "dim_courses": _courses(codes, minutes),
        "bridge_program_courses": {"program_code": ["MAND"] * MODULES, "course_id": codes},
        "fct_enrollments": {
            "enrollment_id": attempts,
            "person_key": people[who],
            "course_id": codes[module],
            "enrolled_at": moments(np.full(size, DAY - 20)),
            "completed_at": moments(started + raw / 1440 + 0.01),
            "is_verified_completion": [True] * size,
            "enrollment_source": ["mandatory"] * size,
        },
        "fct_assessment_attempts": {
            "enrollment_id": attempts,
            "person_key": people[who],
            "course_id": codes[module],
            "is_passed": passed,
            "attempted_at": moments(started + raw / 1440),
        },
        "fct_learning_sessions": {
            "session_id": attempts,
            "person_key": people[who],
            "system": ["lms"] * size,
            "course_code": codes[module],
            "course_id": codes[module],
            "started_at": moments(started),
            "ended_at": moments(started + raw / 1440),
            "raw_seconds": np.round(raw * 60).astype(int),
            "engaged_seconds": np.round(engaged * 60).astype(int),
            "interactions": clicks,
            "device": DEVICES[kind],
        },
    }
    return Planted(tables, _truths(kind, raw, engaged))


def _courses(codes: Any, minutes: Any) -> Columns:
    return {
        "course_id": codes,
        "course_code": codes,
        "course_name": codes,
        "audience": ["employee"] * MODULES,
        "is_mandatory": [True] * MODULES,
        "is_certificate": [False] * MODULES,
        "is_owner_training": [False] * MODULES,
        "estimated_minutes": minutes,
    }


def _truths(kind: Any, raw: Any, engaged: Any) -> dict[str, float]:
    counted = ~np.isin(PERSONAS[kind], ["screen_reader", "offline"])
    uncredited = float((raw - engaged)[counted].sum() / raw[counted].sum())
    return {"uncredited_share": uncredited, "precision": 1.0, "recall": 1.0} | {
        f"accused_{persona}": 0.0 for persona in ("steady", "fast", "expert", "screen_reader", "offline")
    }


_ATTEMPTS = "int_governance__module_attempts"
_FIRED = "(is_left_running or is_speed_run)"
_GAMING = "(person_key like 'idle-%' or person_key like 'clicker-%')"
_BARE: dict[str, Any] = {
    "low": "null", "high": "null", "naive": "null", "naive_low": "null", "naive_high": "null", "tier": "null",
    "failed_checks": "''", "no_effect": 0.0, "covers": False,
}  # fmt: skip


def _share(name: str, of: str, among: str, low: float | None = None, high: float | None = None) -> Question:
    share = f"sum(case when {of} and {among} then 1.0 else 0.0 end) / nullif(sum(case when {among} then 1 else 0 end), 0)"
    return Question(name, _ATTEMPTS, "true", share, is_summed=True, estimate_at_least=low, estimate_at_most=high, **_BARE)


WORLDS = (
    World(
        "H", 61, "Some let mandated modules run or click through; others only look as if they did.",
        make,
        (
            Question(
                "uncredited_share", "governance_program_integrity",
                "program_code = 'All programs' and uncredited_share_state = 'reads'",
                "uncredited_share", "uncredited_share - 0.002", "uncredited_share + 0.002", "0.0", "null", "null",
                "uncredited_share_state", "''", 0.0, holds_always=True,
                note="no interval: within 0.002 of the minutes that were planted",
            ),
            _share("precision", _GAMING, _FIRED, low=0.95),
            _share("recall", _FIRED, _GAMING, low=0.70),
            *(
                _share(f"accused_{persona}", _FIRED, f"person_key like '{persona}-%'", high=0.005)
                for persona in ("steady", "fast", "expert", "screen_reader", "offline")
            ),
        ),
    ),
)  # fmt: skip
