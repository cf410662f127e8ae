"""Three good rows for every mart suite: one that reads, one held back because there are too few, one not due yet."""

from datetime import datetime
from typing import Any

import pandas as pd
from good_batches import frame

MONTHS = [datetime(2026, 9, 1), datetime(2026, 10, 1), datetime(2026, 11, 1)]
STATES = ["reads", "too_few", "not_due"]
AS_OF = [datetime(2026, 12, 1, 1)] * 3


def shown(value: Any) -> list[Any]:
    return [value, None, None]


def kpi(name: str, value: Any, with_interval: bool = False) -> dict[str, list[Any]]:
    columns = {name: shown(value), f"{name}_n": shown(9), f"{name}_denominator": shown(20), f"{name}_state": STATES}
    if with_interval:
        columns |= {f"{name}_low": shown(value - 0.2), f"{name}_high": shown(value + 0.2)}
    return columns


def effects(unit: str, estimate: float) -> dict[str, list[Any]]:
    return {
        "company_id": ["halden"] * 3,
        "question": ["Does it matter?"] * 3,
        "outcome": ["a", "b", "c"],
        "definition": ["any"] * 3,
        "method": ["person_time"] * 3,
        "is_headline": [True, False, False],
        "estimate": shown(estimate),
        "ci_low": shown(estimate - 0.1),
        "ci_high": shown(estimate + 0.1),
        "naive_estimate": shown(0.4),
        "naive_ci_low": shown(0.3),
        "naive_ci_high": shown(0.5),
        "unit": [unit] * 3,
        "n_treated": [60, 3, 0],
        "n_control": [80, 5, 0],
        "n_events": [40, 1, 0],
        "failed_checks": ["", "", ""],
        "state": STATES,
        "tier": ["supported", "withheld", "withheld"],
        "withheld_reason": [None, "too few", "too early"],
        "as_of_at": AS_OF,
    }


def good_marts() -> dict[str, pd.DataFrame]:
    """Suite name -> frame of three good rows."""
    company = {"company_id": ["halden"] * 3}
    marts = {
        "activity_learner_weeks": company
        | {
            "person_key": ["a", "b", "c"],
            "week_start": MONTHS,
            "audience": ["employee", "customer", "partner"],
            "courses_enrolled": [1, 0, 2],
            "courses_started": [0, 1, 0],
            "courses_completed": [0, 1, 0],
            "assessments_attempted": [0, 0, 1],
            "learning_minutes_state": ["no_data_reaches_us"] * 3,
        },
        "activity_program_funnel": company
        | {
            "course_id": ["c1", "c2", "c3"],
            "cohort_month": MONTHS,
            "audience": ["employee", "customer", "partner"],
            "people_enrolled": [20, 7, None],
            **kpi("started_rate", 0.8),
            **kpi("never_started_rate", 0.2),
            **kpi("completed_rate", 0.5),
            **kpi("on_time_rate", 0.4),
        },
        "application_checkin_months": company
        | {
            "month_start": MONTHS,
            "department": ["All departments", "Support", "Sales"],
            "people_answering": shown(20),
            **kpi("manager_asked", 0.4, True),
            **kpi("used_learning", 0.6),
            **kpi("confidence", 3.4),
        },
        "application_onboarding_cohorts": company
        | {
            "hire_month": MONTHS,
            "role_title": ["All roles", "Engineer", "Support Agent"],
            "hires": shown(20),
            **kpi("opened_path_14_days", 0.5, True),
            **kpi("first_win_14_days", 0.6, True),
        },
        "application_time_to_competency": company
        | {
            "role_title": ["All roles", "Engineer", "Support Agent"],
            "start_quarter": ["all", "2026-Q1", "2026-Q2"],
            **kpi("competent_by_horizon", 0.5, True),
            "left_before_competent": shown(2),
            "median_days_if_staying": shown(60),
            "median_days_if_staying_low": shown(50),
            "median_days_if_staying_high": shown(70),
        },
        "application_ticket_handling": company
        | {
            "agent_group": ["trained", "trained", "not_yet_trained"],
            "ticket_category": ["billing", "reporting", "billing"],
            "month_start": MONTHS,
            "agents": [20, 6, None],
            **kpi("median_resolution_hours", 5.5),
            **kpi("reopened_rate", 0.1),
            **kpi("satisfied_rate", 0.9),
        },
        "application_ticket_handling_effects": effects("hours", 1.1) | {"ticket_category": ["billing", "reporting", "all"]},
        "impact_account_months": company
        | {
            "account_id": ["a1", "a2", "a3"],
            "month_start": MONTHS,
            "exposure_months": [1.0, 0.5, 0.0],
            "age_months": [0, 5, 40],
            "arr": [1000.0, 0.0, None],
            "tickets": [0, 4, 9],
            "how_to_per_seat": [0.0, 0.1, None],
            "how_to_per_seat_state": ["reads", "reads", "nothing_recorded"],
            "contacts_known_band": ["0", "1-4", "5+"],
            "contacts_trained_band": ["0", "1-4", None],
        },
        "impact_customer_education": effects("rate_ratio", 0.7),
        "impact_account_owner_training": effects("rate_ratio", 0.8),
        "impact_pilot_effects": effects("share", 0.06) | {"pilot_id": ["discovery-calls"] * 3, "horizon_days": [30, 90, 180]},
        "governance_source_coverage": company
        | {
            "source_name": ["absorb", "zendesk", "drops"],
            "stream_name": ["users", "tickets", "checkins"],
            "state": ["reads", "reads", "no_data_reaches_us"],
            "last_load_verdict": ["admitted", "rejected", "none"],
            "set_aside_share": [0.0, 0.001, None],
            "records_served": [10, 20, 0],
            "loads_rejected": [0, 1, 0],
            "served_age_days": [0, 1, None],
        },
        "governance_identity_coverage": company
        | {
            "source": ["absorb.users", "zendesk.users", "salesforce.users"],
            **kpi("matched_rate", 0.95, False),
            "matched_rate_low": shown(0.9),
            "matched_rate_high": shown(0.97),
            "open_decisions": [1, 0, 0],
        },
    }
    return {f"marts__{name}": frame(**columns) for name, columns in marts.items()}
