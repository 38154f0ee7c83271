"""Countersigning: bureaus sign or object in any order; every objection must be settled before approval."""

import copy
from collections.abc import Iterable
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
from planning.taskbooks.enums import BookStatus, SignState
from planning.taskbooks.models import Countersignature, TaskBook
from planning.taskbooks.services.parts import REASON

OPEN_STATES = (SignState.PENDING, SignState.OBJECTED)


def ask(book: TaskBook, bureaus: Iterable[Bureau]) -> None:
    """Ask ``bureaus``, and nobody else, to countersign ``book``; earlier answers go (history keeps them)."""
    Countersignature.objects.filter(book=book).delete()
    Countersignature.objects.bulk_create(Countersignature(book=book, bureau=bureau) for bureau in bureaus)


@transaction.atomic
def move_signature(
    *, signature: Countersignature, move: str, version: int, by: Any, text: str = ""
) -> Countersignature:
    """Sign, object (with the objection) or settle an objection (with how it was settled): ``workflow.SIGN_MOVES``.

    Raises ``ValidationError``, ``NotAllowed``, ``Conflict`` when stale.
    """
    step = workflow.SIGN_MOVES.get(move)
    if step is None or signature.state not in step.sources or signature.book.status != BookStatus.COUNTERSIGN:
        raise ValidationError({"": [Error("no_such_move", _("This signature cannot take this step now."))]})
    if not may_sign(by, signature.bureau, step):
        raise NotAllowed(_("Your role does not take this step."))
    errors = text_errors(text, max_length=400)
    if step.needs_reason and not text.strip():
        errors = [REASON]
    if errors:
        raise ValidationError({"reason": errors})
    signature = copy.copy(signature)
    signature.state, fields = step.target, ["state"]
    if step.target == SignState.SETTLED:
        signature.answer = text.strip()
        fields.append("answer")
    else:
        signature.text, signature.signed_at = text.strip(), timezone.now()
        fields += ["text", "signed_at"]
    with acting(by, reason=text.strip()):
        return save_if_unchanged(signature, fields, expected=version)


def may_sign(actor: Any, bureau: Bureau, step: workflow.Move) -> bool:
    """A head for a bureau of theirs; settling is for the coordinating bureau."""
    roles = {str(role) for role in actor.roles} & step.roles
    return "coordinator" in roles or ("head" in roles and bureau.pk in actor.bureau_ids)


def unsettled(book: TaskBook) -> int:
    """How many signatures are missing or objections open."""
    return Countersignature.objects.filter(book=book, state__in=OPEN_STATES).count()
