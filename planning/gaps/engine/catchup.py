"""Convergence: years to catch up with a benchmark, spread of scores over the years, growth against the first level."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from planning.gaps.engine import trend
from planning.gaps.engine.reasons import Reason

LONG = 50


@dataclass(frozen=True)
class CatchUp:
    """``years`` from the last year on; ``low``..``high`` the 90 % interval (high None: no end)."""

    n: int = 0
    difference: float | None = None
    slope: float | None = None
    years: float | None = None
    low: float | None = None
    high: float | None = None
    p_closing: float | None = None
    reason: Reason | None = None
    flags: tuple[Reason, ...] = ()


def catch_up(years: Sequence[int], differences: Sequence[float], confidence: float = trend.CONFIDENCE) -> CatchUp:
    """Years until ``D = a + b t`` reaches 0, counted from the last year. ``differences``: benchmark minus own scores.

    0 where D is 0 or less at the end (CAUGHT_UP); none where b ≥ 0 (NEVER_AT_THE_PRESENT_TREND). Interval by Fieller
    (1954); below 4 years a point only.
    """
    n = len(years)
    if n < 2:
        return CatchUp(n, reason=Reason.TOO_FEW_YEARS)
    fit = trend.line(years, differences)
    last = fit.at(years[-1])
    tiny = 1e-9 * max(1.0, float(np.abs(differences).max()))
    short = n < trend.MIN_SLOPE
    p = None
    if not short:
        p = 1 - trend.slope_p(fit) / 2 if fit.slope < 0 else trend.slope_p(fit) / 2
    flags: tuple[Reason, ...] = (Reason.POINT_ONLY,) if short else ()
    if last <= tiny:
        return CatchUp(n, last, fit.slope, 0.0, None, None, p, None, (*flags, Reason.CAUGHT_UP))
    low, high = (None, None) if short else fieller(fit, years[-1], confidence)
    if fit.slope >= 0 or abs(fit.slope) <= tiny * 1e-3:
        return CatchUp(n, last, fit.slope, None, low, high, p, Reason.NEVER_AT_THE_PRESENT_TREND, flags)
    found = last / -fit.slope
    if found > LONG:
        flags = (*flags, Reason.MORE_THAN_50_YEARS)
    return CatchUp(n, last, fit.slope, found, low, high, p, None, flags)


def fieller(fit: trend.Line, last: float, confidence: float) -> tuple[float | None, float | None]:
    """Interval of ``-D(last)/b``, not below 0; upper end None where the interval of b holds 0. (None, None): no year
    ahead is compatible with the figures."""
    d, b = fit.at(last), fit.slope
    t2 = trend.t_quantile(fit.n - 2, (1 + confidence) / 2) ** 2
    variance_b = fit.s2 / fit.sxx
    variance_d = fit.s2 * (1 / fit.n + (last - fit.mean) ** 2 / fit.sxx)
    covariance = fit.s2 * (last - fit.mean) / fit.sxx
    a, half, c = b * b - t2 * variance_b, d * b - t2 * covariance, d * d - t2 * variance_d
    square = half * half - a * c
    if a > 0:
        root = math.sqrt(max(square, 0.0))
        low, high = (-half - root) / a, (-half + root) / a
        return (None, None) if high < 0 else (max(low, 0.0), high)
    if square <= 0 or a == 0:
        return 0.0, None
    root = math.sqrt(square)
    ends = sorted(((-half - root) / a, (-half + root) / a))
    if c <= 0 or ends[0] >= 0:
        return 0.0, None
    return max(ends[1], 0.0), None


def ratio_years(own: float, other: float, own_growth: float, other_growth: float) -> float | None:
    """Years until ``own`` equals ``other`` at constant growth rates: ``ln(B/x)/ln((1+g_o)/(1+g_B))``; None: never."""
    if min(own, other, 1 + own_growth, 1 + other_growth) <= 0:
        return None
    speed = math.log((1 + own_growth) / (1 + other_growth))
    distance = math.log(other / own)
    if distance <= 0:
        return 0.0
    return distance / speed if speed > 0 else None


def sigma(years: Sequence[int], rows: Sequence[Sequence[float]]):
    """(standard deviations by year or None, slope, p, reason): sigma convergence; ``rows`` are scores of one year."""
    spread = [float(np.std(r, ddof=1)) if len(r) > 1 else None for r in rows]
    known = [(y, s) for y, s in zip(years, spread, strict=True) if s is not None]
    if len(known) < trend.MIN_SLOPE:
        return spread, None, None, Reason.TOO_FEW_YEARS
    fit = trend.line(*zip(*known, strict=True))
    return spread, fit.slope, trend.slope_p(fit), None


def beta(first: Sequence[float], last: Sequence[float], years: int):
    """(b, p, n, reason): yearly growth of the logarithm on the logarithm of the first level; b < 0 is convergence."""
    pairs = [(a, z) for a, z in zip(first, last, strict=True) if a > 0 and z > 0]
    if len(pairs) < trend.MIN_SLOPE:
        return None, None, len(pairs), Reason.FEW_REGIONS
    x = [math.log(a) for a, _ in pairs]
    if np.ptp(x) <= 1e-12:
        return None, None, len(pairs), Reason.NO_VARIANCE
    fit = trend.line(x, [math.log(z / a) / years for a, z in pairs])
    return fit.slope, trend.slope_p(fit), len(pairs), None
