"""An earlier plan to lay under the present one: the issue, a later version, or any past day."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from planning.roadmap.models import Milestone
from planning.roadmap.selectors.sources import end_of_day, latest
from planning.roadmap.selectors.versions import versions
from planning.taskbooks.models import Task, TaskBook


@dataclass(frozen=True)
class Choice:
    """A plan that can be laid under: all rows as they stood just before ``moment``."""

    key: str
    label: str
    moment: datetime


@dataclass(frozen=True)
class Underlay:
    """The dates of an earlier plan: of tasks (start, due), of milestones the due date."""

    choice: Choice
    tasks: dict[UUID, tuple[date | None, date | None]] = field(default_factory=dict)
    stones: dict[UUID, date] = field(default_factory=dict)


def choices(book: TaskBook) -> list[Choice]:
    """The plan as issued first, then each later version: two queries."""
    found = []
    for version in versions(book):
        if version.moment is not None:
            day = timezone.localtime(version.moment).date().isoformat()
            text = _("Baseline: version %(n)s of %(day)s") % {"n": version.number, "day": day}
            found.append(Choice(version.key, text, version.moment))
    return found


def underlay(book: TaskBook, known: list[Choice], wanted: str) -> Underlay | None:
    """The plan ``wanted``: the key of a version, an ISO day, or "" for the plan as issued; None if there is none."""
    choice = next((choice for choice in known if wanted in ("", choice.key)), None) or _of_day(wanted)
    if choice is None:
        return None
    tasks = latest(Task, choice.moment, book=book).filter(deleted_at=None).values_list("id", "start", "due")
    stones = latest(Milestone, choice.moment, task__book=book).filter(deleted_at=None).values_list("id", "due")
    return Underlay(choice, {pk: (start, due) for pk, start, due in tasks}, dict(stones))


def _of_day(wanted: str) -> Choice | None:
    try:
        day = date.fromisoformat(wanted)
        return Choice(wanted, _("Baseline: as it stood on %(day)s") % {"day": wanted}, end_of_day(day))
    except (ValueError, OverflowError):
        return None
