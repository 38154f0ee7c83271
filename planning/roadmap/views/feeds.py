"""Calendar links of a person, and the iCalendar file that a program fetches under one."""

from collections.abc import Callable
from datetime import timedelta

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from icalendar import Calendar, Event

from dalian_coop.accounts.models import Bureau
from dalian_coop.base.errors import ValidationError
from dalian_coop.calendars.enums import Country
from dalian_coop.ui.forms import PortalForm
from planning.roadmap.models import CalendarLink, Milestone
from planning.roadmap.selectors import feeds
from planning.roadmap.services import calendar_links as services
from planning.roadmap.views.pages import ReaderView

HOST = "dalian-cooperation-portal"  # only makes the keys of events unique in the world


class LinkForm(PortalForm, forms.Form):
    bureau = forms.ModelChoiceField(
        Bureau.objects.order_by("pinyin"), label=gettext_lazy("Whose milestones"), required=False,
        empty_label=gettext_lazy("All that my bureaus lead or support"),
    )  # fmt: skip
    holidays = forms.MultipleChoiceField(
        label=gettext_lazy("Days off as well"), choices=Country.choices, required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip


class Links(ReaderView):
    """The person's links, and a form for another."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(LinkForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = LinkForm(request.POST)
        if not form.is_valid():
            return self.page(form, 422)
        try:
            services.make_calendar_link(by=request.user, **form.cleaned_data)
        except ValidationError as refused:
            form.add_service_errors(refused)
            return self.page(form, 422)
        messages.success(request, _("The link is made. Copy its address into your calendar program."))
        return redirect("roadmap:calendar-links")

    def page(self, form: LinkForm, status: int = 200) -> HttpResponse:
        living = CalendarLink.objects.filter(owner=self.request.user, revoked_at=None).select_related("bureau")
        address = self.request.build_absolute_uri(reverse("roadmap:calendar"))
        rows = [
            (link, f"{address}?key={services.key_of(link)}", "、".join(str(Country(c).label) for c in link.holidays))
            for link in living
        ]
        return render(self.request, "roadmap/calendar_links.html", {"rows": rows, "form": form}, status=status)


class Revoke(ReaderView):
    """Ends one of the person's own links."""

    def post(self, request: HttpRequest, pk) -> HttpResponse:
        link = get_object_or_404(CalendarLink, pk=pk, owner=request.user)
        services.revoke_calendar_link(link=link, by=request.user)
        messages.success(request, _("The link is ended; its address answers nothing any more."))
        return redirect("roadmap:calendar-links")


class Feed(View):
    """The iCalendar file. A calendar program cannot sign in: the signed ``?key=`` stands for the owner of the link.

    The key stands in the query, which the request log leaves out. A wrong or ended key is 404.
    """

    def get(self, request: HttpRequest) -> HttpResponse:
        link = services.link_for(request.GET.get("key", ""))
        if link is None:
            raise Http404
        services.note_fetch(link)
        answer = HttpResponse(feed(link, request.build_absolute_uri), content_type="text/calendar; charset=utf-8")
        answer["Content-Disposition"] = 'attachment; filename="milestones.ics"'
        answer["Cache-Control"] = "private, no-store"
        return answer


def feed(link: CalendarLink, absolute: Callable[[str], str]) -> bytes:
    """Milestones and days off as all-day events (RFC 5545): days without a time, so that no zone moves them."""
    calendar = Calendar()
    calendar.add("prodid", "-//Dalian Japan-Korea Cooperation Portal//Milestones//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    name = link.bureau.name if link.bureau else _("my bureaus")
    calendar.add("x-wr-calname", _("Milestones: %(name)s") % {"name": name})
    calendar.add("refresh-interval", timedelta(hours=6), {"VALUE": "DURATION"})
    for stone in feeds.stones_of(link):
        calendar.add_component(_stone(stone, absolute))
    for day in feeds.holidays_of(link, timezone.localdate()) if link.holidays else ():
        text = f"{Country(day.country).label}: {day.name_local or day.name}"
        event = _all_day(f"holiday-{day.country}-{day.date}", day.date, text, day.updated_at)
        event.add("transp", "TRANSPARENT")
        event.add("categories", [_("Days off")])
        calendar.add_component(event)
    return calendar.to_ical()


def _stone(stone: Milestone, absolute: Callable[[str], str]) -> Event:
    mark = "✓" if stone.done_on else "◆"
    event = _all_day(f"milestone-{stone.pk}", stone.due, f"{mark} {stone.name}", stone.updated_at)
    lines = [
        _("Task %(code)s: %(text)s") % {"code": stone.task.code, "text": stone.task.content},
        _("Lead: %(bureau)s") % {"bureau": stone.task.lead.name},
    ]
    if stone.forecast and not stone.done_on:
        lines.append(_("Forecast: %(day)s") % {"day": stone.forecast.isoformat()})
    if stone.deliverable:
        lines.append(_("Deliverable: %(text)s") % {"text": stone.deliverable})
    event.add("description", "\n".join(lines))
    event.add("sequence", stone.version)
    event.add("status", "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    event.add("categories", [stone.task.book.title])
    event.add("url", absolute(reverse("roadmap:milestone", args=[stone.task.book.code, stone.pk])))
    return event


def _all_day(key: str, day, text: str, stamp) -> Event:
    event = Event()
    event.add("uid", f"{key}@{HOST}")
    event.add("dtstamp", stamp)
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("summary", text)
    return event
