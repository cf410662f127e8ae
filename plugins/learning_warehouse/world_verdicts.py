"""What many seeds of a world say about a published interval: does it cover, is it sharp, is it flagged when it is wrong?

Shares over fewer than 100 seeds are judged with the room chance leaves them: a correct estimator fails one such check in a
thousand.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from learning_warehouse.simulation.worlds import WORLDS, Question
from learning_warehouse.worlds import WorldRow, WorldRun

CONFIDENCE = 0.95
CHANCE = 0.0005
MANY = 100
FALSE_CLAIMS_AT_MOST = 0.06
CLAIMS = ("supported", "proven")
COLUMNS = (
    "world", "question", "truth", "naive", "estimate", "covers", "naive covers", "power", "flagged", "published", "seconds",
    "verdict",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Verdict:
    """One question of one world over its seeds; shares are of the published rows, no `problems` means the suite is content."""

    world: str
    question: str
    seeds: int
    published: int
    truth: float
    naive: float | None
    estimate: float | None
    coverage: float | None
    naive_coverage: float | None
    power: float | None
    flagged: float | None
    false_claims: float | None
    problems: tuple[str, ...]


def acceptance_band(seeds: int) -> tuple[float, float]:
    """Shares that a true coverage of 95 % leaves with a chance of one in a thousand."""
    from scipy.stats import binom

    return float(binom.ppf(CHANCE, seeds, CONFIDENCE)) / seeds, float(binom.ppf(1 - CHANCE, seeds, CONFIDENCE)) / seeds


def at_least(share: float, seeds: int) -> float:
    """The lowest share of `seeds` that still fits `share`: itself from 100 seeds on, else with the room chance leaves."""
    from scipy.stats import binom

    return share if seeds >= MANY else float(binom.ppf(CHANCE, seeds, share)) / seeds


def at_most(share: float, seeds: int) -> float:
    """The highest share of `seeds` that still fits `share`, as in at_least."""
    return 1 - at_least(1 - share, seeds)


def verdicts(run: WorldRun) -> list[Verdict]:
    """One line per world and question, in the order of the run."""
    found: dict[tuple[str, str], list[WorldRow]] = {}
    for row in run.rows:
        found.setdefault((row.world, row.question), []).append(row)
    return [_verdict(rows) for rows in found.values()]


def false_claims(run: WorldRun) -> tuple[int, int]:
    """Rows of null worlds told as supported or proven with an interval without no effect in it, and all their rows."""
    rows = [row for row in run.rows if _question(row).is_null and row.low is not None]
    return sum(_claims(row) for row in rows), len(rows)


def suite_problems(run: WorldRun) -> list[str]:
    """Every sentence that makes the suite red: a line's own, and too many false claims in worlds without an effect."""
    problems = [f"{line.world} {line.question}: {problem}" for line in verdicts(run) for problem in line.problems]
    claims, rows = false_claims(run)
    if rows and claims / rows > at_most(FALSE_CLAIMS_AT_MOST, rows):
        problems.append(f"{claims} of {rows} rows without an effect are told as supported or proven")
    return problems


def _verdict(rows: Sequence[WorldRow]) -> Verdict:
    question = _question(rows[0])
    told = [
        row for row in rows if row.estimate is not None and (_is_bare(question) or (row.low is not None and row.high is not None))
    ]
    known_naive = [row for row in rows if row.naive_low is not None and row.naive_high is not None]
    bounded = [row for row in told if row.low is not None]
    coverage = _share([_holds(row.low, row.truth, row.high) for row in bounded])
    naive_coverage = _share([_holds(row.naive_low, row.truth, row.naive_high) for row in known_naive])
    power = _share([not _holds(row.low, question.no_effect, row.high) for row in bounded])
    flagged = _share([bool(row.failed_checks) for row in told])
    claims = _share([_claims(row) for row in told]) if question.is_null else None
    return Verdict(
        rows[0].world, rows[0].question, len(rows), len(told),
        truth=sum(row.truth for row in rows) / len(rows),
        naive=_middle([row.naive for row in rows]),
        estimate=_middle([row.estimate for row in told]),
        coverage=coverage, naive_coverage=naive_coverage, power=power, flagged=flagged, false_claims=claims,
        problems=tuple(
            _bare_problems(question, len(rows), [row.estimate for row in told if row.estimate is not None])
            if _is_bare(question)
            else _problems(question, len(rows), len(told), coverage, naive_coverage, power, flagged)
        ),
    )  # fmt: skip


def _is_bare(question: Question) -> bool:
    """A number without an interval: judged by its mean over seeds."""
    return question.estimate_at_least is not None or question.estimate_at_most is not None


def _bare_problems(question: Question, seeds: int, estimates: Sequence[float]) -> list[str]:
    if len(estimates) < at_least(0.9, seeds) * seeds:
        return [f"published in {len(estimates)} of {seeds} seeds"]
    mean = sum(estimates) / len(estimates)
    low, high = question.estimate_at_least, question.estimate_at_most
    if (low is not None and mean < low) or (high is not None and mean > high):
        return [f"mean {mean:.4f}, asked for {low if low is not None else '-'} to {high if high is not None else '-'}"]
    return []


def _problems(
    question: Question,
    seeds: int,
    told: int,
    coverage: float | None,
    naive_coverage: float | None,
    power: float | None,
    flagged: float | None,
) -> list[str]:
    if coverage is None or power is None or flagged is None or told < at_least(0.9, seeds) * seeds:
        return [f"published in {told} of {seeds} seeds"]
    low, high = acceptance_band(told)
    if question.holds_always:
        low, high = 1.0, 1.0
    limits = [
        (question.covers and not low <= coverage <= high, f"covers {coverage:.3f}, outside {low:.3f} to {high:.3f}"),
        (_above(coverage, question.coverage_at_most, told), f"covers {coverage:.3f}: the world is no trap"),
        (_below(power, question.power_at_least, told), f"sees the effect in {power:.2f} of seeds"),
        (_below(flagged, question.flagged_at_least, told), f"flagged in {flagged:.2f} of seeds only"),
        (_above(flagged, question.flagged_at_most, told), f"flagged in {flagged:.2f} of seeds without reason"),
        (
            naive_coverage is not None and _above(naive_coverage, question.naive_covers_at_most, told),
            f"the plain comparison covers {naive_coverage}",
        ),
    ]
    return [problem for is_broken, problem in limits if is_broken]


def _below(share: float, wanted: float | None, seeds: int) -> bool:
    return wanted is not None and share < at_least(wanted, seeds)


def _above(share: float, allowed: float | None, seeds: int) -> bool:
    return allowed is not None and share > at_most(allowed, seeds)


def _claims(row: WorldRow) -> bool:
    return row.tier in CLAIMS and not _holds(row.low, _question(row).no_effect, row.high)


def _question(row: WorldRow) -> Question:
    return next(question for question in WORLDS[row.world].questions if question.name == row.question)


def _holds(low: float | None, value: float, high: float | None) -> bool:
    return low is not None and high is not None and low <= value <= high


def _share(hits: Sequence[bool]) -> float | None:
    return sum(hits) / len(hits) if hits else None


def _middle(values: Sequence[float | None]) -> float | None:
    known = sorted(value for value in values if value is not None)
    return known[len(known) // 2] if known else None


def report(run: WorldRun, seeds: int, day: str) -> str:
    """The page docs/results/worlds.md: how the numbers were made, one line per world and question, what the worlds are."""
    low, high = acceptance_band(seeds)
    lines = [
        "# Known-truth worlds",
        "",
        f"`lw worlds --seeds {seeds}` on {day}: seeds 1 to {seeds} of every world, none picked; each company goes through the",
        f"very marts readers open. An honest 95 % interval covers the truth in {low:.3f} to {high:.3f} of {seeds} seeds (in 999",
        "of 1,000 tries). Naive is the plain comparison the mart prints beside its estimate; naive and estimate are medians",
        "over seeds. Power: the interval leaves out no effect. Flagged: the mart itself names a failed check, and the row may",
        "not be used. Trap: a world in which the estimate must be wrong, so that the checks have something to find.",
        "",
        f"| {' | '.join(COLUMNS)} |",
        "|---" * len(COLUMNS) + "|",
    ]
    for line in verdicts(run):
        question = next(own for own in WORLDS[line.world].questions if own.name == line.question)
        is_judged = question.covers or _is_bare(question)
        kind = "" if is_judged else "trap, " if question.coverage_at_most is not None else "not judged, "
        note = f" ({question.note})" if question.note else ""
        verdict = "; ".join(line.problems) if line.problems else f"{kind}good{note}"
        lines.append(
            f"| {line.world} | {line.question} | {_number(line.truth)} | {_number(line.naive)} | {_number(line.estimate)} "
            f"| {_number(line.coverage)} | {_number(line.naive_coverage)} | {_number(line.power)} | {_number(line.flagged)} "
            f"| {line.published} of {line.seeds} | {run.seconds[line.world]:.0f} | {verdict} |"
        )
    claims, rows = false_claims(run)
    lines += ["", f"False claims: {claims} of {rows} rows of worlds without an effect were told as supported or proven.", ""]
    lines += ["| world | what is planted |", "|---|---|"]
    lines += [f"| {name} | {WORLDS[name].sentence} |" for name in run.seconds]
    return "\n".join(lines) + "\n"


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
