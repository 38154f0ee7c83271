"""What a calendar link shows."""

from datetime import date

from dalian_coop.calendars.enums import DayKind
from dalian_coop.calendars.models import Holiday
from planning.roadmap.models import CalendarLink, Milestone
from planning.taskbooks.models import Task


def stones_of(link: CalendarLink):
    """The milestones the owner may see: of the tasks the bureau leads, or of those the owner's bureaus work on."""
    tasks = Task.objects.visible_to(link.owner)
    tasks = tasks.filter(lead=link.bureau) if link.bureau else tasks.involving(link.owner.bureau_ids)
    seen = Milestone.objects.visible_to(link.owner).filter(task__in=tasks.values("pk"))
    return seen.select_related("task__book", "task__lead").order_by("due", "code")


def holidays_of(link: CalendarLink, today: date):
    """Days off of the chosen countries, from last year to the end of what is decreed."""
    rows = Holiday.objects.filter(country__in=link.holidays, kind=DayKind.HOLIDAY)
    return rows.filter(date__gte=date(today.year - 1, 1, 1)).order_by("date", "country")
