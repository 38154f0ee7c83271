"""Variance-based sensitivity: first-order and total Sobol indices with their own design and bootstrap intervals.

First order: Saltelli and others (2010), on centred outputs; total: Jansen (1999). Design and analysis belong together:
``design`` makes the N(d + 2) rows that ``indices`` reads.
"""

from dataclasses import dataclass

import numpy as np

CONFIDENCE = 0.90


@dataclass(frozen=True)
class Indices:
    """``first``, ``total`` and their (d, 2) intervals; None where the output does not vary (NO_VARIANCE)."""

    mean: float
    variance: float
    first: np.ndarray | None = None
    total: np.ndarray | None = None
    first_interval: np.ndarray | None = None
    total_interval: np.ndarray | None = None


def design(factors: int, base: int, seed: int) -> np.ndarray:
    """N(d + 2) points of [0, 1)^d: the blocks A, B and for every factor A with that column of B.

    ``base`` N is a power of 2; points of a scrambled Sobol' sequence of 2d dimensions.
    """
    from scipy.stats import qmc

    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(2,)))
    points = qmc.Sobol(2 * factors, scramble=True, rng=rng).random_base2(int(base).bit_length() - 1)
    a, b = points[:, :factors], points[:, factors:]
    blocks = [a, b]
    for k in range(factors):
        mixed = a.copy()
        mixed[:, k] = b[:, k]
        blocks.append(mixed)
    return np.minimum(np.concatenate(blocks), np.nextafter(1.0, 0.0))


def indices(output: np.ndarray, factors: int, bootstrap: int = 200, seed: int = 0) -> Indices:
    """Indices of an ``output`` over the rows of ``design``. A negative first-order index is left as it is."""
    base = len(output) // (factors + 2)
    a, b = output[:base], output[base : 2 * base]
    ab = output[2 * base :].reshape(factors, base)
    mean = float(np.concatenate([a, b]).mean())
    variance = float(np.concatenate([a, b]).var())
    if not variance > 1e-24 * max(1.0, mean * mean):
        return Indices(mean, variance)
    first_terms, total_terms = (b - mean) * (ab - a), (a - ab) ** 2 / 2
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(5,)))
    counts = rng.multinomial(base, np.full(base, 1 / base), size=bootstrap) / base
    centred = ((a - mean) ** 2 + (b - mean) ** 2) / 2
    shifted = (a - mean + b - mean) / 2
    spread = counts @ centred - (counts @ shifted) ** 2
    spread = np.where(spread > 0, spread, np.nan)[:, None]
    ends = [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2]
    intervals = [np.nanquantile(counts @ terms.T / spread, ends, axis=0).T for terms in (first_terms, total_terms)]
    return Indices(mean, variance, first_terms.mean(axis=1) / variance, total_terms.mean(axis=1) / variance, *intervals)
