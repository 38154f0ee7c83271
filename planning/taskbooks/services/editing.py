"""Writes of tasks: add, edit, delete, restore. The one way in, for pages, REST, and everything else."""

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dalian_coop.accounts.models import Bureau
from dalian_coop.accounts.permissions import Perm
from dalian_coop.base.errors import Conflict, Error, NotAllowed, ValidationError
from dalian_coop.base.locking import save_if_unchanged
from dalian_coop.history.context import acting
from planning.taskbooks import workflow
from planning.taskbooks.enums import DueKind, PartStatus, TaskState
from planning.taskbooks.models import Task, TaskBook
from planning.taskbooks.services.attached import supporting, write_regions, write_units
from planning.taskbooks.services.checks import REQUIRED, sort_key, task_errors
from planning.taskbooks.services.deadlines import due_kind_of
from planning.taskbooks.services.inputs import Errors, Inputs
from planning.taskbooks.services.parts import handed_in_of
from planning.taskbooks.services.phrases import last_day, phrase_of
from planning.taskbooks.services.places import Places

# Which task it is and who answers for it: arranged by the coordinating bureau, not by the bureau that leads.
ARRANGED = ("code", "field", "measure", "lead")
_MUST = ("code", "field", "measure", "content", "lead")


@transaction.atomic
def edit_task(*, task: Task, values: Mapping[str, Any], version: int, by: Any, reason: str = "") -> Task:
    """Change the given fields of a task, its supporting bureaus (``units``) included, as one new version.

    Values may be texts as typed or what the model holds. Fields that keep their value are not written; if none
    changes, neither does the version. Raises ``Conflict`` when ``version`` is no longer current (nothing is saved,
    ``current`` is the task as it stands, ``mine`` the values refused), ``NotAllowed`` and ``ValidationError``.
    """
    if task.version != version or task.deleted_at is not None:
        raise _conflict(task, values)
    registers = Registers(task.book)
    units = supporting([task.pk])[task.pk]
    change = examine(task=task, values=values, by=by, units=units, registers=registers)
    if not change.touched:
        return task
    draft = change.draft
    with acting(by, reason=reason):
        try:
            save_if_unchanged(draft, change.changed, expected=version)
        except Conflict as stale:
            raise _conflict(task, values) from stale
        if change.units is not None:
            write_units({draft.pk: change.units})
        if "partners_text" in change.changed:
            write_regions([draft], registers.places)
    return draft


class Registers:
    """What is looked up while tasks of a book are edited; one object for many rows asks the database once."""

    def __init__(self, book: TaskBook):
        self.inputs = Inputs(book.programme_id)
        self._book_id = book.pk

    @cached_property
    def places(self) -> Places:
        return Places()

    @cached_property
    def handed_in(self) -> set:
        """Keys of the bureaus whose part of the book was handed in."""
        return handed_in_of(self._book_id)

    def code_is_taken(self, task: Task) -> bool:
        """Whether another task of the book bears the number of ``task``."""
        return _code_is_taken(task)


@dataclass(frozen=True)
class Change:
    """An edit that breaks no rule: the task as it will be, its changed columns, new supporting bureaus (or None)."""

    draft: Task
    changed: set[str]
    units: list[Bureau] | None

    @property
    def touched(self) -> set[str]:
        return self.changed | (set() if self.units is None else {"units"})


def examine(*, task: Task, values: Mapping[str, Any], by: Any, units: list[Bureau], registers: Registers) -> Change:
    """What an edit would write; nothing is written. ``units`` are the supporting bureaus now.

    Raises ``NotAllowed`` and ``ValidationError``.
    """
    _require(by, Perm.EDIT_TASK, task, _("Only the bureau that leads this task, or the coordinating bureau, edits it."))
    typed, errors = registers.inputs.read(values)
    draft = copy.copy(task)
    errors |= _apply(draft, task, typed, given=set(values), registers=registers)
    changed = _changed_fields(task, draft)
    new_units = typed.get("units", units)
    change = Change(draft, changed, new_units if new_units != units else None)
    locked = refusals(task.book, change.touched, by, is_handed_in=lambda: task.lead_id in registers.handed_in)
    for name, found in locked.items():
        errors.setdefault(name, []).extend(found)
    _check(draft, new_units, errors, registers)
    return change


@transaction.atomic
def add_task(*, book: TaskBook, values: Mapping[str, Any], by: Any, reason: str = "") -> Task:
    """Add a row to a task book. Raises ``NotAllowed`` and ``ValidationError``."""
    _require(by, Perm.ADD_TASK, book, _("Only the coordinating bureau adds tasks."))
    _require_open(book)
    registers = Registers(book)
    typed, errors = registers.inputs.read(values)
    for name in _MUST:
        if name not in errors and not typed.get(name):
            errors[name] = [REQUIRED]
    task = Task(book=book, code="", sort_key=[])
    errors |= _apply(task, copy.copy(task), typed, given=set(values), registers=registers)
    units = typed.get("units", [])
    _check(task, units, errors, registers)
    with acting(by, reason=reason):
        task.save(force_insert=True)
        write_units({task.pk: units})
        write_regions([task], registers.places)
    return task


@transaction.atomic
def delete_task(*, task: Task, version: int, by: Any, reason: str = "") -> Task:
    """Take a task out of its book. It keeps its rows; ``restore_task`` with the new version brings it back."""
    _require(by, Perm.DELETE_TASK, task, _("Only the coordinating bureau deletes tasks."))
    _require_open(task.book)
    if task.deleted_at is not None:
        raise _conflict(task, {})
    task = copy.copy(task)
    task.deleted_at = timezone.now()
    with acting(by, reason=reason):
        return save_if_unchanged(task, ["deleted_at"], expected=version)


@transaction.atomic
def restore_task(*, task: Task, version: int, by: Any, reason: str = "") -> Task:
    """Undo a deletion. Raises ``ValidationError`` when another task has taken the number."""
    _require(by, Perm.DELETE_TASK, task, _("Only the coordinating bureau restores tasks."))
    _require_open(task.book)
    _refuse_taken_code(task)
    task = copy.copy(task)
    task.deleted_at = None
    with acting(by, reason=reason):
        return save_if_unchanged(task, ["deleted_at"], expected=version)


def _conflict(task: Task, values: Mapping[str, Any]) -> Conflict:
    current = Task.objects.select_related("book", "lead", "field", "measure").filter(pk=task.pk).first()
    return Conflict(current=current, mine=dict(values))


def _require(by: Any, perm: Perm, obj: Any, reason: Any) -> None:
    """``by`` is None when the portal itself works (loading its own data)."""
    if by is not None and not by.has_perm(perm, obj):
        raise NotAllowed(reason)


def _require_open(book: TaskBook) -> None:
    if not workflow.rows_may_come_and_go(book.status):
        message = _("The task book is closed for editing; rows come and go only in a draft or an amendment.")
        raise ValidationError({"": [Error("locked", message)]})


def refusals(book: TaskBook, touched: set[str], by: Any, *, is_handed_in: Callable[[], bool]) -> Errors:
    """Fields among ``touched`` that ``by`` may not change now, each with the reason.

    ``is_handed_in`` says whether the part of the bureau concerned was submitted or accepted; it is asked only if that
    matters for ``by``.
    """
    arranges = by is None or by.has_perm(Perm.ADD_TASK, book)
    locked = workflow.locked_fields(book.status, touched)
    reason = Error(
        "locked",
        _("The task book is %(status)s; only the progress can still be changed.")
        % {"status": book.get_status_display()},
    )
    if not locked and not arranges and is_handed_in():
        locked = workflow.locked_in_part(PartStatus.SUBMITTED, touched)
        reason = Error("handed_in", _("Your bureau has submitted its part. Recall it, or ask for its return, to edit."))
    errors: Errors = {name: [reason] for name in locked & _VISIBLE}
    if not arranges:
        for name in touched.intersection(ARRANGED) - locked:
            errors[name] = [Error("arranged", _("This is set by the coordinating bureau. Please ask it to change it."))]
    return errors


def _check(task: Task, units: list[Bureau], errors: Errors, registers: Registers) -> None:
    """Raise what was found already together with what the rules find in the fields that could be read."""
    if errors.keys() & {"code", "lead"}:
        # Without these two the rules about the whole cannot be asked; text and dates still can.
        task = copy.copy(task)
        task.code = task.code or "1"
    for name, found in task_errors(task, units=units).items():
        errors.setdefault(name, found)
    if not errors.keys() & {"field", "measure"} and task.measure.field_id != task.field_id:
        message = _("This measure belongs to another field of cooperation.")
        errors["measure"] = [Error("measure_of_other_field", message)]
    if "code" not in errors and registers.code_is_taken(task):
        errors |= _taken(task.code)
    if errors:
        raise ValidationError(errors)


def _refuse_taken_code(task: Task) -> None:
    if _code_is_taken(task):
        raise ValidationError(_taken(task.code))


def _code_is_taken(task: Task) -> bool:
    return Task.objects.alive().filter(book=task.book_id, code=task.code).exclude(pk=task.pk).exists()


def _taken(code: str) -> Errors:
    return {"code": [Error("code_taken", _("Number %(code)s is taken in this book.") % {"code": code})]}


def _apply(draft: Task, before: Task, typed: Mapping[str, Any], *, given: set[str], registers: Registers) -> Errors:
    """Put the read values on ``draft`` and bring what follows from them into line."""
    for name, value in typed.items():
        if name != "units":
            setattr(draft, name, value)
    if draft.code != before.code and all(part.isdecimal() for part in draft.code.split(".")):
        draft.sort_key = sort_key(draft.code)
    errors = _settle_deadline(draft, before)
    _settle_state(draft, before, given)
    if draft.partners_text != before.partners_text:
        draft.countries = list(registers.places.named_in(draft.partners_text).countries)
    return errors


def _settle_deadline(draft: Task, before: Task) -> Errors:
    """The date and the deadline as written must say the same; whichever was changed alone leads."""
    text_changed, due_changed = draft.due_text != before.due_text, draft.due != before.due
    if due_changed and not text_changed and draft.due_text and last_day(draft.due_text) != draft.due:
        draft.due_text = phrase_of(draft.due) if draft.due else ""
    elif text_changed and not due_changed and (named := last_day(draft.due_text)):
        draft.due = named
    if not (text_changed or due_changed):
        return {}
    draft.due_kind = due_kind_of(draft.due_text, draft.due)
    named = last_day(draft.due_text)
    if named and draft.due and named != draft.due:
        message = _("The deadline as written ends on %(day)s, which is not the date beside it.") % {"day": named}
        return {"due_text": [Error("due_text_differs", message)]}
    if draft.due and draft.due_kind in (DueKind.LONG_TERM, DueKind.RECURRING):
        message = _("Work that goes on has no date. Please empty the date or write the deadline differently.")
        return {"due": [Error("continuous_has_no_date", message)]}
    return {}


def _settle_state(draft: Task, before: Task, given: set[str]) -> None:
    """Completing a task sets its progress and day unless they are given; reopening it takes the day away."""
    if draft.state == TaskState.COMPLETED:
        if before.state != TaskState.COMPLETED and "progress" not in given:
            draft.progress = 100
        draft.completed_on = draft.completed_on or timezone.localdate()
    else:
        draft.completed_on = None


_FIELDS = {
    f.name: f.attname
    for f in Task._meta.concrete_fields
    if f.name not in ("id", "book", "version", "created_at", "updated_at", "deleted_at")
}
# Fields a person sees; the others follow from them and bear no message of their own.
_VISIBLE = frozenset(_FIELDS) - {"sort_key", "countries", "due_kind"} | {"units"}


def _changed_fields(before: Task, after: Task) -> set[str]:
    return {name for name, attname in _FIELDS.items() if getattr(before, attname) != getattr(after, attname)}
