"""Suites of figures and money. Who is told when one is red: wording.py."""

from typing import TYPE_CHECKING

from expectations.shared import (
    between,
    columns_present,
    filled,
    known_values,
    matches,
    not_ancient,
    not_before,
    unique,
    unique_together,
)
from expectations.signals.wording import CORRECT, NO_DAY, NO_ID, REPEATED
from learning_warehouse.sources.signals import words

if TYPE_CHECKING:
    from great_expectations.expectations import Expectation


def kpi_observations() -> "list[Expectation]":
    """Key figures, one line per unit, figure and period."""
    return [
        columns_present("unit_type unit_id kpi_code period_start value direction _file _line", "performance by role and pilots"),
        filled("unit_type", "A figure without its kind of unit belongs to nobody.", "performance by role and pilots", do=CORRECT),
        filled("unit_id", "A figure without its unit belongs to nobody.", "performance by role and pilots", do=CORRECT),
        filled("kpi_code", "A number without a name means nothing.", "performance by role and pilots", do=CORRECT),
        filled("period_start", NO_DAY, "performance by role and pilots", do=CORRECT),
        filled("value", "A blank figure is no figure; leave the line out.", "performance by role and pilots", do=CORRECT),
        filled("direction", "Without it better and worse cannot be told apart.", "performance by role and pilots", do=CORRECT),
        unique_together(
            ["unit_type", "unit_id", "kpi_code", "period_start"], REPEATED, "performance by role and pilots", severity="warning"
        ),
        known_values(
            "unit_type",
            words.UNIT_TYPES,
            "A figure belongs to a person, a team or the company.",
            "performance by role and pilots",
        ),
        known_values("direction", words.DIRECTIONS, "Better is up or down.", "performance by role and pilots"),
        not_ancient("period_start", "performance by role and pilots"),
    ]


def metric_targets() -> "list[Expectation]":
    """Targets, one line per figure, period and unit."""
    return [
        columns_present("metric_id period_start unit target sponsor_employee_id approved_at _file _line", "plan and actual"),
        filled("metric_id", "A target of nothing cannot be reached.", "plan and actual", do=CORRECT),
        filled("period_start", NO_DAY, "plan and actual", do=CORRECT),
        filled("unit", "A target of nobody cannot be missed.", "plan and actual", do=CORRECT),
        filled("target", "A target without a number cannot be reached.", "plan and actual", do=CORRECT),
        unique_together(["metric_id", "period_start", "unit"], REPEATED, "plan and actual", severity="warning"),
        not_ancient("period_start", "plan and actual"),
    ]


def program_costs() -> "list[Expectation]":
    """Costs of programs, one line per program, month and kind of cost."""
    return [
        columns_present("program_code month_start cost_type amount currency _file _line", "program returns"),
        filled("program_code", "A cost without a program makes no program dearer.", "program returns", do=CORRECT),
        filled("month_start", NO_DAY, "program returns", do=CORRECT),
        filled("cost_type", "Without the kind, people's time and invoices look alike.", "program returns", do=CORRECT),
        filled("amount", "A cost without an amount is no cost.", "program returns", do=CORRECT),
        filled("currency", "An amount without a currency cannot be added.", "program returns", do=CORRECT),
        unique_together(["program_code", "month_start", "cost_type"], REPEATED, "program returns", severity="warning"),
        known_values("cost_type", words.COST_TYPES, "Only known kinds of cost are added.", "program returns"),
        matches(
            "currency",
            "^[A-Z]{3}$",
            "currency is a code of three letters.",
            "Amounts are added per currency.",
            "program returns",
            severity="warning",
        ),
        between("amount", 0, None, "A cost is not negative; send a corrected line instead of a refund.", "program returns"),
        not_ancient("month_start", "program returns"),
    ]


def value_conversions() -> "list[Expectation]":
    """What outcomes are worth, one line per agreement."""
    return [
        columns_present(
            "conversion_id outcome_code unit amount_low amount_likely amount_high currency "
            "approved_by_employee_id approved_at valid_from _file _line",
            "program returns",
        ),
        filled("conversion_id", NO_ID, "program returns", do=CORRECT),
        filled("outcome_code", "A value of nothing multiplies nothing.", "program returns", do=CORRECT),
        filled("unit", "A value per nothing means nothing.", "program returns", do=CORRECT),
        filled(
            "amount_low",
            "Returns are shown from the lowest value to the highest, never as one number.",
            "program returns",
            do=CORRECT,
        ),
        filled(
            "amount_likely",
            "Returns are shown from the lowest value to the highest, never as one number.",
            "program returns",
            do=CORRECT,
        ),
        filled(
            "amount_high",
            "Returns are shown from the lowest value to the highest, never as one number.",
            "program returns",
            do=CORRECT,
        ),
        filled("currency", "An amount without a currency cannot be added.", "program returns", do=CORRECT),
        filled("valid_from", NO_DAY, "program returns", do=CORRECT),
        unique("conversion_id", REPEATED, "program returns", severity="warning"),
        matches(
            "currency",
            "^[A-Z]{3}$",
            "currency is a code of three letters.",
            "Amounts are added per currency.",
            "program returns",
            severity="warning",
        ),
        not_ancient("valid_from", "program returns"),
        not_before("amount_likely", "amount_low", "The likely value is not under the lowest.", "program returns", word="below"),
        not_before(
            "amount_high", "amount_likely", "The highest value is not under the likely one.", "program returns", word="below"
        ),
    ]


def product_usage() -> "list[Expectation]":
    """Use of the product, one line per customer and month."""
    return [
        columns_present("account_id month_start active_users key_actions _file _line", "time to first value"),
        filled("account_id", "Use by no customer helps no customer.", "time to first value", do=CORRECT),
        filled("month_start", NO_DAY, "time to first value", do=CORRECT),
        filled("active_users", "The count is what the line is for.", "time to first value", do=CORRECT),
        unique_together(["account_id", "month_start"], REPEATED, "time to first value", severity="warning"),
        between("active_users", 0, None, "A count is not negative.", "time to first value"),
        between("key_actions", 0, None, "A count is not negative.", "time to first value"),
        not_ancient("month_start", "time to first value"),
    ]
