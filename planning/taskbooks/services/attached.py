"""What hangs on tasks, written for one task or many in the same few statements: supporting bureaus, regions."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import F
from django.utils import timezone

from dalian_coop.accounts.models import Bureau
from planning.taskbooks.models import Task, TaskRegion, TaskUnit
from planning.taskbooks.services.places import Places


def supporting(task_ids: Iterable[Any]) -> dict[Any, list[Bureau]]:
    """The supporting bureaus of each task, in their order."""
    found: dict[Any, list[Bureau]] = defaultdict(list)
    for unit in TaskUnit.objects.filter(task__in=list(task_ids)).select_related("bureau").order_by("task_id", "order"):
        found[unit.task_id].append(unit.bureau)
    return found


def write_units(wanted: Mapping[Any, list[Bureau]]) -> None:
    """Make the supporting bureaus of each task (by key) those given, in this order.

    What a bureau that stays is to deliver stays too.
    """
    have = {(unit.task_id, unit.bureau_id): unit for unit in TaskUnit.objects.filter(task__in=wanted)}
    places = {(task, bureau.pk): order for task, bureaus in wanted.items() for order, bureau in enumerate(bureaus)}
    if gone := [unit.pk for key, unit in have.items() if key not in places]:
        TaskUnit.objects.filter(pk__in=gone).delete()
    TaskUnit.objects.bulk_create(
        TaskUnit(task_id=task, bureau_id=bureau, order=order)
        for (task, bureau), order in places.items()
        if (task, bureau) not in have
    )
    moved: dict[int, list[Any]] = defaultdict(list)
    for key, order in places.items():
        if key in have and have[key].order != order:
            moved[order].append(have[key].pk)
    for order, keys in moved.items():
        TaskUnit.objects.filter(pk__in=keys).update(order=order, version=F("version") + 1, updated_at=timezone.now())


def write_regions(tasks: Iterable[Task], places: Places) -> None:
    """The regions that follow from what each task says about countries and cities."""
    wanted = {(task.pk, region.pk) for task in tasks for region in places.named_in(task.partners_text).regions}
    rows = TaskRegion.objects.filter(task__in=[task.pk for task in tasks])
    have = {(task, region): key for key, task, region in rows.values_list("pk", "task_id", "region_id")}
    if gone := [key for pair, key in have.items() if pair not in wanted]:
        TaskRegion.objects.filter(pk__in=gone).delete()
    TaskRegion.objects.bulk_create(
        TaskRegion(task_id=task, region_id=region) for task, region in sorted(wanted - have.keys())
    )
