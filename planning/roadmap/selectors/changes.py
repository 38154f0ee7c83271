"""What moved since the plan was issued, what is expected later than planned, and the latest reschedulings."""

from dataclasses import dataclass
from typing import Any

from planning.roadmap.models import Milestone, Shift
from planning.roadmap.selectors.versions import Difference, Version, compare, versions
from planning.taskbooks.models import TaskBook

SHIFTS = 10  # of the latest are listed


@dataclass(frozen=True)
class Changes:
    """``since`` is the first version of the plan, None before the issue; then there is nothing to compare with."""

    since: Version | None
    moved: list[Difference]
    expected: list[Milestone]
    shifts: list[Shift]

    @property
    def later(self) -> int:
        return sum((line.days or 0) > 0 for line in self.moved)


def changes(book: TaskBook, actor: Any) -> Changes:
    """At most nine queries; milestones the person may not see are left out, the furthest move stands first."""
    known = versions(book)
    since = known[0] if known[0].moment else None
    moved = compare(book, since, known[-1], actor) if since else []
    moved.sort(key=lambda line: (-abs(line.days or 0), line.code))
    seen = Milestone.objects.visible_to(actor).filter(task__book=book, deleted_at=None, done_on=None)
    expected = [stone for stone in seen.exclude(forecast=None).order_by("due") if stone.forecast != stone.due]
    mine = {str(pk) for pk in seen.values_list("pk", flat=True)} if expected or book.shifts.exists() else set()
    return Changes(since, moved, expected, _shifts(book, mine, actor))


def _shifts(book: TaskBook, seen: set[str], actor: Any) -> list[Shift]:
    """The latest ones in which the person sees a row; tasks stand in them beside their milestones."""
    tasks = {str(pk) for pk in book.tasks.visible_to(actor).values_list("pk", flat=True)}
    rows = Shift.objects.filter(book=book).order_by("-created_at")[: SHIFTS * 3]
    return [row for row in rows if any(line["id"] in seen or line["id"] in tasks for line in row.lines)][:SHIFTS]
