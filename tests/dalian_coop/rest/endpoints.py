"""Endpoints of the tests: bureaus once more, so that the plumbing is tested without any room's rules."""

from django.urls import include, path, re_path
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from dalian_coop.accounts.api.endpoints import BureauViewSet, MeViewSet
from dalian_coop.accounts.models import Bureau
from dalian_coop.accounts.permissions import Perm
from dalian_coop.base.errors import Error, NotAllowed, ValidationError
from dalian_coop.base.locking import save_if_unchanged
from dalian_coop.rest.columns import Related
from dalian_coop.rest.filters import Filter
from dalian_coop.rest.permissions import ANYONE_SIGNED_IN
from dalian_coop.rest.problems import not_found
from dalian_coop.rest.viewsets import CODE_PATTERN, EditableViewSet, Endpoint, ReadOnlyViewSet


class BureauInput(serializers.Serializer):
    full_name = serializers.CharField(max_length=200)
    initials = serializers.CharField(max_length=5)


class EditableBureaus(EditableViewSet):
    """Bureaus that may be renamed."""

    model = Bureau
    lookup_field = "code"
    lookup_value_regex = CODE_PATTERN
    columns = {
        "id": "id",
        "code": "code",
        "full_name": "full_name",
        "initials": "initials",
        "seat_country": "seat_country",
        "parent": "parent__code",
        "version": "version",
    }
    related = {"children": Related(Bureau, "parent_id", {"code": "code"}, ("code",))}
    filters = {
        "code": Filter("code", "exact", "in", "startswith"),
        "kind": Filter("kind", "exact", "in"),
        "version": Filter("version", "exact", "gte", "lte"),
        "coordinates": Filter("coordinates"),
        "updated_at": Filter("updated_at", "gte"),
        "id": Filter("id"),
        "alias": Filter("aliases", "has"),
        "parent": Filter("parent__code", "exact", "isnull"),
    }
    ordering = ("initials", "code")
    orders = {"parent": ("parent__code",), "code": ("code",), "initials": ("initials",)}
    perms = {"list": Perm.READ_BUREAUS, "retrieve": Perm.READ_BUREAUS, "partial_update": ANYONE_SIGNED_IN}
    input_serializer = BureauInput

    def change(self, obj, changes, version):
        if changes.get("full_name") == "forbidden":
            raise NotAllowed("Ask the office.")
        if changes.get("full_name") == "bad":
            raise ValidationError({"full_name": [Error("bad_word", "Not this word.")], "": [Error("whole", "Nor so.")]})
        for name, value in changes.items():
            setattr(obj, name, value)
        return save_if_unchanged(obj, changes, expected=version)


class Undeclared(ReadOnlyViewSet):
    """Somebody forgot ``perms``."""

    model = Bureau
    columns = {"id": "id"}


class Broken(Endpoint):
    """Somebody made a mistake."""

    perms = {"list": ANYONE_SIGNED_IN, "create": ANYONE_SIGNED_IN}

    def list(self, request):
        raise RuntimeError("secret: " + request.path)

    def create(self, request):
        return Response({"got": self.read_body()})


class Founding(Endpoint):
    """POST makes a bureau."""

    perms = {"create": ANYONE_SIGNED_IN}
    input_serializer = BureauInput

    def create(self, request):
        values = self.read_input()
        name = values["initials"]
        if name == "bad":
            raise ValidationError({"initials": [Error("bad_word", "Not this word.")]})
        made = Bureau.objects.create(code=name, name_zh=name, full_name=values["full_name"], kind="bureau", pinyin=name)
        if name == "break":
            raise RuntimeError
        return Response({"id": made.pk, "code": made.code}, 201, headers={"Location": f"/api/v1/editable/{made.code}/"})


router = SimpleRouter()
router.register("founding", Founding, basename="founding")
router.register("bureaus", BureauViewSet, basename="bureaus")
router.register("editable", EditableBureaus, basename="editable")
router.register("undeclared", Undeclared, basename="undeclared")
router.register("broken", Broken, basename="broken")
router.register("me", MeViewSet, basename="me")
urlpatterns = [path("api/v1/", include([*router.urls, re_path("^.*$", not_found)]))]
