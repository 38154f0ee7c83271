"""Aggregation at every node of a tree, which may be unbalanced and have a rule of its own at each node.

What is missing gives its weight to its siblings (within the same parent): silently this is imputation by their mean,
so every score comes with its coverage, and a node of which less than ``node_coverage`` of the weight is observed has
no score. Sources of the means: Handbook, section 6; Copeland: Munda and Nardo (2009).
"""

from dataclasses import dataclass

import numpy as np

from planning.gaps.engine.reasons import Reason
from planning.gaps.engine.setup import Setup

TINY = 1e-12


@dataclass
class TreeScores:
    """Per node (first axis) and row: score (0 where not present), presence, coverage and reason."""

    values: np.ndarray
    present: np.ndarray
    coverage: np.ndarray
    reasons: np.ndarray


def forward(rule: str, power: float, s: np.ndarray) -> np.ndarray:
    """``f`` of the quasi-arithmetic mean ``f⁻¹(Σ w f(s))`` of a rule."""
    if rule == "geometric" or (rule == "power" and power == 0):
        return np.log(s)
    if rule == "harmonic":
        return 1.0 / s
    return s**power if rule == "power" else s


def backward(rule: str, power: float, t: np.ndarray) -> np.ndarray:
    """The inverse of ``forward``."""
    if rule == "geometric" or (rule == "power" and power == 0):
        return np.exp(t)
    if rule == "harmonic":
        return 1.0 / t
    return t ** (1.0 / power) if rule == "power" else t


def weighted(rule: str, power: float, s: np.ndarray, w: np.ndarray) -> float:
    """One mean of scores ``s`` with weights ``w`` (divided by their sum; a score of weight 0 is ignored).

    Raises ``ValueError`` when no weight is positive, or a geometric or harmonic mean meets a score of 0 or less.
    """
    used = np.asarray(w, float) > 0
    if not used.any() or (np.asarray(w) < 0).any():
        raise ValueError("weights must be 0 or more, and one of them greater")
    x, share = np.asarray(s, float)[used], np.asarray(w, float)[used]
    if rule in ("geometric", "harmonic", "power") and not (rule == "power" and power == 1) and not (x > 0).all():
        raise ValueError(f"a {rule} mean needs scores above 0")
    return float(backward(rule, power, (share * forward(rule, power, x)).sum() / share.sum()))


def tree_scores(
    setup: Setup,
    leaf: np.ndarray,
    present: np.ndarray,
    node_coverage: float,
    shares: list[np.ndarray],
    groups: int = 1,
    eligible: np.ndarray | None = None,
) -> TreeScores:
    """Scores of every node for rows × indicators. ``shares[k]``: shares of the children of inner node ``k``.

    ``groups``: rows are that many blocks of the same regions (slices); Copeland compares within a block, with the
    ``eligible`` rows (default: all).
    """
    rows, count = len(leaf), len(setup.nodes)
    found = TreeScores(
        np.zeros((count, rows)),
        np.zeros((count, rows), bool),
        np.zeros((count, rows)),
        np.full((count, rows), None, object),
    )
    for k in reversed(range(count)):
        node = setup.nodes[k]
        if node.leaf >= 0:
            found.values[k], found.present[k] = leaf[:, node.leaf], present[:, node.leaf]
            found.coverage[k] = present[:, node.leaf]
            found.reasons[k, ~found.present[k]] = Reason.MISSING
            continue
        share = np.asarray(shares[k])
        s, p = found.values[node.children].T, found.present[node.children].T
        used = share > 0
        found.coverage[k] = np.minimum(found.coverage[node.children].T @ share, 1.0)
        total = (p & used) @ share
        low = found.coverage[k] < node_coverage - TINY
        found.reasons[k, low] = Reason.LOW_COVERAGE
        found.reasons[k, ~(p & used).any(axis=1)] = Reason.MISSING
        if not used.any():
            found.reasons[k] = Reason.ZERO_WEIGHT
        found.present[k] = np.equal(found.reasons[k], None)
        compared = found.present[k] if eligible is None else found.present[k] & eligible
        found.values[k] = _node(setup, k, s, p & used, share, total, groups, compared)
        found.values[k, ~found.present[k]] = 0.0
    return found


def _node(setup: Setup, k: int, s, p, share, total, groups: int, eligible) -> np.ndarray:
    node = setup.nodes[k]
    if node.rule == "copeland":
        return copeland(s, p, share, groups, eligible)
    fine = p & (s > 0) if node.rule in ("geometric", "harmonic", "power") else p
    if (fine != p).any() and not (node.rule == "power" and node.power == 1):
        row, child = np.argwhere(fine != p)[0]
        raise ArithmeticError(f"{setup.nodes[node.children[child]].code} has a score of 0 or less in row {row}")
    f = np.where(p, forward(node.rule, node.power, np.where(fine, s, 1.0)), 0.0)
    mean = np.divide(f @ share, total, out=np.ones(len(s)), where=total > 0)
    found = backward(node.rule, node.power, mean)
    low = np.where(p, s, np.inf).min(axis=1, initial=np.inf)
    high = np.where(p, s, -np.inf).max(axis=1, initial=-np.inf)
    return np.where(total > 0, np.clip(found, low, high), 0.0)  # a mean lies within its parts, whatever the rounding


def copeland(
    s: np.ndarray, present: np.ndarray, share: np.ndarray, groups: int = 1, eligible: np.ndarray | None = None
) -> np.ndarray:
    """Copeland score of each row: (eligible) regions it beats minus regions that beat it.

    i beats j when more than half of the weight that *both* have goes to i (ties count half); so a missing figure
    favours nobody and the order of the regions does not matter.
    """
    rows = len(s) // groups
    s3, p3 = s.reshape(groups, rows, -1), present.reshape(groups, rows, -1)
    others = p3 if eligible is None else p3 & eligible.reshape(groups, rows, 1)
    both = (p3[:, :, None] & others[:, None]) * share
    wins = (s3[:, :, None] > s3[:, None]) + 0.5 * (s3[:, :, None] == s3[:, None])
    won, weight = (both * wins).sum(axis=3), both.sum(axis=3)
    half = weight / 2
    beats = (won > half + TINY).sum(axis=2) - (won < half - TINY).sum(axis=2)
    return beats.astype(float).reshape(-1)


def nominal_shares(setup: Setup) -> list[np.ndarray]:
    """Shares of the children of every node (empty for leaves)."""
    return [np.array([setup.nodes[c].share for c in node.children]) for node in setup.nodes]


def effective(setup: Setup, shares: list[np.ndarray], present: np.ndarray) -> np.ndarray:
    """Effective weights over the indicators present: shares renormalised at every node, multiplied down the tree.

    ``shares[k]`` may be (children,) or (rows, children), ``present`` (indicators,); the result (rows, indicators) sums
    to 1 where anything is present.
    """
    rows = max(s.shape[0] if s.ndim == 2 else 1 for s in shares)
    alive: dict[int, bool | np.ndarray] = {}  # of inner nodes: for all rows alike, or by row
    kept: dict[int, np.ndarray] = {}
    for k, leaves, columns, others in reversed(setup.blocks):
        children = setup.nodes[k].children
        share = np.atleast_2d(shares[k])
        mask = np.ones(len(children))
        mask[leaves] = present[columns]
        single = [p for p in others if isinstance(alive[children[p]], bool)]
        mask[single] = [alive[children[p]] for p in single]
        if not mask.all():
            share = share * mask
        if len(single) < len(others):
            share = np.array(np.broadcast_to(share, (rows, len(children))))
            for p in set(others) - set(single):
                share[:, p] *= alive[children[p]]
        total = share.sum(axis=1, keepdims=True)
        some = total[:, 0] > TINY
        whole = bool(some.all())
        alive[k] = whole if whole or not some.any() else np.broadcast_to(some, rows)
        kept[k] = share / total if whole else np.divide(share, total, out=np.zeros(share.shape), where=total > TINY)
    down = {0: np.ones((1, 1))}
    found = np.zeros((rows, len(setup.indicators)))
    for k, leaves, columns, others in setup.blocks:
        part = down[k] * kept[k]
        for p in others:
            down[setup.nodes[k].children[p]] = part[:, p : p + 1]
        found[:, columns] = part[:, leaves]
    return found
