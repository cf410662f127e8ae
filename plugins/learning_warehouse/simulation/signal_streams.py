"""How facts of the signals become known: when a row is dropped first, which fields come later, and in which file format.

A row is dropped once it is known, and again (same key, newest wins) on the day a later field of it becomes known. `shown`
gives a fact as somebody sees it who was told everything before a moment; file writer and core oracle both use it.
"""

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any, get_args, get_type_hints

from learning_warehouse.simulation import ledger_registers as registers
from learning_warehouse.simulation import ledger_signals as kinds

TYPES = {str: "varchar", int: "bigint", float: "double", bool: "boolean", datetime: "timestamp", date: "date"}
REMINDER_DAYS = 45


@dataclass(frozen=True, slots=True)
class Signal:
    """One stream: class of its facts, key, the moment a fact is known, fields by the moment that reveals them, file format."""

    kind: type
    key: tuple[str, ...]
    known_at: Callable[[Any], datetime]
    reveals: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    form: str = "csv"
    is_broken: bool = False
    before: Mapping[str, Any] = field(default_factory=dict)  # value of a field before it is revealed, nothing unless given


def _at(name: str) -> Callable[[Any], datetime]:
    return lambda fact: getattr(fact, name)


def _on(name: str) -> Callable[[Any], datetime]:
    return lambda fact: datetime.combine(getattr(fact, name), time(6), UTC)


def _evening(name: str) -> Callable[[Any], datetime]:
    return lambda fact: datetime.combine(getattr(fact, name), time(20), UTC)


def _month_end(name: str) -> Callable[[Any], datetime]:
    def known(fact: Any) -> datetime:
        following = (getattr(fact, name).replace(day=1) + timedelta(days=32)).replace(day=1)
        return datetime.combine(following, time(), UTC) - timedelta(hours=4)

    return known


def _week_end(fact: Any) -> datetime:
    return datetime.combine(fact.week_start, time(), UTC) + timedelta(days=6, hours=20)


def _moment_known(fact: Any) -> datetime:
    return max(fact.occurred_at, fact.opened_at or fact.occurred_at)


SIGNALS: dict[str, Signal] = {
    "practice_tasks": Signal(
        kinds.PracticeTask,
        ("practice_id",),
        _at("assigned_at"),
        {"done_at": ("done_at",), "feedback_at": ("feedback_at", "feedback_by_employee_id", "quality")},
        is_broken=True,
    ),
    "application_evidence": Signal(kinds.ApplicationEvidence, ("evidence_id",), _at("occurred_at")),
    "survey_responses": Signal(kinds.SurveyResponse, ("response_id",), _at("answered_at")),
    "recognitions": Signal(kinds.Recognition, ("recognition_id",), _at("occurred_at")),
    "rituals": Signal(kinds.Ritual, ("ritual_id",), _at("held_at")),
    "retro_answers": Signal(kinds.RetroAnswer, ("answer_id",), _at("answered_at")),
    "learning_log_entries": Signal(kinds.LearningLogEntry, ("entry_id",), _evening("entry_date")),
    "moments": Signal(kinds.Moment, ("moment_id",), _moment_known),
    "decisions": Signal(kinds.Decision, ("decision_id",), _at("decided_at")),
    "announcements": Signal(kinds.Announcement, ("announcement_id",), _at("announced_at")),
    "kpi_observations": Signal(
        kinds.KpiObservation, ("unit_type", "unit_id", "kpi_code", "period_start"), _month_end("period_start")
    ),
    "metric_targets": Signal(registers.MetricTarget, ("metric_id", "period_start", "unit"), _on("period_start")),
    "program_costs": Signal(registers.ProgramCost, ("program_code", "month_start", "cost_type"), _month_end("month_start")),
    "value_conversions": Signal(registers.ValueConversion, ("conversion_id",), _on("valid_from")),
    "programs": Signal(registers.Program, ("program_code",), _on("launch_date")),
    "policies": Signal(registers.Policy, ("policy_id",), _on("valid_from")),
    "reward_rules": Signal(registers.RewardRule, ("rule_id",), _on("valid_from")),
    "objectives": Signal(registers.Objective, ("objective_id",), _on("valid_from")),
    "goals": Signal(kinds.Goal, ("goal_id",), _at("set_at"), {"closed_at": ("status", "closed_at")}, before={"status": "open"}),
    "role_skill_levels": Signal(registers.RoleSkillLevel, ("job_title", "skill_code", "valid_from"), _on("valid_from")),
    "skill_assessments": Signal(kinds.SkillAssessment, ("assessment_id",), _at("assessed_at")),
    "course_skills": Signal(registers.CourseSkill, ("course_code", "skill_code"), _on("valid_from")),
    "requisitions": Signal(
        kinds.Requisition,
        ("requisition_id",),
        _at("opened_at"),
        {"filled_at": ("filled_at", "fill_type", "filled_by_employee_id")},
    ),
    "review_cycles": Signal(registers.ReviewCycle, ("cycle_id",), _on("rating_date")),
    "exit_notices": Signal(kinds.ExitNotice, ("notice_id",), _at("announced_at")),
    "buddy_assignments": Signal(kinds.BuddyAssignment, ("assignment_id",), _at("assigned_at"), {"ended_at": ("ended_at",)}),
    "assignment_framings": Signal(
        kinds.AssignmentFraming,
        ("framing_id",),
        _at("sent_at"),
        {"sent_at+reminders": ("reinforcements_sent", "reinforcements_acted")},
    ),
    "manager_contacts": Signal(kinds.ManagerContact, ("contact_id",), _at("contacted_at")),
    "product_usage": Signal(kinds.ProductUsage, ("account_id", "month_start"), _month_end("month_start"), form="parquet"),
    "collaboration_counts": Signal(kinds.CollaborationCount, ("channel", "department", "week_start"), _week_end),
    "learning_sessions": Signal(kinds.LearningSession, ("session_id",), _at("ended_at"), form="jsonl", is_broken=True),
    "learning_paths": Signal(
        kinds.LearningPath, ("path_id",), _at("opened_at"), {"first_gap_item_passed_at": ("first_gap_item_passed_at",)}
    ),
    "identity_overrides": Signal(kinds.IdentityOverride, ("override_id",), _at("decided_at")),
}


@cache
def columns(stream: str) -> dict[str, str]:
    """Name and warehouse type of every column of a stream, in order."""
    hints = get_type_hints(SIGNALS[stream].kind)
    return {
        row.name: TYPES[next((part for part in get_args(hints[row.name]) if part is not type(None)), hints[row.name])]
        for row in dataclasses.fields(SIGNALS[stream].kind)
    }


def revealed_at(signal: Signal, fact: Any) -> dict[str, datetime]:
    """When each later group of fields of a fact becomes known, by the name it has in `reveals`; absent ones never do."""
    moments = {}
    for name in signal.reveals:
        if name == "sent_at+reminders":
            moments[name] = fact.sent_at + timedelta(days=REMINDER_DAYS)
        elif (moment := getattr(fact, name)) is not None:
            moments[name] = moment
    return moments


def shown(signal: Signal, fact: Any, cut: datetime) -> Any:
    """The fact without what becomes known at or after `cut`; itself when there is nothing to hide."""
    if not signal.reveals:
        return fact
    hidden: dict[str, Any] = {}
    for name, moment in revealed_at(signal, fact).items():
        if moment >= cut:
            hidden.update((column, signal.before.get(column)) for column in signal.reveals[name])
    return dataclasses.replace(fact, **hidden) if hidden else fact
