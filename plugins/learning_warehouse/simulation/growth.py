"""How people grow and move: goals, measured skills, open chairs, announced exits, buddies, framed assignments, first paths."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
from numpy.random import Generator

from learning_warehouse.simulation.draws import DAY, ENDS_AT, HOUR, calendar_day, day_number, moment
from learning_warehouse.simulation.ledger import Ledger
from learning_warehouse.simulation.ledger_signals import (
    AssignmentFraming,
    BuddyAssignment,
    ExitNotice,
    Goal,
    IdentityOverride,
    LearningPath,
    Requisition,
    SkillAssessment,
)
from learning_warehouse.simulation.scene import Scene, signal_rng, week_of, working_time
from learning_warehouse.simulation.signal_learning import PROGRAMS, SKILL_OF, Completions

_THEME = 9
_OBSERVED = day_number(date(2024, 12, 1))
_SINCE = day_number(date(2025, 6, 1))
ROLE_SKILLS = {
    "Account Executive": (("discovery", 4.0), ("negotiation", 3.5), ("planning", 3.0)),
    "Support Agent": (("troubleshooting", 4.0), ("billing", 3.0), ("integrations", 3.0), ("reporting", 3.0)),
    "Customer Success Manager": (("negotiation", 3.5), ("planning", 3.5), ("reporting", 3.0)),
    "Engineer": (("coding", 4.0), ("testing", 3.5), ("troubleshooting", 3.0)),
    "Product Manager": (("planning", 4.0), ("discovery", 3.5)),
    "Team Lead": (("coaching", 3.5), ("planning", 3.5)),
}


def add_growth(seed: int, scene: Scene, done: Completions, ledger: Ledger) -> None:
    """Fill the streams of this theme."""
    ledger.goals = _goals(_rng(seed, 0), scene)
    ledger.skill_assessments = _assessments(_rng(seed, 1), scene, done)
    ledger.requisitions = _requisitions(_rng(seed, 2), scene)
    ledger.exit_notices = _notices(_rng(seed, 3), scene)
    ledger.buddy_assignments = _buddies(_rng(seed, 4), scene)
    ledger.assignment_framings = _framings(_rng(seed, 5), scene, ledger)
    ledger.learning_paths = _paths(_rng(seed, 6), scene)
    ledger.identity_overrides = _overrides(ledger)


def _rng(seed: int, number: int) -> Generator:
    return signal_rng(seed, _THEME + 100 * number)


def _goals(rng: Generator, scene: Scene) -> list[Goal]:
    skills = sorted({skill for levels in ROLE_SKILLS.values() for skill, _ in levels})
    rows: list[Goal] = []
    for half in (date(2026, 1, 12), date(2026, 7, 6), date(2027, 1, 11)):
        people = np.flatnonzero(scene.here_in(week_of(half)))
        people = people[rng.random(len(people)) < 0.52]
        at = (day_number(half) + rng.integers(0, 12, len(people))) * DAY + working_time(rng, len(people))
        kinds = rng.choice(["learning", "performance"], len(people), p=[0.42, 0.58]).tolist()
        ends = rng.choice(["open", "done", "dropped"], len(people), p=[0.28, 0.58, 0.14]).tolist()
        closed = at + rng.integers(30, 175, len(people)) * DAY
        skill = rng.integers(0, len(skills), len(people)).tolist()
        for place, person in enumerate(people.tolist()):
            ended = None if ends[place] == "open" else moment(int(closed[place]))
            rows.append(
                Goal(
                    f"G{len(rows) + 1:06d}",
                    scene.ids[person],
                    kinds[place],
                    skills[skill[place]] if kinds[place] == "learning" else None,
                    moment(int(at[place])),
                    calendar_day(int(at[place]) // DAY + 180),
                    ends[place],
                    ended,
                )
            )
    return rows


def _assessments(rng: Generator, scene: Scene, done: Completions) -> list[SkillAssessment]:
    """Tests before and after programs and two months later, and a yearly look of managers at the skills of the role."""
    drawn: list[tuple[int, int, str, str | None, str, float, float | None, str]] = []
    tested = np.flatnonzero(done.of("AGT-BILLING", "AGT-INTEGRATIONS", "AGT-REPORTING", "OWN", "ONB-AGT", "ONB-SEL", "ONB-ENG"))
    before = np.clip(rng.normal(48, 12, len(tested)), 5, 90)
    gain = np.clip(rng.normal(0.52, 0.18, len(tested)), -0.2, 0.95)
    kept = np.clip(rng.normal(0.90, 0.08, len(tested)), 0.4, 1.1)
    waits = rng.integers(60, 100, len(tested))
    for place, row in enumerate(tested.tolist()):
        who, begun, program = int(done.person[row]), int(done.at[row]), PROGRAMS[done.program[row]]
        score = float(before[place])
        after = score + float(gain[place]) * (100 - score)
        for phase, when, value in (
            ("pre", begun - 14 * DAY, score),
            ("post", begun + HOUR, after),
            ("retention", begun + int(waits[place]) * DAY, min(after * float(kept[place]), 100.0)),
        ):
            drawn.append((when, who, SKILL_OF[program], program, phase, round(value, 1), round(value / 20, 2), "test"))
    for wave in (date(2025, 9, 8), date(2026, 3, 9), date(2026, 11, 2), date(2027, 3, 8)):
        week = week_of(wave)
        for title, levels in ROLE_SKILLS.items():
            people = scene.titled_in(week, title)
            people = people[rng.random(len(people)) < (0.28 if title == "Engineer" else 0.42)]
            for skill, required in levels:
                grown = 0.35 * (wave - date(2025, 9, 8)).days / 365
                level = np.clip(np.rint(2 * (required - 0.5 + grown + rng.normal(0, 0.8, len(people)))) / 2, 0, 5)
                at = day_number(wave) * DAY + working_time(rng, len(people))
                judge = rng.choice(["manager", "self"], len(people), p=[0.75, 0.25]).tolist()
                for place, person in enumerate(people.tolist()):
                    value = float(level[place])
                    drawn.append((int(at[place]), person, skill, None, "check", value, value, judge[place]))
    people, times = np.array([row[1] for row in drawn]), np.array([row[0] for row in drawn])
    working = scene.at_work(people, times).tolist()
    known = sorted(
        (row for row, present in zip(drawn, working, strict=True) if present), key=lambda row: (row[0], row[1], row[2])
    )
    return [
        SkillAssessment(
            f"B{place:06d}",
            scene.ids[who],
            skill,
            program,
            phase,
            score,
            5.0 if phase == "check" else 100.0,
            level,
            judge,
            moment(at),
        )
        for place, (at, who, skill, program, phase, score, level, judge) in enumerate(known, start=1)
    ]


def _requisitions(rng: Generator, scene: Scene) -> list[Requisition]:
    """One per chair that was filled again or opened since the observed time began."""
    filled: list[tuple[int, int, int, bool]] = []
    for chair, position in enumerate(scene.workforce.positions):
        for start, _, person in position.sits:
            if start >= _OBSERVED:
                inside = any(begun < start for begun, _, _ in scene.workforce.people[person].sits)
                filled.append((start, chair, person, inside))
    filled.sort()
    waits = rng.integers(12, 75, len(filled)).tolist()
    return [
        Requisition(
            f"H{place:05d}",
            str(scene.title[chair]),
            str(scene.department[chair]),
            moment((start - waits[place - 1]) * DAY + 9 * HOUR),
            moment(start * DAY + 7 * HOUR),
            "internal" if inside else "external",
            scene.ids[person],
        )
        for place, (start, chair, person, inside) in enumerate(filled, start=1)
    ]


def _notices(rng: Generator, scene: Scene) -> list[ExitNotice]:
    """Leavers by their own wish announce it some weeks before; a few retire or reach the end of a contract."""
    quitting = np.flatnonzero(scene.quits & (scene.gone > _OBSERVED + 60))
    quitting = quitting[np.argsort(scene.gone[quitting], kind="stable")]
    ahead = rng.integers(28, 70, len(quitting)).tolist()
    kinds = rng.choice(["resignation", "retirement", "end_of_contract"], len(quitting), p=[0.86, 0.08, 0.06]).tolist()
    announces = rng.random(len(quitting)) < 0.9
    rows = [
        ExitNotice(
            f"N{place + 1:05d}",
            scene.ids[person],
            moment((int(scene.gone[person]) - ahead[place]) * DAY + 10 * HOUR),
            calendar_day(int(scene.gone[person])),
            kinds[place],
        )
        for place, person in enumerate(quitting.tolist())
        if announces[place]
    ]
    old = np.flatnonzero((scene.hired < day_number(date(2018, 6, 1))) & (scene.gone >= day_number(ENDS_AT.date())))[:9]
    late = datetime(2026, 10, 5, 9, tzinfo=UTC)
    leaving = [calendar_day(day_number(date(2027, 6, 30)) + 31 * place) for place in range(len(old))]
    return rows + [
        ExitNotice(f"N9{place:04d}", scene.ids[person], late + timedelta(days=place), leaving[place], "retirement")
        for place, person in enumerate(old.tolist())
    ]


def _buddies(rng: Generator, scene: Scene) -> list[BuddyAssignment]:
    new = np.flatnonzero(scene.hired >= _SINCE)
    new = new[np.argsort(scene.hired[new], kind="stable")]
    rows: list[BuddyAssignment] = []
    for person in new[rng.random(len(new)) < 0.55].tolist():
        week = week_of(calendar_day(int(scene.hired[person]))) + 1
        team = np.flatnonzero(
            scene.manager[:, min(week, scene.manager.shape[1] - 1)]
            == scene.manager_at(np.array([person]), scene.hired[[person]] * DAY + 7 * DAY)[0]
        )
        team = team[(team != person) & (scene.hired[team] < scene.hired[person] - 180)]
        if len(team):
            at = int(scene.hired[person]) * DAY + 9 * HOUR
            buddy = int(team[rng.integers(len(team))])
            rows.append(
                BuddyAssignment(f"Y{len(rows) + 1:05d}", scene.ids[person], scene.ids[buddy], moment(at), moment(at + 90 * DAY))
            )
    return rows


def _framings(rng: Generator, scene: Scene, ledger: Ledger) -> list[AssignmentFraming]:
    """How a share of the assigned library courses of the last year was framed; managers' reminders are followed more often."""
    codes = {course.course_id: course.code for course in ledger.courses}
    persons = {row.user_id: row.employee_id for row in ledger.learners if row.employee_id}
    assigned = [
        row
        for row in ledger.enrollments
        if row.user_id in persons
        and row.added_at >= datetime(2025, 12, 1, tzinfo=UTC)
        and codes[row.course_id].startswith("LIB-")
    ]
    picked = np.flatnonzero(rng.random(len(assigned)) < 0.10)
    senders = rng.choice(["manager", "lms", "peer"], len(picked), p=[0.45, 0.45, 0.10]).tolist()
    frames = rng.choice(["performance", "career", "none"], len(picked), p=[0.35, 0.30, 0.35]).tolist()
    sent = rng.integers(0, 4, len(picked))
    heed = np.array([{"manager": 0.55, "lms": 0.15, "peer": 0.35}[sender] for sender in senders])
    acted = rng.binomial(sent, heed)
    rows = []
    for place, number in enumerate(picked.tolist()):
        fact = assigned[number]
        sender = "self" if fact.self_enrolled else senders[place]
        rows.append(
            AssignmentFraming(
                f"F{place + 1:06d}",
                str(persons[fact.user_id]),
                codes[fact.course_id],
                sender,
                frames[place],
                fact.added_at,
                int(sent[place]),
                int(acted[place]),
            )
        )
    return rows


def _paths(rng: Generator, scene: Scene) -> list[LearningPath]:
    """The first path of new workers: about half have it built on their gaps, and those reach a first win sooner."""
    new = np.flatnonzero(scene.hired >= _SINCE)
    new = new[np.argsort(scene.hired[new], kind="stable")]
    chosen = new[rng.random(len(new)) < 0.85]
    based = rng.random(len(chosen)) < 0.55
    assigned = scene.hired[chosen] * DAY + rng.integers(0, 9, len(chosen)) * DAY + working_time(rng, len(chosen))
    opened = assigned + rng.integers(1, 7 * 24, len(chosen)) * HOUR
    first = opened + (rng.exponential(np.where(based, 5, 12)) * DAY).astype(int) // HOUR * HOUR + HOUR
    passes = rng.random(len(chosen)) < np.where(based, 0.85, 0.45)
    kept = scene.at_work(chosen, opened)
    return [
        LearningPath(
            f"J{place + 1:05d}",
            scene.ids[person],
            bool(based[place]),
            moment(int(assigned[place])),
            moment(int(opened[place])),
            moment(int(first[place])) if passes[place] else None,
        )
        for place, person in enumerate(chosen.tolist())
        if kept[place]
    ]


def _overrides(ledger: Ledger) -> list[IdentityOverride]:
    """Two learners whom somebody recognized (one only at the second look), and a user who is nobody we know."""
    mails = {row.employee_id: row.work_email.casefold() for row in ledger.employees}
    strangers = [
        row
        for row in ledger.learners
        if row.employee_id and row.external_id is None and row.email.casefold() != mails[row.employee_id] and not row.is_test
    ]
    early = [row for row in strangers if row.created_at < datetime(2026, 6, 1, tzinfo=UTC)][:2]
    other = next(row.employee_id for row in ledger.employees)
    told: list[tuple[str, str | None, datetime]] = []
    for number, learner in enumerate(early):
        if number == 0:
            told.append((learner.user_id, other, datetime(2026, 9, 7, 9, tzinfo=UTC)))
        told.append((learner.user_id, learner.employee_id, datetime(2026, 9, 8 + number, 9, tzinfo=UTC)))
    tester = next((row for row in ledger.learners if row.is_test and row.employee_id is None), None)
    if tester is not None:
        told.append((tester.user_id, None, datetime(2026, 9, 14, 9, tzinfo=UTC)))
    return [
        IdentityOverride(
            f"O{place:03d}", "absorb.users", user, "bamboohr.employees" if person else None, person, "learning operations", at,
            "same person, older address" if person else "made to try things out",
        )
        for place, (user, person, at) in enumerate(told, start=1)
    ]  # fmt: skip
