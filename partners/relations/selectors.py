"""Page-shaped reads of partner cities and agreements."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.db.models import Q, Value
from django.db.models.functions import Replace
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from dalian_coop.ui.maps import Line, Marker
from partners.indicators.models import DataSource, Indicator
from partners.indicators.selectors import Footnotes, Series, region_series
from partners.regions.enums import Country, RegionRole
from partners.regions.models import Region
from partners.relations.enums import AgreementKind
from partners.relations.models import Agreement

# What a profile needs, each with the indicators that can answer it, the better one first.
PROFILE = (
    (_("Population"), ("pop_resident", "jp_pop", "kr_pop", "urban_agglomeration_pop")),
    (_("Economic output"), ("gdp", "jp_gdp_pref", "kr_grdp", "fua_gdp")),
    (_("Output or income per head"), ("gdp_pc", "jp_income_pc", "fua_gdp_pc")),
    (_("Manufacturing"), ("gdp_secondary", "kr_gva_mfg", "jp_employees_mfg", "jp_establishments_mfg")),
    (_("Container throughput of the port"), ("container_teu",)),
    (_("Foreign residents"), ("jp_foreign_pop", "kr_pop_foreign")),
)
SMALL_MULTIPLES = 8
DISTANCE_SOURCE = "gc_distance"


@dataclass(frozen=True)
class CityTasks:
    """Tasks that involve a region: how many, and the code of their worst light."""

    count: int
    light: str = ""


NO_TASKS = CityTasks(0)
_city_tasks: Callable[[object], dict[str, CityTasks]] | None = None


def register_city_tasks(read: Callable[[object], dict[str, CityTasks]]) -> None:
    """Called by the room of task books when it starts: ``read(actor)`` gives ``{region code: CityTasks}``."""
    global _city_tasks
    _city_tasks = read


def city_tasks(actor) -> dict[str, CityTasks]:
    """Tasks that involve a region, as far as the actor may see them; empty without task books."""
    return _city_tasks(actor) if _city_tasks else {}


@dataclass
class CityRow:
    """A partner region in the list: what was signed with us, how far it is, how many tasks involve it."""

    region: Region
    agreements: list[Agreement] = field(default_factory=list)
    other_agreements: int = 0
    distance: float | None = None
    tasks: CityTasks = NO_TASKS


def own_city() -> Region | None:
    """Dalian."""
    return Region.objects.filter(role=RegionRole.FOCUS).first()


def distance_source() -> DataSource | None:
    """The source that distances rest on."""
    return DataSource.objects.filter(code=DISTANCE_SOURCE).first()


def city_rows(actor, *, country: str = "", kind: str = "", only_own: bool = True, query: str = "") -> list[CityRow]:
    """Partner regions, those with an agreement with us first (by date), then by country and name.

    ``only_own`` leaves only those; ``kind`` asks for an agreement of that kind (with us, if ``only_own``).
    """
    home = own_city()
    regions = Region.objects.visible_to(actor).partner_cities().select_related("parent")
    if country:
        regions = regions.filter(country=country)
    if query:
        regions = _matching(regions, query)
    ours, others = defaultdict(list), defaultdict(list)
    for agreement in _agreements(actor):
        home_side = home is not None and agreement.city_id == home.pk
        (ours if home_side else others)[agreement.partner_id].append(agreement)
    tasks = city_tasks(actor)
    rows = [
        CityRow(
            region=region,
            agreements=ours[region.pk],
            other_agreements=len(others[region.pk]),
            distance=region.distance_km(home) if home else None,
            tasks=tasks.get(region.code, NO_TASKS),
        )
        for region in regions
        if _wanted(ours[region.pk], others[region.pk], kind, only_own)
    ]
    return sorted(rows, key=_rank)


def _agreements(actor):
    return Agreement.objects.visible_to(actor).select_related("city", "partner", "source")


def _matching(regions, query: str):
    flat = query.replace(" ", "")
    named = Q(code__iexact=query) | Q(flat_pinyin__icontains=flat)
    for language in ("zh", "en", "ja", "ko"):
        named |= Q(**{f"name_{language}__icontains": query})
    return regions.annotate(flat_pinyin=Replace("pinyin", Value(" "), Value(""))).filter(named)


def _wanted(ours: list, others: list, kind: str, only_own: bool) -> bool:
    if only_own:
        return any(not kind or a.kind == kind for a in ours)
    return not kind or any(a.kind == kind for a in [*ours, *others])


def _rank(row: CityRow) -> tuple:
    dates = [a.signed_on.isoformat() for a in row.agreements if a.signed_on]
    return not row.agreements, min(dates, default="9999"), row.region.country, row.region.pinyin


@dataclass
class Cell:
    """A number in the table of agreements, with the query string of the list that it counts."""

    count: int
    query: str


@dataclass
class SummaryRow:
    label: str
    cells: list[Cell]


@dataclass
class Summary:
    """Partners with an agreement with us, by country and kind."""

    total: int
    japan: int
    korea: int
    kinds: list[str]
    rows: list[SummaryRow]
    signed: list[Agreement]


def agreement_summary(actor) -> Summary:
    """What the head of the list shows; every number equals the rows of the list that it opens."""
    home = own_city()
    ours = list(_agreements(actor).filter(city=home)) if home else []

    def cell(country: str = "", kind: str = "") -> Cell:
        wanted = [a for a in ours if country in ("", a.country) and kind in ("", a.kind) and a.partner_id]
        given = {"country": country, "kind": kind}
        return Cell(len({a.partner_id for a in wanted}), "?" + urlencode({k: v for k, v in given.items() if v}))

    countries = [Country.JAPAN, Country.KOREA]
    rows = [
        SummaryRow(label, [*(cell(code, kind) for kind in AgreementKind.values), cell(code)])
        for code, label in [*((c.value, c.label) for c in countries), ("", _("Total"))]
    ]
    return Summary(
        total=cell().count,
        japan=cell(Country.JAPAN).count,
        korea=cell(Country.KOREA).count,
        kinds=list(AgreementKind.labels),
        rows=rows,
        signed=ours,
    )


def city_map(rows: list[CityRow], home: Region | None) -> dict:
    """Markers and lines for the map: those with an agreement with us, and those that tasks name."""
    shown = [row for row in rows if row.region.latitude is not None and (row.agreements or row.tasks.count)]
    return {
        "markers": [*_home_marker(home), *(_marker(row.region, row.tasks) for row in shown)],
        "lines": [_line(home, row.region) for row in shown if row.agreements and home],
    }


def locator(page: "CityPage") -> dict:
    """The position map of one region: where it lies, and where we lie."""
    region, home = page.region, page.home
    if region.latitude is None:
        return {"markers": [], "lines": []}
    if page.is_home:
        return {"markers": _home_marker(home), "lines": []}
    lines = [_line(home, region)] if home and page.agreements else []
    return {"markers": [*_home_marker(home), _marker(region, NO_TASKS)], "lines": lines}


def _home_marker(home: Region | None) -> list[Marker]:
    if home is None or home.latitude is None:
        return []
    return [Marker(float(home.longitude), float(home.latitude), home.name, own=True, language=home.name_lang)]


def _marker(region: Region, tasks: CityTasks) -> Marker:
    return Marker(
        float(region.longitude),
        float(region.latitude),
        region.name,
        href=reverse("relations:city", args=[region.code]),
        title=f"{region.name} · {region.get_country_display()}",
        light=tasks.light,
        size=tasks.count,
        language=region.name_lang,
    )


def _line(home: Region, region: Region) -> Line:
    return Line(float(home.longitude), float(home.latitude), float(region.longitude), float(region.latitude))


@dataclass
class Fact:
    """One thing that a profile needs: the newest figure, or the reason why there is none."""

    label: str
    series: Series | None
    reason: str = ""


@dataclass
class CityPage:
    """Everything the page of a region shows."""

    region: Region
    home: Region | None
    distance: float | None
    distance_note: int | None
    agreements: list[Agreement]
    other_agreements: list[Agreement]
    facts: list[Fact]
    series: list[Series]
    multiples: list[Series]
    parts: list
    population_note: int | None
    footnotes: list[DataSource]

    @property
    def is_home(self) -> bool:
        return self.home is not None and self.home.pk == self.region.pk

    @property
    def name_rows(self) -> list[tuple[str, str, str]]:
        """(language, HTML tag, name or "") in the order Chinese, English, Japanese, Korean."""
        region = self.region
        return [
            (_("Chinese"), "zh-Hans", region.name_zh),
            (_("English"), "en", region.name_en),
            (_("Japanese"), "ja", region.name_ja),
            (_("Korean"), "ko", region.name_ko),
        ]


def city_page(region: Region, actor) -> CityPage:
    """Agreements, figures and their sources of one region; the same few statements for every region."""
    home = own_city()
    agreements = list(_agreements(actor).filter(Q(city=region) | Q(partner=region)))
    series, parts = region_series(region, actor)
    notes = Footnotes()
    facts = _facts(region, series)
    for one in series:
        notes.note(one.latest)
    for observation in [*parts, *(o for one in series for o in one.figures)]:
        notes.note(observation)
    for agreement in agreements:
        agreement.footnote = notes.number(agreement.source)
    cited = {s.code: s for s in DataSource.objects.filter(code__in=[region.population_source, DISTANCE_SOURCE])}
    lacks_population = facts[0].series is None and region.population is not None
    source = cited.get(region.population_source) if lacks_population else None
    distance = region.distance_km(home) if home and home.pk != region.pk else None
    measured = distance is not None and DISTANCE_SOURCE in cited
    with_us = [a for a in agreements if home and region.pk != home.pk and a.city_id == home.pk]
    return CityPage(
        region=region,
        home=home,
        distance=distance,
        distance_note=notes.number(cited[DISTANCE_SOURCE]) if measured else None,
        agreements=with_us,
        other_agreements=[a for a in agreements if a not in with_us],
        facts=facts,
        series=series,
        multiples=_multiples(series),
        parts=parts,
        population_note=notes.number(source) if source else None,
        footnotes=notes.sources,
    )


def _facts(region: Region, series: list[Series]) -> list[Fact]:
    by_code = {one.indicator.code: one for one in series}
    scopes = dict(Indicator.objects.filter(code__in=[c for _l, cs in PROFILE for c in cs]).values_list("code", "scope"))
    facts = []
    for label, codes in PROFILE:
        found = next((by_code[code] for code in codes if code in by_code), None)
        covered = any(region.country in scopes.get(code, "").split() for code in codes)
        reason = _("the sources read give no figure for this region") if covered else _("no indicator for this country")
        facts.append(Fact(label, found, "" if found else reason))
    return facts


def _multiples(series: list[Series]) -> list[Series]:
    """The longest series with at least four figures, in the order of the page."""
    long = sorted((one for one in series if len(one.figures) >= 4), key=lambda one: -len(one.figures))
    chosen = {one.indicator.pk for one in long[:SMALL_MULTIPLES]}
    return [one for one in series if one.indicator.pk in chosen]
