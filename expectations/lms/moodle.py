"""Suites of Moodle, one per stream.

Who is told when one is red: the administrator of the Moodle site. Critical holds back the load of that stream only; the
marts then show the last good load with its age. Times are seconds since 1970 and 0 is never.
"""

from typing import TYPE_CHECKING

from expectations.shared import (
    between,
    columns_present,
    filled,
    filled_at_least,
    filled_where,
    keyed_hash,
    known_values,
    not_before,
    unique,
    unique_together,
)

if TYPE_CHECKING:
    from great_expectations.expectations import Expectation

FLAGS = ["true", "false", "1", "0"]
LATEST = 4_102_444_800  # 2026-11-22: the year 2100 in seconds; a time in milliseconds is a thousand times that
IN_SECONDS = "Times are seconds; a greater number is in milliseconds."


def users() -> "list[Expectation]":
    """Everybody with an account on the site."""
    touches = "matching of learners to people"
    return [
        columns_present(
            "id identity_key email_key email_domain idnumber department first_access last_access suspended customfields", touches
        ),
        filled("id", "A learner without an id cannot be joined to anything.", "every learning figure"),
        filled("identity_key", "Without its key a learner cannot be matched to HR or CRM.", touches),
        keyed_hash("identity_key"),
        keyed_hash("email_key"),
        unique("id", "The same learner came more than once.", "count of learners"),
        # 2026-11-22: the right moodle/user:viewhiddendetails decides whether addresses are sent; without them nothing matches
        filled_at_least("email_key", 0.5, "Without addresses learners can only be matched by id number.", "match rate"),
        known_values("suspended", FLAGS, "Anything else is new to us.", "active learners"),
        between("last_access", 0, LATEST, IN_SECONDS, "active learners"),
        not_before("last_access", "first_access", "The last visit cannot be before the first.", "active learners"),
    ]


def courses() -> "list[Expectation]":
    """Courses of the site but for the front page."""
    touches = "program funnel"
    return [
        columns_present(
            "id shortname fullname idnumber visible time_created time_modified enable_completion customfields", touches
        ),
        filled("id", "A course without an id cannot be joined to its enrollments.", touches),
        unique("id", "The same course came more than once.", touches),
        filled("shortname", "The short name is the course code that company.yml speaks of.", "trained customers and agents"),
        unique("shortname", "Moodle keeps short names apart; two alike are two sites.", touches),
        filled("fullname", "A course without a name cannot be shown.", touches, severity="warning"),
        known_values("visible", FLAGS, "Anything else is new to us.", touches),
        known_values("enable_completion", FLAGS, "It says whether completion is asked for.", "completion rate"),
        between("time_modified", 1, LATEST, IN_SECONDS, "freshness of courses"),
        not_before("time_modified", "time_created", "A record cannot change before it exists.", "freshness of courses"),
    ]


def enrollments() -> "list[Expectation]":
    """Who is enrolled in which course."""
    touches = "program funnel"
    return [
        columns_present("course_id user_id state last_course_access roles", touches),
        filled("course_id", "Without a course nobody knows what is to be learned.", touches),
        filled("user_id", "Without a learner nobody knows who learns.", touches),
        unique_together(["course_id", "user_id"], "A learner is enrolled in a course once.", touches, severity="warning"),
        known_values("state", ["active", "suspended"], "It is ours: which of two questions the row answered.", touches),
        between("last_course_access", 0, LATEST, IN_SECONDS, "active learners"),
        # 2026-11-22: sites enroll people without a role by mistake only; half without means that the token may not see roles
        filled_at_least("roles", 0.5, "Without roles teachers are counted as learners.", "count of learners"),
    ]


def completions() -> "list[Expectation]":
    """What Moodle says of learners who opened a tracked course since the last load."""
    touches = "completion rate"
    return [
        columns_present("course_id user_id last_course_access completed aggregation completions refused", touches),
        filled("course_id", "Without a course nobody knows what was completed.", touches),
        filled("user_id", "Without a learner nobody knows who completed it.", touches),
        unique_together(["course_id", "user_id"], "One learner has one state in a course.", touches, severity="warning"),
        known_values("completed", FLAGS, "Anything else is new to us.", touches),
        filled_where("completions", "completed == 'true'", "completed", "The day is in the criteria only.", touches),
        # 2026-11-22: somebody is always just being taken out; a tenth without a state means that reports may not be seen
        filled_at_least("completed", 0.9, "The token lacks the right to see completion reports in some courses.", touches),
        between("last_course_access", 1, LATEST, IN_SECONDS, touches),
    ]


def grade_items() -> "list[Expectation]":
    """Grades of everybody enrolled, one record per learner and item; the item of type course is the total."""
    touches = "assessment attempts"
    return [
        columns_present(
            "course_id user_id item_id item_type item_module grade_raw grade_min grade_max submitted_at graded_at", touches
        ),
        filled("item_id", "A grade of nothing says nothing.", touches),
        filled("user_id", "Without a learner nobody knows whose grade it is.", touches),
        unique_together(["item_id", "user_id"], "One learner has one grade of an item.", touches, severity="warning"),
        known_values("item_type", ["course", "category", "mod", "manual"], "A new type may count a grade twice.", touches),
        between("grade_raw", 0, 1_000, "More than 1,000 points is a slip.", touches),
        filled_where("graded_at", "grade_raw >= 0", "graded", "Without its day a grade falls into no month.", touches),
        not_before("grade_max", "grade_min", "The best grade cannot be below the worst.", touches, word="below"),
        between("graded_at", 1, LATEST, IN_SECONDS, touches),
    ]
