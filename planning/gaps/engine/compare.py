"""Composite gaps to every kind of benchmark, what they are made of, and how they move over the years."""

from dataclasses import dataclass, replace

import numpy as np

from planning.gaps.engine import aggregate as agg
from planning.gaps.engine import decompose as dec
from planning.gaps.engine import gaps, shortfall
from planning.gaps.engine.gaps import Target
from planning.gaps.engine.point import Point
from planning.gaps.engine.reasons import Reason


@dataclass
class Comparison:
    """One kind of benchmark: its composite, the gap, its profile by indicator and the decomposition (or None)."""

    kind: str
    target: Target
    gap: float | None
    reason: Reason | None
    lead: float | None
    profile: np.ndarray | None = None
    profile_present: np.ndarray | None = None
    profile_nodes: agg.TreeScores | None = None
    parts: dec.Decomposition | None = None


def kinds(point: Point) -> list[str]:
    """Kinds that this case can be compared with."""
    doc = point.setup.doc
    found = ["leader", "mean", "median", "top_quartile"]
    if doc["benchmark"]["region"]:
        found.append("region")
    if any(i["target"] is not None for i in point.setup.indicators):
        found.append("target")
    return found


def named(point: Point) -> int | None:
    """Position of the named benchmark region."""
    code = point.setup.doc["benchmark"]["region"]
    return point.setup.regions.index(code) if code else None


def target_scores(point: Point, scores=None) -> np.ndarray:
    """Score of every indicator's target on the parameters of the section; nan where there is none."""
    scores = scores or point.scores
    found = np.full(len(point.setup.indicators), np.nan)
    for j, indicator in enumerate(point.setup.indicators):
        scale, column = scores.scales[j]
        if indicator["target"] is not None and scale is not None and scale.reason[-1, column] is None:
            found[j] = scores.forward(j, np.array(float(indicator["target"])))
    return found


def composite_target(point: Point, kind: str, s: int) -> Target:
    """Benchmark of composites in slice ``s``."""
    setup = point.setup
    values = point.composites(s, ranked_only=kind != "region")
    leaders = [i for i in point.leaders if point.ranked[s, i]]
    if kind != "target":
        return gaps.benchmark(values, kind, setup.own, setup.peers, leaders=leaders, region=named(point))
    aims = target_scores(point)
    nodes = _profile_nodes(point, aims, ~np.isnan(aims))
    fine = nodes is not None and nodes.present[0, 0]
    return Target(float(nodes.values[0, 0]) if fine else None, None, None if fine else Reason.NO_TARGET)


def _profile_nodes(point: Point, scores: np.ndarray, present: np.ndarray, coverage: float = 0.0):
    if point.setup.nodes[0].rule == "copeland":
        return None
    safe = np.where(present, scores, 0.0)[None]
    try:
        return agg.tree_scores(point.setup, safe, present[None], coverage, point.shares)
    except ArithmeticError:
        return None


def compare(point: Point, kind: str) -> Comparison:
    """The comparison of one kind for the section."""
    own = point.setup.own
    values = point.composites(-1)
    target = composite_target(point, kind, -1)
    if values[own] is None or target.value is None:
        reason = Reason.OWN_MISSING if values[own] is None else target.reason
        return Comparison(kind, target, None, reason, None)
    leaders = [i for i in point.leaders if point.ranked[-1, i]]
    gap = target.value - values[own] + 0.0
    lead = gaps.lead(values, own, leaders) if target.region == own else None
    found = Comparison(kind, target, gap, None, lead)
    _decompose(point, found, values[own])
    return found


def _decompose(point: Point, found: Comparison, own_score: float) -> None:
    """Fill in profile and decomposition."""
    setup, own = point.setup, point.setup.own
    scores, present = point.scores.values[-1], point.scores.present[-1]
    if found.kind == "target":
        aims = target_scores(point)
        found.profile, found.profile_present = np.nan_to_num(aims), ~np.isnan(aims)
    else:
        peers = point.ranked_peers()
        found.profile, found.profile_present = shortfall.profile(
            found.kind, scores, present, peers, found.target.region
        )
    rows = [i for i in range(len(scores)) if i != own and point.ranked[-1, i]]
    counted, against = _counted(point, present[own]), _counted(point, found.profile_present)
    sides = dec.Sides(scores[own], counted, found.profile, against, (scores[rows], present[rows]))
    if setup.nodes[0].rule == "copeland":
        composite = dec.hybrid_copeland(setup, point.shares, sides)
    else:
        found.profile_nodes = _profile_nodes(point, found.profile, found.profile_present, _least(point, found))
        if found.profile_nodes is None or not found.profile_nodes.present[0, 0]:
            return
        composite = float(found.profile_nodes.values[0, 0])
    found.parts = dec.decompose(setup, point.shares, sides, own_score, found.target.value, composite)


def _least(point: Point, found: Comparison) -> float:
    """Targets count wherever there is one; regions and profiles follow the coverage rule."""
    return 0.0 if found.kind == "target" else point.setup.doc["screening"]["node_coverage"]


def _counted(point: Point, present: np.ndarray) -> np.ndarray:
    """Indicators that really enter a score: those below a node without enough coverage do not."""
    setup = point.setup
    nodes = agg.tree_scores(
        _plain(setup), np.ones((1, len(present))), present[None], setup.doc["screening"]["node_coverage"], point.shares
    )
    found = present.copy()
    for j, k in enumerate(setup.leaf_nodes()):
        above = setup.nodes[k].parent
        while above > 0:
            found[j] &= bool(nodes.present[above, 0])
            above = setup.nodes[above].parent
    return found if found.any() else present


def _plain(setup):
    return replace(setup, nodes=tuple(replace(node, rule="arithmetic") for node in setup.nodes))


def change(point: Point) -> tuple[int, int, Comparison] | None:
    """Change of the own composite between the first and the last year that have one, decomposed."""
    own, years = point.setup.own, point.cube.years
    known = [s for s in range(len(years)) if point.node_present[0, s, own]]
    if len(known) < 2 or not point.comparable:
        return None
    first, last = known[0], known[-1]
    scores, present = point.scores.values[:, own], point.scores.present[:, own]
    before, after = float(point.nodes[0, first, own]), float(point.nodes[0, last, own])
    found = Comparison("change", Target(after, own), after - before, None, None, scores[last], present[last])
    sides = dec.Sides(scores[first], _counted(point, present[first]), scores[last], _counted(point, present[last]))
    found.parts = dec.decompose(point.setup, point.shares, sides, before, after, after)
    return years[first], years[last], found


def differences(point: Point, kind: str) -> tuple[list[int], list[float]]:
    """(years, benchmark minus own composite) of the years that have both."""
    years, found = [], []
    for s, year in enumerate(point.cube.years):
        target = composite_target(point, kind, s)
        own = point.composites(s)[point.setup.own]
        if target.value is not None and own is not None:
            years.append(year)
            found.append(target.value - own)
    return years, found
