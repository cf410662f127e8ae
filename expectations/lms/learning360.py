"""Suites of 360Learning, one per stream.

Who is told when one is red: the administrator of the learning platform. Critical holds back the load of that stream only;
the marts then show the last good load with its age. Lists are read while people work, so a record may come twice in one
load: repeats are a warning, since staging keeps the newest copy.
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
    matches,
    not_ancient,
    not_before,
    unique,
)

if TYPE_CHECKING:
    from great_expectations.expectations import Expectation

OBJECT_ID = "^[0-9a-f]{24}$"
REPEATS = 0.9  # 2026-11-22: a page shift repeats a page at most; a tenth of a load repeated means paging went wrong
PATH_STATUSES = [  # 2026-11-22: the eight types of the vendor's reference
    "awaitingCorrection", "late", "notYetStarted", "onTime", "sessionNotOpened", "successful", "toRetake", "unsuccessful",
]  # fmt: skip
FINISHED = "status_type == 'successful'"


def _identified(what: str, touches: str) -> "list[Expectation]":
    """An id in every record, of the vendor's form, hardly ever twice."""
    return [
        filled("id", f"{what} without an id cannot be told from another.", touches),
        matches("id", OBJECT_ID, "Ids are 24 hex characters.", "Another form means that another thing was read.", touches),
        unique("id", f"{what} came more than once.", touches, severity="warning", mostly=REPEATS),
    ]


def users() -> "list[Expectation]":
    """Everybody who can log in, could once, or was invited."""
    touches = "matching of learners to people"
    return [
        columns_present(
            "id identity_key mail_key mail_domain status job custom primary_group_id last_login_date deleted_at "
            "to_be_deactivated_at",
            touches,
        ),
        *_identified("A learner", "count of learners"),
        filled("identity_key", "Without its key a learner cannot be matched to HR or CRM.", touches),
        keyed_hash("identity_key"),
        keyed_hash("mail_key"),
        # 2026-11-22: deleted learners lose their address; half is far below any platform in use
        filled_at_least("mail_key", 0.5, "Learners without an address can only be matched by external id.", "match rate"),
        known_values("status", ["active", "invited", "deleted"], "Anything else is new to us.", "active learners"),
        known_values(
            "custom",
            ["employee", "contractor", "partner", "customer"],
            "The field Additional information says whose learning it is; an unknown audience counts for nobody.",
            "program funnel by audience",
        ),
        not_ancient("last_login_date", "active learners"),
        blank_where("deleted_at", "status == 'invited'", "invited", "Who was never there cannot be gone.", "active learners"),
    ]


def groups() -> "list[Expectation]":
    """The tree of groups; one has no parent."""
    touches = "figures by department of the learning platform"
    return [
        columns_present("id name parent_id", touches),
        *_identified("A group", touches),
        filled("name", "A group without a name cannot be shown.", touches, severity="warning"),
        filled_at_least("parent_id", 0.5, "Only the top of the tree has no parent.", touches),
    ]


def external_ids() -> "list[Expectation]":
    """The ids that other systems have for users and courses."""
    touches = "matching of learners to people"
    return [
        columns_present("id platform target_id target_type value", touches),
        *_identified("An external id", touches),
        filled("target_id", "An external id of nobody matches nobody.", touches),
        filled("value", "A blank external id matches nobody.", touches),
        filled("platform", "Without the platform we cannot say whose id it is.", touches, severity="warning"),
        known_values(
            "target_type",
            [
                "attempt", "classroom", "classroomAttendance", "classroomAttendanceSheet", "classroomSlot",
                "classroomSlotRegistration", "course", "group", "learningNeed", "path", "pathEnrollment", "pathSession",
                "pathTracking", "registrationRequest", "user",
            ],
            "A new kind of thing is not read.",
            touches,
        ),
    ]  # fmt: skip


def courses() -> "list[Expectation]":
    """Courses of all states; an archived one stays in the list."""
    touches = "learning hours"
    return [
        columns_present("id name duration status type created_at modified_at current_version_number", touches),
        *_identified("A course", touches),
        filled("name", "A course without a name cannot be shown.", touches, severity="warning"),
        filled("created_at", "Without it we cannot say since when it can be taken.", "freshness of courses"),
        known_values("status", ["published", "archived", "deleted"], "Anything else is new to us.", touches),
        known_values(
            "type", ["elearning standard", "external", "native"], "A new kind may count minutes in another way.", touches
        ),
        between("duration", 0, 60_000, "Minutes planned; more than 60,000 is a slip of unit.", touches),
        not_before("modified_at", "created_at", "A record cannot change before it exists.", "freshness of courses"),
    ]


def paths() -> "list[Expectation]":
    """Learning paths, which is what people are enrolled in."""
    touches = "program funnel"
    return [
        columns_present(
            "id name additional_information status certificate_id estimated_duration estimated_duration_unit steps "
            "created_at modified_at",
            touches,
        ),
        *_identified("A path", touches),
        filled("name", "A path without a name cannot be shown.", touches, severity="warning"),
        # 2026-11-22: rules in company.yml go by code; a tenth without one is what catalogs usually carry
        filled_at_least(
            "additional_information",
            0.9,
            "A path without a code belongs to no rule of company.yml.",
            "trained customers and agents",
        ),
        known_values("status", ["published", "archived"], "Anything else is new to us.", touches),
        known_values(
            "estimated_duration_unit",
            ["minute", "hour", "day", "week", "month"],
            "Minutes are counted from these units only.",
            "learning hours",
        ),
        between("estimated_duration", 0, 60_000, "More is a slip of unit.", "learning hours"),
        not_ancient("created_at", touches),
        not_before("modified_at", "created_at", "A record cannot change before it exists.", "freshness of paths"),
    ]


def path_enrollments() -> "list[Expectation]":
    """Every enrollment in a path, as it stands tonight."""
    return [
        columns_present(
            "id path_id session_id user_id status_type progress score time_spent self_enrolled certificate_id enrolled_at "
            "unenrolled_at started_at completed_at due_date",
            "every learning figure",
        ),
        *_identified("An enrollment", "program funnel"),
        filled("path_id", "Without a path nobody knows what was learned.", "program funnel"),
        filled("user_id", "Without a learner nobody knows who learned.", "every learning figure"),
        filled("status_type", "Without a status we cannot say whether it was completed.", "completion rate"),
        filled("enrolled_at", "Without it an enrollment falls into no cohort.", "program funnel"),
        known_values(
            "status_type", PATH_STATUSES, "A status we do not know counts as other, never as completed.", "completion rate"
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
        between("time_spent", 0, None, "Time cannot be negative.", "learning hours"),
        not_ancient("enrolled_at", "program funnel"),
        not_before("completed_at", "started_at", "Nobody completes before starting.", "time to completion"),
        not_before("unenrolled_at", "enrolled_at", "Nobody is taken out before being put in.", "program funnel"),
        filled_where(
            "completed_at", FINISHED, "successful", "Without the day a completion falls into no month.", "completion rate"
        ),
        blank_where(
            "completed_at",
            "status_type == 'notYetStarted'",
            "not yet started",
            "A completion of something never started.",
            "completion rate",
        ),
    ]


def attempts() -> "list[Expectation]":
    """Attempts at courses that are open or were finished since the last load."""
    touches = "assessment attempts"
    return [
        columns_present(
            "id course_id user_id version_number progress score time_spent first_activity_at last_activity_at completed_at "
            "path_id path_session_id",
            touches,
        ),
        *_identified("An attempt", touches),
        filled("course_id", "Without a course nobody knows what was tried.", touches),
        filled("user_id", "Without a learner nobody knows who tried.", touches),
        # 2026-11-22: an attempt begins with its first activity; a tenth without is room for attempts just opened
        filled_at_least("last_activity_at", 0.9, "Without it we cannot say which version of an attempt is newest.", touches),
        between("progress", 0, 100, "Progress is a percentage.", touches),
        between("score", 0, 100, "A score is a percentage.", touches, severity="critical", mostly=0.99),
        between("time_spent", 0, None, "Time cannot be negative.", "learning hours"),
        not_ancient("first_activity_at", touches),
        not_before("last_activity_at", "first_activity_at", "The last activity cannot be before the first.", touches),
        not_before("completed_at", "first_activity_at", "Nobody completes before starting.", touches),
    ]


def certificates() -> "list[Expectation]":
    """Certificates that learners got for paths or brought along."""
    touches = "certified customers"
    return [
        columns_present("id type path_id path_session_id delivery_date expiration_date", touches),
        *_identified("A certificate", touches),
        filled("delivery_date", "Without the day we cannot say from when an account is certified.", touches),
        known_values("type", ["path", "external"], "Anything else is new to us.", touches),
        filled_where("path_id", "type == 'path'", "of a path", "A certificate of nothing proves nothing.", touches),
        not_ancient("delivery_date", touches),
        not_before("expiration_date", "delivery_date", "A certificate cannot end before it begins.", touches),
    ]
