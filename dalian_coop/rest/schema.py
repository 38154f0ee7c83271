"""OpenAPI 3.1 from the viewsets' own declarations. Its texts are English in every language of the portal."""

import re

from django.utils import translation
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from dalian_coop.rest import etags
from dalian_coop.rest.columns import Related, column_schema
from dalian_coop.rest.filters import filter_schemas
from dalian_coop.rest.paging import DEFAULT_LIMIT, MAX_LIMIT

PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "instance", "request_id"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "request_id": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["code", "detail"],
                "properties": {
                    "pointer": {"type": "string", "description": "JSON pointer into the body"},
                    "parameter": {"type": "string", "description": "name of the query parameter"},
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}
KEY = "Any text of your own for this request: sent again within 24 hours, it is done once and gives the same answer."
IF_MATCH = 'The version on which the change is based, for example "7". The body may carry it as "version" instead.'


class Schema(AutoSchema):
    """Describes flat rows by their columns, and input by the serializers that read it."""

    def get_operation(self, path, path_regex, path_prefix, method, registry):
        with translation.override("en"):
            return super().get_operation(path, path_regex, path_prefix, method, registry)

    def get_operation_id(self) -> str:
        given = getattr(self.view, "operation_ids", {}).get(self.view.action)
        return given or super().get_operation_id().removeprefix("api_v1_")

    def _is_list_view(self, serializer=None) -> bool:
        """One object at the address of a list (``me``) is no list."""
        return not getattr(self.view, "single", False) and super()._is_list_view(serializer)

    def is_deprecated(self) -> bool:
        return self.view.action in self.view.deprecations

    def get_description(self) -> str:
        return re.sub(r"\s+", " ", super().get_description())

    def get_override_parameters(self) -> list[OpenApiParameter]:
        view, found = self.view, []
        if "{" in self.path:
            found.append(self._path_parameter())
        if self._is_flat and view.action == "list":
            found += self._list_parameters()
        if self._is_flat and view.action == "retrieve":
            found.append(_query("fields", {"type": "string"}, "Columns to send, separated by commas."))
            found.append(_header("If-None-Match", "Entity tag already known: 304 if it is still current."))
        for name, (schema, text) in getattr(view, "query", {}).get(view.action, {}).items():
            found.append(_query(name, schema, text))
        if view.action == "list" and self._is_flat and etags.covered(type(view)):
            found.append(_header("If-None-Match", "Entity tag already known: 304 if nothing has changed since."))
        if self.method == "POST":
            found.append(_header("Idempotency-Key", KEY))
        if view.action == "partial_update":
            found.append(_header("If-Match", IF_MATCH))
        return found

    def get_request_serializer(self):
        by_action = getattr(self.view, "input_serializers", {})
        return by_action.get(self.view.action, self.view.input_serializer)

    def get_response_serializers(self):
        return {
            **self._success(),
            ("default", "application/problem+json"): OpenApiResponse(
                self._component("Problem", PROBLEM), "Anything else, as RFC 9457 problem details."
            ),
        }

    @property
    def _is_flat(self) -> bool:
        return hasattr(self.view, "model")

    def _success(self) -> dict:
        """``responses`` of the viewset, if it declares some for this action; else the row.

        Its keys are status codes, or (status code, media type) for what is no JSON.
        """
        declared = getattr(self.view, "responses", {}).get(self.view.action)
        if declared:
            found = {}
            for key, (schema, text) in declared.items():
                code, media_type = key if isinstance(key, tuple) else (key, "application/json")
                found[str(code), media_type] = OpenApiResponse(self._row() if schema is None else schema, text)
            return found
        if self.view.action == "destroy":
            return {"204": OpenApiResponse(None, "Removed.")}
        code = "201" if self.view.action == "create" else "200"
        return {(code, "application/json"): OpenApiResponse(self._row(), "The object, or a page of them.")}

    def _row(self) -> dict:
        view = self.view
        if not self._is_flat:
            return getattr(view, "row_schema", {"type": "object"})
        name = view.model.__name__
        columns = view.columns if view.action == "list" else view.columns | view.detail_columns
        schema = _object(view.model, columns)
        for title, related in view.related.items():
            schema["properties"][title] = _related(related)
        if view.action != "list":
            link = {"type": "object", "properties": {"self": {"type": "string"}}}
            schema["properties"]["_links"] = link
            name += "Detail"
        return self._component(name, schema)

    def _component(self, name: str, schema: dict) -> dict:
        component = ResolvedComponent(name=name, type=ResolvedComponent.SCHEMA, schema=schema, object=name)
        self.registry.register_on_missing(component)
        return component.ref

    def _path_parameter(self) -> OpenApiParameter:
        name = re.findall(r"\{(\w+)\}", self.path)[-1]
        is_id = name in ("id", "pk")
        kind = {"type": "string", "format": "uuid"} if is_id else {"type": "string"}
        return OpenApiParameter(name, kind, OpenApiParameter.PATH, required=True)

    def _list_parameters(self) -> list[OpenApiParameter]:
        view = self.view
        names = sorted(view.orders)
        orders = [*names, *[f"-{name}" for name in names]]
        found = [
            _query("limit", {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT}),
            _query("cursor", {"type": "string"}, "From “next” of the page before; opaque and signed."),
            _query("count", {"type": "string", "enum": ["exact"]}, "Ask for the total, which costs a count."),
            _query("fields", {"type": "string"}, "Columns to send, separated by commas."),
        ]
        if orders:
            found.append(_query("order", {"type": "string", "enum": orders}))
        return found + [_query(name, schema) for name, schema in filter_schemas(view)]


def _query(name: str, schema: dict, description: str = "") -> OpenApiParameter:
    return OpenApiParameter(name, schema, OpenApiParameter.QUERY, description=description)


def _header(name: str, description: str) -> OpenApiParameter:
    return OpenApiParameter(name, str, OpenApiParameter.HEADER, description=description)


def _object(model, columns: dict) -> dict:
    return {
        "type": "object",
        "properties": {title: column_schema(model, column) for title, column in columns.items()},
    }


def _related(related: Related) -> dict:
    return {"type": "array", "items": _object(related.model, related.columns)}
