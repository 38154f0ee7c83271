"""Page-shaped reads of indicators, figures and sources."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from django.db.models import Count, Max, Min, Q

from partners.indicators.engine import Spark, spark
from partners.indicators.enums import Category, ObservationStatus
from partners.indicators.models import DataSource, Indicator, Observation
from partners.industries.models import Industry, IndustryLink
from partners.regions.enums import Country, RegionRole
from partners.regions.models import Region

CHARTED = 6  # lines that can still be told apart
SHOWN_YEARS = 6


class Footnotes:
    """Numbers sources in the order in which a page names them."""

    def __init__(self):
        self.sources: list[DataSource] = []
        self._numbers: dict = {}

    def number(self, source: DataSource) -> int:
        """The number of ``source`` on this page."""
        if source.pk not in self._numbers:
            self.sources.append(source)
            self._numbers[source.pk] = len(self.sources)
        return self._numbers[source.pk]

    def note(self, observation: Observation) -> Observation:
        """The figure, with ``footnote`` set to the number of its source."""
        observation.footnote = self.number(observation.source)
        return observation


@dataclass
class Series:
    """The comparable figures of one region and indicator, by year."""

    indicator: Indicator
    figures: list[Observation] = field(default_factory=list)

    @property
    def latest(self) -> Observation:
        """The newest figure that is no projection; the newest at all if there are only projections."""
        known = [o for o in self.figures if o.status != ObservationStatus.PROJECTION]
        return (known or self.figures)[-1]

    @property
    def spark(self) -> Spark | None:
        return spark([(o.year, o.value, o.status) for o in self.figures])

    @property
    def has_break(self) -> bool:
        return any(o.status == ObservationStatus.BREAK for o in self.figures)


def region_series(region: Region, actor) -> tuple[list[Series], list[Observation]]:
    """(series of whole years, figures of parts of years) of a region, by category and indicator; one statement."""
    found = (
        Observation.objects.visible_to(actor)
        .filter(region=region, preferred=True)
        .select_related("indicator", "source")
        .order_by("indicator__category", "indicator__code", "year", "period")
    )
    series: dict = {}
    parts = []
    for observation in found:
        if observation.whole_year:
            indicator = observation.indicator
            series.setdefault(indicator.pk, Series(indicator)).figures.append(observation)
        else:
            parts.append(observation)
    order = {value: place for place, value in enumerate(Category.values)}
    return sorted(series.values(), key=lambda one: order[one.indicator.category]), parts


NO_COVERAGE = {"regions": 0, "figures": 0, "first": None, "latest": None, "own": 0}


def coverage(actor) -> dict:
    """For each indicator the number of regions and figures and the years that the actor sees figures of."""
    known = ~Q(status=ObservationStatus.PROJECTION)
    found = Observation.objects.visible_to(actor).order_by().values("indicator_id")
    rows = found.annotate(
        regions=Count("region_id", distinct=True),
        figures=Count("pk"),
        first=Min("year", filter=known),
        latest=Max("year", filter=known),
        own=Count("pk", filter=Q(region__role=RegionRole.FOCUS)),
    )
    return {row["indicator_id"]: row for row in rows}


@dataclass
class IndicatorGroup:
    """The indicators of one category."""

    label: str
    indicators: list[Indicator]


def indicator_groups(actor, *, q: str = "", category: str = "", country: str = "", own: bool = False) -> list:
    """Indicators that pass the filters, each with its ``coverage``, by category; two statements."""
    found = Indicator.objects.visible_to(actor)
    if q:
        found = found.filter(Q(name_zh__icontains=q) | Q(name_en__icontains=q) | Q(code__icontains=q))
    if category:
        found = found.filter(category=category)
    if country:
        found = found.filter(scope__contains=country)
    covered = coverage(actor)
    groups = {value: IndicatorGroup(label, []) for value, label in Category.choices}
    for indicator in found.order_by("code"):
        indicator.coverage = covered.get(indicator.pk, NO_COVERAGE)
        if indicator.coverage["own"] or not own:
            groups[indicator.category].indicators.append(indicator)
    return [group for group in groups.values() if group.indicators]


def same_figure(observation: Observation) -> list[Observation]:
    """What other sources say of the same region, indicator and period."""
    found = Observation.objects.filter(
        region=observation.region,
        indicator=observation.indicator,
        year=observation.year,
        period=observation.period,
    )
    return list(found.exclude(pk=observation.pk).select_related("source").order_by("-preferred", "source__code"))


@dataclass
class RegionLine:
    """One region's figures in the table of an indicator, one cell a shown year (None: no figure)."""

    region: Region
    cells: list[Observation | None]


@dataclass
class RegionGroup:
    """Regions that stand together in the table: own and benchmark cities, then the others by country."""

    label: str
    lines: list[RegionLine]


@dataclass
class IndicatorTable:
    """What the page of an indicator shows."""

    years: list[int]
    shown: list[int]
    groups: list[RegionGroup]
    parts: list[Observation]
    others: list[Observation]
    footnotes: list[DataSource]
    chart: dict

    @property
    def first_year(self) -> int:
        return min(self.years)

    @property
    def latest_year(self) -> int:
        return max(self.years)

    @property
    def column_count(self) -> int:
        """Columns of the table: the region, the years, and the note when one year is shown."""
        return 1 + len(self.shown) + (len(self.shown) == 1)


def indicator_table(indicator: Indicator, actor, *, year: int | None, every_year: bool, labels: dict) -> IndicatorTable:
    """All figures of an indicator that the actor may see, by region and year; one statement.

    ``year`` shows one year only, ``every_year`` all of them, else the latest six. ``labels`` names the groups:
    ``{"own": …, "CN": …, "JP": …, "KR": …}``.
    """
    found = list(
        Observation.objects.visible_to(actor)
        .filter(indicator=indicator)
        .select_related("region", "source")
        .order_by("year", "period", "-preferred")
    )
    whole = [o for o in found if o.whole_year and o.preferred]
    years = sorted({o.year for o in whole}, reverse=True)
    shown = [year] if year else years if every_year else _telling_years(whole, years)
    notes = Footnotes()
    by_region: dict = defaultdict(dict)
    for observation in whole:
        by_region[observation.region][observation.year] = observation
    lines = [
        RegionLine(region, [_noted(cells.get(y), notes) for y in shown])
        for region, cells in by_region.items()
        if any(y in cells for y in shown)
    ]
    in_sight = [o for o in found if year is None or o.year == year]
    return IndicatorTable(
        years=years,
        shown=shown,
        groups=_groups(lines, labels),
        parts=[notes.note(o) for o in in_sight if not o.whole_year],
        others=[notes.note(o) for o in in_sight if o.whole_year and not o.preferred],
        footnotes=notes.sources,
        chart=_chart(indicator, by_region),
    )


def _telling_years(figures: list[Observation], years: list[int]) -> list[int]:
    """The latest years that say something: with a figure of the own city, or of a fifth of the regions at least."""
    counts = Counter(o.year for o in figures)
    own = {o.year for o in figures if o.region.role == RegionRole.FOCUS}
    enough = max(counts.values(), default=0) / 5
    return [y for y in years if y in own or counts[y] >= enough][:SHOWN_YEARS]


def _noted(observation: Observation | None, notes: Footnotes) -> Observation | None:
    return notes.note(observation) if observation else None


def _groups(lines: list[RegionLine], labels: dict) -> list[RegionGroup]:
    """Own city and benchmark cities first, then China, Japan, South Korea; the largest newest figure on top."""
    first = (RegionRole.FOCUS, RegionRole.BENCHMARK)
    groups: dict[str, list[RegionLine]] = {key: [] for key in ("own", *Country.values)}
    for line in lines:
        groups["own" if line.region.role in first else line.region.country].append(line)

    def rank(line: RegionLine) -> tuple:
        newest = next((cell.value for cell in line.cells if cell), None)
        return line.region.role != RegionRole.FOCUS, newest is None, -(newest or 0), line.region.code

    return [RegionGroup(labels[key], sorted(group, key=rank)) for key, group in groups.items() if group]


def _chart(indicator: Indicator, by_region: dict) -> dict:
    """Lines of the own city and of those with the longest series, benchmark cities before others."""

    def rank(region: Region) -> tuple:
        cells = by_region[region]
        order = (
            [RegionRole.FOCUS, RegionRole.BENCHMARK].index(region.role) if region.role in ("focus", "benchmark") else 2
        )
        return order, -len(cells), -max(o.value for o in cells.values()), region.code

    chosen = sorted((r for r, cells in by_region.items() if len(cells) > 1), key=rank)[:CHARTED]
    years = sorted({y for region in chosen for y in by_region[region]})
    if len(years) < 2:
        return {}
    return {
        "unit": indicator.unit_label,
        "categories": [str(y) for y in years],
        "series": [
            {"name": region.name, "values": [_plain(by_region[region].get(y)) for y in years]} for region in chosen
        ],
        "breaks": [
            {"name": region.name, "years": broken}
            for region in chosen
            if (broken := [o.year for y, o in sorted(by_region[region].items()) if o.status == ObservationStatus.BREAK])
        ],
    }


def _plain(observation: Observation | None) -> float | None:
    return float(observation.value) if observation else None


def sources_with_use(actor, *, q: str = "", quality: str = "") -> list[DataSource]:
    """Sources with the number of figures, agreements, regions and industries that rest on them."""
    found = DataSource.objects.visible_to(actor).annotate(
        figure_count=Count("observations", distinct=True), agreement_count=Count("agreements", distinct=True)
    )
    if q:
        found = found.filter(Q(title__icontains=q) | Q(publisher__icontains=q) | Q(code__icontains=q))
    if quality:
        found = found.filter(quality=quality)
    regions = Counter(code for codes in Region.objects.values_list("sources", flat=True) for code in codes)
    industries = Counter(Industry.objects.values_list("source", flat=True))
    industries.update(IndustryLink.objects.values_list("source", flat=True))
    sources = list(found)
    for source in sources:
        source.region_count = regions[source.code]
        source.industry_count = industries[source.code]
    return sorted(sources, key=lambda s: (-s.figure_count, -s.agreement_count, -s.region_count, s.code))


def source_totals(actor) -> dict[str, int]:
    """How many sources there are, and how many figures rest on them."""
    sources = DataSource.objects.visible_to(actor)
    return sources.aggregate(sources=Count("pk", distinct=True), figures=Count("observations"))
