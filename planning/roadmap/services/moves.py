"""Moving dates together and taking it back together."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dalian_coop.base.errors import Conflict, Error, NotAllowed, ValidationError
from dalian_coop.base.keys import uuid7
from dalian_coop.base.locking import save_if_unchanged
from dalian_coop.base.text import text_errors
from dalian_coop.history.context import acting
from planning.roadmap.models import Milestone, Shift
from planning.roadmap.services.checks import book_errors, refuse
from planning.roadmap.services.previewing import Follow, preview
from planning.roadmap.services.shapes import Change, Move, Preview
from planning.taskbooks.models import Task, TaskBook
from planning.taskbooks.services.editing import edit_task
from planning.taskbooks.services.phrases import last_day, phrase_of


@transaction.atomic
def apply(
    *,
    book: TaskBook,
    changes: Iterable[Change],
    reason: str,
    by: Any,
    versions: Mapping[str, int],
    follow: Follow = "push",
    approved: bool = False,
) -> Shift:
    """Make ``changes`` with all their knock-on moves, or nothing; the ``Shift`` can be undone as a whole.

    ``versions`` is what the preview gave (``Preview.versions``): if a row has another version by now, or other rows
    would move, ``Conflict`` is raised with the first such row. Raises ``ValidationError``: ``reason_required``,
    ``needs_extension`` in an issued book (unless ``approved``), ``unchanged``, ``impossible`` with the problems of the
    preview; ``NotAllowed`` when a row that would move belongs to another bureau. History: every row keeps the reason.
    """
    changes = list(changes)
    book = TaskBook.objects.select_for_update(no_key=True).get(pk=book.pk)
    _check_reason(reason)
    if not approved:
        refuse(book_errors(book, {"forecast" if change.which == "forecast" else "due" for change in changes}))
    found = preview(book=book, changes=changes, by=by, today=timezone.localdate(), follow=follow)
    if not found.moves:
        raise ValidationError({"": [Error("unchanged", _("Nothing would move."))]})
    if found.problems:
        raise ValidationError({"due": [Error("impossible", text) for text in found.problems]})
    _check_versions(found, versions)
    _check_allowed(found)
    shift = Shift(pk=uuid7(), book=book, reason=reason.strip(), by_label=str(by))
    with acting(by, reason=reason.strip(), shift=str(shift.pk)):
        shift.lines = _write(found.moves, by)
        shift.save(force_insert=True)
    return shift


def _check_reason(reason: str) -> None:
    errors = text_errors(reason, max_length=400)
    if not reason.strip():
        errors = [Error("reason_required", _("Please say why the date moves."))]
    refuse({"reason": errors} if errors else {})


def _check_versions(found: Preview, versions: Mapping[str, int]) -> None:
    if found.versions == {str(key): version for key, version in versions.items()}:
        return
    for move in found.moves:
        if versions.get(str(move.id)) != move.version:
            raise Conflict(current=_row(move.kind, move.id), mine={move.field: move.new})
    raise Conflict(current=_row(found.moves[0].kind, found.moves[0].id), mine={"due": found.moves[0].new})


def _check_allowed(found: Preview) -> None:
    if found.unseen:
        raise NotAllowed(_("This would move milestones you may not see. Ask the coordinating office."))
    foreign = [move for move in found.moves if not move.allowed]
    if foreign:
        names = "、".join(f"{move.code} ({move.bureau})" for move in foreign[:5])
        message = _("This would move dates of other bureaus: %(names)s. Ask them or the coordinating office.")
        raise NotAllowed(message % {"names": names})


def _row(kind: str, pk):
    return (Task if kind == "task" else Milestone).objects.filter(pk=pk).first()


def _write(moves: list[Move], by: Any) -> list[dict[str, Any]]:
    stones = Milestone.objects.in_bulk([move.id for move in moves if move.kind == "milestone"])
    lines = []
    for move in moves:
        if move.kind != "milestone":
            continue
        stone = stones[move.id]
        setattr(stone, move.field, move.new)
        save_if_unchanged(stone, [move.field], expected=move.version)
        lines.append(_line("milestone", stone, {move.field: move.old}, {move.field: move.new}))
    dates: dict[Any, dict[str, date]] = {}
    for move in moves:
        if move.kind == "task":
            dates.setdefault(move.id, {})[move.field] = move.new
    for pk, values in dates.items():
        lines.append(_write_task(Task.objects.select_related("book__programme", "lead").get(pk=pk), values, by))
    return lines


def _write_task(task: Task, values: dict[str, Any], by: Any) -> dict[str, Any]:
    """The deadline as written follows the date when it named another day."""
    if "due" in values and (named := last_day(task.due_text)) and named != values["due"]:
        values = values | {"due_text": phrase_of(values["due"])}
    before = {name: getattr(task, name) for name in values}
    return _line("task", edit_task(task=task, values=values, version=task.version, by=by), before, values)


def _line(kind: str, row, before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    return {
        "kind": kind, "id": str(row.pk), "code": row.code, "version": row.version,
        "before": {name: _plain(value) for name, value in before.items()},
        "after": {name: _plain(value) for name, value in after.items()},
    }  # fmt: skip


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


@transaction.atomic
def undo(*, shift: Shift, by: Any) -> Shift:
    """Put every date of ``shift`` back where it was, or none.

    Raises ``Conflict`` with the row when one was changed since, ``ValidationError`` ``undone`` when that happened
    already and ``needs_extension`` in an issued book, ``NotAllowed`` when a row belongs to another bureau.
    """
    TaskBook.objects.select_for_update(no_key=True).get(pk=shift.book_id)
    shift = Shift.objects.select_related("book").select_for_update(of=("self",)).get(pk=shift.pk)
    if shift.undone_at:
        raise ValidationError({"": [Error("undone", _("This was undone already."))]})
    refuse(book_errors(shift.book, {name for line in shift.lines for name in line["after"]}))
    reason = (_("Undone: %(reason)s") % {"reason": shift.reason})[:400]
    with acting(by, reason=reason, shift=str(shift.pk), undoes=str(shift.pk)):
        for line in shift.lines:
            _put_back(line, by)
        shift.undone_at, shift.undone_by = timezone.now(), str(by)
        return save_if_unchanged(shift, ["undone_at", "undone_by"], expected=shift.version)


def _put_back(line: dict[str, Any], by: Any) -> None:
    values = {name: _dated(name, value) for name, value in line["before"].items()}
    row = _row(line["kind"], line["id"])
    if row is None or row.version != line["version"] or row.deleted_at is not None:
        raise Conflict(current=row, mine=values)
    perm = "taskbooks.edit_task" if line["kind"] == "task" else "roadmap.edit_milestone"
    if not by.has_perm(perm, row):
        raise NotAllowed(_("Only the bureau that leads this task, or the coordinating bureau, edits it."))
    if line["kind"] == "task":
        edit_task(task=row, values=values, version=line["version"], by=by)
        return
    for name, value in values.items():
        setattr(row, name, value)
    save_if_unchanged(row, list(values), expected=line["version"])


def _dated(name: str, value: Any) -> Any:
    return date.fromisoformat(value) if value and name in ("due", "start", "forecast") else value
