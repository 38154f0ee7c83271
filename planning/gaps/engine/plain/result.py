"""The result document: plain JSON, the same for the same case, no NaN, every None with its reason."""

import math
from statistics import median
from typing import Any

from planning.gaps.engine.case import Case, Normalisation
from planning.gaps.engine.plain.frame import Frame
from planning.gaps.engine.plain.gaps import Gap, Target
from planning.gaps.engine.plain.normalise import Scores
from planning.gaps.engine.plain.ranks import competition_ranks
from planning.gaps.engine.plain.select import Section
from planning.gaps.engine.plain.trend import Trend
from planning.gaps.engine.reasons import Reason

SCHEMA = "gap-result/1"
ENGINE_VERSION = "1.0"


def finite(document: Any) -> Any:
    """The document itself; raises ``ValueError`` when a number in it is NaN or infinite."""
    if isinstance(document, float) and not math.isfinite(document):
        raise ValueError("The result holds a number that is not finite.")
    if isinstance(document, dict):
        for value in document.values():
            finite(value)
    elif isinstance(document, list):
        for value in document:
            finite(value)
    return document


def options_document(case: Case) -> dict[str, Any]:
    o = case.options
    return {
        "year_rule": str(o.year_rule),
        "year": o.year,
        "benchmark": str(o.benchmark),
        "reference": o.reference,
        "normalisation": str(o.normalisation),
        "scale": list(o.scale),
        "window": o.window,
        "common_share": o.common_share,
        "region_coverage": o.region_coverage,
        "node_coverage": o.node_coverage,
        "min_regions": o.min_regions,
        "stale_after": o.stale_after,
    }


def column(values, present) -> list[float | None]:
    """A masked column as Python numbers and None."""
    return [float(v) if p else None for v, p in zip(values, present, strict=True)]


def indicator_document(
    frame: Frame, section: Section, scores: Scores, j: int, target: Target, found: Gap, trend: Trend
) -> dict[str, Any]:
    """Everything about one indicator: figures of all regions, best, median, gap, trend, flags."""
    code, direction = frame.indicators[j], float(frame.directions[j])
    values, points = (
        column(section.values[:, j], section.present[:, j]),
        column(scores.values[:, j], scores.present[:, j]),
    )
    ranks = competition_ranks([None if v is None else direction * v for v in values])
    cells = [_cell(frame, section, i, j, values[i], points[i], ranks[i]) for i in range(len(frame.regions))]
    known = [i for i, v in enumerate(values) if v is not None]
    best = max(known, key=lambda i: (direction * values[i], i == frame.own, -i)) if known else None
    peers = [values[i] for i in known if i != frame.own]
    years = sorted({c["year"] for c in cells if c["value"] is not None and c["year"] is not None})
    return {
        "code": code,
        "direction": int(direction),
        "fixed": bool(frame.is_fixed[j]),
        "own": cells[frame.own],
        "best": cells[best] if best is not None else None,
        "median": {"value": median(peers) if peers else None, "n": len(peers), "years": years},
        "benchmark": {
            "value": target.value,
            "region": None if target.region is None else frame.regions[target.region],
            "reason": _text(target.reason),
        },
        "gap": found.absolute,
        "gap_reason": _text(found.reason),
        "relative_gap": found.relative,
        "relative_gap_reason": _text(found.relative_reason),
        "rank": ranks[frame.own],
        "n_ranked": len(known),
        "n_regions": len(frame.regions),
        "years": years,
        "range": {"worst": scores.low[j], "best": scores.high[j]},
        "score_reason": _text(scores.reasons[j]),
        "trend": _trend(trend),
        "flags": [str(f) for f in section.flags[j]],
        "cells": cells,
    }


def _cell(frame: Frame, section: Section, i: int, j: int, value, score, rank) -> dict[str, Any]:
    region, code = frame.regions[i], frame.indicators[j]
    year = int(section.years[i, j]) or None
    return {
        "region": region,
        "value": value,
        "year": year,
        "source": frame.origin.get((region, code, year), "") if value is not None else "",
        "score": score,
        "rank": rank,
        "reason": None if value is not None else _missing(frame, i, j),
    }


def _missing(frame: Frame, i: int, j: int) -> str:
    return str(Reason.OWN_MISSING if i == frame.own else Reason.MISSING)


def _trend(trend: Trend) -> dict[str, Any]:
    return {
        "growth": trend.growth,
        "growth_reason": _text(trend.growth_reason),
        "slope": trend.slope,
        "slope_reason": _text(trend.slope_reason),
        "first": trend.first,
        "last": trend.last,
        "n": trend.n,
        "broken": trend.broken,
    }


def quality(case: Case, indicators: list[dict]) -> dict[str, Any]:
    """Share of cells observed, years and how many cells each source gave."""
    cells = [c for i in indicators for c in i["cells"]]
    seen = [c for c in cells if c["value"] is not None]
    by_year: dict[str, int] = {}
    by_source: dict[str, int] = {}
    for c in seen:
        by_year[str(c["year"] or "fixed")] = by_year.get(str(c["year"] or "fixed"), 0) + 1
        by_source[c["source"]] = by_source.get(c["source"], 0) + 1
    return {
        "cells": len(cells),
        "observed": len(seen),
        "imputed": 0,
        "treated": 0,
        "by_year": dict(sorted(by_year.items())),
        "by_source": dict(sorted(by_source.items(), key=lambda item: (-item[1], item[0]))),
        "trends": case.options.normalisation == Normalisation.PANEL,
    }


def _text(reason: Reason | None) -> str | None:
    return None if reason is None else str(reason)
