"""``bureaus`` and ``me``."""

from rest_framework.response import Response

from dalian_coop.accounts.enums import BureauKind
from dalian_coop.accounts.models import Bureau
from dalian_coop.accounts.permissions import Perm, granted
from dalian_coop.rest import exported
from dalian_coop.rest.columns import label, name
from dalian_coop.rest.filters import Filter
from dalian_coop.rest.permissions import ANYONE_SIGNED_IN
from dalian_coop.rest.routing import router
from dalian_coop.rest.viewsets import CODE_PATTERN, Endpoint, ReadOnlyViewSet


class BureauViewSet(ReadOnlyViewSet):
    """Bureaus and other organisations of the city that lead or support tasks."""

    model = Bureau
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


router.register("bureaus", BureauViewSet, basename="bureaus")
exported.register("bureaus", BureauViewSet)
router.register("me", MeViewSet, basename="me")
