"""Ranks: descending competition ranking (1, 2, 2, 4) on unrounded scores."""

from collections.abc import Sequence

TOLERANCE = 1e-12


def competition_ranks(scores: Sequence[float | None]) -> list[int | None]:
    """Rank of each score, 1 = greatest; what is None is not ranked.

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
