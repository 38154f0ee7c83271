"""What a gap of scores is made of. The lines always sum to the gap.

Level by level from the root: at every node the gap is divided among the children, and each child's part among its own
children in the same way. Arithmetic: ``w (s_B - s_o)``. Geometric: LMDI (Ang 2004), ``L(G_B, G_o) w ln(s_B/s_o)`` with
the logarithmic mean L. Any other rule: Shapley values. An indicator that one side lacks leaves both; what that changes
is the line "coverage effect". For a mean, median or quartile the benchmark is the profile of the scores of the
indicators; its composite differs from that of the composites by the "profile effect".
"""

import math
from dataclasses import dataclass

import numpy as np

from planning.gaps.engine import aggregate as agg
from planning.gaps.engine.setup import Setup
from planning.gaps.engine.shapley import shapley

NOISE = 1e-10


@dataclass(frozen=True)
class Decomposition:
    """``lines`` (points, per indicator; nan: not on both sides); ``gap`` = their sum + ``coverage`` + ``profile``."""

    gap: float
    method: str
    lines: np.ndarray
    weights: np.ndarray
    errors: np.ndarray
    coverage: float
    profile: float


@dataclass(frozen=True)
class Sides:
    """Scores by indicator and their presence, of the own region and of the benchmark; ``others``: rows of all other
    regions (scores, presence), needed by Copeland only."""

    own: np.ndarray
    own_present: np.ndarray
    other: np.ndarray
    other_present: np.ndarray
    others: tuple[np.ndarray, np.ndarray] | None = None


def log_mean(a: float, b: float) -> float:
    """Logarithmic mean ``(a - b)/(ln a - ln b)`` of positive numbers, ``L(a, a) = a``."""
    if abs(a - b) <= 1e-9 * max(a, b):
        return math.sqrt(a * b)
    return (a - b) / math.log(a / b)


def decompose(
    setup: Setup, shares: list[np.ndarray], sides: Sides, own_score: float, benchmark_score: float, profile_score: float
) -> Decomposition:
    """Decomposition of ``benchmark_score - own_score``; ``profile_score`` is the composite of the benchmark's profile
    (for one region it equals ``benchmark_score``). Errors: of sampled Shapley values, else 0."""
    both = sides.own_present & sides.other_present
    pair = np.where(both, np.vstack([sides.own, sides.other]), 0.0)
    count = len(setup.indicators)
    lines, errors = np.full(count, np.nan), np.zeros(count)
    weights = agg.effective(setup, shares, both)[0]
    if both.any():
        rows = pair, np.vstack([both, both])
        if setup.nodes[0].rule == "copeland":  # the scores below the top do not depend on it
            rows = np.vstack([pair, sides.others[0]]), np.vstack([both, both, sides.others[1]])
        nodes = agg.tree_scores(setup, *rows, 0.0, shares)
        _down(setup, shares, nodes, lines, errors)
    lines[weights <= 0] = np.nan
    gap, profile = benchmark_score - own_score, benchmark_score - profile_score
    coverage = math.fsum([gap, -profile, *(-v for v in lines[~np.isnan(lines)])])
    return Decomposition(gap, _method(setup), lines, weights, errors, _tidy(coverage), _tidy(profile))


def hybrid_copeland(setup: Setup, shares: list[np.ndarray], sides: Sides) -> float:
    """Copeland score that the own region would have with the benchmark's scores, all others as they are."""
    rows = np.vstack([sides.other, sides.others[0]]), np.vstack([sides.other_present, sides.others[1]])
    return float(agg.tree_scores(setup, *rows, 0.0, shares).values[0, 0])


def _down(setup: Setup, shares, nodes: agg.TreeScores, lines: np.ndarray, errors: np.ndarray) -> None:
    slope, error = np.zeros(len(setup.nodes)), np.zeros(len(setup.nodes))
    slope[0] = 1.0
    for k, node in enumerate(setup.nodes):
        own, other = nodes.values[k, 0], nodes.values[k, 1]
        if node.leaf >= 0:
            if nodes.present[k, 0]:
                lines[node.leaf] = slope[k] * (other - own) + 0.0
                errors[node.leaf] = error[k] * abs(other - own)
            continue
        here = [p for p, c in enumerate(node.children) if nodes.present[c, 0] and shares[k][p] > 0]
        if not here:
            continue
        w = np.asarray(shares[k])[here] / np.asarray(shares[k])[here].sum()
        children = [node.children[p] for p in here]
        steps, drawn = _slopes(setup, k, nodes, children, w)
        for c, step, spread in zip(children, steps, drawn, strict=True):
            slope[c] = slope[k] * step
            error[c] = math.hypot(abs(slope[k]) * spread, error[k] * abs(step))


def _slopes(setup: Setup, k: int, nodes: agg.TreeScores, children: list[int], w: np.ndarray):
    """Per child: its part of the node's gap over its own gap, and the standard error of that."""
    node = setup.nodes[k]
    a, b = nodes.values[children, 0], nodes.values[children, 1]
    none = np.zeros(len(children))
    if node.rule == "arithmetic":
        return w, none
    if node.rule == "geometric":
        top = log_mean(nodes.values[k, 1], nodes.values[k, 0])
        return w * top / np.array([log_mean(y, x) for x, y in zip(a, b, strict=True)]), none
    if node.rule == "copeland":
        others = nodes.values[children, 2:].T, nodes.present[children, 2:].T
        parts, errors = shapley(
            len(children), lambda masks: _copeland_values(masks, a, b, w, others), setup.doc["seed"]
        )
    else:
        parts, errors = shapley(len(children), lambda masks: _mean_values(masks, a, b, w, node), setup.doc["seed"])
    difference = b - a
    flat = abs(difference) <= 1e-12 * np.maximum(1.0, abs(a))
    steps = np.divide(parts, difference, out=none.copy(), where=~flat)
    if node.rule != "copeland":
        steps[flat] = _derivative(node, a, b, w)[flat]
    spread = none if errors is None else np.divide(errors, abs(difference), out=none.copy(), where=~flat)
    return steps, spread


def _mean_values(masks: np.ndarray, a, b, w, node) -> np.ndarray:
    s = np.where(masks, b, a)
    return agg.backward(node.rule, node.power, agg.forward(node.rule, node.power, s) @ w)


def _copeland_values(masks: np.ndarray, a, b, w, others) -> np.ndarray:
    """Copeland score of the own region for every coalition, against the other regions as they are."""
    scores, present = others
    found = np.zeros(len(masks))
    hybrid = np.where(masks, b, a)
    for s, p in zip(scores, present, strict=True):
        weight = (w * p).sum()
        won = ((hybrid > s) + 0.5 * (hybrid == s)) @ (w * p)
        found += (won > weight / 2 + agg.TINY).astype(float) - (won < weight / 2 - agg.TINY)
    return found


def _derivative(node, a, b, w) -> np.ndarray:
    """∂M/∂s of a harmonic or power mean in the middle between both sides."""
    middle = (a + b) / 2
    power = -1.0 if node.rule == "harmonic" else node.power
    mean = ((w * middle**power).sum()) ** (1 / power)
    return w * (middle / mean) ** (power - 1)


def _method(setup: Setup) -> str:
    rules = {setup.nodes[k].rule for k in setup.inner}
    if rules <= {"arithmetic"}:
        return "additive"
    return "lmdi" if rules <= {"arithmetic", "geometric"} else "shapley"


def _tidy(value: float) -> float:
    """Rounding noise is no effect."""
    return 0.0 if abs(value) < NOISE else value
