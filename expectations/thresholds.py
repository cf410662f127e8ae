"""The numbers of the gates that stand in front of the suites: one line per stream, dated and with its reason.

A suite sees one load and passes on an empty one; the gates also see the loads admitted before. Days are calendar days,
so limits allow for a long weekend. A stream that is not named here gets `Limits()`.

- `first_minimum`: records that a first load, or a snapshot, must have; 0 where an empty list is an honest answer.
- `stale_warning`, `stale_critical`: age in days of the newest event ever admitted or landed; None where silence is normal.
- `set_aside_share`: more than this share of records set aside rejects the load (one record is always tolerated).
- `may_lie_ahead`: dates of plans and rules may lie in the future.
- `total_tolerance`: share by which the landed records may miss the vendor's own total.
- `gone_share`: share of its known keys that a stream may lose from one sweep to the next (a handful is always allowed).
- `touches`: the figure that suffers.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one stream; shares are 0..1, ages are days."""

    touches: str = "every figure of this stream"
    first_minimum: int = 1
    stale_warning: float | None = None
    stale_critical: float | None = None
    set_aside_share: float = 0.001
    total_tolerance: float = 0.005
    gone_share: float = 0.05
    may_lie_ahead: bool = False


# 2026-11-21: people write the drop files by hand, and the bad lines are listed for them with file and line. One in twenty is
# a few slips per file; beyond that a column moved or the file is of another kind, and none of its lines can be trusted.
HAND_WRITTEN = 0.05

# 2026-11-21: the ages below are twice to four times the longest silence (public holidays around a weekend) of a company of
# a thousand people; critical only where a silent source would let people read old figures as new ones.
LIMITS: dict[str, Limits] = {
    "absorb__users": Limits("matching of learners to people", stale_warning=14),
    "absorb__departments": Limits("figures by department of the learning system"),
    "absorb__courses": Limits("program funnel"),
    "absorb__enrollments": Limits("every learning figure", stale_warning=5, stale_critical=21),
    "absorb__certificates": Limits("certified customers", first_minimum=0, stale_warning=180),
    "absorb__deletions": Limits("learners and enrollments that are gone", first_minimum=0),
    "learning360__users": Limits("matching of learners to people"),
    "learning360__groups": Limits("figures by department of the learning platform"),
    "learning360__external_ids": Limits("matching of learners to people", first_minimum=0),
    "learning360__courses": Limits("learning hours"),
    "learning360__paths": Limits("program funnel"),
    "learning360__path_enrollments": Limits("every learning figure", stale_warning=5, stale_critical=21),
    "learning360__attempts": Limits("assessment attempts", stale_warning=5),
    "learning360__certificates": Limits("certified customers", first_minimum=0, stale_warning=180),
    "moodle__users": Limits("matching of learners to people", stale_warning=5),
    "moodle__courses": Limits("program funnel"),
    "moodle__enrollments": Limits("program funnel", stale_warning=5, stale_critical=21),
    "moodle__completions": Limits("completion rate", first_minimum=0, stale_warning=30),
    "moodle__grade_items": Limits("assessment attempts", first_minimum=0, stale_warning=14),
    "bamboohr__employees": Limits("every figure by department or role"),
    "bamboohr__employee_changes": Limits("freshness of employees", first_minimum=0, stale_warning=30),
    "bamboohr__job_info": Limits("worker history", stale_warning=60),
    "bamboohr__employment_status": Limits("onboarding cohorts", stale_warning=60),
    "xapi__statements": Limits("every learning figure", stale_warning=5, stale_critical=21),
    "workday__workers": Limits("every figure by department or role"),
    "workday__worker_history": Limits("worker history", stale_warning=60),
    "hibob__employees": Limits("every figure by department or role"),
    "hibob__work_history": Limits("worker history"),
    "hibob__lifecycle_history": Limits("headcount"),
    "hibob__employment_history": Limits("figures of contractors"),
    "zendesk__tickets": Limits("every ticket figure", stale_warning=4, stale_critical=14),
    "zendesk__users": Limits("match rate of requesters", stale_warning=30),
    "zendesk__organizations": Limits("tickets per account"),
    "zendesk__satisfaction_ratings": Limits("ticket satisfaction", first_minimum=0, stale_warning=14),
    "freshdesk__tickets": Limits("every ticket figure", stale_warning=4, stale_critical=14),
    "freshdesk__contacts": Limits("match rate of requesters", stale_warning=30),
    "freshdesk__agents": Limits("handling time of trained agents"),
    "freshdesk__companies": Limits("tickets per account"),
    "freshdesk__satisfaction_ratings": Limits("ticket satisfaction", first_minimum=0, stale_warning=14),
    "salesforce__accounts": Limits("customer education", stale_warning=14, stale_critical=60),
    "salesforce__account_history": Limits("account owner training", first_minimum=0, stale_warning=120),
    "salesforce__contacts": Limits("customer education", stale_warning=30),
    "salesforce__users": Limits("account owner training"),
    "salesforce__opportunities": Limits("win rate", stale_warning=14),
    "salesforce__contracts": Limits("tickets per seat", stale_warning=60),
    "salesforce__deletions": Limits("customers and deals that are gone", first_minimum=0),
    "hubspot__companies": Limits("customer education", stale_warning=14, stale_critical=60),
    "hubspot__contacts": Limits("customer education", stale_warning=30),
    "hubspot__deals": Limits("win rate", stale_warning=14),
    "hubspot__owners": Limits("account owner training"),
    "hubspot__company_owners": Limits("account owner training", stale_warning=60),
    "hubspot__contact_companies": Limits("trained customers"),
    "hubspot__deal_companies": Limits("win rate by customer"),
    "hubspot__deletions": Limits("customers and deals that are gone", first_minimum=0),
    "drops__coaching_events": Limits("coaching", 0, stale_warning=30, set_aside_share=HAND_WRITTEN),
    "drops__checkins": Limits("weekly check-ins", 0, stale_warning=21, set_aside_share=HAND_WRITTEN),
    "drops__pilot_assignments": Limits("pilot effects", 0, set_aside_share=HAND_WRITTEN),
    "drops__manager_contacts": Limits("contacts with managers", 0, set_aside_share=HAND_WRITTEN),
    "drops__buddy_assignments": Limits("buddies and mentoring", 0, set_aside_share=HAND_WRITTEN),
    "drops__practice_tasks": Limits("practice loops", 0, stale_warning=30, set_aside_share=HAND_WRITTEN),
    "drops__application_evidence": Limits("application rates", 0, stale_warning=30, set_aside_share=HAND_WRITTEN),
    "drops__moments": Limits("micro-moments", 0, stale_warning=60, set_aside_share=HAND_WRITTEN),
    "drops__learning_log_entries": Limits("leaders' learning logs", 0, set_aside_share=HAND_WRITTEN),
    "drops__survey_responses": Limits("surveys and climate", 0, set_aside_share=HAND_WRITTEN),
    "drops__recognitions": Limits("recognition", 0, stale_warning=60, set_aside_share=HAND_WRITTEN),
    "drops__rituals": Limits("team rituals", 0, stale_warning=60, set_aside_share=HAND_WRITTEN),
    "drops__retro_answers": Limits("retrospectives", 0, set_aside_share=HAND_WRITTEN),
    "drops__decisions": Limits("decision logs", 0, set_aside_share=HAND_WRITTEN),
    "drops__programs": Limits("programs", 0, set_aside_share=HAND_WRITTEN, may_lie_ahead=True),
    "drops__announcements": Limits("advocacy", 0, set_aside_share=HAND_WRITTEN),
    "drops__policies": Limits("policies", 0, set_aside_share=HAND_WRITTEN, may_lie_ahead=True),
    "drops__reward_rules": Limits("reward rules", 0, set_aside_share=HAND_WRITTEN, may_lie_ahead=True),
    "drops__objectives": Limits("alignment with objectives", 0, set_aside_share=HAND_WRITTEN, may_lie_ahead=True),
    "drops__goals": Limits("goals", 0, set_aside_share=HAND_WRITTEN),
    "drops__role_skill_levels": Limits("skill gaps", 0, set_aside_share=HAND_WRITTEN, may_lie_ahead=True),
    "drops__skill_assessments": Limits("learning gains and skill gaps", 0, set_aside_share=HAND_WRITTEN),
    "drops__course_skills": Limits("skills taught", 0, set_aside_share=HAND_WRITTEN, may_lie_ahead=True),
    "drops__learning_paths": Limits("learning paths of starters", 0, set_aside_share=HAND_WRITTEN),
    "drops__requisitions": Limits("internal mobility", 0, set_aside_share=HAND_WRITTEN),
    "drops__review_cycles": Limits("review cycles", 0, set_aside_share=HAND_WRITTEN, may_lie_ahead=True),
    "drops__exit_notices": Limits("leavers", 0, set_aside_share=HAND_WRITTEN),
    "drops__identity_overrides": Limits("matching of people", 0, set_aside_share=HAND_WRITTEN),
    "drops__kpi_observations": Limits("performance by role and pilots", 0, stale_warning=75, set_aside_share=HAND_WRITTEN),
    "drops__metric_targets": Limits("plan and actual", 0, set_aside_share=HAND_WRITTEN, may_lie_ahead=True),
    "drops__program_costs": Limits("program returns", 0, set_aside_share=HAND_WRITTEN),
    "drops__value_conversions": Limits("program returns", 0, set_aside_share=HAND_WRITTEN, may_lie_ahead=True),
    "drops__product_usage": Limits("time to first value", 0, stale_warning=75, set_aside_share=HAND_WRITTEN),
    "drops__learning_sessions": Limits("engaged time", 0, stale_warning=14, set_aside_share=HAND_WRITTEN),
    "drops__collaboration_counts": Limits(
        "social learning outside the learning system", 0, stale_warning=30, set_aside_share=HAND_WRITTEN
    ),
    "drops__assignment_framings": Limits("framing of assignments", 0, set_aside_share=HAND_WRITTEN),
}
