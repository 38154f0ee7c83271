"""Resources that other bureaus copy: the change feed and the bulk export read them from here.

A room registers what it exports beside the endpoint, in its ``api.py``::

    router.register("tasks", TaskViewSet, basename="tasks")
    exported.register("tasks", TaskViewSet, leave_out={"light"}, seen=selectors.tasks_seen, watch=(…))

The columns are those of the endpoint's list. From their paths follows what a row *embeds* (the name of the lead
bureau, the code of the book), and so whose changes must bring the row into the feed again: nobody keeps that list by
hand. Columns that change with the clock have no place in a copy (``leave_out``).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import islice
from typing import Any

import orjson
from django.db import models
from django.utils.translation import gettext_lazy as _

from dalian_coop.base.models import Versioned
from dalian_coop.rest.columns import Column, Related, RowReader, as_column, attach_related, column_schema
from dalian_coop.rest.filters import Filter, narrowed
from dalian_coop.rest.lines import json_line
from dalian_coop.rest.problems import BadParameter
from dalian_coop.rest.renderers import plain
from dalian_coop.rest.routing import find_endpoints

CHUNK = 2000


@dataclass(frozen=True)
class Embedding:
    """Rows of ``source`` that change bring rows of a resource into the feed.

    The resource's keys are the ``key`` of the rows of ``base`` whose ``lookup`` is one of the changed keys.
    """

    source: str  # label of the model that changes
    base: type[models.Model]
    lookup: str
    key: str


@dataclass(frozen=True)
class Exported:
    """One exported resource. See ``register`` for the parts that a room gives."""

    name: str
    model: type[models.Model]
    columns: dict[str, str | Column]
    related: dict[str, Related]
    perm: str
    narrow: Callable[[models.QuerySet], models.QuerySet]
    seen: Callable[[Any, set], set]
    scope: Callable[[Any], Any]
    major: int
    embeddings: list[Embedding] = field(default_factory=list)
    description: str = ""
    filters: dict[str, Filter] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """The name under which the change log knows it."""
        return self.model._meta.label_lower

    def visible_to(self, actor) -> models.QuerySet:
        """What pages, lists, feed and files alike show the actor."""
        return self.narrow(self.model.objects.visible_to(actor))

    def alive(self) -> models.QuerySet:
        """What anybody may see: not deleted, finished."""
        found = self.narrow(self.model._base_manager.all())
        for path in _deletion_marks(self.model):
            found = found.filter(**{f"{path}__isnull": True})
        return found

    def rows(
        self, queryset: models.QuerySet, *, actor=None, stream: bool = False
    ) -> Iterator[tuple[Any, int, dict[str, Any]]]:
        """(key, version, row as in the endpoint's list) of each object, in constant memory with ``stream``.

        Columns that need a permission are null unless ``actor`` holds it.
        """
        reader = RowReader(self.model, self.columns, actor=actor)
        key = reader.position(self.model._meta.pk.name)
        version = reader.position("version") if issubclass(self.model, Versioned) else None
        values = queryset.order_by("pk").values_list(*reader.paths)
        found = values.iterator(chunk_size=CHUNK) if stream else (row for row in values)
        with closing(found):  # before the snapshot ends, also when the reader breaks off
            while chunk := list(islice(found, CHUNK)):
                keys, rows = [row[key] for row in chunk], [reader.read(row) for row in chunk]
                attach_related(self.related, rows, keys)
                for raw, row in zip(chunk, rows, strict=True):
                    yield raw[key], 1 if version is None else raw[version], row

    def lines(self, queryset: models.QuerySet, *, actor=None) -> Iterator[tuple[int, bytes]]:
        """The rows as JSON, one a line, in pieces and in constant memory: (how many, their bytes).

        Written by the database where it can, else from ``rows``; the bytes are the same.
        """
        line = None
        if not self.related:
            line = json_line(self.model, self.columns, lambda perm: actor is not None and actor.has_perm(perm))
        if line is None:
            rows = self.rows(queryset, actor=actor, stream=True)
            found = (orjson.dumps(row, default=plain) for _key, _version, row in rows)
        else:
            rows = queryset.order_by("pk").values_list(line, flat=True).iterator(chunk_size=CHUNK)
            found = (text.encode() for text in rows)
        with closing(rows):  # before the snapshot ends, also when the reader breaks off
            while chunk := list(islice(found, CHUNK)):
                yield len(chunk), b"\n".join(chunk) + b"\n"

    def narrowed(self, queryset: models.QuerySet, given: Mapping[str, str]) -> models.QuerySet:
        """The rows for which all filters of the list hold. Raises ``BadParameter``."""
        for name, value in given.items():
            queryset = narrowed(queryset, self.filters, name, [value])
        return queryset

    def with_columns(self, names: Iterable[str]) -> "Exported":
        """The same rows with these columns only, in the order of the list; all if none is named.

        Raises ``BadParameter`` for a name that is no column.
        """
        wanted = set(names)
        if not wanted:
            return self
        if wanted - set(self.columns) - set(self.related) or not wanted & set(self.columns):
            raise BadParameter("fields", "bad_value", _("Name columns of this resource, separated by commas."))
        columns = {title: column for title, column in self.columns.items() if title in wanted}
        return replace(self, columns=columns, related={t: r for t, r in self.related.items() if t in wanted})

    def schema(self) -> dict[str, dict]:
        """JSON schema of every column, in their order."""
        found = {title: column_schema(self.model, column) for title, column in self.columns.items()}
        for title, related in self.related.items():
            inner = {t: column_schema(related.model, c) for t, c in related.columns.items()}
            found[title] = {"type": "array", "items": {"type": "object", "properties": inner}}
        return found


_resources: dict[str, Exported] = {}


def register(
    name: str,
    viewset: type,
    *,
    leave_out: Iterable[str] = (),
    narrow: Callable[[models.QuerySet], models.QuerySet] = lambda rows: rows,
    seen: Callable[[Any, set], set] = lambda actor, keys: keys,
    scope: Callable[[Any], Any] = lambda actor: None,
    watch: Iterable[tuple[type[models.Model], str]] = (),
    fixed: Iterable[str] = (),
    major: int = 1,
) -> None:
    """Export the rows of ``viewset`` as ``name``.

    ``leave_out`` names columns that depend on the day or on the job behind a row. ``narrow`` leaves out rows that are
    not finished. ``seen(actor, keys)`` says which of these keys, which the actor does not see, he may have seen before
    (all, where nothing is hidden from anybody). ``scope(actor)`` is what decides about whole groups of rows at once:
    when it changes, clients start anew. ``watch`` names rows that are not shown but decide who sees the resource:
    (model, path from it to the resource). ``fixed`` names related rows that are written once together with theirs.
    ``major`` counts changes of the columns that old copies cannot follow.
    """
    dropped = set(leave_out)
    columns = {title: column for title, column in viewset.columns.items() if title not in dropped}
    related = {title: rows for title, rows in viewset.related.items() if title not in dropped}
    found = Exported(
        name, viewset.model, columns, related, viewset.perms["list"], narrow, seen, scope, major,
        description=" ".join((viewset.__doc__ or "").split()),
        filters={title: declared for title, declared in viewset.filters.items() if title not in dropped},
    )  # fmt: skip
    found.embeddings.extend(dict.fromkeys(_embeddings(found, watch, set(fixed))))
    _resources[name] = found


@cache
def resources() -> dict[str, Exported]:
    """Every exported resource in the order of names; a worker has read no addresses, so the rooms are asked here."""
    find_endpoints()
    return dict(sorted(_resources.items()))


@cache
def embeddings() -> dict[str, list[tuple[Exported, Embedding]]]:
    """Label of a model → what must come into the feed when its rows change."""
    found: dict[str, list[tuple[Exported, Embedding]]] = {}
    for resource in resources().values():
        for embedding in resource.embeddings:
            found.setdefault(embedding.source, []).append((resource, embedding))
    return found


def _embeddings(found: Exported, watch, fixed: set[str]) -> Iterator[Embedding]:
    yield from _of_columns(found.model, found.columns, "pk")
    for title, related in found.related.items():
        if title not in fixed:
            yield _embedding(related.model, related.model, "pk", related.parent)
        yield from _of_columns(related.model, related.columns, related.parent)
    for model, path in watch:
        yield _embedding(model, model, "pk", path)


def _of_columns(model: type[models.Model], columns: dict, key: str) -> Iterator[Embedding]:
    """One for every relation on the way to a column's value."""
    for column in columns.values():
        for path in as_column(model, column).paths:
            reached, steps = model, path.split("__")[:-1]
            for n, step in enumerate(steps, start=1):
                reached = reached._meta.get_field(step).related_model
                yield _embedding(reached, model, "__".join(steps[:n]), key)


def _embedding(source: type[models.Model], base: type[models.Model], lookup: str, key: str) -> Embedding:
    if not any(trigger.name == "change_log_u" for trigger in getattr(source._meta, "triggers", [])):
        raise LookupError(f"{source._meta.label} is embedded in an export, but its changes are not logged (@tracked)")
    return Embedding(source._meta.label_lower, base, lookup, key)


def _deletion_marks(model: type[models.Model]) -> Iterator[str]:
    """``deleted_at`` of the model itself, and of what it hangs on."""
    for path, reached in [("", model), *((f.name, f.related_model) for f in model._meta.fields if f.many_to_one)]:
        if any(f.name == "deleted_at" for f in reached._meta.fields):
            yield f"{path}__deleted_at".lstrip("_")
