"""IS IT APPLIED? Sentences about agents, starters and managers, from the application marts."""

from typing import Any

from learning_warehouse.facts import Marts, NotThere, same
from learning_warehouse.sentences.base import TIER_PHRASES, Builder, Finding, Parts, excludes, share, withheld

HANDLING = "application_ticket_handling_effects"
COMPETENCY = "application_time_to_competency"
ONBOARDING = "application_onboarding_cohorts"
CHECKINS = "application_checkin_months"
HOURS = "outcome = 'resolution_hours_saved'"


def trained_agents(marts: Marts) -> list[Finding]:
    """Whether trained agents solve tickets faster."""
    rows = marts.rows(HANDLING, HOURS, "*", "order by not is_headline, n_treated desc, ticket_category")
    if not rows:
        raise NotThere("not shown, no agent training has been matched to a ticket category")
    return [_agent_effect(marts, row) for row in rows]


def _agent_effect(marts: Marts, row: dict[str, Any]) -> Finding:
    category = str(row["ticket_category"])
    where = f"{HOURS} and {same('ticket_category', category)}"
    course, key = ("a course on a ticket category" if category == "all" else f"the course on {category}"), f"agents_{category}"
    refused = withheld(key, f"Whether agents are faster after {course}", row, HANDLING, where)
    if refused:
        return refused
    common = {
        "tier": row["tier"],
        "mart": HANDLING,
        "row_filter": where,
        "n": row["n_treated"],
        "interval": (row["ci_low"], row["ci_high"]),
    }
    parts: Parts
    agents = (marts.fact(HANDLING, "n_treated", where), " v ", marts.fact(HANDLING, "n_control", where), " agents")
    if not excludes(row, 0):
        ends = [marts.fact(HANDLING, column, where, "signed_hours") for column in ("ci_low", "ci_high")]
        parts = (
            f"After {course}: no difference in solving time can be told yet; the data fit ",
            ends[0],
            " to ",
            ends[1],
            " saved (",
            *agents,
            ").",
        )
        return Finding(key, "applied", parts, **common)
    faster = row["estimate"] > 0
    first, last = ("ci_low", "ci_high") if faster else ("ci_high", "ci_low")
    parts = (
        f"After {course}, agents solve such a ticket ", marts.fact(HANDLING, "estimate", where, "hours"), f" {'faster' if faster else 'slower'} (",
        marts.fact(HANDLING, first, where, "decimal"), " to ", marts.fact(HANDLING, last, where, "decimal"), "; ", *agents, f"): {TIER_PHRASES[row['tier']]}.",
    )  # fmt: skip
    return Finding(key, "applied", parts, naive=_naive_agents(marts, row, where), is_headline=category == "all", **common)


def _naive_agents(marts: Marts, row: dict[str, Any], where: str) -> Parts:
    if row["naive_estimate"] is None or not row["is_headline"]:
        return ()
    naive = marts.fact(HANDLING, "naive_estimate", where, "hours")
    if (row["naive_estimate"] > 0) != (row["estimate"] > 0):
        side = "slower" if row["naive_estimate"] < 0 else "faster"
        return (
            "Do not quote ",
            naive,
            f" {side}, the plain comparison of trained and other agents: it even points the other way.",
        )
    return ("Do not quote ", naive, ", the plain comparison of trained and other agents: those who train were different before.")


def starters_competent(marts: Marts) -> list[Finding]:
    """How many starters are competent in time."""
    where = "role_title = 'All roles' and start_quarter = 'all' and competent_by_horizon_state = 'reads'"
    x = "competent_by_horizon"
    value, low, high = (
        marts.fact(COMPETENCY, column, where, how)
        for column, how in ((x, "percent"), (f"{x}_low", "bare_percent"), (f"{x}_high", "percent"))
    )
    starters = marts.fact(COMPETENCY, f"{x}_denominator", where)
    parts: Parts = (
        value,
        " of starters are competent by day ",
        marts.fact(COMPETENCY, "horizon_days", where),
        " (",
        low,
        " to ",
        high,
        "; ",
        starters,
        " starters).",
    )
    common: dict[str, Any] = {"mart": COMPETENCY, "row_filter": where, "n": int(starters.value)}
    naive: Parts = ()
    try:
        median = marts.fact(COMPETENCY, "median_days_if_staying", where)
        trap = marts.fact(COMPETENCY, "trap_mean_days_of_finishers", where)
        parts = (*parts, " Of those who stay, half are there after ", median, " days.")
        naive = ("Do not quote ", trap, " days, the mean of those who finished: everybody still on the way is missing from it.")
    except NotThere:
        pass
    return [Finding("competency", "applied", parts, naive=naive, interval=(low.value, high.value), is_headline=True, **common)]


def first_wins(marts: Marts) -> list[Finding]:
    """How many new hires have a first win in two weeks."""
    where = "role_title = 'All roles' and first_win_14_days_state = 'reads'"
    value, low, high = share(
        marts, ONBOARDING, "sum(first_win_14_days_n)", "sum(first_win_14_days_denominator)", where, "first_win_14_days"
    )
    wins = marts.fact(ONBOARDING, "sum(first_win_14_days_n)", where, column="first_win_14_days_n")
    hires = marts.fact(ONBOARDING, "sum(first_win_14_days_denominator)", where, column="first_win_14_days_denominator")
    parts = (
        "New hires: ",
        wins,
        " of ",
        hires,
        " opened their path and finished a first course beyond the mandatory list within two weeks (",
        value,
        ", ",
        low,
        " to ",
        high,
        ").",
    )
    return [
        Finding(
            "first_wins",
            "applied",
            parts,
            mart=ONBOARDING,
            row_filter=where,
            n=int(hires.value),
            interval=(low.value, high.value),
        )
    ]


def managers_asking(marts: Marts) -> list[Finding]:
    """Whether managers ask about learning."""
    ended = f"department = 'All departments' and manager_asked_state = 'reads' and month_start < {month_of(marts)}"
    found = marts.rows(CHECKINS, ended, "max(month_start) as month")
    if not found or found[0]["month"] is None:
        raise NotThere("not shown, no month has enough check-ins yet")
    where = f"department = 'All departments' and month_start = date '{found[0]['month']:%Y-%m-%d}'"
    x = "manager_asked"
    value, low, high = (
        marts.fact(CHECKINS, column, where, how)
        for column, how in ((x, "percent"), (f"{x}_low", "bare_percent"), (f"{x}_high", "percent"))
    )
    answers = marts.fact(CHECKINS, f"{x}_denominator", where)
    month = marts.fact(CHECKINS, "month_start", where, "month")
    parts = (
        value,
        ' of weekly check-ins say "my manager asked what I am learning" (',
        low,
        " to ",
        high,
        "; ",
        answers,
        " answers in ",
        month,
        ").",
    )
    told = [
        Finding(
            "managers",
            "applied",
            parts,
            mart=CHECKINS,
            row_filter=where,
            n=int(answers.value),
            interval=(low.value, high.value),
            is_headline=True,
        )
    ]
    if high.value < 0.5:
        told.append(
            Finding(
                "prompt",
                "next",
                ("Give managers Monday's one-question prompt: most of them do not yet ask about learning.",),
                mart=CHECKINS,
                row_filter=where,
            )
        )
    return told


def month_of(marts: Marts) -> str:
    """The first day of the month of the night, as SQL; months from then on are not over."""
    return f"date_trunc('month', timestamp '{marts.night[:19]}')" if marts.night else "timestamp '9999-01-01'"


BUILDERS: tuple[Builder, ...] = (trained_agents, starters_competent, first_wins, managers_asking)
