"""JSON lines written by PostgreSQL: for bulk exports, where making a million objects of the rows costs a minute.

The bytes are those that the renderer writes for the same row; a test compares them for every exported resource.
"""

from collections.abc import Callable

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Value

from dalian_coop.rest.columns import Column, as_column, model_field


class _Json(Func):
    """``template`` of one expression as JSON text; what is not there is null."""

    def __init__(self, expression, template: str):
        super().__init__(expression, template=f"coalesce({template}, 'null')", output_field=models.TextField())


class _Line(Func):
    """Pieces of text put together."""

    template, arg_joiner = "(%(expressions)s)", " || "

    def __init__(self, *pieces):
        super().__init__(*pieces, output_field=models.TextField())


_TEXT = "to_json((%(expressions)s)::text)::text"
_QUOTED = "'\"' || {} || '\"'"
_SECOND = "to_char(%(expressions)s AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS{}\"+00:00\"')"
# As the renderer: microseconds only where there are any.
_INSTANT = (
    "CASE WHEN date_trunc('second', %(expressions)s) = %(expressions)s "
    f"THEN {_SECOND.format('')} ELSE {_SECOND.format('.US')} END"
)
_TEMPLATES: list[tuple[type[models.Field], str]] = [
    (models.UUIDField, _QUOTED.format("%(expressions)s")),
    (models.BooleanField, "(%(expressions)s)::text"),
    (models.IntegerField, "(%(expressions)s)::text"),
    (models.DecimalField, _QUOTED.format("trim_scale(%(expressions)s)")),
    (models.DateTimeField, _QUOTED.format(_INSTANT)),
    (models.DateField, _QUOTED.format("to_char(%(expressions)s, 'YYYY-MM-DD')")),
    (models.CharField, _TEXT),
    (models.TextField, _TEXT),
]


def json_line(model: type[models.Model], columns: dict[str, str | Column], may: Callable[[str], bool]):
    """The row as one expression, without its line break; None if a column has no form in the database.

    ``may`` says whether the reader holds a permission; texts are in the active language.
    """
    pieces, before = [], "{"
    for title, declared in columns.items():
        column = as_column(model, declared)
        value = Value("null") if column.perm and not may(column.perm) else _value(model, column)
        if value is None:
            return None
        pieces += [Value(f'{before}"{title}":'), value]
        before = ","
    return _Line(*pieces, Value("}"))


def _value(model: type[models.Model], column: Column) -> Func | None:
    if column.text:
        return _Json(column.text(), _TEXT)
    found = None if column.prepare else model_field(model, column.paths[0])
    if isinstance(found, ArrayField) and isinstance(found.base_field, models.CharField):
        return _Json(F(column.paths[0]), "array_to_json(%(expressions)s)::text")
    for kind, template in _TEMPLATES:
        if isinstance(found, kind):
            return _Json(F(column.paths[0]), template)
    return None
