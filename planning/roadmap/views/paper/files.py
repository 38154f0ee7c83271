"""A drawing as pictures for a page, as one SVG file, and as PDF on A3 or A1."""

from collections.abc import Iterator

from django.utils.safestring import SafeString

from planning.roadmap.engine import Drawing
from planning.roadmap.engine.lanes import HEIGHT
from planning.roadmap.views.paper.pens import SvgPen
from planning.roadmap.views.paper.sheet import A3_ROWS, FOOT, HEAD, SHEET, TITLE, WALL, Content, Look, Sheet

_MM = 72 / 25.4
_A3, _A1 = (420 * _MM, 297 * _MM), (594 * _MM, 841 * _MM)
_A3_HEIGHT = TITLE + HEAD + A3_ROWS * HEIGHT + FOOT  # px


def svg_file(drawing: Drawing, content: Content) -> SafeString:
    """The whole drawing as one picture with its own size, however long it is."""
    return _svg(drawing, content, SHEET, sized=True)


def svg_wall(drawing: Drawing, content: Content) -> SafeString:
    """The whole drawing as one picture for a wall."""
    return _svg(drawing, content, WALL, sized=False)


def _svg(drawing: Drawing, content: Content, look: Look, *, sized: bool) -> SafeString:
    pen = SvgPen()
    sheet = Sheet(pen, drawing, content, look=look)
    sheet.draw()
    return pen.finish(sheet.width, sheet.height, title=content.title, sized=sized)


def svg_sheets(drawing: Drawing, content: Content) -> list[SafeString]:
    """The drawing cut into sheets of A3, each with title, head and legend."""
    found = []
    for part, number, above in _parts(drawing, content):
        pen = SvgPen()
        sheet = Sheet(pen, part, content, number=number, above=above)
        sheet.draw()
        title = f"{content.title} {number[0]} / {number[1]}"
        found.append(pen.finish(sheet.width, _A3_HEIGHT, title=title, sized=False))
    return found


def _parts(drawing: Drawing, content: Content) -> Iterator[tuple[Drawing, tuple[int, int], str]]:
    """Rows of each sheet, its number of all, and the lane that goes on from the sheet before."""
    starts = range(0, max(len(drawing.rows), 1), A3_ROWS)
    for number, first in enumerate(starts, 1):
        above = ""
        if first < len(drawing.rows) and drawing.rows[first].kind != "field":
            lane = next((row for row in reversed(drawing.rows[:first]) if row.kind == "field"), None)
            above = content.groups[lane.key].title if lane else ""
        yield drawing.part(first, first + A3_ROWS), (number, len(starts)), above


def pdf_file(drawing: Drawing, content: Content, *, wall: bool) -> bytes:
    """A poster on one page of A1, or A3 landscape on as many pages as the rows need, one page wide."""
    from planning.roadmap.views.paper.pdfpen import PdfPen  # reportlab is loaded by whoever asks for a PDF

    if wall:
        size = Sheet(SvgPen(), drawing, content, look=WALL)
        pen = PdfPen(_A1, width=size.width, height=size.height, title=content.title)
        Sheet(pen, drawing, content, look=WALL).draw()
        return pen.finish()
    pen = PdfPen(_A3, width=drawing.axis.width + SHEET.width, height=_A3_HEIGHT, title=content.title)
    for part, number, above in _parts(drawing, content):
        if number[0] > 1:
            pen.next_page()
        Sheet(pen, part, content, number=number, above=above).draw()
    return pen.finish()
