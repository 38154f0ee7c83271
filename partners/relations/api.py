"""REST: agreements."""

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
from partners.relations.enums import AgreementKind
from partners.relations.models import Agreement


class AgreementViewSet(ReadOnlyViewSet):
    """Agreements of Chinese cities with Japan and South Korea. ``precision``: how much of ``signed_on`` is known."""

    model = Agreement
    dataset = datasets.Dataset(
        _("Sister cities and other agreements with regions of Japan and South Korea."),
        pgettext_lazy("theme", "Cooperation"),
        datasets.UNCONDITIONAL,
        update=datasets.IRREGULAR,
    )
    perms = {"list": Perm.READ_AGREEMENTS, "retrieve": Perm.READ_AGREEMENTS}
    columns = {
        "id": "id",
        "version": "version",
        "code": "code",
        "city": "city__code",
        "city_name": name("city"),
        "city_part": "city_part",
        "partner": "partner__code",
        "partner_name_zh": "partner_name_zh",
        "partner_name_local": "partner_name_local",
        "country": "country",
        "kind": "kind",
        "kind_label": label("kind", AgreementKind),
        "signed_on": "signed_on",
        "precision": "precision",
        "source": "source__code",
        "note": "note",
        "updated_at": "updated_at",
    }
    filters = {
        "code": Filter("code", "exact", "in"),
        "city": Filter("city__code", "exact", "in"),
        "partner": Filter("partner__code", "exact", "in", "isnull"),
        "country": Filter("country", "exact", "in"),
        "kind": Filter("kind", "exact"),
        "signed_on": Filter("signed_on", "gte", "lte", "isnull"),
        "precision": Filter("precision", "exact"),
        "source": Filter("source__code", "exact", "in"),
        "updated_at": Filter("updated_at", "gt", "gte"),
    }
    ordering = ("code",)
    orders = {"code": ("code",), "signed_on": ("signed_on",)}
    lookup_field = "code"
    lookup_value_regex = CODE_PATTERN


def _seen(actor, keys: set) -> set:
    """Which of these agreements, not visible now, the actor may have seen."""
    seat = country_limit(actor)
    return ever(Agreement, keys, Q(country=seat)) if seat else keys


router.register("agreements", AgreementViewSet, basename="agreements")
exported.register("agreements", AgreementViewSet, seen=_seen)
