"""One row of impact_estimates: from the closed-form numbers of a study to what may be said of them on a look.

Pure: a row of suff_estimates, its study, its look and its clusters or risk sets go in, a row with interval, p values,
sensitivity and tier comes out. Ratios are exponentiated here, once. Numbers stay missing unless the state is reads.
"""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from learning_warehouse import estimators
from learning_warehouse.errors import LearningWarehouseError
from learning_warehouse.study_looks import Look, Study

Row = dict[str, Any]
TEXT, NUMBER, COUNT, FLAG, DAY, MOMENT = "varchar", "double", "bigint", "boolean", "date", "timestamp"
KEPT = (
    "n_treated", "n_control", "n_units", "n_events", "n_dropped", "overlap_share", "imbalance", "missing_gap",
    "naive_estimate", "naive_ci_low", "naive_ci_high", "negative_control_estimate", "negative_control_low",
    "negative_control_high", "untested_checks", "is_randomized",
)  # fmt: skip
FROZEN_COLUMNS = {
    "company_id": TEXT, "study_id": TEXT, "question": TEXT, "variant": TEXT, "outcome": TEXT, "horizon_days": COUNT,
    "method": TEXT, "design": TEXT, "is_headline": FLAG, "is_exploratory": FLAG, "look_date": DAY, "next_look_date": DAY,
    "looks_planned": COUNT, "looked_at": MOMENT, "scale": TEXT, "unit": TEXT, "theta": NUMBER, "error": NUMBER, "df": NUMBER,
    "estimate": NUMBER, "ci_low": NUMBER, "ci_high": NUMBER, "ci_kind": TEXT, "p_value": NUMBER, "reading": TEXT,
    "naive_estimate": NUMBER, "naive_ci_low": NUMBER, "naive_ci_high": NUMBER, "n_treated": COUNT, "n_control": COUNT,
    "n_units": COUNT, "n_events": COUNT, "n_dropped": COUNT, "overlap_share": NUMBER, "imbalance": NUMBER,
    "missing_gap": NUMBER, "negative_control_estimate": NUMBER, "negative_control_low": NUMBER,
    "negative_control_high": NUMBER, "hazard_ratio": NUMBER, "hazard_ratio_low": NUMBER, "hazard_ratio_high": NUMBER,
    "hedges_g": NUMBER, "e_value": NUMBER, "e_value_of_interval": NUMBER, "failed_checks": TEXT, "untested_checks": TEXT,
    "is_randomized": FLAG, "state": TEXT, "tier": TEXT, "withheld_reason": TEXT, "owner": TEXT,
}  # fmt: skip
COLUMNS = FROZEN_COLUMNS | {
    "p_adjusted": NUMBER, "adjustment": TEXT, "q_value": NUMBER, "shrunken_estimate": NUMBER, "definition_hash": TEXT,
    "as_of_at": MOMENT,
}  # fmt: skip
_REASONS = {
    "no_data_reaches_us": "a source this study needs does not reach us",
    "nothing_recorded": "nothing has been recorded for this study",
    "not_due": "the first registered look date has not come",
}


def nothing(study: Study, company: Mapping[str, Any]) -> Row:
    """A row of suff_estimates for a study of which nothing is there to count."""
    return {
        "company_id": company["company_id"], "study_id": study.study_id, "variant": "all", "outcome": study.outcome,
        "horizon_days": study.horizon_days, "method": "none", "is_headline": True, "scale": "difference", "theta": None,
        "error": None, "df": None, "failed_checks": "", "best_tier": "associated", "due_date": None, "outcomes_from": None,
        "state": "nothing_recorded", "withheld_reason": None, **dict.fromkeys(KEPT), "untested_checks": "",
    }  # fmt: skip


def judged(
    row: Mapping[str, Any],
    study: Study,
    look: Look,
    company: Mapping[str, Any],
    reaches: bool,
    clusters: Sequence[Mapping[str, Any]] = (),
    risk: Sequence[Mapping[str, Any]] = (),
) -> Row:
    """What a study may say on a look; raises LearningWarehouseError when clusters give another mean than SQL did."""
    state = "no_data_reaches_us" if not reaches else "not_due" if look.taken is None else row["state"]
    failed = row["failed_checks"] or ""
    is_exploratory = row["outcomes_from"] is not None and study.registered_at > row["outcomes_from"]
    told: Row = {
        **{name: row[name] for name in ("company_id", "study_id", "variant", "outcome", "horizon_days", "method", "scale")},
        **{name: row[name] if state in ("reads", "too_few") else None for name in KEPT},
        "untested_checks": row["untested_checks"] or "",
        "question": study.question, "design": study.design, "owner": study.owner, "failed_checks": failed,
        "is_headline": bool(row["is_headline"]) and study.is_primary, "is_exploratory": is_exploratory,
        "look_date": look.taken, "next_look_date": look.next, "looks_planned": look.planned, "looked_at": company["as_of_at"],
        "unit": "ratio" if row["scale"] == "ratio" else "difference", "state": state, "ci_kind": "none", "reading": None,
        "tier": "withheld", "withheld_reason": _reason(state, row),
    }  # fmt: skip
    arms = _arms(clusters)
    if state != "reads":
        p_value = estimators.permutation_p(*arms) if state == "too_few" and all(arms) else None
        exact = {} if p_value is None else {"p_value": p_value, "ci_kind": "exact"}
        return told | exact | {"naive_estimate": None, "naive_ci_low": None, "naive_ci_high": None}
    theta, error, df = float(row["theta"]), float(row["error"]), row["df"]
    ends, kind = _ends(theta, error, df, look, row["n_units"], study.alpha)
    _cross_check(row, arms)
    scaled = math.exp if row["scale"] == "ratio" else float
    estimate, low, high = (scaled(value) for value in (theta, *ends))
    sensitivity = (
        {"e_value": estimators.e_value(estimate), "e_value_of_interval": estimators.e_value_of_interval(low, high)}
        if row["scale"] == "ratio" and row["is_randomized"] is not True
        else {}
    )
    margin = math.log1p(study.min_effect_that_matters) if row["scale"] == "ratio" else study.min_effect_that_matters
    return told | sensitivity | _hazard(risk) | {
        "theta": theta, "error": error, "df": df, "estimate": estimate, "ci_low": low, "ci_high": high, "ci_kind": kind,
        "p_value": estimators.p_value(theta, error, df), "hedges_g": estimators.hedges_g(*arms) if all(arms) else None,
        "reading": "differs" if _excludes_nothing(ends) else _quiet(theta, error, df, study.alpha, margin),
        "tier": tier(row["best_tier"], failed, is_exploratory, told["is_headline"], ends, margin), "withheld_reason": None,
    }  # fmt: skip


def tier(best: str, failed_checks: str, is_exploratory: bool, is_headline: bool, ends: tuple[float, float], margin: float) -> str:
    """How sure a row may sound: computed from design, checks, registration and interval, never typed.

    proven needs a draw, the registered primary, and an interval clear of nothing and of a quarter of what matters: `margin`,
    on the scale of `ends`, which is logarithms for a ratio.
    """
    if failed_checks:
        return "unreliable"
    if is_exploratory:
        return "associated"
    if best != "proven":
        return best
    nearest = ends[0] if ends[0] > 0 else -ends[1] if ends[1] < 0 else 0.0
    return "proven" if is_headline and nearest > margin / 4 else "supported"


def with_portfolio(rows: Sequence[Row]) -> list[Row]:
    """The rows with p values adjusted for what else was asked: looks and secondary questions within a study, studies beside it.

    A primary is corrected for its planned looks (Bonferroni), the others of a study by Holm, and all primaries of a company
    together by Benjamini and Hochberg; ratios are also shown shrunken, because the best of many is too good.
    """
    found = [dict(row) for row in rows]
    secondary: dict[tuple[str, str], list[Row]] = defaultdict(list)
    portfolio: dict[str, list[Row]] = defaultdict(list)
    for row in found:
        if row.get("p_value") is None or row["state"] != "reads":
            continue
        if row["is_headline"]:
            row["p_adjusted"] = min(1.0, row["p_value"] * row["looks_planned"])
            row["adjustment"] = "bonferroni_looks" if row["looks_planned"] > 1 else "none"
            portfolio[row["company_id"]].append(row)
        else:
            secondary[row["company_id"], row["study_id"]].append(row)
    for group in secondary.values():
        for row, value in zip(group, estimators.holm([each["p_value"] for each in group]), strict=True):
            row["p_adjusted"], row["adjustment"] = value, "holm"
    for group in portfolio.values():
        for row, value in zip(group, estimators.benjamini_hochberg([each["p_adjusted"] for each in group]), strict=True):
            row["q_value"] = value
        ratios = [row for row in group if row["scale"] == "ratio" and row["error"] > 0]
        drawn = estimators.shrunken([row["theta"] for row in ratios], [row["error"] for row in ratios])
        for row, value in zip(ratios, drawn, strict=True):
            row["shrunken_estimate"] = math.exp(value)
    return found


def _ends(
    theta: float, error: float, df: float | None, look: Look, units: int | None, alpha: float
) -> tuple[tuple[float, float], str]:
    if look.is_late:
        count = int(units or 1)
        return estimators.always_valid_interval(theta, error, count, count, alpha), "always_valid"
    return estimators.interval(theta, error, df, 1 - alpha), "fixed"


def _reason(state: str, row: Mapping[str, Any]) -> Any:
    """The study's own words where the state is its own; else why the task holds the row back."""
    own = row["withheld_reason"] if state == row["state"] else None
    return own or _REASONS.get(state)


def _arms(clusters: Sequence[Mapping[str, Any]]) -> tuple[list[float], list[float]]:
    values = [(row["is_treated"], float(row["y"])) for row in clusters if row["y"] is not None]
    return [y for arm, y in values if arm == 1], [y for arm, y in values if arm == 0]


def _cross_check(row: Mapping[str, Any], arms: tuple[list[float], list[float]]) -> None:
    """SQL and scipy must agree about a plain comparison of cluster means."""
    if row["method"] != "welch_team_means" or min(len(arm) for arm in arms) < 2:
        return
    ours = estimators.welch(*arms)
    for name, value in zip(("theta", "error", "df"), ours, strict=True):
        if not math.isclose(value, row[name], rel_tol=1e-9, abs_tol=1e-9):
            raise LearningWarehouseError(
                f"{row['study_id']} {row['variant']}: SQL says {name} = {row[name]}, scipy says {value}",
                what_to_do="a macro of dbt_project/macros/statistics is wrong; make test names it",
            )


def _hazard(risk: Sequence[Mapping[str, Any]]) -> Row:
    names = ("at_risk_treated", "at_risk_control", "events_treated", "events_control")
    found = estimators.cox_on_cells([tuple(row[name] for name in names) for row in risk]) if risk else None
    if found is None:
        return {}
    low, high = estimators.interval(found[0], found[1], None)
    return {"hazard_ratio": math.exp(found[0]), "hazard_ratio_low": math.exp(low), "hazard_ratio_high": math.exp(high)}


def _excludes_nothing(ends: tuple[float, float]) -> bool:
    return ends[0] > 0 or ends[1] < 0


def _quiet(theta: float, error: float, df: float | None, alpha: float, margin: float) -> str:
    told = estimators.reading(theta, error, df, alpha, margin)
    return "inconclusive" if told == "differs" else told
