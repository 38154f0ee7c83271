"""The pen that writes PDF, with the fonts of ``dalian_coop.documents`` embedded: text can be searched and copied."""

import io
from collections.abc import Iterator
from contextlib import contextmanager

from reportlab.lib.colors import HexColor
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from dalian_coop.documents.pdf import text_runs
from planning.roadmap.views.paper.pens import HATCH, INK, RED, RED_SOFT, WHITE

MARGIN = 12 * mm
_BOLD = 0.03  # line around the letters, as a share of their size: the fonts come in one weight


class PdfPen:
    """Draws sheets of ``width`` × ``height`` px as large as they fit on pages of ``size`` (points), at the top."""

    def __init__(self, size: tuple[float, float], *, width: float, height: float, title: str):
        self._stream = io.BytesIO()
        self._page = size
        self._scale = min((size[0] - 2 * MARGIN) / width, (size[1] - 2 * MARGIN) / height)
        self._left = (size[0] - width * self._scale) / 2
        self._origin = (0.0, 0.0)
        self._canvas = Canvas(self._stream, pagesize=size, pageCompression=1, lang="zh-CN")
        self._canvas.setTitle(title)

    def next_page(self) -> None:
        self._canvas.showPage()

    def finish(self) -> bytes:
        """Ends the last page; the file."""
        self._canvas.showPage()
        self._canvas.save()
        return self._stream.getvalue()

    def _at(self, x: float, y: float) -> tuple[float, float]:
        ox, oy = self._origin
        return self._left + (ox + x) * self._scale, self._page[1] - MARGIN - (oy + y) * self._scale

    def _ready(self, fill: str, stroke: str, line: float, dash: str) -> None:
        canvas = self._canvas
        if fill:
            canvas.setFillColor(HexColor(RED_SOFT if fill == HATCH else fill))
        if stroke:
            canvas.setStrokeColor(HexColor(stroke))
            canvas.setLineWidth(line * self._scale)
        canvas.setDash([float(part) * self._scale for part in dash.split()] if dash else [])

    def rect(self, x, y, width, height, *, fill="", stroke="", line=1, dash="", radius=0, opacity=1) -> None:
        canvas, scale = self._canvas, self._scale
        self._ready(fill, stroke, line, dash)
        canvas.setFillAlpha(opacity)
        left, bottom = self._at(x, y + height)
        draw, more = (canvas.roundRect, (radius * scale,)) if radius else (canvas.rect, ())
        draw(left, bottom, width * scale, height * scale, *more, stroke=int(bool(stroke)), fill=int(bool(fill)))
        canvas.setFillAlpha(1)
        if fill == HATCH:
            self._hatch(x, y, width, height)

    def _hatch(self, x: float, y: float, width: float, height: float) -> None:
        canvas = self._canvas
        canvas.saveState()
        self._clip(x, y, width, height)
        self._ready("", RED, 3, "")
        for step in range(int(-height), int(width) + 8, 8):
            canvas.line(*self._at(x + step, y + height), *self._at(x + step + height, y))
        canvas.restoreState()

    def _clip(self, x: float, y: float, width: float, height: float) -> None:
        frame = self._canvas.beginPath()
        frame.rect(*self._at(x, y + height), width * self._scale, height * self._scale)
        self._canvas.clipPath(frame, stroke=0, fill=0)

    def line(self, points, *, stroke, line=1, dash="") -> None:
        self._ready("", stroke, line, dash)
        self._canvas.drawPath(self._way(points), stroke=1, fill=0)

    def shape(self, points, *, fill="", stroke="", line=1.5, dash="") -> None:
        self._ready(fill, stroke, line, dash)
        way = self._way(points)
        way.close()
        self._canvas.drawPath(way, stroke=int(bool(stroke)), fill=int(bool(fill)))

    def _way(self, points):
        way = self._canvas.beginPath()
        for number, point in enumerate(points):
            (way.lineTo if number else way.moveTo)(*self._at(*point))
        return way

    def dot(self, x, y, radius, fill) -> None:
        self._ready(fill, "", 1, "")
        self._canvas.circle(*self._at(x, y), radius * self._scale, stroke=0, fill=1)

    def text(self, x, y, text, *, size, bold=False, fill=INK, anchor="start", halo=False) -> None:
        canvas, points = self._canvas, size * self._scale
        runs = text_runs(text)
        left, base = self._at(x, y)
        width = sum(canvas.stringWidth(piece, font, points) for font, piece in runs)
        left -= {"start": 0, "middle": width / 2, "end": width}[anchor]
        if halo:
            self._ready("", WHITE, 3, "")
            self._write(left, base, runs, points, mode=1)
        self._ready(fill, fill if bold else "", size * _BOLD, "")
        self._write(left, base, runs, points, mode=2 if bold else 0)

    def _write(self, left: float, base: float, runs, points: float, *, mode: int) -> None:
        """``mode``: 0 fills the letters, 1 draws their outline, 2 both."""
        self._canvas.saveState()  # the mode would hold for later texts
        words = self._canvas.beginText(left, base)
        words.setTextRenderMode(mode)
        for font, piece in runs:
            words.setFont(font, points)
            words.textOut(piece)
        self._canvas.drawText(words)
        self._canvas.restoreState()

    @contextmanager
    def window(self, x, y, width, height) -> Iterator[None]:
        self._canvas.saveState()
        self._clip(x, y, width, height)
        before = self._origin
        self._origin = (before[0] + x, before[1] + y)
        yield
        self._origin = before
        self._canvas.restoreState()
