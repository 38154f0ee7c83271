"""Bases of the rooms' endpoints.

A room's ``api.py``::

    class TaskViewSet(EditableViewSet):
        '''Tasks of the books one may see.'''
        model = Task
        columns = {"id": "id", "version": "version", "due": "due", …}
        filters = {"due": Filter("due", "gte", "lte")}
        ordering, orders = ("sort_key",), {"due": ("due",)}
        perms = {"list": Perm.READ_BOOKS, "retrieve": Perm.READ_BOOKS, "partial_update": Perm.EDIT_TASK}
        input_serializer = TaskInput          # a plain DRF Serializer

        def change(self, obj, changes, version):
            return services.edit_task(task=obj, changes=changes, version=version, by=self.request.user)

    router.register("tasks", TaskViewSet, basename="tasks")
"""

from __future__ import annotations  # the method ``list`` hides the type of that name

from typing import Any

from django.http import Http404
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext_lazy as _
from rest_framework import status, viewsets
from rest_framework.response import Response

from dalian_coop.base.errors import Conflict
from dalian_coop.base.models import Versioned
from dalian_coop.rest import etags, hooks, idempotency
from dalian_coop.rest.columns import Column, Related, RowReader, attach_related
from dalian_coop.rest.deprecation import Deprecation
from dalian_coop.rest.filters import RESERVED
from dalian_coop.rest.problems import BadParameter, BadRequest, Stale
from dalian_coop.rest.throttles import take_rows

UUID_PATTERN = "[0-9a-fA-F]{8}-?(?:[0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}"
CODE_PATTERN = r"[\w.-]{1,80}"


class Endpoint(viewsets.GenericViewSet):
    """What every endpoint does: declared permissions, hooks after authentication, limits, cache headers."""

    http_method_names = ["get", "head", "post", "patch", "delete"]
    perms: dict[str, str] = {}
    deprecations: dict[str, Deprecation] = {}
    about: dict[str, Any] = {}  # action → what it does, for the page for people
    input_serializer: type | None = None
    columns: dict[str, str | Column] = {}

    def perform_authentication(self, request):
        super().perform_authentication(request)
        hooks.authenticated(request, request.user)

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        if request.method == "POST" and hasattr(self, "post"):
            self.post = idempotency.once(request, self.post)

    def finalize_response(self, request, response, *args, **kwargs):
        response = super().finalize_response(request, response, *args, **kwargs)
        for header, value in getattr(request._request, "rate_headers", {}).items():
            response[header] = value
        if ending := self.deprecations.get(getattr(self, "action", None)):
            self._announce(ending, response)
        if not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_cache=True)
        return response

    @staticmethod
    def _announce(ending: Deprecation, response) -> None:
        links = [response["Link"]] if response.has_header("Link") else []
        for header, value in ending.headers().items():
            response[header] = ", ".join([*links, value]) if header == "Link" else value

    def read_body(self) -> dict[str, Any]:
        """The JSON object of the request; anything else is refused."""
        body = self.request.data
        if not isinstance(body, dict):
            raise BadRequest(_("The body must be a JSON object."))
        return body

    def read_input(self, serializer_class: type | None = None, *, partial: bool = False) -> dict[str, Any]:
        """The validated body. A field that is unknown or read-only → 400, content that breaks a rule → 422."""
        serializer_class = serializer_class or self.input_serializer
        body = dict(self.read_body())
        serializer = serializer_class(data=body, partial=partial, context={"request": self.request, "view": self})
        writable = {name for name, field in serializer.fields.items() if not field.read_only}
        if "version" not in writable:
            body.pop("version", None)
        if unknown := [name for name in body if name not in writable]:
            raise BadRequest(_("Some fields cannot be written here."), errors=self._unknown(unknown, serializer))
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)

    def _only_parameters(self, allowed: set[str]) -> None:
        for name, values in self.request.query_params.lists():
            if name not in allowed or len(values) > 1:
                code = "repeated" if name in allowed else "unknown_parameter"
                raise BadParameter(name, code, _("This parameter is not offered here."))

    def _unknown(self, names: list[str], serializer) -> list[dict]:
        known = set(self.columns) | set(serializer.fields)
        words = {
            True: ("read_only", _("This field is read-only.")),
            False: ("unknown_field", _("There is no such field.")),
        }
        found = []
        for name in names[:50]:
            code, detail = words[name in known]
            found.append({"pointer": f"/{name[:80]}", "code": code, "detail": str(detail)})
        return found


class ReadOnlyViewSet(Endpoint):
    """List and detail of a model as flat rows of what the actor may see."""

    model: type
    filters: dict = {}
    ordering: tuple[str, ...] = ("pk",)
    orders: dict[str, tuple[str, ...]] = {}
    related: dict[str, Related] = {}
    detail_columns: dict[str, str | Column] = {}
    lookup_field = "id"
    lookup_value_regex = UUID_PATTERN

    def get_queryset(self):
        """What the actor may see; rooms add annotations."""
        return self.model.objects.visible_to(self.request.user)

    def list(self, request, *args, **kwargs):
        tag = etags.list_etag(request, self)
        if etags.list_not_modified(request, tag):
            return Response(None, status.HTTP_304_NOT_MODIFIED, headers={"ETag": tag})
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        take_rows(request, len(rows))
        hooks.sent(request, len(rows))
        response = self.get_paginated_response(rows)
        if tag:
            response["ETag"] = tag
        return response

    def retrieve(self, request, *args, **kwargs):
        self._only_parameters({"fields"})
        return self.answer(self.kwargs[self.lookup_field])

    def answer(self, key: Any, code: int = status.HTTP_200_OK) -> Response:
        """The object with this key as it is seen by the actor, with its entity tag."""
        row, version = self.read_one(key)
        if version is None:
            return Response(row, code)
        headers = {"ETag": etags.etag(version)}
        if self.action == "retrieve" and etags.not_modified(self.request, version):
            return Response(None, status.HTTP_304_NOT_MODIFIED, headers=headers)
        hooks.sent(self.request, 1)
        return Response(row, code, headers=headers)

    def read_one(self, key: Any) -> tuple[dict[str, Any], int | None]:
        """(row, version) of one object. Raises ``Http404`` for what is not there or not to be seen."""
        reader = self._reader(self.columns | self.detail_columns)
        pk = reader.position(self.model._meta.pk.name)
        version = reader.position("version") if issubclass(self.model, Versioned) else None
        found = self.get_queryset().filter(**{self.lookup_field: key}).order_by()
        # Not first(): it would order by the key, and compiling that order costs a sixth of the request.
        row = next(iter(found.values_list(*reader.paths)[:1]), None)
        if row is None:
            raise Http404
        item = reader.read(row)
        self._attach_related([item], [row[pk]])
        item["_links"] = {"self": f"{self._prefix()}{key}/"}
        return item, None if version is None else row[version]

    def read_page(self, queryset, limit: int, keys: list[str]) -> tuple[list[dict], list[tuple]]:
        """(rows, their places in the order) for the pagination: one statement, and one per related table."""
        reader = self._reader(self.columns)
        pk = reader.position(self.model._meta.pk.name)
        places = [pk if path == "pk" else reader.position(path) for path in keys]
        found = list(queryset.values_list(*reader.paths)[:limit])
        rows = [reader.read(row) for row in found]
        self._attach_related(rows, [row[pk] for row in found])
        return rows, [tuple(row[i] for i in places) for row in found]

    def _reader(self, columns: dict[str, str | Column]) -> RowReader:
        chosen = [name for name in self._chosen(columns) if name in columns]
        return RowReader(self.model, columns, chosen, self.request.user)

    def _chosen(self, columns: dict) -> list[str]:
        """Columns asked for by ``fields=``; all without it."""
        wanted = self.request.query_params.getlist("fields") if self.request.method in ("GET", "HEAD") else []
        if not wanted:
            return [*columns, *self.related]
        names = list(dict.fromkeys(part for part in wanted[0].split(",") if part))
        known = set(columns) | set(self.related)
        if len(wanted) > 1 or not names or not set(names) <= known or not set(names) & set(columns):
            raise BadParameter("fields", "bad_value", _("Name columns of this resource, separated by commas."))
        return names

    def _attach_related(self, rows: list[dict], keys: list) -> None:
        chosen = self._chosen(self.columns | self.detail_columns) if self.related else []
        attach_related({title: part for title, part in self.related.items() if title in chosen}, rows, keys)

    def _prefix(self) -> str:
        """Address of the list, for links."""
        path = self.request.path
        return path[: path.rindex("/", 0, len(path) - 1) + 1] if self.detail else path


class EditableViewSet(ReadOnlyViewSet):
    """Also ``PATCH``, based on the version that the client has read."""

    def partial_update(self, request, *args, **kwargs):
        self._only_parameters(set())
        obj = self.get_object()
        version = etags.expected_version(request, self.read_body())
        changes = self.read_input(partial=True)
        if not changes:
            raise BadRequest(_("The body names no field to change."))
        if obj.version != version:
            raise self._stale()
        try:
            self.change(obj, changes, version)
        except Conflict:
            raise self._stale() from None
        return self.answer(self.kwargs[self.lookup_field])

    def get_object(self):
        obj = self.get_queryset().filter(**{self.lookup_field: self.kwargs[self.lookup_field]}).first()
        if obj is None:
            raise Http404
        self.check_object_permissions(self.request, obj)
        return obj

    def change(self, obj, changes: dict[str, Any], version: int):
        """Call the room's service with ``by=self.request.user``; rooms must say how."""
        raise NotImplementedError

    def _stale(self) -> Stale:
        row, version = self.read_one(self.kwargs[self.lookup_field])
        detail = _("Somebody changed this object after you read it. Its present state is in “current”.")
        problem = Stale(detail, current=row)
        problem.headers = {"ETag": etags.etag(version)}
        return problem


__all__ = ["CODE_PATTERN", "RESERVED", "UUID_PATTERN", "EditableViewSet", "Endpoint", "ReadOnlyViewSet"]
