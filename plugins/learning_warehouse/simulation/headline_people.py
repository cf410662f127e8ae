"""Headline figures of application and of the workforce: what people did with what they learned, who leaves, who is ready."""

from collections import defaultdict
from datetime import date, datetime, timedelta
from itertools import groupby

from learning_warehouse.simulation.core_view import Row
from learning_warehouse.simulation.headline_facts import Facts, Headline, midnight, month_before, next_month, share, valid_on

_LOOP_DAYS = 14
_FAR = date(9999, 12, 31)


def application_rate(facts: Facts, program: str, days: int) -> Headline:
    """Of those who finished a program `days` ago or earlier and still work here, those with verified use within them."""
    ended = _due_completions(facts, program, days)
    used = set()
    for row in facts["fct_application_events"]:
        at = ended.get(row["person_key"])
        if at and row["program_code"] == program and row["is_verified"] and at < row["occurred_at"] <= at + timedelta(days=days):
            used.add(row["person_key"])
    return share(len(used), len(ended))


def scrap_rate(facts: Facts, program: str, days: int) -> Headline:
    """What people say they did not apply, mean over people who answered within `days` of finishing."""
    ended = _due_completions(facts, program, days)
    answers: dict[str, list[float]] = defaultdict(list)
    for row in facts.rows("fct_survey_responses", instrument="applied_share", item_code="percent_applied", subject_code=program):
        at = ended.get(row["person_key"])
        if at and at < row["answered_at"] <= at + timedelta(days=days):
            answers[row["person_key"]].append(1 - row["score"] / row["maximum_score"])
    means = [sum(values) / len(values) for values in answers.values()]
    return Headline(sum(means) / len(means) if means else None, len(means), len(means))


def _due_completions(facts: Facts, program: str, days: int) -> dict[str, datetime]:
    courses = {row["course_id"] for row in facts.rows("bridge_program_courses", program_code=program)}
    first: dict[str, datetime] = {}
    for row in facts["fct_enrollments"]:
        if row["course_id"] in courses and row["is_verified_completion"]:
            first[row["person_key"]] = min(first.get(row["person_key"], row["completed_at"]), row["completed_at"])
    spells: dict[str, list[Row]] = defaultdict(list)
    for row in facts["dim_worker_spells"]:
        spells[row["person_key"]].append(row)
    recorded_from = min((row["occurred_at"] for row in facts["fct_application_events"]), default=facts.as_of)
    found = {}
    for person, at in first.items():
        if at < recorded_from:
            continue
        ends = [row["terminated_date"] or _FAR for row in spells.get(person, ()) if row["hired_date"] <= at.date()]
        ends = [end for end in ends if at.date() < end]
        if ends and at + timedelta(days=days) <= facts.as_of and (at + timedelta(days=days)).date() < max(ends):
            found[person] = at
    return found


def loop_rate(facts: Facts, month: date) -> Headline:
    """Courses beyond the mandatory list finished in a month that practice and feedback followed within two weeks."""
    program = {row["course_id"]: row["program_code"] for row in facts["bridge_program_courses"]}
    skills: dict[str, set[str]] = defaultdict(set)
    for row in facts["bridge_course_skills"]:
        skills[row["course_id"]].add(row["skill_code"])
    tasks: dict[str, list[Row]] = defaultdict(list)
    for row in facts["fct_practice_tasks"]:
        if row["done_at"] is not None and row["feedback_at"] is not None:
            tasks[row["person_key"]].append(row)
    learned = loops = 0
    for row in facts["fct_enrollments"]:
        at = row["completed_at"]
        if not row["is_verified_completion"] or facts.courses[row["course_id"]]["is_mandatory"] or not facts.in_month(at, month):
            continue
        until = at + timedelta(days=_LOOP_DAYS)
        if until <= facts.as_of and facts.works_on(row["person_key"], at.date()):
            learned += 1
            loops += any(
                at < task["done_at"] <= until
                and task["done_at"] <= task["feedback_at"] <= until
                and (task["program_code"] == program.get(row["course_id"]) or task["skill_code"] in skills[row["course_id"]])
                for task in tasks.get(row["person_key"], ())
            )
    return share(loops, learned)


def coaching_coverage(facts: Facts) -> Headline:
    """Workers with a manager at the month's end whom somebody coached on learning in its last 28 days."""
    end = next_month(facts.month)
    reports = {
        person
        for person, rows in facts.history.items()
        if any(
            row["manager_person_key"] and row["valid_from"] < end and (row["valid_to"] is None or row["valid_to"] >= end)
            for row in rows
        )
    }
    coached = {
        row["coachee_person_key"]
        for row in facts["fct_coaching_events"]
        if row["has_learning_topic"]
        and midnight(end - timedelta(days=28)) <= row["occurred_at"] < midnight(end)
        and facts.works_on(row["coachee_person_key"], row["occurred_at"].date())
    }
    return share(len(reports & coached), len(reports))


def modelling_rate(facts: Facts) -> Headline:
    """Managers whose reports answered and who learned themselves while at least half of these say that they asked."""
    begin, end = facts.month, next_month(facts.month)
    rows = [
        row
        for own in facts.history.values()
        for row in own
        if row["valid_from"] < end and (row["valid_to"] is None or row["valid_to"] > begin)
    ]
    here = {row["person_key"] for row in rows}
    managers = {row["manager_person_key"] for row in rows if row["manager_person_key"]} & here
    learned = {row["person_key"] for row in facts["fct_practice_tasks"] if facts.in_month(row["done_at"], facts.month)}
    for row in facts["fct_enrollments"]:
        moments = (row["started_at"], row["completed_at"])
        if not facts.courses[row["course_id"]]["is_mandatory"] and any(facts.in_month(at, facts.month) for at in moments):
            learned.add(row["person_key"])
    said: dict[str, dict[str | None, bool]] = defaultdict(dict)
    for row in facts["fct_checkins"]:
        if (
            row["manager_asked"] is not None
            and row["manager_person_key"]
            and begin <= row["week_start"] < end
            and row["person_key"]
        ):
            own = said[row["manager_person_key"]]
            own[row["person_key"]] = own.get(row["person_key"], False) or row["manager_asked"]
    answered = {manager: list(reports.values()) for manager, reports in said.items() if manager in managers}
    modelling = [manager for manager, told in answered.items() if manager in learned and 2 * sum(told) >= len(told)]
    return share(len(modelling), len(answered))


def voluntary_turnover_12m(facts: Facts) -> Headline:
    """Employees who left by their own wish in twelve calendar months, over the mean headcount at the months' beginnings."""
    history = {person: [row for row in rows if row["worker_type"] == "employee"] for person, rows in facts.history.items()}
    month, months = facts.month, []
    for _ in range(12):
        months.append(month)
        month = month_before(month)
    person_months = left = 0
    for begin in months:
        people: dict[str, Row] = {}
        for row in facts["dim_worker_spells"]:
            key = row["person_key"]
            begun = row["hired_date"] <= begin and (row["terminated_date"] is None or row["terminated_date"] > begin)
            if begun and any(valid_on(job, begin) for job in history.get(key, ())):
                people[key] = row
        person_months += len(people)
        left += sum(
            row["termination_type"] == "voluntary"
            and row["terminated_date"] is not None
            and row["terminated_date"] <= next_month(begin)
            for row in people.values()
        )
    return share(left, person_months / 12)


def personalized_path(facts: Facts, month: date) -> Headline:
    """People hired in a month into roles with a path who opened one built on their gaps within two weeks."""
    roles = {row["role_title"] for row in facts["dim_courses"] if row["role_title"]}
    paths: dict[str, list[date]] = defaultdict(list)
    for row in facts["fct_learning_paths"]:
        if row["is_gap_based"]:
            paths[row["person_key"]].append(row["opened_at"].date())
    hires = [
        row
        for row in facts["dim_worker_spells"]
        if row["first_job_title"] in roles
        and row["hired_date"].replace(day=1) == month
        and row["hired_date"] >= facts.company["observed_from_at"].date()
        and (facts.as_of.date() - row["hired_date"]).days >= 14
    ]
    opened = [row for row in hires if any(0 <= (day - row["hired_date"]).days <= 14 for day in paths.get(row["person_key"], ()))]
    return share(len(opened), len(hires))


def gap_closure(facts: Facts) -> Headline:
    """Skills below the level of the role when the quarter began that were at it by its end (or the night)."""
    newest = (facts.as_of - timedelta(days=1)).date()
    begin = newest.replace(month=3 * ((newest.month - 1) // 3) + 1, day=1)
    end = min(next_month(next_month(next_month(begin))), facts.as_of.date())
    levels: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in facts["fct_skill_assessments"]:
        if row["level"] is not None and row["assessed_by"] != "self" and row["assessed_at"] < midnight(end):
            levels[row["person_key"], row["skill_code"]].append(row)
    required: dict[tuple[str, str], tuple[date, float]] = {}
    for person, rows in facts.history.items():
        for job in rows:
            if not (job["valid_from"] < end and (job["valid_to"] is None or job["valid_to"] >= end)):
                continue
            for need in facts.rows("dim_role_skill_levels", job_title=job["job_title"]):
                key = (person, need["skill_code"])
                if need["valid_from"] < end and need["valid_from"] >= required.get(key, (date.min, 0.0))[0]:
                    required[key] = (need["valid_from"], need["required_level"])
    gaps = closed = 0
    for key, (_, needed) in required.items():
        rows = sorted(levels.get(key, ()), key=lambda row: (-row["assessed_at"].timestamp(), row["assessment_id"]))
        before = next((row["level"] for row in rows if row["assessed_at"] < midnight(begin)), None)
        if before is not None and before < needed:
            gaps += 1
            closed += rows[0]["level"] >= needed
    return share(closed, gaps)


def competent_by_horizon(facts: Facts) -> Headline:
    """Share of starters in roles with a path who are competent within the horizon, leaving counted as a competing end."""
    days = facts.company["competent_horizon_days"]
    path: dict[str, set[str]] = defaultdict(set)
    for course in facts["dim_courses"]:
        if course["role_title"]:
            path[course["role_title"]].add(course["course_id"])
    passed: dict[tuple[str, str], list[datetime]] = defaultdict(list)
    for row in facts["fct_assessment_attempts"]:
        if row["is_passed"]:
            passed[row["person_key"], row["course_id"]].append(row["attempted_at"])
    times: list[tuple[int, str]] = []
    today = facts.as_of.date()
    for spell in facts["dim_worker_spells"]:
        courses = path.get(spell["first_job_title"])
        if not courses or not facts.company["observed_from_at"].date() <= spell["hired_date"] <= today:
            continue
        hired = spell["hired_date"]
        firsts = [
            min((at for at in passed.get((spell["person_key"], course), ()) if at.date() >= hired), default=None)
            for course in courses
        ]
        done = None if None in firsts else (max(at for at in firsts if at).date() - hired).days
        gone = (spell["terminated_date"] - hired).days if spell["terminated_date"] and spell["terminated_date"] <= today else None
        if done is not None and (gone is None or done <= gone):
            times.append((done, "event"))
        elif gone is not None:
            times.append((gone, "competing"))
        else:
            times.append(((today - hired).days, "censored"))
    return Headline(_aalen_johansen(times, days), sum(kind == "event" for _, kind in times), len(times))


def _aalen_johansen(times: list[tuple[int, str]], horizon: int) -> float | None:
    at_risk, alive, reached = len(times), 1.0, 0.0
    for day, group in groupby(sorted(times), key=lambda row: row[0]):
        ends = [kind for _, kind in group]
        if day > horizon:
            break
        reached += alive * ends.count("event") / at_risk
        alive *= 1 - (ends.count("event") + ends.count("competing")) / at_risk
        at_risk -= len(ends)
    return reached if times else None
