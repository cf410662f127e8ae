"""What managers and buddies do for learning: coaching events, weekly check-ins, managers' contacts, buddies.

How a file must look: drop_files.py.
"""

from learning_warehouse.sources.signals import words
from learning_warehouse.sources.signals.drop_files import drop_stream
from learning_warehouse.streams import Column

COACHING_EVENTS = drop_stream(
    "coaching_events", ("event_id",), "occurred_at", "One coaching conversation.",
    Column("event_id", required=True, meaning="Id of the conversation."),
    Column("coach_employee_id", required=True, meaning="Who coached."),
    Column("coachee_employee_id", required=True, meaning="Who was coached."),
    Column("occurred_at", "timestamp", required=True, meaning="When it took place."),
    Column("event_type", required=True, values=words.EVENT_TYPES, meaning="Kind of conversation."),
    Column("has_learning_topic", "boolean", required=True, meaning="Whether learning was a subject."),
    Column("program_code", meaning="The program it was about."),
    Column("minutes", "bigint", minimum=1, maximum=480, meaning="How long it lasted, in minutes."),
)  # fmt: skip
CHECKINS = drop_stream(
    "checkins", ("checkin_id",), "answered_at", "One person's answers to the weekly check-in.",
    Column("checkin_id", required=True, meaning="Id of the answer sheet."),
    Column("employee_id", required=True, meaning="Who answered."),
    Column("week_start", "date", required=True, meaning="The Monday of the week asked about."),
    Column("manager_asked", "boolean", meaning='"My manager asked what I am learning."'),
    Column("used_learning", "boolean", meaning='"I used something I learned."'),
    Column("confidence", "bigint", minimum=1, maximum=5, meaning='"How sure are you of what you learned?", 1 to 5.'),
    Column("answered_at", "timestamp", required=True, meaning="When it was answered."),
)  # fmt: skip
MANAGER_CONTACTS = drop_stream(
    "manager_contacts", ("contact_id",), "contacted_at", "One contact of the learning team with a manager.",
    Column("contact_id", required=True, meaning="Id of the contact."),
    Column("manager_employee_id", required=True, meaning="The manager."),
    Column("contacted_at", "timestamp", required=True, meaning="When it took place."),
    Column("topic", meaning="What it was about, in a word or two."),
    Column("barrier", values=words.BARRIERS, meaning="What the manager said stands in the way of learning."),
)  # fmt: skip
BUDDY_ASSIGNMENTS = drop_stream(
    "buddy_assignments", ("assignment_id",), "assigned_at", "One buddy or mentor given to one person.",
    Column("assignment_id", required=True, meaning="Id of the pairing."),
    Column("employee_id", required=True, meaning="Who got the buddy."),
    Column("buddy_employee_id", required=True, meaning="The buddy or mentor."),
    Column("assigned_at", "timestamp", required=True, meaning="When it began."),
    Column("ended_at", "timestamp", meaning="When it ended; blank while it lasts."),
)  # fmt: skip
