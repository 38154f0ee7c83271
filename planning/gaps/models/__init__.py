"""Benchmark sets, indicator sets, gap runs and their findings."""

from planning.gaps.models.benchmark_set import BenchmarkRegion, BenchmarkSet
from planning.gaps.models.gap_finding import GapFinding
from planning.gaps.models.gap_run import GapRun
from planning.gaps.models.indicator_set import IndicatorNode, IndicatorSet

__all__ = ["BenchmarkRegion", "BenchmarkSet", "GapFinding", "GapRun", "IndicatorNode", "IndicatorSet"]
