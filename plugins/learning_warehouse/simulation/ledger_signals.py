"""What people and tools beside the four systems write down: one class per stream of the drop folder, fields as in its files.

Employee ids are ids of the HRIS (some are unknown to it), account ids those of the CRM; times are aware UTC datetimes.
"""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class PracticeTask:
    """Something small to try on the job; feedback and quality (1..5) come together."""

    practice_id: str
    employee_id: str
    skill_code: str | None
    program_code: str | None
    assigned_at: datetime
    done_at: datetime | None
    feedback_at: datetime | None
    feedback_by_employee_id: str | None
    quality: int | None
    is_micro: bool


@dataclass(frozen=True, slots=True)
class ApplicationEvidence:
    """One sign that something learned was used at work."""

    evidence_id: str
    employee_id: str
    occurred_at: datetime
    evidence_type: str
    observed_by_employee_id: str | None
    program_code: str | None
    skill_code: str | None


@dataclass(frozen=True, slots=True)
class SurveyResponse:
    """One answered item of one survey."""

    response_id: str
    employee_id: str | None
    instrument: str
    item_code: str
    subject_code: str | None
    manager_employee_id: str | None
    wave_day: int | None
    score: float
    maximum_score: float
    answered_at: datetime


@dataclass(frozen=True, slots=True)
class Recognition:
    """Thanks from one worker to another, with the reason."""

    recognition_id: str
    from_employee_id: str | None
    to_employee_id: str
    occurred_at: datetime
    reason_class: str


@dataclass(frozen=True, slots=True)
class Ritual:
    """One huddle, retrospective or knowledge share of a team."""

    ritual_id: str
    team_manager_employee_id: str
    ritual_type: str
    held_at: datetime
    attendees: int | None


@dataclass(frozen=True, slots=True)
class RetroAnswer:
    """One answer to "what will we do differently" after a retrospective."""

    answer_id: str
    ritual_id: str
    employee_id: str | None
    learned_something: bool
    will_do_differently: bool | None
    answered_at: datetime


@dataclass(frozen=True, slots=True)
class LearningLogEntry:
    """One entry of a learning log; only named entries may be shown with a name."""

    entry_id: str
    employee_id: str
    entry_date: date
    topic: str | None
    shared_in: str | None
    is_named: bool


@dataclass(frozen=True, slots=True)
class Moment:
    """One moment of need in the work, and when a help for it was opened."""

    moment_id: str
    employee_id: str
    occurred_at: datetime
    trigger_type: str
    course_code: str | None
    opened_at: datetime | None


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision of a team."""

    decision_id: str
    team_manager_employee_id: str
    decided_at: datetime
    category: str | None
    used_learning: bool | None
    was_reversed: bool | None


@dataclass(frozen=True, slots=True)
class Announcement:
    """A leader speaks of a program."""

    announcement_id: str
    announced_by_employee_id: str
    announced_at: datetime
    program_code: str
    channel: str | None


@dataclass(frozen=True, slots=True)
class KpiObservation:
    """The value of one figure of one person, team or the company for one month."""

    unit_type: str
    unit_id: str
    kpi_code: str
    period_start: date
    value: float
    direction: str


@dataclass(frozen=True, slots=True)
class Goal:
    """A goal of one worker."""

    goal_id: str
    employee_id: str
    goal_type: str
    skill_code: str | None
    set_at: datetime
    due_date: date | None
    status: str
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class SkillAssessment:
    """One measured skill; level is 0..5."""

    assessment_id: str
    employee_id: str
    skill_code: str
    program_code: str | None
    phase: str
    score: float
    maximum_score: float
    level: float | None
    assessed_by: str
    assessed_at: datetime


@dataclass(frozen=True, slots=True)
class Requisition:
    """One open chair until it is filled."""

    requisition_id: str
    job_title: str
    department: str | None
    opened_at: datetime
    filled_at: datetime | None
    fill_type: str | None
    filled_by_employee_id: str | None


@dataclass(frozen=True, slots=True)
class ExitNotice:
    """A leaving that was announced."""

    notice_id: str
    employee_id: str
    announced_at: datetime
    leaving_date: date
    notice_type: str


@dataclass(frozen=True, slots=True)
class BuddyAssignment:
    """The buddy of a new worker."""

    assignment_id: str
    employee_id: str
    buddy_employee_id: str
    assigned_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class AssignmentFraming:
    """How a course was assigned, by whom, and the reminders that followed within 45 days."""

    framing_id: str
    employee_id: str
    course_code: str
    assigned_by: str
    framing: str
    sent_at: datetime
    reinforcements_sent: int | None
    reinforcements_acted: int | None


@dataclass(frozen=True, slots=True)
class ManagerContact:
    """A talk of the learning team with a manager."""

    contact_id: str
    manager_employee_id: str
    contacted_at: datetime
    topic: str | None
    barrier: str | None


@dataclass(frozen=True, slots=True)
class ProductUsage:
    """How an account used the product in one month."""

    account_id: str
    month_start: date
    active_users: int
    key_actions: int | None


@dataclass(frozen=True, slots=True)
class CollaborationCount:
    """Posts about learning in one channel and department in one week."""

    channel: str
    department: str
    week_start: date
    learning_posts: int
    active_people: int


@dataclass(frozen=True, slots=True)
class LearningSession:
    """One sitting in a learning system; engaged seconds are the credited ones."""

    session_id: str
    employee_id: str
    system: str
    course_code: str | None
    started_at: datetime
    ended_at: datetime
    raw_seconds: int
    engaged_seconds: int | None
    interactions: int | None
    device: str | None


@dataclass(frozen=True, slots=True)
class LearningPath:
    """The first learning path of a new worker."""

    path_id: str
    employee_id: str
    is_gap_based: bool
    assigned_at: datetime
    opened_at: datetime | None
    first_gap_item_passed_at: datetime | None


@dataclass(frozen=True, slots=True)
class IdentityOverride:
    """A person decided by hand whom an identity belongs to."""

    override_id: str
    source: str
    source_identity_id: str
    person_source: str | None
    person_source_id: str | None
    decided_by: str
    decided_at: datetime
    reason: str | None
