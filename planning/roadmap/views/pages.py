"""The pages of the road map: list, drawing, table, print."""

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View

from dalian_coop.accounts.permissions import Perm
from dalian_coop.ui.marks import SHAPES
from planning.plans.enums import Horizon
from planning.roadmap import selectors
from planning.roadmap.engine import Drawing, StoneItem, TaskItem, Zoom, axis_for, draw
from planning.roadmap.forms import MapForm, StoneListForm
from planning.roadmap.views import svg, table
from planning.taskbooks.enums import Light
from planning.taskbooks.models import TaskBook

PRINT_ROWS = 25  # rows on a sheet of A3
STONES_A_PAGE = 100


class ReaderView(PermissionRequiredMixin, View):
    """Signed-in people who may read task books."""

    permission_required = str(Perm.READ_BOOKS)

    def book(self, code: str) -> TaskBook:
        """The book, or 404 for a stranger."""
        return get_object_or_404(TaskBook.objects.visible_to(self.request.user).select_related("programme"), code=code)


class BookList(ReaderView):
    def get(self, request: HttpRequest) -> HttpResponse:
        today = timezone.localdate()
        return render(
            request, "roadmap/index.html", {"lines": selectors.book_lines(request.user, today), "today": today}
        )


class Map(ReaderView):
    """The drawing. ``?zoom=&closed=&stones=rows&links=off``"""

    def get(self, request: HttpRequest, book: str) -> HttpResponse:
        form = MapForm(request.GET)
        view = form.wanted()
        road_map = selectors.road_map(self.book(book), request.user, timezone.localdate())
        context = drawing_context(road_map, view)
        context["labels"] = svg.labels(
            context["drawing"],
            road_map,
            task_address=_task_address(book),
            toggle=lambda key: _toggled(request.GET, view, key),
        )
        context |= {"view": view, "problems": form.problems, "chips": _chips(request.GET, view, road_map)}
        return render(request, "roadmap/map.html", context)


class Print(ReaderView):
    """The same drawing on A3, cut into sheets of whole rows with the head repeated."""

    def get(self, request: HttpRequest, book: str) -> HttpResponse:
        view = MapForm(request.GET).wanted() | {"zoom": Zoom.FIT}
        road_map = selectors.road_map(self.book(book), request.user, timezone.localdate())
        context = drawing_context(road_map, view)
        drawing = context["drawing"]
        starts = range(0, len(drawing.rows), PRINT_ROWS)
        sheets = [_sheet(drawing.part(first, first + PRINT_ROWS), road_map) for first in starts]
        return render(request, "roadmap/print.html", context | {"pages": sheets, "now": timezone.localtime()})


def _sheet(drawing: Drawing, road_map: selectors.RoadMap) -> dict:
    label = _("Bars of the tasks and milestones; the table shows the same")
    return {
        "labels": svg.labels(drawing, road_map, task_address=_task_address(road_map.book.code), toggle=lambda key: ""),
        "plot": svg.plot(drawing, road_map, Zoom.FIT, label=label),
    }


def _stone_address(book: str) -> str:
    """Address of a milestone's page with ``{}`` for its key."""
    return f"{reverse('roadmap:map', args=[book])}milestones/{{}}/"


def _task_address(book: str) -> str:
    """Address of a task's page with ``{}`` for its number: worked out once, not per row."""
    return reverse("taskbooks:task", args=[book, "0"]).replace("/0/", "/{}/")


class Table(ReaderView):
    """The same content as an HTML table. ``?undated=1`` shows what cannot be drawn."""

    def get(self, request: HttpRequest, book: str) -> HttpResponse:
        road_map = selectors.road_map(self.book(book), request.user, timezone.localdate(), with_leads=True)
        undated = request.GET.get("undated") == "1"
        tasks = road_map.undated if undated else road_map.tasks
        rows = table.rows(road_map, tasks, task_address=_task_address(book), stone_address=_stone_address(book))
        context = map_context(road_map) | {"rows": rows, "undated": undated, "count": len(tasks)}
        return render(request, "roadmap/table.html", context | {"heads": table.heads()})


class StoneList(ReaderView):
    """Milestones of all books one sees. ``?book=&light=&within=30``"""

    def get(self, request: HttpRequest) -> HttpResponse:
        form = StoneListForm(request.GET)
        if not form.is_valid():
            raise Http404
        today, wanted = timezone.localdate(), form.wanted()
        page = Paginator(selectors.milestones(request.user, today, wanted), STONES_A_PAGE).get_page(
            request.GET.get("page")
        )
        context = {"page": page, "rows": page.object_list, "wanted": wanted, "today": today, "lights": Light}
        return render(request, "roadmap/milestones.html", context)


def map_context(road_map: selectors.RoadMap) -> dict:
    """What every page of a road map shows around it."""
    lights = road_map.lights
    return {
        "road_map": road_map,
        "book": road_map.book,
        "today": road_map.today,
        "phases": [(Horizon(h).label, first, last) for h, first, last in road_map.phases],
        "lights": [(light.value, light.label, lights[light.value]) for light in Light],
        "undated_count": len(road_map.undated),
        "days": selectors.light_days(),
        "light_shapes": [(code, kind, shape) for code, (kind, shape) in SHAPES.items()],
    }


def drawing_context(road_map: selectors.RoadMap, view: dict) -> dict:
    """The drawing and its texts."""
    book, zoom = road_map.book, view["zoom"]
    years = [year for _horizon, first, last in road_map.phases for year in (first, last)]
    axis = axis_for(
        first_year=min([book.first_year, *years]), last_year=max([book.last_year, *years]), dates=road_map.dates(),
        zoom=zoom,
    )  # fmt: skip
    drawing = draw(
        axis,
        [TaskItem(t.code, t.group, t.start, t.due, t.completed, t.progress) for t in road_map.tasks],
        [StoneItem(s.id, s.task, s.due) for s in road_map.stones],
        road_map.links,
        today=road_map.today,
        closed=view["closed"],
        stone_rows=view["stones"] == "rows",
        with_links=view["links"] != "off",
    )
    label = _("Bars of the tasks and milestones; the table shows the same")
    return map_context(road_map) | {
        "drawing": drawing,
        "head": svg.head(axis, zoom, road_map.phases, road_map.today),
        "plot": svg.plot(drawing, road_map, zoom, label=label),
    }


def _query(current: QueryDict, **changes: str) -> str:
    """The query string with some parameters changed; an empty value takes one out."""
    data = current.copy()
    for name, value in changes.items():
        data.pop(name, None)
        if value:
            data[name] = value
    return "?" + data.urlencode()


def _toggled(current: QueryDict, view: dict, key: str) -> str:
    return _query(current, closed=",".join(sorted(view["closed"] ^ {key})))


def _chips(current: QueryDict, view: dict, road_map: selectors.RoadMap) -> dict:
    """The switches above the drawing, as links: (text, address, whether it is on)."""
    names = {Zoom.QUARTER: _("Quarter"), Zoom.YEAR: _("Year"), Zoom.PHASE: _("Phase"), Zoom.FIT: _("Fit to width")}
    rows, links = view["stones"] == "rows", view["links"] != "off"
    fields, measures = ",".join(sorted(road_map.fields)), ",".join(sorted(road_map.measures))
    return {
        "zoom": [(text, _query(current, zoom=zoom), zoom is view["zoom"]) for zoom, text in names.items()],
        "show": [
            (_("Milestones as rows"), _query(current, stones="" if rows else "rows"), rows),
            (_("Dependencies"), _query(current, links="off" if links else ""), links),
        ],
        "fold": [
            (_("Fields"), _query(current, closed=fields)),
            (_("Measures"), _query(current, closed=measures)),
            (_("All"), _query(current, closed="")),
        ],
    }
