"""Suites of how a team learns together. Who is told when one is red: wording.py."""

from typing import TYPE_CHECKING

from expectations.shared import between, columns_present, filled, filled_where, known_values, not_ancient, not_before, unique
from expectations.signals.wording import CORRECT, NO_ID, NO_TEAM, NO_TIME, REPEATED
from learning_warehouse.sources.signals import words

if TYPE_CHECKING:
    from great_expectations.expectations import Expectation


def survey_responses() -> "list[Expectation]":
    """One answer to one question of a survey, one line each."""
    return [
        columns_present(
            "response_id employee_id instrument item_code subject_code manager_employee_id wave_day score "
            "maximum_score answered_at _file _line",
            "surveys and climate",
        ),
        filled("response_id", NO_ID, "surveys and climate", do=CORRECT),
        filled("instrument", "An answer to an unknown survey means nothing.", "surveys and climate", do=CORRECT),
        filled("item_code", "An answer to an unknown question means nothing.", "surveys and climate", do=CORRECT),
        filled("score", "A blank answer is no answer; leave the line out.", "surveys and climate", do=CORRECT),
        filled("maximum_score", "A 4 of 5 and a 4 of 10 are not the same.", "surveys and climate", do=CORRECT),
        filled("answered_at", NO_TIME, "surveys and climate", do=CORRECT),
        unique("response_id", REPEATED, "surveys and climate", severity="warning"),
        known_values("instrument", words.INSTRUMENTS, "Only known surveys are read.", "surveys and climate"),
        between("wave_day", 0, 3650, "A survey is asked within ten years of its event.", "surveys and climate"),
        between("score", 0, None, "No scale begins below zero.", "surveys and climate"),
        not_ancient("answered_at", "surveys and climate"),
        not_before("maximum_score", "score", "No answer lies above the highest there is.", "surveys and climate", word="below"),
        filled_where(
            "manager_employee_id",
            "instrument == 'leadership_upward'",
            "answers about a manager",
            "An answer about a manager needs the manager.",
            "surveys and climate",
        ),
        filled_where(
            "wave_day",
            "instrument == 'onboarding'",
            "onboarding answers",
            "Without the day, answers of starters cannot be compared.",
            "surveys and climate",
        ),
    ]


def recognitions() -> "list[Expectation]":
    """One public thank-you, one line each."""
    return [
        columns_present("recognition_id from_employee_id to_employee_id occurred_at reason_class _file _line", "recognition"),
        filled("recognition_id", NO_ID, "recognition", do=CORRECT),
        filled("to_employee_id", "Somebody must have been thanked.", "recognition", do=CORRECT),
        filled("occurred_at", NO_TIME, "recognition", do=CORRECT),
        filled(
            "reason_class",
            "Without the reason, thanks for using something and thanks for finishing a course look alike.",
            "recognition",
            do=CORRECT,
        ),
        unique("recognition_id", REPEATED, "recognition", severity="warning"),
        known_values("reason_class", words.REASON_CLASSES, "Only known reasons are counted.", "recognition"),
        not_ancient("occurred_at", "recognition"),
    ]


def rituals() -> "list[Expectation]":
    """One regular meeting of a team in which it learns, one line each."""
    return [
        columns_present("ritual_id team_manager_employee_id ritual_type held_at attendees _file _line", "team rituals"),
        filled("ritual_id", NO_ID, "team rituals", do=CORRECT),
        filled("team_manager_employee_id", NO_TEAM, "team rituals", do=CORRECT),
        filled("ritual_type", "Without the kind a retrospective looks like a huddle.", "team rituals", do=CORRECT),
        filled("held_at", NO_TIME, "team rituals", do=CORRECT),
        unique("ritual_id", REPEATED, "team rituals", severity="warning"),
        known_values("ritual_type", words.RITUAL_TYPES, "Only known kinds of meetings are counted.", "team rituals"),
        between("attendees", 0, 1000, "A team meeting has no more than a thousand people.", "team rituals"),
        not_ancient("held_at", "team rituals"),
    ]


def retro_answers() -> "list[Expectation]":
    """One answer to the closing questions of a team meeting, one line each."""
    return [
        columns_present(
            "answer_id ritual_id employee_id learned_something will_do_differently answered_at _file _line", "retrospectives"
        ),
        filled("answer_id", NO_ID, "retrospectives", do=CORRECT),
        filled("ritual_id", "An answer without its meeting belongs to no team.", "retrospectives", do=CORRECT),
        filled("learned_something", "The question is what the share is made of.", "retrospectives", do=CORRECT),
        filled("answered_at", NO_TIME, "retrospectives", do=CORRECT),
        unique("answer_id", REPEATED, "retrospectives", severity="warning"),
        not_ancient("answered_at", "retrospectives"),
    ]


def decisions() -> "list[Expectation]":
    """One entry of a team's decision log, one line each."""
    return [
        columns_present(
            "decision_id team_manager_employee_id decided_at category used_learning was_reversed _file _line",
            "decision logs",
        ),
        filled("decision_id", NO_ID, "decision logs", do=CORRECT),
        filled("team_manager_employee_id", NO_TEAM, "decision logs", do=CORRECT),
        filled("decided_at", NO_TIME, "decision logs", do=CORRECT),
        unique("decision_id", REPEATED, "decision logs", severity="warning"),
        not_ancient("decided_at", "decision logs"),
    ]
