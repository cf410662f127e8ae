"""Suites of learning as systems other than the LMS see it. Who is told when one is red: wording.py."""

from typing import TYPE_CHECKING

from expectations.shared import between, columns_present, filled, known_values, not_ancient, not_before, unique, unique_together
from expectations.signals.wording import CORRECT, NO_DAY, NO_ID, NO_PERSON, NO_TIME, REPEATED
from learning_warehouse.sources.signals import words

if TYPE_CHECKING:
    from great_expectations.expectations import Expectation


def learning_sessions() -> "list[Expectation]":
    """One sitting of one person with learning content, in any system, one line each."""
    return [
        columns_present(
            "session_id employee_id system course_code started_at ended_at raw_seconds engaged_seconds "
            "interactions device _file _line",
            "engaged time",
        ),
        filled("session_id", NO_ID, "engaged time", do=CORRECT),
        filled("employee_id", NO_PERSON, "engaged time", do=CORRECT),
        filled("system", "Without it learning inside and outside the learning system look alike.", "engaged time", do=CORRECT),
        filled("started_at", NO_TIME, "engaged time", do=CORRECT),
        filled("ended_at", NO_TIME, "engaged time", do=CORRECT),
        filled("raw_seconds", "Without the length a session took no time.", "engaged time", do=CORRECT),
        unique("session_id", REPEATED, "engaged time", severity="warning"),
        known_values("system", words.SYSTEMS, "Only known systems are compared.", "engaged time"),
        between("engaged_seconds", 0, None, "Time is not negative.", "engaged time"),
        between("interactions", 0, None, "A count is not negative.", "engaged time"),
        not_ancient("started_at", "engaged time"),
        not_before("ended_at", "started_at", "Nothing ends before it begins.", "engaged time"),
        not_before(
            "raw_seconds",
            "engaged_seconds",
            "Nobody is active for longer than the session stood open.",
            "engaged time",
            word="below",
        ),
    ]


def collaboration_counts() -> "list[Expectation]":
    """Counts of messages, one line per channel, department and week."""
    return [
        columns_present(
            "channel department week_start learning_posts active_people _file _line",
            "social learning outside the learning system",
        ),
        filled("channel", "Counts of no channel cannot be compared.", "social learning outside the learning system", do=CORRECT),
        filled(
            "department", "Counts of no department cannot be compared.", "social learning outside the learning system", do=CORRECT
        ),
        filled("week_start", NO_DAY, "social learning outside the learning system", do=CORRECT),
        filled("learning_posts", "The count is what the line is for.", "social learning outside the learning system", do=CORRECT),
        filled(
            "active_people",
            "The count is what the line is for, and it keeps small groups hidden.",
            "social learning outside the learning system",
            do=CORRECT,
        ),
        unique_together(
            ["channel", "department", "week_start"], REPEATED, "social learning outside the learning system", severity="warning"
        ),
        between("learning_posts", 0, None, "A count is not negative.", "social learning outside the learning system"),
        between("active_people", 0, None, "A count is not negative.", "social learning outside the learning system"),
        not_ancient("week_start", "social learning outside the learning system"),
    ]


def assignment_framings() -> "list[Expectation]":
    """One course assigned to one person, and how it was put to them, one line each."""
    return [
        columns_present(
            "framing_id employee_id course_code assigned_by framing sent_at reinforcements_sent reinforcements_acted _file _line",
            "framing of assignments",
        ),
        filled("framing_id", NO_ID, "framing of assignments", do=CORRECT),
        filled("employee_id", NO_PERSON, "framing of assignments", do=CORRECT),
        filled("course_code", "An assignment of no course cannot be completed.", "framing of assignments", do=CORRECT),
        filled("assigned_by", "Who assigned is what is compared.", "framing of assignments", do=CORRECT),
        filled("framing", "How it was put is what is compared.", "framing of assignments", do=CORRECT),
        filled("sent_at", NO_TIME, "framing of assignments", do=CORRECT),
        unique("framing_id", REPEATED, "framing of assignments", severity="warning"),
        known_values("assigned_by", words.ASSIGNED_BY, "Only known kinds of assignment are compared.", "framing of assignments"),
        known_values("framing", words.FRAMINGS, "Only known reasons are compared.", "framing of assignments"),
        between("reinforcements_acted", 0, None, "A count is not negative.", "framing of assignments"),
        not_ancient("sent_at", "framing of assignments"),
        not_before(
            "reinforcements_sent",
            "reinforcements_acted",
            "Nobody acts on more reminders than were sent.",
            "framing of assignments",
            word="below",
        ),
    ]
