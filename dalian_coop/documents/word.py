"""A ``Paper`` as an editable Word document."""

import io

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from dalian_coop.documents.paper import Paper

_SIZES = {"A3": (420, 297), "A4": (297, 210)}
_MARGIN = 12
# What offices have: Word takes the next best where one is missing.
_TITLE_FONT, _BODY_FONT = "方正小标宋简体", "仿宋"


def write_word(paper: Paper) -> bytes:
    """The document as .docx: landscape, the table's head repeats on every page, rows are not torn, page x of y."""
    document = Document()
    _page(document, paper)
    _text(document.add_paragraph(), paper.title, 18, font=_TITLE_FONT, align=WD_ALIGN_PARAGRAPH.CENTER)
    for line in paper.above:
        _text(document.add_paragraph(), line, 10.5, align=WD_ALIGN_PARAGRAPH.CENTER)
    _table(document, paper)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _page(document, paper: Paper) -> None:
    section = document.sections[0]
    width, height = _SIZES[paper.size]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(width), Mm(height)
    for side in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
        setattr(section, side, Mm(_MARGIN))
    document.core_properties.title = paper.title
    document.core_properties.language = "zh-CN"
    document.core_properties.author = ""
    _text(section.header.paragraphs[0], paper.head, 8)
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _field(foot, "PAGE")
    _text(foot, " / ", 8)
    _field(foot, "NUMPAGES")


def _table(document, paper: Paper) -> None:
    usable = _SIZES[paper.size][0] - 2 * _MARGIN
    shares = sum(column.share for column in paper.columns)
    widths = [Mm(usable * column.share / shares) for column in paper.columns]
    table = document.add_table(rows=1 + len(paper.rows), cols=len(widths), style="Table Grid")
    table.autofit = False
    texts = [[column.title for column in paper.columns], *paper.rows]
    # Cells by position in the XML: python-docx's own look-up of a cell is quadratic in the number of rows.
    for number, (row, values) in enumerate(zip(table._tbl.tr_lst, texts, strict=True)):
        _row_property(row, "w:tblHeader" if number == 0 else "w:cantSplit")
        for cell, width, value in zip(row.tc_lst, widths, values, strict=True):
            cell.width = width
            _fill(cell, value)


def _fill(cell, value: str) -> None:
    paragraph = cell.p_lst[0]
    run = paragraph.add_r()
    run.text = value  # line breaks become w:br
    properties = run.get_or_add_rPr()
    _fonts(properties, _BODY_FONT)
    size = OxmlElement("w:sz")
    size.set(qn("w:val"), "15")  # half points
    properties.append(size)


def _text(paragraph, text: str, size: float, *, font: str = _BODY_FONT, align=None) -> None:
    run = paragraph.add_run(text)
    run.font.size = Pt(size)
    _fonts(run._r.get_or_add_rPr(), font)
    if align is not None:
        paragraph.alignment = align


def _fonts(properties, name: str) -> None:
    fonts = properties.get_or_add_rFonts()
    for script in ("w:ascii", "w:hAnsi", "w:eastAsia"):
        fonts.set(qn(script), name)


def _row_property(row, name: str) -> None:
    row.get_or_add_trPr().append(OxmlElement(name))


def _field(paragraph, code: str) -> None:
    """A field that Word computes, such as the number of the page."""
    run = paragraph.add_run()
    run.font.size = Pt(8)
    for kind, text in (("begin", ""), ("", code), ("end", "")):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = text
        run._r.append(part)
