"""``bureaus`` and ``me``."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from rest_framework.response import Response

from dalian_coop.accounts.enums import BureauKind
from dalian_coop.accounts.models import Bureau
from dalian_coop.accounts.permissions import Perm, granted
from dalian_coop.rest import datasets, exported, routing
from dalian_coop.rest.columns import label, name
from dalian_coop.rest.filters import Filter
from dalian_coop.rest.permissions import ANYONE_SIGNED_IN
from dalian_coop.rest.renderers import LinkedDataRenderer, OrjsonRenderer
from dalian_coop.rest.routing import router
from dalian_coop.rest.viewsets import CODE_PATTERN, Endpoint, ReadOnlyViewSet


class BureauViewSet(ReadOnlyViewSet):
    """Bureaus and other organisations of the city that lead or support tasks."""

    model = Bureau
    dataset = datasets.Dataset(
        _("Bureaus and other organisations that lead or support tasks."),
        pgettext_lazy("theme", "Administration"),
        datasets.UNCONDITIONAL,
        update=datasets.IRREGULAR,
    )
    lookup_field = "code"
    lookup_value_regex = CODE_PATTERN
    columns = {
        "id": "id",
        "code": "code",
        "name": name(),
        "name_zh": "name_zh",
        "full_name": "full_name",
        "kind": "kind",
        "kind_label": label("kind", BureauKind),
        "parent": "parent__code",
        "seat_country": "seat_country",
        "aliases": "aliases",
        "coordinates": "coordinates",
        "version": "version",
        "created_at": "created_at",
        "updated_at": "updated_at",
    }
    filters = {
        "code": Filter("code", "exact", "in"),
        "name_zh": Filter("name_zh", "exact", "contains"),
        "kind": Filter("kind", "exact", "in"),
        "seat_country": Filter("seat_country", "exact"),
        "alias": Filter("aliases", "has"),
        "parent": Filter("parent__code", "exact", "isnull"),
    }
    ordering = ("pinyin",)
    orders = {"name": ("pinyin",), "code": ("code",), "updated_at": ("updated_at",)}
    perms = {"list": Perm.READ_BUREAUS, "retrieve": Perm.READ_BUREAUS}


class MeViewSet(Endpoint):
    """Who asks, for which bureau, and what this sign-in or token may do."""

    perms = {"list": ANYONE_SIGNED_IN}
    single = True
    operation_ids = {"list": "me_list"}
    about = {"list": _("Who asks, for which bureau, and what this sign-in or token may do.")}
    row_schema = {
        "type": "object",
        "properties": {
            "kind": {"type": "string", "enum": ["user", "client"]},
            "id": {"type": "string", "format": "uuid"},
            "name": {"type": "string"},
            "bureau": {"type": ["string", "null"]},
            "roles": {"type": "array", "items": {"type": "string"}},
            "scopes": {"type": "array", "items": {"type": "string"}},
            "permissions": {"type": "array", "items": {"type": "string"}},
        },
    }
    responses = {"list": {200: (row_schema, "The actor.")}}
    pagination_class = None

    def list(self, request):
        actor = request.user
        scopes = getattr(actor, "scopes", None)
        return Response(
            {
                "kind": "user" if scopes is None else "client",
                "id": actor.pk,
                "name": str(actor),
                "bureau": actor.bureau.code if actor.bureau else None,
                "roles": sorted(actor.roles),
                "scopes": sorted(scopes or []),
                "permissions": sorted(granted(actor)),
            }
        )


class CatalogView(Endpoint):
    """What is offered here: DCAT-AP as JSON-LD, with the core metadata of GB/T 21063.3 and the sharing attribute."""

    perms = {"read": ANYONE_SIGNED_IN}
    about = {
        "read": _("What is offered here, as DCAT-AP with the core metadata of GB/T 21063.3 and the sharing attribute.")
    }
    pagination_class = None
    renderer_classes = [LinkedDataRenderer, OrjsonRenderer]
    row_schema = {
        "type": "object",
        "required": ["@context", "@type", "dcat:dataset", "dcat:service"],
        "properties": {
            "@context": {"type": "object"},
            "@type": {"type": "string"},
            "dcat:dataset": {"type": "array", "items": {"type": "object"}},
            "dcat:service": {"type": "array", "items": {"type": "object"}},
        },
    }
    responses = {
        "read": {
            (200, "application/ld+json"): (row_schema, "The catalogue."),
            (200, "application/json"): (row_schema, "The same."),
        }
    }

    def read(self, request):
        self._only_parameters(set())
        office = Bureau.objects.filter(coordinates=True).first()
        publisher = {
            "name": office.full_name if office else str(settings.PORTAL_NAME),
            "code": office.code if office else "",
        }
        return Response(datasets.catalog(request.build_absolute_uri("/api/v1/"), publisher))


routing.add("catalog/", CatalogView.as_view({"get": "read"}), "catalog")
router.register("bureaus", BureauViewSet, basename="bureaus")
exported.register("bureaus", BureauViewSet)
router.register("me", MeViewSet, basename="me")
