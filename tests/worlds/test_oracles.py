"""The macros on public data give the numbers of lifelines, statsmodels, scipy and diff-diff frozen in fixtures/oracles.json.

A number whose name begins with ~ comes from another estimator (Cox for our ratio over risk sets, a solver for our closed form):
it is only near. LW_ORACLES=docs/results/oracles.md writes the table of every number, ours beside theirs.
"""

import importlib.util
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest

FIXTURES = Path(__file__).parents[1] / "fixtures"
ORACLES = json.loads((FIXTURES / "oracles.json").read_text())
EXACT = 1e-9
# Where a rounded or iterated reference cannot be met to 1e-9: lifelines reads its band at 1e-8, a t interval uses our t point.
LOOSE = {"job training": {"low": 0.02, "high": 0.02}, "formulas": dict.fromkeys(ORACLES["formulas"]["numbers"], 1e-8)}
NEAR = 0.03


@pytest.fixture(scope="module")
def ours(macros: Any) -> Iterator[dict[str, dict[str, Any]]]:
    """Oracle -> name of the number -> what our SQL answers."""
    answers = {name: make(macros) for name, make in ANSWERS.items()}
    yield answers
    if "LW_ORACLES" in os.environ:
        Path(os.environ["LW_ORACLES"]).write_text(_report(answers))


@pytest.mark.parametrize(("oracle", "name"), [(oracle, name) for oracle, own in ORACLES.items() for name in own["numbers"]])
def test_our_sql_gives_the_published_number(ours: dict[str, dict[str, Any]], oracle: str, name: str) -> None:
    published, answer = ORACLES[oracle]["numbers"][name], ours[oracle][name]
    if name.startswith("~"):
        assert answer == pytest.approx(published, rel=NEAR if "ever against" not in name else 0.15)
    else:
        allowed = LOOSE.get(oracle, {}).get(name, EXACT * max(1.0, abs(published or 0)))
        assert answer == (published if published is None else pytest.approx(published, abs=allowed))


def test_a_naive_reading_of_the_same_data_is_provably_wrong(ours: dict[str, dict[str, Any]]) -> None:
    assert ours["heart transplants"]["~hazard ratio ever against never (Cox)"] < 0.35
    assert ours["heart transplants"]["~hazard ratio over time (Cox)"] > 1
    assert ours["Berkeley admissions"]["crude odds ratio"] > 1.8 > 1 > ours["Berkeley admissions"]["odds ratio"]
    assert ours["job training"]["against a survey"] < -8000 < 1000 < ours["job training"]["difference"]


def _run(sql: str, **tables: pd.DataFrame) -> pd.DataFrame:
    with duckdb.connect() as database:
        for name, table in tables.items():
            database.register(f"given_{name}", table)
            database.execute(f"create table {name} as select * from given_{name}")
        return database.execute(sql).df()


def _times(t: Any, event: Any, **columns: Any) -> pd.DataFrame:
    outcome = np.where(np.asarray(event) == 1, "event", "censored")
    return pd.DataFrame({"study": "s", "stratum": "all", "t": np.asarray(t).astype(int), "outcome": outcome, **columns})


def _leukemia(macros: Any) -> dict[str, Any]:
    from lifelines.datasets import load_leukemia

    data = load_leukemia()
    times = _times(data.t, data.status, arm=np.where(data.Rx == 0, "treated", "placebo"), is_treated=data.Rx)
    curve = _run(f"select * from ({macros.kaplan_meier('times', ['arm'])}) where arm = 'treated'", times=times).set_index("t")
    answers: dict[str, Any] = {}
    for week in (6, 7, 10, 13, 16, 22, 23):
        step = curve.loc[week]
        answers[f"survival at {week}"], answers[f"error at {week}"] = step.survival, step.error
        answers[f"low at {week}"], answers[f"high at {week}"] = step.survival_low, step.survival_high
    for row in _run(macros.kaplan_meier_median("times", ["arm"]), times=times).itertuples():
        high = None if pd.isna(row.median_high) else row.median_high
        answers |= {f"median {row.arm}": row.median_t, f"median {row.arm} low": row.median_low, f"median {row.arm} high": high}
    for row in _run(macros.restricted_mean("times", ["arm"], "23"), times=times).itertuples():
        answers |= {f"restricted mean {row.arm}": row.estimate, f"restricted mean error {row.arm}": row.error}
    by_sex = times.assign(stratum=data.sex.astype(str))
    answers["log-rank"] = _run(macros.log_rank("times", ["study"]), times=times).chi_square[0]
    answers["log-rank by sex"] = _run(macros.log_rank("times", ["study"]), times=by_sex).chi_square[0]
    answers["~hazard ratio (Cox)"] = _run(macros.hazard_ratio("times", ["study"]), times=times).estimate[0]
    return answers


def _waltons(macros: Any) -> dict[str, Any]:
    from lifelines.datasets import load_waltons

    data = load_waltons()
    arm = np.where(data.group == "miR-137", "miR", "control")
    times = _times(data["T"], data.E, arm=arm, is_treated=(arm == "miR").astype(int))
    medians = _run(macros.kaplan_meier_median("times", ["arm"]), times=times).set_index("arm").median_t
    curve = _run(f"select * from ({macros.kaplan_meier('times', ['arm'])}) where arm = 'miR' and t <= 19 order by t", times=times)
    mean = _run(macros.restricted_mean("times", ["arm"], "30"), times=times).set_index("arm").loc["miR"]
    return {
        "median miR": medians["miR"],
        "median control": medians["control"],
        "survival miR at 19": curve.survival.iloc[-1],
        "restricted mean miR": mean.estimate,
        "restricted mean error miR": mean.error,
        "log-rank": _run(macros.log_rank("times", ["study"]), times=times).chi_square[0],
    }


def _rossi(macros: Any) -> dict[str, Any]:
    from lifelines.datasets import load_rossi

    data = load_rossi()
    times = _times(data.week, data.arrest, is_treated=data.fin)
    by_prior = times.assign(stratum=data.prio.clip(upper=3).astype(str))
    return {
        "log-rank": _run(macros.log_rank("times", ["study"]), times=times).chi_square[0],
        "log-rank by prior arrests": _run(macros.log_rank("times", ["study"]), times=by_prior).chi_square[0],
        "~hazard ratio (Cox)": _run(macros.hazard_ratio("times", ["study"]), times=times).estimate[0],
    }


def _heart_transplants(macros: Any) -> dict[str, Any]:
    from lifelines.datasets import load_stanford_heart_transplants

    data = load_stanford_heart_transplants()
    watched = _times(
        (data.stop * 2).round(), data.event, is_treated=data.transplant, entered=(data.start * 2).round().astype(int)
    )
    ever = data.groupby("id").agg(stop=("stop", "max"), event=("event", "max"), transplant=("transplant", "max"))
    naive = _times((ever.stop * 2).round(), ever.event, is_treated=ever.transplant.to_numpy())
    return {
        "~hazard ratio over time (Cox)": _run(macros.hazard_ratio("times", ["study"], "entered"), times=watched).estimate[0],
        "~hazard ratio ever against never (Cox)": _run(macros.hazard_ratio("times", ["study"]), times=naive).estimate[0],
    }


def _stratified(macros: Any, tables: list[Any]) -> dict[str, Any]:
    rows = []
    for number, ((a, b), (c, d)) in enumerate(tables):
        rows += [("s", str(number), 1, float(a), float(a + b)), ("s", str(number), 0, float(c), float(c + d))]
    cells = pd.DataFrame(rows, columns=["study", "stratum", "is_treated", "events", "exposure"])
    odds = _run(macros.mantel_haenszel_odds_ratio("cells", ["study"]), cells=cells).iloc[0]
    risk = _run(macros.mantel_haenszel_risk("cells", ["study"]), cells=cells).iloc[0]
    return {
        "crude odds ratio": odds.crude,
        "odds ratio": odds.estimate,
        "odds ratio low": odds.ci_low,
        "odds ratio high": odds.ci_high,
        "error of log odds": odds.log_error,
        "risk ratio": risk.risk_ratio,
        "risk difference": risk.risk_difference,
        "risk difference error": risk.risk_difference_error,
    }


def _freezer() -> Any:
    spec = importlib.util.spec_from_file_location("freeze_oracles", FIXTURES / "freeze_oracles.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _berkeley(macros: Any) -> dict[str, Any]:
    return _stratified(macros, [((a, b), (c, d)) for a, b, c, d in _freezer().BERKELEY])


def _china(macros: Any) -> dict[str, Any]:
    import statsmodels.api as sm

    return _stratified(macros, [row.reshape(2, 2) for row in sm.datasets.china_smoking.load_pandas().data.to_numpy(dtype=float)])


def _deaths(macros: Any) -> dict[str, Any]:
    tables = []
    for _, own in _freezer().nhefs().groupby(["sex", "band"], observed=True):
        tables.append([[((own.qsmk == q) & (own.death == d)).sum() for d in (1, 0)] for q in (1, 0)])
    return _stratified(macros, tables)


def _job_training(macros: Any) -> dict[str, Any]:
    import causaldata

    data = causaldata.nsw_mixtape.load_pandas().data
    units = pd.DataFrame({"study": "s", "is_treated": data.treat.astype(int), "y": data.re78, "x": data.re75})
    survey = causaldata.cps_mixtape.load_pandas().data
    mixed = pd.concat(
        [units[units.is_treated == 1], pd.DataFrame({"study": "s", "is_treated": 0, "y": survey.re78, "x": survey.re75})]
    )
    row = _run(macros.welch("units", ["study"]), units=units).iloc[0]
    return {
        "difference": row.estimate,
        "error": row.error,
        "degrees of freedom": row.df,
        "low": row.ci_low,
        "high": row.ci_high,
        "with earnings before (ANCOVA)": _run(macros.cuped("units", ["study"]), units=units).estimate[0],
        "against a survey": _run(macros.welch("units", ["study"]), units=mixed).estimate[0],
    }


def _natural_experiments(macros: Any) -> dict[str, Any]:
    import causaldata

    donors = causaldata.organ_donations.load_pandas().data
    panel = pd.DataFrame(
        {
            "study": "s",
            "unit": donors.State,
            "is_treated": (donors.State == "California").astype(int),
            "is_after": (donors.Quarter_Num > 3).astype(int),
            "y": donors.Rate,
        }
    )
    works = [("s", "a", 1, 0, 130.1), ("s", "a", 1, 1, 84.9), ("s", "b", 0, 0, 134.9), ("s", "b", 0, 1, 146.6)]
    snow = pd.DataFrame(works, columns=panel.columns)
    return {
        "organ donations": _run(macros.collapsed_change("panel", ["study"]), panel=panel).estimate[0],
        "cholera": _run(macros.collapsed_change("panel", ["study"]), panel=snow).estimate[0],
    }


def _collapsed_panel(macros: Any) -> dict[str, Any]:
    row = _run(macros.collapsed_change("panel", ["study"]), panel=_freezer().panel().assign(study="s")).iloc[0]
    return {"difference": row.estimate, "error": row.error}


def _uneven_counts(macros: Any) -> dict[str, Any]:
    row = _run(macros.clustered_rate_ratio("units", ["study"]), units=_freezer().counts().assign(study="s")).iloc[0]
    return {
        "rate ratio": row.estimate,
        "error of one event an experiment": row.poisson_log_error,
        "error with accounts as clusters": row.log_error,
    }


def _formulas(macros: Any) -> dict[str, Any]:
    names = list(ORACLES["formulas"]["numbers"])
    asked = [macros.e_value("3.9::double"), macros.e_value("2.4::double"), macros.detectable_difference("1", "20", "20")]
    values = _run(f"select {asked[0]} as a, {asked[1]} as b, {asked[2]} as c").iloc[0]
    return dict(zip(names, (values.a, values.b, values.c), strict=True))


def _start_cohorts(macros: Any) -> dict[str, Any]:
    panel = pd.DataFrame(ORACLES["start cohorts"]["panel"], columns=["unit", "cohort", "period", "y"]).assign(study="s")
    panel["cohort"] = panel.cohort.where(panel.cohort > 0).astype("Int64")
    answers: dict[str, Any] = {}
    for controls in ("never", "not_yet"):
        overall = _run(macros.overall_cohort_effect("panel", ["study"], controls), panel=panel).iloc[0]
        answers |= {f"{controls}: overall": overall.estimate, f"{controls}: overall error": overall.error}
        for row in _run(macros.cohort_effects("panel", ["study"], controls), panel=panel).itertuples():
            answers[f"{controls}: cohort {row.cohort} in {row.period}"] = row.estimate
            answers[f"{controls}: cohort {row.cohort} in {row.period} error"] = row.error
    return answers


ANSWERS = {
    "leukemia": _leukemia,
    "waltons": _waltons,
    "rossi": _rossi,
    "heart transplants": _heart_transplants,
    "Berkeley admissions": _berkeley,
    "smoking in China": _china,
    "quitting and death": _deaths,
    "job training": _job_training,
    "natural experiments": _natural_experiments,
    "collapsed panel": _collapsed_panel,
    "uneven counts": _uneven_counts,
    "formulas": _formulas,
    "start cohorts": _start_cohorts,
}


def _report(answers: dict[str, dict[str, Any]]) -> str:
    lines = [
        "# Published numbers against ours",
        "",
        "Written by `LW_ORACLES=docs/results/oracles.md pytest tests/worlds/test_oracles.py`. Ours is the SQL of",
        "`dbt_project/macros/statistics` in DuckDB; published is what the package named answers on the same public data, frozen",
        "in `tests/fixtures/oracles.json`. A name with ~ is another estimator of the same thing, so a difference is expected;",
        "everything else agrees to nine digits (t points to four, printed numbers to their last digit).",
        "",
        "| oracle | number | ours | published | difference |",
        "|---|---|---|---|---|",
    ]
    for oracle, own in ORACLES.items():
        for name, published in own["numbers"].items():
            answer = answers[oracle][name]
            difference = "" if published is None else f"{abs(answer - published):.1e}"
            shown = ["never" if value is None else f"{value:.6f}" for value in (answer, published)]
            lines.append(f"| {oracle} | {name} | {shown[0]} | {shown[1]} | {difference} |")
    lines += ["", "| oracle | data and reference |", "|---|---|"]
    lines += [f"| {oracle} | {own['reference']} |" for oracle, own in ORACLES.items()]
    return "\n".join(lines) + "\n"
