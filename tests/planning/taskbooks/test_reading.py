"""What the reader makes of one cell: numbers, deadlines, offices, formats, faults."""

from datetime import date, datetime

import pytest

from planning.taskbooks.engine.result import REJECTIONS, WARNINGS
from planning.taskbooks.services.reading import KINDS
from tests.planning.taskbooks.badbooks import HEADER, TITLE, kinds, only, read, task, workbook

D = date.fromisoformat


@pytest.mark.parametrize(
    ("written", "kind", "due", "warnings"),
    [
        ("2026年6月30日前", "date", "2026-06-30", []),
        ("2026.6.30", "date", "2026-06-30", []),
        ("2026-06-30", "date", "2026-06-30", []),
        ("2026/6/30 00:00:00", "date", "2026-06-30", []),
        ("２０２６年６月３０日", "date", "2026-06-30", []),
        ("二〇二六年六月三十日前", "date", "2026-06-30", []),
        ("20260630", "date", "2026-06-30", []),
        (date(2026, 6, 30), "date", "2026-06-30", []),
        (datetime(2026, 6, 30, 17, 30), "date", "2026-06-30", []),
        ("2026年6月28日前", "date", "2026-06-28", ["due_nonworking"]),
        ("2026年10月1日", "date", "2026-10-01", ["due_nonworking"]),
        ("2026年10月10日", "date", "2026-10-10", []),  # a Saturday that is worked
        ("6月30日前", "date", "2026-06-30", ["year_assumed"]),
        ("6.30", "date", "2026-06-30", ["year_assumed"]),
        ("2026年10月中旬", "ten_day", "2026-10-20", []),
        ("2026年10月上旬", "ten_day", "2026-10-10", []),
        ("2026年2月下旬", "ten_day", "2026-02-28", []),
        ("2026年6月底前", "month_end", "2026-06-30", []),
        ("2026年6月", "month_end", "2026-06-30", []),
        ("2026.6", "month_end", "2026-06-30", []),
        ("2026年2月末", "month_end", "2026-02-28", []),
        ("2026年5月", "month_end", "2026-05-31", []),  # a Sunday, but no explicit day
        ("十二月底前", "month_end", "2026-12-31", ["year_assumed"]),
        ("2026年6月前", "month_end", "2026-06-30", ["due_ambiguous"]),
        ("2026年3月至9月", "month_end", "2026-09-30", []),
        ("2026.3-2026.9", "month_end", "2026-09-30", []),
        ("2026年6月、12月", "month_end", "2026-12-31", ["due_ambiguous"]),
        ("2026年三季度", "quarter_end", "2026-09-30", []),
        ("2026年第4季度末前", "quarter_end", "2026-12-31", []),
        ("三季度", "quarter_end", "2026-09-30", ["year_assumed"]),
        ("2026Q1", "quarter_end", "2026-03-31", []),
        ("2026年上半年", "half_year", "2026-06-30", []),
        ("下半年", "half_year", "2026-12-31", ["year_assumed"]),
        ("2026年底", "year_end", "2026-12-31", []),
        ("2027年年底前完成", "year_end", "2027-12-31", []),
        ("年内", "year_end", "2026-12-31", ["year_assumed"]),
        ("2026—2028年", "year_end", "2028-12-31", []),
        ("2026-2028年", "year_end", "2028-12-31", []),
        ("2027年", "year_end", "2027-12-31", []),
        (2027, "year_end", "2027-12-31", []),
        ("明年年底", "year_end", "2027-12-31", ["year_assumed"]),
        ("每季度末", "recurring", None, []),
        ("每年12月底前", "recurring", None, []),
        ("按季度推进", "recurring", None, []),
        ("持续推进", "long_term", None, []),
        ("长期坚持", "long_term", None, []),
        ("常态化", "long_term", None, []),
        ("2026年起持续推进", "long_term", None, []),
        ("2026年底前建成并持续推进", "year_end", "2026-12-31", ["due_ambiguous"]),
        ("待定", "unparsed", None, ["due_unparsed"]),
        ("签约后3个月内", "unparsed", None, ["due_unparsed"]),
        ("2026年2月30日", "unparsed", None, ["due_unparsed"]),
        ("2026年13月底", "unparsed", None, ["due_unparsed"]),
        (None, "none", None, ["due_missing"]),
        ("　", "none", None, ["due_missing"]),
        (46203, "date", "2026-06-30", ["serial_date"]),
        ("46203", "date", "2026-06-30", ["serial_date"]),
    ],
)
def test_deadlines_as_written(written, kind, due, warnings):
    result = read([task(due=written)])
    found = only(result)
    assert (found.due_kind, found.due) == (kind, due and D(due))
    assert kinds(result) == [("F3", w) for w in warnings]
    assert found.due_text == (written.strip() if isinstance(written, str) else "")


def test_a_month_typed_into_excel_is_a_date_cell_that_shows_a_month():
    book = workbook(task(due=date(2026, 6, 1)))
    book.active["F3"].number_format = 'yyyy"年"m"月"'
    result = read(book)
    assert (only(result).due_kind, only(result).due) == ("month_end", D("2026-06-30"))
    assert kinds(result) == [("F3", "due_ambiguous")]


def test_without_any_heading_no_year_is_made_up():
    result = read(workbook(task(due="6月底前"), title="重点任务分解表"))
    assert (only(result).due_kind, only(result).due) == ("unparsed", None)
    assert kinds(result) == [("F3", "due_unparsed")]


@pytest.mark.parametrize(
    ("section", "sheet", "title", "year", "doubt"),
    [
        ("一、2028年重点任务", "2027年", TITLE, 2028, []),
        ("一、经贸合作", "2027年", "重点任务分解表", 2027, []),
        ("一、经贸合作", "Sheet1", TITLE, 2026, []),
        ("一、经贸合作", "2027年", "合作任务书（2026—2030年）", 2027, []),
        ("一、经贸合作", "Sheet1", "合作任务书（2026—2030年）", 2026, ["due_ambiguous"]),
    ],
)
def test_the_year_is_that_of_the_nearest_heading(section, sheet, title, year, doubt):
    result = read(workbook([section], task(due="年底前"), title=title, sheet=sheet))
    assert only(result).due == date(year, 12, 31)
    assert kinds(result) == [("F4", w) for w in [*doubt, "year_assumed"]]


def test_the_title_of_the_first_sheet_gives_the_year_to_the_others():
    book = workbook(task())
    second = book.create_sheet("市外办")
    for row in (HEADER, task(code="2", due="9月底前")):
        second.append(row)
    assert read(book).tasks[1].due == D("2026-09-30")


@pytest.mark.parametrize(
    ("written", "lead", "support", "warnings"),
    [
        ("市商务局", "市商务局", [], []),
        ("大连市商务局", "市商务局", [], []),
        ("商务局", "市商务局", [], []),
        ("市 商 务 局", "市商务局", [], []),
        ("市商务局（口岸办）", "市商务局", [], []),
        ("大连市人民政府外事办公室", "市外办", [], []),
        ("市商务局、市外办", "市商务局", ["市外办"], ["lead_ambiguous"]),
        ("市商务局、市外办共同牵头", "市商务局", ["市外办"], ["lead_ambiguous"]),
        ("市商务局（牵头）、市外办", "市商务局", ["市外办"], []),
        ("市商务局牵头，市外办、贸促会配合", "市商务局", ["市外办", "市贸促会"], []),
        ("牵头：市商务局\n配合：市外办；贸促会", "市商务局", ["市外办", "市贸促会"], []),
        (None, None, [], ["lead_missing"]),
        ("/", None, [], ["lead_missing"]),
        ("宇宙开发局（筹）", "宇宙开发局（筹）", [], ["unit_unknown"]),
    ],
)
def test_the_lead_in_its_column(written, lead, support, warnings):
    result = read([task(lead=written, support=None)])
    assert (only(result).lead, only(result).support) == (lead, support)
    assert kinds(result) == [("D3", w) for w in warnings]


@pytest.mark.parametrize(
    ("written", "lead", "support"),
    [
        ("市商务局", "市商务局", []),
        ("市商务局、市外办、市贸促会", "市商务局", ["市外办", "市贸促会"]),
        ("市商务局,市外办;市贸促会", "市商务局", ["市外办", "市贸促会"]),
        ("市商务局\n市外办\n市贸促会", "市商务局", ["市外办", "市贸促会"]),
        ("市商务局 市外办", "市商务局", ["市外办"]),
        ("市外办、市商务局（牵头）", "市商务局", ["市外办"]),
        ("市商务局/市外办", "市商务局", ["市外办"]),
        ("市文化和旅游局和市外办", "市文化和旅游局", ["市外办"]),
        (
            "牵头单位：市商务局；配合单位：市外办、各区（市、县）政府、先导区管委会",
            "市商务局",
            ["市外办", "各区市县政府（管委会）"],
        ),
        ("市商务局，市外办配合", "市商务局", ["市外办"]),
        ("市商务局会同市外办等有关单位", "市商务局", ["市外办"]),
        ("市商务局、大连市商务局、市外办", "市商务局", ["市外办"]),
    ],
)
def test_several_offices_in_one_cell(written, lead, support):
    header = ["序号", "重点任务", "责任单位", "完成时限"]
    result = read(workbook(["1", "举办洽谈会", written, "2026年底前"], header=header))
    assert (only(result).lead, only(result).support) == (lead, support)
    assert kinds(result) == []


def test_the_lead_is_never_among_those_who_support():
    assert only(read([task(lead="市商务局", support="商务局、市外办、市外办")])).support == ["市外办"]


@pytest.mark.parametrize(
    ("sheet", "note", "lead"),
    [
        ("市外办", None, "市外办"),
        ("外办", "填报日期：2026年3月", "市外办"),
        ("Sheet1", "填报单位：大连市商务局    填报日期：2026年3月1日", "市商务局"),
        ("Sheet1", "填报单位（盖章）：市贸促会", "市贸促会"),
    ],
)
def test_without_a_column_the_unit_of_the_sheet_leads(sheet, note, lead):
    rows = [["序号", "重点任务", "配合单位", "完成时限"], ["1", "举办洽谈会", "市商务局、市贸促会", "2026年底前"]]
    result = read(workbook(*rows, title=TITLE, header=[note] if note else None, sheet=sheet))
    assert only(result).lead == lead and lead not in only(result).support
    assert kinds(result) == []


def test_without_a_column_and_without_a_unit_the_sheet_is_remarked_on():
    result = read(workbook(["1", "举办洽谈会", "2026年底前"], header=["序号", "重点任务", "完成时限"]))
    assert only(result).lead is None and kinds(result) == [(None, "lead_missing")]


@pytest.mark.parametrize(
    ("value", "number_format", "code", "warnings"),
    [
        ("1.10", "@", "1.10", []),
        ("１．１０", "@", "1.10", []),
        (" 1. 1 ", "@", "1.1", []),
        (7, "General", "7", []),
        (1.1, "General", "1.1", ["code_numeric"]),
        (1.1, "0.00", "1.10", []),
        (None, "General", "", ["code_missing"]),
    ],
)
def test_numbers_of_tasks(value, number_format, code, warnings):
    book = workbook(task(code=value))
    book.active["A3"].number_format = number_format
    result = read(book)
    assert only(result).code == code
    assert kinds(result) == [("A3", w) for w in warnings]


def test_a_number_that_stands_twice_is_told_at_the_later_row_in_whatever_sheet():
    book = workbook(task("1.1"), task("1.2"))
    second = book.create_sheet("市外办")
    for row in (HEADER, task("1.2")):
        second.append(row)
    result = read(book)
    assert [(w.sheet, w.cell, w.kind) for w in result.warnings] == [("市外办", "A2", "code_duplicate")]


@pytest.mark.parametrize(
    ("value", "number_format", "shown"),
    [
        (0.08, "0%", "8%"),
        (0.0825, "0.0%", "8.3%"),
        (1234.5, "#,##0.00", "1,234.50"),
        (12, '0"个"', "12个"),
        (3.0, "General", "3"),
        (0.1 + 0.2, "General", "0.3"),
        (date(2026, 3, 5), "yyyy/m/d", "2026/3/5"),
        ("增长8%\r\n以上", "General", "增长8%\n以上"),
        (True, "General", "TRUE"),
    ],
)
def test_targets_are_as_displayed(value, number_format, shown):
    book = workbook(task(target=value))
    book.active["C3"].number_format = number_format
    assert only(read(book)).target == shown


@pytest.mark.parametrize(
    ("start", "due", "first", "warnings"),
    [
        ("2026年3月", "2026年6月底前", "2026-03-01", []),
        ("2026年", "2026年底", "2026-01-01", []),
        (date(2026, 3, 2), "2026年6月底前", "2026-03-02", []),
        (46100, "2026年底", "2026-03-19", [("E3", "serial_date")]),
        (None, "2026年底", None, []),
        ("三季度", "2026年6月底前", "2026-07-01", [("E3", "year_assumed"), ("F3", "due_before_start")]),
    ],
)
def test_starts(start, due, first, warnings):
    header = ["序号", "重点任务", "工作目标", "牵头单位", "起始时间", "完成时限"]
    result = read(workbook(["1", "举办洽谈会", "", "市商务局", start, due], header=header))
    assert only(result).start == (first and D(first))
    assert kinds(result) == warnings


def test_a_column_from_and_to_gives_both():
    header = ["序号", "重点任务", "牵头单位", "起止时间"]
    found = only(read(workbook(["1", "举办洽谈会", "市商务局", "2026年3月—9月"], header=header)))
    assert (found.start, found.due, found.due_kind) == (D("2026-03-01"), D("2026-09-30"), "month_end")


def test_date_and_phrase_in_two_columns_confirm_or_contradict_each_other():
    header = ["序号", "重点任务", "牵头单位", "完成时限", "时限表述"]
    rows = [
        ["1", "甲", "市商务局", date(2026, 12, 31), "2026年底前"],
        ["2", "乙", "市商务局", date(2026, 12, 31), "2026年6月底前"],
        ["3", "丙", "市商务局", None, "持续推进"],
    ]
    result = read(workbook(*rows, header=header))
    assert [(t.due_kind, t.due, t.due_text) for t in result.tasks] == [
        ("year_end", D("2026-12-31"), "2026年底前"),
        ("date", D("2026-12-31"), "2026年6月底前"),
        ("long_term", None, "持续推进"),
    ]
    assert kinds(result) == [("D4", "due_ambiguous")]


# --- faults ---


def error_cell(book, place, sign="#REF!"):
    book.active[place] = sign
    book.active[place].data_type = "e"


def test_error_cells_reject_a_task_only_where_its_words_are():
    book = workbook(task("1"), task("2"), task("3"), task("4"))
    for place in ("B3", "C4", "D5", "F6"):
        error_cell(book, place)
    result = read(book)
    assert [(r.row, r.cell, r.kind) for r in result.rejected] == [(3, "B3", "formula_error")]
    assert kinds(result) == [("C4", "formula_error"), ("D5", "formula_error"), ("F6", "formula_error")]
    assert [(t.code, t.target, t.lead, t.due) for t in result.tasks] == [
        ("2", "", "市商务局", D("2026-06-30")),
        ("3", "", None, D("2026-06-30")),
        ("4", "", "市商务局", None),
    ]


def test_formulas_without_a_kept_result_are_told():
    book = workbook(task(code="=ROW()-2", target="=A1"), task("2", content="=B3"))
    result = read(book)
    assert sorted(kinds(result)) == [(c, "formula_no_value") for c in ("A3", "B4", "C3")]
    assert [(r.cell, r.kind) for r in result.rejected] == [("B4", "content_missing")]
    assert only(result).code == "" and only(result).target == ""


def test_a_task_without_words_is_rejected_and_a_spare_number_is_not():
    result = read([task("1", content=None), task("2"), ["3"], [None, None, None, "市外办", None, "2026年底"]])
    assert [(r.row, r.cell, r.kind) for r in result.rejected] == [
        (3, "B3", "content_missing"),
        (6, "B6", "content_missing"),
    ]
    assert [t.row for t in result.tasks] == [4]


def test_hidden_rows_columns_and_sheets_are_read_and_told():
    book = workbook(task("1"), task("2"))
    book.active.row_dimensions[4].hidden = True
    book.active.column_dimensions["D"].hidden = True
    hidden = book.create_sheet("旧版")
    for row in (HEADER, task("9")):
        hidden.append(row)
    hidden.sheet_state = "hidden"
    book.create_sheet("单位名单").sheet_state = "veryHidden"
    result = read(book)
    assert [t.code for t in result.tasks] == ["1", "2", "9"]
    assert [(w.sheet, w.cell, w.kind) for w in result.warnings] == [
        ("Sheet1", "D2", "hidden_column"),
        ("Sheet1", "B4", "hidden_row"),
        ("旧版", None, "hidden_sheet"),
    ]


@pytest.mark.parametrize("text", ["举办中日韩\ufffd易洽谈会", "举办中日韩??洽谈会", "举办?田机械洽谈会"])
def test_lost_characters_are_told(text):
    assert kinds(read([task(content=text)])) == [("B3", "text_lossy")]


def test_a_question_is_no_loss():
    assert kinds(read([task(content="落实了没有? 逐项核对")])) == []


def test_every_kind_has_its_sentence():
    assert set(KINDS) == {*WARNINGS, *REJECTIONS}
