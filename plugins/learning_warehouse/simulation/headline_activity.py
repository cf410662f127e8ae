"""Headline figures of activity and governance: the last whole month of all departments, counted person by person."""

from collections import defaultdict
from datetime import date, datetime, timedelta

from learning_warehouse.simulation.core_view import Row
from learning_warehouse.simulation.headline_facts import Facts, Headline, midnight, next_month, share

_EXCUSED = ("offline", "offline_sync", "screen_reader", "captions", "accessibility", "assistive")


def beyond_mandatory_share(facts: Facts) -> Headline:
    """Workers who learned or practiced anything that nobody prescribes."""
    active: set[str | None] = set()
    for row in facts["fct_enrollments"]:
        moments = (row["started_at"], row["completed_at"])
        is_free = not facts.courses[row["course_id"]]["is_mandatory"] and row["enrollment_source"] != "mandatory"
        if is_free and any(facts.in_month(at, facts.month) for at in moments):
            active.add(row["person_key"])
    for row in facts["fct_assessment_attempts"]:
        if not facts.courses[row["course_id"]]["is_mandatory"] and facts.in_month(row["attempted_at"], facts.month):
            active.add(row["person_key"])
    for row in _sessions(facts):
        seconds = row["raw_seconds"] if row["engaged_seconds"] is None else row["engaged_seconds"]
        if not _is_mandatory(facts, row["course_id"]) and seconds >= 60:
            active.add(row["person_key"])
    active |= {row["person_key"] for row in facts["fct_practice_tasks"] if facts.in_month(row["done_at"], facts.month)}
    codes = {row["course_code"] for row in facts["dim_courses"] if row["is_mandatory"]}
    for row in facts["fct_moments"]:
        if facts.in_month(row["opened_at"], facts.month) and row["course_code"] not in codes:
            active.add(row["person_key"])
    staff = facts.staff(facts.month)
    return share(len(staff & active), len(staff))


def pull_ratio(facts: Facts) -> Headline:
    """Enrollments of workers beyond the mandatory ones that they chose themselves."""
    sources = [
        row["enrollment_source"]
        for row in facts["fct_enrollments"]
        if row["enrollment_source"] in ("self", "assigned")
        and facts.in_month(row["enrolled_at"], facts.month)
        and facts.is_worker(row["person_key"])
        and not (facts.courses[row["course_id"]]["is_mandatory"] and row["enrollment_source"] == "mandatory")
    ]
    return share(sources.count("self"), len(sources))


def engaged_hours_per_person(facts: Facts) -> Headline:
    """Hours with interaction, of all workers, who did nothing included."""
    staff = facts.staff(facts.month)
    hours = sum((row["engaged_seconds"] or 0) / 3600 for row in _sessions(facts) if row["person_key"] in staff)
    return share(hours, len(staff))


def micro_share(facts: Facts) -> Headline:
    """Sittings of workers that were short."""
    limit = 60 * facts.company["micro_minutes"]
    sittings = [
        row["engaged_seconds"]
        for row in _sessions(facts)
        if row["engaged_seconds"] is not None and facts.is_worker(row["person_key"])
    ]
    return share(sum(seconds <= limit for seconds in sittings), len(sittings))


def overload_index(facts: Facts) -> Headline:
    """Minutes due in the next four weeks over the minutes people have for learning; n are the minutes."""
    end = next_month(facts.month) - timedelta(days=1)
    staff = facts.staff(facts.month)
    due = 0.0
    for person in staff:
        for row in facts.enrollments_of.get(person, ()):
            if row["enrollment_source"] == "self" or row["due_at"] is None or row["enrolled_at"].date() > end:
                continue
            open_then = row["completed_at"] is None or row["completed_at"].date() > end
            if open_then and end < row["due_at"].date() <= end + timedelta(days=28):
                due += facts.courses[row["course_id"]]["estimated_minutes"] or 0
    capacity = 4 * facts.company["learning_capacity_minutes_per_week"] * len(staff)
    return Headline(due / capacity if capacity else None, due, len(staff))


def on_time_rate(facts: Facts, course_code: str, cohort: date, audience: str = "employee") -> Headline:
    """Of the enrollments of a course and month whose due day has passed, those finished by then."""
    due = [row for row in _cohort(facts, course_code, cohort, audience) if row["due_at"] and row["due_at"] < facts.as_of]
    done = [row for row in due if row["is_verified_completion"] and row["completed_at"] <= row["due_at"]]
    return share(len(done), len(due))


def reach_share(facts: Facts, course_code: str, cohort: date, audience: str = "employee") -> Headline:
    """Of everybody in the audience at the end of the month, those who had begun the course by then."""
    until = min(next_month(cohort), facts.as_of.date())
    members = {
        row["person_key"]
        for row in facts["dim_person_roles"]
        if ("customer" if row["role"] == "customer_contact" else row["role"]) == audience
        and row["person_key"] in facts.people
        and row["valid_from"].date() < until
        and (row["valid_to"] is None or row["valid_to"].date() >= until)
    }
    begun = {
        row["person_key"]
        for row in facts["fct_enrollments"]
        if facts.courses[row["course_id"]]["course_code"] == course_code
        and any(moment is not None and moment < midnight(until) for moment in (row["started_at"], row["completed_at"]))
    }
    return share(len(members & begun), len(members))


def newest_campaign(facts: Facts) -> tuple[str, date]:
    """Code and month of the newest mandatory campaign that is due: at least a hundredth of all enrollments of its course."""
    found: dict[tuple[str, date], int] = defaultdict(int)
    for row in facts["fct_enrollments"]:
        course = facts.courses[row["course_id"]]
        if course["is_mandatory"] and row["due_at"] and row["due_at"] < facts.as_of:
            found[course["course_code"], row["enrolled_at"].date().replace(day=1)] += 1
    largest = max(found.values())
    return max((key for key, count in found.items() if count >= largest / 2), key=lambda key: (key[1], key[0]))


def compliance_rate(facts: Facts) -> Headline:
    """Of the workers to whom a mandatory course was due at the end of the month, those who stood well in all of them."""
    end = next_month(facts.month) - timedelta(days=1)
    begun: dict[str, date] = {}
    for row in facts["fct_enrollments"]:
        if facts.courses[row["course_id"]]["is_mandatory"]:
            day = row["enrolled_at"].date()
            begun[row["course_id"]] = min(begun.get(row["course_id"], day), day)
    expires = {row["enrollment_id"]: row["expires_at"] for row in facts["dim_certificates"]}
    standings = []
    for person in facts.staff(facts.month):
        own = facts.enrollments_of.get(person, [])
        found = {
            _standing([row for row in own if row["course_id"] == course], end, expires)
            for course, day in begun.items()
            if day <= end
        }
        worst = next(
            (
                word
                for word in ("overdue", "valid", "not_due", "waived")
                if word in found or (word == "overdue" and "expired" in found)
            ),
            "not_assigned",
        )
        standings.append(worst)
    return share(standings.count("valid"), standings.count("valid") + standings.count("overdue"))


def _standing(rows: list[Row], end: date, expires: dict[str, datetime | None]) -> str:
    known = [row for row in rows if row["enrolled_at"].date() <= end]
    if not known:
        return "not_assigned"
    due = [row["enrolled_at"] for row in known if (row["due_at"] or row["enrolled_at"]).date() <= end]
    waived = [row["enrolled_at"] for row in known if row["status"] == "waived"]
    done = [row for row in known if row["is_verified_completion"] and row["completed_at"].date() <= end]
    valid = [row["enrolled_at"] for row in done if _is_valid(expires.get(row["enrollment_id"]), end)]
    if waived and max(waived) >= (max(due) if due else max(row["enrolled_at"] for row in known)):
        return "waived"
    if valid and (not due or max(valid) >= max(due)):
        return "valid"
    if not due:
        return "not_due"
    return "expired" if done and max(row["enrolled_at"] for row in done) >= max(due) else "overdue"


def _is_valid(expires: datetime | None, end: date) -> bool:
    return expires is None or expires.date() > end


def uncredited_share(facts: Facts) -> Headline:
    """Mandated minutes of the month without a sign of anybody being there; n and denominator are minutes."""
    newest: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in facts["fct_enrollments"]:
        newest[row["person_key"], row["course_id"]].append(row)
    lost = recorded = 0.0
    for row in _sessions(facts):
        if row["system"] != "lms" or not row["raw_seconds"] or row["engaged_seconds"] is None:
            continue
        before = [e for e in newest.get((row["person_key"], row["course_id"]), ()) if e["enrolled_at"] <= row["started_at"]]
        owner = max(before, key=lambda e: e["enrolled_at"]) if before else None
        is_mandated = _is_mandatory(facts, row["course_id"]) or (owner is not None and owner["enrollment_source"] == "mandatory")
        if is_mandated and (row["device"] or "").lower() not in _EXCUSED:
            recorded += row["raw_seconds"] / 60
            lost += max(row["raw_seconds"] - row["engaged_seconds"], 0) / 60
    return share(lost, recorded)


def matched_rate(facts: Facts, source: str = "absorb.users") -> Headline:
    """Logins of a source whose person is known."""
    rows = facts.rows("bridge_identity", source=source)
    return share(sum(row["is_matched"] for row in rows), len(rows))


def _sessions(facts: Facts) -> list[Row]:
    return [
        row
        for row in facts["fct_learning_sessions"]
        if facts.in_month(row["started_at"], facts.month) and row["person_key"] in facts.people
    ]


def _cohort(facts: Facts, course_code: str, cohort: date, audience: str) -> list[Row]:
    return [
        row
        for row in facts["fct_enrollments"]
        if facts.courses[row["course_id"]]["course_code"] == course_code
        and row["enrolled_at"].date().replace(day=1) == cohort
        and row["status"] != "waived"
        and facts.people.get(row["person_key"], {}).get("audience") == audience
    ]


def _is_mandatory(facts: Facts, course_id: str | None) -> bool:
    return course_id is not None and bool(facts.courses[course_id]["is_mandatory"])
