"""Macros over time and over clusters agree with loops and scipy; looks, equivalence and signals follow their formulas."""

from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest

EXACT = 1e-9


def _run(sql: str, **tables: pd.DataFrame) -> pd.DataFrame:
    with duckdb.connect() as database:
        for name, table in tables.items():
            database.register(f"given_{name}", table)
            database.execute(f"create table {name} as select * from given_{name}")
        return database.execute(sql).df()


def _value(expression: str) -> Any:
    row = duckdb.execute(f"select {expression}").fetchone()
    assert row is not None
    return row[0]


def test_the_t_points_for_equivalence_and_power_are_close_where_they_are_used(macros: Any) -> None:
    from scipy.stats import t

    for df, allowed in [(1, 1e-12), (2, 1e-12), (3, 1e-12), (4, 1e-12), (5, 1e-4), (10, 3e-6), (38, 1e-8), (200, 1e-9)]:
        assert _value(macros.t95(str(df))) == pytest.approx(t.ppf(0.95, df), abs=allowed), df
        assert _value(macros.t80(str(df))) == pytest.approx(t.ppf(0.8, df), abs=allowed), df


def test_a_day_before_the_first_event_has_everybody_in_the_restricted_mean(macros: Any) -> None:
    times = pd.DataFrame({"study": "s", "t": [10, 20, 30, 40], "outcome": ["event", "event", "censored", "event"]})
    row = _run(macros.restricted_mean("times", ["study"], "5"), times=times).iloc[0]
    assert (row.estimate, row.error) == (5.0, 0.0)
    row = _run(macros.restricted_mean("times", ["study"], "40"), times=times).iloc[0]
    assert row.estimate == pytest.approx(10 + 0.75 * 10 + 0.5 * 20, abs=EXACT)


def test_whoever_is_watched_from_later_on_is_at_risk_from_then_on_only(macros: Any) -> None:
    rng = np.random.default_rng(4)
    entered = rng.integers(0, 30, 80)
    times = pd.DataFrame(
        {
            "study": "s",
            "stratum": rng.choice(["a", "b"], 80),
            "is_treated": rng.integers(0, 2, 80),
            "entered": entered,
            "t": entered + rng.integers(1, 40, 80),
            "outcome": rng.choice(["event", "censored"], 80),
        }
    )
    cells = _run(macros.risk_set_cells("times", ["study"], "entered"), times=times)
    assert len(cells) == 2 * times[times.outcome == "event"].groupby(["stratum", "t"]).ngroups
    for cell in cells.itertuples():
        stratum, day = cell.stratum.split("/")
        own = times[(times.stratum == stratum) & (times.is_treated == cell.is_treated)]
        assert cell.exposure == ((own.entered < int(day)) & (own.t >= int(day))).sum()
        assert cell.events == ((own.t == int(day)) & (own.outcome == "event")).sum()


def test_many_studies_in_one_query_do_not_touch_each_other(macros: Any) -> None:
    rng = np.random.default_rng(9)
    times = pd.DataFrame(
        {
            "study": rng.choice(["one", "two", "three"], 300),
            "stratum": "all",
            "is_treated": rng.integers(0, 2, 300),
            "t": rng.integers(1, 60, 300),
            "outcome": rng.choice(["event", "competing", "censored"], 300),
        }
    )
    for sql in (
        macros.log_rank("times", ["study"]),
        macros.hazard_ratio("times", ["study"]),
        macros.restricted_mean("times", ["study"], "50"),
    ):
        together = _run(sql, times=times).set_index("study")
        for study, own in times.groupby("study"):
            pd.testing.assert_series_equal(_run(sql, times=own).set_index("study").loc[study], together.loc[study])


def test_leaving_a_manager_out_of_the_interaction_is_the_loop_over_managers(macros: Any) -> None:
    rng = np.random.default_rng(12)
    units = pd.DataFrame(
        {
            "study": "s",
            "cluster": rng.integers(0, 9, 120),
            "a": rng.integers(0, 2, 120),
            "b": rng.integers(0, 2, 120),
            "y": rng.normal(0, 1, 120),
        }
    )
    units.loc[::17, "y"] = None

    def effects(kept: pd.DataFrame) -> dict[str, float]:
        mean = kept.groupby(["a", "b"]).y.mean()
        return {
            "interaction": mean[1, 1] - mean[1, 0] - mean[0, 1] + mean[0, 0],
            "a": mean[1, 0] - mean[0, 0],
            "b": mean[0, 1] - mean[0, 0],
            "both": mean[1, 1] - mean[0, 0],
        }

    deltas = _run(macros.interaction_deltas("units", ["study"]), units=units)
    assert len(deltas) == 4 * 9
    for row in deltas.itertuples():
        full, rest = effects(units)[row.effect], effects(units[units.cluster != row.cluster])[row.effect]
        assert row.estimate == pytest.approx(full, abs=EXACT)
        assert row.delta == pytest.approx(rest - full, abs=EXACT)


def test_an_effect_of_one_cohort_is_found_in_its_periods_and_not_before(macros: Any) -> None:
    rows = []
    for unit in range(40):
        cohort = 4 if unit < 20 else None
        for period in range(1, 7):
            effect = 2.0 if cohort and period >= cohort else 0.0
            rows.append(("s", unit, cohort, period, unit + 0.5 * period + effect + 0.01 * ((unit * 7 + period * 3) % 5)))
    panel = pd.DataFrame(rows, columns=["study", "unit", "cohort", "period", "y"])
    panel["cohort"] = panel.cohort.astype("Int64")
    cells = _run(macros.cohort_effects("panel", ["study"]), panel=panel).set_index("period").estimate
    assert cells.loc[[4, 5, 6]].to_numpy() == pytest.approx(2.0, abs=0.02)
    assert cells.loc[[2, 3]].to_numpy() == pytest.approx(0.0, abs=0.02)
    assert _run(macros.overall_cohort_effect("panel", ["study"]), panel=panel).estimate[0] == pytest.approx(2.0, abs=0.02)


def test_no_measurable_change_needs_the_whole_ninety_percent_interval_inside_the_margin(macros: Any) -> None:
    assert _value(macros.is_equivalent("0.01", "0.02", "30", "0.1")) is True
    assert _value(macros.is_equivalent("0.01", "0.08", "30", "0.1")) is False
    assert _value(macros.is_equivalent("0.09", "0.02", "30", "0.1")) is False
    assert _value(macros.is_equivalent("cast(null as double)", "0.02", "30", "0.1")) is False


def test_the_always_valid_margin_is_the_published_formula(macros: Any) -> None:
    planned, n, spread, alpha = 180, 60, 2.0, 0.05
    rho2 = (-2 * np.log(alpha) + np.log(-2 * np.log(alpha) + 1)) / planned
    expected = spread * np.sqrt(2 * (n * rho2 + 1) / (n**2 * rho2) * np.log(np.sqrt(n * rho2 + 1) / alpha))
    margin = _value(macros.always_valid_margin(str(spread / np.sqrt(n)), str(n), str(planned)))
    assert margin == pytest.approx(expected, abs=EXACT)
    assert _value(macros.always_valid_margin("1", "0", "180")) is None


def test_looking_every_night_is_safe_with_the_band_and_not_with_a_fixed_interval(macros: Any) -> None:
    rng, nights, worlds = np.random.default_rng(180), 180, 400
    sums = rng.normal(0, 1, (worlds, nights)).cumsum(axis=1)
    looks = pd.DataFrame(
        {
            "world": np.repeat(np.arange(worlds), nights),
            "n": np.tile(np.arange(1, nights + 1), worlds),
            "mean": (sums / np.arange(1, nights + 1)).ravel(),
        }
    )
    looks = looks[looks.n >= 5]
    margin = macros.always_valid_margin("1 / sqrt(n)", "n", "180")
    alarms = _run(
        f"""select avg(fixed) as fixed, avg(band) as band from (
            select world, max(case when abs(mean) > 1.96 / sqrt(n) then 1.0 else 0 end) as fixed,
                max(case when abs(mean) > {margin} then 1.0 else 0 end) as band
            from looks group by world)""",
        looks=looks,
    ).iloc[0]
    assert alarms.fixed > 0.25
    assert alarms.band <= 0.05


def test_a_series_signals_outside_its_limits_or_after_eight_on_one_side(macros: Any) -> None:
    calm = [10, 12, 9, 11, 10, 12, 9, 11, 10, 12, 9, 11]
    points = pd.DataFrame(
        [("calm", i, v) for i, v in enumerate(calm)]
        + [("jump", i, v) for i, v in enumerate([*calm, 30])]
        + [("shift", i, v) for i, v in enumerate([8, 11, 8, 11] * 3 + [10.2, 10.4] * 5)]
        + [("short", i, v) for i, v in enumerate([1, 2, 50])],
        columns=["series", "period", "value"],
    )
    found = _run(macros.natural_process_limits("points", ["series"]), points=points).sort_values(["series", "period"])
    ranges = np.abs(np.diff(calm)).mean()
    own = found[found.series == "calm"].iloc[0]
    assert own.limit_high == pytest.approx(np.mean(calm) + 3 / 1.1283791670955126 * ranges, abs=EXACT)
    signals = {series: rows.period[rows.is_signal].tolist() for series, rows in found.groupby("series")}
    assert signals == {"calm": [], "jump": [12], "shift": [18, 19, 20, 21], "short": []}
    assert found[found.series == "short"].limit_high.isna().all()


def test_a_larger_pilot_and_a_known_past_show_smaller_effects(macros: Any) -> None:
    small, large = (_value(macros.detectable_difference("1", n, n)) for n in ("6", "20"))
    known = _value(macros.detectable_difference("1", "20", "20", "0.6"))
    assert large < small
    assert known == pytest.approx(large * 0.8, abs=EXACT)
    assert _value(macros.detectable_difference("1", "1", "1")) is None


def test_what_cannot_be_computed_is_missing_and_never_infinite(macros: Any) -> None:
    cells = pd.DataFrame(
        [("s", "1", 1, 0.0, 20.0), ("s", "1", 0, 5.0, 20.0)], columns=["study", "stratum", "is_treated", "events", "exposure"]
    )
    assert _run(macros.mantel_haenszel_odds_ratio("cells", ["study"]), cells=cells).drop(columns="study").isna().all(axis=None)
    units = cells.drop(columns="stratum")
    assert pd.isna(_run(macros.clustered_rate_ratio("units", ["study"]), units=units).estimate[0])
    nobody = pd.DataFrame({"study": ["s"], "stratum": ["a"], "is_treated": [1], "t": [4], "outcome": ["event"]})
    row = _run(macros.log_rank("times", ["study"]), times=nobody).iloc[0]
    assert row.variance == 0 and pd.isna(row.chi_square)


def test_every_row_twice_keeps_the_estimate_and_shrinks_the_error_by_root_two(macros: Any) -> None:
    rng = np.random.default_rng(2)
    cells = pd.DataFrame(
        [("s", str(s), a, float(rng.integers(3, 20)), float(rng.integers(30, 60))) for s in range(6) for a in (0, 1)],
        columns=["study", "stratum", "is_treated", "events", "exposure"],
    )
    doubled = pd.concat([cells, cells])
    for sql, error in (
        (macros.mantel_haenszel_odds_ratio("cells", ["study"]), "log_error"),
        (macros.mantel_haenszel_risk("cells", ["study"]), "risk_difference_error"),
        (macros.mantel_haenszel_risk("cells", ["study"]), "risk_difference_error_large_strata"),
    ):
        once, twice = _run(sql, cells=cells).iloc[0], _run(sql, cells=doubled).iloc[0]
        assert twice[error] == pytest.approx(once[error] / np.sqrt(2), rel=1e-9)
        estimate = "estimate" if "estimate" in once.index else "risk_difference"
        assert twice[estimate] == pytest.approx(once[estimate], rel=1e-9)
