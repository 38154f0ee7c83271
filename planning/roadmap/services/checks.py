"""The rules of a milestone, in one place: pages, REST and imports all ask here."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from dalian_coop.base.errors import Error, ValidationError
from dalian_coop.base.text import text_errors
from planning.roadmap.enums import DependencyKind
from planning.roadmap.models import Dependency, Milestone
from planning.taskbooks.enums import BookStatus
from planning.taskbooks.models import TaskBook
from planning.taskbooks.workflow import rows_may_come_and_go

TEXTS = ("code", "name", "deliverable")
REPORTED = frozenset(
    {"done_on", "reported_on", "reported_by", "verified_by", "forecast"}
)  # what may still be written in an issued book
_YEARS = range(2000, 2101)


def milestone_errors(milestone: Milestone, *, today: date) -> dict[str, list[Error]]:
    """What is wrong with the milestone's own values (not necessarily saved)."""
    found: dict[str, list[Error]] = {}
    for name in TEXTS:
        if errors := text_errors(getattr(milestone, name), max_length=Milestone._meta.get_field(name).max_length):
            found[name] = errors
    for name in ("code", "name"):
        if not getattr(milestone, name).strip():
            found[name] = [Error("required", _("Please fill this in."))]
    if milestone.due is None:
        found["due"] = [Error("required", _("Please fill this in."))]
    elif milestone.due.year not in _YEARS:
        found["due"] = [Error("year_out_of_range", _("The year must lie between 2000 and 2100."))]
    elif milestone.task.start and milestone.due < milestone.task.start:
        message = _("The date lies before the task starts (%(day)s).") % {"day": _day(milestone.task.start)}
        found["due"] = [Error("before_start", message)]
    if milestone.done_on is not None and milestone.done_on > today:
        found["done_on"] = [Error("in_future", _("The day lies in the future."))]
    elif milestone.done_on is not None and milestone.done_on.year not in _YEARS:
        found["done_on"] = [Error("year_out_of_range", _("The year must lie between 2000 and 2100."))]
    return found


def order_errors(milestone: Milestone) -> dict[str, list[Error]]:
    """Whether the date agrees with the milestones it waits for and those that wait for it."""
    before = _linked(successor_links__in=_timed(successor=milestone)).order_by("-due").first()
    if before is not None and milestone.due < before.due:
        message = _("The date lies before %(name)s (%(day)s), for which this milestone waits.")
        return {"due": [Error("before_predecessor", message % {"name": str(before), "day": _day(before.due)})]}
    after = _linked(predecessor_links__in=_timed(predecessor=milestone)).order_by("due").first()
    if after is not None and milestone.due > after.due:
        message = _("The date lies after %(name)s (%(day)s), which waits for this milestone.")
        return {"due": [Error("after_successor", message % {"name": str(after), "day": _day(after.due)})]}
    return {}


def _timed(**end):
    """Links that bind the dates themselves: "start to finish" means the reverse, and a lead lets them overlap."""
    return Dependency.objects.filter(lag_days__gte=0, **end).exclude(kind=DependencyKind.SF)


def _linked(**link):
    return Milestone.objects.filter(deleted_at__isnull=True, **link)


def book_errors(book: TaskBook, fields: Iterable[str]) -> dict[str, list[Error]]:
    """Which of ``fields`` the status of the book locks: all but reports unless it is open, all when it is closed."""
    if rows_may_come_and_go(book.status):
        return {}
    locked = set(fields) - (frozenset() if book.status == BookStatus.CLOSED else REPORTED)
    error = Error("book_not_open", _("The task book is not open for editing now."))
    if book.status in (BookStatus.ISSUED, BookStatus.CLOSED):
        message = _("The task book is issued; apply for an extension or change to the coordinating office.")
        error = Error("needs_extension", message)
    return {name: [error] for name in sorted(locked)}


def chain_back(predecessor: Milestone, successor: Milestone) -> list[UUID]:
    """The milestones from ``successor`` along its dependants to ``predecessor``; any means a link would close a ring.

    One query reads the links of the book; the search itself is breadth first, so the shortest chain is named.
    """
    links: dict[UUID, list[UUID]] = {}
    pairs = Dependency.objects.filter(
        predecessor__task__book=predecessor.task.book_id, predecessor__deleted_at__isnull=True,
        successor__deleted_at__isnull=True,
    ).values_list("predecessor", "successor")  # fmt: skip
    for before, after in pairs:
        links.setdefault(before, []).append(after)
    came_from: dict[UUID, UUID | None] = {successor.pk: None}
    queue = [successor.pk]
    for current in queue:
        if current == predecessor.pk:
            chain = []
            while current is not None:
                chain.append(current)
                current = came_from[current]
            return chain[::-1]
        for after in links.get(current, ()):
            if after not in came_from:
                came_from[after] = current
                queue.append(after)
    return []


def refuse(*found: dict[str, list[Error]]) -> None:
    """Raise one ``ValidationError`` for all that was found."""
    merged: dict[str, list[Error]] = {}
    for errors in found:
        for name, es in errors.items():
            merged.setdefault(name, []).extend(es)
    if merged:
        raise ValidationError(merged)


def _day(day: date) -> str:
    return date_format(day, "Y-m-d")
