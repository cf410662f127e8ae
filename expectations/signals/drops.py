"""Suites of the three CSV drops: coaching events, weekly check-ins, pilot assignments.

Who is told when one is red: whoever wrote the file. People write these files, so a bad line is set aside with its file
and line number and the others go on; only when more than one in twenty is bad is the whole load held back (see
thresholds.py).
"""

from typing import TYPE_CHECKING

from expectations.shared import between, columns_present, filled, filled_at_least, known_values, not_ancient, unique

if TYPE_CHECKING:
    from great_expectations.expectations import Expectation

CORRECT = "Correct the lines shown by `lw quarantine` and drop the file again."
REPEATED = "A line handed in twice counts twice until one is taken out."


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
        known_values("event_type", ["one_to_one", "observation", "feedback"], "Only the three kinds are counted.", "coaching"),
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


def pilot_assignments() -> "list[Expectation]":
    """Which team is in which arm of a pilot, one line per team."""
    return [
        columns_present("pilot_id team_manager_employee_id arm assigned_at stratum randomized _file _line", "pilot effects"),
        filled("pilot_id", "A team without a pilot is in no comparison.", "pilot effects", do=CORRECT),
        filled("team_manager_employee_id", "A line without its team is nobody.", "pilot effects", do=CORRECT),
        filled("arm", "Without an arm the team is in no comparison.", "pilot effects", do=CORRECT),
        filled("assigned_at", "Without the time before and after cannot be told apart.", "pilot effects", do=CORRECT),
        filled("randomized", "Only drawn teams can prove an effect.", "pilot effects", do=CORRECT),
        unique("team_manager_employee_id", "A team in two arms proves nothing.", "pilot effects", severity="warning"),
        filled_at_least("stratum", 0.9, "Teams without a stratum are compared with all others.", "pilot effects", do=CORRECT),
        not_ancient("assigned_at", "pilot effects"),
    ]
