"""The front page as data: five questions, each with a state in words, its sentences, and what is not said and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from learning_warehouse.pages.charts import Chart
from learning_warehouse.pages.loads import LoadState
from learning_warehouse.pages.render import age, count, day
from learning_warehouse.pages.trust import Problem, caution_count, problems
from learning_warehouse.sentences.base import TIER_PHRASES, Finding, Parts

STRENGTH = ("proven", "supported", "associated")


@dataclass
class Answer:
    """One question with its answer. `tone` is good, caution, bad or empty and only colors what `state` says in words."""

    key: str
    question: str
    state: str
    tone: str = ""
    findings: list[Finding] = field(default_factory=list)
    steps: list[Finding] = field(default_factory=list)
    charts: list[Chart] = field(default_factory=list)

    @property
    def marts(self) -> list[str]:
        """Marts behind the figures, each once, in order of use."""
        return list(dict.fromkeys(fact.mart for item in (*self.findings, *self.steps) for fact in item.facts))


@dataclass(frozen=True)
class Front:
    """The whole page."""

    stamp: str
    alerts: list[str]
    lead: Parts
    answers: list[Answer]


def front(
    manifest: Mapping[str, Any],
    loads: Sequence[LoadState],
    found: Sequence[Finding],
    charts: Mapping[str, list[Chart]],
    *,
    is_priced: bool,
) -> Front:
    """Put the findings under their questions; nothing here computes a figure."""
    answers = [_matter(found, is_priced), _applied(found), _used(found)]
    for answer in answers:
        answer.charts.extend(charts.get(answer.key, []))
    early = [item for item in found if item.section == "early"]
    if early:
        answers.append(Answer("early", "Too early", "not due yet", findings=early))
    cannot = [item for item in found if item.section == "cannot"]
    answers.append(Answer("cannot", "Cannot say", "no figure is shown", findings=cannot))
    answers.append(_trust(manifest, loads, found))
    answers.append(Answer("next", "Do next", "", steps=_next(found, loads, is_priced)))
    return Front(_stamp(manifest, loads), alerts(manifest, loads), _lead(found), answers)


def alerts(manifest: Mapping[str, Any], loads: Sequence[LoadState]) -> list[str]:
    """What is older than it should be, first the marts, then each load; empty on a good night."""
    told = []
    if not manifest["gate"]["passed"]:
        last = (
            f"You see last good figures from {day(manifest['marts_night'])}"
            if manifest["marts_night"]
            else "There are no earlier figures to show"
        )
        told.append(f"The figures could not be updated on the night of {day(manifest['now'])}. {last}.")
    by_system: dict[str, list[Problem]] = {}
    for problem in problems(loads):
        by_system.setdefault(problem.load.system, []).append(problem)
    for system, group in by_system.items():
        names = ", ".join(problem.load.stream.replace("_", " ") for problem in group)
        oldest = max(group, key=lambda problem: problem.load.served_age_hours or float("inf"))
        told.append(f"We could not update {names} from the {system}. {oldest.served}")
    return told


def _stamp(manifest: Mapping[str, Any], loads: Sequence[LoadState]) -> str:
    now = datetime.fromisoformat(str(manifest["now"]))
    expected = [load for load in loads if load.state != "absent"]
    good = sum(load.is_good for load in expected)
    arrived = f"All {len(expected)} loads arrived." if good == len(expected) else f"{good} of {len(expected)} loads arrived."
    until = manifest["marts_night"] if manifest["marts_night"] else manifest["now"]
    return f"Data to {day(datetime.fromisoformat(str(until)) - timedelta(days=1))}, checked {now.day} {now:%B %H:%M}. {arrived}"


def _how_sure(found: Sequence[Finding]) -> str | None:
    """The weakest tier among the differences that are told, so that the heading never says more than its sentences."""
    tiers = {item.tier for item in found if item.section == "matter" and item.is_headline and _tells_difference(item)}
    return next((tier for tier in reversed(STRENGTH) if tier in tiers), None)


def _tells_difference(item: Finding) -> bool:
    return bool(item.naive) or TIER_PHRASES[item.tier] in item.sentence


def _matter(found: Sequence[Finding], is_priced: bool) -> Answer:
    told = [item for item in found if item.section == "matter"]
    tier = _how_sure(found)
    if not told:
        return Answer("matter", "Did it matter?", "We cannot say yet.")
    state = f"For customers: {TIER_PHRASES[tier]}." if tier else "No difference can be told yet."
    money = "Money: low, likely and high returns at the values Finance has approved stand in the mart impact_program_returns."
    if not is_priced:
        money = "Euro value: not shown. Finance has not approved a value per ticket or per account kept."
    told.append(Finding("euro", "matter", (money,), "withheld", says_something=False))
    return Answer("matter", "Did it matter?", state, "good" if tier else "", findings=told)


def _applied(found: Sequence[Finding]) -> Answer:
    told = [item for item in found if item.section == "applied"]
    seen = [item for item in told if _tells_difference(item) or item.tier == "counted"]
    state = "We cannot say yet." if not told else "Partly." if seen else "No difference can be told yet."
    return Answer(
        "applied",
        "Is it applied?",
        state,
        "good" if seen and len(seen) == len(told) else "caution" if seen else "",
        findings=told,
    )


def _used(found: Sequence[Finding]) -> Answer:
    told = [item for item in found if item.section == "used"]
    return Answer("used", "Is it used?", "Counted, not judged." if told else "We cannot say yet.", findings=told)


def _trust(manifest: Mapping[str, Any], loads: Sequence[LoadState], found: Sequence[Finding]) -> Answer:
    """Built from receipts and verdicts, not from marts: its figures are those of the trust page."""
    bad, cautions = problems(loads), caution_count(loads)
    records = sum(load.records or 0 for load in loads)
    aside = sum(load.set_aside or 0 for load in loads)
    gate = manifest["gate"]
    state, tone = "Yes.", "good"
    if cautions:
        state, tone = f"Yes, {'one caution' if cautions == 1 else f'{cautions} cautions'}.", "caution"
    if bad or not gate["passed"]:
        state, tone = "Partly: some of it is older than it should be.", "bad"
    sentences = [f"{count(aside)} of {count(records)} records set aside, each listed with its reason."]
    sentences += [
        f"{load.name}: {reason['sentence']}" for load in loads for reason in load.reasons if reason.get("severity") == "warning"
    ]
    if gate["passed"] and gate["checks_total"]:
        sentences.append(f"{gate['checks_passed']} of {gate['checks_total']} checks on the marts passed.")
    oldest = max((load.served_age_hours or 0 for load in loads if not load.is_good), default=0)
    if oldest:
        sentences.append(f"The oldest data you see are {age(oldest)} old.")
    told = [Finding(f"trust_{number}", "trust", (text,)) for number, text in enumerate(sentences)]
    return Answer(
        "trust", "Can we trust it?", state, tone, findings=[*told, *(item for item in found if item.section == "trust")]
    )


def _next(found: Sequence[Finding], loads: Sequence[LoadState], is_priced: bool) -> list[Finding]:
    first = [
        Finding(f"heal_{problem.load.name}", "next", (f"{problem.load.name}: {problem.do} ({problem.command})",))
        for problem in problems(loads)
    ]
    steps = [*first[:2], *(item for item in found if item.section == "next")]
    if not is_priced:
        steps.append(
            Finding(
                "finance",
                "next",
                ("Ask Finance to approve two values, per ticket and per account kept (docs/drops.md, value_conversions).",),
            )
        )
    return steps


def _lead(found: Sequence[Finding]) -> Parts:
    """One sentence for the corridor, from what is told below; no figure that is not told there."""
    by_key = {item.key: item for item in found}
    stay, ask = by_key.get("churn"), by_key.get("how_to")
    clauses = []
    if stay and stay.section == "matter" and stay.interval and stay.interval[1] < 1:
        clauses.append("stay longer")
    if ask and ask.section == "matter" and ask.interval and ask.interval[1] < 1:
        clauses.append("ask fewer how-to questions")
    first = (
        f"Customers who take our training {' and '.join(clauses)}"
        if clauses
        else "No difference between trained and untrained customers can be told yet"
    )
    agents = [item for item in found if item.key == "agents_all" and item.interval and item.interval[0] > 0]
    inside = "; inside, training shows in the work of support agents" if agents else ""
    return (f"{first}{inside}.",)
