"""The ledger: everything that happens in a simulated company, as plain facts with their event times.

A ledger depends only on seed and size. It runs past the first simulated night, so each later night is a longer look at
the same facts: whoever reads it at `now` must ignore every fact at or after `now`. All times are UTC and naive of zone
errors: timezone-aware datetimes. Nothing here knows a vendor's page shape (sandbox/) or a mart (dbt_project/).
"""

from dataclasses import dataclass, field
from datetime import date, datetime

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
from learning_warehouse.simulation.ledger_signals import (
    Announcement,
    ApplicationEvidence,
    AssignmentFraming,
    BuddyAssignment,
    CollaborationCount,
    Decision,
    ExitNotice,
    Goal,
    IdentityOverride,
    KpiObservation,
    LearningLogEntry,
    LearningPath,
    LearningSession,
    ManagerContact,
    Moment,
    PracticeTask,
    ProductUsage,
    Recognition,
    Requisition,
    RetroAnswer,
    Ritual,
    SkillAssessment,
    SurveyResponse,
)


@dataclass(frozen=True, slots=True)
class Spell:
    """One employment, half open: [hired, terminated)."""

    hired: date
    terminated: date | None = None
    termination_type: str | None = None  # voluntary | involuntary | other


@dataclass(frozen=True, slots=True)
class Job:
    """One row of a job history, valid from `start` until the next row."""

    start: date
    location: str
    department: str
    division: str
    job_title: str
    manager_employee_id: str | None


@dataclass(frozen=True, slots=True)
class Employee:
    """One worker of the company (employee or contractor), with every spell and job row; a rehire keeps the id."""

    employee_id: str
    first_name: str
    last_name: str
    work_email: str
    worker_type: str  # employee | contractor
    spells: tuple[Spell, ...]
    jobs: tuple[Job, ...]
    deleted_from_hris_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Course:
    course_id: str
    code: str
    name: str
    estimated_minutes: int
    has_certificate: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Learner:
    """One user of the LMS. `external_id` is what the LMS holds: an employee id, a CRM contact id, or nothing."""

    user_id: str
    username: str
    audience: str  # employee | contractor | partner | customer
    employee_id: str | None
    contact_id: str | None
    email: str
    external_id: str | None
    created_at: datetime
    deactivated_at: datetime | None
    is_test: bool = False


@dataclass(frozen=True, slots=True)
class Enrollment:
    enrollment_id: str
    user_id: str
    course_id: str
    added_at: datetime
    started_at: datetime | None
    completed_at: datetime | None
    due_at: datetime | None
    score: float | None  # 0..100, known from completed_at on
    passed: bool
    self_enrolled: bool
    minutes: float
    certificate_id: str | None = None
    certificate_expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OwnerChange:
    at: datetime
    crm_user_id: str


@dataclass(frozen=True, slots=True)
class Account:
    account_id: str  # 18 characters
    name: str
    segment: str  # small | medium | large
    plan: str  # monthly | annual
    industry: str
    employee_count: int
    website_domain: str
    early_health_band: str  # low | mid | high
    early_health_band_at: datetime
    contract_start: date
    churned_at: datetime | None
    first_value_at: datetime | None
    owners: tuple[OwnerChange, ...]
    created_at: datetime
    merged_into: str | None = None
    merged_at: datetime | None = None
    is_test: bool = False


@dataclass(frozen=True, slots=True)
class Contact:
    contact_id: str
    account_id: str
    email: str
    title: str
    created_at: datetime
    deleted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CrmUser:
    crm_user_id: str
    employee_id: str
    email: str
    has_employee_number: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Contract:
    """Paid seats and yearly value of one account for [start, end). An account's contracts follow each other."""

    contract_id: str
    account_id: str
    start: date
    end: date
    term_months: int
    paid_seats: int
    annual_value: float
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Opportunity:
    opportunity_id: str
    account_id: str
    owner_crm_user_id: str
    type: str  # New Business | Renewal | Expansion
    amount: float
    created_at: datetime
    closed_at: datetime
    is_won: bool


@dataclass(frozen=True, slots=True)
class Organization:
    """One help-desk organization. `external_id` is the CRM account id where support keeps it, else nothing."""

    organization_id: int
    account_id: str | None
    name: str
    domain_names: tuple[str, ...]
    external_id: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class SupportUser:
    support_user_id: int
    role: str  # end-user | agent
    email: str
    external_id: str | None
    organization_id: int | None
    contact_id: str | None
    employee_id: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Ticket:
    ticket_id: int
    requester_id: int
    assignee_id: int
    organization_id: int | None
    account_id: str | None  # the truth, whatever the help desk can tell
    kind: str  # how_to | defect | billing | request: the truth
    is_kind_tagged: bool
    category: str  # product area
    priority: str | None
    created_at: datetime
    first_reply_at: datetime
    solved_at: datetime | None
    reopen_count: int
    satisfaction: str | None  # good | bad
    rated_at: datetime | None
    deleted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CoachingEvent:
    event_id: str
    coach_employee_id: str
    coachee_employee_id: str
    occurred_at: datetime
    event_type: str  # one_to_one | observation | feedback
    has_learning_topic: bool
    program_code: str | None
    minutes: int


@dataclass(frozen=True, slots=True)
class Checkin:
    checkin_id: str
    employee_id: str
    week_start: date
    manager_asked: bool | None
    used_learning: bool | None
    confidence: int | None  # 1..5
    answered_at: datetime


@dataclass(frozen=True, slots=True)
class PilotAssignment:
    pilot_id: str
    team_manager_employee_id: str
    arm: str  # coached | content_only
    assigned_at: datetime
    stratum: str
    randomized: bool


@dataclass(frozen=True, slots=True)
class Truth:
    """One planted effect: what `estimate` of a mart row should recover."""

    truth_id: str
    sentence: str
    unit: str
    value: float
    naive_misleads: bool


@dataclass(slots=True)
class Ledger:
    """All facts of one simulated company from `observed_from` until `ends_at`; see the module text for reading at `now`."""

    company_id: str
    company_name: str
    seed: int
    observed_from: datetime
    first_night: datetime
    ends_at: datetime
    employees: list[Employee] = field(default_factory=list)
    courses: list[Course] = field(default_factory=list)
    learners: list[Learner] = field(default_factory=list)
    enrollments: list[Enrollment] = field(default_factory=list)
    accounts: list[Account] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    crm_users: list[CrmUser] = field(default_factory=list)
    contracts: list[Contract] = field(default_factory=list)
    opportunities: list[Opportunity] = field(default_factory=list)
    organizations: list[Organization] = field(default_factory=list)
    support_users: list[SupportUser] = field(default_factory=list)
    tickets: list[Ticket] = field(default_factory=list)
    coaching_events: list[CoachingEvent] = field(default_factory=list)
    checkins: list[Checkin] = field(default_factory=list)
    pilot_assignments: list[PilotAssignment] = field(default_factory=list)
    practice_tasks: list[PracticeTask] = field(default_factory=list)
    application_evidence: list[ApplicationEvidence] = field(default_factory=list)
    survey_responses: list[SurveyResponse] = field(default_factory=list)
    recognitions: list[Recognition] = field(default_factory=list)
    rituals: list[Ritual] = field(default_factory=list)
    retro_answers: list[RetroAnswer] = field(default_factory=list)
    learning_log_entries: list[LearningLogEntry] = field(default_factory=list)
    moments: list[Moment] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    announcements: list[Announcement] = field(default_factory=list)
    kpi_observations: list[KpiObservation] = field(default_factory=list)
    metric_targets: list[MetricTarget] = field(default_factory=list)
    program_costs: list[ProgramCost] = field(default_factory=list)
    value_conversions: list[ValueConversion] = field(default_factory=list)
    programs: list[Program] = field(default_factory=list)
    policies: list[Policy] = field(default_factory=list)
    reward_rules: list[RewardRule] = field(default_factory=list)
    objectives: list[Objective] = field(default_factory=list)
    goals: list[Goal] = field(default_factory=list)
    role_skill_levels: list[RoleSkillLevel] = field(default_factory=list)
    skill_assessments: list[SkillAssessment] = field(default_factory=list)
    course_skills: list[CourseSkill] = field(default_factory=list)
    requisitions: list[Requisition] = field(default_factory=list)
    review_cycles: list[ReviewCycle] = field(default_factory=list)
    exit_notices: list[ExitNotice] = field(default_factory=list)
    buddy_assignments: list[BuddyAssignment] = field(default_factory=list)
    assignment_framings: list[AssignmentFraming] = field(default_factory=list)
    manager_contacts: list[ManagerContact] = field(default_factory=list)
    product_usage: list[ProductUsage] = field(default_factory=list)
    collaboration_counts: list[CollaborationCount] = field(default_factory=list)
    learning_sessions: list[LearningSession] = field(default_factory=list)
    learning_paths: list[LearningPath] = field(default_factory=list)
    identity_overrides: list[IdentityOverride] = field(default_factory=list)
    truths: list[Truth] = field(default_factory=list)
    expected_match_rate: float = 0.0  # share of real LMS users, at the first night, whom the identity rules can match
