"""What a score gap is made of. The lines always sum to the gap.

For an arithmetic tree the composite is Σ W s, so indicator j contributes ``W_j (s_Bj - s_oj)``. An indicator that
one side lacks leaves both; what that changes is the line "coverage effect". For a mean or median the benchmark is
the profile of the scores of the indicators; its composite differs from the mean or median of the composites by the
"profile effect".
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from planning.gaps.engine.case import Node
from planning.gaps.engine.plain.aggregate import aggregate


@dataclass(frozen=True)
class Decomposition:
    """``contributions`` by indicator (points of the scale); ``gap`` = their sum + ``coverage`` + ``profile``."""

    gap: float
    contributions: dict[str, float]
    weights: dict[str, float]
    coverage: float
    profile: float


def decompose(
    tree: Node,
    own: Mapping[str, float | None],
    benchmark: Mapping[str, float | None],
    own_score: float,
    benchmark_score: float,
    profile_score: float,
) -> Decomposition:
    """Additive decomposition of ``benchmark_score - own_score``.

    ``own`` and ``benchmark`` are scores by indicator (None: missing); ``profile_score`` is the composite of
    ``benchmark`` under the same coverage rules as ``own_score`` (for a region it equals ``benchmark_score``).
    """
    both = {c for c, s in own.items() if s is not None and benchmark.get(c) is not None}
    weights = dict(aggregate(tree, {c: own[c] for c in both})[tree.code].weights)
    contributions = {c: w * (benchmark[c] - own[c]) + 0.0 for c, w in weights.items()}
    gap = benchmark_score - own_score
    profile = benchmark_score - profile_score
    coverage = math.fsum([gap, -profile, *(-c for c in contributions.values())])
    return Decomposition(gap, contributions, weights, _tidy(coverage), _tidy(profile))


def _tidy(value: float) -> float:
    """Rounding noise is no effect."""
    return 0.0 if abs(value) < 1e-10 else value
