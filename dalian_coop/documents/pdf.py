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
_MARGIN = 12 * mm
_HAIRLINE = 0.25


@cache
def _fonts() -> dict[str, frozenset[int]]:
    """Registers the fonts once a process: the code points each of them holds."""
    found = {}
    for name, file in _FAMILIES.items():
        font = TTFont(name, str(FONTS / file))
        pdfmetrics.registerFont(font)
        found[name] = frozenset(font.face.charToGlyph)
    return found


def write_pdf(paper: Paper) -> bytes:
    """The document as PDF: the table's head stands on every page, with page x of y below."""
    _fonts()
    width, _height = _SIZES[paper.size]
    usable = width - 2 * _MARGIN
    shares = sum(column.share for column in paper.columns)
    body, head = _style(7, 9.5), _style(7.5, 10)
    cells = [[_paragraph(column.title, head) for column in paper.columns]]
    cells += [[_paragraph(text, body) for text in row] for row in paper.rows]
    table = LongTable(cells, colWidths=[usable * c.share / shares for c in paper.columns], repeatRows=1, splitInRow=1)
    table.setStyle(
        TableStyle(
            [
                ("GRID", (0, 0), (-1, -1), _HAIRLINE, colors.HexColor("#5f6d7a")),
                ("BACKGROUND", (0, 0), (-1, 0), colors.HexColor("#eef2f5")),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (-1, -1), 3),
                ("RIGHTPADDING", (0, 0), (-1, -1), 3),
            ]
        )
    )
    story = [_paragraph(paper.title, _style(16, 24, alignment=TA_CENTER))]
    story += [_paragraph(line, _style(9, 13, alignment=TA_CENTER)) for line in paper.above]
    stream = io.BytesIO()
    document = SimpleDocTemplate(
        stream,
        pagesize=_SIZES[paper.size],
        leftMargin=_MARGIN,
        rightMargin=_MARGIN,
        topMargin=_MARGIN + 4 * mm,
        bottomMargin=_MARGIN + 2 * mm,
        title=paper.title,
        lang="zh-CN",
    )
    document.build([*story, Spacer(1, 3 * mm), table], canvasmaker=lambda *a, **k: _Numbered(paper, *a, **k))
    return stream.getvalue()


def _style(size: float, leading: float, **more) -> ParagraphStyle:
    # Splits after any CJK character and keeps closing punctuation off the start of a line.
    return ParagraphStyle("text", fontName="NotoSansSC", fontSize=size, leading=leading, wordWrap="CJK", **more)


def _paragraph(text: str, style: ParagraphStyle) -> Paragraph:
    return Paragraph("<br/>".join(_marked(line) for line in text.split("\n")), style)


def _marked(text: str) -> str:
    """``text`` with the runs marked that need another font; a character nobody has is shown as the sign of a gap."""
    parts = []
    for name, run in groupby(text, _font_of):
        piece = escape("".join(run), quote=False)
        parts.append(piece if name == "NotoSansSC" else f'<font name="{name}">{piece}</font>')
    return "".join(parts)


def _font_of(char: str) -> str:
    return next((name for name, points in _fonts().items() if ord(char) in points), "NotoSansSC")


class _Numbered(Canvas):
    """Draws head and foot when the number of pages is known."""

    def __init__(self, paper: Paper, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._paper, self._states = paper, []

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
        width, height = _SIZES[self._paper.size]
        self.setFont("NotoSansSC", 8)
        self.drawString(_MARGIN, height - _MARGIN, self._paper.head)
        self.drawCentredString(width / 2, _MARGIN / 2, f"{number} / {total}")


def text_runs(text: str) -> list[tuple[str, str]]:
    """``text`` as (font, piece): each piece in a registered font that holds its characters."""
    _fonts()
    return [(name, "".join(run)) for name, run in groupby(text, _font_of)]
