"""Uncertainty analysis: what remains of the ranks and weak points under other reasonable choices.

Replications come in chunks of 2,000, each with a seed of its own spawned from the seed of the case. A chunk's result is
made of counts, so it does not matter which process computed it: the merged result is the same, bit for bit.
"""

import math
from typing import Any

import numpy as np

from planning.gaps.engine import factors as fac
from planning.gaps.engine import shortfall
from planning.gaps.engine.ranks import rank_rows

CHUNK = 2000
PAIRWISE = 60
DIGITS = 10


def plan(replications: int, seed: int) -> list[dict[str, int]]:
    """Chunks of a run: number, replications and seed."""
    return [
        {"number": k, "size": min(CHUNK, replications - k * CHUNK), "seed": seed}
        for k in range(math.ceil(replications / CHUNK))
    ]


def generator(chunk: dict[str, int]) -> np.random.Generator:
    """The random numbers of a chunk, independent of all other chunks."""
    return np.random.default_rng(np.random.SeedSequence(chunk["seed"], spawn_key=(1, chunk["number"])))


def run_chunk(factors: fac.Factors, view: shortfall.View, nominal: np.ndarray, chunk: dict[str, int]) -> dict[str, Any]:
    """Counts of one chunk, ready for JSON. ``nominal``: ranks of the ranked regions; ``view``: how shortfalls count."""
    draws, rejections, picked = fac.draw(factors, chunk["size"], generator(chunk))
    scores = factors.kernel.scores(draws)
    ranks = rank_rows(scores)[1]
    n = scores.shape[1]
    scored = np.isfinite(scores)
    known = np.where(scored, scores, 0.0)
    found: dict[str, Any] = {
        "number": chunk["number"],
        "size": chunk["size"],
        "histogram": _histogram(ranks, scored, n).tolist(),
        "unscored": (~scored).sum(axis=0).tolist(),
        "shift": int(np.abs(ranks - nominal)[scored].sum()),
        "score_sum": known.sum(axis=0).tolist(),
        "score_square": (known**2).sum(axis=0).tolist(),
        "own": _own_wins(ranks, scored, view.own),
        "options": [np.bincount(picked[:, a], minlength=len(factors.options[name])).tolist()
                    for a, name in enumerate(fac.DISCRETE)],
        "rejected": [[a, b, count] for (a, b), count in sorted(rejections.items())],
        "pairwise": _pairwise(ranks, scored).tolist() if n <= PAIRWISE else None,
    }  # fmt: skip
    found["weak"], found["dimensions"] = shortfall.counts(factors, view, draws, scores)
    return found


def _histogram(ranks: np.ndarray, scored: np.ndarray, n: int) -> np.ndarray:
    """How often each region (row) had each rank (column)."""
    cells = (np.arange(n, dtype=np.int64)[None] * n + ranks - 1)[scored] if not scored.all() else None
    if cells is None:
        cells = (ranks + (np.arange(n, dtype=np.int32) * n - 1)[None]).ravel()
    return np.bincount(cells, minlength=n * n).reshape(n, n)


def _own_wins(ranks: np.ndarray, scored: np.ndarray, own: int | None) -> list[int] | None:
    """Twice the replications in which the own region stands before each region (ties count once)."""
    if own is None:
        return None
    mine, both = ranks[:, own : own + 1], scored & scored[:, own : own + 1]
    return (2 * ((mine < ranks) & both).sum(axis=0) + ((mine == ranks) & both).sum(axis=0)).tolist()


def _pairwise(ranks: np.ndarray, scored: np.ndarray) -> np.ndarray:
    """Twice the replications in which the row stands before the column (ties count once); missing ones do not count."""
    last = np.iinfo(np.int16).max
    by_region = np.ascontiguousarray(np.where(scored, ranks, last).T.astype(np.int16))
    known = np.ascontiguousarray(scored.T).astype(float)
    both = (known @ known.T).astype(np.int64)
    before = np.stack([np.count_nonzero(mine < by_region, axis=1) for mine in by_region])
    if not scored.all():
        before -= (known @ (1 - known).T).astype(np.int64)  # a score stands before a missing one; that is no win
    found = before + both - before.T
    np.fill_diagonal(found, 0)
    return found


def merge(chunks: list[dict[str, Any]]) -> dict[str, Any]:
    """The sums of all chunks, whatever the order in which they arrived. Raises ``ValueError`` when one is missing."""
    ordered = sorted(chunks, key=lambda c: c["number"])
    if [c["number"] for c in ordered] != list(range(len(ordered))):
        raise ValueError("a chunk of the replications is missing or there twice")
    total: dict[str, Any] = {"size": sum(c["size"] for c in ordered), "shift": sum(c["shift"] for c in ordered)}
    for name in ("histogram", "unscored", "score_sum", "score_square", "own", "pairwise", "weak", "dimensions"):
        parts = [np.array(c[name]) for c in ordered if c[name] is not None]
        total[name] = None if not parts else sum(parts[1:], parts[0])
    total["options"] = [
        np.sum([c["options"][a] for c in ordered], axis=0).tolist() for a in range(len(ordered[0]["options"]))
    ]
    total["rejected"] = {
        (a, b): sum(c["rejected"][k][2] for c in ordered) for k, (a, b, _) in enumerate(ordered[0]["rejected"])
    }
    return total


def rounded(value: float) -> float:
    """Monte Carlo means to 10 digits: what the order of additions in a library may move is cut off."""
    return float(f"{value:.{DIGITS}g}")


def quantile_rank(counts: np.ndarray, p: float) -> int:
    """The smallest rank whose share of the replications reaches ``p``."""
    cumulated = np.cumsum(counts)
    return int(np.searchsorted(cumulated, p * cumulated[-1] - 1e-9) + 1)


def median_rank(counts: np.ndarray) -> float:
    """Median of the ranks (mean of the two in the middle)."""
    cumulated, total = np.cumsum(counts), int(counts.sum())
    low = int(np.searchsorted(cumulated, (total + 1) // 2)) + 1
    high = int(np.searchsorted(cumulated, total // 2 + 1)) + 1
    return (low + high) / 2
