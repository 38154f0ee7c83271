"""From the database to a case of the engine."""

from partners.indicators.enums import Direction, ObservationStatus
from partners.indicators.models import Observation
from planning.gaps.engine import case as cases
from planning.gaps.engine.case import Benchmark, Case, Indicator, Node, Options, YearRule
from planning.gaps.models import GapRun, IndicatorNode


def case_of(run: GapRun) -> Case:
    """The case that ``run`` asks for, with the figures that stand in the database now.

    Whole years and fixed values of the preferred source only; projections are no figures and stay out.
    """
    own = run.benchmark_set.own
    regions = {own.pk: own.code}
    regions |= dict(run.benchmark_set.regions.order_by("code").values_list("pk", "code"))
    nodes = list(run.indicator_set.nodes.select_related("indicator").order_by("position", "code"))
    leaves = {n.indicator_id: n for n in nodes if n.indicator_id}
    return Case(
        own=own.code,
        regions=tuple(regions.values()),
        indicators=tuple(_indicator(n) for n in leaves.values()),
        observations=tuple(_observations(regions, leaves)),
        tree=_tree(nodes),
        options=Options(
            year_rule=YearRule(run.year_rule),
            year=run.year,
            benchmark=Benchmark(run.benchmark),
            reference=run.reference.code if run.reference_id else None,
        ),
    )


def _indicator(node: IndicatorNode) -> Indicator:
    directions = {Direction.UP: 1, Direction.DOWN: -1}
    return Indicator(
        node.indicator.code, directions.get(node.indicator.direction, 0), node.indicator.unit, node.interval
    )


def _observations(regions: dict, leaves: dict):
    rows = (
        Observation.objects.comparable()
        .filter(region__in=regions, indicator__in=leaves)
        .exclude(status=ObservationStatus.PROJECTION)
        .order_by("region__code", "indicator__code", "year")
        .values_list("region_id", "indicator_id", "year", "period", "value", "source__code", "status")
    )
    for region, indicator, year, period, value, source, status in rows:
        yield cases.Observation(
            region=regions[region],
            indicator=leaves[indicator].indicator.code,
            year=None if period == "fixed" else year,
            value=float(value),
            source=source,
            breaks=status == ObservationStatus.BREAK,
        )


def _tree(nodes: list[IndicatorNode]) -> Node:
    below: dict = {}
    for node in nodes:
        below.setdefault(node.parent_id, []).append(node)

    def build(node: IndicatorNode) -> Node:
        code = node.indicator.code if node.indicator_id else None
        return Node(node.code, float(node.weight), code, tuple(build(child) for child in below.get(node.pk, [])))

    return build(below[None][0])
