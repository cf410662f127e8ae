"""The drop folder: what no vendor holds, as files that people or tools put there, one folder per stream.

The streams are declared by subject in the modules beside this one; drop_files.py says how a file must look and reads it.
A folder that is not there, or is empty, is a load of no records.
"""

from learning_warehouse.sources.signals import climate, coaching, money, practice, programs, sessions, skills, workforce
from learning_warehouse.streams import Source

SOURCE = Source("drops", "Drop folder", "signals", {
    stream.name: stream
    for stream in (
        coaching.COACHING_EVENTS, coaching.CHECKINS, coaching.MANAGER_CONTACTS, coaching.BUDDY_ASSIGNMENTS,
        practice.PRACTICE_TASKS, practice.APPLICATION_EVIDENCE, practice.MOMENTS, practice.LEARNING_LOG_ENTRIES,
        climate.SURVEY_RESPONSES, climate.RECOGNITIONS, climate.RITUALS, climate.RETRO_ANSWERS, climate.DECISIONS,
        programs.PROGRAMS, programs.ANNOUNCEMENTS, programs.PILOT_ASSIGNMENTS, programs.POLICIES, programs.REWARD_RULES,
        programs.OBJECTIVES,
        skills.GOALS, skills.ROLE_SKILL_LEVELS, skills.SKILL_ASSESSMENTS, skills.COURSE_SKILLS, skills.LEARNING_PATHS,
        workforce.REQUISITIONS, workforce.REVIEW_CYCLES, workforce.EXIT_NOTICES, workforce.IDENTITY_OVERRIDES,
        money.KPI_OBSERVATIONS, money.METRIC_TARGETS, money.PROGRAM_COSTS, money.VALUE_CONVERSIONS, money.PRODUCT_USAGE,
        sessions.LEARNING_SESSIONS, sessions.COLLABORATION_COUNTS, sessions.ASSIGNMENT_FRAMINGS,
    )
})  # fmt: skip
