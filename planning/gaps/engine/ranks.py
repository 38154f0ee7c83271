"""Ranks: on unrounded scores, with a tolerance for ties."""

from collections.abc import Sequence

import numpy as np

TOLERANCE = 1e-12


def competition_ranks(scores: Sequence[float | None]) -> list[int | None]:
    """Descending competition rank (1, 2, 2, 4) of each score, 1 = greatest; what is None is not ranked.

    Neighbours in order that differ by no more than ``TOLERANCE`` of the greatest score in size are ties.
    """
    order = sorted((i for i, s in enumerate(scores) if s is not None), key=lambda i: -scores[i])
    step = TOLERANCE * max((abs(scores[i]) for i in order), default=0.0)
    ranks: list[int | None] = [None] * len(scores)
    for place, i in enumerate(order):
        before = order[place - 1] if place else None
        tied = before is not None and scores[before] - scores[i] <= step
        ranks[i] = ranks[before] if tied else place + 1
    return ranks


def dense_ranks(scores: Sequence[float | None]) -> list[int | None]:
    """Descending rank without holes: 1, 2, 2, 3."""
    ranks = competition_ranks(scores)
    level = {rank: k for k, rank in enumerate(sorted({r for r in ranks if r is not None}), 1)}
    return [None if r is None else level[r] for r in ranks]


def average_ranks(scores: Sequence[float | None]) -> list[float | None]:
    """Descending rank, ties share their mean rank: 1, 2.5, 2.5, 4 (for correlations)."""
    ranks = competition_ranks(scores)
    return [None if r is None else r + (ranks.count(r) - 1) / 2 for r in ranks]


def kendall(a: Sequence[float], b: Sequence[float]) -> float | None:
    """Kendall's tau-b of two rankings of the same regions; None when one of them has no differences."""
    x, y = np.asarray(a, float), np.asarray(b, float)
    upper = np.triu_indices(len(x), 1)
    dx, dy = np.sign(x[:, None] - x[None])[upper], np.sign(y[:, None] - y[None])[upper]
    below = float(np.sqrt((dx != 0).sum() * (dy != 0).sum()))
    return float((dx * dy).sum() / below) if below > 0 else None


def spearman(a: Sequence[float], b: Sequence[float]) -> float | None:
    """Spearman's rank correlation: Pearson's on average ranks; None when one of them has no differences."""
    x, y = np.array(average_ranks(list(a)), float), np.array(average_ranks(list(b)), float)
    if len(x) < 2 or not (np.ptp(x) > 0 and np.ptp(y) > 0):
        return None
    return float(np.corrcoef(x, y)[0, 1])


def rank_rows(scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(order, ranks) of every row of ``scores`` (replications × regions), descending, competition ranks from 1.

    ``order[r, k]`` is the region in place k. -inf marks a region without a score; it stands last. Ties are looked for
    only where neighbours are equal within the tolerance; this is the step that decides the time of a large run.
    """
    negative = -scores
    order = np.argsort(negative, axis=1)
    count, n = scores.shape
    ranks = np.empty((count, n), np.int32)
    np.put_along_axis(ranks, order, np.arange(1, n + 1, dtype=np.int32)[None], axis=1)
    ordered = np.take_along_axis(negative, order, axis=1)
    with np.errstate(invalid="ignore"):
        distance = ordered[:, 1:] - ordered[:, :-1]
        finite = np.where(np.isfinite(scores), np.abs(scores), 0.0).max(axis=1, initial=0.0)
        tied = ~(distance > TOLERANCE * finite[:, None])
    rows = np.flatnonzero(tied.any(axis=1))
    for row in rows:
        place = np.arange(1, n + 1, dtype=np.int32)
        for k in np.flatnonzero(tied[row]):
            place[k + 1] = place[k]
        ranks[row, order[row]] = place
    return order, ranks
