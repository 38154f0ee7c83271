"""A row edited outside and inside the portal at once: cell by cell, whoever changed it is right; both is a conflict."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from dalian_coop.accounts.models import Bureau
from partners.industries.models import CooperationField
from planning.plans.models import Measure
from planning.taskbooks.models import Task, TaskUnit


@dataclass(frozen=True)
class CellConflict:
    """A cell that both sides changed to different texts. The portal's text stays."""

    sheet: str
    row: int
    code: str
    column: str
    base: str
    theirs: str
    mine: str


class Bases:
    """Tasks as they were when a workbook was exported, from the history, fetched for many rows at once."""

    def __init__(self, wanted: Iterable[tuple[UUID, int]]):
        self._wanted = set(wanted)
        self._rows: dict[tuple[UUID, int], dict[str, Any]] = {}
        self._units: dict[tuple[UUID, int], list[Bureau]] = {}
        if self._wanted:
            self._load()

    def values(self, task: Task, version: int) -> dict[str, Any] | None:
        """The fields of ``task`` at ``version``, foreign keys as objects, ``units`` as bureaus; ``None`` if unknown."""
        row = self._rows.get((task.pk, version))
        if row is None:
            return None
        return row | {
            "field": self._fields.get(row["field_id"]),
            "measure": self._measures.get(row["measure_id"]),
            "lead": self._bureaus.get(row["lead_id"]),
            "units": self._units[task.pk, version],
        }

    def _load(self) -> None:
        ids = {pk for pk, _version in self._wanted}
        writes: dict[UUID, list[tuple[int, Any]]] = {}  # task → version and write (context, time) of its events
        for row in _events(Task).filter(pgh_obj_id__in=ids).order_by("pgh_id").values():
            key = (row["pgh_obj_id"], row["version"])
            writes.setdefault(key[0], []).append((key[1], (row["pgh_context_id"], row["pgh_created_at"])))
            if key in self._wanted:
                self._rows.setdefault(key, row)
        rows = self._rows.values()
        self._bureaus = {bureau.pk: bureau for bureau in Bureau.objects.all()}
        self._fields = CooperationField.objects.in_bulk({row["field_id"] for row in rows})
        self._measures = Measure.objects.in_bulk({row["measure_id"] for row in rows})
        self._load_units(ids, writes)

    def _load_units(self, ids: set[UUID], writes: dict[UUID, list[tuple[int, Any]]]) -> None:
        """Supporting bureaus as the wanted version had them: what was written together bears one context and time."""
        events: dict[UUID, list[Any]] = {}
        for event in _events(TaskUnit).filter(task_id__in=ids).order_by("pgh_id"):
            events.setdefault(event.task_id, []).append(event)
        for key, row in self._rows.items():
            later = {write for version, write in writes[key[0]] if version > key[1]}
            present: dict[UUID, int] = {}
            for event in events.get(key[0], []):
                write = (event.pgh_context_id, event.pgh_created_at)
                if event.pgh_created_at > row["pgh_created_at"] or write in later:
                    break
                if event.pgh_label == "delete":
                    present.pop(event.bureau_id, None)
                else:
                    present[event.bureau_id] = event.order
            ordered = sorted(present, key=present.__getitem__)
            self._units[key] = [self._bureaus[pk] for pk in ordered if pk in self._bureaus]


def _events(model: type[Any]) -> Any:
    return model._meta.get_field("events").related_model.objects
