"""The shape of a sentence, the one table from tier to words, and what the sentence builders share.

A sentence is made of words and Facts; each Fact names the mart, column and rows of its figure. Strength is never typed:
it is the phrase that TIER_PHRASES has for the tier which the mart computed. Effects whose interval holds "no difference"
are told as such, and the plain comparison stands beside an estimate only under the words "do not quote".
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from string import Formatter
from types import MappingProxyType
from typing import Any

from learning_warehouse.facts import Fact, Marts, NotThere, wilson

TIER_PHRASES: Mapping[str, str] = MappingProxyType(
    {
        "expected": "a forecast, nothing is measured yet",
        "claimed": "people say so, nobody checked",
        "associated": "likely, not proven",
        "supported": "well supported, not proven",
        "proven": "proven by a randomized pilot",
        "unreliable": "not usable, a check on the method failed",
        "withheld": "not shown",
        "counted": "counted",
    }
)
TELLABLE = ("associated", "supported", "proven")
CHECK_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "negative_control": "tickets about defects, which training cannot change, changed too",
        "placebo": "the difference was there before anybody was trained",
        "mapped_share": "too many tickets carry no kind",
        "overlap": "trained and untrained accounts are too different to compare",
        "balance": "trained and untrained accounts differ in size",
        "arm_ratio": "the lot gave the two sides very unequal numbers",
        "missing_teams": "teams are missing from one side",
    }
)
Parts = tuple[str | Fact, ...]
Builder = Callable[[Marts], "list[Finding]"]


@dataclass(frozen=True)
class Finding:
    """One thing to say. `section` is matter, applied, used, trust, early, cannot or next; `naive` is the figure not to quote."""

    key: str
    section: str
    parts: Parts
    tier: str = "counted"
    mart: str = ""
    row_filter: str = "true"
    n: int | None = None
    interval: tuple[float, float] | None = None
    naive: Parts = ()
    is_headline: bool = False
    says_something: bool = True

    @property
    def sentence(self) -> str:
        """The whole sentence as text."""
        return text_of(self.parts)

    @property
    def phrase(self) -> str:
        """How sure one may be, in words."""
        return TIER_PHRASES[self.tier]

    @property
    def facts(self) -> list[Fact]:
        """Every figure in the sentence and in the comparison beside it."""
        return [part for part in (*self.parts, *self.naive) if isinstance(part, Fact)]


def say(template: str, **values: "str | Fact | Parts") -> Parts:
    """Words with {names} in them, and what stands for each name: a figure, a word, or parts made before."""
    parts: list[str | Fact] = []
    for words, name, _, _ in Formatter().parse(template):
        if words:
            parts.append(words)
        if name:
            value = values[name]
            parts.extend(value if isinstance(value, tuple) else (value,))
    return tuple(parts)


def joined(several: Sequence[Parts]) -> Parts:
    """Several parts with semicolons between them."""
    return tuple(part for one in several for part in ("; ", *one))[1:]


def text_of(parts: Sequence[str | Fact]) -> str:
    """Words and figures joined."""
    return "".join(part if isinstance(part, str) else part.text for part in parts)


def effect_row(marts: Marts, mart: str, where: str) -> dict[str, Any]:
    """The one effect row that `where` names; raises NotThere when the night has none."""
    rows = marts.rows(mart, where)
    if len(rows) != 1:
        raise NotThere("not shown, no row to read yet" if not rows else "more than one row answers")
    return rows[0]


def withheld(key: str, subject: str, row: Mapping[str, Any], mart: str, where: str) -> Finding | None:
    """Why an effect may not be told, or None when it may."""
    if row["state"] != "reads":
        reason = row.get("withheld_reason") or "too few or too early"
        return Finding(key, "cannot", (f"{subject}: not shown, {reason}.",), "withheld", mart, where, says_something=False)
    if row["tier"] not in TELLABLE:
        words = "; ".join(CHECK_WORDS.get(name, name.replace("_", " ")) for name in str(row["failed_checks"]).split(",") if name)
        text = f"{subject}: {TIER_PHRASES.get(str(row['tier']), 'not shown')}{f' ({words})' if words else ''}."
        return Finding(key, "cannot", (text,), str(row["tier"]), mart, where, says_something=False)
    return None


def excludes(row: Mapping[str, Any], nothing: float) -> bool:
    """True when the interval leaves out `nothing` (1 for a ratio, 0 for a difference)."""
    return not row["ci_low"] <= nothing <= row["ci_high"]


def change(marts: Marts, mart: str, where: str, column: str, rendering: str = "percent") -> Fact:
    """A rate ratio as the share by which it differs from no change."""
    return marts.fact(mart, f"{column} - 1", where, rendering, column)


def change_interval(marts: Marts, mart: str, where: str, fewer: bool, prefix: str = "") -> Parts:
    """`18 to 46 %` with the smaller end first; `prefix` is `naive_` for the plain comparison."""
    first, last = ("ci_high", "ci_low") if fewer else ("ci_low", "ci_high")
    return (change(marts, mart, where, prefix + first, "bare_percent"), " to ", change(marts, mart, where, prefix + last))


def share(marts: Marts, mart: str, part: str, whole: str, where: str, column: str) -> dict[str, Fact]:
    """A share over rows of a mart with its 95 % Wilson interval, as three figures: value, low, high."""
    return {
        "value": marts.fact(mart, f"{part} * 1.0 / nullif({whole}, 0)", where, "percent", column),
        "low": marts.fact(mart, wilson(part, whole, -1), where, "bare_percent", column),
        "high": marts.fact(mart, wilson(part, whole, +1), where, "percent", column),
    }
