"""Headline effects in plain Python: the pilot by team means, and what coaching and practice add together on a change score."""

from collections import defaultdict
from datetime import datetime, timedelta
from statistics import fmean

from learning_warehouse.simulation.headline_facts import Facts, Headline, midnight, valid_on

_COACHED_DAYS, _OUTCOME_DAYS, _BEFORE_DAYS = 60, 150, 90


def pilot_effect(facts: Facts) -> Headline:
    """Win rate within the primary horizon, mean over coached teams less mean over the others; n are coached teams."""
    plan = next(row for row in facts["dim_company_pilots"] if row["is_primary"])
    members: dict[str, set[str]] = defaultdict(set)
    for row in facts.rows("fct_pilot_members", pilot_id=plan["pilot_id"]):
        members[row["team_key"]].add(row["person_key"])
    rates: dict[bool, list[float]] = {True: [], False: []}
    for unit in facts.rows("fct_pilot_units", pilot_id=plan["pilot_id"]):
        begin = unit["assigned_at"]
        until = begin + timedelta(days=plan["horizon_days"])
        closed = [
            row["is_won"]
            for row in facts["fct_opportunities"]
            if row["is_closed"] and row["owner_person_key"] in members[unit["team_key"]] and begin < row["closed_at"] <= until
        ]
        if closed:
            rates[unit["arm"] not in ("content_only", "control")].append(sum(closed) / len(closed))
    effect = fmean(rates[True]) - fmean(rates[False]) if rates[True] and rates[False] else None
    return Headline(effect, len(rates[True]), len(rates[True]) + len(rates[False]))


def coaching_practice_effect(facts: Facts, kpi: str) -> Headline:
    """Mean change of a figure of people coached and practicing often, less either alone, plus neither; n are people.

    Corrected by what leaving out one manager after the other changes.
    """
    began = _first_chosen(facts)
    talks: dict[str, int] = defaultdict(int)
    for row in facts["fct_coaching_events"]:
        at = began.get(row["coachee_person_key"])
        if at and row["has_learning_topic"] and at < row["occurred_at"] <= at + timedelta(days=_COACHED_DAYS):
            talks[row["coachee_person_key"]] += 1
    tasks: dict[str, int] = defaultdict(int)
    for row in facts["fct_practice_tasks"]:
        at = began.get(row["person_key"])
        if at and row["is_micro"] and row["done_at"] and at < row["done_at"] <= at + timedelta(days=_COACHED_DAYS):
            tasks[row["person_key"]] += 1
    before: dict[str, list[float]] = defaultdict(list)
    after: dict[str, list[float]] = defaultdict(list)
    for row in facts.rows("fct_kpi_observations", unit_type="person", kpi_code=kpi):
        at = began.get(row["unit_person_key"])
        value = -row["value"] if row["direction"] == "down" else row["value"]
        if at is None:
            continue
        moment = midnight(row["period_start"])
        if at - timedelta(days=_BEFORE_DAYS) < moment <= at:
            before[row["unit_person_key"]].append(value)
        elif at + timedelta(days=_COACHED_DAYS) < moment <= at + timedelta(days=_OUTCOME_DAYS):
            after[row["unit_person_key"]].append(value)
    changes: list[tuple[str, tuple[bool, bool], float]] = []
    for person in set(before) & set(after):
        often = talks[person] >= facts.company["coaching_threshold"], tasks[person] >= facts.company["practice_threshold"]
        job = next(row for row in facts.history[person] if valid_on(row, began[person].date()))
        changes.append((job["manager_person_key"] or person, often, fmean(after[person]) - fmean(before[person])))
    whole = _interaction(changes)
    if whole is None:
        return Headline(None, len(changes), len(changes))
    left_out = [_interaction([row for row in changes if row[0] != manager]) for manager in {row[0] for row in changes}]
    corrected = whole - sum(rest - whole for rest in left_out if rest is not None)
    return Headline(corrected, len(changes), len(changes))


def _interaction(changes: list[tuple[str, tuple[bool, bool], float]]) -> float | None:
    cells: dict[tuple[bool, bool], list[float]] = defaultdict(list)
    for _, often, change in changes:
        cells[often].append(change)
    if len(cells) < 4:
        return None
    mean = {often: fmean(values) for often, values in cells.items()}
    return mean[True, True] - mean[True, False] - mean[False, True] + mean[False, False]


def _first_chosen(facts: Facts) -> dict[str, datetime]:
    """When people finished their first course beyond the mandatory list; only those followed for the whole time since."""
    counted_from = facts.company["observed_from_at"] + timedelta(days=_BEFORE_DAYS)
    first: dict[str, datetime] = {}
    for row in facts["fct_enrollments"]:
        course, at = facts.courses[row["course_id"]], row["completed_at"]
        if (
            row["is_verified_completion"]
            and not course["is_mandatory"]
            and course["audience"] == "employee"
            and at >= counted_from
        ):
            first[row["person_key"]] = min(first.get(row["person_key"], at), at)
    last = timedelta(days=_OUTCOME_DAYS)
    return {
        person: at
        for person, at in first.items()
        if at + last <= facts.as_of and facts.works_on(person, at.date()) and facts.works_on(person, (at + last).date())
    }
