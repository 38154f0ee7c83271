"""What if the weights or the benchmark were others: point scores from the normalised scores of a stored result.

Plain Python on the stored document, so that the web process needs no numpy; a test holds it equal to the engine to
1e-9. Nothing is normalised anew: that depends on neither weights nor benchmark.
"""

import math
from dataclasses import dataclass, field
from statistics import fmean, median
from typing import Any

TINY = 1e-12
Document = dict[str, Any]


@dataclass
class Node:
    """A node of the tree with its weight among its siblings."""

    code: str
    weight: float
    indicator: str | None
    rule: str
    children: list["Node"] = field(default_factory=list)


@dataclass(frozen=True)
class Score:
    """Score of a node for one region, and the share of its weight that is observed."""

    value: float | None
    coverage: float


@dataclass(frozen=True)
class Basis:
    """What is asked again and again of one result: worked out once, small, and never changed."""

    tree: list[Document]
    regions: list[tuple[str, str]]
    own: str
    cells: dict[str, dict[str, float]]
    usable: frozenset[str]
    screening: dict[str, float]

    @classmethod
    def of(cls, result: Document) -> "Basis":
        return cls(
            result["tree"],
            [(r["code"], r["role"]) for r in result["regions"]],
            result["own"],
            _cells(result),
            frozenset(i["code"] for i in result["indicators"] if i["score_reason"] is None),
            result["options"]["screening"],
        )


def evaluate(basis: Basis, weights: dict[str, float], kind: str, region: str | None = None) -> Document:
    """Scores, ranks and gap with other weights (by node code) against a benchmark of ``kind``.

    Returns ``regions`` ([{code, score, rank}] in the order of the result), ``own`` {score, rank, n_ranked}, ``gap``
    and ``benchmark`` {score, region}; what cannot be said is None.
    """
    tree = _tree(basis.tree, weights)
    screening, effective = basis.screening, _effective(tree)
    found = []
    for code, role in basis.regions:
        score = _score(tree, basis.cells[code], screening["node_coverage"]).value
        coverage = _coverage(basis.cells[code], basis.usable, effective)
        low = coverage < screening["region_coverage"] - 1e-9
        ranked = score is not None and (not low or code == basis.own)
        found.append({"code": code, "role": role, "score": score, "ranked": ranked})
    _rank(found)
    own = next(r for r in found if r["code"] == basis.own)
    target, place = _benchmark(found, own, kind, region)
    gap = None if own["score"] is None or target is None else target - own["score"] + 0.0
    return {
        "regions": [{k: r[k] for k in ("code", "score", "rank")} for r in found],
        "own": {"score": own["score"], "rank": own["rank"], "n_ranked": sum(r["ranked"] for r in found)},
        "benchmark": {"score": target, "region": place},
        "gap": gap,
    }


def _tree(rows: list[Document], weights: dict[str, float]) -> Node:
    nodes = {}
    root = None
    for row in rows:
        weight = float(weights.get(row["code"], row["weight"]))
        node = Node(row["code"], weight, row["indicator"], row["aggregation"] or "arithmetic")
        nodes[row["code"]] = node
        if row["parent"] is None:
            root = node
        else:
            nodes[row["parent"]].children.append(node)
    return root


def _cells(result: Document) -> dict[str, dict[str, float]]:
    """{region: {indicator: normalised score}} of what has one."""
    found: dict[str, dict[str, float]] = {r["code"]: {} for r in result["regions"]}
    for indicator in result["indicators"]:
        for cell in indicator["cells"]:
            if cell["score"] is not None:
                found[cell["region"]][indicator["code"]] = cell["score"]
    return found


def _score(node: Node, cells: dict[str, float], least: float) -> Score:
    if node.indicator:
        value = cells.get(node.indicator)
        return Score(value, 0.0 if value is None else 1.0)
    below = [_score(child, cells, least) for child in node.children]
    total = sum(c.weight for c in node.children)
    if not total > 0:
        return Score(None, 0.0)
    coverage = min(1.0, sum(c.weight * b.coverage for c, b in zip(node.children, below, strict=True)) / total)
    pairs = [
        (c.weight, b.value) for c, b in zip(node.children, below, strict=True) if c.weight > 0 and b.value is not None
    ]
    if not pairs or coverage < least - TINY:
        return Score(None, coverage)
    return Score(mean(node.rule, pairs), coverage)


def mean(rule: str, pairs: list[tuple[float, float]]) -> float:
    """Weighted mean of (weight, score) pairs by the rule of a node."""
    total = sum(w for w, _s in pairs)
    if rule == "geometric":
        return math.exp(sum(w * math.log(s) for w, s in pairs) / total)
    if rule == "harmonic":
        return total / sum(w / s for w, s in pairs)
    return sum(w * s for w, s in pairs) / total


def _effective(node: Node, share: float = 1.0) -> dict[str, float]:
    if node.indicator:
        return {node.indicator: share}
    total = sum(c.weight for c in node.children)
    found: dict[str, float] = {}
    for child in node.children:
        found |= _effective(child, share * child.weight / total if total > 0 else 0.0)
    return found


def _coverage(cells: dict[str, float], usable: frozenset[str], effective: dict[str, float]) -> float:
    """The smaller of two shares: of the usable indicators, and of their weight, that have a score."""
    whole = sum(effective[c] for c in usable)
    if not usable or not whole > 0:
        return 0.0
    here = usable & cells.keys()
    return min(len(here) / len(usable), sum(effective[c] for c in here) / whole)


def _rank(rows: list[Document]) -> None:
    """Descending competition ranks, ties within a relative tolerance of 1e-12."""
    order = sorted((r for r in rows if r["ranked"]), key=lambda r: -r["score"])
    step = TINY * max((abs(r["score"]) for r in order), default=0.0)
    for row in rows:
        row["rank"] = None
    for place, row in enumerate(order):
        before = order[place - 1] if place else None
        tied = before is not None and before["score"] - row["score"] <= step
        row["rank"] = before["rank"] if tied else place + 1


def _benchmark(rows: list[Document], own: Document, kind: str, region: str | None) -> tuple[float | None, str | None]:
    """(score, region if it is one) of the benchmark among the ranked regions; the own one is never a peer."""
    if kind == "region":
        found = next((r for r in rows if r["code"] == region), None)
        return (found["score"] if found else None), region
    ranked = [r for r in rows if r["ranked"]]
    if kind == "leader":
        places = [r for r in ranked if r["role"] != "context"]
        if not any(r is not own for r in places):
            return None, None
        best = max(places, key=lambda r: (r["score"], r is own, -rows.index(r)))
        return best["score"], best["code"]
    scores = sorted(r["score"] for r in ranked if r["role"] == "peer")
    if not scores:
        return None, None
    middles = {"mean": fmean, "median": median, "top_quartile": _upper_quartile}
    return middles[kind](scores), None


def _upper_quartile(values: list[float]) -> float:
    """Quantile 0.75, type 7, of sorted values."""
    place = 0.75 * (len(values) - 1)
    low = math.floor(place)
    high = min(low + 1, len(values) - 1)
    return values[low] + (values[high] - values[low]) * (place - low)
