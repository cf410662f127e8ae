"""Suites of skills: asked for, taught, aimed at and measured. Who is told when one is red: wording.py."""

from typing import TYPE_CHECKING

from expectations.shared import (
    between,
    columns_present,
    filled,
    filled_where,
    known_values,
    not_ancient,
    not_before,
    unique,
    unique_together,
)
from expectations.signals.wording import CORRECT, NO_DAY, NO_ID, NO_PERSON, NO_TIME, REPEATED
from learning_warehouse.sources.signals import words

if TYPE_CHECKING:
    from great_expectations.expectations import Expectation


def goals() -> "list[Expectation]":
    """One goal that somebody set with the manager, one line each."""
    return [
        columns_present("goal_id employee_id goal_type skill_code set_at due_date status closed_at _file _line", "goals"),
        filled("goal_id", NO_ID, "goals", do=CORRECT),
        filled("employee_id", NO_PERSON, "goals", do=CORRECT),
        filled("goal_type", "Without it learning goals cannot be told from others.", "goals", do=CORRECT),
        filled("set_at", NO_TIME, "goals", do=CORRECT),
        filled("status", "Without it open and done goals look alike.", "goals", do=CORRECT),
        unique("goal_id", REPEATED, "goals", severity="warning"),
        known_values("goal_type", words.GOAL_TYPES, "Only known kinds of goals are counted.", "goals"),
        known_values("status", words.GOAL_STATUSES, "A goal is open, done or dropped.", "goals"),
        not_ancient("set_at", "goals"),
        not_before("closed_at", "set_at", "No goal is closed before it was set.", "goals"),
        filled_where("closed_at", "status == 'done'", "done", "A done goal has the day it was done.", "goals"),
    ]


def role_skill_levels() -> "list[Expectation]":
    """The level of one skill that one role asks for, from a day on, one line each."""
    return [
        columns_present("job_title skill_code required_level valid_from _file _line", "skill gaps"),
        filled("job_title", "A level that no role asks for is no gap of anybody.", "skill gaps", do=CORRECT),
        filled("skill_code", "A level of no skill means nothing.", "skill gaps", do=CORRECT),
        filled("required_level", "Without the level there is nothing to fall short of.", "skill gaps", do=CORRECT),
        filled("valid_from", NO_DAY, "skill gaps", do=CORRECT),
        unique_together(["job_title", "skill_code", "valid_from"], REPEATED, "skill gaps", severity="warning"),
        between("required_level", 0, 5, "Levels are given on five steps.", "skill gaps"),
        not_ancient("valid_from", "skill gaps"),
    ]


def skill_assessments() -> "list[Expectation]":
    """One result of one person in one test or rating of a skill, one line each."""
    return [
        columns_present(
            "assessment_id employee_id skill_code program_code phase score maximum_score level assessed_by "
            "assessed_at _file _line",
            "learning gains and skill gaps",
        ),
        filled("assessment_id", NO_ID, "learning gains and skill gaps", do=CORRECT),
        filled("employee_id", NO_PERSON, "learning gains and skill gaps", do=CORRECT),
        filled("skill_code", "A result without a skill measures nothing.", "learning gains and skill gaps", do=CORRECT),
        filled("phase", "Without it before and after cannot be told apart.", "learning gains and skill gaps", do=CORRECT),
        filled("score", "A blank result is no result; leave the line out.", "learning gains and skill gaps", do=CORRECT),
        filled("maximum_score", "8 of 10 points and 8 of 80 are not the same.", "learning gains and skill gaps", do=CORRECT),
        filled(
            "assessed_by",
            "What people say of themselves and what a test shows are kept apart.",
            "learning gains and skill gaps",
            do=CORRECT,
        ),
        filled("assessed_at", NO_TIME, "learning gains and skill gaps", do=CORRECT),
        unique("assessment_id", REPEATED, "learning gains and skill gaps", severity="warning"),
        known_values("phase", words.PHASES, "Before and after are told apart by these words.", "learning gains and skill gaps"),
        known_values(
            "assessed_by",
            words.ASSESSED_BY,
            "What a test shows is kept apart from what people say.",
            "learning gains and skill gaps",
        ),
        between("score", 0, None, "No test gives less than no points.", "learning gains and skill gaps"),
        between("level", 0, 5, "Levels are given on five steps.", "learning gains and skill gaps"),
        not_ancient("assessed_at", "learning gains and skill gaps"),
        not_before(
            "maximum_score", "score", "No result lies above the highest there is.", "learning gains and skill gaps", word="below"
        ),
    ]


def course_skills() -> "list[Expectation]":
    """One skill that one course teaches, from a day on, one line each."""
    return [
        columns_present("course_code skill_code valid_from _file _line", "skills taught"),
        filled("course_code", "A skill that no course teaches is not taught.", "skills taught", do=CORRECT),
        filled("skill_code", "A course without a skill closes no gap.", "skills taught", do=CORRECT),
        filled("valid_from", NO_DAY, "skills taught", do=CORRECT),
        unique_together(["course_code", "skill_code"], REPEATED, "skills taught", severity="warning"),
        not_ancient("valid_from", "skills taught"),
    ]


def learning_paths() -> "list[Expectation]":
    """One path of courses laid out for one person, one line each."""
    return [
        columns_present(
            "path_id employee_id is_gap_based assigned_at opened_at first_gap_item_passed_at _file _line",
            "learning paths of starters",
        ),
        filled("path_id", NO_ID, "learning paths of starters", do=CORRECT),
        filled("employee_id", NO_PERSON, "learning paths of starters", do=CORRECT),
        filled(
            "is_gap_based",
            "Without it paths made for one person look like paths made for all.",
            "learning paths of starters",
            do=CORRECT,
        ),
        filled("assigned_at", NO_TIME, "learning paths of starters", do=CORRECT),
        unique("path_id", REPEATED, "learning paths of starters", severity="warning"),
        not_ancient("assigned_at", "learning paths of starters"),
        not_before("opened_at", "assigned_at", "Nothing is opened before it was laid out.", "learning paths of starters"),
    ]
