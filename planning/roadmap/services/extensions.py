"""Asking for another date in an issued book, and deciding on it."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dalian_coop.accounts.permissions import Perm
from dalian_coop.base.errors import Conflict, Error, NotAllowed, ValidationError
from dalian_coop.base.locking import save_if_unchanged
from dalian_coop.base.text import text_errors
from dalian_coop.history.context import acting
from planning.roadmap.enums import RequestState
from planning.roadmap.models import ExtensionRequest, Milestone, Shift
from planning.roadmap.services.baselines import take_baseline
from planning.roadmap.services.checks import refuse
from planning.roadmap.services.moves import apply
from planning.roadmap.services.previewing import preview
from planning.roadmap.services.shapes import Change, Preview
from planning.taskbooks.enums import BookStatus
from planning.taskbooks.models import TaskBook
from planning.taskbooks.permissions import coordinates


@transaction.atomic
def request_extension(*, milestone: Milestone, new_due: date, reason: str, by: Any) -> ExtensionRequest:
    """Ask the coordinating office for another date. The date itself stays.

    Raises ``NotAllowed`` for others than the lead bureau and the coordinators; ``ValidationError``:
    ``reason_required``, ``asked_already``, ``not_issued`` (an open book is simply edited), ``not_later``, and what
    ``preview`` refuses.
    """
    if not by.has_perm(Perm.EDIT_MILESTONE, milestone):
        raise NotAllowed(_("Only the bureau that leads this task asks for an extension."))
    errors = text_errors(reason, max_length=400)
    if not reason.strip():
        errors = [Error("reason_required", _("Please say why the date moves."))]
    refuse({"reason": errors} if errors else {})
    book = TaskBook.objects.select_for_update(no_key=True).get(pk=milestone.task.book_id)
    if book.status != BookStatus.ISSUED:
        raise ValidationError({"": [Error("not_issued", _("The task book is not issued; change the date itself."))]})
    if new_due <= milestone.due:
        raise ValidationError({"new_due": [Error("not_later", _("An extension is later than the date it extends."))]})
    if ExtensionRequest.objects.filter(milestone=milestone, state=RequestState.ASKED).exists():
        raise ValidationError({"": [Error("asked_already", _("A request for this milestone is waiting already."))]})
    preview(book=book, changes=[Change(milestone.pk, new_due)], by=by, today=timezone.localdate())
    with acting(by, reason=reason.strip()):
        return ExtensionRequest.objects.create(
            milestone=milestone, old_due=milestone.due, new_due=new_due, reason=reason.strip(), asked_by=str(by),
            asked_bureau=by.bureau,
        )  # fmt: skip


def consequences(*, request: ExtensionRequest, by: Any) -> Preview:
    """What approving would move, for whoever decides."""
    change = Change(request.milestone_id, request.new_due)
    return preview(book=request.milestone.task.book, changes=[change], by=by, today=timezone.localdate())


@transaction.atomic
def approve_extension(
    *, request: ExtensionRequest, versions: dict[str, int], version: int, by: Any, answer: str = ""
) -> ExtensionRequest:
    """Move the milestone with everything it drags along; the plan gets a new version.

    ``versions`` is what ``consequences`` gave. Raises as ``apply``, ``Conflict`` when the request was decided or
    withdrawn meanwhile, ``NotAllowed`` for others than the coordinating office and for whoever asked.
    """
    _open(request, version)
    _require_decider(request, by)
    book = request.milestone.task.book
    shift = apply(
        book=book, changes=[Change(request.milestone_id, request.new_due)], reason=request.reason, by=by,
        versions=versions, approved=True,
    )  # fmt: skip
    take_baseline(book=book, reason=request.reason, by=by)
    return _decide(request, version, RequestState.APPROVED, answer, by, shift)


@transaction.atomic
def refuse_extension(*, request: ExtensionRequest, answer: str, version: int, by: Any) -> ExtensionRequest:
    """Leave the date as it is; ``answer`` says why (``ValidationError`` ``required`` without). Raises as approving."""
    _open(request, version)
    _require_decider(request, by)
    if not answer.strip():
        raise ValidationError({"answer": [Error("required", _("Please say why; the bureaus read it."))]})
    return _decide(request, version, RequestState.REFUSED, answer, by)


@transaction.atomic
def withdraw_extension(*, request: ExtensionRequest, version: int, by: Any) -> ExtensionRequest:
    """Take the request back. Raises ``NotAllowed`` for others than the lead bureau, ``Conflict``."""
    _open(request, version)
    if not by.has_perm(Perm.EDIT_MILESTONE, request.milestone):
        raise NotAllowed(_("Only the bureau that leads this task asks for an extension."))
    return _decide(request, version, RequestState.WITHDRAWN, "", by)


def may_decide(request: ExtensionRequest, by: Any) -> bool:
    """Whether the person may approve or refuse the request: as ``approve_extension`` asks."""
    try:
        _require_decider(request, by)
    except NotAllowed:
        return False
    return request.state == RequestState.ASKED


def _open(request: ExtensionRequest, version: int) -> None:
    current = ExtensionRequest.objects.select_for_update().get(pk=request.pk)
    if current.version != version or current.state != RequestState.ASKED:
        raise Conflict(current=current)


def _require_decider(request: ExtensionRequest, by: Any) -> None:
    if not by.has_perm(Perm.EDIT_MILESTONE, request.milestone) or not coordinates(by):
        raise NotAllowed(_("Only the coordinating office decides on extensions."))
    if request.asked_by == str(by):
        raise NotAllowed(_("Somebody else than the person who asked decides."))


def _decide(
    request: ExtensionRequest, version: int, state: str, answer: str, by: Any, shift: Shift | None = None
) -> ExtensionRequest:
    refuse({"answer": errors} if (errors := text_errors(answer, max_length=400)) else {})
    request.state, request.answer, request.shift = state, answer.strip(), shift
    request.decided_by, request.decided_at = str(by), timezone.now()
    fields = ["state", "answer", "shift", "decided_by", "decided_at"]
    # Within one web request the history keeps one reason: that of the dates that moved, not the words of the answer.
    reason = request.reason if state == RequestState.APPROVED else answer.strip() or request.reason
    with acting(by, reason=reason):
        return save_if_unchanged(request, fields, expected=version)
