"""Adding, changing, deleting milestones."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dalian_coop.base.errors import Conflict, Error, ValidationError
from dalian_coop.base.locking import save_if_unchanged
from dalian_coop.history.context import acting
from planning.roadmap.models import Milestone
from planning.roadmap.services.checks import book_errors, milestone_errors, order_errors, refuse
from planning.taskbooks.enums import BookStatus
from planning.taskbooks.models import Task, TaskBook

EDITABLE = ("name", "due", "deliverable", "done_on")


@transaction.atomic
def add_milestone(
    *, task: Task, name: str, due: date, by: Any, code: str = "", deliverable: str = "", done_on: date | None = None
) -> Milestone:
    """Add a milestone at the end of the task's list; without ``code`` it gets the next free ``<task>-M<n>``.

    Raises ``ValidationError`` (what is wrong with a value, ``code_taken``, ``needs_extension`` in an issued book).
    """
    task = Task.objects.select_for_update().select_related("book").get(pk=task.pk)
    taken = set(Milestone.objects.filter(task=task, deleted_at__isnull=True).values_list("code", flat=True))
    count = Milestone.objects.filter(task=task).count()
    milestone = Milestone(
        task=task, code=code.strip() or _next_code(task, taken, count), order=count + 1, name=name.strip(), due=due,
        deliverable=deliverable.strip(), done_on=done_on,
    )  # fmt: skip
    refuse(book_errors(task.book, ("name",)), milestone_errors(milestone, today=timezone.localdate()))
    if milestone.code in taken:
        raise ValidationError({"code": [Error("code_taken", _("This number is taken already."))]})
    with acting(by):
        milestone.save(force_insert=True)
    return milestone


def _next_code(task: Task, taken: set[str], count: int) -> str:
    number = count + 1
    while f"{task.code}-M{number}" in taken:
        number += 1
    return f"{task.code}-M{number}"


@transaction.atomic
def edit_milestone(
    *, milestone: Milestone, values: dict[str, Any], version: int, by: Any, reason: str = ""
) -> Milestone:
    """Write ``values`` (of ``EDITABLE``) as far as they differ from what the milestone holds.

    A date that moves needs a ``reason``. Raises ``Conflict`` when ``version`` is no longer current, and
    ``ValidationError``: ``reason_required``, ``before_start``, ``before_predecessor``, ``after_successor``,
    ``needs_extension``, ``needs_verifier`` and what is wrong with a value. Nothing is written when nothing differs.
    """
    unknown = set(values) - set(EDITABLE)
    if unknown:
        raise ValueError(f"not editable: {sorted(unknown)}")
    # Links are checked against their dates: nobody may move a neighbour in between.
    _lock_book(milestone)
    current = Milestone.objects.select_related("task__book").get(pk=milestone.pk)
    if current.version != version or current.deleted_at is not None:
        raise Conflict(current=current, mine=values)
    cleaned = {name: v.strip() if isinstance(v, str) else v for name, v in values.items()}
    changed = [name for name, value in cleaned.items() if getattr(current, name) != value]
    moved = "due" in changed
    for name in changed:
        setattr(current, name, cleaned[name])
    found = milestone_errors(current, today=timezone.localdate()) if changed else {}
    if "done_on" in changed:
        changed += _settle_report(current, found)
    if moved and not reason.strip():
        found.setdefault("reason", []).append(Error("reason_required", _("Please say why the date moves.")))
    if moved and "due" not in found:
        found |= order_errors(current)
    refuse(book_errors(current.task.book, changed), found)
    if changed:
        with acting(by, reason=reason.strip()[:400]):
            save_if_unchanged(current, changed, expected=version)
    return current


def _settle_report(current: Milestone, found: dict[str, list[Error]]) -> list[str]:
    """In an issued book another bureau verifies first; whoever takes "done" back takes back the report as well."""
    if current.done_on is None:
        current.reported_on = current.reported_by = current.verified_by = None
        return ["reported_on", "reported_by", "verified_by"]
    if current.task.book.status == BookStatus.ISSUED:
        message = _("In an issued book another bureau verifies the evidence first; report the milestone as done.")
        found.setdefault("done_on", []).append(Error("needs_verifier", message))
    return []


def rename(*, milestone: Milestone, name: str, version: int, by: Any) -> Milestone:
    """Give the milestone another name. Raises as ``edit_milestone``."""
    return edit_milestone(milestone=milestone, values={"name": name}, version=version, by=by)


def reschedule(*, milestone: Milestone, due: date, reason: str, version: int, by: Any) -> Milestone:
    """Move the due date and keep the reason. ``due`` is a calendar date in Asia/Shanghai, the whole day included.

    Raises as ``edit_milestone``.
    """
    return edit_milestone(milestone=milestone, values={"due": due}, version=version, by=by, reason=reason)


def mark_done(*, milestone: Milestone, done_on: date, version: int, by: Any) -> Milestone:
    """Say that the milestone was reached on ``done_on`` (today or earlier). Raises as ``edit_milestone``."""
    return edit_milestone(milestone=milestone, values={"done_on": done_on}, version=version, by=by)


def undo_done(*, milestone: Milestone, version: int, by: Any) -> Milestone:
    """Take back that the milestone was reached. Raises as ``edit_milestone``."""
    return edit_milestone(milestone=milestone, values={"done_on": None}, version=version, by=by)


@transaction.atomic
def delete_milestone(*, milestone: Milestone, version: int, by: Any, reason: str = "") -> Milestone:
    """Take the milestone off the road map; ``restore_milestone`` brings it back. Its links stay with it, at rest.

    Raises ``Conflict`` when ``version`` is no longer current, ``ValidationError`` in an issued book.
    """
    refuse(book_errors(milestone.task.book, ("name",)))
    milestone.deleted_at = timezone.now()
    with acting(by, reason=reason.strip()[:400]):
        return save_if_unchanged(milestone, ["deleted_at"], expected=version)


@transaction.atomic
def restore_milestone(*, milestone: Milestone, version: int, by: Any) -> Milestone:
    """Undo ``delete_milestone``.

    Raises ``Conflict``, and ``ValidationError``: ``code_taken`` when another milestone got the number meanwhile,
    ``before_predecessor`` or ``after_successor`` when its neighbours moved past it, ``deleted`` when its task is gone.
    """
    _lock_book(milestone)
    task = Task.objects.select_related("book").get(pk=milestone.task_id)
    if task.deleted_at is not None:
        raise ValidationError({"": [Error("deleted", _("The task is deleted; restore it first."))]})
    refuse(book_errors(task.book, ("name",)), order_errors(milestone))
    if (
        Milestone.objects.filter(task=task, code=milestone.code, deleted_at__isnull=True)
        .exclude(pk=milestone.pk)
        .exists()
    ):
        raise ValidationError({"code": [Error("code_taken", _("This number is taken already."))]})
    milestone.deleted_at = None
    with acting(by):
        return save_if_unchanged(milestone, ["deleted_at"], expected=version)


def _lock_book(milestone: Milestone) -> None:
    """Dates and links of one book change one after the other: rules over several rows need it."""
    TaskBook.objects.select_for_update(no_key=True).get(tasks=milestone.task_id)
