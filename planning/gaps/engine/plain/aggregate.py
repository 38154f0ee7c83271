"""Aggregation: the weighted arithmetic mean at every node of a tree of any depth.

What is missing gives its weight to what is there (within the same parent): silently this is imputation by the mean
of the siblings, so every result names its coverage, and a node of which less than ``node_coverage`` of the weight is
observed has no score (LOW_COVERAGE).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from planning.gaps.engine.case import Node
from planning.gaps.engine.plain.weights import shares
from planning.gaps.engine.reasons import Reason


@dataclass(frozen=True)
class NodeScore:
    """Score of one node for one region. ``coverage``: share of the node's nominal weight that is observed (0..1).

    ``weights``: indicator → weight with which its score enters; they sum to 1 when there is a score, and
    ``score`` = Σ weight × leaf score.
    """

    score: float | None
    coverage: float
    reason: Reason | None
    weights: Mapping[str, float]


def aggregate(tree: Node, leaf_scores: Mapping[str, float | None], node_coverage: float = 0.0) -> dict[str, NodeScore]:
    """Score of every node by code, from the scores of the indicators (None: missing)."""
    result: dict[str, NodeScore] = {}

    def up(node: Node) -> NodeScore:
        result[node.code] = found = (
            _leaf(node, leaf_scores)
            if node.indicator
            else _inner(node, [up(child) for child in node.children], node_coverage)
        )
        return found

    up(tree)
    return result


def _leaf(node: Node, leaf_scores: Mapping[str, float | None]) -> NodeScore:
    score = leaf_scores.get(node.indicator)
    if score is None:
        return NodeScore(None, 0.0, Reason.MISSING, {})
    return NodeScore(score, 1.0, None, {node.indicator: 1.0})


def _inner(node: Node, below: list[NodeScore], node_coverage: float) -> NodeScore:
    nominal = shares([child.weight for child in node.children])
    if nominal is None:
        return NodeScore(None, 0.0, Reason.ZERO_WEIGHT, {})
    coverage = min(1.0, sum(w * b.coverage for w, b in zip(nominal, below, strict=True)))
    parts = shares(nominal, [b.score is not None for b in below])
    if parts is None:
        return NodeScore(None, coverage, Reason.MISSING, {})
    if coverage < node_coverage - 1e-12:
        return NodeScore(None, coverage, Reason.LOW_COVERAGE, {})
    score = sum(p * b.score for p, b in zip(parts, below, strict=True) if p > 0)
    weights = {code: p * w for p, b in zip(parts, below, strict=True) if p > 0 for code, w in b.weights.items()}
    return NodeScore(score, coverage, None, weights)
