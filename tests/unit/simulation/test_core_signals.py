"""The oracle of the signal tables on facts small enough to check by hand, and the headline figures counted on them."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from learning_warehouse.settings import REPOSITORY, Company, read_company
from learning_warehouse.simulation.company import simulate
from learning_warehouse.simulation.core_facts import core_facts
from learning_warehouse.simulation.draws import ENDS_AT, FIRST_NIGHT, OBSERVED_FROM
from learning_warehouse.simulation.headline import headline_values, places
from learning_warehouse.simulation.ledger import CoachingEvent, Course, Employee, Enrollment, Job, Learner, Ledger, Spell
from learning_warehouse.simulation.ledger_registers import CourseSkill, Program, RoleSkillLevel
from learning_warehouse.simulation.ledger_signals import ApplicationEvidence, Goal, IdentityOverride, KpiObservation, PracticeTask

SECRET = b"a fixed secret for tests"
OTHERS = (  # no plain share of a count
    "engaged_hours_per_person",
    "overload_index",
    "scrap_rate",
    "competent_by_horizon",
    "coaching_practice_effect",
    "pilot_effect",
)
Tables = dict[str, list[dict[str, Any]]]


def at(year: int, month: int, day: int, hour: int = 9) -> datetime:
    return datetime(year, month, day, hour, tzinfo=UTC)


@pytest.fixture(scope="module")
def company() -> Company:
    return read_company(REPOSITORY / "company.yml")


def _worker(number: str, title: str, *managers: tuple[date, str | None]) -> Employee:
    jobs = tuple(Job(day, "Berlin", "Sales", "Commercial", title, manager) for day, manager in managers)
    return Employee(number, f"Name{number}", "Lee", f"w{number}@halden.example", "employee", (Spell(managers[0][0]),), jobs)


def _evidence(number: int, kind: str, observer: str | None, when: datetime, person: str = "3") -> ApplicationEvidence:
    return ApplicationEvidence(f"E{number}", person, when, kind, observer, "LIB", None)


def _ledger() -> Ledger:
    ledger = Ledger("tiny", "Tiny", 0, OBSERVED_FROM, FIRST_NIGHT, ENDS_AT)
    begun = date(2024, 1, 8)
    ledger.employees = [
        _worker("1", "Vice President", (begun, None)),
        _worker("2", "Team Lead", (begun, "1")),
        _worker("3", "Account Executive", (begun, "2")),
        _worker("4", "Account Executive", (begun, "4")),
    ]
    ledger.courses = [
        Course("c1", "LIB-001", "Writing", 8, False, at(2024, 6, 1)),
        Course("c2", "ONB-SEL-1", "Role", 40, False, at(2024, 6, 1)),
        Course("c3", "LIBRARY", "Another", 40, False, at(2024, 6, 1)),
    ]
    ledger.learners = [
        Learner("u1", "w3", "employee", "3", None, "w3@halden.example", "3", at(2025, 1, 2), None),
        Learner("u2", "who", "employee", None, None, "who@gmail.example", None, at(2025, 1, 2), None),
        Learner("u3", "nobody", "employee", None, None, "nobody@gmail.example", "4", at(2025, 1, 2), None),
    ]
    ledger.enrollments = [
        Enrollment("e1", "u1", "c2", at(2026, 1, 5), at(2026, 1, 6), at(2026, 2, 1), None, 70.0, False, False, 30.0),
        Enrollment("e2", "u1", "c2", at(2026, 2, 5), at(2026, 2, 6), at(2026, 3, 1), None, 90.0, True, False, 30.0),
        Enrollment("e3", "u1", "c1", at(2026, 2, 5), at(2026, 2, 6), at(2026, 3, 1), None, None, True, True, 30.0),
    ]
    ledger.coaching_events = [CoachingEvent("V1", "2", "3", at(2026, 5, 1), "one_to_one", True, None, 30)]
    ledger.application_evidence = [
        _evidence(1, "system_trace", None, at(2026, 5, 2)),
        _evidence(2, "manager_observation", "2", at(2026, 7, 30, 8)),
        _evidence(3, "manager_observation", "2", at(2026, 7, 30, 10)),
        _evidence(4, "peer", "3", at(2026, 5, 2)),
        _evidence(5, "peer", "90210", at(2026, 5, 2)),
        _evidence(6, "self_report", None, at(2026, 5, 2)),
        _evidence(7, "peer", "1", at(2026, 5, 2)),
        _evidence(8, "peer", "1", at(2026, 12, 1, 0)),
    ]
    ledger.practice_tasks = [
        PracticeTask("P1", "3", "writing", "LIB", at(2026, 11, 20), at(2026, 12, 1, 0), None, None, None, True),
        PracticeTask("P2", "90210", "writing", "LIB", at(2026, 11, 20), at(2026, 11, 21), at(2026, 12, 5), "2", 4, True),
    ]
    ledger.goals = [Goal("G1", "3", "learning", "planning", at(2026, 7, 1), None, "done", at(2026, 12, 9))]
    ledger.kpi_observations = [
        KpiObservation("team", "2", "delivery", date(2026, 11, 1), 80.0, "up"),
        KpiObservation("company", "company", "engagement", date(2026, 11, 1), 70.0, "up"),
        KpiObservation("company", "company", "engagement", date(2026, 12, 1), 70.0, "up"),
    ]
    ledger.programs = [
        Program("LIB", "Library", date(2025, 1, 1), "elearning", "employee", "1", "90210", None, None),
        Program("ONB", "Starters", date(2025, 1, 1), "practice", "employee", None, None, None, None),
        Program("ONB-SEL", "Sellers", date(2025, 1, 1), "practice", "employee", None, None, None, None),
    ]
    ledger.role_skill_levels = [RoleSkillLevel("Account Executive", "discovery", 3.0, date(2025, 1, 1))]
    ledger.course_skills = [
        CourseSkill("LIB-001", "writing", date(2025, 1, 1)),
        CourseSkill("GONE-1", "discovery", date(2025, 1, 1)),
    ]
    ledger.identity_overrides = [
        IdentityOverride("O1", "absorb.users", "u2", "bamboohr.employees", "4", "ops", at(2026, 9, 1), None),
        IdentityOverride("O2", "absorb.users", "u2", "bamboohr.employees", "3", "ops", at(2026, 9, 2), None),
        IdentityOverride("O3", "absorb.users", "u3", None, None, "ops", at(2026, 9, 2), None),
        IdentityOverride("O4", "bamboohr.employees", "4", "bamboohr.employees", "3", "ops", at(2026, 9, 2), None),
    ]
    return ledger


@pytest.fixture(scope="module")
def facts(company: Company) -> Tables:
    return core_facts(_ledger(), FIRST_NIGHT, SECRET, company)


def _keys(facts: Tables) -> dict[str, str]:
    return {
        row["source_identity_id"]: row["person_key"] for row in facts["bridge_identity"] if row["source"] == "bamboohr.employees"
    }


def test_use_is_verified_by_a_trace_or_by_somebody_who_did_not_coach_the_person_in_ninety_days(facts: Tables) -> None:
    verified = {row["evidence_id"]: row["is_verified"] for row in facts["fct_application_events"]}
    assert verified == {"E1": True, "E2": False, "E3": True, "E4": False, "E5": False, "E6": False, "E7": True}


def test_a_worker_unknown_to_hr_leaves_the_row_with_a_missing_key(facts: Tables) -> None:
    own = {row["practice_id"]: row["person_key"] for row in facts["fct_practice_tasks"]}
    assert own == {"P1": _keys(facts)["3"], "P2": None}
    assert next(row for row in facts["dim_programs"] if row["program_code"] == "LIB")["owner_person_key"] is None


def test_what_happens_on_the_day_of_the_night_is_not_known_yet(facts: Tables) -> None:
    tasks = {row["practice_id"]: row for row in facts["fct_practice_tasks"]}
    assert tasks["P1"]["done_at"] is None
    assert tasks["P2"]["done_at"] == datetime(2026, 11, 21, 9) and tasks["P2"]["quality"] is None
    assert facts["fct_goals"][0]["status"] == "open" and facts["fct_goals"][0]["closed_at"] is None


def test_a_month_of_figures_is_known_on_its_last_evening(facts: Tables) -> None:
    rows = [(row["unit_type"], row["period_start"], row["unit_person_key"]) for row in facts["fct_kpi_observations"]]
    assert rows == [("team", date(2026, 11, 1), _keys(facts)["2"]), ("company", date(2026, 11, 1), None)]


def test_ways_up_the_organization_end_before_anybody_is_on_them_twice(facts: Tables) -> None:
    keys = {key: number for number, key in _keys(facts).items()}
    ways = {(keys[row["manager_person_key"]], keys[row["person_key"]], row["depth"]) for row in facts["dim_org_closure"]}
    assert ways == {("1", "2", 1), ("2", "3", 1), ("1", "3", 2)}
    assert {row["worker_id"]: row["is_leader"] for row in facts["dim_worker_history"]} == {
        "1": True,
        "2": True,
        "3": False,
        "4": False,
    }


def test_a_course_belongs_to_the_program_with_the_longest_code(facts: Tables) -> None:
    assert {row["course_id"]: row["program_code"] for row in facts["bridge_program_courses"]} == {"c1": "LIB", "c2": "ONB-SEL"}
    assert {row["course_code"]: row["course_id"] for row in facts["bridge_course_skills"]} == {"LIB-001": "c1", "GONE-1": None}


def test_a_course_with_few_scores_borrows_from_the_company(facts: Tables) -> None:
    rows = {row["course_id"]: row for row in facts["dim_course_difficulty"]}
    assert (rows["c2"]["scored_enrollments"], rows["c2"]["failed_enrollments"]) == (2, 1)
    assert rows["c2"]["difficulty"] == pytest.approx(6 / 12)
    assert rows["c1"]["difficulty"] == pytest.approx(0.5) and not rows["c1"]["is_measured"]


def test_skills_are_those_somebody_names(facts: Tables) -> None:
    named = {row["skill_code"]: (row["is_required_by_a_role"], row["is_taught_by_a_course"]) for row in facts["dim_skills"]}
    assert named == {"discovery": (True, True), "planning": (False, False), "writing": (False, True)}


def test_the_newest_decision_by_hand_outranks_the_rules_and_never_joins_two_workers(facts: Tables) -> None:
    rows = {row["source_identity_id"]: row for row in facts["bridge_identity"] if row["source"] == "absorb.users"}
    assert (rows["u2"]["person_key"], rows["u2"]["rule"], rows["u2"]["is_matched"]) == (_keys(facts)["3"], "manual", True)
    assert (rows["u3"]["person_key"], rows["u3"]["rule"], rows["u3"]["is_matched"]) == (
        rows["u3"]["identity_key"],
        "manual",
        False,
    )
    workers = {
        row["source_identity_id"]: row["rule"] for row in facts["bridge_identity"] if row["source"] == "bamboohr.employees"
    }
    assert set(workers.values()) == {"canonical"}


def test_a_stream_reaches_us_once_a_row_was_dropped(facts: Tables) -> None:
    reaches = {row["stream"]: row["reaches_us"] for row in facts["dim_streams"]}
    assert reaches["drops.practice_tasks"] and reaches["drops.kpi_observations"]
    assert not reaches["drops.rituals"] and not reaches["drops.learning_sessions"]


def test_headline_figures_are_shares_with_their_counts_and_each_has_its_place(company: Company) -> None:
    ledger = simulate(5, employees=200, accounts=120)
    values = headline_values(ledger, ledger.first_night, company)
    assert list(values) == list(places(ledger, ledger.first_night, company)) and len(values) >= 20
    for metric, figure in values.items():
        if figure.value is not None and metric not in OTHERS:
            assert 0 <= figure.value <= 1 and figure.value == pytest.approx(figure.n / figure.denominator), metric
    assert values["coaching_coverage"].denominator > 150 and values["reach_share"].value > 0.8  # type: ignore[operator]


def test_headline_figures_follow_the_facts(company: Company) -> None:
    ledger = simulate(5, employees=200, accounts=120)
    before = headline_values(ledger, ledger.first_night, company)
    ledger.coaching_events, ledger.learning_sessions = [], []
    ledger.application_evidence = [row for row in ledger.application_evidence if row.evidence_type == "self_report"]
    after = headline_values(ledger, ledger.first_night, company)
    assert (after["coaching_coverage"].n, after["application_rate_90"].n, after["engaged_hours_per_person"].n) == (0, 0, 0)
    assert before["coaching_coverage"].n > 0 and before["application_rate_90"].n > 0
    unchanged = set(before) - {"coaching_coverage", "application_rate_30", "application_rate_90", "application_rate_180"}
    unchanged -= {
        "coaching_practice_effect",
        "engaged_hours_per_person",
        "micro_share",
        "uncredited_share",
        "beyond_mandatory_share",
    }
    assert {metric: before[metric] for metric in unchanged} == {metric: after[metric] for metric in unchanged}
