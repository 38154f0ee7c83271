"""The drawer beside the road map: one task or one milestone, and its dates to move."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from dalian_coop.accounts.permissions import Perm
from planning.roadmap import selectors
from planning.roadmap.forms import MoveForm
from planning.roadmap.models import Dependency, Milestone
from planning.roadmap.permissions import MilestoneScope
from planning.roadmap.selectors.changes import changes
from planning.roadmap.selectors.network import book_network
from planning.roadmap.selectors.timing import timing
from planning.roadmap.selectors.versions import slips
from planning.roadmap.views.milestones import StoneView
from planning.roadmap.views.moving import preview_context
from planning.taskbooks.enums import BookStatus
from planning.taskbooks.lights import light_for


class DrawerView(StoneView):
    """``?start=&due=`` are new dates (from a drag): the preview is then worked out at once."""

    def answer(self, template: str, thing, kind: str, context: dict) -> HttpResponse:
        query = self.request.GET
        context |= {"past": bool(query.get("as_of")), "kind": kind, "thing": thing}
        if query.get("due") or query.get("start"):
            values = {"kind": kind, "id": thing.pk, "follow": "push", "which": self.which(context["book"], kind)}
            form = MoveForm(values | {name: query.get(name, "") for name in ("start", "due")})
            context |= preview_context(context["book"], form, self.request.user) if form.is_valid() else {}
            context["asked"] = form.cleaned_data
        return render(self.request, f"roadmap/includes/{template}", context)

    def which(self, book, kind: str) -> str:
        """In an issued book the plan stands; what moves is what is now expected."""
        return "forecast" if kind == "milestone" and book.status == BookStatus.ISSUED else "due"


class StoneDrawer(DrawerView):
    """A milestone: facts, slack, what it waits for and what waits for it."""

    def get(self, request: HttpRequest, book: str, pk) -> HttpResponse:
        stone = self.stone(book, pk)
        times = timing(stone.task.book)
        net = book_network(stone.task.book)
        seen = Milestone.objects.visible_to(request.user)
        links = Dependency.objects.select_related("predecessor__task", "successor__task")
        context = {
            "stone": stone,
            "book": stone.task.book,
            "which": self.which(stone.task.book, "milestone"),
            "may_edit": self.may_edit(stone),
            "slack": times.slack.get(stone.pk),
            "critical": stone.pk in times.critical,
            "slip": slips(net, timezone.localdate()).get(stone.pk),
            "before": links.filter(successor=stone, predecessor__in=seen).order_by("predecessor__due"),
            "after": links.filter(predecessor=stone, successor__in=seen).order_by("successor__due"),
        }
        return self.answer("drawer_stone.html", stone, "milestone", context)


class Moved(StoneView):
    """What moved since the issue, what is expected later, and the latest reschedulings, each undone as one."""

    def get(self, request: HttpRequest, book: str) -> HttpResponse:
        found = self.book(book)
        context = {
            "book": found,
            "found": changes(found, request.user),
            "may_undo": MilestoneScope.of(request.user).may,
        }
        return render(request, "roadmap/includes/drawer_moved.html", context)


class TaskDrawer(DrawerView):
    """A task: facts and milestones."""

    def get(self, request: HttpRequest, book: str, code: str) -> HttpResponse:
        task, today = self.task(book, code), timezone.localdate()
        done = task.state == "completed"
        context = {
            "task": task,
            "book": task.book,
            "which": "due",
            "light": light_for(start=task.start, due=task.due, completed=done, today=today),
            "may_edit": request.user.has_perm(str(Perm.EDIT_MILESTONE), task),
            "rows": selectors.milestones_of_task(task, today),
        }
        return self.answer("drawer_task.html", task, "task", context)
