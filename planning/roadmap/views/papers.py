"""The road map as a table, on paper (sheets of A3, the wall poster), and as files in SVG and PDF."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from planning.roadmap.engine import Drawing, Zoom
from planning.roadmap.selectors.lanes import lanes_of
from planning.roadmap.views import paper, table
from planning.roadmap.views.data import overlays
from planning.roadmap.views.drawing import drawing_of
from planning.roadmap.views.pages import MapView, map_context, task_address


class Table(MapView):
    """The same content as an HTML table. ``?undated=1`` shows what cannot be drawn."""

    def get(self, request: HttpRequest, book: str) -> HttpResponse:
        form = self.form()
        view, undated = form.wanted(), request.GET.get("undated") == "1"
        road_map = self.read(book, form, with_places=view["lanes"] == "partner")
        over = table.Overlays(**overlays(road_map, view["baseline"]), critical=view["critical"] != "off")
        words = table.Words(task_address(book), f"{reverse('roadmap:map', args=[book])}milestones/{{}}/")
        rows = table.Table(road_map, lanes_of(road_map, view["lanes"]), over, words).rows(undated=undated)
        context = map_context(road_map) | {"rows": rows, "undated": undated, "under": over.under}
        context |= {"count": table.shown(road_map.tasks, undated=undated), "heads": table.heads()}
        return render(request, "roadmap/table.html", context)


class PaperView(MapView):
    """What all papers share: the filter, lanes, folds and overlays of the address; only the zoom is the paper's."""

    def content(self, book: str) -> tuple[Drawing, paper.Content, bool]:
        """Drawing, words, and whether it is for a wall."""
        form = self.form()
        view = form.wanted() | {"zoom": Zoom.FIT}
        road_map = self.read(book, form, with_places=view["lanes"] == "partner")
        over = overlays(road_map, view["baseline"])
        lanes = lanes_of(road_map, view["lanes"])
        wall = view["paper"] == "a1"
        width = paper.AXIS_WIDTH
        if wall:
            width = paper.wall_axis(len(drawing_of(road_map, view | {"links": "off"}, lanes).rows))
        drawing = drawing_of(road_map, view, lanes, **over, width=width)
        title = f"{road_map.book.title} · {_('Road map')}"
        under, critical = over["under"], view["critical"] != "off"
        label = under.choice.label if under else ""
        return drawing, paper.Content(road_map, lanes.groups, title, timezone.localtime(), label, critical), wall


class Print(PaperView):
    """A page that prints one sheet a page: A3 with title, head and legend on each, or the poster."""

    def get(self, request: HttpRequest, book: str) -> HttpResponse:
        drawing, content, wall = self.content(book)
        sheets = [paper.svg_wall(drawing, content)] if wall else paper.svg_sheets(drawing, content)
        context = {
            "book": content.road_map.book,
            "sheets": sheets,
            "wall": wall,
            "rows": len(drawing.rows),
            "pages": len(sheets),
        }
        return render(request, "roadmap/print.html", context)


class ExportSvg(PaperView):
    """The whole drawing as one file: to save, or for the page to paint on a canvas."""

    def get(self, request: HttpRequest, book: str) -> HttpResponse:
        drawing, content, _wall = self.content(book)
        answer = HttpResponse(paper.svg_file(drawing, content), content_type="image/svg+xml; charset=utf-8")
        return _named(answer, book, content, "svg")


class ExportPdf(PaperView):
    """The sheets of A3, or with ``?paper=a1`` the poster, as PDF with the type embedded."""

    def get(self, request: HttpRequest, book: str) -> HttpResponse:
        drawing, content, wall = self.content(book)
        answer = HttpResponse(paper.pdf_file(drawing, content, wall=wall), content_type="application/pdf")
        return _named(answer, book, content, "pdf")


def _named(answer: HttpResponse, book: str, content: paper.Content, kind: str) -> HttpResponse:
    answer["Content-Disposition"] = f'attachment; filename="{book}-{content.road_map.today:%Y%m%d}.{kind}"'
    answer["Cache-Control"] = "private, no-store"
    return answer
