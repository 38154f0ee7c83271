"""Weights down the tree: shares within each parent, effective weights of the leaves."""

import math

from planning.gaps.engine.case import Node


def shares(weights: list[float], present: list[bool] | None = None) -> list[float] | None:
    """Weights divided by the sum of those present; absent ones get 0. None when nothing with weight is present."""
    kept = weights if present is None else [w if p else 0.0 for w, p in zip(weights, present, strict=True)]
    total = math.fsum(kept)
    return [w / total for w in kept] if total > 0 else None


def effective(tree: Node) -> dict[str, float]:
    """Effective weight of every indicator: the product of the shares down the tree; they sum to 1."""
    result: dict[str, float] = {}

    def descend(node: Node, weight: float) -> None:
        if node.indicator:
            result[node.indicator] = weight
            return
        parts = shares([child.weight for child in node.children]) or [0.0] * len(node.children)
        for child, part in zip(node.children, parts, strict=True):
            descend(child, weight * part)

    descend(tree, 1.0)
    return result
