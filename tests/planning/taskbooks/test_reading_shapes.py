"""What the reader makes of whole sheets: headers, sections, sub-tables, merged cells, sums; other kinds of files."""

from datetime import date

import openpyxl
import pytest
from django.utils import translation

from tests.dalian_coop.documents import bad_files
from tests.planning.taskbooks.badbooks import HEADER, TITLE, kinds, only, read, saved, table, task, workbook

D = date.fromisoformat


def sheet_of(rows, merged=()):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for place in merged:
        book.active.merge_cells(place)
    return book


# --- headers ---


def test_a_header_over_two_rows_with_merged_groups_below_titles_and_notes():
    book = sheet_of(
        [
            ["附件1"],
            [TITLE],
            ["填报单位：市发改委", None, None, None, None, None, "填报日期：2026年3月"],
            ["序号", "重点任务", None, "责任分工", None, "时间安排", None],
            [None, "任务内容", "工作目标", "牵头", "配合", "起始", "完成时限"],
            ["1.1", "举办洽谈会", "签约3个", "商务局", "外办", "2026年3月", "6月底前"],
            ["注：本表由市发改委汇总。"],
            ["联系人：某处 电话：略"],
        ],
        ["A1:G1", "A2:G2", "A4:A5", "B4:C4", "D4:E4", "F4:G4", "A7:G7"],
    )
    result = read(book)
    found = only(result)
    assert (found.row, found.code, found.content, found.target) == (6, "1.1", "举办洽谈会", "签约3个")
    assert (found.lead, found.support) == ("市商务局", ["市外办"])
    assert (found.start, found.due) == (D("2026-03-01"), D("2026-06-30"))
    assert kinds(result) == [("G6", "year_assumed")] and not result.rejected
    assert [(t.first_row, t.last_row) for t in result.tables] == [(4, 5)]


def test_a_second_header_row_without_merged_cells():
    book = sheet_of(
        [
            ["序号", "工作任务", "责任单位", None, "完成时限"],
            [None, None, "牵头单位", "配合单位", None],
            ["1", "举办洽谈会", "市商务局", "市外办", "2026年底"],
        ]
    )
    found = only(read(book))
    assert (found.row, found.lead, found.support, found.code) == (3, "市商务局", ["市外办"], "1")


@pytest.mark.parametrize(
    "header",
    [
        ["编号", "工作任务", "预期目标", "主办单位", "协办单位", "办结时限"],
        ["序 号", "任务内容", "目标", "牵头责任单位", "协同配合单位", "时限\n要求"],
        ["NO.", "具体任务（事项）", "年度目标", "牵头部门", "参与单位", "完成时间（年月日）"],
        ["任务编号", "工作事项", "量化目标", "牵头 单位", "配合责任单位", "计划完成时间"],
        ["序号", "合作事项", "预期成效", "主责单位", "协作单位", "时间节点"],
        ["序号", "重点工作", "目标要求", "第一责任单位", "支持单位", "截止日期"],
        ["项目编号", "年度重点任务", "工作目标及要求", "牵头（主责）单位", "配合部门", "预计完成时限"],
    ],
)
def test_columns_by_many_names(header):
    found = only(read(workbook(task(target="签约3个"), header=header)))
    assert (found.code, found.content, found.target, found.lead, found.support, found.due) == (
        "1",
        "举办中日韩经贸洽谈会",
        "签约3个",
        "市商务局",
        ["市外办"],
        D("2026-06-30"),
    )


def test_the_columns_of_a_real_district():
    header = ["工作任务", "序号", "具体要求", "责任科室", "时限要求"]
    found = only(read(workbook(["开展招商", "1", "每月一次", "商务局", "年底前"], header=header)))
    assert (found.code, found.content, found.lead, found.due) == ("1", "开展招商", "市商务局", D("2026-12-31"))


def test_one_column_for_lead_and_support():
    header = ["序号", "重点任务", "责任单位（牵头/配合）", "完成时限"]
    found = only(read(workbook(["1", "举办洽谈会", "市商务局/市外办、市贸促会", "2026年底"], header=header)))
    assert (found.lead, found.support) == ("市商务局", ["市外办", "市贸促会"])


def test_a_heading_somebody_has_explained_is_known():
    header = ["序号", "重点任务", "谁来干", "啥时候干完"]
    source = workbook(["1", "举办洽谈会", "市商务局", "2026年底"], header=header)
    assert read(source).error
    found = only(read(source, learnt={"谁来干": "lead", "啥时候干完": "due"}))
    assert (found.lead, found.due) == ("市商务局", D("2026-12-31"))


# --- themes and sections ---


def test_a_merged_theme_goes_down_and_one_written_once_too():
    header = ["序号", "领域", "重点任务", "牵头单位", "完成时限"]
    rows = [
        ["1", "一、经贸合作", "甲", "市商务局", "2026年底"],
        ["2", None, "乙", "市商务局", "2026年底"],
        ["3", "文化交流", "丙", "市商务局", "2026年底"],
        ["4", None, "丁", "市商务局", "2026年底"],
    ]
    book = workbook(*rows, header=header)
    book.active.merge_cells("B3:B4")
    assert [t.field for t in read(book).tasks] == ["经贸合作", "经贸合作", "文化交流", "文化交流"]


def test_merged_offices_and_deadlines_hold_for_all_their_rows():
    book = workbook(task("1", "甲"), ["2", "乙"], task("3", "丙", lead="市外办", support=None, due="2027年底"))
    for place in ("D3:D4", "E3:E4", "F3:F4"):
        book.active.merge_cells(place)
    result = read(book)
    assert [(t.lead, t.support, t.due) for t in result.tasks] == [
        ("市商务局", ["市外办"], D("2026-06-30")),
        ("市商务局", ["市外办"], D("2026-06-30")),
        ("市外办", [], D("2027-12-31")),
    ]
    assert kinds(result) == []


def test_section_rows_give_theme_year_and_horizon():
    book = workbook(
        ["一、经贸合作（近期：2026年）"],
        task("1", due="6月底前"),
        ["二、文化交流（中期，2027年）"],
        task("2", due="6月底前"),
        ["（一）深化文物保护合作"],
        task("3", due="年底前"),
        title="任务分解表",
    )
    book.active.merge_cells("A3:F3")
    book.active.merge_cells("A5:F5")
    result = read(book)
    assert [(t.code, t.field, t.due, t.horizon) for t in result.tasks] == [
        ("1", "经贸合作", D("2026-06-30"), "近期"),
        ("2", "文化交流", D("2027-06-30"), "中期"),
        ("3", "文化交流", D("2027-12-31"), "中期"),
    ]
    assert result.tasks[2].more["measure"] == "深化文物保护合作"
    assert {k for _c, k in kinds(result)} == {"year_assumed"} and not result.rejected


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        (["一、经贸合作"], "经贸合作"),
        (["（二）科技创新"], "科技创新"),
        (["第三部分 友好城市"], "友好城市"),
        (["四", "教育合作"], "教育合作"),
        ([None, "五、旅游合作"], "旅游合作"),
        (["1", "经贸合作"], "经贸合作"),
        (["综合保障"], "综合保障"),
    ],
)
def test_sections_in_many_forms(heading, field):
    result = read([heading, task("1.1")])
    assert only(result).field == field and not result.rejected


def test_sections_that_only_name_a_time_are_no_theme():
    result = read([["一、近期重点任务（2026年）"], ["（一）经贸合作"], task("1"), ["二、中期任务"], task("2")])
    assert [(t.field, t.horizon) for t in result.tasks] == [("经贸合作", "近期"), ("中期任务", "中期")]


def test_the_horizon_of_a_row_goes_before_that_of_its_section():
    header = ["序号", "重点任务", "牵头单位", "完成时限", "期限类别"]
    rows = [["一、近期任务"], *(["1", "甲", "市商务局", "2026年底", h] for h in ("短期", "长期", None, "不详"))]
    assert [t.horizon for t in read(workbook(*rows, header=header)).tasks] == ["近期", "远期", "近期", "近期"]


# --- what is no task ---


def test_sums_notes_and_statistics_are_neither_tasks_nor_rejected():
    result = read(
        [
            task("1"),
            ["小计", None, "2项"],
            task("2"),
            ["合计", "共2项", "4项", None, None, None],
            ["合计", 2, None, 2, 1, None],
            [None, "共计12项任务，其中近期8项"],
            ["任务总数", 2, "牵头单位数", 2],
            ["其中：近期2项"],
            ["填表人：某处", None, "审核人：某处", None, "填表日期：2026年3月"],
            ["备注：1.时限为最迟时间；2.每月报送进展。"],
            ["大连市发展和改革委员会"],
            [None, None, None, None, None, "2026年3月1日"],
        ]
    )
    assert [t.code for t in result.tasks] == ["1", "2"]
    assert kinds(result) == [] and not result.rejected


def test_a_task_that_speaks_of_sums_is_a_task():
    result = read([task("1", "统计口径统一研究"), task("2", "汇总日韩企业诉求"), task("3", "合计引资3亿美元的项目")])
    assert [t.code for t in result.tasks] == ["1", "2", "3"]


def test_headers_repeated_at_page_breaks_are_passed_over():
    result = read([["一、经贸合作"], task("1"), [TITLE], HEADER, task("2"), HEADER, task("3")])
    assert [(t.code, t.row, t.field) for t in result.tasks] == [
        (str(n), r, "经贸合作") for n, r in ((1, 4), (2, 7), (3, 9))
    ]
    assert kinds(result) == [] and not result.rejected and len(result.tables) == 1


def test_a_second_table_with_other_columns_in_the_same_sheet():
    other = ["牵头单位", "完成时限", "任务内容", "编号"]
    result = read([task("1"), [], ["附表2 2027年新增任务清单"], other, ["市外办", "年底前", "新任务", "2"]])
    assert [(t.code, t.content, t.lead, t.due) for t in result.tasks] == [
        ("1", "举办中日韩经贸洽谈会", "市商务局", D("2026-06-30")),
        ("2", "新任务", "市外办", D("2027-12-31")),
    ]


def test_a_task_merged_over_rows_is_one_task():
    header = ["序号", "重点任务", "工作目标", "牵头单位", "配合单位", "完成时限"]
    rows = [task("1", target="甲"), [None, None, "乙", None, "市贸促会", None], task("2")]
    book = workbook(*rows, header=header)
    for place in ("A3:A4", "B3:B4", "D3:D4", "F3:F4"):
        book.active.merge_cells(place)
    result = read(book)
    assert [(t.row, t.target, t.support) for t in result.tasks] == [
        (3, "甲\n乙", ["市外办", "市贸促会"]),
        (5, "", ["市外办"]),
    ]


def test_sheets_without_tasks_are_passed_over():
    book = workbook(task("1"))
    for name, rows in {
        "统计": [["单位", "任务数", "完成率"], ["市商务局", 3, 0.5]],
        "说明": [["填表说明"], ["一、每行一项"]],
    }.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    result = read(book)
    assert [t.code for t in result.tasks] == ["1"] and kinds(result) == []


# --- files of other kinds ---

ROWS = [["2026年任务表"], HEADER, [], task("1.10", "含,逗号和\n换行", due="6月底前"), task("2")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_text_files(encoding, separator):
    result = read(table(ROWS, separator).encode(encoding), name="任务.csv")
    assert [(t.sheet, t.row, t.code, t.due) for t in result.tasks] == [
        ("", 4, "1.10", D("2026-06-30")),
        ("", 5, "2", D("2026-06-30")),
    ]
    assert result.tasks[0].content == "含,逗号和\n换行"
    assert kinds(result) == [("F4", "year_assumed")]


def test_lists_inside_cells_do_not_hide_the_separator():
    rows = [HEADER, *(task(str(n), support="市外办;市贸促会;市财政局;市教育局;市科技局") for n in range(1, 9))]
    result = read(table(rows).encode(), name="a.csv")
    assert len(result.tasks) == 8 and len(result.tasks[0].support) == 5


def test_text_kept_as_text_by_a_formula_and_error_signs():
    result = read(table([HEADER, task('="1.10"'), task("2", lead="#REF!")]).encode(), name="a.csv")
    assert [t.code for t in result.tasks] == ["1.10", "2"] and kinds(result) == [("D3", "formula_error")]


def test_a_damaged_byte_is_told_and_another_encoding_refused():
    data = table([["大连市对日韩合作重点任务分解表" * 8], HEADER, *(task(str(n)) for n in range(1, 20))]).encode(
        "utf-8"
    )
    at = data.index("洽".encode())
    result = read(data[:at] + b"\xff" + data[at + 3 :], name="a.csv")
    assert kinds(result) == [("B3", "text_lossy")] and len(result.tasks) == 19
    assert read(table([["番号", "ﾀｽｸ", "担当"]] * 30).encode("shift_jis"), name="a.csv").error


HTML = """<html><head><meta charset="{0}"><style>td {{}}</style></head><body>
<table><tr><td colspan="6">2026年任务表</td></tr></table>
<p>说明</p><table><tr><th>序号</th><th>重点任务</th><th>工作目标</th><th>牵头单位</th><th>配合单位</th><th>完成时限</th></tr>
<tr><td>1.10</td><td>甲&amp;乙<br>丙</td><td></td><td rowspan="2">市商务局</td><td>市外办</td><td>6月底前</td></tr>
<tr style="display:none"><td>2</td><td>丁</td><td></td><td>市外办</td><td>2026年底</td></tr></table></body></html>"""


@pytest.mark.parametrize("encoding", ["utf-8", "gb2312"])
def test_a_web_page_named_xls_is_read_as_what_it_is(encoding):
    result = read(HTML.format(encoding).encode(encoding), name="任务.xls")
    assert [(t.sheet, t.row, t.code, t.content, t.lead, t.due) for t in result.tasks] == [
        ("", 3, "1.10", "甲&乙\n丙", "市商务局", D("2026-06-30")),
        ("", 4, "2", "丁", "市商务局", D("2026-12-31")),
    ]
    assert kinds(result) == [(None, "extension_mismatch"), ("F3", "year_assumed"), ("B4", "hidden_row")]
    assert kinds(read(HTML.format(encoding).encode(encoding), name="任务.html"))[0] == ("F3", "year_assumed")


@pytest.mark.parametrize(
    ("data", "name", "mismatch"),
    [
        (saved(workbook(task())), "a.xls", True),
        (saved(workbook(task())), "a.csv", True),
        (saved(workbook(task())), "a.XLSX", False),
        (table([HEADER, task()], "\t").encode("gb18030"), "a.xls", True),
        (table([HEADER, task()]).encode(), "a.txt", False),
    ],
)
def test_a_wrong_ending_is_told_and_does_not_matter(data, name, mismatch):
    result = read(data, name=name)
    assert len(result.tasks) == 1
    assert kinds(result) == ([(None, "extension_mismatch")] if mismatch else [])


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "空"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), ".xls"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "密码"),
        (b"PK\x03\x04 no workbook", "损坏"),
        (b"%PDF-1.7 ...", ".xlsx"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related", ".mht"),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', ".xlsx"),
        ("没有表格的一段话".encode(), "任务"),
        (bad_files.with_dtd(), "文档类型"),
        (bad_files.bomb_of_300_mb(), "MB"),
    ],
)
def test_files_that_cannot_be_taken_get_one_sentence(data, words):
    with translation.override("zh-hans"):
        result = read(data, name="任务书.xlsx")
    assert words in result.error and not result.tasks
