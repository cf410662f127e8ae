"""How a team learns together: survey answers, recognition, team rituals, retrospectives, decisions.

How a file must look: drop_files.py.
"""

from learning_warehouse.sources.signals import words
from learning_warehouse.sources.signals.drop_files import drop_stream
from learning_warehouse.streams import Column

SURVEY_RESPONSES = drop_stream(
    "survey_responses", ("response_id",), "answered_at", "One answer to one question of a survey.",
    Column("response_id", required=True, meaning="Id of the answer."),
    Column("employee_id", meaning="Who answered; blank when the survey is anonymous."),
    Column("instrument", required=True, values=words.INSTRUMENTS, meaning="Which survey."),
    Column("item_code", required=True, meaning="Which question of it."),
    Column("subject_code", meaning="What the question was about: a course or program code."),
    Column("manager_employee_id", meaning="The manager the question was about."),
    Column("wave_day", "bigint", minimum=0, maximum=3650, meaning="The day after the event on which it was asked, e.g. 30."),
    Column("score", "double", required=True, minimum=0, meaning="The answer as a number."),
    Column("maximum_score", "double", required=True, meaning="The highest answer there is."),
    Column("answered_at", "timestamp", required=True, meaning="When it was answered."),
)  # fmt: skip
RECOGNITIONS = drop_stream(
    "recognitions", ("recognition_id",), "occurred_at", "One public thank-you.",
    Column("recognition_id", required=True, meaning="Id of the thank-you."),
    Column("from_employee_id", meaning="Who thanked."),
    Column("to_employee_id", required=True, meaning="Who was thanked."),
    Column("occurred_at", "timestamp", required=True, meaning="When it took place."),
    Column("reason_class", required=True, values=words.REASON_CLASSES, meaning="For what."),
)  # fmt: skip
RITUALS = drop_stream(
    "rituals", ("ritual_id",), "held_at", "One regular meeting of a team in which it learns.",
    Column("ritual_id", required=True, meaning="Id of the meeting."),
    Column("team_manager_employee_id", required=True, meaning="The manager whose team met."),
    Column("ritual_type", required=True, values=words.RITUAL_TYPES, meaning="Kind of meeting."),
    Column("held_at", "timestamp", required=True, meaning="When it was held."),
    Column("attendees", "bigint", minimum=0, maximum=1000, meaning="How many were there."),
)  # fmt: skip
RETRO_ANSWERS = drop_stream(
    "retro_answers", ("answer_id",), "answered_at", "One answer to the closing questions of a team meeting.",
    Column("answer_id", required=True, meaning="Id of the answer."),
    Column("ritual_id", required=True, meaning="The meeting, as in rituals."),
    Column("employee_id", meaning="Who answered; blank when answers are anonymous."),
    Column("learned_something", "boolean", required=True, meaning='"I learned something."'),
    Column("will_do_differently", "boolean", meaning='"I will do something differently."'),
    Column("answered_at", "timestamp", required=True, meaning="When it was answered."),
)  # fmt: skip
DECISIONS = drop_stream(
    "decisions", ("decision_id",), "decided_at", "One entry of a team's decision log.",
    Column("decision_id", required=True, meaning="Id of the decision."),
    Column("team_manager_employee_id", required=True, meaning="The manager whose team decided."),
    Column("decided_at", "timestamp", required=True, meaning="When it took place."),
    Column("category", meaning="What kind of decision, in the team's own words."),
    Column("used_learning", "boolean", meaning="Whether something learned was used in it."),
    Column("was_reversed", "boolean", meaning="Whether it was taken back later."),
)  # fmt: skip
