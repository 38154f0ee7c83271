"""Page-shaped reads of task books. Rows are flat dicts: one statement for the tasks, one for their bureaus."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import Avg, Count, Max, Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from dalian_coop.accounts.models import Bureau
from dalian_coop.accounts.scope import country_limit, row_limit, sees_every_bureau
from dalian_coop.base.models import pick_name
from dalian_coop.history.selectors import Entry, FieldChange, ever, timeline
from dalian_coop.ui.marks import worst
from partners.relations.selectors import CityTasks
from planning.plans.enums import Horizon
from planning.plans.models import Measure
from planning.taskbooks.enums import Light, TaskState
from planning.taskbooks.models import Task, TaskBook, TaskUnit

_NAMES = ("zh", "en", "ja", "ko")
_TEXTS = (
    "id",
    "code",
    "version",
    "content",
    "objective",
    "actions",
    "deliverable",
    "acceptance",
    "lead_id",
    "responsible",
    "start",
    "due",
    "due_text",
    "horizon",
    "partners_text",
    "key_industries",
    "guarantees",
    "weight",
    "state",
    "progress",
    "light",
    "measure_id",
    "measure__code",
    "measure__title",
    "book__code",
)
_NAMED = ("lead", "field")
ORDERS = {
    "code": ("sort_key", "code"),
    "light": ("light_rank", "due", "sort_key"),
    "due": ("due", "sort_key"),
    "progress": ("progress", "sort_key"),
    "lead": ("lead__pinyin", "sort_key"),
    "weight": ("weight", "sort_key"),
    "changed": ("updated_at", "sort_key"),
}
PAGE_SIZE = 200


def task_rows(tasks: QuerySet, today: date) -> list[dict[str, Any]]:
    """The tasks as flat rows with names in the active language, labels, light and supporting bureaus.

    ``tasks`` comes ordered; two statements whatever the number of rows.
    """
    paths = [*_TEXTS, *(f"{path}__name_{lang}" for path in _NAMED for lang in _NAMES)]
    rows = list(tasks.with_light(today).values(*paths))
    units = unit_names([row["id"] for row in rows])
    states, horizons = dict(TaskState.choices), dict(Horizon.choices)
    for row in rows:
        for path in _NAMED:
            row[path] = pick_name(*(row.pop(f"{path}__name_{lang}") for lang in _NAMES))
        row["units"] = units.get(row["id"], "")
        row["state_label"] = states[row["state"]]
        row["horizon_label"] = horizons.get(row["horizon"], "")
    return rows


def unit_names(task_ids: Iterable) -> dict[Any, str]:
    """Supporting bureaus per task, joined in their order."""
    names: dict[Any, list[str]] = defaultdict(list)
    found = TaskUnit.objects.filter(task__in=list(task_ids)).order_by("task_id", "order")
    for task_id, *bureau in found.values_list("task_id", *(f"bureau__name_{lang}" for lang in _NAMES)):
        names[task_id].append(pick_name(*bureau))
    separator = "、" if (get_language() or "zh")[:2] in ("zh", "ja") else ", "
    return {task_id: separator.join(found) for task_id, found in names.items()}


def grouped(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows in book order gathered under their measures: ``[{"code", "title", "field", "rows"}]``."""
    groups: list[dict[str, Any]] = []
    for row in rows:
        if not groups or groups[-1]["id"] != row["measure_id"]:
            head = {"id": row["measure_id"], "code": row["measure__code"], "title": row["measure__title"]}
            groups.append(head | {"field": row["field"], "rows": []})
        groups[-1]["rows"].append(row)
    return groups


def light_counts(tasks: QuerySet, today: date) -> list[dict[str, Any]]:
    """``[{"value", "label", "count"}]`` for every light, in the order of attention; a light no task has counts 0."""
    found = dict(tasks.with_light(today).order_by().values_list("light").annotate(n=Count("id")))
    return [{"value": light.value, "label": light.label, "count": found.get(light.value, 0)} for light in ATTENTION]


ATTENTION = (Light.RED, Light.YELLOW, Light.BLUE, Light.GREEN, Light.GREY, Light.DONE)


def summary(tasks: QuerySet, today: date) -> dict[str, Any]:
    """What the head line of a book says about the tasks one sees."""
    return tasks.aggregate(
        total=Count("id"),
        bureaus=Count("lead", distinct=True),
        overdue=Count("id", filter=Q(due__lt=today) & ~Q(state=TaskState.COMPLETED)),
        progress=Avg("progress"),
        changed=Max("updated_at"),
    )


def book_cards(actor: Any, today: date) -> list[dict[str, Any]]:
    """The books one sees, each with the number of its tasks by light, their mean progress and the overdue ones."""
    books = list(TaskBook.objects.visible_to(actor).select_related("programme"))
    visible = Task.objects.visible_to(actor).order_by()
    lights: dict[Any, dict[str, int]] = defaultdict(dict)
    for book_id, light, n in visible.with_light(today).values_list("book_id", "light").annotate(n=Count("id")):
        lights[book_id][light] = n
    sums = {
        row.pop("book_id"): row
        for row in visible.values("book_id").annotate(
            total=Count("id"),
            overdue=Count("id", filter=Q(due__lt=today) & ~Q(state=TaskState.COMPLETED)),
            progress=Avg("progress"),
        )
    }
    empty = {"total": 0, "overdue": 0, "progress": None}
    return [
        {
            "book": book,
            **sums.get(book.pk, empty),
            "lights": [
                {"value": light.value, "label": light.label, "count": lights[book.pk].get(light.value, 0)}
                for light in ATTENTION
            ],
        }
        for book in books
    ]


def filter_options(book: TaskBook, tasks: QuerySet) -> dict[str, list[tuple[str, str]]]:
    """(value, label) for the selects above the table: only what occurs among the tasks one sees."""
    tasks = tasks.order_by()
    measures = list(Measure.objects.filter(id__in=tasks.values("measure")).select_related("field"))
    fields = {m.field.code: m.field for m in measures}
    supporting = TaskUnit.objects.filter(task__in=tasks.values("id")).values("bureau")
    return {
        "field": [(code, field.name) for code, field in sorted(fields.items(), key=lambda item: item[1].order)],
        "measure": [(m.code, str(m)) for m in measures],
        "lead": _bureau_choices(tasks.values("lead")),
        "support": _bureau_choices(supporting),
        "light": [(light.value, light.label) for light in ATTENTION],
        "state": list(TaskState.choices),
        "horizon": list(Horizon.choices),
    }


def _bureau_choices(keys: QuerySet) -> list[tuple[str, str]]:
    found = Bureau.objects.filter(id__in=keys).values_list("code", *(f"name_{lang}" for lang in _NAMES))
    return [(code, pick_name(*names)) for code, *names in found]


def tasks_of_region(actor: Any, region_code: str) -> QuerySet:
    """Visible tasks that name the region, in book order."""
    return Task.objects.visible_to(actor).filter(task_regions__region__code=region_code).in_order()


def tasks_by_region(actor: Any, today: date) -> dict[str, CityTasks]:
    """For the pages of partner cities: per region code the visible tasks that name it, and their worst light."""
    tasks = Task.objects.visible_to(actor).with_light(today)
    found: dict[str, Counter] = defaultdict(Counter)
    for region, light in tasks.filter(regions__isnull=False).values_list("regions__code", "light"):
        found[region][light] += 1
    return {region: CityTasks(count=lights.total(), light=worst(lights)) for region, lights in found.items()}


def visible_task(actor: Any, book_code: str, code: str) -> Task | None:
    """A task by its address, with what its page shows; None for a stranger."""
    return (
        Task.objects.visible_to(actor)
        .filter(book__code=book_code, code=code)
        .select_related("book__programme", "lead", "field", "measure")
        .first()
    )


def deleted_tasks(book: TaskBook) -> QuerySet:
    """What was taken out of the book, the latest first (for those who may restore)."""
    return Task.objects.filter(book=book, deleted_at__isnull=False).order_by("-deleted_at")


def task_at_version(task: Task, version: int) -> dict[str, Any] | None:
    """The columns of a task as they were at ``version``: what somebody saw when they began to edit."""
    return _event_model(Task).objects.filter(pgh_obj_id=task.pk, version=version).order_by("pgh_id").values().first()


def task_timeline(task: Task) -> list[Entry]:
    """Every write of a task, newest first, changes of its supporting bureaus among them."""
    fields = {name: Task._meta.get_field(name).verbose_name for name in _HISTORY}
    entries = timeline(task, fields)
    by_version = {entry.version: entry for entry in entries}
    for entry in _unit_entries(task):
        if entry.version in by_version and entry.version is not None:
            by_version[entry.version].changes.extend(entry.changes)
        else:
            entries.append(entry)
    return sorted(entries, key=lambda entry: (entry.at, entry.version or 0), reverse=True)


_HISTORY = (
    *("code", "content", "state", "progress", "progress_note", "completed_on", "start", "due", "due_text", "horizon"),
    *("lead", "responsible", "weight", "objective", "actions", "deliverable", "acceptance", "partners_text"),
    *("key_industries", "guarantees", "field", "measure", "deleted_at"),
)


def _unit_entries(task: Task) -> list[Entry]:
    """One entry per write that changed the supporting bureaus, with the list before and after.

    What was written together has the same context and the same time of transaction; the task's own event of that
    write tells the version.
    """
    events = list(
        _event_model(TaskUnit).objects.filter(task_id=task.pk).select_related("pgh_context").order_by("pgh_id")
    )
    names = {bureau.pk: bureau.name for bureau in Bureau.objects.filter(id__in={event.bureau_id for event in events})}
    own = _event_model(Task).objects.filter(pgh_obj_id=task.pk).order_by("pgh_id")
    versions = {
        (context, at): version for context, at, version in own.values_list("pgh_context", "pgh_created_at", "version")
    }
    present: dict[Any, int] = {}
    entries = []
    for key, group in groupby(events, key=lambda event: (event.pgh_context_id, event.pgh_created_at)):
        old, together = _joined(present, names), list(group)
        for event in together:
            if event.pgh_label == "delete":
                present.pop(event.bureau_id, None)
            else:
                present[event.bureau_id] = event.order
        if (new := _joined(present, names)) != old:
            entries.append(_unit_entry(together[0], versions.get(key), old, new))
    return entries


def _joined(present: dict[Any, int], names: dict[Any, str]) -> str:
    return "、".join(names[pk] for pk, _order in sorted(present.items(), key=lambda item: item[1]))


def _unit_entry(event: Any, version: int | None, old: str, new: str) -> Entry:
    context = event.pgh_context.metadata if event.pgh_context else {}
    return Entry(
        at=event.pgh_created_at,
        actor_label=context.get("actor_label") or str(_("The portal itself")),
        bureau=context.get("bureau", ""),
        reason=context.get("reason", ""),
        request_id=context.get("request_id", ""),
        kind="update",
        changes=[FieldChange("units", str(UNITS_LABEL), old, new)],
        version=version,
    )


UNITS_LABEL = _("supporting bureaus")


def _event_model(model: type[Any]) -> type[Any]:
    return model._meta.get_field("events").related_model


def visible_books(actor) -> list[str]:
    """Keys of the books one sees, where that hangs on the tasks in them."""
    if sees_every_bureau(actor) and not row_limit(actor):
        return []
    return _keys(TaskBook.objects.visible_to(actor))


def own_books(actor) -> list[str]:
    """Keys of the books of which somebody bound to a bureau sees every row: they come and go with one task."""
    if sees_every_bureau(actor) or country_limit(actor):
        return []
    return _keys(TaskBook.objects.filter(tasks__in=Task.objects.alive().involving(actor.bureau_ids)).distinct())


def _keys(books: QuerySet) -> list[str]:
    return sorted(str(key) for key in books.order_by().values_list("pk", flat=True))


def tasks_seen(actor, keys: set) -> set:
    """Which of these tasks, not visible now, the actor may have seen: by the book, its bureaus or its countries."""
    if limit := row_limit(actor):
        keys = _once_worked_on(keys, limit)
    if sees_every_bureau(actor):
        return keys
    if seat := country_limit(actor):
        return ever(Task, keys, Q(countries__contains=[seat])) | _once_worked_on(keys, actor.bureau_ids)
    return ever(Task, keys, Q(book__in=own_books(actor)))


def _once_worked_on(keys: set, bureaus) -> set:
    supported = ever(TaskUnit, keys, Q(bureau__in=bureaus), key="task_id")
    return ever(Task, keys, Q(lead__in=bureaus)) | supported
