"""Gaps of one indicator in its own unit; positive = the own region is behind."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, median

from planning.gaps.engine.case import Benchmark
from planning.gaps.engine.reasons import Reason


@dataclass(frozen=True)
class Target:
    """What one is compared with: a value, and the position of the region if it is one region."""

    value: float | None
    region: int | None = None
    reason: Reason | None = None


@dataclass(frozen=True)
class Gap:
    """``absolute`` in own units, ``relative`` to the size of the benchmark (1 = 100 %)."""

    absolute: float | None
    relative: float | None
    reason: Reason | None = None
    relative_reason: Reason | None = None


def benchmark_value(
    values: Sequence[float | None], direction: float, own: int, kind: Benchmark, reference: int | None = None
) -> Target:
    """The benchmark among ``values`` (one a region, None: missing).

    The leader is taken over all regions, the own included; mean and median over the others. Of equal leaders the
    own region comes first, then the order given.
    """
    peers = [v for i, v in enumerate(values) if i != own and v is not None]
    if kind == Benchmark.REGION:
        value = values[reference]
        return Target(value, reference, None if value is not None else Reason.BENCHMARK_MISSING)
    if not peers:
        return Target(None, None, Reason.NO_PEERS)
    if kind == Benchmark.LEADER:
        found = [i for i, v in enumerate(values) if v is not None]
        best = max(found, key=lambda i: (direction * values[i], i == own, -i))
        return Target(values[best], best)
    return Target(fmean(peers) if kind == Benchmark.MEAN else median(peers))


def gap(own: float | None, target: Target, direction: float, interval: bool = False) -> Gap:
    """``d (B - x)`` and its share of ``|B|``; no share where zero is no origin or the benchmark is 0."""
    if own is None or target.value is None:
        reason = Reason.OWN_MISSING if own is None else target.reason
        return Gap(None, None, reason, reason)
    absolute = direction * (target.value - own) + 0.0  # + 0.0: no negative zero
    if interval:
        return Gap(absolute, None, None, Reason.INTERVAL_SCALE)
    if target.value == 0:
        return Gap(absolute, None, None, Reason.ZERO_BENCHMARK)
    return Gap(absolute, absolute / abs(target.value))


def second_best(values: Sequence[float | None], direction: float, own: int) -> float | None:
    """Best value of the other regions, for the lead of a region that is itself the leader."""
    peers = [v for i, v in enumerate(values) if i != own and v is not None]
    return max(peers, key=lambda v: direction * v) if peers else None
