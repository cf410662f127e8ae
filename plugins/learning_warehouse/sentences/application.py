"""IS IT APPLIED? Sentences about agents, starters and managers, from the application marts."""

from typing import Any

from learning_warehouse.facts import Fact, Marts, NotThere, same
from learning_warehouse.sentences.base import (
    TELLABLE,
    TIER_PHRASES,
    Builder,
    Finding,
    Parts,
    excludes,
    joined,
    say,
    share,
    withheld,
)

HANDLING = "application_ticket_handling_effects"
COMPETENCY = "application_time_to_competency"
ONBOARDING = "application_onboarding_cohorts"
CHECKINS = "application_checkin_months"
PROGRAMS = "application_program_outcomes"
TRAP_DAYS = 3
HOURS_SAVED = {"value": "estimate", "low": "ci_low", "high": "ci_high"}
HOURS = "outcome = 'resolution_hours_saved'"


def trained_agents(marts: Marts) -> list[Finding]:
    """Whether trained agents solve tickets faster."""
    rows = marts.rows(HANDLING, HOURS, "*", "order by n_treated desc, ticket_category")
    if not rows:
        raise NotThere("not shown, no agent training has been matched to a ticket category")
    pooled = [_agent_effect(marts, row) for row in rows if row["ticket_category"] == "all"]
    categories = [row for row in rows if row["ticket_category"] != "all"]
    return [*pooled, *_by_category(marts, [row for row in categories if _is_told(row)]), *_not_told(categories)]


def _is_told(row: dict[str, Any]) -> bool:
    return row["state"] == "reads" and row["tier"] in TELLABLE


def _agent_effect(marts: Marts, row: dict[str, Any]) -> Finding:
    """The pooled effect over all categories that have a course."""
    where = f"{HOURS} and ticket_category = 'all'"
    refused = withheld("agents_all", "Whether agents are faster after a course on a ticket category", row, HANDLING, where)
    if refused:
        return refused
    interval = (row["ci_low"], row["ci_high"])
    common = {"tier": row["tier"], "mart": HANDLING, "row_filter": where, "n": row["n_treated"], "interval": interval}
    agents = {name: marts.fact(HANDLING, f"n_{name}", where) for name in ("treated", "control")}
    if not excludes(row, 0):
        parts = say(
            "After a course on a ticket category: no difference in solving time can be told yet; the data fit {low} to {high} "
            "saved ({treated} v {control} agents).",
            low=marts.fact(HANDLING, "ci_low", where, "signed_hours"),
            high=marts.fact(HANDLING, "ci_high", where, "signed_hours"),
            **agents,
        )
        return Finding("agents_all", "applied", parts, is_headline=True, says_something=False, **common)
    faster = row["estimate"] > 0
    first, last = ("ci_low", "ci_high") if faster else ("ci_high", "ci_low")
    parts = say(
        "After a course on a ticket category, agents solve such a ticket {hours} {faster} ({first} to {last}; "
        "{treated} v {control} agents): {phrase}.",
        hours=marts.fact(HANDLING, "estimate", where, "hours"),
        faster="faster" if faster else "slower",
        first=marts.fact(HANDLING, first, where, "decimal"),
        last=marts.fact(HANDLING, last, where, "decimal"),
        phrase=TIER_PHRASES[row["tier"]],
        **agents,
    )
    return Finding("agents_all", "applied", parts, naive=_naive_agents(marts, row, where), is_headline=True, **common)


def _by_category(marts: Marts, rows: list[dict[str, Any]]) -> list[Finding]:
    """The same by category in one sentence, with each interval."""
    if not rows:
        return []
    told: list[Parts] = []
    for row in rows:
        where = f"{HOURS} and {same('ticket_category', row['ticket_category'])}"
        ends = {name: marts.fact(HANDLING, column, where, "signed_hours") for name, column in HOURS_SAVED.items()}
        told.append(say("{category} {value} ({low} to {high})", category=str(row["ticket_category"]), **ends))
    parts = say("Hours saved by category: {told}.", told=joined(told))
    weakest = min((row["tier"] for row in rows), key=TELLABLE.index)
    return [Finding("agents_by_category", "applied", parts, weakest, HANDLING, HOURS)]


def _not_told(rows: list[dict[str, Any]]) -> list[Finding]:
    """Categories that cannot be told, in one sentence for each reason."""
    by_reason: dict[str, list[str]] = {}
    for row in rows:
        refused = withheld("", "", row, HANDLING, HOURS)
        if refused:
            by_reason.setdefault(refused.sentence.removeprefix(": "), []).append(str(row["ticket_category"]))
    return [
        Finding(
            f"agents_{names[0]}",
            "cannot",
            (f"Agents after courses on {', '.join(names)}: {reason}",),
            "withheld",
            says_something=False,
        )
        for reason, names in by_reason.items()
    ]


def _naive_agents(marts: Marts, row: dict[str, Any], where: str) -> Parts:
    if row["naive_estimate"] is None or not row["is_headline"]:
        return ()
    naive = marts.fact(HANDLING, "naive_estimate", where, "hours")
    if (row["naive_estimate"] > 0) != (row["estimate"] > 0):
        side = "slower" if row["naive_estimate"] < 0 else "faster"
        text = "Do not quote {naive} {side}, the plain comparison of trained and other agents: it even points the other way."
        return say(text, naive=naive, side=side)
    text = "Do not quote {naive}, the plain comparison of trained and other agents: those who train were different before."
    return say(text, naive=naive)


def starters_competent(marts: Marts) -> list[Finding]:
    """How many starters are competent in time."""
    where = "role_title = 'All roles' and start_quarter = 'all' and competent_by_horizon_state = 'reads'"
    facts = _rate(marts, COMPETENCY, "competent_by_horizon", where)
    parts = say(
        "{value} of starters are competent by day {day} ({low} to {high}; {n} starters).",
        day=marts.fact(COMPETENCY, "horizon_days", where),
        **facts,
    )
    naive: Parts = ()
    row = marts.rows(COMPETENCY, where)[0]
    if row["median_days_if_staying"] is not None:
        median = marts.fact(COMPETENCY, "median_days_if_staying", where)
        parts = say("{before} Of those who stay, half are there after {median} days.", before=parts, median=median)
    if abs((row["trap_mean_days_of_finishers"] or 0) - (row["median_days_if_staying"] or 0)) >= TRAP_DAYS:
        naive = say(
            "Do not quote {trap} days, the mean of those who finished: everybody still on the way is missing from it.",
            trap=marts.fact(COMPETENCY, "trap_mean_days_of_finishers", where),
        )
    return [Finding("competency", "applied", parts, naive=naive, is_headline=True, **_counted(COMPETENCY, where, facts))]


def first_wins(marts: Marts) -> list[Finding]:
    """How many new hires have a first win in two weeks."""
    where = "role_title = 'All roles' and first_win_14_days_state = 'reads'"
    wins = marts.fact(ONBOARDING, "sum(first_win_14_days_n)", where, column="first_win_14_days_n")
    hires = marts.fact(ONBOARDING, "sum(first_win_14_days_denominator)", where, column="first_win_14_days_denominator")
    facts = share(marts, ONBOARDING, wins.expression, hires.expression, where, "first_win_14_days")
    text = "New hires: {wins} of {n} passed a first course of their path within two weeks ({value}, {low} to {high})."
    parts = say(text, wins=wins, n=hires, **facts)
    return [Finding("first_wins", "applied", parts, **_counted(ONBOARDING, where, facts | {"n": hires}))]


def managers_asking(marts: Marts) -> list[Finding]:
    """Whether managers ask about learning."""
    ended = f"department = 'All departments' and manager_asked_state = 'reads' and month_start < {_month_of(marts)}"
    found = marts.rows(CHECKINS, ended, "max(month_start) as month")
    if not found or found[0]["month"] is None:
        raise NotThere("not shown, no month has enough check-ins yet")
    where = f"department = 'All departments' and month_start = date '{found[0]['month']:%Y-%m-%d}'"
    facts = _rate(marts, CHECKINS, "manager_asked", where)
    parts = say(
        '{value} of weekly check-ins say "my manager asked what I am learning" ({low} to {high}; {n} answers in {month}).',
        month=marts.fact(CHECKINS, "month_start", where, "month"),
        **facts,
    )
    told = [Finding("managers", "applied", parts, is_headline=True, **_counted(CHECKINS, where, facts))]
    if facts["high"].value < 0.5:
        text = "Give managers Monday's one-question prompt: most of them do not yet ask about learning."
        told.append(Finding("prompt", "next", (text,), mart=CHECKINS, row_filter=where))
    return told


def verified_use(marts: Marts) -> list[Finding]:
    """How often what was learned is used on the job, with evidence."""
    where = "horizon_days = 90 and department = 'All departments' and application_rate_state = 'reads'"
    done = marts.fact(PROGRAMS, "sum(application_rate_denominator)", where, column="application_rate_denominator")
    facts = share(marts, PROGRAMS, "sum(application_rate_n)", done.expression, where, "application_rate")
    text = (
        "Of {n} completions at least 90 days old, {value} were followed by use on the job that somebody else or a system "
        "can vouch for ({low} to {high})."
    )
    return [Finding("verified_use", "applied", say(text, n=done, **facts), **_counted(PROGRAMS, where, facts | {"n": done}))]


def _rate(marts: Marts, mart: str, column: str, where: str) -> dict[str, Fact]:
    """A rate of a mart with the interval and the denominator that stand beside it."""
    return {
        "value": marts.fact(mart, column, where, "percent"),
        "low": marts.fact(mart, f"{column}_low", where, "bare_percent"),
        "high": marts.fact(mart, f"{column}_high", where, "percent"),
        "n": marts.fact(mart, f"{column}_denominator", where),
    }


def _counted(mart: str, where: str, facts: dict[str, Fact]) -> dict[str, Any]:
    interval = (facts["low"].value, facts["high"].value)
    return {"mart": mart, "row_filter": where, "n": int(facts["n"].value), "interval": interval}


def _month_of(marts: Marts) -> str:
    """The first day of the month of the night, as SQL; months from then on are not over."""
    return f"date_trunc('month', timestamp '{marts.night[:19]}')" if marts.night else "timestamp '9999-01-01'"


BUILDERS: tuple[Builder, ...] = (
    trained_agents,
    verified_use,
    starters_competent,
    first_wins,
    managers_asking,
)
