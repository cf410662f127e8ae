"""Suites of what the company plans and rules about learning. Who is told when one is red: wording.py."""

from typing import TYPE_CHECKING

from expectations.shared import between, columns_present, filled, filled_at_least, known_values, not_ancient, not_before, unique
from expectations.signals.wording import CORRECT, NO_DAY, NO_ID, NO_TIME, REPEATED
from learning_warehouse.sources.signals import words

if TYPE_CHECKING:
    from great_expectations.expectations import Expectation


def programs() -> "list[Expectation]":
    """One program with its plan, one line each."""
    return [
        columns_present(
            "program_code program_name launch_date modality audience sponsor_employee_id owner_employee_id "
            "objective_id planned_reach_share _file _line",
            "programs",
        ),
        filled("program_code", NO_ID, "programs", do=CORRECT),
        filled("program_name", "Nobody knows a program by its code.", "programs", do=CORRECT),
        filled("launch_date", "Without the first day nothing can be counted from it.", "programs", do=CORRECT),
        filled("modality", "Without it returns cannot be compared between ways of teaching.", "programs", do=CORRECT),
        filled("audience", "Without it nobody knows whom the plan is about.", "programs", do=CORRECT),
        unique("program_code", REPEATED, "programs", severity="warning"),
        known_values("modality", words.MODALITIES, "Only known ways of teaching are compared.", "programs"),
        between("planned_reach_share", 0, 1, "A share lies between 0 and 1.", "programs"),
        not_ancient("launch_date", "programs"),
    ]


def announcements() -> "list[Expectation]":
    """One time a leader spoke publicly for a program, one line each."""
    return [
        columns_present("announcement_id announced_by_employee_id announced_at program_code channel _file _line", "advocacy"),
        filled("announcement_id", NO_ID, "advocacy", do=CORRECT),
        filled("announced_by_employee_id", "Somebody must have spoken.", "advocacy", do=CORRECT),
        filled("announced_at", NO_TIME, "advocacy", do=CORRECT),
        filled("program_code", "Speaking for no program cannot be followed by anything.", "advocacy", do=CORRECT),
        unique("announcement_id", REPEATED, "advocacy", severity="warning"),
        known_values("channel", words.ANNOUNCEMENT_CHANNELS, "Only known channels are counted.", "advocacy"),
        not_ancient("announced_at", "advocacy"),
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


def policies() -> "list[Expectation]":
    """One rule about learning that people must follow, one line each."""
    return [
        columns_present("policy_id policy_type valid_from valid_to threshold course_code_prefix _file _line", "policies"),
        filled("policy_id", NO_ID, "policies", do=CORRECT),
        filled("policy_type", "Without the kind the rule is in no comparison.", "policies", do=CORRECT),
        filled("valid_from", NO_DAY, "policies", do=CORRECT),
        unique("policy_id", REPEATED, "policies", severity="warning"),
        known_values("policy_type", words.POLICY_TYPES, "Only known kinds of rules are read.", "policies"),
        between("threshold", 0, None, "A rule cannot ask for less than nothing.", "policies"),
        not_ancient("valid_from", "policies"),
        not_before("valid_to", "valid_from", "Nothing ends before it begins.", "policies"),
    ]


def reward_rules() -> "list[Expectation]":
    """One rule about what is rewarded, one line each."""
    return [
        columns_present("rule_id policy_id rewards valid_from valid_to _file _line", "reward rules"),
        filled("rule_id", NO_ID, "reward rules", do=CORRECT),
        filled("rewards", "Without it we cannot tell what people are paid for.", "reward rules", do=CORRECT),
        filled("valid_from", NO_DAY, "reward rules", do=CORRECT),
        unique("rule_id", REPEATED, "reward rules", severity="warning"),
        known_values("rewards", words.REWARDS, "Only known rewards are read.", "reward rules"),
        not_ancient("valid_from", "reward rules"),
        not_before("valid_to", "valid_from", "Nothing ends before it begins.", "reward rules"),
    ]


def objectives() -> "list[Expectation]":
    """One objective of the company that learning should serve, one line each."""
    return [
        columns_present(
            "objective_id objective_name horizon_year owner_employee_id valid_from _file _line", "alignment with objectives"
        ),
        filled("objective_id", NO_ID, "alignment with objectives", do=CORRECT),
        filled("objective_name", "Nobody knows an objective by its id.", "alignment with objectives", do=CORRECT),
        filled("valid_from", NO_DAY, "alignment with objectives", do=CORRECT),
        unique("objective_id", REPEATED, "alignment with objectives", severity="warning"),
        between("horizon_year", 2000, 2100, "A horizon is a calendar year.", "alignment with objectives"),
        not_ancient("valid_from", "alignment with objectives"),
    ]
