"""Rows of a book for the grid: flat, by codes, in the order of ``FIELDS``; and who changed a row last."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import F, FloatField, QuerySet
from django.db.models.functions import Cast

from planning.taskbooks.models import Task, TaskUnit

# Name in the grid → path in the database. Choices travel as codes; their words stand once, in the description.
_PATHS = {
    "id": "id",
    "ver": "version",
    "changed": "updated_at",
    "light": "light",
    "code": "code",
    "content": "content",
    "state": "state",
    "progress": "progress",
    "due": "due",
    "lead": "lead__code",
    "objective": "objective",
    "deliverable": "deliverable",
    "acceptance": "acceptance",
    "actions": "actions",
    "start": "start",
    "due_text": "due_text",
    "horizon": "horizon",
    "responsible": "responsible",
    "field": "field__code",
    "measure": "measure__code",
    "partners_text": "partners_text",
    "key_industries": "key_industries",
    "guarantees": "guarantees",
    "weight": "weight_number",
    "progress_note": "progress_note",
    "countries": "countries",
    "lead_id": "lead_id",
}
FIELDS = (*_PATHS, "units")
LEAD_ID = FIELDS.index("lead_id")


def grid_rows(tasks: QuerySet, today: date) -> list[list[Any]]:
    """The tasks in book order, each as a list in the order of ``FIELDS``. Two statements whatever their number."""
    tasks = tasks.with_light(today).annotate(weight_number=Cast(F("weight"), FloatField()))
    rows = list(tasks.order_by("sort_key", "id").values_list(*_PATHS.values()))
    units: dict[Any, list[str]] = defaultdict(list)
    supporting = TaskUnit.objects.filter(task__in=tasks.order_by().values("id")).order_by("task_id", "order")
    for task_id, code in supporting.values_list("task_id", "bureau__code"):
        units[task_id].append(code)
    return [[*row, units.get(row[0], ())] for row in rows]


def changed_since(tasks: QuerySet, moment: datetime) -> QuerySet:
    """Those of ``tasks`` written at ``moment`` or later."""
    return tasks.filter(updated_at__gte=moment)


def gone_since(book: Any, moment: datetime) -> list[Any]:
    """Keys of the tasks taken out of ``book`` at ``moment`` or later."""
    return list(Task.objects.filter(book=book, deleted_at__gte=moment).values_list("id", flat=True))


def last_writers(task_ids: Iterable[Any]) -> dict[Any, dict[str, Any]]:
    """Per task who wrote it last and when: ``{"by": "王处长", "bureau": "市商务局", "at": datetime}``."""
    events = Task._meta.get_field("events").related_model.objects.filter(pgh_obj_id__in=list(task_ids))
    latest = events.order_by("pgh_obj_id", "-pgh_id").distinct("pgh_obj_id").select_related("pgh_context")
    found = {}
    for event in latest:
        context = event.pgh_context.metadata if event.pgh_context else {}
        names = {"by": context.get("actor_label", ""), "bureau": context.get("bureau", "")}
        found[event.pgh_obj_id] = names | {"at": event.pgh_created_at}
    return found
