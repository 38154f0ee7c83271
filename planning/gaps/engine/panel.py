"""Trends over the years of the panel: figures, scores, convergence, catching up."""

from dataclasses import asdict
from typing import Any

import numpy as np

from planning.gaps.engine import catchup, compare, shortfall
from planning.gaps.engine import trend as trends
from planning.gaps.engine.compare import Comparison
from planning.gaps.engine.point import Point
from planning.gaps.engine.reasons import Reason
from planning.gaps.engine.trend import Trend


def document(found: Any) -> dict[str, Any]:
    """A dataclass as JSON: reasons as text."""
    return {k: _plain(v) for k, v in asdict(found).items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Reason):
        return str(value)
    return [_plain(v) for v in value] if isinstance(value, tuple) else value


def own_trend(point: Point, j: int) -> Trend:
    """Trend of the own figures of an indicator (observed ones only), up to the year compared."""
    own, raw = point.setup.own, point.raw
    if raw.fixed[j]:
        return trends.none(Reason.FIXED)
    if not point.scores.comparable[j]:
        return trends.none(Reason.YEAR_MODE)
    if not point.cube.present[-1, own, j]:
        return trends.none(Reason.OWN_MISSING)
    at = _own_years(point, j)
    return trends.trend(
        [raw.years[t] for t in at],
        [float(raw.values[t, own, j]) for t in at],
        [bool(raw.breaks[t, own, j]) for t in at],
        interval=point.setup.indicators[j]["interval"],
    )


def _own_years(point: Point, j: int) -> list[int]:
    last = int(point.cube.years_of[point.setup.own, j])
    there = point.raw.present[:-1, point.setup.own, j]
    return [t for t, year in enumerate(point.raw.years) if there[t] and year <= last]


def peer_trend(point: Point, j: int) -> Trend:
    """Trend of the median of the peers that have a figure in every year of the own series (so that its makeup is
    always the same)."""
    raw = point.raw
    if raw.fixed[j]:
        return trends.none(Reason.FIXED)
    if not point.scores.comparable[j]:
        return trends.none(Reason.YEAR_MODE)
    at = _own_years(point, j)
    peers = [i for i in point.setup.peers if at and raw.present[at, i, j].all() and not raw.breaks[at, i, j].any()]
    if not peers:
        return trends.none(Reason.NO_PEERS)
    return trends.trend(
        [raw.years[t] for t in at],
        trends.middle([[float(raw.values[t, i, j]) for t in at] for i in peers]),
        interval=point.setup.indicators[j]["interval"],
    )


def _slope(years: list[int], values: np.ndarray) -> float:
    """Least-squares slope; nan below four years."""
    return trends.line(years, values).slope if len(years) >= trends.MIN_SLOPE else np.nan


def closing(point: Point, comparison: Comparison) -> np.ndarray:
    """Points a year by which the own score approaches the benchmark's, per indicator; nan where unknown."""
    found = np.full(len(point.setup.indicators), np.nan)
    profile, there = _profiles(point, comparison.kind, comparison.target.region)
    for j in range(len(found)):
        at = _usable(point, j, there[:, j])
        if len(at):
            values = point.scores.values[at, point.setup.own, j] - profile[at, j]
            found[j] = _slope([point.cube.years[t] for t in at], values)
    return found


def drift(point: Point) -> np.ndarray:
    """Slope of the own score minus that of the peers' mean score, per indicator; nan where unknown."""
    found = np.full(len(point.setup.indicators), np.nan)
    profile, there = _profiles(point, "mean", None)
    for j in range(len(found)):
        at = _usable(point, j, there[:, j])
        if len(at):
            found[j] = _slope(
                [point.cube.years[t] for t in at], point.scores.values[at, point.setup.own, j] - profile[at, j]
            )
    return found


def _usable(point: Point, j: int, there: np.ndarray) -> np.ndarray:
    """Years in which the own score and the other side's are there and comparable: from the last break on."""
    if point.raw.fixed[j] or not point.scores.comparable[j]:
        return np.array([], int)
    own = point.setup.own
    at = np.flatnonzero(point.scores.present[:-1, own, j] & there)
    broken = np.flatnonzero(point.raw.breaks[:-1, own, j])
    return at[at >= broken[-1]] if len(broken) else at


def _profiles(point: Point, kind: str, region: int | None) -> tuple[np.ndarray, np.ndarray]:
    """(scores, presence) years × indicators of the benchmark."""
    scores, present = point.scores.values[:-1], point.scores.present[:-1]
    if kind == "target":
        aims = compare.target_scores(point)
        shape = (len(scores), len(aims))
        return np.broadcast_to(np.nan_to_num(aims), shape), np.broadcast_to(~np.isnan(aims), shape)
    if region is not None:
        return scores[:, region], present[:, region]
    peers = list(point.setup.peers)
    if kind == "mean" and peers:
        s, p = scores[:, peers], present[:, peers]
        count = p.sum(axis=1)
        return np.divide((s * p).sum(axis=1), count, out=np.zeros(count.shape), where=count > 0), count > 0
    found = [shortfall.profile(kind, s, p, peers) for s, p in zip(scores, present, strict=True)]
    shape = (len(scores), len(point.setup.indicators))
    return np.array([f[0] for f in found]).reshape(shape), np.array([f[1] for f in found], bool).reshape(shape)


def section(point: Point, kinds: list[str]) -> dict[str, Any]:
    """The section 'trends' of the result."""
    if not point.comparable:
        nothing = {"years": [], "sd": [], "slope": None, "p": None, "reason": str(Reason.YEAR_MODE)}
        return {
            "reason": str(Reason.YEAR_MODE), "regions": {}, "nodes": {}, "catch_up": [], "sigma": nothing, "beta": {},
        }  # fmt: skip
    setup, years = point.setup, point.cube.years
    regions = {}
    for i, code in enumerate(setup.regions):
        at = [s for s in range(len(years)) if point.ranked[s, i]]
        regions[code] = document(_score_trend(years, at, point.nodes[0, :, i]))
    nodes = {}
    for k in setup.inner:
        at = [s for s in range(len(years)) if point.node_present[k, s, setup.own]]
        nodes[setup.nodes[k].code] = document(_score_trend(years, at, point.nodes[k, :, setup.own]))
    return {
        "reason": None,
        "regions": regions,
        "nodes": nodes,
        "catch_up": [_catch_up(point, kind) for kind in kinds],
        "sigma": _sigma(point),
        "beta": {setup.indicators[j]["code"]: _beta(point, j) for j in range(len(setup.indicators))},
    }


def _score_trend(years, at: list[int], values: np.ndarray) -> Trend:
    """Scores are points of a scale without an origin: no growth rates."""
    return trends.trend([years[s] for s in at], [float(values[s]) for s in at], interval=True)


def _catch_up(point: Point, kind: str) -> dict[str, Any]:
    years, gaps = compare.differences(point, kind)
    target = compare.composite_target(point, kind, -1)
    region = None if target.region is None else point.setup.regions[target.region]
    return {"kind": kind, "region": region} | document(catchup.catch_up(years, gaps))


def _sigma(point: Point) -> dict[str, Any]:
    """Over the regions that are ranked in every year with a ranking, so that the same are compared."""
    used = [s for s in range(len(point.cube.years)) if point.ranked[s].any()]
    always = point.ranked[used].all(axis=0) if used else np.zeros(len(point.setup.regions), bool)
    rows = [[float(v) for v in point.nodes[0, s, always]] for s in used]
    years = [point.cube.years[s] for s in used]
    spread, slope, p, reason = catchup.sigma(years, rows)
    return {"years": years, "sd": spread, "slope": slope, "p": p, "reason": None if reason is None else str(reason)}


def _beta(point: Point, j: int) -> dict[str, Any]:
    raw = point.raw
    reason: Reason | None = None
    if raw.fixed[j]:
        reason = Reason.FIXED
    elif point.setup.indicators[j]["interval"]:
        reason = Reason.INTERVAL_SCALE
    else:
        at = np.flatnonzero(raw.present[:-1, :, j].any(axis=1))
        if len(at) < 2:
            reason = Reason.TOO_FEW_YEARS
    if reason is not None:
        return {"b": None, "p": None, "n": 0, "reason": str(reason)}
    first, last = int(at[0]), int(at[-1])
    both = raw.present[first, :, j] & raw.present[last, :, j] & ~raw.breaks[first + 1 : last + 1, :, j].any(axis=0)
    span = raw.years[last] - raw.years[first]
    b, p, n, why = catchup.beta(raw.values[first, both, j].tolist(), raw.values[last, both, j].tolist(), span)
    return {"b": b, "p": p, "n": n, "reason": None if why is None else str(why)}
