"""The pages of the road map: list of books, drawing, list of milestones."""

import re
from uuid import UUID

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View

from dalian_coop.accounts.permissions import Perm
from dalian_coop.calendars.enums import Country
from dalian_coop.ui.marks import SHAPES
from planning.plans.enums import Horizon
from planning.roadmap import selectors
from planning.roadmap.forms import LANES, MapForm, StoneListForm
from planning.roadmap.selectors.lanes import Lanes, lanes_of
from planning.roadmap.selectors.underlay import choices
from planning.roadmap.views import svg
from planning.roadmap.views.drawing import drawing_of
from planning.taskbooks.enums import Light
from planning.taskbooks.models import TaskBook

STONES_A_PAGE = 100
FILTERS = ("light", "lead", "country", "field", "horizon", "overdue", "q")


class ReaderView(PermissionRequiredMixin, View):
    """Signed-in people who may read task books."""

    permission_required = str(Perm.READ_BOOKS)

    def book(self, code: str) -> TaskBook:
        """The book, or 404 for a stranger."""
        return get_object_or_404(TaskBook.objects.visible_to(self.request.user).select_related("programme"), code=code)


class BookList(ReaderView):
    def get(self, request: HttpRequest) -> HttpResponse:
        today = timezone.localdate()
        context = {"lines": selectors.book_lines(request.user, today), "today": today}
        context["may_start"] = request.user.has_perm(str(Perm.IMPORT_BOOK))
        return render(request, "roadmap/index.html", context)


class MapView(ReaderView):
    """What the views of one road map share: book, query string, rows."""

    def form(self) -> MapForm:
        return MapForm(self.request.GET, today=timezone.localdate())

    def read(self, code: str, form: MapForm, **more) -> selectors.RoadMap:
        return selectors.road_map(self.book(code), self.request.user, timezone.localdate(), **form.rows(), **more)


class Map(MapView):
    """The road map. The page fetches its rows (``Data``); ``?plain=1`` is the drawing of browsers without scripts."""

    def get(self, request: HttpRequest, book: str) -> HttpResponse:
        form = self.form()
        if request.GET.get("plain"):
            return self.plain(request, book, form)
        found = self.book(book)
        context = page_context(found, selectors.frame(found, request.user), form, request.GET)
        return render(request, "roadmap/map.html", context)

    def plain(self, request: HttpRequest, book: str, form: MapForm) -> HttpResponse:
        view = form.wanted()
        road_map = self.read(book, form, with_places=view["lanes"] == "partner")
        lanes = lanes_of(road_map, view["lanes"])
        context = drawing_context(road_map, view, lanes)
        context["labels"] = svg.labels(
            context["drawing"],
            road_map,
            lanes.groups,
            task_address=task_address(book),
            toggle=lambda key: _toggled(request.GET, view, key),
        )
        context |= {"view": view, "problems": form.problems, "chips": _chips(request.GET, view, road_map)}
        return render(request, "roadmap/plain.html", context)


def task_address(book: str) -> str:
    """Address of a task's page with ``{}`` for its number: worked out once, not per row."""
    return reverse("taskbooks:task", args=[book, "0"]).replace("/0/", "/{}/")


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


def page_context(book: TaskBook, frame: selectors.Frame, form: MapForm, query: QueryDict) -> dict:
    """The frame of the page that fetches its rows."""
    view = form.wanted()
    return {
        "book": book,
        "frame": frame,
        "form": form,
        "view": view,
        "problems": form.problems,
        "today": timezone.localdate(),
        "as_of": form.rows()["as_of"],
        "filters": sum(bool(query.get(name)) for name in FILTERS),
        "plain_query": _query(query, plain="1"),
        "phases": [(Horizon(h).label, first, last) for h, first, last in frame.phases],
        "lanes": LANES,
        "versions": choices(book),
        "baseline_day": view["baseline"] if re.fullmatch(r"\d{4}-\d\d-\d\d", view["baseline"]) else "",
        "zooms": zoom_names(),
        "days": selectors.light_days(),
        "light_shapes": [(code, kind, shape) for code, (kind, shape) in SHAPES.items()],
        "light_codes": [light.value for light in Light],
        "nobody": UUID(int=0),
        "countries": Country.choices,
    }


def zoom_names() -> list[tuple[str, str]]:
    return [("quarter", _("Quarter")), ("year", _("Year")), ("phase", _("Phase")), ("fit", _("Fit to width"))]


def drawing_context(road_map: selectors.RoadMap, view: dict, lanes: Lanes) -> dict:
    """The drawing and its texts."""
    drawing, zoom = drawing_of(road_map, view, lanes), view["zoom"]
    label = _("Bars of the tasks and milestones; the table shows the same")
    return map_context(road_map) | {
        "drawing": drawing,
        "head": svg.head(drawing.axis, zoom, road_map.phases, road_map.today),
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
    rows, links = view["stones"] == "rows", view["links"] != "off"
    fields, measures = ",".join(sorted(road_map.fields)), ",".join(sorted(road_map.measures))
    return {
        "zoom": [(text, _query(current, zoom=zoom), zoom == view["zoom"]) for zoom, text in zoom_names()],
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
