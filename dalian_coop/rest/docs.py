"""What the interface offers: the index, the OpenAPI description, and a page for people that loads nothing foreign."""

import re
from functools import cache

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import resolve
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from rest_framework.response import Response

from dalian_coop.rest.permissions import ANYONE_SIGNED_IN
from dalian_coop.rest.problems import CODES, TITLES
from dalian_coop.rest.routing import paths, router
from dalian_coop.rest.viewsets import Endpoint


@cache
def openapi() -> dict:
    """The description, made once a process: it depends on the code only."""
    return SchemaGenerator().get_schema(request=None, public=True)


class IndexView(Endpoint):
    """The resources and their addresses."""

    schema = None
    perms = {"list": ANYONE_SIGNED_IN}

    def list(self, request):
        found = {name: f"{request.path}{name}/" for name, _viewset, _basename in router.registry}
        found |= {p.name: f"{request.path}{p.pattern}" for p in paths if "<" not in str(p.pattern)}
        return Response(found)


class SchemaView(Endpoint):
    """The OpenAPI 3.1 description of this interface."""

    schema = None
    perms = {"retrieve": ANYONE_SIGNED_IN}

    def retrieve(self, request):
        return Response(openapi())


@login_required
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The same description for people."""
    problems = [(code, CODES[code], title) for code, title in TITLES.items()]
    return render(request, "rest/docs.html", {"groups": _groups(openapi()), "problems": problems})


def _groups(description: dict) -> list[tuple[str, str, list[dict]]]:
    """(tag, title, operations) by resource, flat enough for a template, in the language of the reader."""
    groups: dict[str, list[dict]] = {}
    titles: dict[str, str] = {}
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            view, action = _view_of(path, method)
            tag = operation["tags"][0]
            if hasattr(view, "dataset"):
                titles[tag] = str(view.model._meta.verbose_name_plural)
            groups.setdefault(tag, []).append(_operation(description, path, method, operation, _about(view, action)))
    return [(tag, titles.get(tag, ""), found) for tag, found in sorted(groups.items())]


def _operation(description: dict, path: str, method: str, operation: dict, about: str) -> dict:
    parameters = [_parameter(p) for p in operation.get("parameters", [])]
    return {
        "method": method.upper(),
        "path": path,
        "id": operation["operationId"],
        "about": about,
        "deprecated": operation.get("deprecated", False),
        "parameters": parameters,
        "inputs": [p for p in parameters if p["place"] in ("path", "query")] if method == "get" else None,
        "body": _properties(description, operation.get("requestBody", {})),
        "answers": _answers(description, operation),
    }


def _view_of(path: str, method: str) -> tuple[type, str]:
    """(view, action) behind an operation."""
    found = resolve(_IN_BRACES.sub(lambda match: _EXAMPLES.get(match[1], "x"), path))
    return found.func.cls, found.func.actions[method]


def _about(view: type, action: str) -> str:
    """What the operation does: the view's own words, or those that hold for every resource."""
    said = view.about.get(action)
    if said is None and hasattr(view, "dataset"):
        said = f"{view.dataset.summary} {_ACTIONS.get(action, '')}"
    return str(said or " ".join((view.__doc__ or "").split()))


_IN_BRACES = re.compile(r"\{(\w+)\}")
_KEY = "00000000-0000-7000-8000-000000000000"
_EXAMPLES = {"id": _KEY, "shift": _KEY, "resource": "bureaus", "kind": "csv"}
_ACTIONS = {
    "list": _("A page of them, by filter and order."),
    "retrieve": _("One of them."),
    "create": _("Make one."),
    "partial_update": _("Change one; name the version on which the change is based."),
}


def _parameter(found: dict) -> dict:
    schema = found["schema"]
    kind = schema.get("format") or schema.get("type", "")
    return {"name": found["name"], "place": found["in"], "kind": kind, "values": schema.get("enum", [])}


def _answers(description: dict, operation: dict) -> list[dict]:
    return [
        {"code": code, "fields": _properties(description, answer)}
        for code, answer in operation["responses"].items()
        if code != "default"
    ]


def _properties(description: dict, holder: dict) -> list[tuple[str, str]]:
    """(name, type) of a JSON body, a page's rows unwrapped."""
    schema = _resolve(description, next(iter(holder.get("content", {}).values()), {}).get("schema", {}))
    if "items" in schema.get("properties", {}):
        schema = _resolve(description, schema["properties"]["items"].get("items", {}))
    return [(name, _kind(description, inner)) for name, inner in schema.get("properties", {}).items()]


def _resolve(description: dict, schema: dict) -> dict:
    reference = schema.get("$ref", "")
    return description["components"]["schemas"][reference.rsplit("/", 1)[1]] if reference else schema


def _kind(description: dict, schema: dict) -> str:
    schema = _resolve(description, schema)
    kind = schema.get("type", "")
    kinds = kind if isinstance(kind, list) else [kind]
    return " | ".join([schema["format"] if schema.get("format") and k == "string" else k for k in kinds if k])
