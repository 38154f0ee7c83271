"""The dashboard in its three forms: screen, wall, paper."""

from typing import Any

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views import View

from dalian_coop.accounts.permissions import Perm
from planning.dashboard import selectors
from planning.dashboard.forms import ScopeForm
from planning.dashboard.views import figures
from planning.gaps.selectors.runs import latest_report, worst_findings
from planning.roadmap.selectors import light_days
from planning.taskbooks.enums import BookStatus
from planning.taskbooks.models import TaskBook

LEADS_SHOWN = 15


class Dashboard(PermissionRequiredMixin, View):
    """``?book=&country=JP&field=trade``; without a book the latest that is not closed."""

    permission_required = str(Perm.READ_DASHBOARD)
    template = "dashboard/dashboard.html"
    leads_shown = LEADS_SHOWN

    def get(self, request: HttpRequest) -> HttpResponse:
        form = ScopeForm(request.GET)
        if not form.is_valid():
            raise Http404
        with selectors.snapshot() as as_of:
            context = self.read(form.cleaned_data, as_of)
        return render(request, self.template, context)

    def read(self, wanted: dict[str, Any], as_of) -> dict[str, Any]:
        """All figures of the page, from one moment."""
        actor, today = self.request.user, timezone.localdate()
        books = list(TaskBook.objects.visible_to(actor).select_related("programme"))
        book = _chosen(books, wanted["book"])
        context = {"books": books, "book": book, "wanted": wanted, "as_of": as_of, "today": today, "days": light_days()}
        if book is None:
            return context
        scope = selectors.Scope(book, wanted["country"], wanted["field"])
        overview = selectors.overview(scope, actor, today, as_of)
        months = selectors.trend(scope, actor, today)
        run = latest_report(actor)
        return context | {
            "scope": scope,
            "overview": overview,
            "late_address": scope.rows(overdue="1"),
            "tiles": figures.tiles(overview, months),
            "leads": [figures.row(scope, part) for part in overview.leads[: self.leads_shown]],
            "more_leads": [figures.row(scope, part) for part in overview.leads[self.leads_shown :]],
            "fields": [figures.row(scope, part) for part in overview.fields],
            "countries": [figures.row(scope, part) for part in overview.countries],
            "horizons": [figures.row(scope, part) for part in overview.horizons],
            "cities": [figures.row(scope, part) for part in overview.cities],
            "map": figures.map_of(overview),
            "trend": figures.trend_chart(months),
            "run": run,
            "findings": selectors.with_sources(worst_findings(run)) if run else [],
        }


def _chosen(books: list[TaskBook], code: str) -> TaskBook | None:
    if code:
        found = next((book for book in books if book.code == code), None)
        if found is None:
            raise Http404
        return found
    return next((book for book in books if book.status != BookStatus.CLOSED), books[0] if books else None)


class Wall(Dashboard):
    """For a screen on the wall: nothing scrolls, everything is read from afar, it refreshes itself."""

    template = "dashboard/wall.html"
    leads_shown = 9


class Print(Dashboard):
    """Two sheets of A4."""

    template = "dashboard/print.html"
    leads_shown = 14
