"""Reporting an error, and answering the report."""

from typing import Any
from uuid import UUID

import orjson
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dalian_coop.accounts.permissions import Perm
from dalian_coop.base.errors import Error, NotAllowed, ValidationError
from dalian_coop.base.locking import save_if_unchanged
from dalian_coop.base.text import text_errors
from dalian_coop.corrections import selectors
from dalian_coop.corrections.enums import ANSWERS, CorrectionState
from dalian_coop.corrections.models import Correction
from dalian_coop.rest.renderers import plain

LONGEST = 2000


@transaction.atomic
def report_error(
    *, resource: str, object_id: UUID, message: str, by, field: str = "", proposed: str = ""
) -> Correction:
    """Tell the owner of a record that something in it is wrong. ``by`` is a person or a client that sees the record.

    Raises ``ValidationError`` for a record or field that is not there for ``by``, or a text that is empty or too long.
    """
    errors = _text_problems(message=message, proposed=proposed)
    if not message.strip():
        errors["message"] = [Error("required", _("Say what is wrong."))]
    found = selectors.find_record(by, resource, object_id)
    if found is None:
        errors["object_id"] = [Error("unknown", _("There is no such record for you."))]
    elif field and field not in found[0].schema():
        errors["field"] = [Error("unknown", _("The record has no such field."))]
    owner = selectors.owner_of(resource, found[1]) if found else None
    if found and owner is None:
        errors["object_id"] = [Error("no_owner", _("No bureau answers for this record yet."))]
    if errors:
        raise ValidationError(errors)
    is_client = getattr(by, "scopes", None) is not None
    return Correction.objects.create(
        resource=resource,
        object_id=object_id,
        record=str(found[1])[:200],
        field=field,
        present=_as_text(selectors.present_value(*found, field, by)) if field else "",
        message=message,
        proposed=proposed,
        bureau=by.bureau or owner,
        by_user=None if is_client else by,
        by_client=by if is_client else None,
        owner=owner,
    )


def answer_report(*, correction: Correction, state: str, answer: str, version: int, by) -> Correction:
    """Say that the record is corrected, or why it is no error. Raises ``NotAllowed`` for others than the owner.

    An answer is final: a second one raises ``ValidationError``; ``Conflict`` when somebody was faster.
    """
    if not by.has_perm(Perm.ANSWER_CORRECTIONS, correction):
        raise NotAllowed(_("The bureau that owns the record answers this report."))
    errors = _text_problems(answer=answer)
    if state not in ANSWERS:
        errors["state"] = [Error("invalid_choice", _("Choose “corrected” or “not an error”."))]
    elif state == CorrectionState.REJECTED and not answer.strip():
        errors["answer"] = [Error("required", _("Say why it is no error."))]
    if correction.state != CorrectionState.OPEN:
        errors[""] = [Error("answered", _("This report is answered already."))]
    if errors:
        raise ValidationError(errors)
    correction.state, correction.answer, correction.answered_at = state, answer, timezone.now()
    return save_if_unchanged(correction, ["state", "answer", "answered_at"], expected=version)


def _text_problems(**texts: str) -> dict[str, list[Error]]:
    return {name: found for name, text in texts.items() if (found := text_errors(text, max_length=LONGEST))}


def _as_text(value: Any) -> str:
    """A value of a row as a person reads it."""
    if value is None:
        return ""
    return value if isinstance(value, str) else orjson.dumps(value, default=plain).decode()
