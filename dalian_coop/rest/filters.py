"""Filters from an allow-list. A parameter that is unknown, repeated or malformed is refused: a filter that is silently
ignored hands out the whole table.

    filters = {
        "state": Filter("state", "exact", "in"),
        "due": Filter("due", "exact", "gte", "lte", "isnull"),
        "lead": Filter("lead__code", "exact", "in"),
    }

``state=a``, ``state__in=a,b``, ``due__lte=2027-01-31``. A viewset may name a django-filter ``filterset_class`` instead
of or beside ``filters``; it is held to the same rules.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from rest_framework.filters import BaseFilterBackend

from dalian_coop.base.text import has_bad_characters
from dalian_coop.rest.columns import field_schema, model_field
from dalian_coop.rest.problems import BadParameter

RESERVED = frozenset({"cursor", "limit", "fields", "order", "count"})
LONGEST_VALUE = 200
MOST_VALUES = 100
LOOKUPS = {
    "exact": "exact",
    "in": "in",
    "gt": "gt",
    "gte": "gte",
    "lt": "lt",
    "lte": "lte",
    "isnull": "isnull",
    "contains": "icontains",
    "startswith": "istartswith",
    "has": "contains",  # an array holds the value
}


@dataclass(frozen=True, init=False)
class Filter:
    """One filterable thing: the path in the model and the operators offered.

    ``schema`` and ``parse`` are needed only where the path is an annotation; ``apply(queryset, operator, value)``
    only where the condition is more than one lookup.
    """

    path: str
    operators: tuple[str, ...]
    parse: Callable[[str], Any] | None = None
    schema: dict | None = None
    apply: Callable[[models.QuerySet, str, Any], models.QuerySet] | None = field(default=None)

    def __init__(self, path: str, *operators: str, parse=None, schema=None, apply=None):
        for name, value in (
            ("path", path),
            ("operators", operators or ("exact",)),
            ("parse", parse),
            ("schema", schema),
            ("apply", apply),
        ):
            object.__setattr__(self, name, value)
        if unknown := set(self.operators) - set(LOOKUPS):
            raise ValueError(f"unknown operators {unknown}")

    def value(self, model: type[models.Model], name: str, operator: str, raw: str) -> Any:
        """``raw`` in the type of the field. Raises ``BadParameter``."""
        if len(raw) > LONGEST_VALUE * (MOST_VALUES if operator == "in" else 1) or has_bad_characters(raw):
            raise BadParameter(name, "bad_value", _("The value is too long or has characters that cannot be stored."))
        if operator == "isnull":
            return _boolean(name, raw)
        if operator == "in":
            parts = [part for part in raw.split(",") if part]
            if not 0 < len(parts) <= MOST_VALUES:
                raise BadParameter(name, "bad_value", _("Give 1 to 100 values, separated by commas."))
            return [self._one(model, name, part) for part in parts]
        one = self._one(model, name, raw)
        return [one] if operator == "has" else one

    def _one(self, model: type[models.Model], name: str, raw: str) -> Any:
        try:
            if self.parse:
                return self.parse(raw)
            found = model_field(model, self.path)
            if isinstance(found, ArrayField):
                found = found.base_field
            if isinstance(found, models.BooleanField):
                return _boolean(name, raw)
            if found.choices and raw not in {str(value) for value, _label in found.flatchoices}:
                raise ValueError(raw)
            if isinstance(found, models.IntegerField) and not (raw.lstrip("-").isascii() and len(raw) <= 18):
                raise ValueError(raw)
            value = found.to_python(raw)
            # PostgreSQL reads no offset beyond 15:59; an instant at either end of time overflows here.
            return value.astimezone(UTC) if isinstance(value, datetime) else value
        except (ValueError, ValidationError, ArithmeticError, LookupError):
            raise BadParameter(name, "bad_value", _("This is no possible value here.")) from None


def _boolean(name: str, raw: str) -> bool:
    if raw not in ("true", "false"):
        raise BadParameter(name, "bad_value", _("Give true or false."))
    return raw == "true"


class StrictFilterBackend(BaseFilterBackend):
    """Applies the filters of a list; refuses what the viewset does not declare."""

    def filter_queryset(self, request, queryset, view):
        filters = getattr(view, "filters", {})
        filterset_class = getattr(view, "filterset_class", None)
        in_filterset = set(filterset_class.base_filters) if filterset_class else set()
        for name, values in request.query_params.lists():
            if name in RESERVED or name in in_filterset:
                if len(values) > 1 and not _takes_many(filterset_class, name):
                    raise BadParameter(name, "repeated", _("This parameter may be given once."))
                continue
            queryset = narrowed(queryset, filters, name, values)
        return _apply_filterset(filterset_class, request, queryset) if filterset_class else queryset

    def get_schema_operation_parameters(self, view) -> list[dict]:
        """Used by nothing: ``rest.schema`` describes the parameters."""
        return []


def narrowed(queryset: models.QuerySet, filters: dict[str, Filter], name: str, values: list[str]) -> models.QuerySet:
    """The rows for which the parameter ``name`` holds. Raises ``BadParameter``."""
    base, _separator, operator = name.partition("__")
    found = filters.get(base)
    if found is None or (operator or "exact") not in found.operators or name.endswith("__exact"):
        raise BadParameter(name, "unknown_parameter", _("This parameter is not offered here."))
    if len(values) > 1:
        raise BadParameter(name, "repeated", _("This parameter may be given once."))
    return _apply(queryset, found, name, operator or "exact", values[0])


def _apply(queryset, found: Filter, name: str, operator: str, raw: str):
    value = found.value(queryset.model, name, operator, raw)
    if found.apply:
        return found.apply(queryset, operator, value)
    return queryset.filter(**{f"{found.path}__{LOOKUPS[operator]}": value})


def _takes_many(filterset_class, name: str) -> bool:
    return bool(filterset_class) and hasattr(filterset_class.base_filters.get(name), "conjoined")


def _apply_filterset(filterset_class, request, queryset):
    names = [name for name in request.query_params if name in filterset_class.base_filters]
    if not names:
        return queryset
    filterset = filterset_class(request.query_params, queryset=queryset, request=request)
    if not filterset.is_valid():
        name, errors = next(iter(filterset.errors.as_data().items()))
        raise BadParameter(name, errors[0].code or "bad_value", errors[0].messages[0])
    return filterset.qs


def filter_schemas(view) -> list[tuple[str, dict]]:
    """(parameter, OpenAPI schema) for everything that the viewset's lists can be filtered by."""
    found = []
    for name, declared in getattr(view, "filters", {}).items():
        schema = declared.schema or _value_schema(view.model, declared.path)
        for operator in declared.operators:
            title = name if operator == "exact" else f"{name}__{operator}"
            if operator == "isnull":
                found.append((title, {"type": "boolean"}))
            elif operator == "in":
                found.append((title, {"type": "string"}))
            else:
                found.append((title, schema))
    if filterset_class := getattr(view, "filterset_class", None):
        found += [(name, {"type": "string"}) for name in filterset_class.base_filters]
    return found


def _value_schema(model: type[models.Model], path: str) -> dict:
    schema = field_schema(model_field(model, path))
    return schema.get("items", schema)
