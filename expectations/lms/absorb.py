"""Suites of Absorb LMS, one per stream.

Who is told when one is red: the administrator of the learning system. Critical holds back the load of that stream only;
the marts then show the last good load with its age. Absorb pages by number over a moving list, so a record may come
twice in one load: repeats are a warning, since staging keeps the newest copy.
"""

from typing import TYPE_CHECKING

from expectations.shared import (
    between,
    blank_where,
    columns_present,
    filled,
    filled_at_least,
    filled_where,
    keyed_hash,
    known_values,
    not_ancient,
    not_before,
    unique,
)

if TYPE_CHECKING:
    from great_expectations.expectations import Expectation

ENROLLMENT_STATUSES = list(range(13))  # 2026-11-21: the 13 codes of the vendor's reference, 0 NotStarted to 12 ReadyForReview
REPEATS = 0.9  # 2026-11-21: page shifts repeat a page at most; a tenth of a load repeated means paging went wrong
COMPLETE = "status == 3"


def users() -> "list[Expectation]":
    """Learners and administrators, one record per user and change."""
    return [
        columns_present(
            "id identity_key email_address_key email_address_domain external_id employee_number audience "
            "department_id job_title active_status is_learner date_added date_edited last_login_date",
            "matching of learners to people",
        ),
        filled("id", "A learner without an id cannot be joined to anything.", "every learning figure"),
        filled("identity_key", "Without its key a learner cannot be matched to HR or CRM.", "matching of learners to people"),
        keyed_hash("identity_key"),
        keyed_hash("email_address_key"),
        unique("id", "The same learner came more than once.", "count of learners", severity="warning", mostly=REPEATS),
        filled("date_added", "Without it we cannot say since when somebody could learn.", "learner weeks"),
        filled("date_edited", "Without it the next night cannot tell what changed.", "freshness of learners"),
        # 2026-11-21: half is far below any learning system seen; under it the match by mail breaks down
        filled_at_least(
            "email_address_key", 0.5, "Learners without an address can only be matched by external id.", "match rate"
        ),
        known_values("active_status", [0, 1], "0 is active, 1 inactive; anything else is new to us.", "active learners"),
        known_values(
            "audience",
            ["employee", "contractor", "partner", "customer"],
            "The audience field decides whose learning it is; an unknown audience counts for nobody.",
            "program funnel by audience",
        ),
        not_ancient("date_added", "learner weeks"),
        not_before("date_edited", "date_added", "A record cannot change before it exists.", "freshness of learners"),
        not_before("date_terminated", "date_hired", "Nobody leaves before starting.", "onboarding cohorts"),
    ]


def departments() -> "list[Expectation]":
    """Departments of the learning system, a small tree."""
    return [
        columns_present("id name parent_id", "figures by department of the learning system"),
        filled("id", "A department without an id cannot be joined.", "figures by department"),
        unique("id", "The same department came more than once.", "figures by department", severity="warning", mostly=REPEATS),
        filled("name", "A department without a name cannot be shown.", "figures by department", severity="warning"),
        not_before("date_edited", "date_added", "A record cannot change before it exists.", "freshness of departments"),
    ]


def courses() -> "list[Expectation]":
    """Courses, curricula and sessions."""
    return [
        columns_present(
            "id name external_id course_type active_status learner_time certificate_url date_edited",
            "program funnel",
        ),
        filled("id", "A course without an id cannot be joined to its enrollments.", "program funnel"),
        unique("id", "The same course came more than once.", "program funnel", severity="warning", mostly=REPEATS),
        filled("name", "A course without a name cannot be shown.", "program funnel", severity="warning"),
        filled("date_edited", "Without it the next night cannot tell what changed.", "freshness of courses"),
        # 2026-11-21: rules in company.yml go by code; a tenth without one is what catalogs usually carry
        filled_at_least(
            "external_id", 0.9, "A course without a code belongs to no rule of company.yml.", "trained customers and agents"
        ),
        known_values(
            "course_type",
            ["OnlineCourse", "InstructorLedCourse", "CourseBundle", "Curriculum"],
            "A new kind of course may count minutes in another way.",
            "learning hours",
        ),
        between("learner_time", 0, 1000, "Hours planned for a course; more than 1,000 is a slip of unit.", "learning hours"),
        not_ancient("date_added", "program funnel"),
    ]


def enrollments() -> "list[Expectation]":
    """Enrollments of all courses, one record per enrollment and change."""
    return [
        columns_present(
            "id course_id user_id status score progress date_added date_started date_completed date_edited "
            "date_due time_spent_ticks certificate_id is_active",
            "every learning figure",
        ),
        filled("id", "An enrollment without an id cannot be told from another.", "every learning figure"),
        filled("course_id", "Without a course nobody knows what was learned.", "program funnel"),
        filled("user_id", "Without a learner nobody knows who learned.", "every learning figure"),
        filled("status", "Without a status we cannot say whether it was completed.", "completion rate"),
        unique("id", "The same enrollment came more than once.", "program funnel", severity="warning", mostly=REPEATS),
        filled("date_added", "Without it an enrollment falls into no cohort.", "program funnel"),
        filled("date_edited", "Without it the next night cannot tell what changed.", "freshness of enrollments"),
        known_values(
            "status", ENROLLMENT_STATUSES, "A status we do not know counts as other, never as completed.", "completion rate"
        ),
        between("progress", 0, 100, "Progress is a percentage.", "program funnel"),
        between(
            "score",
            0,
            100,
            "A score is a percentage; 0 to 1 or over 100 is another scale.",
            "competent starters",
            severity="critical",
            mostly=0.99,
        ),
        between("time_spent_ticks", 0, None, "Time cannot be negative.", "learning hours"),
        not_ancient("date_added", "program funnel"),
        not_before("date_completed", "date_started", "Nobody completes before starting.", "time to completion"),
        not_before("date_edited", "date_added", "A record cannot change before it exists.", "freshness of enrollments"),
        filled_where(
            "date_completed", COMPLETE, "complete", "Without the day a completion falls into no month.", "completion rate"
        ),
        blank_where(
            "date_completed", "status == 0", "not started", "A completion of something never started.", "completion rate"
        ),
    ]


def certificates() -> "list[Expectation]":
    """Certificates that learners hold."""
    return [
        columns_present("id enrollment_id acquired_date expiry_date", "certified customers"),
        filled("id", "A certificate without an id cannot be told from another.", "certified customers"),
        unique("id", "The same certificate came more than once.", "certified customers", severity="warning", mostly=REPEATS),
        filled("enrollment_id", "A certificate without its enrollment belongs to nobody.", "certified customers"),
        filled("acquired_date", "Without the day we cannot say from when an account is certified.", "certified customers"),
        not_ancient("acquired_date", "certified customers"),
        not_before("expiry_date", "acquired_date", "A certificate cannot end before it begins.", "certified customers"),
    ]
