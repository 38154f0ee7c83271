"""The report as a Word file: every section with its sentences and tables, A4, fonts for Chinese, Japanese and Korean.

Charts stay on the page: each has its figures as a table here. Very long tables are in the workbook.
"""

import io

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from planning.gaps.selectors.report import Report
from planning.gaps.selectors.sections import whole
from planning.gaps.selectors.sections.data import grade_sentence, limits
from planning.gaps.selectors.sections.parts import Table
from planning.gaps.selectors.summary import summary

MOST_ROWS = 150
# Faces that the word processors of each country bring; the reader's machine chooses another one where it lacks them.
FACES = {"zh": "宋体", "ja": "游明朝", "ko": "바탕"}


def word(report: Report) -> bytes:
    """The file."""
    document = Document()
    _page(document)
    _faces(document)
    document.core_properties.title = report.title
    document.core_properties.comments = report.run.input_hash
    document.add_heading(report.title, 0)
    document.add_heading(_("Summary"), 1)
    for sentence in summary(report):
        document.add_paragraph(sentence.text, style="List Number")
    document.add_paragraph(grade_sentence(report))
    for sentence in limits(report):
        document.add_paragraph(sentence, style="List Bullet")
    for section in whole(report):
        document.add_heading(f"{section.number} {section.title}", 1)
        if section.note:
            document.add_paragraph(section.note)
        for sentence in section.texts:
            document.add_paragraph(sentence)
        for table in section.all_tables:
            _table(document, table)
        if section.foot:
            _small(document.add_paragraph(section.foot))
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _page(document) -> None:
    """A4 across: the tables are wide."""
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = Mm(16)
    section.top_margin = section.bottom_margin = Mm(15)


def _faces(document) -> None:
    face = FACES.get((get_language() or "zh")[:2], FACES["zh"])
    for name in ("Normal", "Title", "Heading 1", "Heading 2", "List Number", "List Bullet"):
        style = document.styles[name]
        style.font.name = "Arial"
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), face)
        if name != "Normal":
            style.font.color.rgb = RGBColor(0x1B, 0x26, 0x33)
    document.styles["Normal"].font.size = Pt(10)


def _small(paragraph) -> None:
    for run in paragraph.runs:
        run.font.size = Pt(8.5)


def _table(document, table: Table) -> None:
    document.add_heading(table.title, 2)
    if len(table.rows) > MOST_ROWS:
        text = _("%(count)d rows; the whole table is in the Excel file.") % {"count": len(table.rows)}
        document.add_paragraph(text)
        return
    if not table.rows:
        document.add_paragraph(_("none"))
        return
    rows = table.rows + ([table.total] if table.total else [])
    grid = document.add_table(rows=len(rows) + 1, cols=len(table.columns), style="Table Grid")
    _fill(grid.rows[0].cells, [c.label for c in table.columns], bold=True)
    _repeat_head(grid.rows[0])
    for number, row in enumerate(rows):
        bold = number in table.own or number >= len(table.rows)
        _fill(grid.rows[number + 1].cells, [cell.plain for cell in row], bold=bold)


def _fill(cells, texts: list[str], bold: bool = False) -> None:
    for cell, text in zip(cells, texts, strict=True):
        run = cell.paragraphs[0].add_run(text)
        run.font.size, run.bold = Pt(8.5), bold


def _repeat_head(row) -> None:
    """The heading row stands again on every page."""
    properties = row._tr.get_or_add_trPr()
    mark = properties.makeelement(qn("w:tblHeader"), {qn("w:val"): "true"})
    properties.append(mark)
