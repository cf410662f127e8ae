"""The estimators against published numbers and against the libraries that everybody checks with."""

import math

import numpy as np
import pytest

from learning_warehouse import estimators

ADJUSTED_BY_HAND = (0.001, 0.008, 0.039, 0.041, 0.042, 0.06, 0.074, 0.205, 0.212, 0.216)


def test_holm_and_benjamini_hochberg_give_the_published_vectors():
    assert estimators.holm(ADJUSTED_BY_HAND) == pytest.approx(
        [0.01, 0.072, *[0.312] * 1, *[0.312] * 2, 0.312, 0.312, 0.615, 0.615, 0.615]
    )
    found = estimators.benjamini_hochberg(ADJUSTED_BY_HAND)
    assert found == pytest.approx([0.01, 0.04, 0.084, 0.084, 0.084, 0.1, 0.105714285714, 0.216, 0.216, 0.216])


def test_adjusted_p_values_keep_the_order_they_were_given_in():
    assert estimators.holm([0.04, 0.01]) == pytest.approx([0.04, 0.02])
    assert estimators.benjamini_hochberg([]) == []


def test_e_values_are_those_of_vanderweele_and_ding():
    assert estimators.e_value(3.9) == pytest.approx(7.263034344)
    assert estimators.e_value(2.4) == pytest.approx(4.233030278)
    assert estimators.e_value(1 / 3.9) == pytest.approx(7.263034344)
    assert estimators.e_value_of_interval(1.8, 8.7) == pytest.approx(3.0)
    assert estimators.e_value_of_interval(0.9, 1.2) == 1


def test_welch_on_the_job_training_experiment_is_the_known_difference_and_robust_error():
    causaldata = pytest.importorskip("causaldata")
    people = causaldata.nsw_mixtape.load_pandas().data
    earned = {arm: group["re78"].astype(float).tolist() for arm, group in people.groupby("treat")}
    estimate, error, df = estimators.welch(earned[1], earned[0])
    assert (estimate, error, df) == pytest.approx((1794.342, 670.997, 307.13), rel=1e-4)
    assert estimators.p_value(estimate, error, df) == pytest.approx(0.007893, abs=1e-5)


def test_an_interval_is_students_with_degrees_of_freedom_and_normal_without():
    assert estimators.interval(0.0, 1.0, 10) == pytest.approx((-2.228138852, 2.228138852))
    assert estimators.interval(1.0, 2.0, None) == pytest.approx((1 - 3.919927969, 1 + 3.919927969))
    assert estimators.p_value(1.959963985, 1.0, None) == pytest.approx(0.05)


def test_an_always_valid_interval_is_half_as_wide_again_and_rarely_wrong_over_a_hundred_and_eighty_looks():
    low, high = estimators.always_valid_interval(0.0, 1.0, 200, 200)
    assert (high - low) / (2 * 1.959963985) == pytest.approx(1.55, abs=0.01)
    rng = np.random.default_rng(1)
    false_alarms = {"fixed": 0, "always": 0}
    for _ in range(300):
        seen = np.cumsum(rng.normal(size=180 * 4))
        for kind in false_alarms:
            for look in range(10, 180):
                n = 4 * look
                mean, error = seen[n - 1] / n, 1 / math.sqrt(n)
                ends = (
                    estimators.always_valid_interval(mean, error, n, 720)
                    if kind == "always"
                    else (mean - 1.959963985 * error, mean + 1.959963985 * error)
                )
                if ends[0] > 0 or ends[1] < 0:
                    false_alarms[kind] += 1
                    break
    assert false_alarms["fixed"] > 60
    assert false_alarms["always"] <= 15


def test_three_teams_against_three_can_never_be_below_a_tenth():
    assert estimators.permutation_p([9, 8, 7], [1, 2, 3]) == pytest.approx(0.1)
    assert estimators.permutation_p([1, 2, 3], [1, 2, 3]) == pytest.approx(1.0)


def test_arms_that_can_be_drawn_in_too_many_ways_have_no_exact_p_value():
    assert estimators.permutation_p([101.0, 100.0], [float(n) for n in range(100)]) == pytest.approx(2 / 5151)
    assert estimators.permutation_p([9.0, 8.0, 7.0, 6.0, 5.0], [float(n) for n in range(40)]) is None
    assert estimators.permutation_p([float(n) for n in range(40)], [9.0, 8.0, 7.0, 6.0, 5.0]) is None


def test_hedges_g_is_the_textbook_difference_corrected_for_few_units():
    treated, control = [24.0, 26.0, 28.0, 30.0], [20.0, 22.0, 24.0, 26.0]
    assert estimators.hedges_g(treated, control) == pytest.approx(4 / math.sqrt(20 / 3) * (1 - 3 / 23))
    assert estimators.hedges_g([1.0, 1.0], [2.0, 2.0]) is None
    assert estimators.hedges_g([1.0], [2.0, 3.0]) is None


def _risk_sets(times, events, arms):
    cells = []
    for moment in sorted(set(times[events == 1])):
        at_risk, failing = times >= moment, (times == moment) & (events == 1)
        cells.append(
            tuple(float((at_risk & (arms == arm)).sum()) for arm in (1, 0))
            + tuple(float((failing & (arms == arm)).sum()) for arm in (1, 0))
        )
    return cells


def test_cox_on_cells_is_cox_on_people():
    pytest.importorskip("lifelines")
    from lifelines import CoxPHFitter
    from lifelines.datasets import load_rossi

    rossi = load_rossi()
    cells = _risk_sets(rossi["week"].to_numpy(), rossi["arrest"].to_numpy(), rossi["fin"].to_numpy())
    theta, error = estimators.cox_on_cells(cells)
    model = CoxPHFitter().fit(rossi[["week", "arrest", "fin"]], "week", "arrest")
    assert math.exp(theta) == pytest.approx(0.69138, abs=5e-4)
    assert theta == pytest.approx(float(model.params_["fin"]), abs=2e-3)
    assert error == pytest.approx(float(model.standard_errors_["fin"]), rel=2e-3)


def test_cox_on_cells_is_a_poisson_model_with_a_term_per_cell():
    import statsmodels.api as sm

    cells = [(50.0, 60.0, 3.0, 6.0), (40.0, 50.0, 2.0, 7.0), (30.0, 45.0, 5.0, 4.0)]
    rows = [
        (deaths, at_risk, arm, cell)
        for cell, (n1, n0, d1, d0) in enumerate(cells)
        for deaths, at_risk, arm in ((d1, n1, 1), (d0, n0, 0))
    ]
    table = np.array(rows, dtype=float)
    design = np.column_stack([table[:, 2], *[(table[:, 3] == cell).astype(float) for cell in range(3)]])
    fitted = sm.GLM(table[:, 0], design, family=sm.families.Poisson(), offset=np.log(table[:, 1])).fit(tol=1e-12)
    assert estimators.cox_on_cells(cells) == pytest.approx((fitted.params[0], fitted.bse[0]), rel=1e-8)


def test_a_hazard_ratio_without_events_on_one_side_is_missing():
    assert estimators.cox_on_cells([(10.0, 10.0, 0.0, 3.0)]) is None
    assert estimators.cox_on_cells([(0.0, 10.0, 0.0, 3.0)]) is None


def test_shrinkage_leaves_real_spread_alone_and_takes_chance_away():
    assert estimators.shrunken([0.1, -0.1, 0.05], [1.0, 1.0, 1.0]) == [0.0, 0.0, 0.0]
    spread = estimators.shrunken([5.0, -5.0], [0.1, 0.1])
    assert spread == pytest.approx([5.0, -5.0], rel=1e-3)
    assert estimators.shrunken([0.7], [0.2]) == [0.7]


def test_no_difference_is_claimed_only_when_the_interval_lies_inside_the_margin():
    assert estimators.reading(0.0, 0.02, None, 0.05, margin=0.05) == "no_measurable_change"
    assert estimators.reading(0.0, 0.04, None, 0.05, margin=0.05) == "inconclusive"
    assert estimators.reading(0.1, 0.02, None, 0.05, margin=0.05) == "differs"
