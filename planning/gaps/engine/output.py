"""The point result as plain JSON: regions, tree, indicators, years, tables of what was filled in and treated."""

from collections.abc import Sequence
from statistics import median
from typing import Any

import numpy as np

from planning.gaps.engine import aggregate as agg
from planning.gaps.engine import compare, gaps, panel, point
from planning.gaps.engine.compare import Comparison
from planning.gaps.engine.point import Point
from planning.gaps.engine.ranks import competition_ranks
from planning.gaps.engine.reasons import Reason


def text(reason: Reason | None) -> str | None:
    """A reason code as JSON."""
    return None if reason is None else str(reason)


def column(values: np.ndarray, present: np.ndarray) -> list[float | None]:
    """A masked column as Python numbers and None."""
    return [v if p else None for v, p in zip(values.tolist(), present.tolist(), strict=True)]


def regions(p: Point, best_case: list[float | None] | None) -> list[dict[str, Any]]:
    """Score of every node, rank and coverage of every region in the section."""
    setup = p.setup
    found = []
    for i, raw in enumerate(setup.doc["regions"]):
        found.append({
            "code": raw["code"],
            "role": "own" if i == setup.own else raw["role"],
            "score": float(p.nodes[0, -1, i]) if p.node_present[0, -1, i] else None,
            "reason": text(point.region_reason(p, -1, i)),
            "coverage": float(p.coverage[-1, i]),
            "ranked": bool(p.ranked[-1, i]),
            "rank": p.ranks[-1][i],
            "nodes": {setup.nodes[k].code: _node(p, k, i) for k in setup.inner},
            "best_case": None if best_case is None else best_case[i],
        })  # fmt: skip
    return found


def _node(p: Point, k: int, i: int) -> dict[str, Any]:
    present = bool(p.node_present[k, -1, i])
    return {
        "score": float(p.nodes[k, -1, i]) if present else None,
        "coverage": float(p.node_coverage[k, -1, i]),
        "reason": text(p.node_reasons[k, -1, i]),
    }


def tree(p: Point) -> list[dict[str, Any]]:
    """Nodes with their shares and effective weights as used."""
    nodes, down = p.setup.nodes, [1.0] * len(p.setup.nodes)
    share = [1.0] * len(nodes)
    for k, node in enumerate(nodes):
        for position, child in enumerate(node.children):
            share[child] = float(p.shares[k][position])
            down[child] = down[k] * share[child]
    return [
        {
            "code": node.code,
            "parent": nodes[node.parent].code if node.parent >= 0 else None,
            "indicator": p.setup.indicators[node.leaf]["code"] if node.leaf >= 0 else None,
            "weight": share[k],
            "effective": down[k],
            "aggregation": node.rule if node.leaf < 0 else None,
        }
        for k, node in enumerate(nodes)
    ]


def benchmarks(found: Sequence[Comparison], codes: tuple[str, ...]) -> list[dict[str, Any]]:
    """Composite gap to every kind."""
    return [
        {
            "kind": c.kind, "region": None if c.target.region is None else codes[c.target.region],
            "score": c.target.value, "gap": c.gap, "reason": text(c.reason), "lead": c.lead,
        }
        for c in found
    ]  # fmt: skip


def overall(p: Point, chosen: Comparison) -> dict[str, Any]:
    """The own region in one line."""
    own, values = p.setup.own, p.composites(-1)
    peers = [values[i] for i in p.setup.peers if values[i] is not None]
    return {
        "score": float(p.nodes[0, -1, own]) if p.node_present[0, -1, own] else None,
        "reason": text(point.region_reason(p, -1, own)),
        "rank": p.ranks[-1][own],
        "n_ranked": int(p.ranked[-1].sum()),
        "benchmark": {
            "kind": chosen.kind,
            "region": None if chosen.target.region is None else p.setup.regions[chosen.target.region],
            "score": chosen.target.value,
            "reason": text(chosen.target.reason),
        },
        "gap": chosen.gap,
        "gap_reason": text(chosen.reason),
        "lead": chosen.lead,
        "mean": float(np.mean(peers)) if peers else None,
        "median": float(median(peers)) if peers else None,
    }


def decomposition(p: Point, found: Comparison) -> dict[str, Any] | None:
    """Lines that sum to the gap; the greatest first."""
    parts = found.parts
    if parts is None:
        return None
    setup = p.setup
    own = p.scores.values[-1, setup.own]
    shown = [int(j) for j in np.flatnonzero(~np.isnan(parts.lines))]
    lines = [
        {
            "code": setup.indicators[j]["code"],
            "value": float(parts.lines[j]),
            "weight": float(parts.weights[j]),
            "own_score": float(own[j]),
            "benchmark_score": float(found.profile[j]),
            "standard_error": float(parts.errors[j]) or None,
        }
        for j in shown
    ]
    sums = {setup.nodes[k].code: 0.0 for k in setup.inner}
    leaf_nodes = setup.leaf_nodes()
    for j in shown:
        k = setup.nodes[leaf_nodes[j]].parent
        while k >= 0:
            sums[setup.nodes[k].code] += float(parts.lines[j])
            k = setup.nodes[k].parent
    return {
        "kind": found.kind,
        "region": None if found.target.region is None else setup.regions[found.target.region],
        "gap": parts.gap,
        "method": parts.method,
        "lines": sorted(lines, key=lambda line: (-line["value"], line["code"])),
        "coverage_effect": parts.coverage,
        "profile_effect": parts.profile,
        "nodes": sums,
        "profile": {} if found.profile_nodes is None else _profile(p, found.profile_nodes),
    }


def _profile(p: Point, nodes: agg.TreeScores) -> dict[str, Any]:
    return {
        p.setup.nodes[k].code: {
            "score": float(nodes.values[k, 0]) if nodes.present[k, 0] else None,
            "coverage": float(nodes.coverage[k, 0]),
            "reason": text(nodes.reasons[k, 0]),
        }
        for k in p.setup.inner
    }


def change(p: Point) -> dict[str, Any] | None:
    """Change of the own score over the years, decomposed."""
    found = compare.change(p)
    if found is None or found[2].parts is None:
        return None
    first, last, comparison = found
    document = decomposition(p, comparison)
    before = p.scores.values[p.cube.years.index(first), p.setup.own]
    at = {i["code"]: j for j, i in enumerate(p.setup.indicators)}
    for line in document["lines"]:
        line["own_score"] = float(before[at[line["code"]]])
    return {"first": first, "last": last, "decomposition": document}


def indicators(p: Point, chosen: Comparison) -> list[dict[str, Any]]:
    """Everything about every indicator."""
    weights = agg.effective(p.setup, p.shares, np.ones(len(p.setup.indicators), bool))[0]
    return [_indicator(p, j, float(weights[j]), chosen) for j in range(len(p.setup.indicators))]


def _indicator(p: Point, j: int, weight: float, chosen: Comparison) -> dict[str, Any]:
    setup, raw = p.setup, p.setup.indicators[j]
    own, direction = setup.own, raw["direction"]
    values = column(p.cube.values[-1, :, j], p.cube.present[-1, :, j])
    ranks = competition_ranks([None if v is None else direction * v for v in values])
    cells = _cells(p, j, values, ranks)
    known = [i for i, v in enumerate(values) if v is not None]
    best = max(known, key=lambda i: (direction * values[i], i == own, -i)) if known else None
    peers = [values[i] for i in setup.peers if values[i] is not None]
    years = sorted({int(p.cube.years_of[i, j]) for i in known} - {0})
    worst, top = p.scores.range_in_units(j)
    found = _gaps(p, j, values, worst, top)
    main = next(g for g in found if g["kind"] == chosen.kind)
    line = None if chosen.parts is None or np.isnan(chosen.parts.lines[j]) else float(chosen.parts.lines[j])
    return {
        "code": raw["code"], "direction": direction, "fixed": bool(p.raw.fixed[j]), "weight": weight,
        "own": cells[own], "best": None if best is None else cells[best], "cells": cells,
        "median": {"value": float(median(peers)) if peers else None, "n": len(peers), "years": years},
        "benchmark": {"value": main["value"], "region": main["region"],
                      "reason": main["reason"] if main["value"] is None else None},
        "gap": main["absolute"], "gap_reason": main["reason"], "relative_gap": main["relative"],
        "relative_gap_reason": main["relative_reason"], "gaps": found, "rank": ranks[own], "n_ranked": len(known),
        "n_regions": len(setup.regions), "years": years, "range": {"worst": worst, "best": top},
        "score_reason": text(p.scores.reasons[-1, j]), "flags": [str(f) for f in p.cube.flags[j]],
        "comparability": raw["comparability"], "trend": panel.document(panel.own_trend(p, j)),
        "peer_trend": panel.document(panel.peer_trend(p, j)), "contribution": line,
    }  # fmt: skip


def _gaps(
    p: Point, j: int, values: list[float | None], worst: float | None, best: float | None
) -> list[dict[str, Any]]:
    setup, raw = p.setup, p.setup.indicators[j]
    own, direction = setup.own, raw["direction"]
    span = None if worst is None or best is None else abs(best - worst)
    if raw["worst"] is not None:
        span = abs(raw["best"] - raw["worst"])
    found = []
    for kind in compare.kinds(p):
        target = gaps.benchmark(
            values, kind, own, setup.peers, direction=direction, leaders=p.leaders, region=compare.named(p),
            target=raw["target"],
        )  # fmt: skip
        gap = gaps.gap(values[own], target, direction, raw["interval"], span)
        found.append({
            "kind": kind,
            "region": None if target.region is None else setup.regions[target.region],
            "value": None if target.value is None else float(target.value),
            "reason": text(gap.reason),
            "absolute": gap.absolute, "relative": gap.relative, "relative_reason": text(gap.relative_reason),
            "normalised": gap.normalised, "normalised_reason": text(gap.normalised_reason),
            "score": _score_gap(p, j, kind, target),
            "lead": gaps.lead(values, own, p.leaders, direction) if target.region == own else None,
        })  # fmt: skip
    return found


def _score_gap(p: Point, j: int, kind: str, target: gaps.Target) -> float | None:
    """Benchmark's score minus own score; for a middle of peers the middle of their scores."""
    own = p.setup.own
    scores = column(p.scores.values[-1, :, j], p.scores.present[-1, :, j])
    if scores[own] is None:
        return None
    if kind == "target":
        aim = compare.target_scores(p)[j]
        return None if np.isnan(aim) else float(aim) - scores[own]
    found = gaps.benchmark(scores, kind, own, p.setup.peers, leaders=p.leaders, region=compare.named(p))
    return None if found.value is None else float(found.value) - scores[own] + 0.0


def _cells(p: Point, j: int, values: list[float | None], ranks: list[int | None]) -> list[dict[str, Any]]:
    years, treated = p.cube.years_of[:, j].tolist(), p.scores.treated[-1, :, j].tolist()
    scores = column(p.scores.values[-1, :, j], p.scores.present[-1, :, j])
    found = []
    for i, code in enumerate(p.setup.regions):
        there = values[i] is not None
        source, vintage, _ = p.raw.origin.get((i, j, years[i]), ("", "", 0.0)) if there else ("", "", 0.0)
        found.append({
            "region": code, "value": values[i], "year": years[i] or None, "source": source, "vintage": vintage,
            "treated": treated[i] if there else None, "score": scores[i], "rank": ranks[i],
            "reason": None if there else text(_missing(p, i, j)),
            "score_reason": None if scores[i] is not None else text(_no_score(p, i, j, there)),
            "flags": [str(f) for f in cell_flags(p, -1, i, j)] if there else [],
        })  # fmt: skip
    return found


def _missing(p: Point, i: int, j: int) -> Reason:
    if (i, j) in p.raw.undivided:
        return Reason.NO_DENOMINATOR
    return Reason.OWN_MISSING if i == p.setup.own else Reason.MISSING


def _no_score(p: Point, i: int, j: int, there: bool) -> Reason:
    if p.scores.reasons[-1, j] is not None:
        return p.scores.reasons[-1, j]
    if there and p.scores.non_positive[-1, i, j]:
        return Reason.NON_POSITIVE
    return _missing(p, i, j)


def cell_flags(p: Point, s: int, i: int, j: int) -> list[Reason]:
    """What must be known of a cell that is there."""
    found = [Reason.IMPUTED] if p.cube.imputed[s, i, j] else []
    found += [Reason.TREATED] if p.scores.moved[s, i, j] else []
    found += [Reason.CAPPED] if p.scores.capped[s, i, j] else []
    return found + ([Reason.BREAK_IN_SERIES] if s >= 0 and p.raw.breaks[s, i, j] else [])
