"""The order of operations, fixed: select → screen → orient and normalise → weight → aggregate → rank → gap →
decompose → trend. Later methods (imputation, treatment, robustness …) are further steps between these."""

from collections.abc import Callable
from math import fsum
from statistics import fmean, median
from typing import Any

from planning.gaps.engine import case as cases
from planning.gaps.engine.case import Benchmark, Case, Normalisation
from planning.gaps.engine.plain import frame as frames
from planning.gaps.engine.plain import result
from planning.gaps.engine.plain.aggregate import NodeScore, aggregate
from planning.gaps.engine.plain.decompose import decompose
from planning.gaps.engine.plain.gaps import benchmark_value, gap, second_best
from planning.gaps.engine.plain.normalise import Scores, normalise
from planning.gaps.engine.plain.ranks import competition_ranks
from planning.gaps.engine.plain.select import Section, select
from planning.gaps.engine.plain.trend import Trend, trend
from planning.gaps.engine.plain.weights import effective
from planning.gaps.engine.reasons import Reason

STEPS = ("check", "select", "normalise", "aggregate", "rank", "gap", "decompose", "trend")
Watcher = Callable[[str, int, int], None]


def run(case: Case, watch: Watcher = lambda step, done, of: None) -> dict[str, Any]:
    """The result document of a case.

    ``watch(step, done, of)`` is told before each step. Raises ``case.Refused`` when the case cannot be right; a
    case without common figures is no error: its result says NO_COMMON_DATA.
    """
    told = iter(range(len(STEPS)))

    def step(name: str) -> None:
        watch(name, next(told), len(STEPS))

    step("check")
    cases.check(case)
    frame = frames.build(case)
    step("select")
    section = select(frame, case.options)
    step("normalise")
    scores = normalise(frame, section, case.options)
    step("aggregate")
    regions = _regions(case, frame, scores)
    step("rank")
    _rank(regions)
    step("gap")
    gaps = [_gap(case, frame, section, j) for j in range(len(frame.indicators))]
    overall = _overall(case, regions)
    step("decompose")
    parts = _decomposition(case, frame, scores, regions, overall)
    step("trend")
    trends = [_trend(case, frame, section, j) for j in range(len(frame.indicators))]
    indicators = [
        result.indicator_document(frame, section, scores, j, *gaps[j], trends[j]) for j in range(len(frame.indicators))
    ]
    return result.finite(_document(case, regions, indicators, overall, parts))


def _document(case: Case, regions, indicators, overall, parts) -> dict[str, Any]:
    weights = effective(case.tree)
    lines = {line["code"]: line for line in (parts or {}).get("lines", [])}
    for indicator in indicators:
        indicator["weight"] = weights[indicator["code"]]
        indicator["contribution"] = lines.get(indicator["code"], {}).get("value")
    empty = all(indicator["gap"] is None for indicator in indicators)
    return {
        "schema": result.SCHEMA,
        "engine": result.ENGINE_VERSION,
        "input_hash": case.digest(),
        "own": case.own,
        "options": result.options_document(case),
        "empty": str(Reason.NO_COMMON_DATA) if empty else None,
        "overall": overall,
        "regions": [{k: v for k, v in r.items() if k != "weights"} for r in regions],
        "indicators": indicators,
        "decomposition": parts,
        "quality": result.quality(case, indicators),
        "counts": {
            "regions": len(case.regions),
            "indicators": len(case.indicators),
            "observations": len(case.observations),
        },
    }


def _leaf_scores(frame: frames.Frame, scores: Scores, i: int) -> dict[str, float | None]:
    return dict(zip(frame.indicators, result.column(scores.values[i], scores.present[i]), strict=True))


def _regions(case: Case, frame: frames.Frame, scores: Scores) -> list[dict[str, Any]]:
    """Score of every node per region.

    A region without figures for ``region_coverage`` of the weight is shown but not ranked, except the own one, which
    is ranked with the flag; below ``node_coverage`` no region has a score.
    """
    usable = [j for j, reason in enumerate(scores.reasons) if reason is None]
    weights = list(effective(case.tree).values())
    found = []
    for i, code in enumerate(frame.regions):
        nodes = aggregate(case.tree, _leaf_scores(frame, scores, i), case.options.node_coverage)
        top = nodes[case.tree.code]
        coverage = _coverage([bool(scores.present[i, j]) for j in usable], [weights[j] for j in usable])
        low = coverage < case.options.region_coverage - 1e-9
        found.append(
            {
                "code": code,
                "score": top.score,
                "reason": str(Reason.LOW_COVERAGE) if low and top.score is not None else _text(top.reason),
                "coverage": coverage,
                "ranked": top.score is not None and (not low or code == case.own),
                "nodes": {n.code: _node(nodes[n.code]) for n in case.tree.walk() if n.children},
                "weights": dict(top.weights),
            }
        )
    return found


def _coverage(present: list[bool], weights: list[float]) -> float:
    """The smaller of two shares: of the usable indicators, and of their weight, for which there is a figure."""
    if not present or not fsum(weights) > 0:
        return 0.0
    weighed = fsum(w for w, p in zip(weights, present, strict=True) if p) / fsum(weights)
    return min(sum(present) / len(present), weighed)


def _node(score: NodeScore) -> dict[str, Any]:
    return {"score": score.score, "coverage": score.coverage, "reason": _text(score.reason)}


def _text(reason: Reason | None) -> str | None:
    return None if reason is None else str(reason)


def _rank(regions: list[dict[str, Any]]) -> None:
    ranks = competition_ranks([r["score"] if r["ranked"] else None for r in regions])
    for region, rank in zip(regions, ranks, strict=True):
        region["rank"] = rank


def _gap(case: Case, frame: frames.Frame, section: Section, j: int):
    values = result.column(section.values[:, j], section.present[:, j])
    indicator = next(i for i in case.indicators if i.code == frame.indicators[j])
    reference = frame.regions.index(case.options.reference) if case.options.reference else None
    target = benchmark_value(values, indicator.direction, frame.own, case.options.benchmark, reference)
    return target, gap(values[frame.own], target, indicator.direction, indicator.interval)


def _overall(case: Case, regions: list[dict[str, Any]]) -> dict[str, Any]:
    """Own score and rank, and the benchmark's score by the chosen kind."""
    own = next(i for i, r in enumerate(regions) if r["code"] == case.own)
    scores = [r["score"] if r["ranked"] else None for r in regions]
    kind, reference = case.options.benchmark, None
    if kind == Benchmark.REGION:
        reference = next(i for i, r in enumerate(regions) if r["code"] == case.options.reference)
        scores_seen = [r["score"] for r in regions]  # a region chosen by name counts whatever its coverage
    else:
        scores_seen = scores
    target = benchmark_value(scores_seen, 1, own, kind, reference)
    found = gap(scores[own], target, 1, interval=True)
    leads = target.region == own
    second = second_best(scores, 1, own)
    peers = [s for i, s in enumerate(scores) if i != own and s is not None]
    return {
        "score": scores[own],
        "reason": regions[own]["reason"],
        "rank": regions[own]["rank"],
        "n_ranked": sum(s is not None for s in scores),
        "benchmark": {
            "kind": str(kind),
            "region": None if target.region is None else regions[target.region]["code"],
            "score": target.value,
            "reason": _text(target.reason),
        },
        "gap": found.absolute,
        "gap_reason": _text(found.reason),
        "lead": scores[own] - second if leads and second is not None else None,
        "mean": fmean(peers) if peers else None,
        "median": median(peers) if peers else None,
    }


def _decomposition(case: Case, frame, scores: Scores, regions, overall) -> dict[str, Any] | None:
    """Lines that sum to the gap, and the profile of the benchmark they are measured against."""
    own = frame.own
    if overall["gap"] is None:
        return None
    peers = [i for i, r in enumerate(regions) if r["ranked"] and i != own]
    profile = _profile(case, frame, scores, overall, peers)
    nodes = aggregate(case.tree, profile, case.options.node_coverage)
    top = nodes[case.tree.code]
    if top.score is None:
        return None
    mine = _leaf_scores(frame, scores, own)
    counted = {c: s for c, s in mine.items() if c in regions[own]["weights"]}
    against = {c: s for c, s in profile.items() if c in top.weights}
    parts = decompose(case.tree, counted, against, overall["score"], overall["benchmark"]["score"], top.score)
    lines = [
        {"code": c, "value": v, "weight": parts.weights[c], "own_score": mine[c], "benchmark_score": profile[c]}
        for c, v in sorted(parts.contributions.items(), key=lambda item: (-item[1], item[0]))
    ]
    return {
        "gap": parts.gap,
        "lines": lines,
        "coverage_effect": parts.coverage,
        "profile_effect": parts.profile,
        "profile": {n.code: _node(nodes[n.code]) for n in case.tree.walk() if n.children},
    }


def _profile(case: Case, frame, scores: Scores, overall, peers: list[int]) -> dict[str, float | None]:
    """Scores of the benchmark by indicator: those of one region, or mean/median over the ranked peers."""
    if overall["benchmark"]["region"] is not None:
        return _leaf_scores(frame, scores, frame.regions.index(overall["benchmark"]["region"]))
    middle = fmean if case.options.benchmark == Benchmark.MEAN else median
    found: dict[str, float | None] = {}
    for j, code in enumerate(frame.indicators):
        known = [float(scores.values[i, j]) for i in peers if scores.present[i, j]]
        found[code] = middle(known) if known else None
    return found


def _trend(case: Case, frame: frames.Frame, section: Section, j: int) -> Trend:
    """Trend of the own region's series over the window that ends with the year compared."""
    if frame.is_fixed[j]:
        return Trend(growth_reason=Reason.FIXED, slope_reason=Reason.FIXED)
    if case.options.normalisation == Normalisation.YEAR:
        return Trend(growth_reason=Reason.YEAR_MODE, slope_reason=Reason.YEAR_MODE)
    if not section.present[frame.own, j]:
        return Trend(growth_reason=Reason.OWN_MISSING, slope_reason=Reason.OWN_MISSING)
    last = int(section.years[frame.own, j])
    here = [
        t
        for t, year in enumerate(frame.years)
        if frame.present[frame.own, j, t] and last - case.options.window < year <= last
    ]
    found = trend(
        [frame.years[t] for t in here],
        [float(frame.values[frame.own, j, t]) for t in here],
        [bool(frame.breaks[frame.own, j, t]) for t in here],
    )
    if next(i for i in case.indicators if i.code == frame.indicators[j]).interval:
        return Trend(None, Reason.INTERVAL_SCALE, *_slope(found))
    return found


def _slope(found: Trend):
    return found.slope, found.slope_reason, found.first, found.last, found.n, found.broken
