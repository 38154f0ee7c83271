"""Which indicators make up the shortfall of the own region: priorities, in the run and in every replication.

``priority_j = share_j · T_j · K_j / Σ`` with ``share_j = max(C_j, 0)/Σ max(C, 0)``, the trend factor
``T_j = 1 - ½ tanh(closing speed / its spread)`` in [0.5, 1.5] and the controllability ``K_j`` of the indicator's owner.
"""

from dataclasses import dataclass

import numpy as np

from planning.gaps.engine import aggregate as agg
from planning.gaps.engine import factors as fac
from planning.gaps.engine.gaps import quantile
from planning.gaps.engine.kernel import Draws, leave_out

FIRST = 5


@dataclass(frozen=True)
class View:
    """How shortfalls are counted. ``own``: position among the ranked regions; ``kind``: the benchmark; ``leaders`` and
    ``peers``: positions among the ranked; ``region``: the named one; ``factor``: T·K by indicator; ``dimension``:
    position of the dimension of each indicator; ``targets``: per combo the scores of the targets (nan: none)."""

    own: int | None
    kind: str
    leaders: tuple[int, ...]
    peers: tuple[int, ...]
    region: int | None
    factor: np.ndarray
    dimension: np.ndarray
    dimensions: int
    targets: list[np.ndarray] | None = None


def priorities(shares: np.ndarray, factor: np.ndarray) -> np.ndarray:
    """Priorities that sum to 1 along the last axis; all 0 where there is no shortfall one can act on."""
    raw = np.maximum(shares, 0.0) * factor
    total = raw.sum(axis=-1, keepdims=True)
    return np.divide(raw, total, out=np.zeros_like(raw), where=total > 0)


def trend_factors(closing: np.ndarray) -> np.ndarray:
    """``1 - ½ tanh(speed / SD)`` of closing speeds (points a year, nan: factor 1); above 1: the gap widens."""
    known = ~np.isnan(closing)
    if known.sum() < 2:
        return np.ones(len(closing))
    spread = closing[known].std(ddof=1)
    if not spread > 0:
        return np.ones(len(closing))
    return np.where(known, 1 - 0.5 * np.tanh(np.where(known, closing, 0.0) / spread), 1.0)


def profile(kind: str, scores: np.ndarray, present: np.ndarray, peers, region: int | None = None):
    """(scores, presence) of a benchmark by indicator: of one region, or the mean, median or quartile of ``peers``."""
    if region is not None:
        return scores[region], present[region]
    s, p = scores[list(peers)], present[list(peers)]
    known = p.any(axis=0) if len(s) else np.zeros(scores.shape[1], bool)
    found = np.zeros(scores.shape[1])
    for j in np.flatnonzero(known):
        column = s[p[:, j], j]
        found[j] = column.mean() if kind == "mean" else quantile(column, 0.75 if kind == "top_quartile" else 0.5)
    return found, known


def counts(factors: fac.Factors, view: View, draws: Draws, scores: np.ndarray):
    """By indicator: replications among the first five weak points; by dimension: those in which it is first."""
    weak, first = np.zeros(len(view.factor), np.int64), np.zeros(view.dimensions, np.int64)
    if view.own is None:
        return None, None
    masks, differences, which = _compared(factors, view, draws, scores)
    shares = leave_out(factors.setup, draws.shares, draws.left_out)
    for mask in np.unique(masks, axis=0):
        if not mask.any():
            continue
        rows = np.flatnonzero((which >= 0) & (masks == mask).all(axis=1)[which])
        part = [s[rows] if s.ndim == 2 else s for s in shares]
        parts = agg.effective(factors.setup, part, mask) * differences[which[rows]]
        if len(parts):
            _count(priorities(parts, view.factor), view, weak, first)
    return weak.tolist(), first.tolist()


def _compared(factors: fac.Factors, view: View, draws: Draws, scores: np.ndarray):
    """(masks, differences) of every comparison that occurs, and which of them each replication makes (-1: none)."""
    which, found = np.full(len(draws), -1), []
    for c, r, at in factors.kernel.groups(draws):
        for leader, rows in _leaders(view, scores[at]):
            key = (c, r, leader)
            if key not in factors.memo:
                factors.memo[key] = _differences(factors, view, c, r, leader)
            which[at[rows]] = len(found)
            found.append(factors.memo[key])
    m = len(view.factor)
    masks = np.array([mask for mask, _ in found], bool).reshape(-1, m)
    return masks, np.array([difference for _, difference in found]).reshape(-1, m), which


def _leaders(view: View, scores: np.ndarray):
    """(region compared with or None, positions of the replications)."""
    everything = np.arange(len(scores))
    if view.kind != "leader":
        yield (view.region if view.kind == "region" else None), everything
        return
    places = np.array(view.leaders)
    best = places[np.argmax(scores[:, places], axis=1)]
    for leader in np.unique(best):
        if leader != view.own:
            yield int(leader), np.flatnonzero(best == leader)


def _differences(factors: fac.Factors, view: View, c: int, r: int, leader: int | None):
    """(indicators that both sides have, difference of their scores as the rule sees it)."""
    combo, setup = factors.kernel.combos[c], factors.setup
    if view.kind == "target":
        other, there = view.targets[c], ~np.isnan(view.targets[c])
    elif view.kind in ("leader", "region"):
        other, there = (combo.scores[leader], combo.present[leader]) if leader is not None else (None, False)
    else:
        other, there = profile(view.kind, combo.scores, combo.present, view.peers)
    both = combo.present[view.own] & there
    difference = np.zeros(len(both))
    for j, k in enumerate(setup.leaf_nodes()):
        if both[j]:
            above = setup.nodes[k].parent
            rule, power = factors.kernel.rule_of(above, factors.kernel.rules[r]), setup.nodes[above].power
            difference[j] = _step(rule, power, float(combo.scores[view.own, j]), float(other[j]))
    return both, difference


def _step(rule: str, power: float, own: float, other: float) -> float:
    """``f(other) - f(own)`` with the rule's own ``f``, turned so that more is better; positive = behind."""
    if rule == "copeland" or rule == "arithmetic" or min(own, other) <= 0:
        return other - own
    step = float(agg.forward(rule, power, np.array(other)) - agg.forward(rule, power, np.array(own)))
    return -step if rule == "harmonic" or (rule == "power" and power < 0) else step


def _count(found: np.ndarray, view: View, weak: np.ndarray, first: np.ndarray) -> None:
    some = np.flatnonzero((found > 0).any(axis=0))
    part = found[:, some]
    if len(some) > FIRST:
        top = np.argpartition(-part, FIRST - 1, axis=1)[:, :FIRST]
        values = np.take_along_axis(part, top, axis=1)
        weak += np.bincount(some[top[values > 0]], minlength=len(weak))
    else:
        weak[some] += (part > 0).sum(axis=0)
    sums = part @ np.eye(view.dimensions)[view.dimension[some]]
    best = sums.argmax(axis=1)
    first += np.bincount(best[sums.max(axis=1, initial=0) > 0], minlength=view.dimensions)
