"""Answers to surveys: after courses, in quarterly waves, of new workers and of leaders about themselves."""

from datetime import date

import numpy as np
from numpy.random import Generator

from learning_warehouse.simulation.draws import DAY, day_number, moment
from learning_warehouse.simulation.ledger_signals import SurveyResponse
from learning_warehouse.simulation.scene import Scene, signal_rng, week_of, working_time
from learning_warehouse.simulation.signal_learning import PROGRAMS, Completions

_THEME = 7
_WAVES = tuple(date(year, month, 8) for year, month in ((2026, 1), (2026, 4), (2026, 7), (2026, 10), (2027, 1)))
_ASKED = {"LIB": 0.035, "MAND": 0.02, "CUST": 0.0}
Answer = tuple[int, str | None, str, str, str | None, str | None, int | None, float, float]


def build_surveys(seed: int, scene: Scene, done: Completions) -> list[SurveyResponse]:
    """All answers in order of their time."""
    answers = [
        *_after_courses(signal_rng(seed, _THEME), scene, done),
        *_waves(signal_rng(seed, _THEME + 100), scene),
        *_new_workers(signal_rng(seed, _THEME + 200), scene),
    ]
    answers.sort(key=lambda answer: (answer[0], answer[2], answer[3], answer[1] or ""))
    return [
        SurveyResponse(f"Q{place:06d}", person, instrument, item, subject, manager, day, score, most, moment(at))
        for place, (at, person, instrument, item, subject, manager, day, score, most) in enumerate(answers, start=1)
    ]


def _steps(rng: Generator, mean: np.ndarray | float, size: int) -> list[float]:
    """Scores on five steps around a mean."""
    return np.clip(np.rint(rng.normal(mean, 0.95, size)), 1, 5).tolist()


def _after_courses(rng: Generator, scene: Scene, done: Completions) -> list[Answer]:
    share = np.array([_ASKED.get(name, 0.5) for name in PROGRAMS])[done.program]
    picked = np.flatnonzero(rng.random(len(done.at)) < share)
    at = done.at[picked] + rng.integers(60, 3 * 24 * 60, len(picked)) * 60
    later = done.at[picked] + 60 * DAY + rng.integers(0, 10 * DAY, len(picked)) // 60 * 60
    liked = _steps(rng, 3.9, len(picked))
    used = (np.clip(rng.beta(1.6, 1.7, len(picked)) * 100, 0, 100) // 5 * 5).tolist()
    answers_again = rng.random(len(picked)) < 0.55
    at_work, later_at_work = scene.at_work(done.person[picked], at), scene.at_work(done.person[picked], later)
    rows: list[Answer] = []
    for place, row in enumerate(picked.tolist()):
        who, program = scene.ids[done.person[row]], PROGRAMS[done.program[row]]
        if at_work[place]:
            rows.append((int(at[place]), who, "reaction", "overall", program, None, None, liked[place], 5.0))
        if later_at_work[place] and answers_again[place] and program != "MAND":
            rows.append((int(later[place]), who, "applied_share", "percent_applied", program, None, 60, used[place], 100.0))
    return rows


def _waves(rng: Generator, scene: Scene) -> list[Answer]:
    support = rng.normal(3.5, 0.5, len(scene.ids))  # of a manager, as reports see it
    flattery = rng.normal(0.6, 0.4, len(scene.ids))
    rows: list[Answer] = []
    for wave in _WAVES:
        week, begins = week_of(wave), day_number(wave)
        people = np.flatnonzero(scene.here_in(week) & (scene.manager[:, week] >= 0))
        led = scene.manager[people, week]
        for instrument, item, share, mean in (
            ("pulse", "manager_supports", 0.30, support[led]),
            ("climate", "safe_to_ask", 0.30, 0.5 * support[led] + 1.9),
            ("leadership_upward", "supports_learning", 0.22, support[led] - 0.1),
        ):
            chosen = np.flatnonzero(rng.random(len(people)) < share)
            at = (begins + rng.integers(0, 5, len(chosen))) * DAY + working_time(rng, len(chosen))
            scores = _steps(rng, mean[chosen], len(chosen))
            nameless = rng.random(len(chosen)) < (0.25 if instrument == "climate" else 0.0)
            for place, row in enumerate(chosen.tolist()):
                who = None if nameless[place] else scene.ids[people[row]]
                about = scene.ids[led[row]] if instrument == "leadership_upward" else None
                rows.append((int(at[place]), who, instrument, item, None, about, None, scores[place], 5.0))
        leaders = scene.leading_in(week)
        leaders = leaders[rng.random(len(leaders)) < 0.6]
        at = (begins + rng.integers(0, 5, len(leaders))) * DAY + working_time(rng, len(leaders))
        scores = _steps(rng, support[leaders] + flattery[leaders], len(leaders))
        for place, person in enumerate(leaders.tolist()):
            who = scene.ids[person]
            rows.append((int(at[place]), who, "leadership_self", "supports_learning", None, who, None, scores[place], 5.0))
    return rows


def _new_workers(rng: Generator, scene: Scene) -> list[Answer]:
    new = np.flatnonzero(scene.hired >= day_number(date(2025, 6, 1)))
    wave_day = rng.integers(15, 31, len(new))
    at = (scene.hired[new] + wave_day) * DAY + working_time(rng, len(new))
    answers, content, prepared = rng.random(len(new)) < 0.72, _steps(rng, 3.8, len(new)), _steps(rng, 3.6, len(new))
    rows: list[Answer] = []
    for place in np.flatnonzero(answers & scene.at_work(new, at)).tolist():
        who, day, second = scene.ids[new[place]], int(wave_day[place]), int(at[place])
        rows.append((second, who, "onboarding", "satisfaction", None, None, day, content[place], 5.0))
        rows.append((second, who, "onboarding", "prepared", None, None, day, prepared[place], 5.0))
    return rows
