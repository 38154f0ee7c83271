"""Weak points by priority, the quadrant of every indicator, and the main contradiction if there is one."""

from typing import Any

import numpy as np

from planning.gaps.engine import panel, shortfall
from planning.gaps.engine.compare import Comparison
from planning.gaps.engine.point import Point
from planning.gaps.engine.reasons import Reason

STABLE, MAIN = 0.80, 0.75


def factor(point: Point, comparison: Comparison) -> tuple[np.ndarray, np.ndarray]:
    """(trend factors, controllabilities) by indicator."""
    unknown = np.full(len(point.setup.indicators), np.nan)
    closing = panel.closing(point, comparison) if comparison.gap is not None else unknown
    control = np.array([float(i["controllability"]) for i in point.setup.indicators])
    return shortfall.trend_factors(closing), control


def quadrants(point: Point) -> list[dict[str, Any]]:
    """Level against the peers' mean score and trend against theirs, for every indicator."""
    own, drift = point.setup.own, panel.drift(point)
    peers = point.ranked_peers()
    mean, there = shortfall.profile("mean", point.scores.values[-1], point.scores.present[-1], peers)
    found = []
    for j, indicator in enumerate(point.setup.indicators):
        level = None
        if there[j] and point.scores.present[-1, own, j]:
            level = float(point.scores.values[-1, own, j] - mean[j]) + 0.0
        slope = None if np.isnan(drift[j]) else float(drift[j]) + 0.0
        found.append({"code": indicator["code"], "level": level, "drift": slope} | _quadrant(point, j, level, slope))
    return found


def _quadrant(point: Point, j: int, level: float | None, slope: float | None) -> dict[str, Any]:
    if level is None:
        missing = not point.scores.present[-1, point.setup.own, j]
        return {"quadrant": None, "reason": str(Reason.OWN_MISSING if missing else Reason.NO_PEERS)}
    if slope is None:
        reason = Reason.FIXED if point.raw.fixed[j] else Reason.TOO_FEW_YEARS
        return {"quadrant": None, "reason": str(reason if point.scores.comparable[j] else Reason.YEAR_MODE)}
    names = {(True, True): "strength", (True, False): "watch", (False, True): "catching_up", (False, False): "critical"}
    return {"quadrant": names[level >= 0, slope >= 0], "reason": None}


def weak_points(
    point: Point, comparison: Comparison, places: list[dict[str, Any]], stability: dict[str, float] | None
) -> list[dict[str, Any]]:
    """Indicators with a shortfall, greatest priority first; empty without a decomposition or a shortfall."""
    if comparison.parts is None:
        return []
    lines = np.nan_to_num(comparison.parts.lines)
    trend, control = factor(point, comparison)
    priority = shortfall.priorities(lines, trend * control)
    total = float(np.maximum(lines, 0).sum())
    if not total > 0 or not priority.any():
        return []
    leaf_nodes = point.setup.leaf_nodes()
    found = []
    for j in np.flatnonzero(lines > 0):
        code = point.setup.indicators[j]["code"]
        stable = None if stability is None else stability.get(code, 0.0)
        value, reason = half_gap(point, comparison, int(j))
        found.append({
            "code": code,
            "dimension": point.setup.nodes[point.setup.dimension(leaf_nodes[j])].code,
            "contribution": float(lines[j]),
            "share": float(lines[j]) / total,
            "trend_factor": float(trend[j]),
            "controllability": float(control[j]),
            "priority": float(priority[j]),
            "quadrant": places[j]["quadrant"],
            "quadrant_reason": places[j]["reason"],
            "level": places[j]["level"],
            "drift": places[j]["drift"],
            "below_peers": _below_peers(point, int(j)),
            "stability": stable,
            "depends_on_method": None if stable is None else stable < STABLE,
            "half_gap_value": value,
            "half_gap_reason": None if reason is None else str(reason),
        })  # fmt: skip
    return sorted(found, key=lambda w: (-w["priority"], -w["contribution"], w["code"]))


def half_gap(point: Point, comparison: Comparison, j: int) -> tuple[float | None, Reason | None]:
    """The value in own units whose score lies half way to the benchmark's."""
    own = float(point.scores.values[-1, point.setup.own, j])
    value = point.scores.inverse(j, own + (float(comparison.profile[j]) - own) / 2)
    return value, None if value is not None else Reason.NOT_INVERTIBLE


def _below_peers(point: Point, j: int) -> bool | None:
    """WIPO's rule: below the peers' mean score minus one standard deviation."""
    peers = [i for i in point.ranked_peers() if point.scores.present[-1, i, j]]
    if len(peers) < 2:
        return None
    scores = point.scores.values[-1, peers, j]
    return bool(point.scores.values[-1, point.setup.own, j] < scores.mean() - scores.std(ddof=1))


def main_contradiction(
    point: Point, points: list[dict[str, Any]], frequency: dict[str, float] | None
) -> dict[str, Any]:
    """The dimension with the largest priority if it is first in 75 % of the replications, else the candidates."""
    sums: dict[str, float] = {}
    for weak in points:
        sums[weak["dimension"]] = sums.get(weak["dimension"], 0.0) + weak["priority"]
    candidates = [
        {"code": code, "priority": value, "frequency": None if frequency is None else frequency.get(code, 0.0)}
        for code, value in sorted(sums.items(), key=lambda item: (-item[1], item[0]))
        if value > 0
    ]
    if not candidates:
        return {"code": None, "reason": str(Reason.NO_SHORTFALL), "candidates": []}
    if frequency is None:
        return {"code": None, "reason": str(Reason.NOT_ASKED), "candidates": candidates}
    if candidates[0]["frequency"] < MAIN:
        return {"code": None, "reason": str(Reason.UNSTABLE), "candidates": candidates}
    return {"code": candidates[0]["code"], "reason": None, "candidates": candidates}
