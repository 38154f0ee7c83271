"""Flat rows: a resource declares its columns once; lists and details read them with ``values_list``, without objects.

columns = {
    "id": "id",
    "due": "due",
    "lead": "lead__code",
    "lead_name": name("lead"),
    "state": "state",
    "state_label": label("state", TaskState),
    "light": Column(("light",), schema={"type": "string"}),      # an annotation
}
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Case, Value, When
from django.db.models.functions import Cast, Coalesce, NullIf
from django.utils.translation import get_language


@dataclass(frozen=True)
class Column:
    """One value of a row, read from one or more paths. ``prepare`` is called once a request and gives the reader.

    A column with ``perm`` is null for whoever does not hold that permission. ``text`` gives what ``prepare`` reads as
    an expression of the database (a text, or null): bulk exports are written there.
    """

    paths: tuple[str, ...]
    prepare: Callable[[], Callable[..., Any]] | None = None
    schema: dict | None = None
    perm: str = ""
    text: Callable[[], Any] | None = None


@dataclass(frozen=True)
class Related:
    """Rows that hang on the listed ones (supporting bureaus of tasks): one more statement for the whole page."""

    model: type[models.Model]
    parent: str  # foreign key to the listed model
    columns: dict[str, "str | Column"]
    order: tuple[str, ...] = ("id",)
    manager: str = field(default="objects")


def name(path: str = "") -> Column:
    """The name of a ``Named`` object in the language of the request."""
    prefix = f"{path}__" if path else ""
    paths = tuple(f"{prefix}name_{language}" for language in ("zh", "en", "ja", "ko"))

    def text() -> Coalesce:
        first = paths[_position_of_language()]
        return Coalesce(*[filled(path) for path in dict.fromkeys((first, paths[0], paths[1]))])

    return Column(paths, _name_reader, {"type": "string"}, text=text)


def label(path: str, choices: type[models.TextChoices]) -> Column:
    """The translated label of a state or kind."""

    def reader() -> Callable[[str], str | None]:
        labels = {choice.value: str(choice.label) for choice in choices}
        return labels.get

    def text() -> Case:
        found = [When(**{path: choice.value}, then=Value(str(choice.label))) for choice in choices]
        return Case(*found, output_field=models.TextField())

    return Column((path,), reader, {"type": ["string", "null"]}, text=text)


def filled(path: str) -> NullIf:
    """The text at ``path``, null where it is empty."""
    return NullIf(Cast(path, models.TextField()), Value(""))


def _position_of_language() -> int:
    return {"en": 1, "ja": 2, "ko": 3}.get((get_language() or "zh")[:2], 0)


def _name_reader() -> Callable[..., str]:
    position = _position_of_language()

    def read(*names: str) -> str | None:
        return names[position] or names[0] or names[1] or None

    return read


def private(path: str, perm: str) -> Column:
    """A text that only holders of ``perm`` get; null for the others, and where it is empty."""
    return Column((path,), _blank_reader, {"type": ["string", "null"]}, perm, lambda: filled(path))


def _nothing() -> None:
    """What is read by whoever may not."""


def _blank_reader() -> Callable[[str], str | None]:
    return lambda value: value or None


class RowReader:
    """Reads chosen columns of a model: which paths to select, and how a tuple becomes a dict.

    Without an ``actor`` columns that need a permission are null.
    """

    def __init__(
        self, model: type[models.Model], columns: dict[str, "str | Column"], chosen: Iterable[str] = (), actor=None
    ):
        self.names: list[str] = []
        self.paths: list[str] = []
        self._computed: list[tuple[str, Callable, tuple[int, ...]]] = []
        rest: list[tuple[str, Column]] = []
        for title in chosen or columns:
            column = as_column(model, columns[title])
            self.names.append(title)
            self.paths.append(column.paths[0])
            if column.perm and not (actor is not None and actor.has_perm(column.perm)):
                self._computed.append((title, _nothing, ()))
            elif column.prepare:
                rest.append((title, column))
        for title, column in rest:
            positions = tuple(self.position(path) for path in column.paths)
            self._computed.append((title, column.prepare(), positions))

    def position(self, path: str) -> int:
        """Where the value of ``path`` stands in the selected tuple; adds it if it is not selected yet."""
        if path not in self.paths:
            self.paths.append(path)
        return self.paths.index(path)

    def read(self, row: tuple) -> dict[str, Any]:
        """One tuple of ``values_list(*paths, …)`` as a dict in the order of the columns."""
        found = dict(zip(self.names, row, strict=False))
        for title, reader, positions in self._computed:
            found[title] = reader(*[row[i] for i in positions])
        return found


def attach_related(related: dict[str, Related], rows: list[dict], keys: list) -> None:
    """Give each row its related rows: one statement per related table."""
    for title, part in related.items():
        reader = RowReader(part.model, part.columns)
        parent = reader.position(part.parent)
        found = getattr(part.model, part.manager).filter(**{f"{part.parent}__in": keys})
        groups: dict[Any, list] = {key: [] for key in keys}
        # The key last: rows that are equal in their order must not change places between two readings.
        for row in found.order_by(*part.order, "pk").values_list(*reader.paths):
            groups[row[parent]].append(reader.read(row))
        for row, key in zip(rows, keys, strict=True):
            row[title] = groups[key]


def as_column(model: type[models.Model], column: "str | Column") -> Column:
    """A path as a column; an empty text is read as null (a value that is not there has one form only)."""
    if isinstance(column, Column):
        return column
    found = model_field(model, column)
    if isinstance(found, models.CharField | models.TextField) and found.blank:
        return Column((column,), _blank_reader, text=lambda: filled(column))
    return Column((column,))


def model_field(model: type[models.Model], path: str) -> models.Field | None:
    """The field at the end of ``path``; None for an annotation."""
    found = None
    for part in path.split("__"):
        if part in ("pk", "id"):
            found = model._meta.pk
            continue
        try:
            found = model._meta.get_field(part)
        except FieldDoesNotExist:
            return None
        if found.is_relation:
            model = found.related_model
    return found.target_field if found is not None and found.is_relation else found


def column_schema(model: type[models.Model], column: "str | Column") -> dict:
    """OpenAPI 3.1 schema of a column."""
    column = as_column(model, column)
    if column.schema:
        return column.schema
    found = model_field(model, column.paths[0])
    if found is None:
        raise LookupError(f"{model._meta.label}: {column.paths[0]} is no field; give its schema")
    nullable = found.null or column.prepare is not None or _passes_null(model, column.paths[0])
    return nullable_schema(field_schema(found), nullable)


def _passes_null(model: type[models.Model], path: str) -> bool:
    """Whether a relation on the way may be empty."""
    for part in path.split("__")[:-1]:
        found = model._meta.get_field(part)
        if getattr(found, "null", False):
            return True
        model = found.related_model
    return False


def nullable_schema(schema: dict, nullable: bool = True) -> dict:
    if not nullable or "type" not in schema:
        return schema
    changed = schema | {"type": [schema["type"], "null"]}
    if "enum" in schema:
        changed["enum"] = [*schema["enum"], None]
    return changed


def field_schema(found: models.Field) -> dict:
    """OpenAPI schema of a model field's values."""
    if isinstance(found, ArrayField):
        return {"type": "array", "items": field_schema(found.base_field)}
    if found.choices and isinstance(found, models.CharField):
        return {"type": "string", "enum": [value for value, _label in found.flatchoices if value != ""]}
    for kind, schema in _SCHEMAS:
        if isinstance(found, kind):
            return dict(schema)
    return {}


_SCHEMAS: list[tuple[type, dict]] = [
    (models.UUIDField, {"type": "string", "format": "uuid"}),
    (models.BooleanField, {"type": "boolean"}),
    (models.DecimalField, {"type": "string", "format": "decimal"}),
    (models.FloatField, {"type": "number"}),
    (models.IntegerField, {"type": "integer"}),
    (models.DateTimeField, {"type": "string", "format": "date-time"}),
    (models.DateField, {"type": "string", "format": "date"}),
    (models.JSONField, {}),
    (models.CharField, {"type": "string"}),
    (models.TextField, {"type": "string"}),
]
