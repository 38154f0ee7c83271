"""REST: regions."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dalian_coop.accounts.permissions import Perm
from dalian_coop.accounts.scope import country_limit
from dalian_coop.history.selectors import ever
from dalian_coop.rest import datasets, exported
from dalian_coop.rest.columns import label, name
from dalian_coop.rest.filters import Filter
from dalian_coop.rest.routing import router
from dalian_coop.rest.viewsets import CODE_PATTERN, ReadOnlyViewSet
from partners.regions.enums import RegionLevel, RegionRole
from partners.regions.models import Region


class RegionViewSet(ReadOnlyViewSet):
    """Dalian, partner regions in Japan and South Korea, benchmark and reference cities, provinces, countries."""

    model = Region
    dataset = datasets.Dataset(
        _("Dalian, its partner regions in Japan and South Korea, and cities for comparison."),
        pgettext_lazy("theme", "Geography"),
        datasets.UNCONDITIONAL,
        update=datasets.IRREGULAR,
    )
    perms = {"list": Perm.READ_REGIONS, "retrieve": Perm.READ_REGIONS}
    columns = {
        "id": "id",
        "version": "version",
        "code": "code",
        "country": "country",
        "level": "level",
        "level_label": label("level", RegionLevel),
        "role": "role",
        "role_label": label("role", RegionRole),
        "parent": "parent__code",
        "name": name(),
        "name_zh": "name_zh",
        "name_en": "name_en",
        "name_ja": "name_ja",
        "name_ko": "name_ko",
        "latitude": "latitude",
        "longitude": "longitude",
        "point": "point",
        "population": "population",
        "population_source": "population_source",
        "official_code": "official_code",
        "code_scheme": "code_scheme",
        "iso3166_2": "iso3166_2",
        "sources": "sources",
        "updated_at": "updated_at",
    }
    filters = {
        "code": Filter("code", "exact", "in", "startswith"),
        "country": Filter("country", "exact", "in"),
        "level": Filter("level", "exact", "in"),
        "role": Filter("role", "exact", "in"),
        "parent": Filter("parent__code", "exact", "in", "isnull"),
        "name_zh": Filter("name_zh", "exact", "contains"),
        "name_en": Filter("name_en", "exact", "contains"),
        "population": Filter("population", "gte", "lte", "isnull"),
        "updated_at": Filter("updated_at", "gt", "gte"),
    }
    ordering = ("code",)
    orders = {"code": ("code",), "pinyin": ("pinyin",), "population": ("population",)}
    lookup_field = "code"
    lookup_value_regex = CODE_PATTERN


def _seen(actor, keys: set) -> set:
    """Which of these regions, not visible now, the actor may have seen."""
    seat = country_limit(actor)
    return ever(Region, keys, Q(country__in=["CN", seat])) if seat else keys


router.register("regions", RegionViewSet, basename="regions")
exported.register("regions", RegionViewSet, seen=_seen)
