"""A task book goes out and comes back."""

import csv
import io
import zipfile

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from planning.roadmap.models import Milestone
from planning.taskbooks.models import Task, TaskBook
from planning.taskbooks.services import edit_task, importing
from planning.taskbooks.services.exporting import conflict_workbook, export_csv, export_workbook, file_name
from tests.factories import make_bureau, make_user
from tests.planning.factories import make_book, make_coordinator, make_task
from tests.planning.taskbooks import workbooks
from tests.planning.taskbooks.workbooks import edited, sample_book

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator():
    return make_coordinator()


@pytest.fixture
def sample(db):
    workbooks.load_registers()
    return sample_book()


def export(book, by) -> bytes:
    return export_workbook(book=book, by=by).getvalue()


def cells(data: bytes, sheet: int) -> list[list]:
    return [[c.value for c in row] for row in openpyxl.load_workbook(io.BytesIO(data)).worksheets[sheet].iter_rows()]


def test_exported_sheets_equal_the_sample_cell_by_cell(sample, coordinator):
    data = export(sample, coordinator)
    for sheet, width in ((0, 19), (1, 6)):
        theirs, ours = cells(workbooks.SAMPLE, sheet), cells(data, sheet)
        assert [row[:width] for row in ours] == [[value if value != "" else None for value in row] for row in theirs]
    ours, theirs = (openpyxl.load_workbook(io.BytesIO(d)) for d in (data, workbooks.SAMPLE))
    assert ours.sheetnames == [*theirs.sheetnames, "选项"] and ours["选项"].sheet_state == "veryHidden"
    for name in ours.sheetnames[:2]:
        merged = [{str(r) for r in book[name].merged_cells.ranges} for book in (ours, theirs)]
        assert merged[0] == merged[1]
        assert ours[name].freeze_panes in (theirs[name].freeze_panes, "B4")  # the number stays in sight too
    assert ours.worksheets[0].column_dimensions["T"].hidden


def test_export_two_cells_changed_import_gives_exactly_two_changes(sample, coordinator):
    data = edited(export(sample, coordinator), {"D4": "改过的任务", "S126": 3.3})
    seen = importing.preview(data=data, name="a.xlsx", book=sample, by=coordinator)
    done = importing.apply(data=data, name="a.xlsx", book=sample, by=coordinator, expected=seen.digest)
    assert (done.new, done.changed, done.changes, done.rejected) == (0, 2, 2, 0) and done.applied
    assert Task.objects.get(book=sample, code="1.1.1").content == "改过的任务"
    again = importing.apply(data=export(sample, coordinator), name="a.xlsx", book=sample, by=coordinator)
    assert again.writes_nothing and again.same == 329


def test_a_number_changed_in_an_export_renumbers_its_task(sample, coordinator):
    key = Task.objects.get(book=sample, code="7.3.6").pk
    data = edited(export(sample, coordinator), {"A126": "7.3.60"})
    book = openpyxl.load_workbook(io.BytesIO(data))
    for row in book.worksheets[1].iter_rows(min_row=4):
        if row[0].value == "7.3.6":
            row[0].value = "7.3.60"
    report = importing.apply(data=workbooks.saved(book), name="a.xlsx", book=sample, by=coordinator)
    assert (report.new, report.changed, report.absent, report.errors) == (0, 1, 0, [])
    task = Task.objects.get(pk=key)
    assert (task.code, task.sort_key) == ("7.3.60", [7, 3, 60])


def test_two_offices_edit_one_row_offline_and_both_are_kept(sample, coordinator):
    exported = export(sample, coordinator)
    first, second = edited(exported, {"D4": "甲局的任务"}), edited(exported, {"E4": "乙局的目标", "J4": "市商务局"})
    assert importing.apply(data=first, name="a.xlsx", book=sample, by=coordinator).changes == 1
    report = importing.apply(data=second, name="b.xlsx", book=sample, by=coordinator)
    assert (report.applied, report.changed, report.changes, report.conflicts) == (True, 1, 2, [])
    task = Task.objects.get(book=sample, code="1.1.1")
    assert (task.content, task.objective) == ("甲局的任务", "乙局的目标")
    assert [unit.bureau.name_zh for unit in task.units.all()] == ["市商务局"]
    again = importing.apply(data=second, name="b.xlsx", book=sample, by=coordinator)
    assert again.writes_nothing and not again.conflicts


def test_supporting_offices_changed_in_the_portal_are_not_put_back_by_an_older_file(sample, coordinator):
    exported = export(sample, coordinator)
    task = Task.objects.get(book=sample, code="1.1.1")
    edit_task(task=task, values={"units": ["市商务局"]}, version=task.version, by=coordinator)
    report = importing.apply(data=edited(exported, {"D4": "新任务"}), name="a.xlsx", book=sample, by=coordinator)
    assert (report.changes, report.conflicts) == (1, [])
    assert [unit.bureau.name_zh for unit in task.units.all()] == ["市商务局"]


def test_the_same_cell_edited_twice_stays_and_comes_back_with_both_texts(sample, coordinator):
    exported = export(sample, coordinator)
    task = Task.objects.get(book=sample, code="1.1.1")
    edit_task(task=task, values={"content": "页面上的"}, version=task.version, by=coordinator)
    data = edited(exported, {"D4": "文件里的", "E4": "只有文件改的"})
    report = importing.apply(data=data, name="a.xlsx", book=sample, by=coordinator)
    task.refresh_from_db()
    assert report.applied and (task.content, task.objective) == ("页面上的", "只有文件改的")
    [conflict] = report.conflicts
    old = "推动日韩精细化工企业与本地石化基地配套"
    assert (conflict.row, conflict.code, conflict.column) == (4, "1.1.1", "重点任务")
    assert (conflict.base, conflict.theirs, conflict.mine) == (old, "页面上的", "文件里的")
    sheet = openpyxl.load_workbook(conflict_workbook(report=report, by=coordinator)).active
    assert [cell.value for cell in sheet[4]] == ["任务书（示例）", 4, "1.1.1", "重点任务", old, "页面上的", "文件里的"]


def test_the_workbook_helps_to_fill_it_in(sample, coordinator):
    book = openpyxl.load_workbook(io.BytesIO(export(sample, coordinator)))
    sheet = book.worksheets[0]
    assert sheet.freeze_panes == "B4" and sheet.protection.sheet
    assert sheet["A3"].protection.locked and sheet["T4"].protection.locked and not sheet["D4"].protection.locked
    lists = {str(rule.sqref): rule.formula1 for rule in sheet.data_validations.dataValidation}
    bureaus = [cell.value for cell in book["选项"]["C"] if cell.value]
    assert lists["I4:I20001"] == f"选项!$C$1:$C${len(bureaus)}" and len(lists) == 4
    assert "市商务局" in bureaus and {c.value for c in book["选项"]["D"] if c.value} == {"近期", "中期", "远期"}


def test_columns_that_may_not_be_changed_are_locked_in_the_workbook(sample, coordinator):
    TaskBook.objects.filter(pk=sample.pk).update(status="issued")
    sample.refresh_from_db()
    sheet = openpyxl.load_workbook(io.BytesIO(export(sample, coordinator))).worksheets[0]
    assert all(sheet.cell(4, column).protection.locked for column in range(1, 20))


def test_a_milestone_changed_in_the_portal_since_the_export_is_not_overwritten(sample, coordinator):
    data = edited(export(sample, coordinator), {"C4": "文件里的"}, sheet=1)
    Milestone.objects.filter(code="1.1.1-M1").update(name="页面上的", version=2)
    report = importing.apply(data=data, name="a.xlsx", book=sample, by=coordinator)
    assert [(m.cell, m.code) for m in report.errors] == [("4", "stale_row")]
    assert Milestone.objects.get(code="1.1.1-M1").name == "页面上的"


def test_a_copied_row_is_a_new_task_not_the_old_one_again(sample, coordinator):
    book = openpyxl.load_workbook(io.BytesIO(export(sample, coordinator)))
    sheet = book.worksheets[0]
    values = [cell.value for cell in sheet[126]]
    values[0], values[1], values[2] = "7.3.7", sheet["B112"].value, sheet["C121"].value
    sheet.append(values)
    report = importing.apply(data=workbooks.saved(book), name="a.xlsx", book=sample, by=coordinator)
    assert (report.new, report.changed, report.errors) == (1, 0, [])


def test_csv_is_streamed_and_comes_back_without_a_change(sample, coordinator):
    response = export_csv(book=sample, by=coordinator)
    assert response.streaming
    data = b"".join(response.streaming_content)
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert rows[0] == workbooks.HEADER and len(rows) == 124
    assert rows[1][11:13] == ["2026-02-02", "2026-12-31"]
    report = importing.preview(data=data, name="a.csv", book=sample, by=coordinator)
    assert (report.same, report.writes_nothing, report.messages) == (123, True, [])


@pytest.mark.parametrize(
    "text", ["㐂𠮷 한글 カタカナ", "=1+1", "'=1", "＋86", "a\nb", "-5", "<b>x</b>", "1.10", "2026-01-01"]
)
def test_awkward_text_survives_both_formats(coordinator, text):
    book = make_book()
    make_task(book, code="1.1.1", content=text, objective=text)
    for name, data in (
        ("a.xlsx", export(book, coordinator)),
        ("a.csv", b"".join(export_csv(book=book, by=coordinator).streaming_content)),
    ):
        report = importing.preview(data=data, name=name, book=book, by=coordinator)
        assert (report.same, report.changes, report.errors) == (1, 0, []), name


def test_nothing_in_an_export_is_a_formula(coordinator):
    book = make_book(title="=HYPERLINK(1)")
    make_task(book, content="=1+1", objective="http://example.org")
    with zipfile.ZipFile(io.BytesIO(export(book, coordinator))) as archive:
        for name in archive.namelist():
            if "worksheets" in name:
                part = archive.read(name)
                assert b"<f>" not in part and b"hyperlink" not in part


def test_an_export_holds_what_its_reader_may_see_and_no_more(coordinator):
    book, office, stranger = make_book(), make_bureau(seat_country="JP"), make_bureau()
    make_task(book, code="1.1.1", countries=["JP"])
    make_task(book, code="1.1.2", countries=["KR"])
    make_task(book, code="1.1.3", deleted_at="2026-01-01T00:00Z")
    seen = {
        reader: [row[0] for row in cells(export(book, reader), 0)[3:]]
        for reader in (coordinator, make_user(bureau=office), make_user(bureau=stranger))
    }
    assert list(seen.values()) == [["1.1.1", "1.1.2"], ["1.1.1"], []]


def test_the_number_of_queries_does_not_grow_with_the_rows(coordinator):
    book = make_book()
    counts = []
    for rows in (1, 30):
        for _ in range(rows):
            make_task(book, units=(make_bureau(), make_bureau()))
        list(export_csv(book=book, by=coordinator).streaming_content)  # roles are cached on the user
        with CaptureQueriesContext(
            connection,
        ) as queries:
            export(book, coordinator)
            list(export_csv(book=book, by=coordinator).streaming_content)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_file_name_is_the_title_made_safe():
    book = make_book(title="任务书/2026\u202e")
    assert file_name(book, "xlsx") == "任务书 2026.xlsx"
