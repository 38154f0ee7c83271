"""Documents on paper: what was put in can be read out again, in every script, on every page."""

import io

import pytest
from docx import Document
from docx.oxml.ns import qn
from pypdf import PdfReader

from dalian_coop.documents.paper import Paper, PaperColumn
from dalian_coop.documents.pdf import write_pdf
from dalian_coop.documents.word import write_word

TEXTS = [
    "北九州市と大連市の協力",
    "인천광역시 항만 협력",
    "推动港口合作（示例）",
    "rare 㐂𠮷",
    "<b>&amp;</b> 1 < 2",
    "two\nlines",
    "■ 滞后 ▲ ●○◆√",
]


def paper(rows=60, **values):
    columns = [PaperColumn("序号", 1), PaperColumn("重点任务", 6)]
    cells = [[str(n), TEXTS[n % len(TEXTS)]] for n in range(rows)]
    defaults = {
        "title": "大连市对日韩合作任务书",
        "columns": columns,
        "rows": cells,
        "above": ["2026年"],
        "head": "内部使用",
    }
    return Paper(**defaults | values)


def bare(text: str) -> str:
    return "".join(text.split())


def test_pdf_holds_every_script_as_text_and_embeds_its_fonts():
    reader = PdfReader(io.BytesIO(write_pdf(paper())))
    text = bare("".join(page.extract_text() for page in reader.pages))
    for wanted in TEXTS:
        assert bare(wanted) in text
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            assert font["/BaseFont"] == "/Helvetica" or "/FontFile2" in font["/FontDescriptor"]


@pytest.mark.parametrize("size", ["A3", "A4"])
def test_pdf_repeats_the_head_and_counts_its_pages(size):
    reader = PdfReader(io.BytesIO(write_pdf(paper(rows=160, size=size))))
    total = len(reader.pages)
    assert total > 1
    width, height = reader.pages[0].mediabox[2:]
    assert width > height
    for number, page in enumerate(reader.pages, 1):
        text = page.extract_text()
        assert "重点任务" in text
        assert "内部使用" in text
        assert f"{number} / {total}" in text
    assert reader.metadata.title == "大连市对日韩合作任务书"


def test_word_can_be_edited_and_holds_every_cell():
    document = Document(io.BytesIO(write_word(paper())))
    table = document.tables[0]
    assert [cell.text for cell in table.rows[0].cells] == ["序号", "重点任务"]
    assert [row.cells[1].text for row in table.rows[1:8]] == TEXTS
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows[1:5])
    section = document.sections[0]
    assert section.page_width > section.page_height
    assert "内部使用" in section.header.paragraphs[0].text
    assert "NUMPAGES" in section.footer.paragraphs[0]._p.xml


def test_a_document_without_rows_is_one():
    assert len(PdfReader(io.BytesIO(write_pdf(paper(rows=0)))).pages) == 1
    assert len(Document(io.BytesIO(write_word(paper(rows=0)))).tables[0].rows) == 1


def test_a_cell_longer_than_a_page_is_not_lost():
    text = "港口合作" * 2000
    long = Paper("题", [PaperColumn("甲", 1), PaperColumn("乙", 1)], [["1", text]])
    reader = PdfReader(io.BytesIO(write_pdf(long)))
    assert bare("".join(page.extract_text() for page in reader.pages)).count("港口合作") == 2000


def test_a_wrong_paper_is_refused():
    with pytest.raises(ValueError, match="A5"):
        paper(size="A5")
    with pytest.raises(ValueError, match="row 1"):
        Paper("题", [PaperColumn("甲", 1)], [["1"], []])
