"""A ``Paper`` as PDF with embedded Chinese, Japanese and Korean type: text can be searched and copied."""

import io
import re
from functools import cache
from html import escape
from itertools import groupby
from pathlib import Path

from reportlab.lib import colors
from reportlab.lib.enums import TA_CENTER
from reportlab.lib.pagesizes import A3, A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics, ttfonts
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import LongTable, Paragraph, SimpleDocTemplate, Spacer, TableStyle

from dalian_coop.documents.paper import Paper

_make_cmap = ttfonts.makeToUnicodeCMap


def _cmap_in_utf16(name: str, subset: list[int]) -> str:
    """reportlab writes characters beyond U+FFFF with five digits, which no reader understands; PDF wants UTF-16."""
    wide = re.compile("<([0-9A-F]{5,6})>")
    return wide.sub(lambda m: f"<{chr(int(m[1], 16)).encode('utf-16-be').hex().upper()}>", _make_cmap(name, subset))


ttfonts.makeToUnicodeCMap = _cmap_in_utf16

FONTS = Path(__file__).parent / "fonts"
# In this order a character is looked for; the first holds nearly all of Chinese and Latin.
_FAMILIES = {"NotoSansSC": "NotoSansSC_400Regular.ttf", "NotoSansKR": "NotoSansKR_400Regular.ttf"}
_FAMILIES["NotoSansJP"] = "NotoSansJP_400Regular.ttf"
_SIZES = {"A3": landscape(A3), "A4": landscape(A4)}
MARGIN = 12 * mm
HAIRLINE = 0.25


@cache
def fonts() -> dict[str, frozenset[int]]:
    """Registers the fonts once a process: the code points each of them holds."""
    found = {}
    for name, file in _FAMILIES.items():
        font = TTFont(name, str(FONTS / file))
        pdfmetrics.registerFont(font)
        found[name] = frozenset(font.face.charToGlyph)
    return found


def write_pdf(paper: Paper) -> bytes:
    """The document as PDF: the table's head stands on every page, with page x of y below."""
    fonts()
    width, _height = _SIZES[paper.size]
    usable = width - 2 * MARGIN
    shares = sum(column.share for column in paper.columns)
    body, head = style(7, 9.5), style(7.5, 10)
    cells = [[paragraph(column.title, head) for column in paper.columns]]
    cells += [[paragraph(text, body) for text in row] for row in paper.rows]
    table = LongTable(cells, colWidths=[usable * c.share / shares for c in paper.columns], repeatRows=1, splitInRow=1)
    table.setStyle(
        TableStyle(
            [
                ("GRID", (0, 0), (-1, -1), HAIRLINE, colors.HexColor("#5f6d7a")),
                ("BACKGROUND", (0, 0), (-1, 0), colors.HexColor("#eef2f5")),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (-1, -1), 3),
                ("RIGHTPADDING", (0, 0), (-1, -1), 3),
            ]
        )
    )
    story = [paragraph(paper.title, style(16, 24, alignment=TA_CENTER))]
    story += [paragraph(line, style(9, 13, alignment=TA_CENTER)) for line in paper.above]
    stream = io.BytesIO()
    document = SimpleDocTemplate(
        stream,
        pagesize=_SIZES[paper.size],
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=MARGIN + 4 * mm,
        bottomMargin=MARGIN + 2 * mm,
        title=paper.title,
        lang="zh-CN",
    )
    document.build(
        [*story, Spacer(1, 3 * mm), table],
        canvasmaker=lambda *a, **k: Numbered(paper.head, _SIZES[paper.size], *a, **k),
    )
    return stream.getvalue()


def style(size: float, leading: float, *, wrap: str | None = "CJK", **more) -> ParagraphStyle:
    """Type of ``size`` and ``leading`` points; ``more`` as reportlab's ``ParagraphStyle`` takes it.

    ``wrap`` "CJK" splits after any CJK character and keeps closing punctuation off the start of a line; None keeps
    words together, for English and Korean.
    """
    return ParagraphStyle("text", fontName="NotoSansSC", fontSize=size, leading=leading, wordWrap=wrap, **more)


def paragraph(text: str, form: ParagraphStyle) -> Paragraph:
    """``text`` as a paragraph, each character in a font that has it."""
    fonts()
    return Paragraph("<br/>".join(_marked(line) for line in text.split("\n")), form)


def _marked(text: str) -> str:
    """``text`` with the runs marked that need another font; a character nobody has is shown as the sign of a gap."""
    parts = []
    for name, run in groupby(text, _font_of):
        piece = escape("".join(run), quote=False)
        parts.append(piece if name == "NotoSansSC" else f'<font name="{name}">{piece}</font>')
    return "".join(parts)


def font_of(text: str) -> str:
    """The font that has most of the characters of one line: drawings cannot change it within a line."""
    return max(fonts(), key=lambda name: sum(ord(char) in fonts()[name] for char in text))


def _font_of(char: str) -> str:
    return next((name for name, points in fonts().items() if ord(char) in points), "NotoSansSC")


class Numbered(Canvas):
    """Draws head and page x of y when the number of pages is known. ``size``: width and height in points."""

    def __init__(self, head: str, size: tuple[float, float], *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._head, self._size, self._states = head, size, []

    def showPage(self):  # noqa: N802 - reportlab's name
        self._states.append(dict(self.__dict__))
        self._startPage()

    def save(self):
        for number, state in enumerate(self._states, 1):
            self.__dict__.update(state)
            self._decorate(number, len(self._states))
            super().showPage()
        super().save()

    def _decorate(self, number: int, total: int) -> None:
        width, height = self._size
        self.setFont("NotoSansSC", 8)
        self.drawString(MARGIN, height - MARGIN, self._head)
        self.drawCentredString(width / 2, MARGIN / 2, f"{number} / {total}")


def text_runs(text: str) -> list[tuple[str, str]]:
    """``text`` as (font, piece): each piece in a registered font that holds its characters."""
    fonts()
    return [(name, "".join(run)) for name, run in groupby(text, _font_of)]
