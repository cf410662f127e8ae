"""Sittings in learning systems: honest people of several kinds, and a mandatory program that people only run in the background.

Under the hours policy people collect hours of mandatory modules: long runs nobody looks at, most of them in the last weeks
before the policy ends, until just above the threshold of hours in the calendar year. Then the recorded hours fall; what
people learn by choice was never touched by it (effect VOLUNTARY_CHANGE). Fast readers, experts who pass at once, people with
a screen reader and people who learn offline look odd in single columns and are honest.
"""

from datetime import date
from itertools import pairwise

import numpy as np
from numpy.random import Generator

from learning_warehouse.simulation.catalog import LIBRARY, MANDATORY
from learning_warehouse.simulation.draws import DAY, MINUTE, day_number, moment
from learning_warehouse.simulation.ledger_signals import LearningSession
from learning_warehouse.simulation.scene import FIRST_MONDAY, WEEKS, Scene, signal_rng, working_time

VOLUNTARY_CHANGE = 0.0
SESSIONS_FROM = date(2026, 1, 5)
POLICY_FROM, POLICY_UNTIL = date(2025, 10, 1), date(2026, 7, 1)
YEAR_HOURS = 6.0
HONEST, FAST, EXPERT, SCREEN_READER, OFFLINE = range(5)
_THEME = 6
_WEEKLY = 0.068
_QUARTERS = (date(2026, 1, 1), date(2026, 4, 1), date(2026, 7, 1), date(2026, 10, 1), date(2027, 1, 1), date(2027, 4, 1))
_SYSTEMS, _SHARES = ("lms", "wiki", "video", "chat"), (0.66, 0.14, 0.13, 0.07)


def build_sessions(seed: int, scene: Scene, learns: np.ndarray) -> list[LearningSession]:
    """All sittings in order of their start; `learns` [person, week] says who still learns by choice."""
    rng = signal_rng(seed, _THEME)
    people = len(scene.ids)
    kind = rng.choice(5, people, p=[0.80, 0.07, 0.06, 0.03, 0.04])
    games = (rng.random(people) < 0.55) & (kind == HONEST)
    voluntary = _voluntary(rng, scene, learns, kind)
    mandated = _mandated(signal_rng(seed, _THEME + 100), scene, kind, games, voluntary)
    drawn = sorted(voluntary + mandated, key=lambda row: row[:3])
    return [
        LearningSession(
            f"S{place:06d}", scene.ids[person], system, code, moment(at), moment(at + raw), raw, engaged, interactions, device
        )
        for place, (at, person, system, code, raw, engaged, interactions, device) in enumerate(drawn, start=1)
    ]


Drawn = tuple[int, int, str, str | None, int, int | None, int | None, str]


def _voluntary(rng: Generator, scene: Scene, learns: np.ndarray, kind: np.ndarray) -> list[Drawn]:
    eager = rng.lognormal(-0.28, 0.75, len(scene.ids))
    events = scene.draw(rng, _WEEKLY * 1.55 * eager[:, None] * learns, SESSIONS_FROM)
    size = len(events)
    late = rng.random(size) < 0.12
    at = events.at + np.where(late, rng.integers(4, 9, size) * 3600, 0)
    minutes = rng.gamma(4.0, 7.0, size) + 3
    system = rng.choice(4, size, p=_SHARES).tolist()
    course = rng.integers(0, len(LIBRARY), size).tolist()
    rows = []
    for place, behavior in enumerate(_behavior(rng, kind[events.person], minutes)):
        code = LIBRARY[course[place]] if system[place] == 0 else None
        rows.append((int(at[place]), int(events.person[place]), _SYSTEMS[system[place]], code, *behavior))
    return rows


def _mandated(rng: Generator, scene: Scene, kind: np.ndarray, games: np.ndarray, voluntary: list[Drawn]) -> list[Drawn]:
    rows = _hours_collected(rng, scene, games, voluntary)
    for begin, end in pairwise(_QUARTERS):
        first, last = day_number(begin), day_number(end)
        people = np.flatnonzero(scene.here_in(min(max((last - 20 - FIRST_MONDAY) // 7, 0), WEEKS - 1)))
        if begin < POLICY_UNTIL:
            rows += _honest_modules(rng, people[~games[people]], first, last, kind, 2, scene)
        else:
            rows += _honest_modules(rng, people[rng.random(len(people)) < 0.45], first, last, kind, 1, scene)
    return rows


def _hours_collected(rng: Generator, scene: Scene, games: np.ndarray, voluntary: list[Drawn]) -> list[Drawn]:
    """Four long runs a person in the policy's last half-year, which bring its recorded hours just above the threshold."""
    first, last = day_number(SESSIONS_FROM), day_number(POLICY_UNTIL)
    own = np.zeros(len(scene.ids))
    for second, person, system, _, seconds, *_ in voluntary:
        if system == "lms" and second < last * DAY:
            own[person] += seconds
    people = np.flatnonzero(
        games & scene.here_in((last - FIRST_MONDAY) // 7 - 1) & (scene.hired < first) & (own < YEAR_HOURS * 3600)
    )
    total = YEAR_HOURS * 3600 * rng.uniform(1.0, 1.045, len(people)) - own[people]
    shares = rng.dirichlet(np.full(4, 12.0), len(people))
    who, raw = np.repeat(people, 4), (total[:, None] * shares).astype(int).ravel() + 1
    late = rng.random(len(who)) < 0.7
    day = np.where(late, last - rng.integers(2, 24, len(who)), rng.integers(first + 7, last - 24, len(who)))
    at = day * DAY + working_time(rng, len(who))
    engaged = (raw * rng.uniform(0.02, 0.14, len(who))).astype(int)
    clicks = (raw / 60 * rng.uniform(0.01, 0.06, len(who))).astype(int)
    code = rng.integers(0, 3, len(who))
    kept = np.flatnonzero(scene.at_work(who, at))
    return [
        (int(at[i]), int(who[i]), "lms", MANDATORY[int(code[i])], int(raw[i]), int(engaged[i]), int(clicks[i]), "desktop")
        for i in kept.tolist()
    ]


def _honest_modules(
    rng: Generator, people: np.ndarray, first: int, last: int, kind: np.ndarray, most: int, scene: Scene
) -> list[Drawn]:
    who = np.repeat(people, rng.integers(1, most + 1, len(people)))
    at = rng.integers(max(first, day_number(SESSIONS_FROM)), last, len(who)) * DAY + working_time(rng, len(who))
    code = rng.integers(0, 3, len(who))
    behavior = _behavior(rng, kind[who], rng.gamma(6.0, 6.0, len(who)) + 6)
    kept = scene.at_work(who, at)
    return [(int(at[i]), int(who[i]), "lms", MANDATORY[int(code[i])], *told) for i, told in enumerate(behavior) if kept[i]]


def _behavior(rng: Generator, kind: np.ndarray, minutes: np.ndarray) -> list[tuple[int, int | None, int | None, str]]:
    """Raw seconds, engaged seconds, interactions and device of each sitting, by the kind of person."""
    size = len(kind)
    pace = np.choose(kind, [1.0, 0.45, 0.22, 1.7, 1.0])
    raw = (minutes * pace * MINUTE).astype(int) + MINUTE
    engaged = (raw * rng.uniform(0.78, 0.98, size)).astype(int)
    clicks = (raw / 60 * rng.uniform(0.7, 2.2, size)).astype(int) + 1
    reader = (raw / 60 * 0.05 * rng.random(size)).astype(int)
    mobile = rng.random(size) < 0.22
    rows: list[tuple[int, int | None, int | None, str]] = []
    for place, who in enumerate(kind.tolist()):
        if who == SCREEN_READER:
            rows.append((int(raw[place]), int(raw[place] * 0.15), int(reader[place]), "screen_reader"))
        elif who == OFFLINE:
            rows.append((int(raw[place]), 0, 0, "offline_sync"))
        else:
            rows.append((int(raw[place]), int(engaged[place]), int(clicks[place]), "mobile" if mobile[place] else "desktop"))
    return rows
