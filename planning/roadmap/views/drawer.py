"""The drawer beside the road map: one task or one milestone."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from planning.roadmap import selectors
from planning.roadmap.views.milestones import StoneView


class StoneDrawer(StoneView):
    """A milestone: facts, what it waits for, its dates to move."""

    def get(self, request: HttpRequest, book: str, pk) -> HttpResponse:
        stone = self.stone(book, pk)
        return render(request, "roadmap/includes/drawer_stone.html", {"stone": stone, "may_edit": self.may_edit(stone)})


class TaskDrawer(StoneView):
    """A task: facts and milestones, its dates to move."""

    def get(self, request: HttpRequest, book: str, code: str) -> HttpResponse:
        task = self.task(book, code)
        stones = selectors.milestones_of_task(task, timezone.localdate())
        return render(request, "roadmap/includes/drawer_task.html", {"task": task, "rows": stones})
