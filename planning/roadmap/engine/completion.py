"""Completion by weight (pure)."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Completion:
    """``percent`` of 100 (None without tasks), the sum of weights, and how many tasks have no weight.

    If no task has a weight, all count alike (``alike``); else those without one are left out and told.
    """

    percent: float | None
    weight: Decimal
    unweighted: int
    alike: bool


def completion(tasks: Iterable[tuple[Decimal | None, int]]) -> Completion:
    """Of (weight, progress in percent): Σ weight · progress / Σ weight."""
    rows = list(tasks)
    weighted = [(weight, progress) for weight, progress in rows if weight]
    total = sum((weight for weight, _progress in weighted), Decimal(0))
    missing = len(rows) - len(weighted)
    if weighted:
        percent = float(sum(weight * progress for weight, progress in weighted) / total)
        return Completion(percent, total, missing, alike=False)
    percent = sum(progress for _weight, progress in rows) / len(rows) if rows else None
    return Completion(percent, total, missing, alike=True)
