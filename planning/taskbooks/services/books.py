"""Writes of task books as a whole: make one, move it through its life."""

import copy
import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dalian_coop.accounts.models import Bureau
from dalian_coop.accounts.permissions import Perm
from dalian_coop.base.errors import Error, NotAllowed, ValidationError
from dalian_coop.base.locking import save_if_unchanged
from dalian_coop.base.text import text_errors
from dalian_coop.history.context import acting
from planning.plans.models import Programme
from planning.taskbooks import workflow
from planning.taskbooks.enums import BookStatus
from planning.taskbooks.models import TaskBook
from planning.taskbooks.services import parts, signing, versions
from planning.taskbooks.services.checks import REQUIRED
from planning.taskbooks.services.gate import check_book

_CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@transaction.atomic
def create_book(
    *,
    code: str,
    title: str,
    programme: Programme,
    first_year: int,
    last_year: int,
    by: Any,
    is_sample: bool = False,
    note: str = "",
) -> TaskBook:
    """Make an empty task book in draft. ``code`` becomes its address. Raises ``NotAllowed``, ``ValidationError``."""
    if by is not None and not by.has_perm(Perm.IMPORT_BOOK):
        raise NotAllowed(_("Only the coordinating bureau makes task books."))
    errors = {
        "code": []
        if _CODE.fullmatch(code) and len(code) <= 60
        else [Error("bad_code", _("Use a-z, 0-9 and hyphens."))],
        "title": text_errors(title, max_length=200) or ([] if title.strip() else [REQUIRED]),
        "note": text_errors(note, max_length=800),
        "last_year": []
        if 2000 <= first_year <= last_year <= 2100
        else [Error("bad_years", _("The last year lies before the first, or not between 2000 and 2100."))],
    }
    if not errors["code"] and TaskBook.objects.filter(code=code).exists():
        errors["code"] = [Error("code_taken", _("There is a task book with this address already."))]
    if found := {name: es for name, es in errors.items() if es}:
        raise ValidationError(found)
    with acting(by):
        return TaskBook.objects.create(
            code=code,
            title=title.strip(),
            programme=programme,
            first_year=first_year,
            last_year=last_year,
            is_sample=is_sample,
            note=note,
        )


@transaction.atomic
def move_book(
    *,
    book: TaskBook,
    move: str,
    version: int,
    by: Any,
    reason: str = "",
    number: str = "",
    bureaus: Iterable[Bureau] = (),
) -> TaskBook:
    """Take a book one step on in its life (``workflow.MOVES``).

    Issuing freezes a version; an amendment opens all parts again. Raises ``NotAllowed`` when the role does not make
    this move, ``ValidationError`` when the status does not allow it or something is missing (see ``workflow.Move``),
    ``Conflict`` when stale.
    """
    step = workflow.MOVES.get(move)
    if step is None or book.status not in step.sources:
        raise ValidationError({"": [Error("no_such_move", _("The task book cannot take this step now."))]})
    if step not in workflow.moves_from(book.status, by.roles):
        raise NotAllowed(_("Your role does not take this step."))
    bureaus = list(bureaus)
    if found := {n: es for n, es in _missing(step, book, reason, number, bureaus).items() if es}:
        raise ValidationError(found)
    book, fields = _moved(book, step, reason.strip(), number.strip())
    with acting(by, reason=reason.strip()):
        saved = save_if_unchanged(book, fields, expected=version)
        if step.needs_bureaus or step.target == BookStatus.ASSEMBLED:
            signing.ask(saved, bureaus)  # what was said of an earlier assembly does not count for this one
        if step.target == BookStatus.AMENDING:
            parts.reopen_parts(saved)
        if step.target == BookStatus.ISSUED:
            versions.freeze(saved)
    return saved


def _moved(book: TaskBook, step: workflow.Move, reason: str, number: str) -> tuple[TaskBook, list[str]]:
    """A copy of ``book`` after ``step``, and the fields that differ."""
    book = copy.copy(book)
    book.status, fields = workflow.target_of(step, was_issued=bool(book.issued_on)), ["status"]
    if step.target == BookStatus.ISSUED:
        book.number, book.issued_on = number, timezone.localdate()
        book.edition = versions.next_edition(book.edition)
        fields += ["number", "issued_on", "edition"]
    elif step.name == "amend":
        book.amendment = reason
        fields.append("amendment")
    return book, fields


def _missing(step: workflow.Move, book: TaskBook, reason: str, number: str, bureaus: list[Bureau]) -> dict:
    """What keeps ``book`` from taking ``step`` now: ``{field: [Error, …]}``; the whole book under ""."""
    errors = {"reason": text_errors(reason, max_length=400), "number": text_errors(number, max_length=80), "": []}
    if step.needs_reason and not reason.strip():
        errors["reason"] = [parts.REASON]
    if step.needs_number and not number.strip():
        errors["number"] = [Error("required", _("Please give the document number."))]
    if step.needs_bureaus and not bureaus:
        errors["bureaus"] = [Error("required", _("Please choose the bureaus that are to sign."))]
    if step.needs_parts and (n := parts.open_parts(book)):
        errors[""].append(Error("parts_open", _("The parts of %(n)s bureaus are not accepted yet.") % {"n": n}))
    if step.needs_check and (n := check_book(book).blockers):
        errors[""].append(Error("blocked", _("The check before submission found %(n)s blockers.") % {"n": n}))
    if step.needs_signatures and (n := signing.unsettled(book)):
        message = _("%(n)s bureaus have not signed yet, or their objections are not settled.") % {"n": n}
        errors[""].append(Error("unsigned", message))
    return errors


@transaction.atomic
def set_parts_due(*, book: TaskBook, day: date | None, version: int, by: Any) -> TaskBook:
    """Until when the bureaus are to hand in their parts. Raises ``NotAllowed``, ``ValidationError``, ``Conflict``."""
    if not by.has_perm(Perm.IMPORT_BOOK):
        raise NotAllowed(_("Only the coordinating bureau sets this day."))
    if day is not None and not 2000 <= day.year <= 2100:
        raise ValidationError(
            {"parts_due": [Error("year_out_of_range", _("The year must lie between 2000 and 2100."))]}
        )
    book = copy.copy(book)
    book.parts_due = day
    with acting(by):
        return save_if_unchanged(book, ["parts_due"], expected=version)
