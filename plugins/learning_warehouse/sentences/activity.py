"""IS IT USED? CAN WE TRUST IT? Sentences about learning beyond the mandatory list, finished courses and matched people."""

from learning_warehouse.facts import Marts, NotThere
from learning_warehouse.sentences.base import Builder, Finding, say, share

WEEKS, FUNNEL, IDENTITY = "activity_learner_weeks", "activity_program_funnel", "governance_identity_coverage"
INTEGRITY = "governance_program_integrity"
MINUTES_ONLY = (
    "Modules left running while nobody learns: the learning system sends minutes, not clicks, and no session record "
    "reaches us. We show no figure rather than a zero."
)
FEWEST_PEOPLE = 10


def learning_beyond_mandatory(marts: Marts) -> list[Finding]:
    """How many people learn beyond the mandatory list."""
    week = f"date_trunc('week', {_night(marts)})"
    base = "audience = 'employee' and is_active_beyond_mandatory"
    last_four = f"{base} and week_start >= {week} - interval 28 day and week_start < {week}"
    before = f"{base} and week_start >= {week} - interval 56 day and week_start < {week} - interval 28 day"
    people = f"case when count(distinct person_key) >= {FEWEST_PEOPLE} then count(distinct person_key) end"
    now = marts.fact(WEEKS, people, last_four, column="is_active_beyond_mandatory")
    parts = say("{now} employees learned beyond the mandatory list in the last four full weeks", now=now)
    try:
        earlier = marts.fact(WEEKS, people, before, column="is_active_beyond_mandatory")
        parts = say("{parts}, after {earlier} in the four before.", parts=parts, earlier=earlier)
    except NotThere:
        parts = (*parts, ".")
    return [Finding("beyond_mandatory", "used", parts, mart=WEEKS, row_filter=last_four, n=int(now.value), is_headline=True)]


def courses_finished(marts: Marts) -> list[Finding]:
    """How many enrollments end in a completion."""
    month = f"date_trunc('month', {_night(marts)})"
    where = (
        "audience = 'employee' and not is_mandatory and completed_rate_state = 'reads'"
        f" and cohort_month >= {month} - interval 9 month and cohort_month < {month} - interval 3 month"
    )
    total = marts.fact(FUNNEL, "sum(completed_rate_denominator)", where, column="completed_rate_denominator")
    never = "sum(never_started_rate_n) * 1.0 / sum(never_started_rate_denominator)"
    facts = share(marts, FUNNEL, "sum(completed_rate_n)", total.expression, where, "completed_rate")
    parts = say(
        "Of {total} enrollments by employees beyond the mandatory list, now three to nine months old, "
        "{value} were completed ({low} to {high}) and {never} never started.",
        total=total,
        never=marts.fact(FUNNEL, never, where, "percent", "never_started_rate"),
        **facts,
    )
    interval = (facts["low"].value, facts["high"].value)
    return [Finding("finished", "used", parts, mart=FUNNEL, row_filter=where, n=int(total.value), interval=interval)]


def modules_left_running(marts: Marts) -> list[Finding]:
    """Whether mandated minutes have anybody behind them."""
    ended = "program_code = 'All programs' and uncredited_share_state = 'reads'"
    try:
        month = marts.rows(INTEGRITY, ended, "max(month_start) as month")[0]["month"]
    except NotThere:
        month = None
    if month is None:
        return [Finding("left_running", "cannot", (MINUTES_ONLY,), "withheld", says_something=False)]
    where = f"{ended} and month_start = date '{month:%Y-%m-%d}'"
    parts = say(
        "{value} of mandated minutes in {month} had no interaction behind them; a figure of programs, never of a person.",
        value=marts.fact(INTEGRITY, "uncredited_share", where, "percent"),
        month=marts.fact(INTEGRITY, "month_start", where, "month"),
    )
    return [Finding("left_running", "used", parts, mart=INTEGRITY, row_filter=where)]


def learners_matched(marts: Marts) -> list[Finding]:
    """How many learners could be matched to a person."""
    where = "population = 'learner' and matched_rate_state = 'reads'"
    learners = marts.fact(IDENTITY, "sum(identities)", where, column="identities")
    rate = marts.fact(IDENTITY, "sum(matched_rate * identities) / sum(identities)", where, "tenth_percent", "matched_rate")
    parts = say("Matched: {rate} of {learners} learners to a person in HR or CRM.", rate=rate, learners=learners)
    told = [Finding("matched", "trust", parts, mart=IDENTITY, row_filter=where, n=int(learners.value))]
    unmatched = marts.fact(IDENTITY, "sum(open_decisions)", "true", column="open_decisions")
    if unmatched.value:
        text = "Identities that no rule could match: {unmatched} in all systems; they are counted, never guessed."
        told.append(Finding("unmatched", "trust", say(text, unmatched=unmatched), mart=IDENTITY))
    return told


def _night(marts: Marts) -> str:
    if not marts.night:
        raise NotThere("not shown, the night of these marts is not known")
    return f"timestamp '{marts.night[:19]}'"


BUILDERS: tuple[Builder, ...] = (learning_beyond_mandatory, courses_finished, modules_left_running, learners_matched)
