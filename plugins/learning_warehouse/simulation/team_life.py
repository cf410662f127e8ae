"""What teams do around learning: thanks, rituals, retrospectives, logs, moments of need, decisions, talks with L&D."""

from collections.abc import Callable
from datetime import date
from typing import TypeVar

import numpy as np
from numpy.random import Generator

from learning_warehouse.simulation.catalog import LIBRARY
from learning_warehouse.simulation.draws import DAY, MINUTE, calendar_day, moment
from learning_warehouse.simulation.ledger import Ledger
from learning_warehouse.simulation.ledger_signals import (
    CollaborationCount,
    Decision,
    LearningLogEntry,
    ManagerContact,
    Moment,
    Recognition,
    RetroAnswer,
    Ritual,
)
from learning_warehouse.simulation.scene import FIRST_MONDAY, WEEKS, Events, Scene, signal_rng, week_of

_THEME = 8
_SINCE = date(2026, 3, 2)
_SOCIAL_LAUNCH = date(2026, 3, 2)
_TOPICS = ("feedback", "customer talks", "writing", "planning", "new tools", "numbers")
_CHANNELS = ("lms", "chat", "wiki")
Fact = TypeVar("Fact")


def add_team_life(seed: int, scene: Scene, ledger: Ledger) -> None:
    """Fill the streams of this theme."""
    ledger.recognitions = _recognitions(_rng(seed, 0), scene)
    ledger.rituals = _rituals(_rng(seed, 1), scene)
    ledger.retro_answers = _retro_answers(_rng(seed, 2), scene, ledger.rituals)
    ledger.learning_log_entries = _log_entries(_rng(seed, 3), scene)
    ledger.moments = _moments(_rng(seed, 4), scene)
    ledger.decisions = _decisions(_rng(seed, 5), scene)
    ledger.manager_contacts = _contacts(_rng(seed, 6), scene)
    ledger.collaboration_counts = _collaboration(_rng(seed, 7), scene)


def _rng(seed: int, number: int) -> Generator:
    return signal_rng(seed, _THEME + 100 * number)


def _each(events: Events, make: Callable[[int, int, int], Fact]) -> list[Fact]:
    """One fact per event from its place, person and second."""
    return [
        make(place, person, at) for place, (person, at) in enumerate(zip(events.person.tolist(), events.at.tolist(), strict=True))
    ]


def _recognitions(rng: Generator, scene: Scene) -> list[Recognition]:
    events = scene.draw(rng, 0.025, _SINCE)
    size = len(events)
    givers = rng.permutation(events.person)
    reasons = rng.choice(["application", "completion", "result", "other"], size, p=[0.33, 0.27, 0.28, 0.12]).tolist()
    by_manager = rng.random(size) < 0.5
    giver = np.where(
        by_manager & (scene.manager_at(events.person, events.at) >= 0), scene.manager_at(events.person, events.at), givers
    )
    nameless = (rng.random(size) < 0.05) | (giver == events.person)

    def make(place: int, person: int, at: int) -> Recognition:
        source = None if nameless[place] else scene.ids[giver[place]]
        return Recognition(f"R{place + 1:06d}", source, scene.ids[person], moment(at), reasons[place])

    return _each(events, make)


def _leading_teams(scene: Scene) -> np.ndarray:
    led = np.zeros(scene.chair.shape, dtype=bool)
    people, weeks = np.nonzero(scene.manager >= 0)
    led[scene.manager[people, weeks], weeks] = True
    return led & np.isin(scene.title, ["Team Lead"])[scene.chair]


def _rituals(rng: Generator, scene: Scene) -> list[Ritual]:
    habit = rng.beta(1.2, 3.0, len(scene.ids))
    events = scene.draw(rng, 0.85 * habit[:, None] * _leading_teams(scene), _SINCE)
    kinds = rng.choice(["huddle", "retro", "knowledge_share"], len(events), p=[0.5, 0.25, 0.25]).tolist()
    attendees = rng.integers(3, 10, len(events)).tolist()
    return _each(
        events,
        lambda place, person, at: Ritual(f"T{place + 1:06d}", scene.ids[person], kinds[place], moment(at), attendees[place]),
    )


def _retro_answers(rng: Generator, scene: Scene, rituals: list[Ritual]) -> list[RetroAnswer]:
    numbers = {employee: person for person, employee in enumerate(scene.ids)}
    teams: dict[tuple[int, int], list[int]] = {}
    rows: list[RetroAnswer] = []
    for ritual in rituals:
        if ritual.ritual_type != "retro":
            continue
        lead, at = numbers[ritual.team_manager_employee_id], int(ritual.held_at.timestamp())
        week = (at // DAY - FIRST_MONDAY) // 7
        team = teams.get((lead, week))
        if team is None:
            team = teams[lead, week] = np.flatnonzero(scene.manager[:, week] == lead).tolist()
        luck = rng.random((len(team), 4))
        for member, (answers, named, learned, changes) in zip(team, luck.tolist(), strict=True):
            if answers < 0.6:
                rows.append(
                    RetroAnswer(
                        f"A{len(rows) + 1:06d}",
                        ritual.ritual_id,
                        scene.ids[member] if named < 0.8 else None,
                        learned < 0.62,
                        changes < 0.45,
                        moment(at + (5 + int(answers * 100)) * MINUTE),
                    )
                )
    return rows


def _log_entries(rng: Generator, scene: Scene) -> list[LearningLogEntry]:
    """Six leaders who show what they learn for two months each, and a few others without their name."""
    leading = scene.leading()
    leaders = np.intersect1d(scene.leading_in(week_of(_SINCE)), scene.leading_in(week_of(date(2026, 11, 23))))
    rate = np.where(leading, 0.012, 0.0015)
    first = week_of(date(2026, 8, 3))
    for place, leader in enumerate(leaders[:6].tolist()):
        begin = first + 2 * place
        rate[leader, begin : begin + 9] = 2.6
    events = scene.draw(rng, rate, _SINCE)
    named = set(leaders[:6].tolist())
    topics = rng.integers(0, len(_TOPICS), len(events)).tolist()
    places = rng.choice(["team_meeting", "channel", "town_hall", "nowhere"], len(events), p=[0.40, 0.30, 0.08, 0.22]).tolist()
    return _each(
        events,
        lambda place, person, at: LearningLogEntry(
            f"L{place + 1:06d}",
            scene.ids[person],
            calendar_day(at // DAY),
            _TOPICS[topics[place]],
            places[place],
            person in named,
        ),
    )


def _moments(rng: Generator, scene: Scene) -> list[Moment]:
    busy = np.where(scene.titled("Account Executive"), 0.16, 0.0) + np.where(scene.titled("Support Agent"), 0.11, 0.0)
    events = scene.draw(rng, busy + 0.005, date(2026, 5, 4))
    size = len(events)
    sells = scene.titled("Account Executive")[events.person, events.week]
    kinds = rng.choice(["pre_handover", "incident", "release", "other"], size, p=[0.45, 0.25, 0.15, 0.15]).tolist()
    helped, lead = rng.random(size) < 0.46, rng.integers(1, 55, size)
    late = rng.random(size) < 0.15
    course = rng.integers(0, len(LIBRARY), size).tolist()

    def make(place: int, person: int, at: int) -> Moment:
        before = int(lead[place]) * MINUTE
        opened = None if not helped[place] else moment(at + before // 2 // MINUTE * MINUTE if late[place] else at - before)
        kind = "pre_call" if sells[place] else kinds[place]
        return Moment(
            f"M{place + 1:06d}", scene.ids[person], moment(at), kind, LIBRARY[course[place]] if helped[place] else None, opened
        )

    return _each(events, make)


def _decisions(rng: Generator, scene: Scene) -> list[Decision]:
    events = scene.draw(rng, 0.16 * _leading_teams(scene), date(2026, 6, 1))
    size = len(events)
    kinds = rng.choice(["hiring", "customer", "process", "tooling"], size).tolist()
    used = rng.random(size) < 0.35
    reverted = rng.random(size) < np.where(used, 0.09, 0.14)
    silent = rng.random(size) < 0.06
    return _each(
        events,
        lambda place, person, at: Decision(
            f"D{place + 1:06d}",
            scene.ids[person],
            moment(at),
            kinds[place],
            None if silent[place] else bool(used[place]),
            bool(reverted[place]),
        ),
    )


def _contacts(rng: Generator, scene: Scene) -> list[ManagerContact]:
    reached = rng.random(len(scene.ids)) < 0.7
    events = scene.draw(rng, 0.085 * reached[:, None] * scene.leading(), _SINCE)
    topics = rng.choice(["team plan", "new program", "onboarding", "results"], len(events)).tolist()
    barriers = rng.choice(["time", "relevance", "tool", "none", "other"], len(events), p=[0.38, 0.16, 0.10, 0.28, 0.08]).tolist()
    return _each(
        events,
        lambda place, person, at: ManagerContact(
            f"C{place + 1:06d}", scene.ids[person], moment(at), topics[place], barriers[place]
        ),
    )


def _collaboration(rng: Generator, scene: Scene) -> list[CollaborationCount]:
    """The learning system's own wall fades within months, chat and wiki stay; only departments of ten people are counted."""
    names = sorted(set(scene.department.tolist()))
    chairs = np.searchsorted(names, scene.department)
    launch = week_of(_SOCIAL_LAUNCH)
    rows = []
    for week in range(launch, WEEKS, 1):
        present = scene.chair[scene.chair[:, week] >= 0, week]
        sizes = np.bincount(chairs[present], minlength=len(names))
        level = np.array([0.11 * 0.90 ** (week - launch) + 0.002, 0.075, 0.03])
        posts = rng.poisson(sizes[:, None] * level * 1.4)
        active = np.minimum(posts, rng.binomial(sizes[:, None], np.minimum(level, 1)))
        for place in np.flatnonzero(sizes >= 10).tolist():
            for number, channel in enumerate(_CHANNELS):
                count, people = int(posts[place, number]), int(active[place, number])
                if count:
                    begins = calendar_day(FIRST_MONDAY + 7 * week)
                    rows.append(CollaborationCount(channel, names[place], begins, count, max(people, 1)))
    return rows
