"""Why a figure is missing, or what a reader must know of it."""

from enum import StrEnum


class Reason(StrEnum):
    """Codes used in results; the words for people are in ``planning.gaps.selectors.wording``."""

    MISSING = "MISSING"
    CONSTANT = "CONSTANT"
    SINGLE_REGION = "SINGLE_REGION"
    FEW_REGIONS = "FEW_REGIONS"
    LOW_COVERAGE = "LOW_COVERAGE"
    ZERO_WEIGHT = "ZERO_WEIGHT"
    NO_PEERS = "NO_PEERS"
    OWN_MISSING = "OWN_MISSING"
    BENCHMARK_MISSING = "BENCHMARK_MISSING"
    ZERO_BENCHMARK = "ZERO_BENCHMARK"
    INTERVAL_SCALE = "INTERVAL_SCALE"
    NON_POSITIVE = "NON_POSITIVE"
    TOO_FEW_YEARS = "TOO_FEW_YEARS"
    YEAR_MODE = "YEAR_MODE"
    FIXED = "FIXED"
    BREAK_IN_SERIES = "BREAK_IN_SERIES"
    STALE = "STALE"
    NO_COMMON_DATA = "NO_COMMON_DATA"
