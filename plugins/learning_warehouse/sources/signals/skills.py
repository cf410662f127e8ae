"""Skills: what is asked for, taught, aimed at and measured: goals, role levels, assessments, course skills, learning paths.

How a file must look: drop_files.py.
"""

from learning_warehouse.sources.signals import words
from learning_warehouse.sources.signals.drop_files import drop_stream
from learning_warehouse.streams import Column

GOALS = drop_stream(
    "goals", ("goal_id",), "set_at", "One goal that somebody set with the manager.",
    Column("goal_id", required=True, meaning="Id of the goal."),
    Column("employee_id", required=True, meaning="Whose goal it is."),
    Column("goal_type", required=True, values=words.GOAL_TYPES, meaning="Kind of goal."),
    Column("skill_code", meaning="The skill it is about."),
    Column("set_at", "timestamp", required=True, meaning="When it was set."),
    Column("due_date", "date", meaning="By when it should be reached."),
    Column("status", required=True, values=words.GOAL_STATUSES, meaning="Where it stands."),
    Column("closed_at", "timestamp", meaning="When it was done or dropped."),
)  # fmt: skip
ROLE_SKILL_LEVELS = drop_stream(
    "role_skill_levels", ("job_title", "skill_code", "valid_from"), "valid_from",
    "The level of one skill that one role asks for, from a day on.",
    Column("job_title", required=True, meaning="The role, as HR writes it."),
    Column("skill_code", required=True, meaning="The skill."),
    Column("required_level", "double", required=True, minimum=0, maximum=5, meaning="The level asked for, 1 to 5."),
    Column("valid_from", "date", required=True, meaning="The first day it is asked for."),
)  # fmt: skip
SKILL_ASSESSMENTS = drop_stream(
    "skill_assessments", ("assessment_id",), "assessed_at", "One result of one person in one test or rating of a skill.",
    Column("assessment_id", required=True, meaning="Id of the result."),
    Column("employee_id", required=True, meaning="Who was assessed."),
    Column("skill_code", required=True, meaning="The skill."),
    Column("program_code", meaning="The program it belongs to."),
    Column("phase", required=True, values=words.PHASES, meaning="Before, right after, or long after learning."),
    Column("score", "double", required=True, minimum=0, meaning="The points reached."),
    Column("maximum_score", "double", required=True, meaning="The points that could be reached."),
    Column("level", "double", minimum=0, maximum=5, meaning="The level seen, 1 to 5."),
    Column("assessed_by", required=True, values=words.ASSESSED_BY, meaning="Who assessed."),
    Column("assessed_at", "timestamp", required=True, meaning="When it took place."),
)  # fmt: skip
COURSE_SKILLS = drop_stream(
    "course_skills", ("course_code", "skill_code"), "valid_from", "One skill that one course teaches, from a day on.",
    Column("course_code", required=True, meaning="The course code."),
    Column("skill_code", required=True, meaning="The skill."),
    Column("valid_from", "date", required=True, meaning="The first day it does."),
)  # fmt: skip
LEARNING_PATHS = drop_stream(
    "learning_paths", ("path_id",), "opened_at", "One path of courses laid out for one person.",
    Column("path_id", required=True, meaning="Id of the path."),
    Column("employee_id", required=True, meaning="For whom."),
    Column("is_gap_based", "boolean", required=True, meaning="Whether it was made from the gaps of this person."),
    Column("assigned_at", "timestamp", required=True, meaning="When it was laid out."),
    Column("opened_at", "timestamp", meaning="When the person first opened it."),
    Column("first_gap_item_passed_at", "timestamp", meaning="When the first item about a gap was passed."),
)  # fmt: skip
