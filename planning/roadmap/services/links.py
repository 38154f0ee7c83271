"""Dependencies between milestones."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from dalian_coop.base.errors import Error, ValidationError
from dalian_coop.history.context import acting
from planning.roadmap.enums import DependencyKind
from planning.roadmap.models import Dependency, Milestone
from planning.roadmap.services.checks import book_errors, chain_back, refuse
from planning.taskbooks.models import TaskBook

MAX_LAG = 2000  # working days, eight years
MAX_LEAD = 366


@transaction.atomic
def link_milestones(
    *,
    predecessor: Milestone,
    successor: Milestone,
    by: Any,
    kind: str = DependencyKind.FS,
    lag_days: int = 0,
    calendar_days: bool = False,
) -> Dependency:
    """Let ``successor`` wait for ``predecessor``. Linking twice changes nothing.

    ``lag_days`` are working days of the successor's place of work, or ``calendar_days``; a negative lag is a lead.

    Raises ``ValidationError`` under ``predecessor``: ``itself``, ``other_book``, ``cycle`` (the chain is named in the
    sentence), ``later`` when the predecessor is due after the successor; under ``lag_days``: ``out_of_range``.
    """
    _refuse_pair(predecessor, successor)
    if not -MAX_LEAD <= lag_days <= MAX_LAG:
        message = _("The lag must lie between -366 and 2,000 days.")
        raise ValidationError({"lag_days": [Error("out_of_range", message)]})
    book = TaskBook.objects.select_for_update(no_key=True).get(pk=successor.task.book_id)
    refuse(book_errors(book, ("predecessor",)))
    if (existing := Dependency.objects.filter(predecessor=predecessor, successor=successor).first()) is not None:
        return existing
    if chain := chain_back(predecessor, successor):
        names = Milestone.objects.in_bulk(chain)
        text = " → ".join(names[pk].code for pk in [*chain, chain[0]])
        message = _("The milestones would wait for each other in a ring: %(chain)s.") % {"chain": text}
        raise ValidationError({"predecessor": [Error("cycle", message)]})
    if kind != DependencyKind.SF and lag_days >= 0 and predecessor.due > successor.due:
        message = _("%(name)s is due later than the milestone that would wait for it.") % {"name": str(predecessor)}
        raise ValidationError({"predecessor": [Error("later", message)]})
    with acting(by):
        return Dependency.objects.create(
            predecessor=predecessor, successor=successor, kind=kind, lag_days=lag_days, calendar_days=calendar_days
        )


def _refuse_pair(predecessor: Milestone, successor: Milestone) -> None:
    if predecessor.pk == successor.pk:
        raise ValidationError({"predecessor": [Error("itself", _("A milestone cannot wait for itself."))]})
    if predecessor.task.book_id != successor.task.book_id:
        message = _("The two milestones belong to different task books.")
        raise ValidationError({"predecessor": [Error("other_book", message)]})


@transaction.atomic
def unlink_milestones(*, predecessor: Milestone, successor: Milestone, by: Any) -> bool:
    """Remove the dependency; returns whether there was one. Raises ``ValidationError`` in an issued book."""
    refuse(book_errors(successor.task.book, ("predecessor",)))
    with acting(by):
        deleted, _each = Dependency.objects.filter(predecessor=predecessor, successor=successor).delete()
    return deleted > 0
