"""REST: indicators, observations, sources."""

from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from dalian_coop.accounts.permissions import Perm
from dalian_coop.accounts.scope import country_limit
from dalian_coop.history.selectors import ever
from dalian_coop.rest import datasets, exported
from dalian_coop.rest.columns import Column, filled, label, name
from dalian_coop.rest.filters import Filter
from dalian_coop.rest.routing import router
from dalian_coop.rest.viewsets import CODE_PATTERN, ReadOnlyViewSet
from partners.indicators.enums import LICENCES, UNITS, Category, Direction, ObservationStatus, SourceQuality
from partners.indicators.models import DataSource, Indicator, Observation
from partners.regions.models import Region

READ = {"list": Perm.READ_INDICATORS, "retrieve": Perm.READ_INDICATORS}


def _words(path: str, table: dict) -> Column:
    """The words of the portal for a text that the shipped files give in English."""
    return Column((path,), lambda: lambda value: str(table.get(value, value)) or None, {"type": ["string", "null"]})


def _zh_or_en(path: str) -> Column:
    """A text that exists in Chinese and in English, in the language of the request."""

    def reader():
        english = (get_language() or "zh").startswith("en")
        return lambda en, zh: (en if english else zh or en) or None

    def text():
        english = (get_language() or "zh").startswith("en")
        return filled(path) if english else Coalesce(filled(f"{path}_zh"), filled(path))

    return Column((path, f"{path}_zh"), reader, {"type": ["string", "null"]}, text=text)


class IndicatorViewSet(ReadOnlyViewSet):
    """Indicators with unit, direction and definition."""

    model = Indicator
    dataset = datasets.Dataset(
        _("Indicators with unit, direction and definition."),
        pgettext_lazy("theme", "Statistics"),
        datasets.UNCONDITIONAL,
        update=datasets.IRREGULAR,
    )
    perms = READ
    columns = {
        "id": "id",
        "version": "version",
        "code": "code",
        "category": "category",
        "category_label": label("category", Category),
        "name": name(),
        "name_zh": "name_zh",
        "name_en": "name_en",
        "unit": "unit",
        "unit_label": _words("unit", UNITS),
        "direction": "direction",
        "direction_label": label("direction", Direction),
        "scope": "scope",
        "definition": _zh_or_en("definition"),
    }
    filters = {
        "code": Filter("code", "exact", "in"),
        "category": Filter("category", "exact", "in"),
        "direction": Filter("direction", "exact"),
        "scope": Filter("scope", "exact", "contains"),
        "name_zh": Filter("name_zh", "contains"),
        "name_en": Filter("name_en", "contains"),
    }
    ordering = ("code",)
    orders = {"code": ("code",), "category": ("category", "code")}
    lookup_field = "code"
    lookup_value_regex = CODE_PATTERN


class ObservationViewSet(ReadOnlyViewSet):
    """Figures of regions. Where sources differ all are listed; ``preferred`` marks the one to use."""

    model = Observation
    dataset = datasets.Dataset(
        _("Figures of regions by indicator and year, each with its source."),
        pgettext_lazy("theme", "Statistics"),
        datasets.UNCONDITIONAL,
        update=datasets.IRREGULAR,
    )
    perms = READ
    columns = {
        "id": "id",
        "version": "version",
        "region": "region__code",
        "region_name": name("region"),
        "indicator": "indicator__code",
        "year": "year",
        "period": "period",
        "value": "value",
        "unit": "indicator__unit",
        "preferred": "preferred",
        "status": "status",
        "status_label": label("status", ObservationStatus),
        "source": "source__code",
        "note": _zh_or_en("note"),
        "updated_at": "updated_at",
    }
    filters = {
        "region": Filter("region__code", "exact", "in", "startswith"),
        "country": Filter("region__country", "exact", "in"),
        "indicator": Filter("indicator__code", "exact", "in"),
        "category": Filter("indicator__category", "exact", "in"),
        "year": Filter("year", "exact", "in", "gte", "lte"),
        "period": Filter("period", "exact", "in"),
        "preferred": Filter("preferred", "exact"),
        "status": Filter("status", "exact", "in"),
        "source": Filter("source__code", "exact", "in"),
        "updated_at": Filter("updated_at", "gt", "gte"),
    }
    ordering = ("id",)
    orders = {"year": ("year",)}


class DataSourceViewSet(ReadOnlyViewSet):
    """Where figures and facts were read, with licence and quality."""

    model = DataSource
    dataset = datasets.Dataset(
        _("Sources of figures and facts with licence and quality."),
        pgettext_lazy("theme", "Statistics"),
        datasets.UNCONDITIONAL,
        update=datasets.IRREGULAR,
    )
    perms = READ
    columns = {
        "id": "id",
        "version": "version",
        "code": "code",
        "title": "title",
        "title_lang": "title_lang",
        "publisher": "publisher",
        "reference": "reference",
        "licence": "licence",
        "licence_label": _words("licence", LICENCES),
        "quality": "quality",
        "quality_label": label("quality", SourceQuality),
        "retrieved": "retrieved",
        "note": _zh_or_en("note"),
    }
    filters = {
        "code": Filter("code", "exact", "in"),
        "quality": Filter("quality", "exact", "in"),
        "licence": Filter("licence", "exact", "contains"),
    }
    ordering = ("code",)
    orders = {"code": ("code",)}
    lookup_field = "code"
    lookup_value_regex = CODE_PATTERN


def _seen(actor, keys: set) -> set:
    """Which of these figures, not visible now, the actor may have seen: those of regions that once were open to him."""
    if not (seat := country_limit(actor)):
        return keys
    regions = ever(Region, Region.objects.values_list("pk", flat=True), Q(country__in=["CN", seat]))
    return ever(Observation, keys, Q(region__in=regions))


router.register("indicators", IndicatorViewSet, basename="indicators")
router.register("observations", ObservationViewSet, basename="observations")
router.register("data-sources", DataSourceViewSet, basename="data-sources")
exported.register("indicators", IndicatorViewSet)
exported.register("observations", ObservationViewSet, seen=_seen)
