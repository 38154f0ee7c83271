"""The lights of the last twelve months."""

from datetime import date
from typing import Any

from django.apps import apps
from django.utils import timezone

from planning.dashboard.engine import Event, Month, lights_by_month, month_ends
from planning.dashboard.selectors.scope import Scope

DELETED = "delete"


def trend(scope: Scope, actor: Any, today: date) -> list[Month]:
    """What stood at the end of each month, from the history that triggers wrote; the last one is today. One query.

    Counted are the tasks that are in the scope today; a task deleted since then is left out of the past as well, so
    that one person's curve never tells of rows that he may not open.
    """
    events = apps.get_model("taskbooks", "TaskEvent").objects.filter(pgh_obj__in=scope.tasks(actor).values("id"))
    rows = events.order_by("pgh_id").values_list(
        "pgh_obj_id", "pgh_created_at", "start", "due", "state", "deleted_at", "pgh_label"
    )
    zone = timezone.get_default_timezone()
    found = [
        Event(task, at.astimezone(zone).date(), start, due, state == "completed", gone is not None or label == DELETED)
        for task, at, start, due, state, gone, label in rows
    ]
    return lights_by_month(found, month_ends(today))
