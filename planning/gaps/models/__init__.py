"""Benchmark sets, indicator sets, gap runs and their findings."""

from planning.gaps.models.benchmark_set import BenchmarkRegion, BenchmarkSet
from planning.gaps.models.gap_chunk import GapChunk
from planning.gaps.models.gap_finding import GapFinding
from planning.gaps.models.gap_run import GapRun
from planning.gaps.models.indicator_set import IndicatorNode, IndicatorSet, IndicatorSetVersion

__all__ = [
    "BenchmarkRegion",
    "BenchmarkSet",
    "GapChunk",
    "GapFinding",
    "GapRun",
    "IndicatorNode",
    "IndicatorSet",
    "IndicatorSetVersion",
]
