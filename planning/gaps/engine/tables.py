"""Tables of the result: the panel year by year, filled cells, treatments, peers, data envelopment, data quality."""

import math
from collections import Counter
from typing import Any

import numpy as np

from planning.gaps.engine import dea, peers, point
from planning.gaps.engine.output import cell_flags, column, text
from planning.gaps.engine.point import Point
from planning.gaps.engine.reasons import Reason

GRADES = "ABCD"
COVERAGE, AGE, WIDTH, LIMITED = (0.9, 0.75, 0.6), (1.0, 2.0, 4.0), (0.2, 0.4, 0.6), (0.0, 0.25, 0.5)


def years(p: Point) -> list[dict[str, Any]]:
    """Scores, ranks, treated and normalised values of every year of the panel."""
    setup = p.setup
    found = []
    for s, year in enumerate(p.cube.years):
        marked = np.argwhere(p.cube.imputed[s] | p.scores.moved[s] | p.scores.capped[s] | p.raw.breaks[s])
        found.append({
            "year": year,
            "regions": [_region(p, s, i) for i in range(len(setup.regions))],
            "n_ranked": int(p.ranked[s].sum()),
            "cells": [column(v, h) for v, h in zip(p.scores.treated[s], p.cube.present[s], strict=True)],
            "scores": [column(v, h) for v, h in zip(p.scores.values[s], p.scores.present[s], strict=True)],
            "flags": [
                {"region": setup.regions[i], "indicator": setup.indicators[j]["code"],
                 "flags": [str(f) for f in cell_flags(p, s, i, j)]}
                for i, j in marked
            ],
        })  # fmt: skip
    return found


def _region(p: Point, s: int, i: int) -> dict[str, Any]:
    return {
        "code": p.setup.regions[i],
        "score": float(p.nodes[0, s, i]) if p.node_present[0, s, i] else None,
        "rank": p.ranks[s][i],
        "reason": text(point.region_reason(p, s, i)),
        "nodes": {
            p.setup.nodes[k].code: float(p.nodes[k, s, i]) if p.node_present[k, s, i] else None for k in p.setup.inner
        },
    }


def imputed(p: Point) -> list[dict[str, Any]]:
    """Every filled cell of the panel with the years of the figures used."""
    method = p.setup.doc["imputation"]["method"]
    found = []
    for s, i, j in np.argwhere(p.cube.imputed[:-1]):
        series = p.raw.present[:-1, i, j]
        within = method in ("linear", "locf", "focb")
        donors = [y for t, y in enumerate(p.cube.years) if series[t]] if within else [p.cube.years[s]]
        known = [y for t, y in enumerate(p.cube.years) if series[t]]
        year = p.cube.years[s]
        outside = within and (year < min(known) or year > max(known))
        found.append({
            "region": p.setup.regions[i], "indicator": p.setup.indicators[j]["code"], "year": year,
            "value": float(p.cube.values[s, i, j]), "method": method, "donors": _nearest(donors, year, within),
            "flags": [str(f) for f in ([Reason.IMPUTED, Reason.EXTRAPOLATED] if outside else [Reason.IMPUTED])],
        })  # fmt: skip
    return found


def _nearest(donors: list[int], year: int, within: bool) -> list[int]:
    """The figures next to a filled cell in its own series: before and after, or the nearest end."""
    if not within:
        return donors
    before, after = [y for y in donors if y < year], [y for y in donors if y > year]
    return [max(before), min(after)] if before and after else [min(donors, key=lambda y: abs(y - year))]


def treatments(p: Point) -> list[dict[str, Any]]:
    """Skewness and kurtosis before and after, method and cells, when treatment is on."""
    if not p.setup.doc["treatment"]["enabled"]:
        return []
    found = []
    for j, indicator in enumerate(p.setup.indicators):
        t = p.scores.treatments[j]
        found.append({
            "code": indicator["code"], "method": t.method,
            "before": {"skewness": t.before[0], "kurtosis": t.before[1]},
            "after": {"skewness": t.after[0], "kurtosis": t.after[1]},
            "moved": t.moved, "passed": t.passed, "reason": text(p.scores.treated_reasons[j]),
            "cells": [] if t.method == "log" else _moved(p, j),
        })  # fmt: skip
    return found


def _moved(p: Point, j: int) -> list[dict[str, Any]]:
    return [
        {"region": p.setup.regions[i], "year": p.cube.years[s] if s < len(p.cube.years) else None,
         "original": float(p.cube.values[s, i, j]), "value": float(p.scores.treated[s, i, j])}
        for s, i in np.argwhere(p.scores.moved[:, :, j])
        if s < len(p.cube.years)
    ]  # fmt: skip


def peer_finder(p: Point) -> dict[str, Any]:
    """Nearest regions by structural figures."""
    options = p.setup.doc["peer_finder"]
    if not options["indicators"]:
        return {"reason": str(Reason.NOT_ASKED), "peers": []}
    codes = [i["code"] for i in options["indicators"]]
    figures = np.array([
        [math.nan if r["structure"].get(c) is None else float(r["structure"][c]) for c in codes]
        for r in p.setup.doc["regions"]
    ])  # fmt: skip
    logs = [i["transform"] == "log" for i in options["indicators"]]
    found = peers.nearest(figures, p.setup.own, p.setup.regions, options["count"], logs)
    return {
        "reason": None if found else str(Reason.NO_PEERS),
        "peers": [
            {
                "code": p.setup.regions[peer.region], "distance": peer.distance, "shared": peer.shared,
                "differences": {c: float(d) for c, d in zip(codes, peer.differences, strict=True) if not math.isnan(d)},
            }
            for peer in found
        ],
    }  # fmt: skip


def envelopment(p: Point) -> dict[str, Any]:
    """The optional module; regions without all figures have no efficiency."""
    raw = p.setup.doc["dea"]
    if not raw["inputs"] or not raw["outputs"]:
        return {"reason": str(Reason.NOT_ASKED), "regions": {}}
    at = {code: j for j, code in enumerate(p.setup.codes)}
    inputs, outputs = [at[c] for c in raw["inputs"]], [at[c] for c in raw["outputs"]]
    fine = p.cube.present[-1][:, inputs + outputs].all(axis=1)
    values = p.cube.values[-1][fine]
    found = iter(dea.efficiency(values[:, inputs], values[:, outputs]).tolist())
    return {
        "reason": None,
        "regions": {c: next(found) if f else None for c, f in zip(p.setup.regions, fine, strict=True)},
    }


def quality(p: Point, robustness: dict[str, Any]) -> dict[str, Any]:
    """What the figures rest on, and a grade A–D: the worst of coverage, age, comparability and rank interval."""
    present, filled = p.cube.present[-1], p.cube.imputed[-1]
    observed = int((present & ~filled).sum())
    by_year, by_source, ages = Counter(), Counter(), Counter()
    newest = int(p.cube.years_of.max(initial=0))
    for i, j in np.argwhere(present & ~filled):
        year = int(p.cube.years_of[i, j])
        by_year[str(year or "fixed")] += 1
        by_source[p.raw.origin[i, j, year][0]] += 1
        if year:
            ages[newest - year] += 1
    comparability = Counter(i["comparability"] for i in p.setup.indicators)
    parts = _parts(p, observed / present.size, ages, robustness)
    grades = [part["grade"] for part in parts.values() if part["grade"]]
    return {
        "grade": max(grades),
        "parts": parts,
        "cells": int(present.size),
        "observed": observed,
        "imputed": int(filled.sum()),
        "treated": int(p.scores.moved[-1].sum()),
        "capped": int(p.scores.capped[-1].sum()),
        "by_year": dict(sorted(by_year.items())),
        "by_source": dict(sorted(by_source.items(), key=lambda item: (-item[1], item[0]))),
        "ages": {str(age): ages[age] for age in sorted(ages)},
        "regions_per_indicator": {
            i["code"]: int(present[:, j].sum()) for j, i in enumerate(p.setup.indicators)
        },
        "comparability": {name: comparability.get(name, 0) for name in ("full", "limited", "none")},
        "trends": p.comparable,
    }  # fmt: skip


def _parts(p: Point, coverage: float, ages: Counter, robustness: dict[str, Any]) -> dict[str, Any]:
    total = sum(ages.values())
    age = sum(a * n for a, n in ages.items()) / total if total else None
    effective = p.setup.effective()
    limited = math.fsum(w for w, i in zip(effective, p.setup.indicators, strict=True) if i["comparability"] != "full")
    if any(i["comparability"] == "none" for i in p.setup.indicators):
        limited = max(limited, 0.51)
    own = next((r for r in robustness["regions"] if r["code"] == p.setup.doc["own"]), None)
    count = len(robustness["regions"])
    width = (own["high"] - own["low"]) / (count - 1) if own and count > 1 else None
    return {
        "coverage": {"grade": _grade(-coverage, [-c for c in COVERAGE]), "value": coverage},
        "age": {"grade": None if age is None else _grade(age, AGE), "value": age},
        "comparability": {"grade": _grade(limited, LIMITED), "value": limited},
        "interval": {"grade": None if width is None else _grade(width, WIDTH), "value": width},
    }


def _grade(value: float, limits) -> str:
    return GRADES[sum(value > limit + 1e-12 for limit in limits)]
