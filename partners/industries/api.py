"""REST: industries and fields of cooperation."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dalian_coop.accounts.permissions import Perm
from dalian_coop.rest import datasets, exported
from dalian_coop.rest.columns import Related, label, name
from dalian_coop.rest.filters import Filter
from dalian_coop.rest.routing import router
from dalian_coop.rest.viewsets import CODE_PATTERN, ReadOnlyViewSet
from partners.industries.enums import FieldRole, IndustryLevel, Scheme
from partners.industries.models import CooperationField, Industry, IndustryLink


class IndustryViewSet(ReadOnlyViewSet):
    """Industries of ISIC Rev.4, GB/T 4754-2017 and HS 2022; ``links`` is the portal's own correspondence."""

    model = Industry
    dataset = datasets.Dataset(
        _("Industries in three classifications and their correspondence."),
        pgettext_lazy("theme", "Economy"),
        datasets.UNCONDITIONAL,
        update=datasets.IRREGULAR,
    )
    perms = {"list": Perm.READ_INDUSTRIES, "retrieve": Perm.READ_INDUSTRIES}
    columns = {
        "id": "id",
        "version": "version",
        "code": "code",
        "scheme": "scheme",
        "scheme_label": label("scheme", Scheme),
        "level": "level",
        "level_label": label("level", IndustryLevel),
        "scheme_code": "scheme_code",
        "parent": "parent__code",
        "name_zh": "name_zh",
        "name_en": "name_en",
        "own_translation": "own_translation",
        "source": "source",
        "note": "note",
    }
    related = {
        "links": Related(
            IndustryLink,
            "origin",
            {"code": "target__code", "status": "status", "note": "note"},
            order=("target__code",),
        )
    }
    filters = {
        "code": Filter("code", "exact", "in"),
        "scheme": Filter("scheme", "exact", "in"),
        "level": Filter("level", "exact", "in"),
        "parent": Filter("parent__code", "exact", "in", "isnull"),
        "name_zh": Filter("name_zh", "contains"),
        "name_en": Filter("name_en", "contains"),
    }
    ordering = ("code",)
    orders = {"code": ("code",)}
    lookup_field = "code"
    lookup_value_regex = r"[\w.:-]{1,80}"


class CooperationFieldViewSet(ReadOnlyViewSet):
    """Fields of cooperation: trade and economy as the main axis, six supports."""

    model = CooperationField
    dataset = datasets.Dataset(
        _("Fields in which cities cooperate."),
        pgettext_lazy("theme", "Cooperation"),
        datasets.UNCONDITIONAL,
        update=datasets.IRREGULAR,
    )
    perms = {"list": Perm.READ_INDUSTRIES, "retrieve": Perm.READ_INDUSTRIES}
    columns = {
        "id": "id",
        "version": "version",
        "code": "code",
        "role": "role",
        "role_label": label("role", FieldRole),
        "order": "order",
        "name": name(),
        "name_zh": "name_zh",
        "name_en": "name_en",
        "name_ja": "name_ja",
        "name_ko": "name_ko",
    }
    filters = {"code": Filter("code", "exact", "in"), "role": Filter("role", "exact")}
    ordering = ("order",)
    orders = {"order": ("order",)}
    lookup_field = "code"
    lookup_value_regex = CODE_PATTERN


router.register("industries", IndustryViewSet, basename="industries")
exported.register("industries", IndustryViewSet)
router.register("cooperation-fields", CooperationFieldViewSet, basename="cooperation-fields")
