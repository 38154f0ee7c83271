"""Where the rows of a road map come from: the tables of today, or the history as it stood at the end of a day."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import models
from django.db.models import F, QuerySet
from django.utils import timezone

from dalian_coop.accounts.scope import country_limit
from planning.roadmap.models import Milestone
from planning.taskbooks.models import Task, TaskBook

_TASK = (
    "id", "version", "code", "content", "field_id", "measure_code", "measure_title", "state", "progress", "start",
    "due", "due_text", "horizon", "lead_id", "countries",
)  # fmt: skip
_STONE = ("id", "version", "code", "task_id", "name", "due", "done_on", "deliverable", "forecast")
_LINK = ("predecessor_id", "successor_id", "kind", "lag_days")


class Source:
    """Tasks, milestones and links of ``book`` as ``actor`` sees them; each is one query.

    Rows of the past are shown to whoever sees the book; an overseas office sees of them those that it sees today.
    """

    def __init__(self, book: TaskBook, actor: Any, as_of: date | None = None):
        self.book, self.actor = book, actor
        self.moment = None if as_of is None else end_of_day(as_of)
        self.measures: dict[str, str] = {}

    def tasks(self) -> Iterator[Any]:
        visible = Task.objects.visible_to(self.actor).filter(book=self.book)
        rows: QuerySet = visible
        if self.moment is not None:
            rows = latest(Task, self.moment, book=self.book).filter(deleted_at=None)
            if country_limit(self.actor):
                rows = rows.filter(pgh_obj__in=visible)
        rows = rows.annotate(measure_code=F("measure__code"), measure_title=F("measure__title"))
        for row in rows.order_by("field__order", "sort_key").values_list(*_TASK, named=True):
            self.measures.setdefault(row.measure_code, row.measure_title)
            yield row

    def stones(self) -> Iterator[Any]:
        """Milestones by date; of tasks that were not given by ``tasks`` as well."""
        rows: QuerySet = Milestone.objects.filter(task__book=self.book)
        if self.moment is not None:
            rows = latest(Milestone, self.moment, task__book=self.book)
        rows = rows.filter(deleted_at=None).order_by("due", "order", "code")
        return iter(rows.values_list(*_STONE, named=True))

    def links(self, model: type[models.Model]) -> Iterator[Any]:
        if self.moment is not None:
            rows = latest(model, self.moment, successor__task__book=self.book)
            return iter(rows.order_by("created_at", "id").values_list(*_LINK, named=True))
        rows = model._default_manager.filter(successor__task__book=self.book, successor__deleted_at=None)
        return iter(rows.order_by("created_at", "id").values_list(*_LINK, named=True))


def end_of_day(day: date) -> datetime:
    """The moment at which ``day`` is over in Dalian."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


def latest(model: type[models.Model], moment: datetime, **where: Any) -> QuerySet:
    """The events of ``model`` that held at ``moment``: the last of each object before it, unless that deleted it."""
    events = model._meta.get_field("events").related_model._default_manager
    last = (
        events.filter(pgh_created_at__lt=moment, **where)
        .order_by("pgh_obj_id", "-pgh_id")
        .distinct("pgh_obj_id")
        .values("pgh_id")
    )
    return events.filter(pgh_id__in=last).exclude(pgh_label="delete")
