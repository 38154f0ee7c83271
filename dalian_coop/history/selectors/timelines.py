"""The history of an object, and of everything, as pages show it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Window
from django.db.models.functions import Lag
from django.utils.formats import localize
from django.utils.translation import gettext as _

# Kept by the machinery itself; a person does not want to read that they changed.
SILENT = frozenset({"version", "created_at", "updated_at", "sort_key", "pinyin", "initials", "countries"})


@dataclass(frozen=True)
class FieldChange:
    """One field: its label and what it held before and after, as text."""

    field: str
    label: str
    old: str
    new: str

    def __iter__(self) -> Iterator[str]:
        """(label, old, new), the form in which the timeline tag reads it."""
        return iter((self.label, self.old, self.new))

    def __len__(self) -> int:
        return 3  # Django's template loop unpacks only what has a length


@dataclass(frozen=True)
class Entry:
    """One write of one object: when, who, why, and which fields."""

    at: datetime
    actor_label: str
    bureau: str
    reason: str
    request_id: str
    kind: str  # insert, update or delete
    changes: list[FieldChange]
    version: int | None = None


def timeline(obj: models.Model, fields: dict[str, str] | None = None, limit: int = 100) -> list[Entry]:
    """The last ``limit`` writes of ``obj``, newest first.

    ``fields`` names the fields to show and their labels; without it all that have a meaning for people.
    """
    events = list(
        _event_model(type(obj))
        .objects.filter(pgh_obj_id=obj.pk)
        .select_related("pgh_context")
        .order_by("-pgh_id")[: limit + 1]
    )
    shown = _shown_fields(type(obj), fields)
    names = _Names()
    for event in events:
        names.want(event, shown)
    names.fetch()
    entries = []
    for position, event in enumerate(events[:limit]):
        before = events[position + 1] if position + 1 < len(events) else None
        entries.append(_entry(event, before, shown, names))
    return [entry for entry in entries if entry.changes or entry.kind != "update"]


def _event_model(model: type[models.Model]) -> type[models.Model]:
    return model._meta.get_field("events").related_model


def _shown_fields(model: type[models.Model], fields: dict[str, str] | None) -> list[tuple[models.Field, str]]:
    if fields is None:
        return [
            (f, str(f.verbose_name)) for f in model._meta.concrete_fields if f.name not in SILENT and not f.primary_key
        ]
    return [(model._meta.get_field(name), str(label)) for name, label in fields.items()]


def _entry(event, before, shown, names: "_Names") -> Entry:
    context = event.pgh_context.metadata if event.pgh_context else {}
    if event.pgh_label == "update" and before is None:
        shown = []  # the event before this one was not read
    changes = []
    for field, label in shown:
        old = getattr(before, field.attname) if before is not None else None
        new = None if event.pgh_label == "delete" else getattr(event, field.attname)
        if event.pgh_label == "insert":
            old = None
        if old != new and not (old is None and new in ("", [], {})):
            changes.append(FieldChange(field.name, label, names.text(field, old), names.text(field, new)))
    return Entry(
        at=event.pgh_created_at,
        actor_label=context.get("actor_label") or _("The portal itself"),
        bureau=context.get("bureau", ""),
        reason=context.get("reason", ""),
        request_id=context.get("request_id", ""),
        kind=event.pgh_label,
        changes=changes,
        version=getattr(event, "version", None),
    )


class _Names:
    """Names of the objects that foreign keys point to: one statement per table, not one per value."""

    def __init__(self):
        self._wanted: dict[type[models.Model], set] = {}
        self._found: dict[type[models.Model], dict] = {}

    def want(self, event, shown: list[tuple[models.Field, str]]) -> None:
        for field, _label in shown:
            value = getattr(event, field.attname)
            if field.is_relation and value is not None:
                self._wanted.setdefault(field.related_model, set()).add(value)

    def fetch(self) -> None:
        self._found = {model: model._base_manager.in_bulk(keys) for model, keys in self._wanted.items()}

    def text(self, field: models.Field, value: Any) -> str:
        """A value in words."""
        if value is None or value == "":
            return ""
        if field.is_relation:
            return str(self._found[field.related_model].get(value, value))
        if field.choices:
            return str(dict(field.flatchoices).get(value, value))
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if isinstance(value, list):
            return "、".join(str(v) for v in value)
        return str(value) if isinstance(value, str) else str(localize(value))


def ever(model: type[models.Model], keys, *conditions: models.Q, key: str = "pgh_obj_id") -> set:
    """Which of ``keys`` met ``conditions`` at some time: in any version that is kept of any row of ``model``.

    ``key`` names the column of the history that holds the keys, for rows that hang on the objects asked for.
    """
    events = _event_model(model).objects.filter(*conditions, **{f"{key}__in": list(keys)})
    return set(events.values_list(key, flat=True))


def tracked_models() -> list[type[models.Model]]:
    """Every model whose changes are recorded field by field."""
    return [model for model in apps.get_models() if any(r.name == "events" for r in model._meta.related_objects)]


@dataclass(frozen=True)
class AuditRow:
    """One event of any model, for the audit administrator: which fields were touched, not what they held."""

    at: datetime
    model: str
    object_id: str
    kind: str
    actor_label: str
    actor_kind: str
    bureau: str
    reason: str
    request_id: str
    fields: list[str]


def audit_rows(model: type[models.Model], *, actor: str = "", request_id: str = "", first: int = 0, count: int = 50):
    """(rows, whether there are more) of one model's events, newest first.

    Values stay hidden: the audit administrator checks who wrote what and when, and does not read business content.
    """
    events = _event_model(model).objects.select_related("pgh_context")
    if actor:
        events = events.filter(pgh_context__metadata__actor_label__icontains=actor)
    if request_id:
        events = events.filter(pgh_context__metadata__request_id=request_id)
    names = [f.name for f in model._meta.concrete_fields if f.name not in SILENT]
    found = list(events.order_by("-pgh_id")[first : first + count + 1])
    before = _events_before(model, found)
    return [_audit_row(model, event, before.get(event.pk), names) for event in found[:count]], len(found) > count


def _events_before(model: type[models.Model], events: list) -> dict:
    """For each event the one before it of the same object."""
    keys = {event.pgh_obj_id for event in events}
    history = _event_model(model).objects.filter(pgh_obj_id__in=keys)
    pairs = history.annotate(before=Window(Lag("pgh_id"), partition_by="pgh_obj_id", order_by="pgh_id"))
    wanted = {pk: before for pk, before in pairs.values_list("pgh_id", "before") if before}
    previous = _event_model(model).objects.in_bulk({wanted[e.pk] for e in events if e.pk in wanted})
    return {event.pk: previous[wanted[event.pk]] for event in events if event.pk in wanted}


def _audit_row(model: type[models.Model], event, before, names: list[str]) -> AuditRow:
    context = event.pgh_context.metadata if event.pgh_context else {}
    touched = []
    if event.pgh_label == "update" and before is not None:
        kept = [model._meta.get_field(name) for name in names]
        kept = [f for f in kept if hasattr(event, f.attname)]  # secrets are not in the history
        touched = [str(f.verbose_name) for f in kept if getattr(event, f.attname) != getattr(before, f.attname)]
    return AuditRow(
        at=event.pgh_created_at,
        model=str(model._meta.verbose_name),
        object_id=str(event.pgh_obj_id),
        kind=event.pgh_label,
        actor_label=context.get("actor_label", ""),
        actor_kind=context.get("actor_kind", ""),
        bureau=context.get("bureau", ""),
        reason=context.get("reason", ""),
        request_id=context.get("request_id", ""),
        fields=touched,
    )
