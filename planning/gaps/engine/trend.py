"""Trend of one series: growth, least squares with a t interval, Theil–Sen with the test of Mann and Kendall."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np

from planning.gaps.engine.reasons import Reason

MIN_SLOPE, MIN_TEST, LEVEL, CONFIDENCE = 4, 6, 0.10, 0.90


@dataclass(frozen=True)
class Trend:
    """``growth`` a year (0.05 = 5 %), slopes in units a year, over ``first``..``last`` with ``n`` figures."""

    growth: float | None = None
    growth_reason: Reason | None = None
    slope: float | None = None
    slope_low: float | None = None
    slope_high: float | None = None
    slope_reason: Reason | None = None
    theil_sen: float | None = None
    p: float | None = None
    label: str | None = None
    label_reason: Reason | None = None
    first: int | None = None
    last: int | None = None
    n: int = 0
    broken: bool = False


def none(reason: Reason) -> Trend:
    """A trend that is not given at all."""
    return Trend(growth_reason=reason, slope_reason=reason, label_reason=reason)


def trend(
    years: Sequence[int], values: Sequence[float], breaks: Sequence[bool] | None = None, *, interval: bool = False
) -> Trend:
    """Trend of a series in year order. A break starts it anew: only the figures from the last break on count.

    ``interval``: zero is no origin, so there is no growth rate.
    """
    start = max((k for k, b in enumerate(breaks or []) if b), default=0)
    years, values = list(years[start:]), [float(v) for v in values[start:]]
    broken, n = start > 0, len(years)
    few = Reason.BREAK_IN_SERIES if broken else Reason.TOO_FEW_YEARS
    ends = {"first": years[0] if n else None, "last": years[-1] if n else None, "n": n, "broken": broken}
    if n < 2:
        return Trend(growth_reason=few, slope_reason=few, label_reason=few, **ends)
    growth, growth_reason = None, Reason.INTERVAL_SCALE if interval else Reason.NON_POSITIVE
    if not interval and values[0] > 0 and values[-1] > 0:
        growth, growth_reason = compound_growth(values[0], values[-1], years[-1] - years[0]), None
    slope = low = high = None
    if n >= MIN_SLOPE:
        slope, low, high = ols(years, values)
    p = label = None
    if n >= MIN_TEST:
        p = mann_kendall(values)
        label = "unclear" if p >= LEVEL else "rising" if theil_sen(years, values) > 0 else "falling"
    return Trend(
        growth, growth_reason, slope, low, high, None if n >= MIN_SLOPE else few, theil_sen(years, values), p, label,
        None if n >= MIN_TEST else few, **ends,
    )  # fmt: skip


def compound_growth(first: float, last: float, years: int) -> float:
    """``(last/first)^(1/years) - 1`` for positive ends."""
    return (last / first) ** (1 / years) - 1


def ols(years: Sequence[float], values: Sequence[float], confidence: float = CONFIDENCE) -> tuple[float, float, float]:
    """(slope, lower, upper): least squares, units a year, with the t interval; needs at least 3 figures."""
    fit = line(years, values)
    half = t_quantile(len(years) - 2, (1 + confidence) / 2) * fit.se_slope
    return fit.slope, fit.slope - half, fit.slope + half


@dataclass(frozen=True)
class Line:
    """``value = at_mean + slope (t - mean)``; ``s2`` residual variance (n - 2), ``sxx`` = Σ (t - mean)²."""

    slope: float
    at_mean: float
    mean: float
    s2: float
    sxx: float
    n: int

    @property
    def se_slope(self) -> float:
        return math.sqrt(self.s2 / self.sxx)

    def at(self, t: float) -> float:
        return self.at_mean + self.slope * (t - self.mean)


def line(years: Sequence[float], values: Sequence[float]) -> Line:
    """Least-squares line through at least 3 points with different years."""
    t, x = np.asarray(years, float), np.asarray(values, float)
    mean, level = float(t.mean()), float(x.mean())
    sxx = float(((t - mean) ** 2).sum())
    slope = float(((t - mean) * (x - level)).sum()) / sxx
    residuals = x - level - slope * (t - mean)
    s2 = float((residuals**2).sum()) / max(len(t) - 2, 1)
    if s2 <= 1e-24 * max(1.0, float((x**2).max())):
        s2 = 0.0  # rounding noise of an exact line
    return Line(slope, level, mean, s2, sxx, len(t))


def t_quantile(df: int, p: float) -> float:
    """Quantile of Student's t."""
    from scipy.special import stdtrit

    return float(stdtrit(df, p))


def t_probability(df: int, t: float) -> float:
    """P(T ≤ t) of Student's t."""
    from scipy.special import stdtr

    return float(stdtr(df, t))


def slope_p(fit: Line) -> float:
    """Two-sided p of the slope being 0; 1 for a flat exact line, 0 for a sloping exact one."""
    if fit.se_slope == 0:
        return 0.0 if fit.slope else 1.0
    return 2 * t_probability(fit.n - 2, -abs(fit.slope) / fit.se_slope)


def theil_sen(years: Sequence[float], values: Sequence[float]) -> float:
    """Median of the slopes of all pairs (Theil 1950, Sen 1968); at least 2 figures of different years."""
    t, x = np.asarray(years, float), np.asarray(values, float)
    i, j = np.triu_indices(len(t), 1)
    return float(np.median((x[j] - x[i]) / (t[j] - t[i])))


def mann_kendall(values: Sequence[float]) -> float:
    """Two-sided p of no trend: normal approximation, corrected for ties and continuity (Mann 1945, Kendall 1975)."""
    x = np.asarray(values, float)
    n = len(x)
    i, j = np.triu_indices(n, 1)
    s = float(np.sign(x[j] - x[i]).sum())
    ties = np.unique(x, return_counts=True)[1].astype(float)
    variance = (n * (n - 1) * (2 * n + 5) - float((ties * (ties - 1) * (2 * ties + 5)).sum())) / 18
    if s == 0 or variance <= 0:
        return 1.0
    return math.erfc((abs(s) - 1) / math.sqrt(2 * variance))


def middle(series: Sequence[Sequence[float]]) -> list[float]:
    """Median of several series, year by year."""
    return [median(column) for column in zip(*series, strict=True)]
