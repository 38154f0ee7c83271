"""Outliers: skewness and kurtosis, winsorising, then the logarithm (rule and defaults of the JRC COIN Tool)."""

import math
from dataclasses import dataclass

import numpy as np

MIN_REGIONS = 10
LOG_SHARE = 0.01


@dataclass(frozen=True)
class Treatment:
    """One transform for all years. ``method``: none, winsorise or log; ``low``, ``high``: the limits of winsorising;
    ``sign``: -1 for the mirrored logarithm; ``before``, ``after``: (G1, G2), None where undefined."""

    method: str = "none"
    low: float = -math.inf
    high: float = math.inf
    sign: int = 1
    before: tuple[float | None, float | None] = (None, None)
    after: tuple[float | None, float | None] = (None, None)
    moved: int = 0
    passed: bool | None = None

    def forward(self, x: np.ndarray) -> np.ndarray:
        """Treated values, in own units after winsorising, without a unit after the logarithm."""
        if self.method == "winsorise":
            return np.clip(x, self.low, self.high)
        if self.method == "log":
            floor = LOG_SHARE * (self.high - self.low)
            inside = np.clip(x, self.low, self.high)
            distance = inside - self.low if self.sign > 0 else self.high - inside
            return self.sign * np.log(distance + floor)
        return x

    def inverse(self, y: float) -> float:
        """The value whose treated value is ``y`` (inside the limits)."""
        if self.method == "log":
            distance = math.exp(self.sign * y) - LOG_SHARE * (self.high - self.low)
            return self.low + distance if self.sign > 0 else self.high - distance
        return y


def skewness(x: np.ndarray) -> float | None:
    """``G1 = n/((n-1)(n-2)) Σ ((x-m)/s)³`` with s by n-1; None below 3 values or without spread (Excel's SKEW)."""
    n = len(x)
    z = _standard(x)
    return None if n < 3 or z is None else float(n / ((n - 1) * (n - 2)) * (z**3).sum())


def kurtosis(x: np.ndarray) -> float | None:
    """``G2 = n(n+1)/((n-1)(n-2)(n-3)) Σ ((x-m)/s)⁴ - 3(n-1)²/((n-2)(n-3))``; None below 4 values (Excel's KURT)."""
    n = len(x)
    z = _standard(x)
    if n < 4 or z is None:
        return None
    below = (n - 2) * (n - 3)
    return float(n * (n + 1) / ((n - 1) * below) * (z**4).sum() - 3 * (n - 1) ** 2 / below)


def _standard(x: np.ndarray) -> np.ndarray | None:
    if len(x) < 2 or not np.ptp(x) > 0:
        return None
    spread = x.std(ddof=1)
    return (x - x.mean()) / spread if spread > 0 else None


def passes(x: np.ndarray, skew_limit: float = 2, kurt_limit: float = 3.5) -> bool | None:
    """``|G1| < limit`` or ``G2 < limit``; None where they are undefined."""
    g1, g2 = skewness(x), kurtosis(x)
    return None if g1 is None or g2 is None else abs(g1) < skew_limit or g2 < kurt_limit


def winsorise(
    x: np.ndarray, winmax: int = 5, skew_limit: float = 2, kurt_limit: float = 3.5
) -> tuple[float, float, int]:
    """(lower limit, upper limit, values moved). While the rule fails and fewer than ``winmax`` values were moved: all
    values equal to the maximum become the next lower value (G1 ≥ 0), or the mirror image. Needs spread in ``x``."""
    low, high = float(x.min()), float(x.max())
    while passes(np.clip(x, low, high), skew_limit, kurt_limit) is False:
        inside = np.clip(x, low, high)
        levels = np.unique(inside)
        if len(levels) < 3:
            break
        upper = skewness(inside) >= 0
        new = (low, float(levels[-2])) if upper else (float(levels[1]), high)
        moved = int((x < new[0]).sum() + (x > new[1]).sum())
        if moved > winmax:
            break
        low, high = new
    return low, high, int((x < low).sum() + (x > high).sum())


def treatment(x: np.ndarray, winmax: int = 5, skew_limit: float = 2, kurt_limit: float = 3.5) -> Treatment:
    """The transform for the pooled figures ``x`` of an indicator: none, winsorise, else (winsorising discarded) log."""
    before = (skewness(x), kurtosis(x))
    fine = passes(x, skew_limit, kurt_limit)
    if fine is not False:
        return Treatment(before=before, after=before, passed=fine)
    low, high, moved = winsorise(x, winmax, skew_limit, kurt_limit)
    inside = np.clip(x, low, high)
    if passes(inside, skew_limit, kurt_limit):
        return Treatment("winsorise", low, high, 1, before, (skewness(inside), kurtosis(inside)), moved, True)
    found = Treatment("log", float(x.min()), float(x.max()), 1 if before[0] >= 0 else -1, before)
    y = found.forward(x)
    after = (skewness(y), kurtosis(y))
    return Treatment("log", found.low, found.high, found.sign, before, after, 0, passes(y, skew_limit, kurt_limit))
