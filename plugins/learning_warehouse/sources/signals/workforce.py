"""What HR knows and its system often does not hold: open positions, review cycles, exit notices, identity decisions.

How a file must look: drop_files.py.
"""

from learning_warehouse.sources.signals import words
from learning_warehouse.sources.signals.drop_files import drop_stream
from learning_warehouse.streams import Column

REQUISITIONS = drop_stream(
    "requisitions", ("requisition_id",), "opened_at", "One open position.",
    Column("requisition_id", required=True, meaning="Id of the position."),
    Column("job_title", required=True, meaning="The role, as HR writes it."),
    Column("department", meaning="The department, as HR writes it."),
    Column("opened_at", "timestamp", required=True, meaning="When it was opened."),
    Column("filled_at", "timestamp", meaning="When it was filled; blank while it is open."),
    Column("fill_type", values=words.FILL_TYPES, meaning="From inside or outside."),
    Column("filled_by_employee_id", meaning="Who got it."),
)  # fmt: skip
REVIEW_CYCLES = drop_stream(
    "review_cycles", ("cycle_id",), "rating_date", "One performance review cycle.",
    Column("cycle_id", required=True, meaning="Id of the cycle."),
    Column("starts_on", "date", required=True, meaning="The first day it looks at."),
    Column("rating_date", "date", required=True, meaning="The day ratings are given."),
    Column("is_learning_rated", "boolean", required=True, meaning="Whether learning counts for the rating."),
)  # fmt: skip
EXIT_NOTICES = drop_stream(
    "exit_notices", ("notice_id",), "announced_at", "One notice that somebody will leave.",
    Column("notice_id", required=True, meaning="Id of the notice."),
    Column("employee_id", required=True, meaning="Who leaves."),
    Column("announced_at", "timestamp", required=True, meaning="When it became known."),
    Column("leaving_date", "date", required=True, meaning="The last day."),
    Column("notice_type", required=True, values=words.NOTICE_TYPES, meaning="Why the person leaves."),
)  # fmt: skip
IDENTITY_OVERRIDES = drop_stream(
    "identity_overrides", ("override_id",), "decided_at", "One decision that a login belongs to a person, or to nobody we know.",
    Column("override_id", required=True, meaning="Id of the decision."),
    Column("source", required=True, meaning="Where the login is, e.g. absorb.users."),
    Column("source_identity_id", required=True, meaning="Its id there."),
    Column("person_source", meaning="Where the person is, e.g. bamboohr.employees; blank means nobody we know."),
    Column("person_source_id", meaning="The person's id there."),
    Column("decided_by", required=True, meaning="Who decided."),
    Column("decided_at", "timestamp", required=True, meaning="When; the newest decision holds."),
    Column("reason", meaning="Why, in a few words."),
)  # fmt: skip
