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
