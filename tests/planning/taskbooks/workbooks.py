"""Workbooks for tests of import and export."""

import io

import openpyxl

from dalian_coop.accounts.services import load_bureaus
from partners.industries.services import load_industries
from partners.regions.services import load_regions
from planning.taskbooks.management.commands import load_sample
from planning.taskbooks.services import importing, layout
from tests.factories import make_bureau
from tests.planning.factories import make_field, make_region

SAMPLE = load_sample.FILE.read_bytes()
TITLE = "大连市对日韩合作任务书（2026—2030年）（示例）"
HEADER = [column.title for column in layout.COLUMNS]
LOADER = load_sample.SampleLoader()


def load_registers() -> None:
    """Bureaus, regions and fields of cooperation as shipped: what a task book names."""
    load_bureaus()
    load_regions()
    load_industries()


def make_registers() -> None:
    """The few bureaus, regions and fields that ``row`` names."""
    for name in ("市商务局", "市外办", "市贸促会"):
        make_bureau(name)
    make_field("经贸合作")
    make_region("JP", "日本", "JP", role="country")
    make_region("KR-26", "釜山广域市", "KR")


def sample_book():
    """The sample, imported."""
    report = importing.apply(data=SAMPLE, name="taskbook_sample.xlsx", book=None, by=LOADER)
    assert report.applied
    return report.book


def row(code: str = "1.1.1", **values) -> dict[str, object]:
    """A row of a task book by field, good as it is."""
    return {
        "code": code,
        "field": "经贸合作",
        "measure": "深化重点产业合作",
        "content": f"任务{code}",
        "lead": "市商务局",
        "units": "市外办、市贸促会",
        "start": "2026-01-05",
        "due": "2026-06-30",
        "due_text": "2026年6月底前",
        "horizon": "近期",
        "partners_text": "日本、釜山广域市",
        "weight": 2.5,
    } | values


def book_file(rows: list[dict], *, title: str = TITLE, milestones: list[list] | None = None, header=None) -> bytes:
    """A workbook in the sample's layout."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "任务书"
    sheet.append([title])
    sheet.append(["说明"])
    sheet.append(header or HEADER)
    for values in rows:
        sheet.append([values.get(column.field) for column in layout.COLUMNS])
    if milestones is not None:
        road = book.create_sheet("路线图")
        road.append(["任务序号", "里程碑编号", "里程碑", "计划完成时间", "前置里程碑", "交付物"])
        for values in milestones:
            road.append(values)
    return saved(book)


def saved(book) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def edited(data: bytes, cells: dict[str, object], sheet: int = 0) -> bytes:
    """``data`` with some cells set, as somebody would in Excel."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    for place, value in cells.items():
        book.worksheets[sheet][place] = value
    return saved(book)
