"""Figures and money: key figures, targets, costs, what outcomes are worth, use of the product.

How a file must look: drop_files.py.
"""

from learning_warehouse.sources.signals import words
from learning_warehouse.sources.signals.drop_files import drop_stream
from learning_warehouse.streams import Column

KPI_OBSERVATIONS = drop_stream(
    "kpi_observations", ("unit_type", "unit_id", "kpi_code", "period_start"), "period_start",
    "One figure of one person, team or the company for one period.",
    Column("unit_type", required=True, values=words.UNIT_TYPES, meaning="Whose figure it is."),
    Column("unit_id", required=True, meaning="The worker id, the manager's worker id for a team, or a word for the company."),
    Column("kpi_code", required=True, meaning="Which figure it is."),
    Column("period_start", "date", required=True, meaning="The first day of the period."),
    Column("value", "double", required=True, meaning="The figure."),
    Column("direction", required=True, values=words.DIRECTIONS, meaning="Which way is better."),
)  # fmt: skip
METRIC_TARGETS = drop_stream(
    "metric_targets", ("metric_id", "period_start", "unit"), "period_start", "The target of one figure for one period and unit.",
    Column("metric_id", required=True, meaning="The figure, as in the metric catalog."),
    Column("period_start", "date", required=True, meaning="The first day of the period."),
    Column("unit", required=True, meaning="company, or a department as HR writes it."),
    Column("target", "double", required=True, meaning="What it should be."),
    Column("sponsor_employee_id", meaning="Who answers for it."),
    Column("approved_at", "timestamp", meaning="When it was approved."),
)  # fmt: skip
PROGRAM_COSTS = drop_stream(
    "program_costs", ("program_code", "month_start", "cost_type"), "month_start",
    "What one program cost in one month, by kind of cost.",
    Column("program_code", required=True, meaning="The program."),
    Column("month_start", "date", required=True, meaning="The first day of the month."),
    Column("cost_type", required=True, values=words.COST_TYPES, meaning="Kind of cost."),
    Column("amount", "double", required=True, minimum=0, meaning="How much."),
    Column("currency", required=True, meaning="ISO 4217 code, e.g. EUR."),
)  # fmt: skip
VALUE_CONVERSIONS = drop_stream(
    "value_conversions", ("conversion_id",), "valid_from", "What one unit of an outcome is worth, as somebody agreed.",
    Column("conversion_id", required=True, meaning="Id of the agreement."),
    Column("outcome_code", required=True, meaning="The outcome."),
    Column("unit", required=True, meaning="One of what, e.g. ticket."),
    Column("amount_low", "double", required=True, meaning="What it is worth at least."),
    Column("amount_likely", "double", required=True, meaning="What it is most likely worth."),
    Column("amount_high", "double", required=True, meaning="What it is worth at most."),
    Column("currency", required=True, meaning="ISO 4217 code, e.g. EUR."),
    Column("approved_by_employee_id", meaning="Who agreed to it."),
    Column("approved_at", "timestamp", meaning="When it took place."),
    Column("valid_from", "date", required=True, meaning="The first day it holds."),
)  # fmt: skip
PRODUCT_USAGE = drop_stream(
    "product_usage", ("account_id", "month_start"), "month_start", "What one customer did with the product in one month.",
    Column("account_id", required=True, meaning="The customer, by its id in the CRM."),
    Column("month_start", "date", required=True, meaning="The first day of the month."),
    Column("active_users", "bigint", required=True, minimum=0, meaning="How many people used it."),
    Column("key_actions", "bigint", minimum=0, meaning="How many actions that matter they took."),
)  # fmt: skip
