"""What the company plans and rules about learning: programs, announcements, pilots, policies, rewards, objectives.

How a file must look: drop_files.py.
"""

from learning_warehouse.sources.signals import words
from learning_warehouse.sources.signals.drop_files import drop_stream
from learning_warehouse.streams import Column

PROGRAMS = drop_stream(
    "programs", ("program_code",), "launch_date", "One program with its plan.",
    Column("program_code", required=True, meaning="The beginning of the course codes of the program, or the id of its pilot."),
    Column("program_name", required=True, meaning="Its name as people know it."),
    Column("launch_date", "date", required=True, meaning="The day it began."),
    Column("modality", required=True, values=words.MODALITIES, meaning="How it is taught most of the time."),
    Column("audience", required=True, meaning="Whom it is for, in a few words."),
    Column("sponsor_employee_id", meaning="Who stands up for it."),
    Column("owner_employee_id", meaning="Who runs it."),
    Column("objective_id", meaning="The objective it serves, as in objectives."),
    Column("planned_reach_share", "double", minimum=0, maximum=1, meaning="The planned share of the audience, 0 to 1."),
)  # fmt: skip
ANNOUNCEMENTS = drop_stream(
    "announcements", ("announcement_id",), "announced_at", "One time a leader spoke publicly for a program.",
    Column("announcement_id", required=True, meaning="Id of the announcement."),
    Column("announced_by_employee_id", required=True, meaning="Who spoke."),
    Column("announced_at", "timestamp", required=True, meaning="When it took place."),
    Column("program_code", required=True, meaning="For which program."),
    Column("channel", values=words.ANNOUNCEMENT_CHANNELS, meaning="Where it was said."),
)  # fmt: skip
PILOT_ASSIGNMENTS = drop_stream(
    "pilot_assignments", ("pilot_id", "team_manager_employee_id"), "assigned_at", "One team's arm of a pilot.",
    Column("pilot_id", required=True, meaning="The pilot, as in company.yml."),
    Column("team_manager_employee_id", required=True, meaning="The manager whose team it is."),
    Column("arm", required=True, meaning="coached or content_only."),
    Column("assigned_at", "timestamp", required=True, meaning="When the arm was decided; before day 0."),
    Column("stratum", meaning="The group within which teams were drawn."),
    Column("randomized", "boolean", required=True, meaning="Whether chance decided."),
)  # fmt: skip
POLICIES = drop_stream(
    "policies", ("policy_id",), "valid_from", "One rule about learning that people must follow.",
    Column("policy_id", required=True, meaning="Id of the rule."),
    Column("policy_type", required=True, values=words.POLICY_TYPES, meaning="Kind of rule."),
    Column("valid_from", "date", required=True, meaning="The first day it holds."),
    Column("valid_to", "date", meaning="The last day it holds; blank while it does."),
    Column("threshold", "double", minimum=0, meaning="What it asks for, e.g. hours a year."),
    Column("course_code_prefix", meaning="The courses it is about."),
)  # fmt: skip
REWARD_RULES = drop_stream(
    "reward_rules", ("rule_id",), "valid_from", "One rule about what is rewarded.",
    Column("rule_id", required=True, meaning="Id of the rule."),
    Column("policy_id", meaning="The policy it comes from, as in policies."),
    Column("rewards", required=True, values=words.REWARDS, meaning="What earns the reward."),
    Column("valid_from", "date", required=True, meaning="The first day it holds."),
    Column("valid_to", "date", meaning="The last day it holds; blank while it does."),
)  # fmt: skip
OBJECTIVES = drop_stream(
    "objectives", ("objective_id",), "valid_from", "One objective of the company that learning should serve.",
    Column("objective_id", required=True, meaning="Id of the objective."),
    Column("objective_name", required=True, meaning="Its name."),
    Column("horizon_year", "bigint", minimum=2000, maximum=2100, meaning="The calendar year by which it should be reached."),
    Column("owner_employee_id", meaning="Who answers for it."),
    Column("valid_from", "date", required=True, meaning="The day it was set."),
)  # fmt: skip
