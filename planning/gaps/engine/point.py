"""The point result: everything up to the ranks, for all years and the section, before any comparison."""

from dataclasses import dataclass

import numpy as np

from planning.gaps.engine import aggregate as agg
from planning.gaps.engine import checks, setup, weighting
from planning.gaps.engine import cube as cubes
from planning.gaps.engine.cube import Cube
from planning.gaps.engine.curves import Scores, score
from planning.gaps.engine.impute import impute
from planning.gaps.engine.ranks import competition_ranks
from planning.gaps.engine.reasons import Reason
from planning.gaps.engine.refusal import Refused
from planning.gaps.engine.setup import Setup


@dataclass
class Point:
    """``raw`` and ``cube``: before and after imputation. ``score[s, i]`` composites (nan: none), ``nodes[k, s, i]``
    scores of all nodes, ``coverage[s, i]``, ``ranked[s, i]``, ``ranks[s][i]``; the last slice is the section."""

    setup: Setup
    raw: Cube
    cube: Cube
    scores: Scores
    shares: list[np.ndarray]
    weights: dict
    nodes: np.ndarray
    node_present: np.ndarray
    node_coverage: np.ndarray
    node_reasons: np.ndarray
    coverage: np.ndarray
    ranked: np.ndarray
    ranks: list[list[int | None]]

    @property
    def leaders(self) -> list[int]:
        """Positions of regions that may lead: the own one, peers and aspirational ones."""
        roles = [r["role"] for r in self.setup.doc["regions"]]
        return [i for i, role in enumerate(roles) if role != "context" or i == self.setup.own]

    @property
    def comparable(self) -> bool:
        """Whether scores of different years may be compared."""
        return bool(self.scores.comparable.all()) and self.setup.nodes[0].rule != "copeland"

    def composites(self, s: int, ranked_only: bool = True) -> list[float | None]:
        """Composites of one slice; None where there is none, or the region is not ranked."""
        use = self.ranked[s] if ranked_only else self.node_present[0, s]
        return [float(v) if u else None for v, u in zip(self.nodes[0, s], use, strict=True)]

    def ranked_peers(self, s: int = -1) -> list[int]:
        """Peers that are ranked in a slice."""
        return [i for i in self.setup.peers if self.ranked[s, i]]


def compute(case) -> Point:
    """The point result of a case document. Raises ``Refused`` before anything is computed."""
    found = setup.prepare(case)
    checks.check(found)
    raw = cubes.build(found)
    cube = impute(found, raw, found.doc["imputation"]["method"])
    scores = score(found, cube, found.doc["normalisation"], found.doc["treatment"]["enabled"])
    shares, printed = weighting.weigh(found, scores)
    slices, n, m = cube.values.shape
    coverage = _coverage(found, raw, cube, scores, shares)
    eligible = (coverage >= found.doc["screening"]["region_coverage"] - 1e-9) | (np.arange(n) == found.own)
    try:
        tree = agg.tree_scores(
            found, scores.values.reshape(-1, m), scores.present.reshape(-1, m),
            found.doc["screening"]["node_coverage"], shares, slices, eligible.reshape(-1),
        )  # fmt: skip
    except ArithmeticError as error:
        raise Refused(
            "zero_score", "A mean that needs scores above 0 met another one: %(what)s.", what=error
        ) from error
    shape = (len(found.nodes), slices, n)
    nodes, present = tree.values.reshape(shape), tree.present.reshape(shape)
    ranked = present[0] & eligible
    ranks = [
        competition_ranks([float(v) if r else None for v, r in zip(nodes[0, s], ranked[s], strict=True)])
        for s in range(slices)
    ]
    return Point(
        found, raw, cube, scores, shares, printed, nodes, present, tree.coverage.reshape(shape),
        tree.reasons.reshape(shape), coverage, ranked, ranks,
    )  # fmt: skip


def _coverage(found: Setup, raw: Cube, cube: Cube, scores: Scores, shares) -> np.ndarray:
    """The smaller of two shares, slices × regions: of the usable indicators, and of their weight, that are there.

    In the section only observed figures count (screening comes before imputation); in the years filled ones do too.
    """
    weights = agg.effective(found, shares, np.ones(len(found.indicators), bool))[0]
    usable = np.equal(scores.reasons, None)[:, None]
    there = cube.present & usable
    there[-1] &= ~cube.imputed[-1]
    count = np.maximum(usable.sum(axis=2), 1)
    weight = (usable * weights).sum(axis=2)
    share = np.divide((there * weights).sum(axis=2), weight, out=np.zeros(there.shape[:2]), where=weight > 0)
    return np.minimum(there.sum(axis=2) / count, share)


def region_reason(point: Point, s: int, i: int) -> Reason | None:
    """Why a region has no score, or is scored but not (or only with a flag) ranked."""
    if not point.node_present[0, s, i]:
        return point.node_reasons[0, s, i]
    low = point.coverage[s, i] < point.setup.doc["screening"]["region_coverage"] - 1e-9
    return Reason.LOW_COVERAGE if low else None
