"""Learning as systems other than the LMS see it: learning sessions, collaboration counts, framing of assignments.

How a file must look: drop_files.py.
"""

from learning_warehouse.sources.signals import words
from learning_warehouse.sources.signals.drop_files import drop_stream
from learning_warehouse.streams import Column

LEARNING_SESSIONS = drop_stream(
    "learning_sessions", ("session_id",), "started_at", "One sitting of one person with learning content, in any system.",
    Column("session_id", required=True, meaning="Id of the sitting."),
    Column("employee_id", required=True, meaning="Who learned."),
    Column("system", required=True, values=words.SYSTEMS, meaning="Where the learning took place."),
    Column("course_code", meaning="With what."),
    Column("started_at", "timestamp", required=True, meaning="When it was opened."),
    Column("ended_at", "timestamp", required=True, meaning="When it was closed."),
    Column("raw_seconds", "bigint", required=True, minimum=0, meaning="How long it stood open, in seconds."),
    Column("engaged_seconds", "bigint", minimum=0, meaning="How long somebody was active, in seconds."),
    Column("interactions", "bigint", minimum=0, meaning="How many clicks, answers and scrolls there were."),
    Column("device", meaning="desktop, phone, or what the system calls it."),
)  # fmt: skip
COLLABORATION_COUNTS = drop_stream(
    "collaboration_counts", ("channel", "department", "week_start"), "week_start",
    "How much one department talked about learning in one channel in one week; counts only, no person.",
    Column("channel", required=True, meaning="The channel or tool."),
    Column("department", required=True, meaning="The department, as HR writes it."),
    Column("week_start", "date", required=True, meaning="The Monday of the week."),
    Column("learning_posts", "bigint", required=True, minimum=0, meaning="How many messages were about learning."),
    Column("active_people", "bigint", required=True, minimum=0, meaning="How many people wrote them."),
)  # fmt: skip
ASSIGNMENT_FRAMINGS = drop_stream(
    "assignment_framings", ("framing_id",), "sent_at", "One course assigned to one person, and how it was put to them.",
    Column("framing_id", required=True, meaning="Id of the assignment message."),
    Column("employee_id", required=True, meaning="Who got it."),
    Column("course_code", required=True, meaning="Which course."),
    Column("assigned_by", required=True, values=words.ASSIGNED_BY, meaning="Who assigned it."),
    Column("framing", required=True, values=words.FRAMINGS, meaning="What was given as the reason."),
    Column("sent_at", "timestamp", required=True, meaning="When it took place."),
    Column("reinforcements_sent", "bigint", minimum=0, meaning="How many reminders followed."),
    Column("reinforcements_acted", "bigint", minimum=0, meaning="How many of them were acted on."),
)  # fmt: skip
