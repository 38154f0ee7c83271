"""Benchmarks and gaps; positive = the own region is behind."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, median

import numpy as np

from planning.gaps.engine.reasons import Reason

KINDS = ("leader", "mean", "median", "top_quartile", "region", "target")


@dataclass(frozen=True)
class Target:
    """What one is compared with: a value, and the position of the region if it is one region."""

    value: float | None
    region: int | None = None
    reason: Reason | None = None


@dataclass(frozen=True)
class Gap:
    """``absolute`` in own units, ``relative`` to the size of the benchmark (1 = 100 %), ``normalised`` to the range."""

    absolute: float | None
    relative: float | None
    normalised: float | None
    reason: Reason | None = None
    relative_reason: Reason | None = None
    normalised_reason: Reason | None = None


def benchmark(
    values: Sequence[float | None],
    kind: str,
    own: int,
    peers: Sequence[int],
    *,
    direction: float = 1,
    leaders: Sequence[int] | None = None,
    region: int | None = None,
    target: float | None = None,
) -> Target:
    """The benchmark of one kind among ``values`` (one a region, None: missing).

    leader: best of ``leaders`` (default: own region and peers), the own region first among equals, then the order
    given. mean, median, top_quartile (type 7, on the better side): of ``peers``, which never hold the own region.
    """
    if kind == "target":
        return Target(target, None, None if target is not None else Reason.NO_TARGET)
    if kind == "region":
        value = None if region is None else values[region]
        return Target(value, region, None if value is not None else Reason.BENCHMARK_MISSING)
    known = [values[i] for i in peers if values[i] is not None]
    if kind == "leader":
        places = [i for i in (leaders if leaders is not None else [own, *peers]) if values[i] is not None]
        if not any(i != own for i in places):
            return Target(None, None, Reason.NO_PEERS)
        best = max(places, key=lambda i: (direction * values[i], i == own, -i))
        return Target(values[best], best)
    if not known:
        return Target(None, None, Reason.NO_PEERS)
    if kind == "top_quartile":
        return Target(float(np.quantile(known, 0.75 if direction > 0 else 0.25)))
    return Target(fmean(known) if kind == "mean" else median(known))


def quantile(values: Sequence[float], p: float) -> float:
    """Type 7 quantile (Hyndman and Fan 1996): linear between the order statistics."""
    ordered = sorted(values)
    place = p * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return float(ordered[below] + (place - below) * (ordered[above] - ordered[below]))


def gap(own: float | None, target: Target, direction: float, interval: bool = False, span: float | None = None) -> Gap:
    """``d (B - x)`` in own units, over ``|B|`` and over ``span`` (the range of the goalposts or of the figures).

    No relative gap where zero is no origin (``interval``) or the benchmark is 0. A passed target gives a negative gap.
    """
    if own is None or target.value is None:
        reason = Reason.OWN_MISSING if own is None else target.reason
        return Gap(None, None, None, reason, reason, reason)
    absolute = direction * (target.value - own) + 0.0  # + 0.0: no negative zero
    relative, why = None, Reason.INTERVAL_SCALE if interval else Reason.ZERO_BENCHMARK
    if not interval and target.value != 0:
        relative, why = absolute / abs(target.value), None
    if not span:
        return Gap(absolute, relative, None, None, why, Reason.ZERO_RANGE)
    return Gap(absolute, relative, absolute / abs(span), None, why, None)


def lead(values: Sequence[float | None], own: int, leaders: Sequence[int], direction: float = 1) -> float | None:
    """Lead of the own region over the best of the others; None when it does not lead or there are no others."""
    others = [direction * values[i] for i in leaders if i != own and values[i] is not None]
    if values[own] is None or not others or direction * values[own] < max(others):
        return None
    return direction * values[own] - max(others) + 0.0
