"""Page-shaped reads of task books. Rows are flat dicts; whatever the number of rows, the statements are as many."""

from collections import Counter, defaultdict
from datetime import date
from itertools import groupby
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Avg,
    BooleanField,
    CharField,
    Count,
    ExpressionWrapper,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from dalian_coop.accounts.models import Bureau
from dalian_coop.accounts.scope import sees_rows_apart
from dalian_coop.history.selectors import Entry, FieldChange, timeline
from dalian_coop.ui.marks import worst
from partners.regions.enums import Country
from partners.relations.selectors import CityTasks
from planning.plans.enums import Horizon
from planning.plans.models import Measure
from planning.taskbooks.enums import Light, TaskState
from planning.taskbooks.lights import light_for
from planning.taskbooks.models import Task, TaskBook, TaskUnit

_NAMES = ("zh", "en", "ja", "ko")
_PLAIN = (
    "code",
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
    "measure__code",
    "measure__title",
    "book__code",
)
_KEYS = (*_PLAIN, "lead", "field", "units")
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


def tasks_of_book(actor: Any, book: TaskBook) -> QuerySet:
    """``visible_to`` within a book that the actor was found to see: only an overseas office sees less than all of it.

    Who sees the book is not put to SQL again, so every statement about its tasks is a cheap one.
    """
    tasks = Task.objects.visible_to(actor) if sees_rows_apart(actor) else Task.objects.alive()
    return tasks.filter(book=book)


def task_rows(tasks: QuerySet, today: date) -> list[dict[str, Any]]:
    """The tasks as flat rows with names in the active language, labels, light and supporting bureaus.

    ``tasks`` comes ordered; one statement whatever the number of rows.
    """
    units = TaskUnit.objects.filter(task=OuterRef("pk")).order_by("order").values_list(_name("bureau__"))
    found = tasks.values_list(*_PLAIN, _name("lead__"), _name("field__"), ArraySubquery(units))
    rows = [dict(zip(_KEYS, values, strict=True)) for values in found]
    states = {code: str(label) for code, label in TaskState.choices}
    horizons = {code: str(label) for code, label in Horizon.choices}
    separator = "、" if (get_language() or "zh")[:2] in ("zh", "ja") else ", "
    for row in rows:
        done = row["state"] == TaskState.COMPLETED
        row["light"] = light_for(start=row["start"], due=row["due"], completed=done, today=today)
        row["units"] = separator.join(row["units"])
        row["state_label"] = states[row["state"]]
        row["horizon_label"] = horizons.get(row["horizon"], "")
    return rows


def _name(path: str) -> Coalesce:
    """``base.models.pick_name`` in SQL: the name in the active language, else Chinese, else English."""
    wanted = (get_language() or "zh")[:2]
    *preferred, last = dict.fromkeys((wanted if wanted in _NAMES else "zh", "zh", "en"))
    filled = (NullIf(f"{path}name_{lang}", Value("")) for lang in preferred)
    return Coalesce(*filled, f"{path}name_{last}", output_field=CharField())


def grouped(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows in book order gathered under their measures: ``[{"code", "title", "field", "rows"}]``."""
    groups: list[dict[str, Any]] = []
    for row in rows:
        if not groups or groups[-1]["code"] != row["measure__code"]:
            head = {"code": row["measure__code"], "title": row["measure__title"]}
            groups.append(head | {"field": row["field"], "rows": []})
        groups[-1]["rows"].append(row)
    return groups


ATTENTION = (Light.RED, Light.YELLOW, Light.BLUE, Light.GREEN, Light.GREY, Light.DONE)


def tally(tasks: QuerySet, today: date, own: Bureau | None) -> dict[str, Any]:
    """All that is counted of some tasks, in one statement: ``lights`` (light: number), ``total``, ``overdue``,
    ``mine`` (led by ``own``), ``leads`` and ``measures`` (keys), ``bureaus``, mean ``progress``, last ``changed``.
    """
    groups = list(
        tasks.with_light(today)
        .order_by()
        .values_list("light")
        .annotate(
            n=Count("id"),
            of_own=Count("id", filter=Q(lead=own)) if own else Value(0),
            sum=Sum("progress"),
            last=Max("updated_at"),
            led_by=ArrayAgg("lead", distinct=True),
            carried=ArrayAgg("measure", distinct=True),
        )
    )
    lights = {light: n for light, n, *_rest in groups}
    total = sum(lights.values())
    leads = {key for group in groups for key in group[5]}
    return {
        "lights": lights,
        "total": total,
        "overdue": lights.get(Light.YELLOW, 0) + lights.get(Light.RED, 0),  # the lights of what is past its deadline
        "mine": sum(group[2] for group in groups),
        "leads": leads,
        "measures": {key for group in groups for key in group[6]},
        "bureaus": len(leads),
        "progress": sum(group[3] for group in groups) / total if total else None,
        "changed": max((group[4] for group in groups), default=None),
    }


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


def filter_options(tasks: QuerySet, whole: dict[str, Any]) -> dict[str, list[tuple[str, Any]]]:
    """(value, label) for the selects above the table: only what occurs among the tasks one sees.

    ``whole`` is the ``tally`` of ``tasks``.
    """
    columns = ("code", "title", "field__order", "field__code", _name("field__"))
    measures = list(Measure.objects.filter(id__in=whole["measures"]).values_list(*columns))
    fields = sorted({tuple(field) for _code, _title, *field in measures})
    supporting = TaskUnit.objects.filter(task__in=tasks.order_by().values("id")).order_by()
    supports = ExpressionWrapper(Q(id__in=supporting.values("bureau")), BooleanField())
    either = Bureau.objects.annotate(supports=supports).filter(Q(id__in=whole["leads"]) | Q(supports=True))
    bureaus = list(either.values_list("id", "code", _name(""), "supports"))
    return {
        "field": [(code, name) for _order, code, name in fields],
        "measure": [(code, f"{code} {title}") for code, title, *_field in measures],
        "lead": [(code, name) for key, code, name, _supports in bureaus if key in whole["leads"]],
        "support": [(code, name) for _key, code, name, supports in bureaus if supports],
        "state": list(TaskState.choices),
        "horizon": list(Horizon.choices),
        "country": [(country.value, country.label) for country in (Country.JAPAN, Country.KOREA)],
    }


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
