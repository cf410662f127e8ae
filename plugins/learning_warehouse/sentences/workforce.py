"""DID IT MATTER? Sentences about people: who leaves by choice. Counted, never attributed to learning by themselves."""

from learning_warehouse.facts import Marts, NotThere
from learning_warehouse.sentences.base import Builder, Finding, say

WORKFORCE = "impact_workforce_months"


def leaving_by_choice(marts: Marts) -> list[Finding]:
    """How many people leave by choice."""
    total = "department = 'All departments' and role_title = 'All roles' and voluntary_turnover_12m_state = 'reads'"
    month = marts.rows(WORKFORCE, total, "max(month_start) as month")[0]["month"]
    if month is None:
        raise NotThere("not shown, no twelve whole months are behind us yet")
    where = f"{total} and month_start = date '{month:%Y-%m-%d}'"
    low = marts.fact(WORKFORCE, "voluntary_turnover_12m_low", where, "bare_percent")
    high = marts.fact(WORKFORCE, "voluntary_turnover_12m_high", where, "percent")
    people = marts.fact(WORKFORCE, "voluntary_turnover_12m_denominator", where)
    parts = say(
        "{value} of colleagues left by choice in twelve months ({low} to {high}; {n} on average). That is a count: who learns "
        "and who leaves are compared in impact_turnover_by_learning only.",
        value=marts.fact(WORKFORCE, "voluntary_turnover_12m", where, "percent"),
        low=low,
        high=high,
        n=people,
    )
    interval = (low.value, high.value)
    return [Finding("leaving", "matter", parts, mart=WORKFORCE, row_filter=where, n=int(people.value), interval=interval)]


BUILDERS: tuple[Builder, ...] = (leaving_by_choice,)
