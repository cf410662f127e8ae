"""What people do with what they learned: practice tasks, evidence of application, moments of work, learning logs.

How a file must look: drop_files.py.
"""

from learning_warehouse.sources.signals import words
from learning_warehouse.sources.signals.drop_files import drop_stream
from learning_warehouse.streams import Column

PRACTICE_TASKS = drop_stream(
    "practice_tasks", ("practice_id",), "assigned_at", "One practice task given to one person.",
    Column("practice_id", required=True, meaning="Id of the task."),
    Column("employee_id", required=True, meaning="Who was asked to practice."),
    Column("skill_code", meaning="The skill practiced."),
    Column("program_code", meaning="The program it belongs to."),
    Column("assigned_at", "timestamp", required=True, meaning="When it was given."),
    Column("done_at", "timestamp", meaning="When it was done; blank while it is not."),
    Column("feedback_at", "timestamp", meaning="When feedback was given."),
    Column("feedback_by_employee_id", meaning="Who gave the feedback."),
    Column("quality", "bigint", minimum=1, maximum=5, meaning="How well it was done, 1 to 5."),
    Column("is_micro", "boolean", required=True, meaning="Whether it takes a few minutes inside the work itself."),
)  # fmt: skip
APPLICATION_EVIDENCE = drop_stream(
    "application_evidence", ("evidence_id",), "occurred_at", "One time somebody was seen to use what was learned.",
    Column("evidence_id", required=True, meaning="Id of the observation."),
    Column("employee_id", required=True, meaning="Who used what was learned."),
    Column("occurred_at", "timestamp", required=True, meaning="When it took place."),
    Column("evidence_type", required=True, values=words.EVIDENCE_TYPES, meaning="How it is known."),
    Column("observed_by_employee_id", meaning="Who saw it; blank for a trace in a system."),
    Column("program_code", meaning="The program it was learned in."),
    Column("skill_code", meaning="The skill used."),
)  # fmt: skip
MOMENTS = drop_stream(
    "moments", ("moment_id",), "occurred_at", "One moment of work at which learning was offered.",
    Column("moment_id", required=True, meaning="Id of the moment."),
    Column("employee_id", required=True, meaning="Who was at work."),
    Column("occurred_at", "timestamp", required=True, meaning="When the moment came."),
    Column("trigger_type", required=True, values=words.TRIGGER_TYPES, meaning="What kind of moment."),
    Column("course_code", meaning="What was offered."),
    Column("opened_at", "timestamp", meaning="When it was opened; blank when it was not."),
)  # fmt: skip
LEARNING_LOG_ENTRIES = drop_stream(
    "learning_log_entries", ("entry_id",), "entry_date", "One entry of a learning log that somebody keeps openly.",
    Column("entry_id", required=True, meaning="Id of the entry."),
    Column("employee_id", required=True, meaning="Who keeps the log."),
    Column("entry_date", "date", required=True, meaning="The day of the entry."),
    Column("topic", meaning="What was learned, in a few words."),
    Column("shared_in", values=words.SHARED_IN, meaning="Where it was shared."),
    Column("is_named", "boolean", required=True, meaning="Whether the person agreed to be named in the leaders' table."),
)  # fmt: skip
