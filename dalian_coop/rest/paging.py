"""Lists by keyset: the cursor says after which row the next page starts, so page 1,000 costs what page 1 costs.

The cursor is signed and bound to the actor, the filter and the order: altered, or used with another filter, it is
refused with 400. There is no total unless ``count=exact`` asks for it.
"""

import datetime
import hashlib
import json
from typing import Any

from django.core import signing
from django.core.exceptions import ValidationError
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework.pagination import BasePagination
from rest_framework.response import Response

from dalian_coop.rest.columns import model_field
from dalian_coop.rest.problems import BadParameter

DEFAULT_LIMIT = 100
MAX_LIMIT = 500
_signer = signing.Signer(salt="dalian_coop.rest.cursor")


class SignedCursorPagination(BasePagination):
    """Reads ``limit``, ``cursor``, ``order`` and ``count``; the viewset declares ``ordering`` and ``orders``."""

    def paginate_queryset(self, queryset: QuerySet, request, view=None) -> list[dict]:
        self.request = request
        limit = self._limit()
        self.count = self._count(queryset)
        keys = self._keys(view)
        binding = self._binding(request)
        cursor = request.query_params.get("cursor")
        if cursor is not None:
            queryset = queryset.filter(_after(queryset.model, keys, self._open(cursor, binding)))
        ordered = queryset.order_by(*[F(p).desc(nulls_last=True) if d else F(p).asc(nulls_last=True) for p, d in keys])
        rows, places = view.read_page(ordered, limit + 1, [path for path, _descending in keys])
        self.next_cursor = None
        if len(rows) > limit:
            rows = rows[:limit]
            self.next_cursor = _signer.sign_object({"k": [_plain(v) for v in places[limit - 1]], "b": binding})
        return rows

    def _limit(self) -> int:
        raw = self.request.query_params.get("limit", str(DEFAULT_LIMIT))
        if not (raw.isascii() and raw.isdigit() and len(raw) < 6 and 1 <= int(raw) <= MAX_LIMIT):
            raise BadParameter("limit", "bad_value", _("The limit is a whole number from 1 to 500."))
        return int(raw)

    def _count(self, queryset: QuerySet) -> int | None:
        wanted = self.request.query_params.get("count")
        if wanted is None:
            return None
        if wanted != "exact":
            raise BadParameter("count", "bad_value", _("Only count=exact is offered."))
        return queryset.count()

    def _keys(self, view) -> list[tuple[str, bool]]:
        """(path, descending) of the order, the primary key last."""
        wanted = self.request.query_params.get("order")
        paths = list(view.ordering)
        if wanted is not None:
            base = wanted.removeprefix("-")
            if base not in view.orders:
                raise BadParameter("order", "bad_value", _("The list cannot be ordered by this."))
            turn = wanted.startswith("-")
            paths = [f"-{path}" if turn else path for path in view.orders[base]]
        keys = [(path.removeprefix("-"), path.startswith("-")) for path in paths]
        return keys if keys and keys[-1][0] in ("id", "pk") else [*keys, ("pk", False)]

    @staticmethod
    def _binding(request) -> str:
        """What a cursor belongs to: who asks, which list, which filter and order."""
        given = sorted(
            (k, v) for k, v in request.query_params.items() if k not in ("cursor", "limit", "fields", "count")
        )
        text = json.dumps([request.path, str(request.user.pk), given], ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:24]

    @staticmethod
    def _open(cursor: str, binding: str) -> list:
        try:
            found = _signer.unsign_object(cursor)
        except (signing.BadSignature, ValueError):
            raise BadParameter("cursor", "bad_cursor", _("This cursor was not made here.")) from None
        if found["b"] != binding:
            text = _("This cursor belongs to another list or filter; start again without it.")
            raise BadParameter("cursor", "bad_cursor", text)
        return found["k"]

    def get_paginated_response(self, data: list[dict]) -> Response:
        body: dict[str, Any] = {"items": data, "next": self._next_url()}
        if self.count is not None:
            body["count"] = self.count
        headers = {"Link": f'<{body["next"]}>; rel="next"'} if body["next"] else None
        return Response(body, headers=headers)

    def _next_url(self) -> str | None:
        if self.next_cursor is None:
            return None
        params = self.request.query_params.copy()
        params["cursor"] = self.next_cursor
        return self.request.build_absolute_uri(f"{self.request.path}?{params.urlencode()}")

    def get_paginated_response_schema(self, schema: dict) -> dict:
        return {
            "type": "object",
            "required": ["items", "next"],
            "properties": {
                "items": schema,
                "next": {"type": ["string", "null"], "format": "uri"},
                "count": {"type": "integer"},
            },
        }


def _plain(value: Any) -> Any:
    if isinstance(value, datetime.date | datetime.datetime):
        return value.isoformat()
    if value is None or isinstance(value, bool | int | float | str | list):
        return value
    return str(value)


def _after(model, keys: list[tuple[str, bool]], values: list) -> Q:
    """Condition for the rows behind ``values``; nulls stand last in either direction."""
    if len(keys) != len(values):
        raise BadParameter("cursor", "bad_cursor", _("This cursor was not made here."))
    condition, equal = Q(pk__in=[]), Q()
    for (path, descending), raw in zip(keys, values, strict=True):
        value = _typed(model, path, raw)
        if value is not None:
            behind = Q(**{f"{path}__{'lt' if descending else 'gt'}": value})
            if _may_be_null(model, path):
                behind |= Q(**{f"{path}__isnull": True})
            condition |= equal & behind
            equal &= Q(**{path: value})
        else:
            equal &= Q(**{f"{path}__isnull": True})
    return condition


def _typed(model, path: str, raw: Any) -> Any:
    found = model_field(model, path)
    try:
        return raw if found is None or raw is None else found.to_python(raw)
    except (ValueError, ValidationError):
        raise BadParameter("cursor", "bad_cursor", _("This cursor was not made here.")) from None


def _may_be_null(model, path: str) -> bool:
    found = model_field(model, path)
    return found is None or found.null or "__" in path
