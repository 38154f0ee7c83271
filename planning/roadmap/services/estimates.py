"""Three-point estimates, places of work and limits of dates."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from dalian_coop.accounts.permissions import Perm
from dalian_coop.base.errors import Conflict, Error, NotAllowed, ValidationError
from dalian_coop.base.locking import save_if_unchanged
from dalian_coop.history.context import acting
from planning.roadmap.enums import Limit, Workplace
from planning.roadmap.models import Milestone, TaskEstimate
from planning.roadmap.services.checks import book_errors, refuse
from planning.taskbooks.models import Task

LONGEST = 5000  # working days, twenty years


@transaction.atomic
def set_estimate(
    *, task: Task, optimistic: int, likely: int, pessimistic: int, by: Any, version: int | None = None
) -> TaskEstimate:
    """How many working days the whole task may take. ``version`` is that of the estimate there is, None without one.

    Raises ``NotAllowed``, ``Conflict``, ``ValidationError`` ``not_growing``: 1 ≤ optimistic ≤ likely ≤ pessimistic ≤
    5,000.
    """
    _require(by, Perm.EDIT_MILESTONE, task)
    if not 1 <= optimistic <= likely <= pessimistic <= LONGEST:
        message = _("The three numbers must grow, from 1 to 5,000 working days.")
        raise ValidationError({"likely": [Error("not_growing", message)]})
    row = TaskEstimate.objects.select_for_update().filter(task=task).first()
    if (row.version if row else None) != version:
        raise Conflict(current=row, mine={"likely": likely})
    values = {"optimistic": optimistic, "likely": likely, "pessimistic": pessimistic}
    with acting(by):
        if row is None:
            return TaskEstimate.objects.create(task=task, **values)
        for name, value in values.items():
            setattr(row, name, value)
        return save_if_unchanged(row, list(values), expected=row.version)


@transaction.atomic
def set_rules(
    *, milestone: Milestone, version: int, by: Any, workplace: str = "", limit: str = "", limit_on: date | None = None
) -> Milestone:
    """Whose working days count for the milestone, and which day its date may not cross.

    Raises ``NotAllowed``, ``Conflict``, ``ValidationError``: ``unknown`` codes, ``required`` when only one of limit and
    day is given, ``needs_extension`` in an issued book.
    """
    _require(by, Perm.EDIT_MILESTONE, milestone)
    if workplace and workplace not in Workplace.values or limit and limit not in Limit.values:
        raise ValidationError({"limit": [Error("unknown", _("This choice is not known."))]})
    if bool(limit) != bool(limit_on):
        raise ValidationError({"limit_on": [Error("required", _("Please fill this in."))]})
    refuse(book_errors(milestone.task.book, ("limit",)))
    milestone.workplace, milestone.limit, milestone.limit_on = workplace, limit, limit_on
    with acting(by):
        return save_if_unchanged(milestone, ["workplace", "limit", "limit_on"], expected=version)


def _require(by: Any, perm: Perm, obj: Any) -> None:
    if not by.has_perm(perm, obj):
        raise NotAllowed(_("Only the bureau that leads this task, or the coordinating bureau, edits it."))
