"""Parts of a book: each bureau hands in the rows it leads, the coordinating bureau takes or returns them."""

import copy
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dalian_coop.accounts.models import Bureau
from dalian_coop.base.errors import Error, NotAllowed, ValidationError
from dalian_coop.base.locking import save_if_unchanged
from dalian_coop.base.text import text_errors
from dalian_coop.history.context import acting
from planning.taskbooks import workflow
from planning.taskbooks.enums import PartStatus
from planning.taskbooks.models import BookPart, Task, TaskBook
from planning.taskbooks.services.gate import check_book

_FIELDS = ["status", "reason", "submitted_at"]
REASON = Error("required", _("Please say why; the bureaus read it."))


@transaction.atomic
def move_part(*, book: TaskBook, bureau: Bureau, move: str, version: int, by: Any, reason: str = "") -> BookPart:
    """Take a bureau's part one step on (``workflow.PART_MOVES``). ``version`` 0 is that of a part nobody touched yet.

    Raises ``ValidationError`` when the book or the part is not at that point, when a return has no reason, or when
    blockers stand in the rows to be submitted; ``NotAllowed``; ``Conflict`` when stale.
    """
    TaskBook.objects.select_for_update().get(pk=book.pk)  # so that two people's first steps do not both make the part
    part = BookPart.objects.filter(book=book, bureau=bureau).first() or BookPart(book=book, bureau=bureau, version=0)
    step = workflow.PART_MOVES.get(move)
    if step is None or part.status not in step.sources or book.status not in workflow.OPEN:
        raise ValidationError({"": [Error("no_such_move", _("This part cannot take this step now."))]})
    if not may_move(by, bureau, step):
        raise NotAllowed(_("Your role does not take this step."))
    errors = {"reason": text_errors(reason, max_length=400)}
    if step.needs_reason and not reason.strip():
        errors["reason"] = [REASON]
    if step.needs_check and (n := check_book(book).blockers_of(own_codes(book, bureau))):
        errors[""] = [Error("blocked", _("The check before submission found %(n)s blockers.") % {"n": n})]
    if found := {name: es for name, es in errors.items() if es}:
        raise ValidationError(found)
    part = copy.copy(part)
    part.status, part.reason = step.target, reason.strip()
    if step.target == PartStatus.SUBMITTED:
        part.submitted_at = timezone.now()
    with acting(by, reason=reason.strip()):
        return _save(part, version)


@transaction.atomic
def move_all_parts(*, book: TaskBook, move: str, by: Any) -> tuple[int, list[tuple[Bureau, ValidationError]]]:
    """Take every part on that can take ``move`` and that ``by`` may move: (how many, those refused and why)."""
    known = {part.bureau_id: part for part in BookPart.objects.filter(book=book)}
    leads = Bureau.objects.filter(led_tasks__book=book, led_tasks__deleted_at=None).distinct()
    step, done, refused = workflow.PART_MOVES[move], 0, []
    for bureau in leads:
        part = known.get(bureau.pk) or BookPart(version=0)
        if part.status not in step.sources or not may_move(by, bureau, step):
            continue
        try:
            move_part(book=book, bureau=bureau, move=move, version=part.version, by=by)
            done += 1
        except ValidationError as error:
            refused.append((bureau, error))
    return done, refused


def may_move(actor: Any, bureau: Bureau, step: workflow.Move) -> bool:
    """The coordinating bureau for every part, a head for that of a bureau of theirs."""
    roles = {str(role) for role in actor.roles} & step.roles
    return "coordinator" in roles or ("head" in roles and bureau.pk in actor.bureau_ids)


def own_codes(book: TaskBook, bureau: Bureau) -> set[str]:
    """Numbers of the rows that ``bureau`` leads in ``book``."""
    return set(Task.objects.alive().filter(book=book, lead=bureau).values_list("code", flat=True))


def open_parts(book: TaskBook) -> int:
    """How many bureaus that lead rows have not had their part accepted."""
    leads = set(Task.objects.alive().filter(book=book).order_by().values_list("lead", flat=True).distinct())
    accepted = BookPart.objects.filter(book=book, status=PartStatus.ACCEPTED).values_list("bureau", flat=True)
    return len(leads - set(accepted))


def reopen_parts(book: TaskBook) -> None:
    """For an amendment every bureau may edit its rows again."""
    for part in BookPart.objects.filter(book=book).exclude(status=PartStatus.DRAFT):
        part.status, part.reason, part.submitted_at = PartStatus.DRAFT, "", None
        save_if_unchanged(part, _FIELDS, expected=part.version)


def handed_in_of(book_id: Any) -> set:
    """Keys of the bureaus whose part of the book was submitted or accepted."""
    found = BookPart.objects.filter(book=book_id, status__in=workflow.HANDED_IN)
    return set(found.values_list("bureau", flat=True))


def all_handed_in(book: TaskBook, actor: Any) -> bool:
    """Whether nothing is left to edit for the actor's bureaus: each has handed in its part of ``book``."""
    bureaus = set(getattr(actor, "bureau_ids", ()))
    return bool(bureaus) and bureaus <= handed_in_of(book.pk)


def _save(part: BookPart, version: int) -> BookPart:
    if part.version == 0 and version == 0:
        part.version = 1
        part.save(force_insert=True)
        return part
    return save_if_unchanged(part, _FIELDS, expected=version)
