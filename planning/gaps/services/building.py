"""From the database to a case document (docs/methods/gap-case.schema.json)."""

from typing import Any

from django.db.models import QuerySet

from partners.indicators.enums import Direction, ObservationStatus
from partners.indicators.models import DataSource, Indicator, Observation
from partners.regions.models import Region
from planning.gaps.enums import BenchmarkKind
from planning.gaps.models import GapRun, IndicatorNode
from planning.gaps.selectors.differing import DIVISOR
from planning.gaps.services.structure import peer_finder, structures

SCHEMA = "gap-case/1"
SCALE = [1.0, 100.0]
DIRECTIONS = {Direction.UP: 1, Direction.DOWN: -1}


def case_of(run: GapRun) -> dict[str, Any]:
    """The case that ``run`` asks for, with the figures that stand in the database now.

    Whole years and fixed values of the preferred source only; projections are no figures and stay out.
    """
    regions = regions_of(run)
    nodes = list(run.indicator_set.nodes.select_related("indicator", "per").order_by("position", "code"))
    leaves = {n.indicator.code: n for n in nodes if n.indicator_id}
    divisors = {n.per.code: n.per for n in leaves.values() if n.per_id}
    codes = {code: _divisor(code, leaves) for code in divisors}
    observations = _observations(regions, [n.indicator for n in leaves.values()])
    observations += [o | {"indicator": codes[o["indicator"]]} for o in _observations(regions, list(divisors.values()))]
    several = len({r.country for r in regions}) > 1
    found = structures(regions)
    return {
        "schema": SCHEMA,
        "title": f"{run.benchmark_set.name_zh} · {run.indicator_set.name_zh}",
        "own": run.benchmark_set.own.code,
        "seed": run.seed,
        "regions": _regions(run, regions, found),
        "indicators": [_indicator(n, several, codes) for n in leaves.values()],
        "denominators": sorted(codes.values()),
        "observations": observations,
        "tree": tree_of(nodes, run.params.get("node_weights") or {}),
        "selection": {"year_rule": run.year_rule, "year": run.year},
        "benchmark": {"kind": run.benchmark, "region": run.reference.code if run.reference_id else None},
        "peer_finder": peer_finder(run.benchmark_set.own.code, found),
        **method_of(run.params, len(regions)),
    }


def _divisor(code: str, leaves: dict[str, Any]) -> str:
    """Code of a divisor in the case: one that is scored as well stands there twice, under two codes."""
    return f"{DIVISOR}{code}" if code in leaves else code


def regions_of(run: GapRun) -> list[Region]:
    """The own region and those of the benchmark set, the own first, the others by code."""
    return [run.benchmark_set.own, *run.benchmark_set.regions.order_by("code")]


def figures_of(regions: list[Any], indicators: list[Any]) -> QuerySet:
    """The observations that a case of these regions and indicators (keys) is made of."""
    return (
        Observation.objects.comparable()
        .filter(region_id__in=regions, indicator_id__in=indicators)
        .exclude(status=ObservationStatus.PROJECTION)
    )


def method_of(params: dict[str, Any], n_regions: int) -> dict[str, Any]:
    """The sections of the case that say how it is computed."""
    normalisation = {"method": params.get("normalisation", "minmax"), "mode": "panel", "range": SCALE}
    if normalisation["method"] in ("rank", "zscore"):
        normalisation["rescale"] = True
    treat = bool(params.get("treatment")) and n_regions >= 10
    others = [m for m in ("minmax", "rank", "zscore") if m != normalisation["method"]]
    return {
        "normalisation": normalisation,
        "treatment": {"enabled": treat},
        "imputation": {"method": params.get("imputation", "none")},
        "weights": {"method": params.get("weights", "given")},
        "robustness": {
            "enabled": True,
            "replications": params.get("replications", 10_000),
            "normalisation": [
                {"method": m, "mode": "panel", "range": SCALE} | ({} if m == "minmax" else {"rescale": True})
                for m in others
            ],
            "treatment": [not treat] if n_regions >= 10 else [],
            "aggregation": ["geometric"],
            "weights": "dirichlet",
            "leave_one_out": True,
        },
        "sensitivity": {"enabled": True},
    }


def _regions(run: GapRun, regions: list[Region], structure: dict[str, dict]) -> list[dict[str, Any]]:
    members = {m.region_id: m for m in run.benchmark_set.members.all()}
    named = run.reference_id if run.benchmark == BenchmarkKind.REGION else None
    found = []
    for region in regions:
        member = members.get(region.pk)
        role = "peer" if member is None or region.pk == named else member.role
        reason = "" if member is None else f"{member.origin}: {member.reason_zh or run.benchmark_set.reason_zh}"
        found.append(
            {
                "code": region.code,
                "name": region.name_zh,
                "role": role,
                "reason": reason,
                "structure": structure[region.code],
            }
        )
    return found


def _indicator(node: IndicatorNode, several_countries: bool, divisors: dict[str, str]) -> dict[str, Any]:
    indicator = node.indicator
    unit = f"{indicator.unit} / {node.per.unit}" if node.per_id else indicator.unit
    control = indicator.controllability
    return {
        "code": indicator.code,
        "name": indicator.name_zh,
        "unit": unit,
        # A neutral one cannot be scored; the engine refuses it by name.
        "direction": DIRECTIONS.get(Direction(indicator.direction), 0),
        "interval": node.interval,
        "transform": node.transform,
        "worst": node.worst,
        "best": node.best,
        "target": node.target,
        "denominator": divisors[node.per.code] if node.per_id else None,
        "controllability": 1 if control is None else _share(float(control)),
        "comparability": _comparability(indicator, several_countries),
        "note": indicator.definition_zh,
    }


def _share(value: float) -> int | float:
    return int(value) if value.is_integer() else value


def _comparability(indicator: Indicator, several_countries: bool) -> str:
    """Inside one country definitions agree; across countries what nobody has examined counts as differing in part."""
    return (indicator.comparability or "limited") if several_countries else "full"


def _observations(regions: list[Region], indicators: list[Indicator]) -> list[dict[str, Any]]:
    """In order of region, indicator and year. Codes are filled in here: joins cost more than the figures."""
    region_codes = {r.pk: r.code for r in regions}
    indicator_codes = {i.pk: i.code for i in indicators}
    sources = {
        pk: (code, day.isoformat()) for pk, code, day in DataSource.objects.values_list("pk", "code", "retrieved")
    }
    rows = figures_of(list(region_codes), list(indicator_codes)).values_list(
        "region_id", "indicator_id", "year", "period", "value", "source_id", "status"
    )
    found = [
        {
            "region": region_codes[region],
            "indicator": indicator_codes[indicator],
            "year": None if period == "fixed" else year,
            "value": float(value),
            "source": sources[source][0],
            "vintage": sources[source][1],
            "break_in_series": status == ObservationStatus.BREAK,
        }
        for region, indicator, year, period, value, source, status in rows
    ]
    return sorted(found, key=lambda o: (o["region"], o["indicator"], o["year"] or 0))


def tree_of(nodes: list[IndicatorNode], weights: dict[str, float]) -> dict[str, Any]:
    """The tree with its weights; ``weights`` (by node code) replace those of the set."""
    below: dict[Any, list[IndicatorNode]] = {}
    for node in nodes:
        below.setdefault(node.parent_id, []).append(node)

    def build(node: IndicatorNode) -> dict[str, Any]:
        found = {"code": node.code, "weight": float(weights.get(node.code, node.weight))}
        if node.indicator_id:
            return found | {"name": node.indicator.name_zh, "indicator": node.indicator.code}
        children = [build(child) for child in below.get(node.pk, [])]
        return found | {"name": node.name_zh, "aggregation": node.aggregation, "children": children}

    return build(below[None][0])
