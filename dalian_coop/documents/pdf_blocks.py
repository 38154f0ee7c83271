"""``Blocks`` as PDF, A4 across, with embedded Chinese, Japanese and Korean type: text can be searched and copied."""

import io
from functools import partial
from itertools import pairwise

from reportlab.graphics.shapes import Drawing, Line, Polygon, Rect, String
from reportlab.lib import colors
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import CondPageBreak, KeepTogether, LongTable, SimpleDocTemplate, Spacer, TableStyle

from dalian_coop.documents.blocks import Bars, Blocks, Grid, Heading, Prose
from dalian_coop.documents.pdf import HAIRLINE, MARGIN, Numbered, font_of, fonts, paragraph, style

SIZE = landscape(A4)
USABLE = SIZE[0] - 2 * MARGIN - 12  # the frame keeps 6 points on either side
INK, LINE, TINT, SOFT = (colors.HexColor(c) for c in ("#1b2633", "#5f6d7a", "#0b5c8a", "#a9bccb"))
HEAD, OWN = colors.HexColor("#e6eef4"), colors.HexColor("#e3eff6")
ROW, HIGHEST = 5 * mm, 150 * mm  # of a chart: one bar, and all of them
LABELS = 62 * mm
WORDS_KEPT = ("en", "ko")


def write_blocks(document: Blocks) -> bytes:
    """The file. The head of a table stands on every page, page x of y at the foot, a bar chart with its caption."""
    fonts()
    wrap = None if document.lang.startswith(WORDS_KEPT) else "CJK"
    form = partial(style, wrap=wrap)
    story = [paragraph(document.title, form(17, 24, spaceAfter=4))]
    story += [paragraph(line, form(9, 13, textColor=LINE)) for line in document.above]
    story.append(Spacer(1, 3 * mm))
    for block, following in pairwise([*document.blocks, None]):
        story += _flow(block, following, form)
    stream = io.BytesIO()
    pages = SimpleDocTemplate(
        stream,
        pagesize=SIZE,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=MARGIN + 5 * mm,
        bottomMargin=MARGIN + 2 * mm,
        title=document.title,
        lang=document.lang,
    )
    pages.build(story, canvasmaker=partial(Numbered, document.foot, SIZE))
    return stream.getvalue()


def _flow(block, following, form) -> list:
    if isinstance(block, Heading):
        size = 13 if block.level == 1 else 10.5
        # A heading never stands alone at the foot of a page.
        room = 60 * mm if isinstance(following, Bars) or block.level == 1 else 28 * mm
        return [
            CondPageBreak(room),
            paragraph(block.text, form(size, size * 1.5, spaceBefore=size * 0.7, spaceAfter=3)),
        ]
    if isinstance(block, Prose):
        text = f"{block.mark} {block.text}".strip()
        size = 8 if block.small else 9.5
        indent = {"leftIndent": 14, "firstLineIndent": -14} if block.mark else {}
        return [paragraph(text, form(size, size * 1.55, spaceAfter=2.5, **indent))]
    if isinstance(block, Grid):
        return [_table(block, form), Spacer(1, 3 * mm)]
    return [KeepTogether([_drawing(block), paragraph(block.caption, form(8, 12, textColor=LINE)), Spacer(1, 3 * mm)])]


def _table(grid: Grid, form) -> LongTable:
    body, head = form(7.5, 10), form(7.5, 10, textColor=INK)
    right, right_head = form(7.5, 10, alignment=TA_RIGHT), form(7.5, 10, alignment=TA_RIGHT, textColor=INK)
    numbers = set(grid.right)
    cells = [[paragraph(t, right_head if n in numbers else head) for n, t in enumerate(grid.head)]]
    cells += [[paragraph(t, right if n in numbers else body) for n, t in enumerate(row)] for row in grid.rows]
    look = [
        ("LINEBELOW", (0, 0), (-1, -1), HAIRLINE, LINE),
        ("BACKGROUND", (0, 0), (-1, 0), HEAD),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 3),
        ("RIGHTPADDING", (0, 0), (-1, -1), 3),
        ("TOPPADDING", (0, 0), (-1, -1), 2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
    ]
    look += [("BACKGROUND", (0, n + 1), (-1, n + 1), OWN) for n in sorted(grid.strong)]
    table = LongTable(cells, colWidths=_widths(grid), repeatRows=1, splitInRow=1, hAlign="LEFT")
    table.setStyle(TableStyle(look))
    return table


def _widths(grid: Grid) -> list[float]:
    """As wide as the longest text needs, within bounds; all share what is there when that is too little."""
    wanted = []
    for number, title in enumerate(grid.head):
        lengths = [_length(row[number]) for row in grid.rows] or [0]
        wanted.append(min(70 * mm, max(14 * mm, 8 + 7.7 * max(max(lengths), min(_length(title), 12)))))
    total = sum(wanted)
    return [w * USABLE / total for w in wanted] if total > USABLE else wanted


def _length(text: str) -> float:
    """Width in ems; Latin letters and digits are about half as wide as the others."""
    return sum(1.0 if ord(c) > 0x2E7F else 0.56 for c in text)


def _drawing(chart: Bars) -> Drawing:
    """Labels at the left, bars on one scale with its zero, what they say behind them."""
    low = min(0.0, *(b.low for b in chart.bars))
    high = max(b.high for b in chart.bars)
    span = (high - low) or 1.0
    left, right = LABELS, USABLE - 24 * mm
    row = min(ROW, HIGHEST / len(chart.bars))
    height = row * len(chart.bars) + 2
    found = Drawing(USABLE, height)
    found.add(Line(_x(0.0, low, span, left, right), 0, _x(0.0, low, span, left, right), height, strokeColor=SOFT))
    for number, bar in enumerate(chart.bars):
        middle = height - row * (number + 0.5) - 1
        a, b = (_x(v, low, span, left, right) for v in (bar.low, bar.high))
        fill = TINT if bar.strong else SOFT
        found.add(Rect(a, middle - row * 0.28, max(1.0, b - a), row * 0.56, fillColor=fill, strokeColor=None))
        if bar.mark is not None:
            x = _x(bar.mark, low, span, left, right)
            points = [x, middle - 5, x + 4, middle, x, middle + 5, x - 4, middle]
            found.add(Polygon(points, fillColor=INK, strokeColor=colors.white, strokeWidth=0.5))
        size = min(8.0, row * 0.72)
        found.add(_words(bar.label, left - 5, middle, "end", size))
        found.add(_words(bar.text, max(a, b) + 7, middle, "start", size))
    return found


def _x(value: float, low: float, span: float, left: float, right: float) -> float:
    return left + (right - left) * (value - low) / span


def _words(text: str, x: float, middle: float, anchor: str, size: float) -> String:
    font = font_of(text)
    while anchor == "end" and len(text) > 2 and stringWidth(text, font, size) > LABELS - 8:
        text = text[:-2] + "…"
    return String(x, middle - size * 0.37, text, fontName=font, fontSize=size, fillColor=INK, textAnchor=anchor)
