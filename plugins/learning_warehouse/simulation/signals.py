"""What people say and do beside the four systems: weekly check-ins and coaching events, as the drop files tell them."""

from datetime import date

import numpy as np

from learning_warehouse.simulation.customers import LAST_DAY
from learning_warehouse.simulation.draws import DAY, HOUR, MINUTE, Entity, calendar_day, day_number, moment, stream
from learning_warehouse.simulation.ledger import Checkin, CoachingEvent
from learning_warehouse.simulation.people import EXECUTIVE_TITLES
from learning_warehouse.simulation.sales import PILOT_DAY, PILOT_ID, Pilot
from learning_warehouse.simulation.workforce import Workforce

_FIRST_MONDAY = day_number(date(2026, 3, 2))
_WEEKLY_SHARE = 0.225
_UNKNOWN_COACHES = ("90017", "90044", "90101")


def build_checkins(seed: int, workforce: Workforce) -> list[Checkin]:
    """About a quarter of the workers answer in a week; whether the manager asked depends on the manager."""
    rng = stream(seed, Entity.SIGNALS)
    asks: dict[int | None, float] = {}
    rows: list[Checkin] = []
    for monday in range(_FIRST_MONDAY, LAST_DAY - 7, 7):
        for number in range(len(workforce.people)):
            chair = _chair(workforce, number, monday)
            if chair is None or rng.random() >= _WEEKLY_SHARE:
                continue
            manager = workforce.positions[chair].manager
            asked = asks.setdefault(manager, float(rng.beta(2.4, 3.45)))
            luck = rng.random(5)
            answered = (monday + 3 + int(luck[0] * 2)) * DAY + 7 * HOUR + int(luck[1] * 9 * 60) * MINUTE
            blank = luck[2] < 0.05
            said = bool(rng.random() < asked)
            rows.append(
                Checkin(
                    checkin_id=f"K{len(rows) + 1:06d}",
                    employee_id=workforce.employee_id(number),
                    week_start=calendar_day(monday),
                    manager_asked=None if blank else said,
                    used_learning=None if luck[3] < 0.04 else bool(rng.random() < (0.48 if said else 0.36)),
                    confidence=None if luck[4] < 0.06 else int(rng.choice(5, p=[0.05, 0.15, 0.35, 0.33, 0.12])) + 1,
                    answered_at=moment(answered),
                )
            )
    return rows


def build_coaching(seed: int, workforce: Workforce, pilot: Pilot) -> list[CoachingEvent]:
    """Monthly talks of managers with reports, calls observed in the coached arm, and a few coaches HR does not know."""
    rng = np.random.default_rng([seed, int(Entity.SIGNALS), 2])
    drawn: list[tuple[int, str, str, str, bool, str | None, int]] = []
    coached = {person for person, arm in pilot.coached.items() if arm}
    for number, person in enumerate(workforce.people):
        for start, end, chair in person.sits:
            manager = workforce.positions[chair].manager
            if manager is None:
                continue
            day = max(start + 10, _FIRST_MONDAY)
            until = LAST_DAY if end is None else min(end, LAST_DAY)
            while (day := day + int(rng.exponential(75)) + 1) < until:
                drawn.append(_event(rng, workforce, number, manager, day, None))
            day = max(PILOT_DAY, start)
            while number in coached and (day := day + int(rng.exponential(16)) + 1) < min(until, PILOT_DAY + 120):
                drawn.append(_event(rng, workforce, number, manager, day, PILOT_ID))
    drawn.sort()
    rows = []
    for place, (at, coach, coachee, kind, topic, program, minutes) in enumerate(drawn, start=1):
        known = coach if place % 331 else _UNKNOWN_COACHES[place % len(_UNKNOWN_COACHES)]
        rows.append(CoachingEvent(f"V{place:06d}", known, coachee, moment(at), kind, topic, program, minutes))
    return rows


def _event(
    rng: np.random.Generator, workforce: Workforce, number: int, manager: int, day: int, program: str | None
) -> tuple[int, str, str, str, bool, str | None, int]:
    lead = workforce.positions[manager].occupant(day)
    kind = "observation" if program else str(rng.choice(["one_to_one", "feedback", "observation"], p=[0.65, 0.25, 0.10]))
    at = day * DAY + 7 * HOUR + int(rng.integers(0, 9 * 60)) * MINUTE
    topic = program is not None or bool(rng.random() < 0.45)
    coach = workforce.employee_id(lead if lead is not None else 0)
    return at, coach, workforce.employee_id(number), kind, topic, program, int(rng.integers(3, 13)) * 5


def _chair(workforce: Workforce, number: int, day: int) -> int | None:
    for start, end, chair in workforce.people[number].sits:
        if start <= day and (end is None or day < end) and workforce.positions[chair].title != EXECUTIVE_TITLES[0]:
            return chair
    return None
