"""What the trust pages say about loads that were held back or never came: what, why, what stays served, what to do."""

from collections.abc import Sequence
from dataclasses import dataclass

from learning_warehouse.pages.loads import LoadState
from learning_warehouse.pages.render import age, day


@dataclass(frozen=True)
class Problem:
    """One load in trouble: what happened, what readers see instead, what to do, and the command that helps."""

    load: LoadState
    what: str
    served: str
    do: str
    command: str


def problems(loads: Sequence[LoadState]) -> list[Problem]:
    """Every load whose data readers do not see tonight."""
    return [Problem(load, _what(load), served_sentence(load), *_do(load)) for load in loads if not load.is_good]


def caution_count(loads: Sequence[LoadState]) -> int:
    """How many warnings the checks of admitted loads gave."""
    return sum(reason.get("severity") == "warning" for load in loads if load.is_good for reason in load.reasons)


def served_sentence(load: LoadState) -> str:
    """Which load readers see and how old it is."""
    if load.state == "absent":
        return "This company has no such system."
    if load.served_night is None:
        return "Nothing was ever admitted, so nothing of it is shown."
    if load.is_good and load.state != "not asked":
        return f"This night's load (number {load.served_seq})."
    return f"You see last good data from {day(load.served_night)}, {age(load.served_age_hours)} old."


def asked_sentence(load: LoadState) -> str:
    """What the vendor was asked for."""
    if load.asked_at is None:
        return "Nothing was asked on this night." if load.state == "not asked" else "It was asked and gave nothing usable."
    if load.mode == "snapshot":
        return f"Everything there is, on {day(load.asked_at)}."
    if load.mode == "window":
        return f"What changed between {_day(load.window_from)} and {_day(load.window_to)}."
    return f"What is new since the last admitted load, up to {_day(load.window_to or load.asked_at)}."


def summary(loads: Sequence[LoadState]) -> str:
    """One sentence over all loads."""
    bad, cautions = problems(loads), caution_count(loads)
    if not bad and not cautions:
        return "Yes. Every load arrived and passed its checks."
    if not bad:
        told = "one caution" if cautions == 1 else f"{cautions} cautions"
        return f"Yes, with {told}: every load arrived, and some checks want your eye."
    if len(bad) == 1:
        return "Partly. One load did not make it; what you see of it is older."
    return f"Partly. {len(bad)} loads did not make it; what you see of them is older."


def _what(load: LoadState) -> str:
    critical = [str(reason["sentence"]) for reason in load.reasons if reason.get("severity") == "critical"]
    if load.state == "held back":
        return f"The load came and was held back: {'; '.join(critical) or 'a critical check failed.'}"
    if load.state == "failed":
        return f"The {load.system} gave nothing usable: {load.failure}"
    if load.state == "not asked":
        return "It was not asked for more than a day."
    if load.state == "never loaded":
        return "It was never loaded."
    return f"The load stands half way ({load.state}); the next night takes it up."


def _do(load: LoadState) -> tuple[str, str]:
    again = "The next night asks again for everything since the last admitted load."
    if load.state == "held back":
        return (
            f"see which records, then correct them at the {load.system}, or the rule if it is wrong. {again}",
            f"lw show {load.source} {load.stream}",
        )
    if load.state == "failed":
        return f"check that the {load.system} answers us. {again}", f"lw connect {load.source} --check"
    return "run the night again.", "make run"


def _day(text: str | None) -> str:
    if not text:
        return "the beginning"
    return "the beginning" if text[:4] < "2001" else day(text)
