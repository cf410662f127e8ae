"""Figures of people, teams and the company by month, with two planted effects and one role without any.

- work_quality (the roles of the drive, three months before the first chosen course to five after): INTERACTION points more
  in the outcome window for people coached and practicing often; nothing for either alone.
- audit_score (Support Agents): AUDIT_GAIN points more from the month after the first finished agent course; better agents
  are trained first, so trained agents look better than the training made them.
- pipeline_quality (Account Executives): no effect; it shares the audit score's trend and the chance of its months.
"""

from datetime import date

import numpy as np
from numpy.random import Generator

from learning_warehouse.simulation.coaching_drive import INTERACTION, OUTCOME_DAYS, WINDOW_DAYS, Drive
from learning_warehouse.simulation.draws import DAY, OBSERVED_FROM, calendar_day, day_number, month_starts
from learning_warehouse.simulation.employee_learning import AgentSkills
from learning_warehouse.simulation.ledger_signals import KpiObservation
from learning_warehouse.simulation.scene import FIRST_MONDAY, WEEKS, Scene, signal_rng

AUDIT_GAIN = 4.0
_THEME = 5
_BEFORE_DAYS = 92
_TREND = 0.22  # points a month


def build_kpis(seed: int, scene: Scene, drive: Drive, lifted: list[bool], skills: AgentSkills) -> list[KpiObservation]:
    """All monthly figures, by figure, unit and month."""
    months = [start // DAY for start in month_starts()[:-1]]
    shocks = signal_rng(seed, _THEME).normal(0, 0.8, len(months))
    trend = dict(zip(months, (np.arange(len(months)) * _TREND + shocks).tolist(), strict=True))
    return [
        *_work_quality(signal_rng(seed, _THEME + 100), scene, drive, lifted, trend),
        *_audit_score(signal_rng(seed, _THEME + 200), scene, skills, trend),
        *_pipeline_quality(signal_rng(seed, _THEME + 300), scene, trend),
        *_teams(signal_rng(seed, _THEME + 400), scene, trend),
        *_company(signal_rng(seed, _THEME + 500), trend),
    ]


def _row(unit: str, number: str, code: str, day: int, value: float) -> KpiObservation:
    return KpiObservation(unit, number, code, calendar_day(day), round(value, 3), "up")


def _works(scene: Scene, person: int, day: int) -> bool:
    week = (day + 6 - FIRST_MONDAY) // 7
    return 0 <= week < WEEKS and bool(scene.chair[person, week] >= 0)


def _work_quality(
    rng: Generator, scene: Scene, drive: Drive, lifted: list[bool], trend: dict[int, float]
) -> list[KpiObservation]:
    rows = []
    for person, began, level, gains in zip(drive.person, drive.began, drive.level, lifted, strict=True):
        first = began // DAY
        months = [day for day in trend if first - _BEFORE_DAYS <= day <= first + OUTCOME_DAYS + 1]
        noise = rng.normal(0, 2.5, len(months)).tolist()
        for day, luck in zip(months, noise, strict=True):
            if _works(scene, person, day):
                gain = INTERACTION if gains and day * DAY > began + WINDOW_DAYS * DAY else 0.0
                rows.append(_row("person", scene.ids[person], "work_quality", day, level + trend[day] + gain + luck))
    return rows


def _audit_score(rng: Generator, scene: Scene, skills: AgentSkills, trend: dict[int, float]) -> list[KpiObservation]:
    trained: dict[int, int] = {}
    for (person, _), at in skills.trained_at.items():
        trained[person] = min(at, trained.get(person, at))
    agents = scene.titled("Support Agent")
    days = list(trend)
    rows = []
    for person in sorted(skills.level):
        level = 76 - 4 * skills.level[person] + float(rng.normal(0, 2))
        noise = rng.normal(0, 2.5, len(days)).tolist()
        for day, luck in zip(days, noise, strict=True):
            if agents[person, min((day + 6 - FIRST_MONDAY) // 7, WEEKS - 1)]:
                gain = AUDIT_GAIN if _month_after(trained.get(person), day) else 0.0
                rows.append(_row("person", scene.ids[person], "audit_score", day, level + trend[day] + gain + luck))
    return rows


def _month_after(trained: int | None, day: int) -> bool:
    return trained is not None and trained < day * DAY


def _pipeline_quality(rng: Generator, scene: Scene, trend: dict[int, float]) -> list[KpiObservation]:
    sellers = scene.titled("Account Executive")
    days = [day for day in trend if day >= day_number(date(2026, 7, 1))]
    rows = []
    for person in np.flatnonzero(sellers.any(axis=1)).tolist():
        level = 70 + float(rng.normal(0, 4))
        noise = rng.normal(0, 2.5, len(days)).tolist()
        for day, luck in zip(days, noise, strict=True):
            if sellers[person, min((day + 6 - FIRST_MONDAY) // 7, WEEKS - 1)]:
                rows.append(_row("person", scene.ids[person], "pipeline_quality", day, level + trend[day] + luck))
    return rows


def _teams(rng: Generator, scene: Scene, trend: dict[int, float]) -> list[KpiObservation]:
    rows = []
    days = [day for day in trend if day >= day_number(date(2026, 10, 1))]
    for person in scene.managers():
        level = 82 + float(rng.normal(0, 5))
        noise = rng.normal(0, 2, len(days)).tolist()
        for day, luck in zip(days, noise, strict=True):
            if (scene.manager[:, min((day + 6 - FIRST_MONDAY) // 7, WEEKS - 1)] == person).any():
                rows.append(_row("team", scene.ids[person], "on_time_delivery", day, min(level + 0.3 * trend[day] + luck, 100.0)))
    return rows


def _company(rng: Generator, trend: dict[int, float]) -> list[KpiObservation]:
    days = [day for day in trend if day >= day_number(OBSERVED_FROM.date())]
    noise = rng.normal(0, 0.6, len(days)).tolist()
    return [
        _row("company", "company", "employee_engagement", day, 68 + trend[day] + luck)
        for day, luck in zip(days, noise, strict=True)
    ]
