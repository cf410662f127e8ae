"""Core tables that come from signals, and a few more of the four systems: names, columns and types."""

from learning_warehouse.simulation.signal_streams import SIGNALS, columns

TABLE_OF = {
    "practice_tasks": "fct_practice_tasks",
    "application_evidence": "fct_application_events",
    "survey_responses": "fct_survey_responses",
    "recognitions": "fct_recognitions",
    "rituals": "fct_rituals",
    "retro_answers": "fct_retro_answers",
    "learning_log_entries": "fct_learning_log_entries",
    "moments": "fct_moments",
    "decisions": "fct_decisions",
    "announcements": "fct_announcements",
    "kpi_observations": "fct_kpi_observations",
    "metric_targets": "dim_metric_targets",
    "program_costs": "fct_program_costs",
    "value_conversions": "dim_value_conversions",
    "programs": "dim_programs",
    "policies": "dim_policies",
    "reward_rules": "dim_reward_rules",
    "objectives": "dim_objectives",
    "goals": "fct_goals",
    "role_skill_levels": "dim_role_skill_levels",
    "skill_assessments": "fct_skill_assessments",
    "course_skills": "bridge_course_skills",
    "requisitions": "fct_requisitions",
    "review_cycles": "dim_review_cycles",
    "exit_notices": "fct_exit_notices",
    "buddy_assignments": "fct_buddy_assignments",
    "assignment_framings": "fct_assignment_framings",
    "manager_contacts": "fct_manager_contacts",
    "product_usage": "fct_product_usage",
    "collaboration_counts": "fct_collaboration_counts",
    "learning_sessions": "fct_learning_sessions",
    "learning_paths": "fct_learning_paths",
}
_MORE = {
    "application_evidence": {"is_verified": "boolean"},
    "kpi_observations": {"unit_person_key": "varchar"},
    "course_skills": {"course_id": "varchar"},
    "assignment_framings": {"course_id": "varchar"},
    "learning_sessions": {"course_id": "varchar"},
}
_COMPANY = {"company_id": "varchar"}


def core_name(column: str) -> str:
    """The name a column of a file has in core: employee ids become person keys."""
    return column.replace("employee_id", "person_key")


def names_a_worker(column: str) -> bool:
    """Whether a column of a file holds the id of a worker."""
    return column == "employee_id" or column.endswith("_employee_id")


SIGNAL_TABLES: dict[str, dict[str, str]] = {
    TABLE_OF[stream]: _COMPANY | {core_name(name): kind for name, kind in columns(stream).items()} | _MORE.get(stream, {})
    for stream in SIGNALS
    if stream in TABLE_OF
} | {
    "dim_org_closure": _COMPANY
    | {
        "manager_person_key": "varchar",
        "person_key": "varchar",
        "depth": "bigint",
        "valid_from": "date",
        "valid_to": "date",
    },
    "dim_skills": _COMPANY | {"skill_code": "varchar", "is_required_by_a_role": "boolean", "is_taught_by_a_course": "boolean"},
    "bridge_program_courses": _COMPANY | {"program_code": "varchar", "course_id": "varchar"},
    "dim_course_difficulty": _COMPANY
    | {
        "course_id": "varchar",
        "scored_enrollments": "bigint",
        "failed_enrollments": "bigint",
        "difficulty": "double",
        "is_measured": "boolean",
    },
    "dim_account_merges": _COMPANY | {"account_id": "varchar", "surviving_account_id": "varchar"},
    "dim_streams": _COMPANY | {"stream": "varchar", "reaches_us": "boolean"},
    "dim_certificates": _COMPANY
    | {
        "enrollment_id": "varchar",
        "person_key": "varchar",
        "course_id": "varchar",
        "acquired_at": "timestamp",
        "expires_at": "timestamp",
    },
}
