"""Weights from people: equal, budget allocation, AHP. Always keyed by code, shares within a parent sum to 1."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from planning.gaps.engine.refusal import Refused

RANDOM_INDEX = (0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49)
MOST_INCONSISTENT = 0.10


def shares(weights: Mapping[str, float]) -> dict[str, float] | None:
    """Weights divided by their sum; None when it is 0 (ZERO_WEIGHT). Raises ``ValueError`` for a negative one."""
    if any(w < 0 for w in weights.values()):
        raise ValueError("a weight is negative")
    total = math.fsum(weights.values())
    return {code: w / total for code, w in weights.items()} if total > 0 else None


@dataclass(frozen=True)
class Budget:
    """Mean shares of the experts by child, their standard deviation (n - 1; None for one expert) and the number."""

    shares: dict[str, float]
    sd: dict[str, float | None]
    experts: int


def budget(children: Sequence[str], points: Sequence[Mapping[str, float]], node: str = "") -> Budget:
    """Budget allocation (Handbook, section 6.1): every expert spreads 100 points over ``children``.

    Raises ``Refused`` when an expert names something else or does not spend 100.
    """
    for number, expert in enumerate(points, 1):
        if set(expert) != set(children):
            wrong = sorted(set(expert) ^ set(children))[0]
            raise Refused("budget_children", "Expert %(expert)s at %(node)s: %(code)s is missing or unknown.",
                          expert=number, node=node, code=wrong)  # fmt: skip
        if abs(math.fsum(expert.values()) - 100) > 1e-6:
            raise Refused("budget_sum", "The points of expert %(expert)s at %(node)s do not sum to 100.",
                          expert=number, node=node)  # fmt: skip
    if not points:
        raise Refused("budget_empty", "No expert gave points at %(node)s.", node=node)
    rows = np.array([[expert[c] for c in children] for expert in points]) / 100
    sd = rows.std(axis=0, ddof=1) if len(rows) > 1 else [None] * len(children)
    mean = rows.mean(axis=0)
    mean = mean / mean.sum()
    return Budget(
        {c: float(w) for c, w in zip(children, mean, strict=True)},
        {c: None if s is None else float(s) for c, s in zip(children, sd, strict=True)},
        len(rows),
    )


@dataclass(frozen=True)
class Ahp:
    """Shares by child; ``eigenvalue`` lambda, ``ci`` = (lambda - n)/(n - 1), ``cr`` = CI/RI (None for n ≤ 2)."""

    shares: dict[str, float]
    eigenvalue: float
    ci: float | None
    cr: float | None
    experts: int


def ahp(children: Sequence[str], matrices: Sequence[Sequence[Sequence[float]]], node: str = "") -> Ahp:
    """Analytic hierarchy process (Saaty 1980): principal eigenvector of the element-wise geometric mean of the
    experts' matrices. ``matrices[e][i][j]``: how many times child i is as important as child j.

    Raises ``Refused`` for a matrix that is not square, positive and reciprocal, and for more than 10 children.
    """
    n = len(children)
    if n > len(RANDOM_INDEX):
        raise Refused("ahp_size", "AHP at %(node)s compares more than 10 children.", node=node)
    for number, matrix in enumerate(matrices, 1):
        a = np.array(matrix, float) if len({len(row) for row in matrix}) == 1 else np.zeros((0, 0))
        if a.shape != (n, n) or not (a > 0).all() or not np.allclose(a * a.T, 1, rtol=1e-6):
            raise Refused(
                "ahp_matrix", "The matrix of expert %(expert)s at %(node)s must be square, positive and reciprocal.",
                expert=number, node=node,
            )  # fmt: skip
    mean = np.exp(np.mean([np.log(np.array(m, float)) for m in matrices], axis=0))
    values, vectors = np.linalg.eig(mean)
    first = int(np.argmax(values.real))
    vector = np.abs(vectors[:, first].real)
    eigenvalue = float(values[first].real)
    ci = max(0.0, (eigenvalue - n) / (n - 1)) if n > 1 else None
    cr = ci / RANDOM_INDEX[n - 1] if n > 2 else None
    return Ahp(
        {c: float(w) for c, w in zip(children, vector / vector.sum(), strict=True)}, eigenvalue, ci, cr, len(matrices)
    )
