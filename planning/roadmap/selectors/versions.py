"""Versions of a plan, what changed between two of them, and how often and far each milestone slipped."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Window
from django.db.models.functions import Lag
from django.utils.translation import gettext as _

from dalian_coop.calendars.workdays import WorkingDays
from planning.roadmap.models import Baseline, Milestone, Shift
from planning.roadmap.selectors.network import BookNetwork, working_days_moved
from planning.roadmap.selectors.sources import latest
from planning.taskbooks.enums import BookStatus
from planning.taskbooks.models import Task, TaskBook

NOW = "now"


@dataclass(frozen=True)
class Version:
    """A state of the plan one can compare: the issue (number 1), later versions, and "now" (``moment`` None)."""

    key: str
    number: int | None
    moment: datetime | None
    reason: str
    by: str


def versions(book: TaskBook) -> list[Version]:
    """The issue of the book, every version kept since, and the plan as it stands now: two queries."""
    issued = _issue(book)
    kept = [(b.moment, b.reason, b.by_label) for b in Baseline.objects.filter(book=book)]
    rows = ([issued] if issued else []) + [row for row in kept if issued is None or row[0] > issued[0]]
    found = [Version(str(n), n, moment, reason, by) for n, (moment, reason, by) in enumerate(rows, 1)]
    return [*found, Version(NOW, None, None, _("The plan as it stands now"), "")]


def _issue(book: TaskBook) -> tuple[datetime, str, str] | None:
    """When and by whom the book was issued: the first event with that status."""
    events = book.events.filter(status=BookStatus.ISSUED).select_related("pgh_context").order_by("pgh_id")
    event = events.first()
    if event is None:
        return None
    context = event.pgh_context.metadata if event.pgh_context else {}
    return event.pgh_created_at, _("Issue of the task book"), context.get("actor_label", "")


@dataclass(frozen=True, slots=True)
class Difference:
    """One milestone that differs between two versions: ``kind`` is moved, added or dropped."""

    kind: str
    id: UUID
    code: str
    name: str
    task: str
    old: date | None
    new: date | None
    reason: str = ""
    by: str = ""
    at: datetime | None = None

    @property
    def days(self) -> int | None:
        """Calendar days between the two dates."""
        return (self.new - self.old).days if self.old and self.new else None


def compare(book: TaskBook, older: Version, newer: Version, actor: Any) -> list[Difference]:
    """What moved, came and went between two versions, with the reason and who, by new date: five queries.

    Reason and person are those of the last write of the milestone that changed its date (or its being there).
    """
    before, after = _stand(book, older), _stand(book, newer)
    seen = dict(Task._base_manager.filter(book=book, pk__in=_visible(book, actor)).values_list("pk", "code"))
    changed = {
        key for key in before.keys() | after.keys()
        if (before[key].due if key in before else None) != (after[key].due if key in after else None)
    }  # fmt: skip
    whys = _reasons(changed, older.moment, newer.moment)
    found = []
    for key in changed:
        row = after.get(key) or before[key]
        if row.task_id not in seen:
            continue
        old = before[key].due if key in before else None
        new = after[key].due if key in after else None
        kind = "moved" if old and new else "added" if new else "dropped"
        found.append(Difference(kind, key, row.code, row.name, seen[row.task_id], old, new, *whys.get(key, ())))
    return sorted(found, key=lambda d: (d.new or d.old, d.code))


def _visible(book: TaskBook, actor: Any):
    """Deleted tasks are not visible to anybody; what they held is shown to whoever sees every row of the book."""
    visible = Task.objects.visible_to(actor).filter(book=book)
    everything = visible.count() == Task.objects.alive().filter(book=book).count()
    return Task._base_manager.filter(book=book).values("pk") if everything else visible.values("pk")


def _stand(book: TaskBook, version: Version) -> dict[UUID, Any]:
    fields = ("code", "name", "task_id", "due")
    if version.moment is None:
        rows = Milestone.objects.filter(task__book=book, deleted_at=None).values_list("pk", *fields, named=True)
        return {row.pk: row for row in rows}
    rows = latest(Milestone, version.moment, task__book=book).filter(deleted_at=None)
    return {row.pgh_obj_id: row for row in rows.values_list("pgh_obj_id", *fields, named=True)}


def _reasons(keys: set[UUID], since: datetime | None, until: datetime | None) -> dict[UUID, tuple[str, str, datetime]]:
    found: dict[UUID, tuple[str, str, datetime]] = {}
    for event in date_events(keys):
        if (since and event.pgh_created_at < since) or (until and event.pgh_created_at >= until):
            continue
        if event.due != event.due_before or event.deleted_at != event.deleted_before:
            context = event.pgh_context.metadata if event.pgh_context else {}
            who = context.get("actor_label", "")
            found[event.pgh_obj_id] = (context.get("reason", ""), who, event.pgh_created_at)
    return found


def date_events(keys):
    """Every event of the milestones with the date and deletion of the event before, oldest first: one query."""
    model = Milestone._meta.get_field("events").related_model
    window = {"partition_by": F("pgh_obj_id"), "order_by": F("pgh_id").asc()}
    rows = model.objects.filter(pgh_obj_id__in=list(keys)).select_related("pgh_context")
    return rows.annotate(
        due_before=Window(Lag("due"), **window), deleted_before=Window(Lag("deleted_at"), **window)
    ).order_by("pgh_id")


@dataclass(slots=True)
class SlipRecord:
    """How a milestone moved since the issue (without an issue: since it was first entered).

    ``slips`` counts moves to a later day that were not undone, ``days`` the calendar days and ``working_days`` those of
    its place between first and present date. ``rescheduled`` (the date was changed) and ``late`` (today, or the day it
    was done, lies after the date) are different facts; both, one or none may hold.
    """

    first: date
    due: date
    slips: int = 0
    days: int = 0
    working_days: int = 0
    late_by: int = 0
    reasons: list[tuple[date, date, str, str]] = field(default_factory=list)

    @property
    def rescheduled(self) -> bool:
        return self.first != self.due

    @property
    def days_earlier(self) -> int:
        """Calendar days by which the present date lies before the first one; negative when it lies after."""
        return -self.days

    @property
    def late(self) -> bool:
        return self.late_by > 0


def slips(net: BookNetwork, today: date) -> dict[UUID, SlipRecord]:
    """The record of every milestone of the book: three queries."""
    issue = _issue(net.book)
    undone = {
        str(pk) for pk in Shift.objects.filter(book=net.book).exclude(undone_at=None).values_list("pk", flat=True)
    }
    found: dict[UUID, SlipRecord] = {}
    for event in date_events(net.stones):
        stone = net.stones[event.pgh_obj_id]
        record = found.get(stone.pk)
        if record is None or (issue and event.pgh_created_at < issue[0]):
            found[stone.pk] = SlipRecord(event.due, stone.due)
            continue
        context = event.pgh_context.metadata if event.pgh_context else {}
        if event.due == event.due_before or str(context.get("shift", "")) in undone:
            continue
        record.slips += event.due > event.due_before
        record.reasons.append(
            (event.due_before, event.due, context.get("reason", ""), context.get("actor_label", ""))
        )  # fmt: skip
    for key, record in found.items():
        _finish(record, net.stones[key], net.calendar(net.stones[key]), today)
    return found


def _finish(record: SlipRecord, stone: Milestone, calendar: WorkingDays, today: date) -> None:
    record.days = (record.due - record.first).days
    record.working_days = working_days_moved(calendar, record.first, record.due)
    record.late_by = max(0, ((stone.done_on or today) - stone.due).days)
