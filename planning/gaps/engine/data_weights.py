"""Weights from the data: PCA, entropy, CRITIC and the benefit of the doubt. They say nothing of importance; never the
default. All take complete ``scores`` (regions × indicators) unless they say otherwise."""

from dataclasses import dataclass

import numpy as np

from planning.gaps.engine.refusal import Refused

PCA_REGIONS = 20


@dataclass(frozen=True)
class Pca:
    """``weights`` sum to 1; ``eigenvalues`` of the components kept, ``variance``: their shares after rotation."""

    weights: np.ndarray
    eigenvalues: tuple[float, ...]
    variance: tuple[float, ...]


def pca(scores: np.ndarray, node: str = "") -> Pca:
    """Components of the correlation matrix with eigenvalue > 1 (at least one), varimax, squared loadings times the
    share of variance (Nicoletti, Scarpetta and Boylaud 2000; Handbook, section 6.1).

    Raises ``Refused`` for n < 20, n < 3m, or a constant column.
    """
    n, m = scores.shape
    if n < PCA_REGIONS or n < 3 * m:
        raise Refused(
            "pca_size", "PCA weights at %(node)s need at least %(need)s regions with all figures; there are %(n)s.",
            node=node, need=max(PCA_REGIONS, 3 * m), n=n,
        )  # fmt: skip
    if (np.ptp(scores, axis=0) <= 0).any():
        raise Refused("pca_constant", "PCA weights at %(node)s: a column is constant.", node=node)
    correlation = np.atleast_2d(np.corrcoef(scores, rowvar=False))
    values, vectors = np.linalg.eigh(correlation)
    order = np.argsort(values)[::-1]
    values, vectors = values[order], vectors[:, order]
    kept = max(1, int((values > 1).sum()))
    loadings = varimax(vectors[:, :kept] * np.sqrt(values[:kept]))
    squared = loadings**2
    explained = squared.sum(axis=0)
    weights = (squared / explained * (explained / explained.sum())).sum(axis=1)
    return Pca(weights / weights.sum(), tuple(map(float, values[:kept])), tuple(map(float, explained / m)))


def varimax(loadings: np.ndarray, most: int = 100, tolerance: float = 1e-10) -> np.ndarray:
    """Orthogonal rotation that makes squared loadings as unequal as possible (Kaiser 1958), without row scaling."""
    m, k = loadings.shape
    rotation, before = np.eye(k), 0.0
    for _ in range(most):
        turned = loadings @ rotation
        u, s, vt = np.linalg.svd(loadings.T @ (turned**3 - turned * (turned**2).sum(axis=0) / m))
        rotation = u @ vt
        if s.sum() <= before * (1 + tolerance):
            break
        before = s.sum()
    return loadings @ rotation


def entropy(scores: np.ndarray) -> tuple[np.ndarray, bool]:
    """Weights ``1 - e`` with ``e = -Σ p ln p / ln n`` and ``p = y/Σy`` (Shannon; Hwang and Yoon 1981).

    Scores must be above 0 (``ValueError``). A constant column gets 0. Second: True when all columns are constant;
    the weights are then equal.
    """
    n, m = scores.shape
    if n < 2 or not (scores > 0).all():
        raise ValueError("entropy weights need at least two regions and scores above 0")
    p = scores / scores.sum(axis=0)
    spread = 1 + (p * np.log(p)).sum(axis=0) / np.log(n)
    spread = np.where(np.ptp(scores, axis=0) > 0, np.maximum(spread, 0.0), 0.0)
    if not spread.sum() > 0:
        return np.full(m, 1 / m), True
    return spread / spread.sum(), False


def critic(scores: np.ndarray) -> tuple[np.ndarray, bool]:
    """CRITIC (Diakoulaki and others 1995) on min-max scores: ``c_j = sd_j Σ_k (1 - r_jk)``, sd with n - 1.

    Constant columns are taken out first and get 0 (libraries give NaN for all). Second: True when no column is left,
    or all left agree perfectly; the weights are then equal over those left.
    """
    n, m = scores.shape
    span = np.ptp(scores, axis=0)
    used = span > 0
    found = np.zeros(m)
    if not used.any() or n < 2:
        return np.full(m, 1 / m), True
    y = (scores[:, used] - scores[:, used].min(axis=0)) / span[used]
    correlation = np.atleast_2d(np.corrcoef(y, rowvar=False))
    c = y.std(axis=0, ddof=1) * np.maximum(1 - correlation, 0.0).sum(axis=1)
    equal = not c.sum() > 1e-12
    found[used] = 1 / used.sum() if equal else c / c.sum()
    return found, equal


def benefit_of_the_doubt(
    scores: np.ndarray, present: np.ndarray, lowest: float = 0.0, highest: float = 1.0, node: str = ""
) -> tuple[np.ndarray, np.ndarray]:
    """(score, shares): for every region the weights that favour it most (Melyn and Moesen 1991; Cherchye 2007).

    max Σ w_j s_ij subject to Σ w_j s_kj ≤ 1 for all k, w ≥ 0, and ``lowest`` ≤ w_j s_ij / Σ_l w_l s_il ≤ ``highest``.
    ``scores`` (regions × indicators) must be 0 or more; a missing figure (not ``present``) adds nothing. The score is
    nan where a region has no figure or the bounds cannot be kept. Raises ``Refused`` for impossible bounds.
    """
    from scipy.optimize import linprog

    n, m = scores.shape
    if lowest > highest or lowest * m > 1 + 1e-12 or highest * m < 1 - 1e-12:
        raise Refused(
            "bod_bounds", "The share bounds of the benefit of the doubt at %(node)s cannot be kept.", node=node
        )
    s = np.where(present, scores, 0.0)
    if (s < 0).any():
        raise Refused("bod_negative", "The benefit of the doubt at %(node)s needs scores of 0 or more.", node=node)
    found, parts = np.full(n, np.nan), np.zeros((n, m))
    for i in range(n):
        if not s[i].any():
            continue
        here = present[i]
        row = s[i] * here
        count = int(here.sum())
        low, high = min(lowest, 1 / count), max(highest, 1 / count)
        limits = [np.diag(row)[here] - high * row, low * row - np.diag(row)[here]]
        a = np.vstack([s * here, *limits])
        b = np.concatenate([np.ones(n), np.zeros(2 * count)])
        solution = linprog(-row, A_ub=a, b_ub=b, bounds=[(0, None)] * m, method="highs")
        if solution.status == 0 and -solution.fun > 0:
            found[i] = -solution.fun
            parts[i] = solution.x * row / found[i]
    return found, parts
