"""Registers kept by hand: programs, policies, objectives, targets, money, skills of roles and courses, announcements."""

from datetime import UTC, date, datetime, time, timedelta

import numpy as np
from numpy.random import Generator

from learning_warehouse.simulation.catalog import LIBRARY
from learning_warehouse.simulation.draws import ENDS_AT, moment
from learning_warehouse.simulation.growth import ROLE_SKILLS
from learning_warehouse.simulation.ledger import Ledger
from learning_warehouse.simulation.ledger_registers import (
    CourseSkill,
    MetricTarget,
    Objective,
    Policy,
    Program,
    ProgramCost,
    ReviewCycle,
    RewardRule,
    RoleSkillLevel,
    ValueConversion,
)
from learning_warehouse.simulation.ledger_signals import Announcement, ProductUsage
from learning_warehouse.simulation.sales import PILOT_ID
from learning_warehouse.simulation.scene import Scene, signal_rng, week_of, working_time
from learning_warehouse.simulation.sessions import POLICY_FROM, POLICY_UNTIL, YEAR_HOURS
from learning_warehouse.simulation.signal_learning import SKILL_OF, program_of

PATH_ROLLED_OUT = date(2025, 10, 1)
_THEME = 10
_PROGRAMS = (
    ("AGT-BILLING", "Billing for support", date(2025, 4, 1), "blended", "employee", "O-2", 0.6),
    ("AGT-INTEGRATIONS", "Integrations for support", date(2025, 4, 1), "blended", "employee", "O-2", 0.6),
    ("AGT-REPORTING", "Reporting for support", date(2025, 4, 1), "blended", "employee", "O-2", 0.6),
    ("OWN", "Value conversations", date(2024, 12, 3), "workshop", "employee", "O-1", 0.55),
    ("ONB-AGT", "First weeks: support agent", date(2024, 12, 2), "practice", "employee", "O-3", 0.9),
    ("ONB-SEL", "First weeks: account executive", date(2024, 12, 2), "practice", "employee", "O-3", 0.9),
    ("ONB-ENG", "First weeks: engineer", date(2024, 12, 2), "practice", "employee", "O-3", 0.9),
    ("MAND", "Mandatory courses", date(2025, 1, 15), "elearning", "employee", None, 1.0),
    ("CUST", "Customer onboarding path", PATH_ROLLED_OUT, "elearning", "customer", "O-1", 0.4),
    ("LIB", "Open library", date(2025, 2, 3), "elearning", "employee", None, None),
    (PILOT_ID, "Discovery calls", date(2026, 8, 3), "coaching", "employee", "O-4", 0.5),
)
_COSTS = {"elearning": ("license", "participant_time", "overhead"), "workshop": ("delivery", "participant_time", "design")}
_OTHER_COSTS = ("design", "participant_time", "coach_time")
_TARGETS = (
    ("reach", 0.85),
    ("on_time_completion", 0.90),
    ("application_rate_90", 0.45),
    ("coaching_coverage", 0.50),
    ("voluntary_turnover_12m", 0.10),
    ("compliance_rate", 0.95),
    ("time_to_competency_90", 0.55),
    ("modelling_rate", 0.40),
)


def add_registers(seed: int, scene: Scene, ledger: Ledger) -> None:
    """Fill the streams of this theme."""
    week = week_of(date(2025, 1, 13))
    leaders = np.intersect1d(scene.leading_in(week), scene.leading_in(week_of(date(2026, 11, 2)))).tolist()
    sponsors = [scene.ids[person] for person in leaders[: max(1, min(12, len(leaders)))]]
    ledger.programs = [
        Program(
            code,
            name,
            launch,
            modality,
            audience,
            sponsors[place % len(sponsors)],
            sponsors[(place + 3) % len(sponsors)],
            aim,
            reach,
        )
        for place, (code, name, launch, modality, audience, aim, reach) in enumerate(_PROGRAMS)
    ]
    ledger.announcements = _announcements(_rng(seed, 0), sponsors)
    ledger.program_costs = _costs(_rng(seed, 1), len(scene.ids))
    ledger.metric_targets = _targets(sponsors)
    ledger.value_conversions = _values(sponsors[0])
    ledger.policies = [
        Policy("hours-quota", "mandatory_hours", POLICY_FROM, POLICY_UNTIL, YEAR_HOURS, "MAND"),
        Policy("yearly-courses", "mandatory_course", date(2025, 1, 1), None, None, "MAND"),
        Policy("rated-learning", "rating_link", date(2026, 1, 1), None, None, None),
    ]
    ledger.reward_rules = [
        RewardRule("gift-for-hours", "hours-quota", "hours", POLICY_FROM, POLICY_UNTIL),
        RewardRule("points-for-completions", "yearly-courses", "completion", date(2025, 1, 1), None),
        RewardRule("thanks-for-use", None, "application", date(2026, 3, 1), None),
    ]
    ledger.objectives = [
        Objective("O-1", "Customers stay", 2027, sponsors[0], date(2024, 12, 2)),
        Objective("O-2", "Issues are solved at first contact", 2027, sponsors[1 % len(sponsors)], date(2025, 1, 6)),
        Objective("O-3", "New colleagues are productive in a quarter", 2025, sponsors[2 % len(sponsors)], date(2024, 12, 2)),
        Objective("O-4", "Win one deal in three", 2028, sponsors[3 % len(sponsors)], date(2026, 1, 5)),
        Objective("O-5", "Open a second market", 2031, None, date(2026, 1, 5)),
    ]
    ledger.review_cycles = [
        ReviewCycle("2025-H1", date(2025, 1, 1), date(2025, 6, 30), False),
        ReviewCycle("2025-H2", date(2025, 7, 1), date(2025, 12, 12), False),
        ReviewCycle("2026-H1", date(2026, 1, 1), date(2026, 6, 30), True),
        ReviewCycle("2026-H2", date(2026, 7, 1), date(2026, 12, 11), True),
    ]
    ledger.role_skill_levels = [
        RoleSkillLevel(title, skill, level, date(2025, 1, 6)) for title, skills in ROLE_SKILLS.items() for skill, level in skills
    ]
    ledger.course_skills = _course_skills(ledger)
    ledger.product_usage = _usage(_rng(seed, 2), ledger)


def _rng(seed: int, number: int) -> Generator:
    return signal_rng(seed, _THEME + 100 * number)


def _announcements(rng: Generator, sponsors: list[str]) -> list[Announcement]:
    channels = ("town_hall", "mail", "chat")
    drawn = []
    for place, (code, _, launch, *_) in enumerate(_PROGRAMS):
        for wave in range(5):
            day = (max(launch, date(2025, 1, 13)) - date(1970, 1, 1)).days + 112 * wave + int(rng.integers(0, 4))
            drawn.append(
                (
                    day * 86_400 + int(working_time(rng, 1)[0]),
                    sponsors[(place + wave) % len(sponsors)],
                    code,
                    channels[(place + wave) % 3],
                )
            )
    drawn.sort()
    return [
        Announcement(f"AN{place:04d}", person, moment(at), code, channel)
        for place, (at, person, code, channel) in enumerate(drawn, start=1)
        if moment(at) < ENDS_AT
    ]


def _months(first: date) -> list[date]:
    months, month = [], first.replace(day=1)
    while month < ENDS_AT.date():
        months.append(month)
        month = (month + timedelta(days=32)).replace(day=1)
    return months


def _costs(rng: Generator, people: int) -> list[ProgramCost]:
    rows = []
    for code, _, launch, modality, *_ in _PROGRAMS:
        size = {"MAND": 9.0, "LIB": 8.0, "CUST": 5.0}.get(code, 1.6) * people
        for month in _months(max(launch, date(2024, 12, 1))):
            for kind in _COSTS.get(modality, _OTHER_COSTS):
                scale = {"design": 0.3, "license": 0.5, "overhead": 0.2}.get(kind, 1.0)
                rows.append(ProgramCost(code, month, kind, round(size * scale * float(rng.uniform(0.7, 1.3)), 2), "EUR"))
    return rows


def _targets(sponsors: list[str]) -> list[MetricTarget]:
    rows = []
    for number, (metric, target) in enumerate(_TARGETS):
        for quarter in (date(2026, 1, 1), date(2026, 4, 1), date(2026, 7, 1), date(2026, 10, 1), date(2027, 1, 1)):
            approved = datetime.combine(quarter - timedelta(days=21), time(10), UTC)
            sponsor = sponsors[number % len(sponsors)]
            rows.append(MetricTarget(metric, quarter, "company", target, sponsor, approved))
            if metric in ("reach", "coaching_coverage"):
                rows.append(MetricTarget(metric, quarter, "People", round(target - 0.05, 2), sponsor, approved))
    return rows


def _values(approver: str) -> list[ValueConversion]:
    approved, since = datetime(2025, 1, 13, 10, tzinfo=UTC), date(2025, 1, 15)
    told = (
        ("value_churn", "churn", "customer kept", 4_000.0, 9_000.0, 16_000.0),
        ("value_ticket", "how_to_tickets", "ticket", 9.0, 14.0, 22.0),
        ("value_win", "win_rate", "deal won", 1_500.0, 4_000.0, 8_000.0),
        ("value_hour", "resolution_hours_saved", "hour", 30.0, 42.0, 60.0),
        ("value_leaver", "voluntary_leaving", "leaver avoided", 12_000.0, 25_000.0, 45_000.0),
    )
    return [
        ValueConversion(number, outcome, unit, low, likely, high, "EUR", approver, approved, since)
        for number, outcome, unit, low, likely, high in told
    ]


def _course_skills(ledger: Ledger) -> list[CourseSkill]:
    extra = ("negotiation", "testing", "discovery", "coding", "troubleshooting")
    rows = []
    for course in ledger.courses:
        program = program_of(course.code)
        if program in ("MAND", "CUST"):
            continue
        skill = SKILL_OF[program] if program != "LIB" else (*extra, "planning")[LIBRARY.index(course.code) % 6]
        rows.append(CourseSkill(course.code, skill, date(2025, 1, 6)))
    return rows


def _usage(rng: Generator, ledger: Ledger) -> list[ProductUsage]:
    """Monthly use of every running customer account since the feed began; healthier accounts use it more."""
    seats = {row.account_id: row.paid_seats for row in ledger.contracts}
    live = {"low": 0.45, "mid": 0.65, "high": 0.82}
    rows = []
    for month in _months(date(2026, 10, 1)):
        begin = datetime.combine(month, time(), UTC)
        running = [
            row
            for row in ledger.accounts
            if row.contract_start < month and (row.churned_at is None or row.churned_at > begin) and row.account_id in seats
        ]
        chance = np.array([live[row.early_health_band] for row in running])
        active = rng.binomial([seats[row.account_id] for row in running], chance)
        actions = rng.poisson(active * 6.0)
        rows += [
            ProductUsage(row.account_id, month, users, done)
            for row, users, done in zip(running, active.tolist(), actions.tolist(), strict=True)
            if not row.is_test and row.merged_into is None
        ]
    return rows
