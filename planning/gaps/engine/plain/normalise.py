"""Normalisation: figures in their own units become scores on one scale, higher always better."""

from dataclasses import dataclass

import numpy as np

from planning.gaps.engine.case import Normalisation, Options
from planning.gaps.engine.plain.frame import Frame
from planning.gaps.engine.plain.select import Section
from planning.gaps.engine.reasons import Reason


@dataclass(frozen=True)
class Scores:
    """``values[i, j]`` where ``present[i, j]``; ``low[j]``, ``high[j]``: the ends of the range in own units."""

    values: np.ndarray
    present: np.ndarray
    low: tuple[float | None, ...]
    high: tuple[float | None, ...]
    reasons: tuple[Reason | None, ...]


def min_max(y: np.ndarray, low: float, high: float, scale: tuple[float, float]) -> np.ndarray:
    """``a + (b - a)(y - low)/(high - low)`` for ``low`` < ``high`` (Handbook, section 5.3)."""
    a, b = scale
    return np.clip(a + (b - a) * ((y - low) / (high - low)), a, b)


def normalise(frame: Frame, section: Section, options: Options) -> Scores:
    """Min-max scores of the cross-section; see ``Normalisation`` for the figures that give the range.

    An indicator with one region has no range (SINGLE_REGION), one with equal figures neither (CONSTANT), one that
    fewer than ``min_regions`` regions have says too little (FEW_REGIONS): all three are left out, their weight goes
    to the others.
    """
    n, m = section.values.shape
    values, present = np.zeros((n, m)), np.zeros((n, m), bool)
    low, high, reasons = [], [], []
    for j in range(m):
        here = section.present[:, j]
        pool = frame.directions[j] * range_pool(frame, section, j, options)
        reason = _unusable(here, pool, min(options.min_regions, n))
        ends = (float(pool.min()), float(pool.max())) if len(pool) else None
        if reason is None:
            y = frame.directions[j] * section.values[here, j]
            values[here, j], present[here, j] = min_max(y, *ends, options.scale), True
        worst, best = [float(frame.directions[j]) * e for e in ends] if ends else (None, None)
        low.append(worst)
        high.append(best)
        reasons.append(reason)
    return Scores(values, present, tuple(low), tuple(high), tuple(reasons))


def range_pool(frame: Frame, section: Section, j: int, options: Options) -> np.ndarray:
    """The figures whose minimum and maximum are the range of indicator ``j``, in own units."""
    here = section.present[:, j]
    pool = [section.values[here, j]]
    if options.normalisation == Normalisation.PANEL and not frame.is_fixed[j] and here.any():
        last = section.years[here, j].max()
        inside = np.array([last - options.window < y <= last for y in frame.years], bool)
        block = frame.values[:, j, :][:, inside]
        pool.append(block[frame.present[:, j, :][:, inside]])
    return np.concatenate(pool)


def _unusable(here: np.ndarray, pool: np.ndarray, needed: int) -> Reason | None:
    count = int(here.sum())
    if count == 0:
        return Reason.MISSING
    if count == 1:
        return Reason.SINGLE_REGION
    if count < needed:
        return Reason.FEW_REGIONS
    if pool.max() - pool.min() <= 1e-12 * max(abs(pool.max()), abs(pool.min())):
        return Reason.CONSTANT
    return None
