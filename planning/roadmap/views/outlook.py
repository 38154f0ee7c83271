"""Versions of the plan and what changed between two; what could go wrong; the risk of one milestone."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from dalian_coop.base.errors import ValidationError
from planning.roadmap import services
from planning.roadmap.forms import CompareForm, OutlookForm, VersionNoteForm
from planning.roadmap.selectors import review
from planning.roadmap.selectors.life import unverified, waiting_requests
from planning.roadmap.selectors.network import BookNetwork, book_network
from planning.roadmap.selectors.outlook import SEED, risk
from planning.roadmap.selectors.versions import Version, compare, versions
from planning.roadmap.views.milestones import StoneView
from planning.roadmap.views.pages import ReaderView
from planning.taskbooks.models import TaskBook
from planning.taskbooks.permissions import coordinates

SLIP = 10  # working days, two weeks of work


class Versions(ReaderView):
    """All versions of the plan; ``?older=1&newer=now`` compares two. The coordinating office keeps another here."""

    def get(self, request: HttpRequest, book: str) -> HttpResponse:
        return self.page(self.book(book), VersionNoteForm())

    def post(self, request: HttpRequest, book: str) -> HttpResponse:
        found, form = self.book(book), VersionNoteForm(request.POST)
        if not coordinates(request.user):
            raise PermissionDenied
        if not form.is_valid():
            return self.page(found, form, 422)
        try:
            services.take_baseline(book=found, reason=form.cleaned_data["reason"], by=request.user)
        except ValidationError as refused:
            form.add_service_errors(refused)
            return self.page(found, form, 422)
        messages.success(request, _("The plan as it stands is kept as a version."))
        return redirect("roadmap:versions", book)

    def page(self, book: TaskBook, form: VersionNoteForm, status: int = 200) -> HttpResponse:
        found = versions(book)
        older, newer = self.two(found)
        lines = compare(book, older, newer, self.request.user) if older else []
        counts = {kind: sum(line.kind == kind for line in lines) for kind in ("moved", "added", "dropped")}
        context = {
            "book": book, "versions": found, "older": older, "newer": newer, "lines": lines, "counts": counts,
            "form": form, "may_keep": coordinates(self.request.user),
        }  # fmt: skip
        return render(self.request, "roadmap/versions.html", context, status=status)

    def two(self, found: list[Version]) -> tuple[Version | None, Version]:
        """The two asked for, the earlier one first; without a question the first version and the present plan."""
        form = CompareForm(self.request.GET, keys=[version.key for version in found])
        form.is_valid()
        places = {version.key: n for n, version in enumerate(found)}
        older = places.get(form.cleaned_data.get("older", ""), 0)
        newer = places.get(form.cleaned_data.get("newer", ""), len(found) - 1)
        older, newer = sorted((older, newer))
        return (found[older] if older != newer else None), found[newer]


class Review(ReaderView):
    """The domino, the finish with risk, the milestones that moved, and what waits for somebody."""

    def get(self, request: HttpRequest, book: str) -> HttpResponse:
        found, today, by = self.book(book), timezone.localdate(), request.user
        form = OutlookForm(request.GET)
        form.is_valid()
        days = form.cleaned_data.get("days") or SLIP
        net = book_network(found)
        context = {
            "book": found,
            "days": days,
            "problems": list(form.errors),
            "slipped": review.slipped(net, by, today),
            "requests": waiting_requests(by, milestone__task__book=found),
            "unverified": unverified(by, task__book=found),
        }
        context |= _computed(net, by, days, form.cleaned_data.get("seed"))
        return render(request, "roadmap/review.html", context)


def _computed(net: BookNetwork, by: Any, days: int, seed: int | None) -> dict[str, Any]:
    """Domino and risk; a date beyond the calendars leaves both out and says so."""
    try:
        found = risk(net, seed=SEED if seed is None else seed, today=timezone.localdate())
        lines = review.risk_lines(net, found, by)
        return {"domino": review.worst(net, by, timezone.localdate(), days), "risk": found, "lines": lines}
    except IndexError:
        return {"beyond": True, "risk": None}


class StoneRisk(StoneView):
    """When one milestone is to be expected, as a fragment: the whole book is simulated for it."""

    def get(self, request: HttpRequest, book: str, pk) -> HttpResponse:
        stone = self.stone(book, pk)
        try:
            found = risk(book_network(stone.task.book), today=timezone.localdate())
        except IndexError:
            found = None
        outlook = found.outlooks.get(stone.pk) if found else None
        context = {"stone": stone, "book": stone.task.book, "risk": found, "outlook": outlook}
        return render(request, "roadmap/includes/stone_risk.html", context)
