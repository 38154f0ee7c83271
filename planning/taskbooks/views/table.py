"""What the task table of a book shows: filtered, ordered, paged rows and the figures above them."""

from functools import cached_property
from urllib.parse import parse_qs, urlsplit

from django.core.paginator import Page, Paginator
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from dalian_coop.ui import marks
from dalian_coop.ui.templatetags.ui import icon, light
from planning.taskbooks import selectors
from planning.taskbooks.enums import TaskState
from planning.taskbooks.filters import TaskFilter
from planning.taskbooks.models import TaskBook
from planning.taskbooks.permissions import EditScope
from planning.taskbooks.views.row_html import body_html, select_html

OFFICIAL, DISPATCH = "official", "dispatch"
TONES = {TaskState.NOT_STARTED: "grey", TaskState.IN_PROGRESS: "brand", TaskState.COMPLETED: "green"}
WORDS = {
    "code": _("No."),
    "content": _("Key task"),
    "light": _("Light"),
    "state": _("State"),
    "progress": _("Progress"),
    "due": _("Deadline"),
    "lead": _("Lead bureau"),
    "units": _("Supporting bureaus"),
    "objective": _("Objective"),
    "deliverable": _("Deliverable"),
    "field": _("Field"),
    "measure": _("Measure"),
    "actions": _("Actions to take"),
    "acceptance": _("Acceptance standard"),
    "responsible": _("Responsible post"),
    "start": _("Start"),
    "due_text": _("Deadline as written"),
    "horizon": _("Horizon"),
    "partners_text": _("Countries and cities"),
    "key_industries": _("Key industries"),
    "guarantees": _("Guarantees"),
    "weight": _("Weight"),
    "tools": _("Actions"),
    "edit": _("Edit"),
    "history": _("History"),
    "no_deadline": _("no deadline"),
}
SELECTS = {
    "field": (_("field of cooperation"), _("Field: all")),
    "lead": (_("lead bureau"), _("Lead: all")),
    "state": (_("state"), _("State: all")),
    "support": (_("supporting bureaus"), _("Supporting bureau: all")),
    "measure": (_("measure"), _("Measure: all")),
    "horizon": (_("horizon"), _("Horizon: all")),
    "country": (_("country"), _("Country: all")),
}


def view_of(request: HttpRequest) -> str:
    """The order of the columns; a request from within the page takes that of the page."""
    wanted = request.GET.get("view")
    if wanted is None and getattr(request, "htmx", None) and request.htmx.current_url:
        wanted = parse_qs(urlsplit(request.htmx.current_url).query).get("view", [""])[0]
    return OFFICIAL if wanted == OFFICIAL else DISPATCH


def row_context(book: TaskBook) -> dict:
    """What every row needs, worked out once: words, icons, the address of the book."""
    return {
        "book": book,
        "base": reverse("taskbooks:book", args=[book.code]),
        "words": {name: str(word) for name, word in WORDS.items()},
        "icons": {name: icon(name) for name in ("edit", "history")},
    }


def decorate(rows: list[dict], actor) -> None:
    """Marks and rights of each row, worked out once and not per row."""
    scope = EditScope.of(actor)
    lights = {code: light(code) for code in marks.ORDER}
    for row in rows:
        row["light_mark"] = lights[row["light"]]
        row["state_tone"] = TONES[row["state"]]
        row["start_iso"] = row["start"].isoformat() if row["start"] else ""
        row["due_iso"] = row["due"].isoformat() if row["due"] else ""
        row["weight_text"] = "" if row["weight"] is None else f"{row['weight'].normalize():f}"
        row["mine"] = row["lead_id"] in scope.bureau_ids
        row["editable"] = scope.covers(row["lead_id"])


class Table:
    """One request for the table of ``book``."""

    def __init__(self, request: HttpRequest, book: TaskBook):
        self.request, self.book, self.actor = request, book, request.user
        self.today = timezone.localdate()
        self.visible = selectors.tasks_of_book(self.actor, book)
        self.filter = TaskFilter(request.GET, queryset=self.visible)
        self._tallies: dict[frozenset[str], dict] = {}

    def figures(self) -> dict:
        """Counts by light, overdue and own tasks under the other filters: what a click on each of them would show."""
        chosen = set(self.request.GET.getlist("light"))
        by_light = self._tally("light")["lights"]
        lights = [
            {
                "value": light.value,
                "label": light.label,
                "count": by_light.get(light.value, 0),
                "is_on": light.value in chosen,
                "url": self._query(light=chosen ^ {light.value}),
            }
            for light in selectors.ATTENTION
        ]
        own = self.actor.bureau
        mine_on = bool(own) and self.request.GET.get("lead") == own.code
        overdue_on = self.request.GET.get("overdue") == "1"
        return {
            "book": self.book,
            "filter": self.filter,
            "lights": lights,
            "whole": self.whole,
            "shown": self._tally()["total"],
            "overdue": self._tally("overdue")["overdue"],
            "overdue_on": overdue_on,
            "overdue_url": self._query(overdue=set() if overdue_on else {"1"}),
            "own_bureau": own,
            "mine": self._tally("lead")["mine"],
            "mine_on": mine_on,
            "mine_url": self._query(lead=set() if mine_on or not own else {own.code}),
            "clear_url": self._query(**{name: set() for name in self.filter.base_filters if name != "sort"}),
            "query": self.filter.data.urlencode(),
            "view": view_of(self.request),
        }

    def context(self) -> dict:
        """Everything the template needs; a constant number of statements."""
        rows = selectors.task_rows(self.page.object_list, self.today)
        decorate(rows, self.actor)
        ordered = self.filter.order == "code"
        common, view = row_context(self.book), view_of(self.request)
        groups = selectors.grouped(rows) if ordered else [{"rows": rows}]
        views = {name: self._query(view=set() if name == DISPATCH else {name}) for name in (DISPATCH, OFFICIAL)}
        return (
            self.figures()
            | common
            | {
                "page": self.page,
                "rows": rows,
                "groups": groups,
                "body": body_html(groups, common, view=view),
                "table": self,
                "problems": self.filter.problems,
                "views": views,
            }
        )

    def _query(self, **changes: set[str]) -> str:
        """The query string of this page with other values for some parameters, on its first page."""
        query = self.filter.data.copy()
        query.pop("page", None)
        for name, values in changes.items():
            query.setlist(name, sorted(values))
        return f"?{query.urlencode()}"

    @cached_property
    def page(self) -> Page:
        paginator = Paginator(self.filter.ordered(), selectors.PAGE_SIZE)
        paginator.count = self._tally()["total"]
        return paginator.get_page(self.request.GET.get("page"))

    @cached_property
    def whole(self) -> dict:
        """What the head line says of all tasks of the book that one sees."""
        return self._tally(*self.filter.base_filters)

    @cached_property
    def selects(self) -> dict[str, SafeString]:
        """The selects above the table; a request for the table alone does not ask for them."""
        options = selectors.filter_options(self.visible, self.whole)
        return {
            name: select_html(name, options[name], self.filter.data.get(name, ""), label=label, everything=everything)
            for name, (label, everything) in SELECTS.items()
        }

    def _tally(self, *without: str) -> dict:
        """Of the tasks under all filters but ``without``: one statement for each different set of filters."""
        stay = frozenset(self.filter.chosen).difference(without)
        if stay not in self._tallies:
            tasks = self.filter.without(*without) if stay else self.visible
            self._tallies[stay] = selectors.tally(tasks, self.today, self.actor.bureau)
        return self._tallies[stay]
