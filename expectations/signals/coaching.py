"""Suites of what managers and buddies do for learning. Who is told when one is red: wording.py."""

from typing import TYPE_CHECKING

from expectations.shared import between, columns_present, filled, filled_at_least, known_values, not_ancient, not_before, unique
from expectations.signals.wording import CORRECT, NO_ID, NO_PERSON, NO_TIME, REPEATED
from learning_warehouse.sources.signals import words

if TYPE_CHECKING:
    from great_expectations.expectations import Expectation


def coaching_events() -> "list[Expectation]":
    """Coaching sessions, one line each."""
    return [
        columns_present(
            "event_id coach_employee_id coachee_employee_id occurred_at event_type has_learning_topic "
            "program_code minutes _file _line",
            "coaching",
        ),
        filled("event_id", "A line without an id cannot be corrected later.", "coaching", do=CORRECT),
        filled("coach_employee_id", "Somebody must have coached.", "coaching", do=CORRECT),
        filled("coachee_employee_id", "Somebody must have been coached.", "coaching", do=CORRECT),
        filled("occurred_at", "Without the time it falls into no week.", "coaching", do=CORRECT),
        filled("event_type", "Without the kind it cannot be counted as observation or talk.", "coaching", do=CORRECT),
        filled("has_learning_topic", "Without it we cannot say whether learning was the subject.", "coaching", do=CORRECT),
        unique("event_id", REPEATED, "coaching", severity="warning"),
        known_values("event_type", words.EVENT_TYPES, "Only the three kinds are counted.", "coaching"),
        between("minutes", 1, 480, "A session lasts between a minute and a working day.", "coaching"),
        not_ancient("occurred_at", "coaching"),
    ]


def checkins() -> "list[Expectation]":
    """Weekly check-ins, one line per answer."""
    return [
        columns_present(
            "checkin_id employee_id week_start manager_asked used_learning confidence answered_at _file _line",
            "weekly check-ins",
        ),
        filled("checkin_id", "A line without an id cannot be corrected later.", "weekly check-ins", do=CORRECT),
        filled("employee_id", "An answer without a person counts for no department.", "weekly check-ins", do=CORRECT),
        filled("week_start", "Without the week it falls into no month.", "weekly check-ins", do=CORRECT),
        filled("answered_at", "Without the time we cannot tell late answers.", "weekly check-ins", do=CORRECT),
        unique("checkin_id", REPEATED, "weekly check-ins", severity="warning"),
        # 2026-11-21: people skip single questions; more than half blank means that the form lost the question
        filled_at_least(
            "manager_asked", 0.5, "Most answers leave the question blank.", "my manager asked what I am learning", do=CORRECT
        ),
        filled_at_least("used_learning", 0.5, "Most answers leave the question blank.", "I used what I learned", do=CORRECT),
        between("confidence", 1, 5, "Confidence is asked on five steps.", "confidence in check-ins"),
        not_ancient("week_start", "weekly check-ins"),
        not_ancient("answered_at", "weekly check-ins"),
    ]


def manager_contacts() -> "list[Expectation]":
    """One contact of the learning team with a manager, one line each."""
    return [
        columns_present("contact_id manager_employee_id contacted_at topic barrier _file _line", "contacts with managers"),
        filled("contact_id", NO_ID, "contacts with managers", do=CORRECT),
        filled("manager_employee_id", "A contact with nobody reaches nobody.", "contacts with managers", do=CORRECT),
        filled("contacted_at", NO_TIME, "contacts with managers", do=CORRECT),
        unique("contact_id", REPEATED, "contacts with managers", severity="warning"),
        known_values("barrier", words.BARRIERS, "Only known barriers are counted.", "contacts with managers"),
        not_ancient("contacted_at", "contacts with managers"),
    ]


def buddy_assignments() -> "list[Expectation]":
    """One buddy or mentor given to one person, one line each."""
    return [
        columns_present("assignment_id employee_id buddy_employee_id assigned_at ended_at _file _line", "buddies and mentoring"),
        filled("assignment_id", NO_ID, "buddies and mentoring", do=CORRECT),
        filled("employee_id", NO_PERSON, "buddies and mentoring", do=CORRECT),
        filled("buddy_employee_id", "Somebody must be the buddy.", "buddies and mentoring", do=CORRECT),
        filled("assigned_at", NO_TIME, "buddies and mentoring", do=CORRECT),
        unique("assignment_id", REPEATED, "buddies and mentoring", severity="warning"),
        not_ancient("assigned_at", "buddies and mentoring"),
        not_before("ended_at", "assigned_at", "Nothing ends before it begins.", "buddies and mentoring"),
    ]
