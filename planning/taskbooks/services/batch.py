"""Many rows saved in one go, as the grid sends them. The rules are those of ``editing``; only the writes are gathered.

One row that cannot be saved never holds up the others: each has an outcome of its own.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.db import transaction

from dalian_coop.base.errors import Error, NotAllowed, ValidationError
from dalian_coop.base.locking import save_if_unchanged
from dalian_coop.history.context import acting
from planning.taskbooks.models import Task, TaskBook
from planning.taskbooks.services.attached import supporting, write_regions, write_units
from planning.taskbooks.services.editing import Change, Registers, examine

SAVED, SAME, CONFLICT, REFUSED, DENIED, GONE = "saved", "same", "conflict", "refused", "denied", "gone"
_REMEMBERED = 24 * 3600  # seconds for which an edit that comes again is known to be saved


@dataclass(frozen=True)
class Edit:
    """Values for some fields of one task, seen at ``version``. ``token`` names the edit, so that it is saved once."""

    id: UUID
    version: int
    values: Mapping[str, Any]
    token: str = ""


@dataclass
class Outcome:
    """What became of an edit: saved, same (already so), conflict, refused (a rule), denied (a right), gone."""

    id: UUID
    status: str
    errors: dict[str, list[Error]] = field(default_factory=dict)
    reason: str = ""


class _Batch:
    """Registers and rows of one batch, each read once."""

    def __init__(self, book: TaskBook, edits: list[Edit], by: Any):
        self.book, self.edits, self.by = book, edits, by
        visible = Task.objects.visible_to(by).filter(book=book, pk__in=[edit.id for edit in edits])
        # One order of locks for everybody: two batches over the same rows wait for each other and never deadlock.
        rows = Task.objects.filter(pk__in=visible.values("pk")).select_related("lead", "field", "measure")
        self.tasks = {task.pk: task for task in rows.order_by("pk").select_for_update(of=("self",))}
        for task in self.tasks.values():
            task.book = book
        self.registers = _BatchRegisters(book, {pk: task.code for pk, task in self.tasks.items()})
        self.units = supporting(self.tasks)
        self.done = self._known_tokens()
        self.changes: dict[UUID, Change] = {}

    def _known_tokens(self) -> set[str]:
        keys = {self._key(edit): edit.token for edit in self.edits if edit.token}
        return {keys[key] for key in cache.get_many(keys)}

    def _key(self, edit: Edit) -> str:
        return f"grid-edit:{self.by.pk}:{edit.token}"

    def remember(self, outcomes: list[Outcome]) -> None:
        """After the commit: what is saved is known by its token, should the answer get lost on the way."""
        saved = {outcome.id for outcome in outcomes if outcome.status == SAVED}
        keys = {self._key(edit): edit.version for edit in self.edits if edit.token and edit.id in saved}
        if keys:
            cache.set_many(keys, _REMEMBERED)

    def judge(self, edit: Edit) -> Outcome:
        """What becomes of ``edit``; a change to write stands in ``changes`` afterwards."""
        task = self.tasks.get(edit.id)
        if task is None:
            return Outcome(edit.id, GONE)
        if edit.token in self.done:
            return Outcome(edit.id, SAME)
        try:
            change = examine(
                task=task, values=edit.values, by=self.by, units=self.units[task.pk], registers=self.registers
            )
        except NotAllowed as refusal:
            return Outcome(edit.id, DENIED, reason=str(refusal))
        except ValidationError as refusal:
            return Outcome(edit.id, CONFLICT if task.version != edit.version else REFUSED, errors=refusal.errors)
        if not change.touched:
            return Outcome(edit.id, SAME)
        if task.version != edit.version or task.pk in self.changes:
            return Outcome(edit.id, CONFLICT)
        self.changes[task.pk] = change
        if "code" in change.changed:
            self.registers.codes[change.draft.code] = task.pk
        return Outcome(edit.id, SAVED)

    def write(self) -> None:
        for pk in sorted(self.changes):
            change, task = self.changes[pk], self.tasks[pk]
            save_if_unchanged(change.draft, change.changed, expected=task.version)
        if units := {pk: change.units for pk, change in self.changes.items() if change.units is not None}:
            write_units(units)
        if moved := [c.draft for c in self.changes.values() if "partners_text" in c.changed]:
            write_regions(moved, self.registers.places)


class _BatchRegisters(Registers):
    """Numbers are asked for once, and those the batch itself gives out count as taken."""

    def __init__(self, book: TaskBook, before: Mapping[UUID, str]):
        super().__init__(book)
        self._before = before

    @cached_property
    def codes(self) -> dict[str, UUID]:
        return dict(Task.objects.alive().filter(book=self._book_id).values_list("code", "pk"))

    def code_is_taken(self, task: Task) -> bool:
        return self._before[task.pk] != task.code and self.codes.get(task.code, task.pk) != task.pk


def save_batch(*, book: TaskBook, edits: Iterable[Edit], by: Any, reason: str = "") -> list[Outcome]:
    """Save what can be saved of ``edits``, in one transaction, and tell of each what became of it, in their order.

    An edit whose values already stand in the row is ``same`` whatever its version: sent twice it is saved once.
    """
    edits = list(edits)
    with transaction.atomic():
        batch = _Batch(book, edits, by)
        outcomes = [batch.judge(edit) for edit in edits]
        if batch.changes:
            with acting(by, reason=reason):
                batch.write()
    batch.remember(outcomes)
    return outcomes
