"""Makers of sets, runs and a small world of figures for the tests of gap analysis."""

from dalian_coop.accounts.enums import Role
from dalian_coop.jobs.services import claimed
from planning.gaps import services
from planning.gaps.models import BenchmarkRegion, BenchmarkSet, GapRun, IndicatorNode, IndicatorSet
from tests.factories import make_user
from tests.partners.factories import make_home, make_indicator, make_observation, make_region, make_source

# region: gdp 2018, gdp 2019, port 2019, distance; the scores by hand stand in engine/test_run.py
FIGURES = {
    "CN-210200": ("大连市", 60, 50, 20, 400),
    "CN-370200": ("青岛市", 90, 100, 100, 800),
    "CN-120000": ("天津市", 70, 75, None, 200),
    "CN-330200": ("宁波市", 0, 25, 60, 600),
}


def make_world(figures=FIGURES) -> dict:
    """Dalian and three benchmark cities with figures of three indicators, and the sets that compare them."""
    source = make_source("yearbook", title="统计年鉴")
    indicators = {
        "gdp": make_indicator("gdp", name_zh="地区生产总值", name_en="Gross domestic product"),
        "port": make_indicator("port", name_zh="集装箱吞吐量", name_en="Containers", unit="thousand TEU"),
        "far": make_indicator("far", name_zh="至釜山距离", name_en="Distance to Busan", unit="km", direction="down"),
    }
    regions = {}
    for code, (name, before, now, port, far) in figures.items():
        region = make_home() if code == "CN-210200" else make_region(code, name, role="benchmark")
        regions[code] = region
        cells = (
            ("gdp", 2018, "A", before),
            ("gdp", 2019, "A", now),
            ("port", 2019, "A", port),
            ("far", 2026, "fixed", far),
        )
        for indicator, year, period, value in cells:
            if value is not None:
                make_observation(region, indicators[indicator], year, value, source, period=period)
    return {
        "regions": regions,
        "indicators": indicators,
        "source": source,
        "benchmark_set": make_benchmark_set(regions),
        "indicator_set": make_indicator_set(indicators),
    }


def make_benchmark_set(regions: dict, code: str = "peers") -> BenchmarkSet:
    found = BenchmarkSet.objects.create(
        code=code, name_zh="对标城市", name_en="Benchmarks", own=regions["CN-210200"], reason_zh="沿海城市"
    )
    for region_code, region in regions.items():
        if region_code != "CN-210200":
            BenchmarkRegion.objects.create(benchmark_set=found, region=region)
    return found


def make_indicator_set(indicators: dict, code: str = "core") -> IndicatorSet:
    """index = 2 × scale (3 × gdp, 1 × port) + 1 × place (far)."""
    found = IndicatorSet.objects.create(code=code, name_zh="基础指标", name_en="Core", reason_zh="有数据")
    root = IndicatorNode.objects.create(indicator_set=found, code="index", name_zh="综合指数")
    scale = IndicatorNode.objects.create(
        indicator_set=found, code="scale", parent=root, weight=2, position=1, name_zh="规模"
    )
    place = IndicatorNode.objects.create(
        indicator_set=found, code="place", parent=root, weight=1, position=2, name_zh="区位"
    )
    for parent, name, weight in ((scale, "gdp", 3), (scale, "port", 1), (place, "far", 1)):
        IndicatorNode.objects.create(
            indicator_set=found, code=f"leaf-{name}", parent=parent, weight=weight, indicator=indicators[name]
        )
    return found


def start(world: dict, by=None, **choices) -> GapRun:
    """A run that waits for a worker."""
    by = by or make_user(Role.ANALYST)
    return services.start_run(
        benchmark_set=world["benchmark_set"], indicator_set=world["indicator_set"], by=by, **choices
    )


def compute(run: GapRun) -> GapRun:
    """Do the run's job as the worker does."""
    with claimed(run.job_id) as job:
        services.compute_run(job)
    return GapRun.objects.get(pk=run.pk)
