"""The headline figures in plain Python, straight from a ledger: what the published marts must say of it.

Nothing here knows SQL. `headline_values` counts on the core rows of the oracle; `places` says in which row of which mart each
figure is published, so that a test can hold one against the other. Small groups are counted here and held back there.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import NamedTuple

from learning_warehouse.settings import Company
from learning_warehouse.simulation import headline_activity as activity
from learning_warehouse.simulation import headline_effects as effects
from learning_warehouse.simulation import headline_people as people
from learning_warehouse.simulation.core_facts import WORLDS_SECRET, core_facts
from learning_warehouse.simulation.core_view import Row
from learning_warehouse.simulation.headline_facts import Facts, Headline, month_before
from learning_warehouse.simulation.ledger import Ledger

PROGRAM = "LIB"
_EVERYBODY = "department = 'All departments'"


class Place(NamedTuple):
    """Where a figure is published: mart, column, the condition that names its one row, and the columns of n and denominator."""

    mart: str
    column: str
    condition: str
    n: str | None = None  # <column>_n unless named
    denominator: str | None = None  # <column>_denominator unless named

    @property
    def columns(self) -> str:
        """Value, n and denominator as a list for a select."""
        return f"{self.column}, {self.n or self.column + '_n'}, {self.denominator or self.column + '_denominator'}"


def headline_values(
    ledger: Ledger, as_of: datetime, company: Company, tables: dict[str, list[Row]] | None = None
) -> dict[str, Headline]:
    """Value, n and denominator by metric id, for all departments and the newest period whose time has passed.

    `tables` are core rows to count on instead of those the oracle gives for the ledger at `as_of`.
    """
    facts = Facts(tables or core_facts(ledger, as_of, WORLDS_SECRET, company))
    return {metric: count() for metric, (count, _) in _figures(facts).items()}


def places(ledger: Ledger, as_of: datetime, company: Company, tables: dict[str, list[Row]] | None = None) -> dict[str, Place]:
    """The row and column of a mart that publishes each of `headline_values`, by metric id."""
    facts = Facts(tables or core_facts(ledger, as_of, WORLDS_SECRET, company))
    return {metric: place for metric, (_, place) in _figures(facts).items()}


def _figures(facts: Facts) -> dict[str, tuple[Callable[[], Headline], Place]]:
    month, settled = facts.month, month_before(facts.month)
    course, cohort = activity.newest_campaign(facts)
    quarter = _quarter(facts)
    in_month = f"month_start = date '{month}' and {_EVERYBODY}"
    campaign = f"course_code = '{course}' and cohort_month = date '{cohort}' and audience = 'employee'"
    figures: dict[str, tuple[Callable[[], Headline], Place]] = {
        "reach_share": (
            lambda: activity.reach_share(facts, course, cohort),
            Place("activity_program_funnel", "reach_share", campaign),
        ),
        "on_time_rate": (
            lambda: activity.on_time_rate(facts, course, cohort),
            Place("activity_program_funnel", "on_time_rate", campaign),
        ),
        "loop_rate": (
            lambda: people.loop_rate(facts, settled),
            Place("application_practice_loops", "loop_rate", f"month_start = date '{settled}' and {_EVERYBODY}"),
        ),
        "personalized_path": (
            lambda: people.personalized_path(facts, settled),
            Place(
                "application_onboarding_cohorts",
                "personalized_path",
                f"hire_month = date '{settled}' and role_title = 'All roles'",
            ),
        ),
        "gap_closure": (
            lambda: people.gap_closure(facts),
            Place(
                "application_skill_gaps",
                "gap_closure",
                f"quarter_start = date '{quarter}' and role_title = 'All roles' and skill_code = 'All skills'",
            ),
        ),
        "competent_by_horizon": (
            lambda: people.competent_by_horizon(facts),
            Place("application_time_to_competency", "competent_by_horizon", "role_title = 'All roles' and start_quarter = 'all'"),
        ),
        "voluntary_turnover_12m": (
            lambda: people.voluntary_turnover_12m(facts),
            Place("impact_workforce_months", "voluntary_turnover_12m", f"{in_month} and role_title = 'All roles'"),
        ),
        "compliance_rate": (
            lambda: activity.compliance_rate(facts),
            Place(
                "governance_compliance_months",
                "compliance_rate",
                f"course_id = 'all' and date_trunc('month', month_end) = date '{month}' and {_EVERYBODY} and audience = 'all'",
            ),
        ),
        "uncredited_share": (
            lambda: activity.uncredited_share(facts),
            Place(
                "governance_program_integrity",
                "uncredited_share",
                f"month_start = date '{month}' and program_code = 'All programs'",
            ),
        ),
        "matched_rate": (
            lambda: activity.matched_rate(facts),
            Place("governance_identity_coverage", "matched_rate", "population = 'learner'"),
        ),
    }
    for name in ("beyond_mandatory_share", "pull_ratio", "engaged_hours_per_person", "micro_share", "overload_index"):
        figures[name] = (_bound(getattr(activity, name), facts), Place("activity_team_months", name, in_month))
    for name in ("coaching_coverage", "modelling_rate"):
        figures[name] = (_bound(getattr(people, name), facts), Place("application_coaching_months", name, in_month))
    for days in (30, 90, 180):
        row = f"program_code = '{PROGRAM}' and horizon_days = {days} and {_EVERYBODY}"
        figures[f"application_rate_{days}"] = (
            _after(facts, days),
            Place("application_program_outcomes", "application_rate", row),
        )
    together = "outcome = 'work_quality' and quantity = 'interaction'"
    figures["coaching_practice_effect"] = (
        lambda: effects.coaching_practice_effect(facts, "work_quality"),
        Place("application_coaching_and_practice", "estimate", together, "n_people", "n_people"),
    )
    figures["pilot_effect"] = (
        lambda: effects.pilot_effect(facts),
        Place("impact_pilot_effects", "welch_estimate", "is_headline", "n_treated", "n_treated + n_control"),
    )
    scrap = f"program_code = '{PROGRAM}' and horizon_days = 90 and {_EVERYBODY}"
    figures["scrap_rate"] = (
        lambda: people.scrap_rate(facts, PROGRAM, 90),
        Place("application_program_outcomes", "scrap_rate", scrap),
    )
    return figures


def _bound(count: Callable[[Facts], Headline], facts: Facts) -> Callable[[], Headline]:
    return lambda: count(facts)


def _after(facts: Facts, days: int) -> Callable[[], Headline]:
    return lambda: people.application_rate(facts, PROGRAM, days)


def _quarter(facts: Facts) -> date:
    return facts.month.replace(month=3 * ((facts.month.month - 1) // 3) + 1)
