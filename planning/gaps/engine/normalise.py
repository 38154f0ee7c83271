"""Normalisation: figures become scores, higher always better (Handbook, section 5; orientation ``y = d·x`` first).

Every method but the counting ones is a straight line with ends: ``s = clip(alpha + beta·y, low, high)`` per slice and
indicator. So one kernel computes all, the inverse is exact, and a disturbed figure gets its score without new
parameters.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from planning.gaps.engine.reasons import Reason

COUNTED = ("rank", "percentile", "borda", "categorical")
WINDOWED = ("frontier",)
Z = 1e-12


@dataclass
class Scale:
    """Parameters per (slice or 1, indicator). ``reason[s][j]``: why there are no scores, or None.

    ``worst``, ``best``: the ends of the range on the scale of ``y``, nan where the method has none.
    """

    alpha: np.ndarray
    beta: np.ndarray
    low: np.ndarray
    high: np.ndarray
    worst: np.ndarray
    best: np.ndarray
    reason: np.ndarray
    counted: bool = False

    def apply(self, y: np.ndarray) -> np.ndarray:
        """Scores of ``y`` (… × slices × regions × indicators)."""
        return np.clip(self.alpha[:, None] + self.beta[:, None] * y, self.low[:, None], self.high[:, None])


@dataclass
class Normalised:
    """Scores of slices × regions × indicators. ``scale`` is None for counted methods."""

    scores: np.ndarray
    present: np.ndarray
    capped: np.ndarray
    reasons: np.ndarray
    scale: Scale | None = None
    comparable: bool = True
    notes: dict[str, Any] = field(default_factory=dict)


def normalise(
    y: np.ndarray,
    present: np.ndarray,
    spec: dict[str, Any],
    *,
    pool: np.ndarray | None = None,
    goalposts: tuple[np.ndarray, np.ndarray] | None = None,
    cap: np.ndarray | None = None,
    target: np.ndarray | None = None,
    reference: int | None = None,
) -> Normalised:
    """Scores of oriented figures ``y`` (slices × regions × indicators, where ``present``).

    ``spec``: the options of ``spec.NORMALISATION``. ``pool``: which cells give the parameters of panel mode (default:
    all present). ``goalposts``: (worst, best) per indicator on the scale of ``y``; ``cap``: cut there. ``target``: per
    indicator, nan where there is none. ``reference``: position of the region of 'reference'.
    """
    method = spec["method"]
    if method in COUNTED:
        return _counted(y, present, spec)
    mask = present if pool is None else present & pool
    by_year = spec["mode"] == "year" and method not in WINDOWED
    stats = _statistics(y, present if by_year else mask, by_year)
    a, b = (float(e) for e in spec["range"])
    if method in ("minmax", "frontier"):
        scale = _between(stats, stats["min"], stats["max"], a, b, (a, b))
    elif method == "goalposts":
        worst, best = (np.broadcast_to(g, stats["min"].shape).astype(float) for g in goalposts)
        scale = _between(stats, worst, best, a, b, (a, b))
        scale.low = np.where(cap, scale.low, -np.inf)
        scale.high = np.where(cap, scale.high, np.inf)
        scale.reason[...] = np.where(stats["count"] == 0, Reason.MISSING, None)
    elif method == "target":
        aims = np.broadcast_to(target, stats["min"].shape).astype(float)
        scale = _between(stats, stats["min"], aims, a, b, (-np.inf, b), Reason.TARGET_MET_BY_ALL)
        scale.reason[np.isnan(aims)] = Reason.NO_TARGET
    elif method == "reference":
        at, there = y[:, reference], present[:, reference]
        if not by_year:
            at, there = at[-1:], there[-1:]
        scale = _between(stats, stats["min"], at, a, b, (-np.inf, np.inf), Reason.REFERENCE_IS_MINIMUM)
        scale.reason[~there & (stats["count"] > 0)] = Reason.BENCHMARK_MISSING
    elif method == "fraction":
        scale = _between(stats, np.zeros_like(stats["min"]), stats["max"], a, b, (-np.inf, np.inf), Reason.NON_POSITIVE)
    else:
        scale = _zscore(stats, spec)
    return _finish(y, present, scale, spec)


def _statistics(y: np.ndarray, mask: np.ndarray, by_year: bool) -> dict[str, np.ndarray]:
    """Count, minimum, maximum, mean and standard deviation (n - 1) per (slice or 1, indicator)."""
    axis = 1 if by_year else (0, 1)
    count = mask.sum(axis=axis)
    low, high = np.where(mask, y, np.inf).min(axis=axis), np.where(mask, y, -np.inf).max(axis=axis)
    safe = np.maximum(count, 1)
    mean = np.where(mask, y, 0.0).sum(axis=axis) / safe
    centred = np.where(mask, y - (mean[:, None] if by_year else mean), 0.0)
    sd = np.sqrt((centred**2).sum(axis=axis) / np.maximum(count - 1, 1))
    low, high = np.where(count > 0, low, 0.0), np.where(count > 0, high, 0.0)
    found = {"count": count, "min": low, "max": high, "mean": mean, "sd": sd}
    return {k: np.atleast_2d(v) for k, v in found.items()}


def _missing(stats: dict[str, np.ndarray]) -> np.ndarray:
    """Reasons that hold for every method that looks at the spread of figures."""
    flat = stats["max"] - stats["min"] <= Z * np.maximum(abs(stats["max"]), abs(stats["min"]))
    reason = np.full(stats["count"].shape, None, object)
    reason[flat] = Reason.CONSTANT
    reason[stats["count"] == 1] = Reason.SINGLE_REGION
    reason[stats["count"] == 0] = Reason.MISSING
    return reason


def _between(stats, worst, best, a, b, ends, wrong: Reason | None = None) -> Scale:
    """The line through (worst, a) and (best, b). ``wrong``: the reason where best ≤ worst, instead of the spread."""
    reason = _missing(stats)
    if wrong is not None:
        bad = best - worst <= Z * np.maximum(abs(best), abs(worst))
        reason = np.where(stats["count"] == 0, Reason.MISSING, np.where(bad, wrong, None))
    with np.errstate(divide="ignore", invalid="ignore"):
        beta = (b - a) / (best - worst)
    beta = np.where(np.isfinite(beta), beta, 0.0)
    alpha = a - beta * np.where(np.isfinite(worst), worst, 0.0)
    low, high = np.full(alpha.shape, float(ends[0])), np.full(alpha.shape, float(ends[1]))
    return Scale(alpha, beta, low, high, worst, best, reason)


def _zscore(stats, spec: dict[str, Any]) -> Scale:
    reason = _missing(stats)
    fine = stats["sd"] > 0
    beta = np.divide(spec["spread"], stats["sd"], out=np.zeros_like(stats["sd"]), where=fine)
    alpha = spec["center"] - beta * stats["mean"]
    endless = np.full(alpha.shape, np.inf)
    scale = Scale(alpha, beta, -endless, endless, stats["min"], stats["max"], reason)
    if spec["rescale"]:
        a, b = spec["range"]
        scale = _between(stats, stats["min"], stats["max"], a, b, (-np.inf, np.inf))
    return scale


def _finish(y, present, scale: Scale, spec: dict[str, Any]) -> Normalised:
    raw = scale.alpha[:, None] + scale.beta[:, None] * y
    scores = np.clip(raw, scale.low[:, None], scale.high[:, None])
    good = np.equal(scale.reason, None)
    here = present & good[:, None]
    slack = 1e-9 * np.maximum(1.0, abs(scores))
    capped = here & (abs(raw - scores) > slack)
    scores = np.where(here, scores, 0.0)
    reasons = np.broadcast_to(scale.reason, (len(y), y.shape[2]))
    return Normalised(scores, here, capped, reasons, scale, spec["mode"] == "panel")


def _counted(y, present, spec: dict[str, Any]) -> Normalised:
    """Rank, percentile, Borda and classes, within each slice."""
    slices, n, m = y.shape
    scores = np.zeros(y.shape)
    count = present.sum(axis=1)
    reasons = np.full((slices, m), None, object)
    reasons[count == 0] = Reason.MISSING
    method = spec["method"]
    if method == "percentile" or spec["rescale"]:
        reasons[count == 1] = Reason.SINGLE_REGION
    if method == "categorical":
        scores = _classes(y, present, spec["bins"])
    else:
        scores = ascending_ranks(y, present)
        if method == "borda":
            scores = scores - 1
        if method == "percentile":
            a, b = spec["range"]
            scores = a + (b - a) * (scores - 1) / np.maximum(count - 1, 1)[:, None]
    if spec["rescale"] and method != "percentile":
        stats = _statistics(scores, present, True)
        line = _between(stats, stats["min"], stats["max"], *map(float, spec["range"]), (-np.inf, np.inf))
        scores, reasons = line.apply(scores), np.where(np.equal(reasons, None), line.reason, reasons)
    here = present & np.equal(reasons, None)[:, None]
    return Normalised(np.where(here, scores, 0.0), here, np.zeros(y.shape, bool), reasons, None, False)


def ascending_ranks(y: np.ndarray, present: np.ndarray) -> np.ndarray:
    """Ranks 1..n within each slice (axis 1), ties get the smallest, the lowest figure is 1."""
    high = np.where(present, y, np.inf)
    order = np.argsort(high, axis=1, kind="stable")
    ordered = np.take_along_axis(high, order, axis=1)
    place = np.broadcast_to(np.arange(1.0, y.shape[1] + 1)[None, :, None], y.shape).copy()
    place[:, 1:][ordered[:, 1:] == ordered[:, :-1]] = 0.0
    place = np.maximum.accumulate(place, axis=1)
    ranks = np.empty_like(place)
    np.put_along_axis(ranks, order, place, axis=1)
    return ranks


def _classes(y, present, bins: int) -> np.ndarray:
    """Quantile classes 1..bins within each slice (type 7 quantiles); for display."""
    found = np.zeros(y.shape)
    for s in range(y.shape[0]):
        for j in range(y.shape[2]):
            known = y[s, present[s, :, j], j]
            if len(known):
                edges = np.quantile(known, np.arange(1, bins) / bins)
                found[s, :, j] = 1 + np.searchsorted(edges, y[s, :, j], side="left")
    return found
