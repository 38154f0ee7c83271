"""Trend of one series: mean yearly growth and least-squares slope (needs figures that are comparable over years)."""

from collections.abc import Sequence
from dataclasses import dataclass

from planning.gaps.engine.reasons import Reason

MIN_SLOPE_YEARS = 4


@dataclass(frozen=True)
class Trend:
    """``growth`` a year (0.05 = 5 %), ``slope`` in own units a year, over ``first``..``last`` with ``n`` figures."""

    growth: float | None = None
    growth_reason: Reason | None = None
    slope: float | None = None
    slope_reason: Reason | None = None
    first: int | None = None
    last: int | None = None
    n: int = 0
    broken: bool = False


def trend(years: Sequence[int], values: Sequence[float], breaks: Sequence[bool]) -> Trend:
    """Trend of a series in year order. A break starts the series anew: only the figures from the last break count."""
    start = max((k for k, b in enumerate(breaks) if b), default=0)
    years, values = list(years[start:]), list(values[start:])
    broken, n = start > 0, len(years)
    if n < 2:
        few = Reason.BREAK_IN_SERIES if broken else Reason.TOO_FEW_YEARS
        return Trend(None, few, None, few, years[0] if n else None, years[-1] if n else None, n, broken)
    growth, growth_reason = None, Reason.NON_POSITIVE
    if values[0] > 0 and values[-1] > 0:
        growth, growth_reason = compound_growth(values[0], values[-1], years[-1] - years[0]), None
    slope, slope_reason = None, Reason.TOO_FEW_YEARS
    if n >= MIN_SLOPE_YEARS:
        slope, slope_reason = ols_slope(years, values), None
    return Trend(growth, growth_reason, slope, slope_reason, years[0], years[-1], n, broken)


def compound_growth(first: float, last: float, years: int) -> float:
    """``(last/first)^(1/years) - 1`` for positive ends."""
    return (last / first) ** (1 / years) - 1


def ols_slope(years: Sequence[float], values: Sequence[float]) -> float:
    """Least-squares slope, in units a year."""
    t, x = sum(years) / len(years), sum(values) / len(values)
    return sum((a - t) * (b - x) for a, b in zip(years, values, strict=True)) / sum((a - t) ** 2 for a in years)
