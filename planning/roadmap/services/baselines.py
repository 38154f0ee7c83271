"""Keeping versions of the plan."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dalian_coop.base.errors import Error, NotAllowed
from dalian_coop.base.text import text_errors
from dalian_coop.history.context import acting
from planning.roadmap.models import Baseline
from planning.roadmap.services.checks import refuse
from planning.taskbooks.models import TaskBook
from planning.taskbooks.permissions import coordinates


@transaction.atomic
def take_baseline(*, book: TaskBook, reason: str, by: Any) -> Baseline:
    """Keep the plan as it stands now as a version to compare with. The issue of the book is one by itself.

    What the version holds stands in the history: all writes until now, those of the same transaction included.
    Raises ``NotAllowed`` for others than the coordinating office, ``ValidationError`` ``reason_required``.
    """
    if not coordinates(by):
        raise NotAllowed(_("Only the coordinating office keeps versions of the plan."))
    errors = text_errors(reason, max_length=400)
    if not reason.strip():
        errors = [Error("reason_required", _("Please say what this version is for."))]
    refuse({"reason": errors} if errors else {})
    with acting(by, reason=reason.strip()):
        return Baseline.objects.create(book=book, moment=timezone.now(), reason=reason.strip(), by_label=str(by))
