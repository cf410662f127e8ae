"""IS IT USED? CAN WE TRUST IT? Sentences about learning beyond the mandatory list, finished courses and matched people."""

from learning_warehouse.facts import Marts, NotThere
from learning_warehouse.sentences.base import Builder, Finding, Parts, share

WEEKS, FUNNEL, IDENTITY = "activity_learner_weeks", "activity_program_funnel", "governance_identity_coverage"
FEWEST_PEOPLE = 10


def learning_beyond_mandatory(marts: Marts) -> list[Finding]:
    """How many people learn beyond the mandatory list."""
    if not marts.night:
        raise NotThere("not shown, the night of these marts is not known")
    night = f"timestamp '{marts.night[:19]}'"
    base = "audience = 'employee' and is_active_beyond_mandatory"
    last_four = f"week_start >= date_trunc('week', {night}) - interval 28 day and week_start < date_trunc('week', {night})"
    before = f"week_start >= date_trunc('week', {night}) - interval 56 day and week_start < date_trunc('week', {night}) - interval 28 day"
    people = f"case when count(distinct person_key) >= {FEWEST_PEOPLE} then count(distinct person_key) end"
    now = marts.fact(WEEKS, people, f"{base} and {last_four}", column="is_active_beyond_mandatory")
    parts: Parts = (now, " employees learned beyond the mandatory list in the last four full weeks")
    try:
        parts = (
            *parts,
            ", after ",
            marts.fact(WEEKS, people, f"{base} and {before}", column="is_active_beyond_mandatory"),
            " in the four before",
        )
    except NotThere:
        pass
    return [
        Finding(
            "beyond_mandatory",
            "used",
            (*parts, "."),
            mart=WEEKS,
            row_filter=f"{base} and {last_four}",
            n=int(now.value),
            is_headline=True,
        )
    ]


def courses_finished(marts: Marts) -> list[Finding]:
    """How many enrollments end in a completion."""
    if not marts.night:
        raise NotThere("not shown, the night of these marts is not known")
    night = f"timestamp '{marts.night[:19]}'"
    where = (
        "audience = 'employee' and not is_mandatory and completed_rate_state = 'reads'"
        f" and cohort_month < date_trunc('month', {night}) - interval 3 month and cohort_month >= date_trunc('month', {night}) - interval 9 month"
    )
    value, low, high = share(marts, FUNNEL, "sum(completed_rate_n)", "sum(completed_rate_denominator)", where, "completed_rate")
    total = marts.fact(FUNNEL, "sum(completed_rate_denominator)", where, column="completed_rate_denominator")
    never = marts.fact(
        FUNNEL, "sum(never_started_rate_n) * 1.0 / sum(never_started_rate_denominator)", where, "percent", "never_started_rate"
    )
    parts = (
        "Of ",
        total,
        " enrollments by employees beyond the mandatory list, now three to nine months old, ",
        value,
        " were completed (",
        low,
        " to ",
        high,
        ") and ",
        never,
        " never started.",
    )
    return [
        Finding("finished", "used", parts, mart=FUNNEL, row_filter=where, n=int(total.value), interval=(low.value, high.value))
    ]


def learners_matched(marts: Marts) -> list[Finding]:
    """How many learners could be matched to a person."""
    where = "source = 'absorb.users' and matched_rate_state = 'reads'"
    value = marts.fact(IDENTITY, "matched_rate", where, "tenth_percent")
    matched = marts.fact(IDENTITY, "identities", where)
    parts = ("Matched: ", value, " of ", matched, " learners to a person in HR or CRM.")
    told = [Finding("matched", "trust", parts, mart=IDENTITY, row_filter=where, n=int(matched.value))]
    open_decisions = marts.fact(IDENTITY, "sum(open_decisions)", "true", column="open_decisions")
    if open_decisions.value:
        text = ("Identities that no rule could match: ", open_decisions, " in all systems; they are counted, never guessed.")
        told.append(Finding("unmatched", "trust", text, mart=IDENTITY))
    return told


BUILDERS: tuple[Builder, ...] = (learning_beyond_mandatory, courses_finished, learners_matched)
