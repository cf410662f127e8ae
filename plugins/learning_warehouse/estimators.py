"""The statistics that need more than SQL: exact t and p values, multiplicity, permutation, Cox on cells, shrinkage.

Everything here is a pure function of numbers; nothing reads a table. `theta` is a logarithm of a ratio or a plain difference;
`error` is its standard error; `df` are degrees of freedom, None where the normal distribution is meant. scipy and
statsmodels are imported when called, because a DAG file must parse without them.
"""

import math
from collections.abc import Sequence

Interval = tuple[float, float]
MAXIMUM_DRAWS = 200_000


def interval(theta: float, error: float, df: float | None, level: float = 0.95) -> Interval:
    """The two-sided interval of `theta` at `level`, by Student's t with `df`, by the normal distribution without."""
    from scipy import stats

    upper = 0.5 + level / 2
    quantile = float(stats.norm.ppf(upper) if df is None else stats.t.ppf(upper, df))
    return theta - quantile * error, theta + quantile * error


def p_value(theta: float, error: float, df: float | None) -> float:
    """Two-sided p value of no effect; 1 when the error is 0 and so is the effect."""
    from scipy import stats

    if error <= 0:
        return 1.0 if theta == 0 else 0.0
    ratio = abs(theta) / error
    return float(2 * (stats.norm.sf(ratio) if df is None else stats.t.sf(ratio, df)))


def always_valid_interval(theta: float, error: float, units: int, planned_units: int, alpha: float = 0.05) -> Interval:
    """An interval that may be read on any day: a confidence sequence tuned to `planned_units`, wider than a fixed interval."""
    spread = -2 * math.log(alpha)
    rho = (spread + math.log(spread + 1)) / max(planned_units, 1)
    information = max(units, 1) * rho
    half = error * math.sqrt(2 * (information + 1) / information * math.log(math.sqrt(information + 1) / alpha))
    return theta - half, theta + half


def holm(p_values: Sequence[float]) -> list[float]:
    """Holm's adjusted p values in the order given: the family-wise error stays below alpha."""
    return _adjusted(p_values, "holm")


def benjamini_hochberg(p_values: Sequence[float]) -> list[float]:
    """Benjamini and Hochberg's adjusted p values in the order given: the share of false findings stays below alpha."""
    return _adjusted(p_values, "fdr_bh")


def shrunken(thetas: Sequence[float], errors: Sequence[float]) -> list[float]:
    """Empirical-Bayes values: each theta drawn to 0 by what chance explains of the spread (DerSimonian-Laird), same order.

    The largest of many estimates is too large; this says by how much. Needs errors above 0.
    """
    weights = [1 / error**2 for error in errors]
    total = sum(weights)
    if len(thetas) < 2:
        return list(thetas)
    mean = sum(weight * theta for weight, theta in zip(weights, thetas, strict=True)) / total
    heterogeneity = sum(weight * (theta - mean) ** 2 for weight, theta in zip(weights, thetas, strict=True))
    scale = total - sum(weight**2 for weight in weights) / total
    tau2 = max(0.0, (heterogeneity - (len(thetas) - 1)) / scale)
    return [theta * tau2 / (tau2 + error**2) for theta, error in zip(thetas, errors, strict=True)]


def welch(treated: Sequence[float], control: Sequence[float]) -> tuple[float, float, float]:
    """Difference of two means, its error and Welch's degrees of freedom; needs two values a side."""
    from scipy import stats

    test = stats.ttest_ind(treated, control, equal_var=False)
    estimate = sum(treated) / len(treated) - sum(control) / len(control)
    error = abs(estimate / float(test.statistic)) if test.statistic else _welch_error(treated, control)
    return estimate, error, float(test.df)


def permutation_p(treated: Sequence[float], control: Sequence[float]) -> float | None:
    """Exact two-sided p value of the difference of means over all ways to draw the arms; for a handful of clusters.

    Three against three can never be below 0.1: that is a property of the draw, not of the method. None where there are more
    than MAXIMUM_DRAWS ways: five against fifty would be counted for hours.
    """
    import numpy as np
    from scipy import stats

    if math.comb(len(treated) + len(control), len(treated)) > MAXIMUM_DRAWS:
        return None
    result = stats.permutation_test(
        (np.asarray(treated, dtype=float), np.asarray(control, dtype=float)),
        lambda a, b, axis: np.mean(a, axis=axis) - np.mean(b, axis=axis),
        vectorized=True,
        n_resamples=MAXIMUM_DRAWS,
        batch=10_000,
        alternative="two-sided",
    )
    return float(min(1.0, result.pvalue))


def hedges_g(treated: Sequence[float], control: Sequence[float]) -> float | None:
    """Difference of means in pooled standard deviations, with Hedges' correction for few units; None without spread."""
    import numpy as np

    n1, n0 = len(treated), len(control)
    if n1 < 2 or n0 < 2:
        return None
    pooled = ((n1 - 1) * float(np.var(treated, ddof=1)) + (n0 - 1) * float(np.var(control, ddof=1))) / (n1 + n0 - 2)
    if pooled <= 0:
        return None
    difference = float(np.mean(treated)) - float(np.mean(control))
    return difference / math.sqrt(pooled) * (1 - 3 / (4 * (n1 + n0 - 2) - 1))


def cox_on_cells(cells: Sequence[tuple[float, float, float, float]]) -> tuple[float, float] | None:
    """Log hazard ratio and its error from risk sets (at risk treated, at risk control, events treated, events control).

    One cell per stratum and event time. Within a cell the treated share of events is binomial with log odds ln(n1/n0) + b,
    which has the score of the Breslow-Cox model and of a Poisson model with one term per cell. None when b has no finite value.
    """
    import numpy as np
    import statsmodels.api as sm

    usable = [cell for cell in cells if cell[0] > 0 and cell[1] > 0 and cell[2] + cell[3] > 0]
    if not usable:
        return None
    table = np.asarray(usable, dtype=float)
    if table[:, 2].sum() == 0 or table[:, 3].sum() == 0:
        return None
    model = sm.GLM(
        table[:, 2:4], np.ones((len(table), 1)), family=sm.families.Binomial(), offset=np.log(table[:, 0] / table[:, 1])
    )
    fitted = model.fit(tol=1e-12)
    return float(fitted.params[0]), float(fitted.bse[0])


def e_value(ratio: float) -> float:
    """How strong, as a ratio, an unmeasured common cause would have to be to explain `ratio` away (VanderWeele and Ding)."""
    above = ratio if ratio >= 1 else 1 / ratio
    return above + math.sqrt(above * (above - 1))


def e_value_of_interval(low: float, high: float) -> float:
    """The E-value of the limit nearest to no effect; 1 when the interval holds no effect."""
    if low <= 1 <= high:
        return 1.0
    return e_value(low if low > 1 else high)


def reading(theta: float, error: float, df: float | None, alpha: float, margin: float) -> str:
    """differs, no_measurable_change or inconclusive: no difference is a claim of its own and needs two one-sided tests.

    `margin` is the smallest change that matters, on the scale of `theta`.
    """
    low, high = interval(theta, error, df, 1 - alpha)
    if low > 0 or high < 0:
        return "differs"
    low, high = interval(theta, error, df, 1 - 2 * alpha)
    return "no_measurable_change" if -margin < low and high < margin else "inconclusive"


def _adjusted(p_values: Sequence[float], method: str) -> list[float]:
    from statsmodels.stats.multitest import multipletests

    return [float(value) for value in multipletests(list(p_values), method=method)[1]] if p_values else []


def _welch_error(treated: Sequence[float], control: Sequence[float]) -> float:
    import numpy as np

    return math.sqrt(float(np.var(treated, ddof=1)) / len(treated) + float(np.var(control, ddof=1)) / len(control))
