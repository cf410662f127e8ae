"""Which charts and tables the pages get, from marts; a mart that is not there costs its picture only."""

from collections.abc import Callable
from typing import Any

from learning_warehouse.facts import Marts, NotThere
from learning_warehouse.pages.charts import Chart, Effect, forest, shares, trend

EDUCATION = "impact_customer_education"
WEEKS_SHOWN = 26
FEWEST_PEOPLE = 10


def charts(marts: Marts) -> dict[str, list[Chart]]:
    """Charts by the question they belong to."""
    drawn: dict[str, list[Chart]] = {}
    makers: list[tuple[str, Callable[[Marts], Chart | None]]] = [
        ("matter", _effects),
        ("applied", _competency),
        ("used", _learner_weeks),
    ]
    for key, make in makers:
        try:
            chart = make(marts)
        except NotThere:
            continue
        if chart:
            drawn.setdefault(key, []).append(chart)
    return drawn


def coverage(marts: Marts) -> dict[str, Any] | None:
    """Identities of each system and how they were matched, or None when there is nothing to show."""
    names = {
        "source": "System",
        "identities": "Identities",
        "matched_by_external_id": "By employee or contact id",
        "matched_by_email": "By mail",
        "ambiguous": "Ambiguous",
        "unmatched": "Unmatched",
    }
    try:
        rows = marts.rows("governance_identity_coverage", "true", ", ".join(names), "order by source")
    except NotThere:
        return None
    return {"columns": list(names.values()), "rows": [[_cell(row[name]) for name in names] for row in rows]} if rows else None


def _effects(marts: Marts) -> Chart | None:
    labels = {"churn": "leaving", "how_to_tickets": "how-to questions", "defect_tickets": "defects (control)"}
    rows = marts.rows(EDUCATION, "state = 'reads' and definition = 'any' and method in ('person_time', 'own_baseline')")
    by_outcome = {row["outcome"]: row for row in rows}
    effects = [_effect(by_outcome[outcome], label) for outcome, label in labels.items() if outcome in by_outcome]
    caption = (
        "Change among trained customers, with 95 % intervals. Left of zero is less. The hollow points are the plain comparison; "
        "its distance from the filled ones is what it would have misled you by."
    )
    return forest(effects, caption) if effects else None


def _effect(row: dict[str, Any], label: str) -> Effect:
    naive = [row[name] - 1 if row[name] is not None else None for name in ("naive_estimate", "naive_ci_low", "naive_ci_high")]
    return Effect(label, row["estimate"] - 1, row["ci_low"] - 1, row["ci_high"] - 1, *naive)


def _competency(marts: Marts) -> Chart | None:
    x = "competent_by_horizon"
    rows = marts.rows(
        "application_time_to_competency",
        f"start_quarter = 'all' and {x}_state = 'reads'",
        "*",
        "order by role_title <> 'All roles', role_title",
    )
    if not rows:
        return None
    day = rows[0]["horizon_days"]
    caption = f"Share of starters competent by day {day}, with 95 % intervals. Leaving before that counts as not competent."
    return shares(
        [row["role_title"] for row in rows],
        [row[x] for row in rows],
        [row[f"{x}_low"] for row in rows],
        [row[f"{x}_high"] for row in rows],
        caption,
    )


def _learner_weeks(marts: Marts) -> Chart | None:
    if not marts.night:
        return None
    night = f"timestamp '{marts.night[:19]}'"
    week = f"date_trunc('week', {night})"
    shown = f"week_start < {week} and week_start >= {week} - interval {7 * WEEKS_SHOWN} day"
    where = f"audience = 'employee' and is_active_beyond_mandatory and {shown}"
    rows = marts.rows(
        "activity_learner_weeks",
        where,
        "week_start, count(distinct person_key) as people",
        f"group by week_start having count(distinct person_key) >= {FEWEST_PEOPLE} order by week_start",
    )
    if len(rows) < 4:
        return None
    caption = "Employees who learned beyond the mandatory list, per week."
    return trend([row["week_start"] for row in rows], [row["people"] for row in rows], caption)


def _cell(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int) else "-" if value is None else str(value)
