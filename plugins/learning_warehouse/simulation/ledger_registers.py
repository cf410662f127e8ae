"""What is registered once and holds until it is changed: programs, costs, targets, policies, skills. Fields as in the drop files.

Employee ids are ids of the HRIS; dates are UTC days, money has its currency.
"""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class MetricTarget:
    """What was planned for a metric in a quarter."""

    metric_id: str
    period_start: date
    unit: str
    target: float
    sponsor_employee_id: str | None
    approved_at: datetime | None


@dataclass(frozen=True, slots=True)
class ProgramCost:
    """Money spent on a program in one month."""

    program_code: str
    month_start: date
    cost_type: str
    amount: float
    currency: str


@dataclass(frozen=True, slots=True)
class ValueConversion:
    """What Finance says one unit of an outcome is worth."""

    conversion_id: str
    outcome_code: str
    unit: str
    amount_low: float
    amount_likely: float
    amount_high: float
    currency: str
    approved_by_employee_id: str | None
    approved_at: datetime | None
    valid_from: date


@dataclass(frozen=True, slots=True)
class Program:
    """A learning program with its sponsor and plan."""

    program_code: str
    program_name: str
    launch_date: date
    modality: str
    audience: str
    sponsor_employee_id: str | None
    owner_employee_id: str | None
    objective_id: str | None
    planned_reach_share: float | None


@dataclass(frozen=True, slots=True)
class Policy:
    """A rule that makes people learn, for [valid_from, valid_to)."""

    policy_id: str
    policy_type: str
    valid_from: date
    valid_to: date | None
    threshold: float | None
    course_code_prefix: str | None


@dataclass(frozen=True, slots=True)
class RewardRule:
    """What is rewarded, and under which policy."""

    rule_id: str
    policy_id: str | None
    rewards: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Objective:
    """A business objective that programs may serve."""

    objective_id: str
    objective_name: str
    horizon_year: int | None
    owner_employee_id: str | None
    valid_from: date


@dataclass(frozen=True, slots=True)
class RoleSkillLevel:
    """The level (0..5) of a skill that a role needs."""

    job_title: str
    skill_code: str
    required_level: float
    valid_from: date


@dataclass(frozen=True, slots=True)
class CourseSkill:
    """A skill that a course teaches."""

    course_code: str
    skill_code: str
    valid_from: date


@dataclass(frozen=True, slots=True)
class ReviewCycle:
    """One round of performance reviews."""

    cycle_id: str
    starts_on: date
    rating_date: date
    is_learning_rated: bool
