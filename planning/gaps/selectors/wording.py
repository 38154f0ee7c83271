"""Words for what the engine leaves as codes, and figures as people read them."""

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from partners.indicators.engine import figure_text
from planning.gaps.engine.reasons import Reason

REASONS = {
    Reason.MISSING: gettext_lazy("no figure for this year"),
    Reason.CONSTANT: gettext_lazy("the same everywhere"),
    Reason.SINGLE_REGION: gettext_lazy("only one region has a figure"),
    Reason.FEW_REGIONS: gettext_lazy("fewer than three regions have a figure"),
    Reason.LOW_COVERAGE: gettext_lazy("too few figures"),
    Reason.ZERO_WEIGHT: gettext_lazy("without weight"),
    Reason.NO_PEERS: gettext_lazy("no other region has a figure"),
    Reason.OWN_MISSING: gettext_lazy("the own city has no figure"),
    Reason.BENCHMARK_MISSING: gettext_lazy("the region compared with has no figure"),
    Reason.ZERO_BENCHMARK: gettext_lazy("the benchmark is 0"),
    Reason.INTERVAL_SCALE: gettext_lazy("ratios of rates mean nothing"),
    Reason.NON_POSITIVE: gettext_lazy("figures of 0 or below"),
    Reason.TOO_FEW_YEARS: gettext_lazy("too few years"),
    Reason.YEAR_MODE: gettext_lazy("compared within one year only"),
    Reason.FIXED: gettext_lazy("does not change with the year"),
    Reason.BREAK_IN_SERIES: gettext_lazy("break in the series"),
    Reason.STALE: gettext_lazy("years lie far apart"),
    Reason.NO_COMMON_DATA: gettext_lazy("no common figures"),
    Reason.NOT_RANKED: gettext_lazy("not ranked"),
    Reason.NO_DENOMINATOR: gettext_lazy("no figure to divide by"),
    Reason.ZERO_RANGE: gettext_lazy("all figures are equal"),
    Reason.TARGET_MET_BY_ALL: gettext_lazy("all have met the target"),
    Reason.NO_TARGET: gettext_lazy("no target is set"),
    Reason.REFERENCE_IS_MINIMUM: gettext_lazy("the region referred to is the lowest"),
    Reason.NOT_INVERTIBLE: gettext_lazy("scores of this kind have no value in own units"),
    Reason.NO_SHORTFALL: gettext_lazy("nowhere behind the benchmark"),
    Reason.NO_VARIANCE: gettext_lazy("nothing varies"),
    Reason.TOO_SMALL: gettext_lazy("too few to compute"),
    Reason.UNSTABLE: gettext_lazy("not the same in enough replications"),
    Reason.NOT_ASKED: gettext_lazy("not asked for"),
    Reason.OBSERVED: gettext_lazy("as published"),
    Reason.IMPUTED: gettext_lazy("filled in"),
    Reason.TREATED: gettext_lazy("outlier moved for the score"),
    Reason.CAPPED: gettext_lazy("cut at the goalpost"),
    Reason.EXTRAPOLATED: gettext_lazy("carried beyond the series"),
    Reason.DIFFERENT_DEFINITION: gettext_lazy("definitions differ between countries"),
    Reason.CAUGHT_UP: gettext_lazy("caught up already"),
    Reason.NEVER_AT_THE_PRESENT_TREND: gettext_lazy("not at the present trend"),
    Reason.MORE_THAN_50_YEARS: gettext_lazy("more than 50 years"),
    Reason.POINT_ONLY: gettext_lazy("too few years for an interval"),
}

BENCHMARKS = {
    "leader": pgettext_lazy("benchmark", "Leader"),
    "mean": gettext_lazy("Mean of the others"),
    "median": gettext_lazy("Median of the others"),
    "top_quartile": gettext_lazy("Top quarter of the others"),
    "region": gettext_lazy("A named region"),
    "target": gettext_lazy("Targets"),
}
QUADRANTS = {
    "strength": pgettext_lazy("quadrant", "strength"),
    "watch": pgettext_lazy("quadrant", "watch"),
    "catching_up": pgettext_lazy("quadrant", "catching up"),
    "critical": pgettext_lazy("quadrant", "critical"),
}
QUADRANT_TONES = {"strength": "green", "watch": "amber", "catching_up": "brand", "critical": "red"}
TREND_LABELS = {
    "rising": pgettext_lazy("trend", "rising"),
    "falling": pgettext_lazy("trend", "falling"),
    "unclear": pgettext_lazy("trend", "no clear trend"),
}
FACTORS = {
    "normalisation": gettext_lazy("how figures become scores"),
    "treatment": gettext_lazy("treatment of outliers"),
    "imputation": gettext_lazy("filling of missing figures"),
    "weights": gettext_lazy("weights"),
    "aggregation": gettext_lazy("how scores are combined"),
    "leave_one_out": gettext_lazy("leaving out one indicator"),
    "data_error": gettext_lazy("errors of the figures"),
}
OPTIONS = {
    "minmax": gettext_lazy("between lowest and highest"),
    "rank": gettext_lazy("by rank"),
    "zscore": gettext_lazy("by standard deviations"),
    "goalposts": gettext_lazy("fixed goalposts"),
    "arithmetic": gettext_lazy("arithmetic mean"),
    "geometric": gettext_lazy("geometric mean"),
    "harmonic": gettext_lazy("harmonic mean"),
    "none": pgettext_lazy("option", "none"),
    "linear": gettext_lazy("between two years"),
    "locf": gettext_lazy("last figure"),
    "peer_median": gettext_lazy("median of the others"),
    "on": pgettext_lazy("option", "on"),
    "off": pgettext_lazy("option", "off"),
    "true": pgettext_lazy("option", "on"),
    "false": pgettext_lazy("option", "off"),
    "dirichlet": gettext_lazy("drawn around those of the set"),
    "tree": gettext_lazy("as in the indicator set"),
    "given": gettext_lazy("those of the set"),
    "equal": gettext_lazy("equal everywhere"),
}
PARTS = {
    "coverage": gettext_lazy("coverage"),
    "age": gettext_lazy("age of the figures"),
    "comparability": gettext_lazy("comparability"),
    "interval": gettext_lazy("width of the rank interval"),
}

DIRECTIONS = {
    1: (pgettext_lazy("direction", "↑ better"), gettext_lazy("higher is better")),
    -1: (pgettext_lazy("direction", "↓ better"), gettext_lazy("lower is better")),
}


def reason(code: str | None) -> str:
    """The words for a code; nothing for none."""
    return str(REASONS[Reason(code)]) if code else ""


def figure(value: float | None) -> str | None:
    """A figure with groups of three digits; None stays None."""
    return None if value is None else figure_text(Decimal(repr(value)))


def points(value: float | None, signed: bool = False) -> str | None:
    """Points of the score scale with one decimal."""
    if value is None:
        return None
    value = round(value, 1) + 0.0  # + 0.0: no negative zero
    return f"{value:+.1f}" if signed else f"{value:.1f}"


def percent(share: float | None, signed: bool = False) -> str | None:
    """A share as per cent with one decimal."""
    if share is None:
        return None
    value = round(100 * share, 1) + 0.0
    return f"{value:+.1f}%" if signed else f"{value:.1f}%"


def when(year: int | None) -> str:
    """The year of a figure, or that it has none."""
    return str(year) if year else _("fixed")


def of(words: dict, code: str | None) -> str:
    """The words for a code of a table above; a code without words stands for itself."""
    return str(words.get(code, code)) if code is not None else ""


def years(value: float | None) -> str | None:
    """A number of years with one decimal."""
    return None if value is None else f"{round(value, 1) + 0.0:.1f}"
