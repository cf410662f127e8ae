"""The statistics macros, rendered from the files dbt reads and run in DuckDB, agree with scipy, statsmodels and plain loops."""

from typing import Any

import duckdb
import numpy as np
import pytest

EXACT = 1e-9

# Freireich's 6-MP trial: weeks in remission, 1 = relapse seen.
TREATED = [
    (6, 1),
    (6, 1),
    (6, 1),
    (6, 0),
    (7, 1),
    (9, 0),
    (10, 1),
    (10, 0),
    (11, 0),
    (13, 1),
    (16, 1),
    (17, 0),
    (19, 0),
    (20, 0),
    (22, 1),
    (23, 1),
]
TREATED += [(25, 0), (32, 0), (32, 0), (34, 0), (35, 0)]
PLACEBO = [(t, 1) for t in (1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23)]
# Berkeley admissions 1973 by department: admitted men, rejected men, admitted women, rejected women.
BERKELEY = [
    (512, 313, 89, 19),
    (353, 207, 17, 8),
    (120, 205, 202, 391),
    (138, 279, 131, 244),
    (53, 138, 94, 299),
    (22, 351, 24, 317),
]


@pytest.fixture()
def database() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def _table(database: duckdb.DuckDBPyConnection, name: str, columns: str, rows: list[tuple[Any, ...]]) -> None:
    database.execute(f"create or replace table {name} ({columns})")
    database.executemany(f"insert into {name} values ({', '.join('?' for _ in rows[0])})", rows)


def _row(database: duckdb.DuckDBPyConnection, sql: str) -> dict[str, Any]:
    result = database.execute(sql)
    names = [column[0] for column in result.description or []]
    rows = result.fetchall()
    assert len(rows) == 1, rows
    return dict(zip(names, rows[0], strict=True))


def test_the_wilson_interval_is_that_of_statsmodels(macros: Any, database: duckdb.DuckDBPyConnection) -> None:
    from statsmodels.stats.proportion import proportion_confint

    for hits, n in [(0, 20), (1, 10), (34, 52), (418, 1020), (20, 20)]:
        low, high = database.execute(f"select {macros.wilson_low(hits, n)}, {macros.wilson_high(hits, n)}").fetchone() or (0, 0)
        assert (low, high) == pytest.approx(proportion_confint(hits, n, method="wilson"), abs=EXACT)


def test_the_t_quantile_is_close_where_it_is_used(macros: Any, database: duckdb.DuckDBPyConnection) -> None:
    from scipy.stats import t

    for df, allowed in [
        (1, 1e-12),
        (2, 1e-12),
        (3, 1e-12),
        (4, 1e-12),
        (3.4, 2e-2),
        (5, 3e-4),
        (10, 1e-5),
        (20, 3e-7),
        (30, 4e-8),
        (200, 1e-9),
    ]:
        (value,) = database.execute(f"select {macros.t975(str(df))}").fetchone() or (0,)
        assert value == pytest.approx(t.ppf(0.975, df), abs=allowed), df


def test_the_e_value_is_the_published_one(macros: Any, database: duckdb.DuckDBPyConnection) -> None:
    values = database.execute(
        f"select {macros.e_value('3.9::double')}, {macros.e_value('2.4::double')}, {macros.e_value('(1/3.9)::double')}"
    ).fetchone()
    assert values == pytest.approx((7.263034344, 4.233030278, 7.263034344), abs=1e-8)
    crossing = database.execute(f"select {macros.e_value_of_interval('0.9::double', '1.1::double')}").fetchone()
    assert crossing == (1,)


def test_kaplan_meier_is_that_of_statsmodels_and_the_median_interval_is_the_published_one(
    macros: Any, database: duckdb.DuckDBPyConnection
) -> None:
    from statsmodels.duration.survfunc import SurvfuncRight

    rows = [("treated", t, "event" if e else "censored") for t, e in TREATED] + [("placebo", t, "event") for t, _ in PLACEBO]
    _table(database, "times", "arm varchar, t integer, outcome varchar", rows)
    reference = SurvfuncRight(np.array([t for t, _ in TREATED]), np.array([e for _, e in TREATED]))
    steps = database.execute(
        f"select t, survival, error from ({macros.kaplan_meier('times', ['arm'])})"
        " where arm = 'treated' and events > 0 order by t"
    )
    ours = np.array(steps.fetchall(), dtype=float)
    assert np.allclose(ours[:, 1], reference.surv_prob, atol=EXACT)
    assert np.allclose(ours[:, 2], reference.surv_prob_se, atol=EXACT)
    medians = database.execute(f"select * from ({macros.kaplan_meier_median('times', ['arm'])}) order by arm").fetchall()
    assert medians == [("placebo", 8, 4, 11), ("treated", 23, 13, None)]


def test_the_share_with_a_competing_end_is_that_of_statsmodels(macros: Any, database: duckdb.DuckDBPyConnection) -> None:
    from statsmodels.duration.survfunc import CumIncidenceRight

    rng = np.random.default_rng(7)
    times, outcomes = rng.integers(1, 150, 200), rng.choice(3, 200, p=[0.3, 0.5, 0.2])
    words = {0: "censored", 1: "event", 2: "competing"}
    _table(
        database,
        "times",
        "arm varchar, t integer, outcome varchar",
        [("a", int(t), words[int(o)]) for t, o in zip(times, outcomes, strict=True)],
    )
    row = _row(database, macros.aalen_johansen_share("times", ["arm"], "90"))
    reference = CumIncidenceRight(times, outcomes)
    at = np.searchsorted(reference.times, 90, side="right") - 1
    assert row["share"] == pytest.approx(reference.cinc[0][at], abs=EXACT)
    assert row["share_error"] == pytest.approx(reference.cinc_se[0][at], rel=0.05)


def test_without_censoring_the_share_is_the_plain_proportion(macros: Any, database: duckdb.DuckDBPyConnection) -> None:
    rows = [("a", t, "event" if t % 3 else "competing") for t in range(1, 61)]
    _table(database, "times", "arm varchar, t integer, outcome varchar", rows)
    row = _row(database, macros.aalen_johansen_share("times", ["arm"], "30"))
    assert row["share"] == pytest.approx(20 / 60, abs=EXACT)
    assert row["share_error"] == pytest.approx(np.sqrt(20 / 60 * 40 / 60 / 60), abs=EXACT)


def test_the_stratified_risk_ratio_and_difference_are_the_published_ones(
    macros: Any, database: duckdb.DuckDBPyConnection
) -> None:
    from statsmodels.stats.contingency_tables import StratifiedTable

    rows = []
    for number, (a, b, c, d) in enumerate(BERKELEY):
        rows += [("x", str(number), 1, float(a), float(a + b)), ("x", str(number), 0, float(c), float(c + d))]
    _table(database, "cells", "company varchar, stratum varchar, is_treated integer, events double, exposure double", rows)
    row = _row(database, macros.mantel_haenszel_risk("cells", ["company"]))
    reference = StratifiedTable([np.array([[a, b], [c, d]], dtype=float) for a, b, c, d in BERKELEY])
    assert row["risk_ratio"] == pytest.approx(reference.riskratio_pooled, abs=EXACT)
    assert (row["risk_ratio"], row["risk_difference"]) == pytest.approx((0.944905, -0.018425), abs=1e-6)
    assert row["risk_difference_error"] == pytest.approx(0.014825, abs=1e-6)
    database.execute("create or replace table chances as select *, true as is_chance from cells")
    as_rate = _row(database, macros.mantel_haenszel_rate_ratio("chances", ["company"]))
    assert as_rate["estimate"] == pytest.approx(row["risk_ratio"], abs=EXACT)
    assert as_rate["log_error"] == pytest.approx(row["log_error"], abs=EXACT)


def test_the_rate_ratio_over_risk_sets_is_the_published_hazard_ratio(macros: Any, database: duckdb.DuckDBPyConnection) -> None:
    everybody = [(t, e, 1) for t, e in PLACEBO] + [(t, e, 0) for t, e in TREATED]
    rows = []
    for moment in sorted({t for t, e, _ in everybody if e}):
        for arm in (0, 1):
            at_risk = sum(1 for t, _, a in everybody if a == arm and t >= moment)
            events = sum(1 for t, e, a in everybody if a == arm and t == moment and e)
            rows.append(("x", str(moment), arm, float(events), float(at_risk), False))
    _table(
        database,
        "cells",
        "company varchar, stratum varchar, is_treated integer, events double, exposure double, is_chance boolean",
        rows,
    )
    row = _row(database, macros.mantel_haenszel_rate_ratio("cells", ["company"]))
    assert (row["estimate"], row["log_error"]) == pytest.approx((4.822114, 0.436083), abs=1e-6)


def test_a_stratum_with_one_side_only_changes_nothing_but_the_overlap(macros: Any, database: duckdb.DuckDBPyConnection) -> None:
    rows = [
        ("x", "1", 1, 3.0, 20.0, False),
        ("x", "1", 0, 9.0, 40.0, False),
        ("x", "2", 1, 2.0, 30.0, False),
        ("x", "2", 0, 4.0, 25.0, False),
    ]
    columns = "company varchar, stratum varchar, is_treated integer, events double, exposure double, is_chance boolean"
    _table(database, "cells", columns, rows)
    before = _row(database, macros.mantel_haenszel_rate_ratio("cells", ["company"]))
    _table(database, "cells", columns, [*rows, ("x", "3", 1, 5.0, 50.0, False)])
    after = _row(database, macros.mantel_haenszel_rate_ratio("cells", ["company"]))
    assert (after["estimate"], after["log_error"]) == (before["estimate"], before["log_error"])
    assert (before["overlap_share"], after["overlap_share"]) == (1.0, 0.5)


def test_the_bucket_jackknife_is_the_loop_over_buckets(macros: Any, database: duckdb.DuckDBPyConnection) -> None:
    rng = np.random.default_rng(3)
    rows = [
        ("x", str(s), int(a), f"{b:02d}", float(rng.poisson(4 + a)), float(rng.uniform(5, 9)), False)
        for s in range(4)
        for a in (0, 1)
        for b in range(8)
    ]
    _table(
        database,
        "cells",
        "company varchar, stratum varchar, is_treated integer, bucket varchar, events double, exposure double, is_chance boolean",
        rows,
    )

    def log_ratio(kept: list[tuple[Any, ...]]) -> float:
        r = s = 0.0
        for stratum in {row[1] for row in kept}:
            sums = {
                (arm, k): sum(row[4 + k] for row in kept if row[1] == stratum and row[2] == arm) for arm in (0, 1) for k in (0, 1)
            }
            total = sums[1, 1] + sums[0, 1]
            r += sums[1, 0] * sums[0, 1] / total
            s += sums[0, 0] * sums[1, 1] / total
        return float(np.log(r / s))

    left_out = [log_ratio([row for row in rows if row[3] != f"{b:02d}"]) for b in range(8)]
    error = np.sqrt(7 / 8 * np.sum((np.array(left_out) - np.mean(left_out)) ** 2))
    row = _row(database, macros.mantel_haenszel_jackknife("cells", ["company"]))
    assert row["estimate"] == pytest.approx(np.exp(log_ratio(rows)), abs=EXACT)
    assert row["log_error"] == pytest.approx(error, abs=EXACT)


def test_welch_is_that_of_scipy_and_cuped_is_the_ancova_coefficient(macros: Any, database: duckdb.DuckDBPyConnection) -> None:
    import statsmodels.api as sm
    from scipy.stats import ttest_ind

    rng = np.random.default_rng(11)
    arm = np.repeat([1, 0], [14, 11])
    x = rng.normal(0.3, 0.1, 25)
    y = 0.1 + 0.05 * arm + 0.6 * x + rng.normal(0, 0.05 + 0.03 * arm, 25)
    _table(
        database,
        "units",
        "company varchar, is_treated integer, y double, x double",
        [("a", int(t), float(v), float(w)) for t, v, w in zip(arm, y, x, strict=True)],
    )
    row = _row(database, macros.welch("units", ["company"]))
    reference = ttest_ind(y[arm == 1], y[arm == 0], equal_var=False)
    assert row["df"] == pytest.approx(reference.df, abs=EXACT)
    assert row["estimate"] / row["error"] == pytest.approx(reference.statistic, abs=EXACT)
    interval = reference.confidence_interval(0.95)
    assert (row["ci_low"], row["ci_high"]) == pytest.approx((interval.low, interval.high), abs=1e-6)
    adjusted = _row(database, macros.cuped("units", ["company"]))
    model = sm.OLS(y, sm.add_constant(np.column_stack([arm, x]))).fit()
    assert adjusted["estimate"] == pytest.approx(model.params[1], abs=EXACT)


def test_cuped_keeps_silent_below_ten_units_an_arm(macros: Any, database: duckdb.DuckDBPyConnection) -> None:
    rows = [("a", arm, float(i), float(i % 3)) for arm in (0, 1) for i in range(9)]
    _table(database, "units", "company varchar, is_treated integer, y double, x double", rows)
    assert _row(database, macros.cuped("units", ["company"]))["estimate"] is None


def _ratio_of_ratios(cells: list[tuple[Any, ...]]) -> float:
    observed = expected = 0.0
    for stratum in {row[1] for row in cells}:
        treated = [row for row in cells if row[1] == stratum and row[3] == 1]
        controls = [row for row in cells if row[1] == stratum and row[3] == 0]
        observed += sum(row[4] for row in treated)
        expected += sum(row[5] for row in treated) * sum(row[4] for row in controls) / sum(row[5] for row in controls)
    return float(np.log(observed / expected))


def test_the_own_baseline_deltas_are_what_leaving_one_account_out_changes(
    macros: Any, database: duckdb.DuckDBPyConnection
) -> None:
    rng = np.random.default_rng(5)
    cells = [
        ("x", f"{g}", f"u{u}", int(u < 6 and u % 2 == g % 2), float(rng.poisson(3)), float(rng.uniform(1, 4)))
        for g in range(4)
        for u in range(20)
    ]
    _table(database, "cells", "company varchar, stratum varchar, unit varchar, is_treated integer, x double, e double", cells)
    deltas = database.execute(
        f"select unit, estimate, delta from ({macros.own_baseline_deltas('cells', ['company'])})"
    ).fetchall()
    full = _ratio_of_ratios(cells)
    assert len(deltas) == 20
    for unit, estimate, delta in deltas:
        assert estimate == pytest.approx(full, abs=EXACT)
        assert delta == pytest.approx(_ratio_of_ratios([row for row in cells if row[2] != unit]) - full, abs=EXACT)


def test_the_own_change_deltas_are_what_leaving_one_agent_out_changes(macros: Any, database: duckdb.DuckDBPyConnection) -> None:
    rng = np.random.default_rng(6)
    cells = [
        ("x", f"{g}", f"u{u}", int(u < 6 and u % 2 == g % 2), float(rng.normal(-1 if u < 6 else 0, 1)), float(rng.integers(1, 9)))
        for g in range(4)
        for u in range(20)
    ]

    def difference(kept: list[tuple[Any, ...]]) -> float:
        total = weight = 0.0
        for stratum in {row[1] for row in kept}:
            treated = [row for row in kept if row[1] == stratum and row[3] == 1]
            controls = [row for row in kept if row[1] == stratum and row[3] == 0]
            control_mean = sum(row[4] * row[5] for row in controls) / sum(row[5] for row in controls)
            total += sum(row[5] * (row[4] - control_mean) for row in treated)
            weight += sum(row[5] for row in treated)
        return total / weight

    _table(
        database, "cells", "company varchar, stratum varchar, unit varchar, is_treated integer, d double, weight double", cells
    )
    deltas = database.execute(f"select unit, estimate, delta from ({macros.own_change_deltas('cells', ['company'])})").fetchall()
    full = difference(cells)
    for unit, estimate, delta in deltas:
        assert estimate == pytest.approx(full, abs=EXACT)
        assert delta == pytest.approx(difference([row for row in cells if row[2] != unit]) - full, abs=EXACT)


def test_a_single_small_group_takes_its_smallest_neighbor_with_it(macros: Any, database: duckdb.DuckDBPyConnection) -> None:
    people = [("2026-01", "a", 40), ("2026-01", "b", 12), ("2026-01", "c", 4), ("2026-02", "a", 30), ("2026-02", "b", 11)]
    people += [("2026-03", "a", 9), ("2026-03", "b", 8), ("2026-03", "c", 20)]
    columns = "month varchar, team varchar, people integer, is_kept boolean"
    _table(database, "cells", columns, [(*row, row[2] >= 10) for row in people])
    sql = macros.hold_back_neighbors("cells", ["month", "team"], ["month"])
    shown = database.execute(f"select month, team from ({sql}) where is_kept order by all").fetchall()
    assert shown == [("2026-01", "a"), ("2026-02", "a"), ("2026-02", "b"), ("2026-03", "c")]


def test_groups_that_are_too_small_even_together_take_their_smallest_neighbor_too(
    macros: Any, database: duckdb.DuckDBPyConnection
) -> None:
    people = [("2026-01", "a", 40), ("2026-01", "b", 12), ("2026-01", "c", 1), ("2026-01", "d", 2), ("2026-02", "a", 30)]
    people += [("2026-02", "b", 4), ("2026-02", "c", 6), ("2026-02", "d", 11), ("2026-03", "a", 30), ("2026-03", "b", 0)]
    columns = "month varchar, team varchar, people integer, is_kept boolean"
    _table(database, "cells", columns, [(*row, row[2] >= 10) for row in people])
    sql = macros.hold_back_neighbors("cells", ["month", "team"], ["month"])
    shown = database.execute(f"select month, team from ({sql}) where is_kept order by all").fetchall()
    assert shown == [("2026-01", "a"), ("2026-02", "a"), ("2026-02", "d"), ("2026-03", "a")]


def test_learners_of_an_account_are_banded(macros: Any, database: duckdb.DuckDBPyConnection) -> None:
    bands = [database.execute(f"select {macros.learner_band(n)}").fetchone() for n in (0, 1, 4, 5, 90)]
    assert bands == [("0",), ("1-4",), ("1-4",), ("5+",), ("5+",)]
