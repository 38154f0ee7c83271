"""Writes of tasks: add, edit, delete, restore. The one way in, for pages, REST, and everything else."""

import copy
from collections.abc import Mapping
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
from planning.taskbooks.models import Task, TaskBook, TaskRegion, TaskUnit
from planning.taskbooks.services.checks import REQUIRED, sort_key, task_errors
from planning.taskbooks.services.deadlines import due_kind_of
from planning.taskbooks.services.inputs import Errors, Inputs
from planning.taskbooks.services.parts import handed_in
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
    _require(by, Perm.EDIT_TASK, task, _("Only the bureau that leads this task, or the coordinating bureau, edits it."))
    typed, errors = Inputs(task.book.programme).read(values)
    units = _supporting(task)
    draft = copy.copy(task)
    errors |= _apply(draft, task, typed, given=set(values))
    new_units = typed.get("units", units)
    changed = _changed_fields(task, draft)
    touched = changed | ({"units"} if new_units != units else set())
    for name, found in _refusals(task, touched, by).items():
        errors.setdefault(name, []).extend(found)
    _check(draft, new_units, errors)
    if not touched:
        return task
    with acting(by, reason=reason):
        try:
            save_if_unchanged(draft, changed, expected=version)
        except Conflict as stale:
            raise _conflict(task, values) from stale
        if "units" in touched:
            _write_units(draft, new_units)
        if "partners_text" in changed:
            _write_regions(draft)
    return draft


@transaction.atomic
def add_task(*, book: TaskBook, values: Mapping[str, Any], by: Any, reason: str = "") -> Task:
    """Add a row to a task book. Raises ``NotAllowed`` and ``ValidationError``."""
    _require(by, Perm.ADD_TASK, book, _("Only the coordinating bureau adds tasks."))
    _require_open(book)
    typed, errors = Inputs(book.programme).read(values)
    for name in _MUST:
        if name not in errors and not typed.get(name):
            errors[name] = [REQUIRED]
    task = Task(book=book, code="", sort_key=[])
    errors |= _apply(task, copy.copy(task), typed, given=set(values))
    units = typed.get("units", [])
    _check(task, units, errors)
    with acting(by, reason=reason):
        task.save(force_insert=True)
        _write_units(task, units)
        _write_regions(task)
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


def _refusals(task: Task, touched: set[str], by: Any) -> Errors:
    """Fields among ``touched`` that ``by`` may not change now, each with the reason."""
    book = task.book
    arranges = by is None or by.has_perm(Perm.ADD_TASK, book)
    locked = workflow.locked_fields(book.status, touched)
    reason = Error(
        "locked",
        _("The task book is %(status)s; only the progress can still be changed.")
        % {"status": book.get_status_display()},
    )
    if not locked and not arranges and handed_in(task):
        locked = workflow.locked_in_part(PartStatus.SUBMITTED, touched)
        reason = Error("handed_in", _("Your bureau has submitted its part. Recall it, or ask for its return, to edit."))
    errors: Errors = {name: [reason] for name in locked & _VISIBLE}
    if not arranges:
        for name in touched.intersection(ARRANGED) - locked:
            errors[name] = [Error("arranged", _("This is set by the coordinating bureau. Please ask it to change it."))]
    return errors


def _check(task: Task, units: list[Bureau], errors: Errors) -> None:
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
    if "code" not in errors:
        try:
            _refuse_taken_code(task)
        except ValidationError as taken:
            errors |= taken.errors
    if errors:
        raise ValidationError(errors)


def _refuse_taken_code(task: Task) -> None:
    same = Task.objects.alive().filter(book=task.book_id, code=task.code).exclude(pk=task.pk)
    if same.exists():
        message = _("Number %(code)s is taken in this book.") % {"code": task.code}
        raise ValidationError({"code": [Error("code_taken", message)]})


def _apply(draft: Task, before: Task, typed: Mapping[str, Any], *, given: set[str]) -> Errors:
    """Put the read values on ``draft`` and bring what follows from them into line."""
    for name, value in typed.items():
        if name != "units":
            setattr(draft, name, value)
    if draft.code != before.code and all(part.isdecimal() for part in draft.code.split(".")):
        draft.sort_key = sort_key(draft.code)
    errors = _settle_deadline(draft, before)
    _settle_state(draft, before, given)
    if draft.partners_text != before.partners_text:
        draft.countries = list(Places().named_in(draft.partners_text).countries)
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


def _supporting(task: Task) -> list[Bureau]:
    return [unit.bureau for unit in TaskUnit.objects.filter(task=task).select_related("bureau")]


def _write_units(task: Task, bureaus: list[Bureau]) -> None:
    """Make the supporting bureaus those given, in this order; what a bureau that stays is to deliver stays too."""
    have = {unit.bureau_id: unit for unit in TaskUnit.objects.filter(task=task)}
    wanted = {bureau.pk: order for order, bureau in enumerate(bureaus)}
    if gone := have.keys() - wanted.keys():
        TaskUnit.objects.filter(task=task, bureau__in=gone).delete()
    TaskUnit.objects.bulk_create(
        TaskUnit(task=task, bureau_id=pk, order=order) for pk, order in wanted.items() if pk not in have
    )
    for pk, order in wanted.items():
        if pk in have and have[pk].order != order:
            have[pk].order = order
            save_if_unchanged(have[pk], ["order"], expected=have[pk].version)


def _write_regions(task: Task) -> None:
    wanted = {region.pk for region in Places().named_in(task.partners_text).regions}
    have = set(TaskRegion.objects.filter(task=task).values_list("region_id", flat=True))
    if gone := have - wanted:
        TaskRegion.objects.filter(task=task, region__in=gone).delete()
    TaskRegion.objects.bulk_create(TaskRegion(task=task, region_id=pk) for pk in sorted(wanted - have))
