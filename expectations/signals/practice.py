"""Suites of what people do with what they learned. Who is told when one is red: wording.py."""

from typing import TYPE_CHECKING

from expectations.shared import between, columns_present, filled, known_values, not_ancient, not_before, unique
from expectations.signals.wording import CORRECT, NO_DAY, NO_ID, NO_PERSON, NO_TIME, REPEATED
from learning_warehouse.sources.signals import words

if TYPE_CHECKING:
    from great_expectations.expectations import Expectation


def practice_tasks() -> "list[Expectation]":
    """One practice task given to one person, one line each."""
    return [
        columns_present(
            "practice_id employee_id skill_code program_code assigned_at done_at feedback_at "
            "feedback_by_employee_id quality is_micro _file _line",
            "practice loops",
        ),
        filled("practice_id", NO_ID, "practice loops", do=CORRECT),
        filled("employee_id", NO_PERSON, "practice loops", do=CORRECT),
        filled("assigned_at", NO_TIME, "practice loops", do=CORRECT),
        filled(
            "is_micro",
            "Without it we cannot tell short practice inside the work from exercises beside it.",
            "practice loops",
            do=CORRECT,
        ),
        unique("practice_id", REPEATED, "practice loops", severity="warning"),
        between("quality", 1, 5, "Quality is given on five steps.", "practice loops"),
        not_ancient("assigned_at", "practice loops"),
        not_before("done_at", "assigned_at", "Nothing is done before it was asked for.", "practice loops"),
    ]


def application_evidence() -> "list[Expectation]":
    """One time somebody was seen to use what was learned, one line each."""
    return [
        columns_present(
            "evidence_id employee_id occurred_at evidence_type observed_by_employee_id program_code skill_code _file _line",
            "application rates",
        ),
        filled("evidence_id", NO_ID, "application rates", do=CORRECT),
        filled("employee_id", NO_PERSON, "application rates", do=CORRECT),
        filled("occurred_at", NO_TIME, "application rates", do=CORRECT),
        filled(
            "evidence_type", "Without it we cannot tell what was seen from what was only said.", "application rates", do=CORRECT
        ),
        unique("evidence_id", REPEATED, "application rates", severity="warning"),
        known_values(
            "evidence_type", words.EVIDENCE_TYPES, "What is seen is counted apart from what is said.", "application rates"
        ),
        not_ancient("occurred_at", "application rates"),
    ]


def moments() -> "list[Expectation]":
    """One moment of work at which learning was offered, one line each."""
    return [
        columns_present("moment_id employee_id occurred_at trigger_type course_code opened_at _file _line", "micro-moments"),
        filled("moment_id", NO_ID, "micro-moments", do=CORRECT),
        filled("employee_id", NO_PERSON, "micro-moments", do=CORRECT),
        filled("occurred_at", NO_TIME, "micro-moments", do=CORRECT),
        filled("trigger_type", "Without the kind we cannot say which moments help.", "micro-moments", do=CORRECT),
        unique("moment_id", REPEATED, "micro-moments", severity="warning"),
        known_values("trigger_type", words.TRIGGER_TYPES, "Only known moments are counted.", "micro-moments"),
        not_ancient("occurred_at", "micro-moments"),
    ]


def learning_log_entries() -> "list[Expectation]":
    """One entry of a learning log that somebody keeps openly, one line each."""
    return [
        columns_present("entry_id employee_id entry_date topic shared_in is_named _file _line", "leaders' learning logs"),
        filled("entry_id", NO_ID, "leaders' learning logs", do=CORRECT),
        filled("employee_id", NO_PERSON, "leaders' learning logs", do=CORRECT),
        filled("entry_date", NO_DAY, "leaders' learning logs", do=CORRECT),
        filled("is_named", "Without consent nobody is named, so the line cannot be shown.", "leaders' learning logs", do=CORRECT),
        unique("entry_id", REPEATED, "leaders' learning logs", severity="warning"),
        known_values("shared_in", words.SHARED_IN, "Only known places are counted.", "leaders' learning logs"),
        not_ancient("entry_date", "leaders' learning logs"),
    ]
