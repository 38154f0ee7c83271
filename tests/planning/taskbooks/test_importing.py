"""A task book comes in: the report tells the truth, and all of it is written or nothing."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.management import call_command

from dalian_coop.accounts.enums import Role
from dalian_coop.base.errors import NotAllowed, ValidationError
from dalian_coop.documents.refusals import RefusedFile
from planning.plans.models import Measure, Programme
from planning.roadmap.models import Dependency, Milestone
from planning.taskbooks.enums import BookStatus, DueKind
from planning.taskbooks.models import Task, TaskBook, TaskRegion, TaskUnit
from planning.taskbooks.services import edit_task, importing
from tests.dalian_coop.documents import bad_files
from tests.factories import make_user
from tests.planning.factories import make_coordinator
from tests.planning.taskbooks import workbooks
from tests.planning.taskbooks.workbooks import book_file, edited, row, sample_book

pytestmark = pytest.mark.django_db


@pytest.fixture
def shipped(db):
    """Bureaus, regions and fields as shipped, which the sample names."""
    workbooks.load_registers()


@pytest.fixture
def few(db):
    """Only what the small books of these tests name."""
    workbooks.make_registers()


@pytest.fixture
def coordinator(db):
    return make_coordinator()


def everything() -> tuple:
    """A picture of all that an import may write."""
    models = (Programme, Measure, TaskBook, Task, TaskUnit, TaskRegion, Milestone, Dependency)
    return tuple(sorted(map(repr, model.objects.values_list())) for model in models)


def preview(data, by, book=None, name="book.xlsx"):
    before = everything()
    report = importing.preview(data=data, name=name, book=book, by=by)
    assert everything() == before and not report.applied
    return report


def apply(data, by, book=None, name="book.xlsx", **more):
    return importing.apply(data=data, name=name, book=book, by=by, **more)


def problems(report) -> list[tuple[str, str]]:
    return [(m.cell, m.code) for m in report.errors]


# --- the sample ---


def test_sample_comes_in_whole_and_a_second_time_changes_nothing(shipped, coordinator):
    seen = preview(workbooks.SAMPLE, coordinator)
    first = apply(workbooks.SAMPLE, coordinator, expected=seen.digest)
    assert first.applied and first.creates_book and not first.messages
    assert {k: (c.new, c.changed, c.same, c.rejected) for k, c in first.counts.items()} == {
        "tasks": (123, 0, 0, 0),
        "measures": (19, 0, 0, 0),
        "milestones": (206, 0, 0, 0),
    }
    before = everything()
    second = apply(workbooks.SAMPLE, coordinator)
    assert (second.new, second.changed, second.same, second.rejected) == (0, 0, 329, 0)
    assert second.applied and second.writes_nothing and everything() == before


def test_sample_is_marked_as_such_and_has_plans_for_each_horizon(shipped, coordinator):
    book = apply(workbooks.SAMPLE, coordinator).book
    assert (book.code, book.is_sample, "示例" in book.title) == ("jk-2026-2030", True, True)
    assert (book.first_year, book.last_year, book.status) == (2026, 2030, BookStatus.DRAFT)
    spans = book.programme.plans.values_list("horizon", "first_year", "last_year")
    assert set(spans) == {("short", 2026, 2026), ("medium", 2027, 2028), ("long", 2029, 2030)}


def test_a_task_of_the_sample_holds_every_cell(shipped, coordinator):
    book = apply(workbooks.SAMPLE, coordinator).book
    task = book.tasks.get(code="1.1.1")
    assert (task.field.code, task.measure.title, task.lead.name_zh) == ("trade", "深化重点产业合作", "市工业和信息化局")
    assert (task.start, task.due, task.due_kind) == (date(2026, 2, 2), date(2026, 12, 31), DueKind.YEAR_END)
    assert (task.horizon, task.weight, task.countries) == ("short", Decimal("2.60"), ["JP", "KR"])
    supporting = [unit.bureau.name_zh for unit in task.units.all()]
    assert supporting == ["市商务局", "长兴岛经济区管委会", "驻日本代表处", "驻韩国代表处"]
    assert book.tasks.get(code="1.1.10").sort_key == [1, 1, 10]
    assert book.tasks.filter(due=None, due_kind=DueKind.LONG_TERM).count() == 5


def test_milestones_wait_for_those_the_sheet_names(shipped, coordinator):
    apply(workbooks.SAMPLE, coordinator)
    link = Dependency.objects.get(successor__code="1.1.1-M2")
    assert (link.predecessor.code, link.kind, link.lag_days) == ("1.1.1-M1", "FS", 0)
    assert Milestone.objects.get(code="1.1.1-M3").due == date(2026, 12, 31)


def test_load_sample_runs_twice_without_a_trace(shipped, capsys):
    call_command("load_sample")
    before = everything()
    call_command("load_sample")
    assert everything() == before
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert lines[0] == "tasks 123 new 0 changed 0 same" and lines[-2] == "tasks 0 new 0 changed 123 same"


# --- what changes ---


def test_changed_cells_are_told_old_and_new_and_written(shipped, coordinator):
    book = sample_book()
    data = edited(workbooks.SAMPLE, {"D4": "新任务", "J5": "市贸促会、市商务局"})
    report = preview(data, coordinator, book)
    assert (report.new, report.changed, report.changes) == (0, 2, 2)
    [first, second] = report.rows
    assert (first.code, first.row, first.sheet) == ("1.1.1", 4, "任务书（示例）")
    [change] = first.changes
    assert (change.column, change.old, change.new) == ("重点任务", "推动日韩精细化工企业与本地石化基地配套", "新任务")
    [change] = second.changes
    assert (change.old, change.new) == ("市商务局、市贸促会、驻日本代表处", "市贸促会、市商务局")
    kept = TaskUnit.objects.get(task__code="1.1.2", bureau__name_zh="市商务局")
    TaskUnit.objects.filter(pk=kept.pk).update(deliverable="名单")
    assert apply(data, coordinator, book).changes == 2
    task = book.tasks.get(code="1.1.2")
    assert [(u.bureau.name_zh, u.deliverable) for u in task.units.all()] == [("市贸促会", ""), ("市商务局", "名单")]
    assert (task.version, book.tasks.get(code="1.1.1").version, book.tasks.get(code="1.1.3").version) == (2, 2, 1)


def test_countries_follow_a_changed_text(shipped, coordinator):
    book = sample_book()
    apply(edited(workbooks.SAMPLE, {"P4": "釜山广域市"}), coordinator, book)
    task = book.tasks.get(code="1.1.1")
    assert task.countries == ["KR"]
    assert [r.name_zh for r in task.regions.all()] == ["釜山广域市"]


def test_tasks_the_file_does_not_name_stay_and_are_counted(few, coordinator):
    book = apply(book_file([row("1.1.1"), row("1.1.2")]), coordinator).book
    report = apply(book_file([row("1.1.2")]), coordinator, book)
    assert (report.absent, report.same) == (1, 1)
    assert book.tasks.alive().count() == 2


def test_columns_the_file_does_not_have_are_left_alone(few, coordinator):
    book = apply(book_file([row(objective="目标", weight=3)]), coordinator).book
    header = [h if h not in ("工作目标", "权重") else f"其他{h}" for h in workbooks.HEADER]
    report = apply(book_file([row(content="改")], header=header), coordinator, book)
    assert report.changes == 1
    task = book.tasks.get()
    assert (task.content, task.objective, task.weight) == ("改", "目标", Decimal(3))


def test_an_emptied_cell_empties_the_field(few, coordinator):
    book = apply(book_file([row()]), coordinator).book
    assert apply(book_file([row(weight=None, units=None, horizon=None)]), coordinator, book).changes == 3
    task = book.tasks.get()
    assert (task.weight, task.units.count(), task.horizon) == (None, 0, "")


def test_a_renamed_measure_is_one_change_not_one_a_task(few, coordinator):
    book = apply(book_file([row("1.1.1"), row("1.1.2")]), coordinator).book
    data = book_file([row("1.1.1", measure="深化产业链合作"), row("1.1.2", measure="深化产业链合作")])
    report = apply(data, coordinator, book)
    assert (report.changed, report.changes, report.counts["measures"].changed) == (1, 1, 1)
    assert [m.title for m in book.programme.measures.all()] == ["深化产业链合作"]
    assert apply(data, coordinator, book).writes_nothing


def test_two_titles_for_one_measure_number_are_refused(few, coordinator):
    report = preview(book_file([row("1.1.1"), row("1.1.2", measure="另一举措")]), coordinator)
    assert problems(report) == [("C5", "measure_number_taken")]


def test_a_date_changed_alone_takes_the_written_deadline_along_and_stays_so(few, coordinator):
    book = apply(book_file([row()]), coordinator).book
    data = book_file([row(due="2026-07-15")])
    report = apply(data, coordinator, book)
    assert [(c.column, c.new) for c in report.rows[0].changes] == [("完成时限", "2026-07-15")]
    task = book.tasks.get()
    assert (task.due, task.due_text, task.due_kind) == (date(2026, 7, 15), "2026年7月15日前", DueKind.DATE)
    assert apply(data, coordinator, book).writes_nothing


def test_milestone_cells_are_compared_and_links_replaced(few, coordinator):
    rows = [row("1.1.1", due="2026-12-31", due_text="2026年底前")]
    a, b, c = (["1.1.1", f"M{n}", f"节点{n}", date(2026, 3, n), None, None] for n in (1, 2, 3))
    b[4], c[4] = "M1", "M1"
    book = apply(book_file(rows, milestones=[a, b, c]), coordinator).book
    c[4], c[5] = "M1;M2", "报告"
    data = book_file(rows, milestones=[a, b, c])
    report = apply(data, coordinator, book)
    assert [(x.column, x.old, x.new) for x in report.rows[0].changes] == [
        ("交付物", "", "报告"),
        ("前置里程碑", "M1", "M1;M2"),
    ]
    links = Dependency.objects.values_list("predecessor__code", "successor__code")
    assert set(links) == {("M1", "M2"), ("M1", "M3"), ("M2", "M3")}
    assert Milestone.objects.get(code="M3").version == 2
    assert apply(data, coordinator, book).writes_nothing


# --- what is refused ---


@pytest.mark.parametrize(
    ("values", "cell", "code"),
    [
        ({"code": None}, "A4", "code_missing"),
        ({"code": "一.1"}, "A4", "bad_code"),
        ({"field": "航天合作"}, "B4", "field_unknown"),
        ({"field": None}, "B4", "required"),
        ({"measure": None}, "C4", "required"),
        ({"measure": "长" * 201}, "C4", "too_long"),
        ({"content": None}, "D4", "required"),
        ({"content": "长" * 10_000}, "D4", "too_long"),
        ({"lead": "市航天局"}, "I4", "unit_unknown"),
        ({"lead": None}, "I4", "lead_missing"),
        ({"lead": "市商务局、市外办"}, "I4", "lead_ambiguous"),
        ({"units": "市商务局"}, "J4", "lead_supports"),
        ({"units": "市外办、市外办"}, "J4", "unit_twice"),
        ({"units": "市外办、市航天局"}, "J4", "unit_unknown"),
        ({"start": "2026年上半年"}, "L4", "bad_date"),
        ({"due": "2026-02-30"}, "M4", "bad_date"),
        ({"due": 46203}, "M4", "bad_date"),
        ({"due": "2025-12-31", "due_text": ""}, "M4", "before_start"),
        ({"due": "2199-12-31", "due_text": ""}, "M4", "year_out_of_range"),
        ({"due_text": "2026年7月底前"}, "N4", "due_text_differs"),
        ({"due_text": "持续推进"}, "M4", "continuous_has_no_date"),
        ({"horizon": "明年"}, "O4", "horizon_unknown"),
        ({"weight": 100.5}, "S4", "out_of_range"),
        ({"weight": -1}, "S4", "out_of_range"),
        ({"weight": "很多"}, "S4", "bad_number"),
        ({"weight": "nan"}, "S4", "bad_number"),
        ({"weight": "1.005"}, "S4", "too_precise"),
    ],
)
def test_a_bad_cell_is_named_by_its_place(few, coordinator, values, cell, code):
    report = preview(book_file([row(**values)]), coordinator)
    assert problems(report) == [(cell, code)]
    assert report.counts["tasks"].rejected == 1


def test_one_bad_row_in_the_middle_keeps_everything_out(few, coordinator):
    rows = [row(f"1.1.{n}") for n in range(1, 101)]
    rows[50]["due"] = "不知道"
    before = everything()
    report = apply(book_file(rows, milestones=[["1.1.1", "M1", "节点", date(2026, 3, 2)]]), coordinator)
    assert not report.applied and problems(report) == [("M54", "bad_date")]
    assert everything() == before
    assert report.counts["tasks"].new == 99


def test_a_number_that_stands_twice_is_refused_at_the_later_row(few, coordinator):
    report = preview(book_file([row("1.1.1"), row("1.1.1", content="再来")]), coordinator)
    assert problems(report) == [("A5", "code_duplicate")]


@pytest.mark.parametrize(
    ("change", "cell", "code"),
    [
        ((0, "1.1.9"), "A2", "task_unknown"),
        ((1, "M2"), "B3", "code_duplicate"),
        ((1, None), "B2", "required"),
        ((2, None), "C2", "required"),
        ((2, "长" * 301), "C2", "too_long"),
        ((3, None), "D2", "required"),
        ((3, "三月"), "D2", "bad_date"),
        ((3, date(2025, 1, 1)), "D2", "before_start"),
        ((3, date(2026, 3, 9)), "E3", "later"),
        ((4, "M7"), "E2", "milestone_unknown"),
        ((4, "M1"), "E2", "itself"),
        ((4, "M2"), "E2", "cycle"),
    ],
)
def test_a_bad_milestone_keeps_the_tasks_out_as_well(few, coordinator, change, cell, code):
    first = ["1.1.1", "M1", "节点一", date(2026, 3, 2), None, None]
    second = ["1.1.1", "M2", "节点二", date(2026, 3, 2), "M1" if change[0] != 1 else None, None]
    first[change[0]] = change[1]
    before = everything()
    report = apply(book_file([row()], milestones=[first, second]), coordinator)
    assert (cell, code) in problems(report) and not report.applied
    assert {c for _, c in problems(report)} <= {code, "milestone_unknown"}
    assert everything() == before


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"hello", "not_a_workbook"),
        (bad_files.ole("EncryptedPackage"), "encrypted"),
        (bad_files.workbook([]), "empty"),
        (bad_files.workbook([["序号", "任务名称"], ["1", "a"]]), "wrong_header"),
        (bad_files.with_dtd(), "has_dtd"),
        (bad_files.ten_thousand_entries(), "too_many_entries"),
    ],
)
def test_a_file_that_is_no_task_book_is_refused_and_nothing_written(few, coordinator, data, code):
    before = everything()
    with pytest.raises(RefusedFile) as refused:
        apply(data, coordinator)
    assert refused.value.codes == {"file": [code]}
    assert everything() == before


def test_wrong_header_names_the_missing_columns(few, coordinator):
    with pytest.raises(RefusedFile) as refused:
        preview(bad_files.workbook([["题目"], ["序号", "领域", "重点任务", "完成时限"], ["1", "a"]]), coordinator)
    assert "主要举措、牵头单位" in str(refused.value)


def test_a_book_needs_a_title_with_years(few, coordinator):
    for title in (None, "任务书"):
        with pytest.raises(ValidationError) as error:
            preview(book_file([row()], title=title), coordinator)
        assert error.value.codes == {"file": ["title_missing"]}


def test_an_issued_book_takes_no_import(few, coordinator):
    book = apply(book_file([row()]), coordinator).book
    TaskBook.objects.update(status=BookStatus.ISSUED)
    with pytest.raises(ValidationError) as error:
        apply(book_file([row(content="改")]), coordinator, TaskBook.objects.get(pk=book.pk))
    assert error.value.codes == {"book": ["book_issued"]}
    assert book.tasks.get().content != "改"


@pytest.mark.parametrize("role", [r for r in Role if r != Role.COORDINATOR])
def test_only_the_coordinator_imports(role):
    for act in (importing.preview, importing.apply):
        with pytest.raises(NotAllowed):
            act(data=workbooks.SAMPLE, name="a.xlsx", book=None, by=make_user(role))


# --- together with others ---


def test_what_changed_since_the_preview_is_not_overwritten(few, coordinator):
    book = apply(book_file([row()]), coordinator).book
    data = book_file([row(content="文件里的")])
    seen = preview(data, coordinator, book)
    task = book.tasks.get()
    edit_task(task=task, values={"content": "页面上的"}, version=task.version, by=coordinator)
    report = apply(data, coordinator, book, expected=seen.digest)
    assert not report.applied and [m.code for m in report.errors] == ["changed_since_preview"]
    assert book.tasks.get().content == "页面上的"


def test_history_names_who_imported_and_the_file(few, coordinator):
    book = apply(book_file([row()]), coordinator, name="一季度\0\ud800.xlsx").book
    event = book.tasks.get().events.latest("pgh_id")
    assert event.pgh_context.metadata["actor"] == str(coordinator.pk)
    assert "一季度.xlsx" in event.pgh_context.metadata["reason"]


# --- text and other layouts ---


def test_rare_characters_and_other_scripts_come_in_unchanged(few, coordinator):
    text = "㐂𠮷野家 한글 カタカナ <b>&amp;</b>"
    book = apply(book_file([row(content=text)]), coordinator).book
    assert book.tasks.get().content == text


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_csv_of_the_sample_gives_no_change(shipped, coordinator, encoding):
    book = sample_book()
    lines = [workbooks.HEADER]
    for task in book.tasks.in_order():
        lines.append(
            [task.code, task.field.name_zh, task.measure.title, task.content, "", "", "", "", task.lead.name_zh]
        )
    keep = [0, 1, 2, 3, 8, 12]
    due = {t.code: t.due.isoformat() if t.due else "" for t in book.tasks.all()}
    rows = ([*(line[i] for i in keep[:-1]), due.get(line[0], "完成时限")] for line in lines)
    data = "\r\n".join(",".join(r) for r in rows).encode(encoding)
    report = preview(data, coordinator, book, name="a.csv")
    assert (report.same, report.new, report.changed, report.messages) == (123, 0, 0, [])


def test_title_rows_repeated_headers_and_blank_rows_are_no_tasks(few, coordinator):
    rows = [
        row("1.1.1"),
        dict.fromkeys(row(), None),
        {c.field: c.title for c in workbooks.layout.COLUMNS},
        row("1.1.2"),
    ]
    report = apply(book_file(rows), coordinator)
    assert report.counts["tasks"].new == 2 and not report.messages


def test_a_file_with_another_title_is_remarked_but_taken(few, coordinator):
    book = apply(book_file([row()]), coordinator).book
    report = apply(book_file([row()], title="另一任务书（2026年）"), coordinator, book)
    assert [m.code for m in report.warnings] == ["other_title"] and report.applied


def test_two_books_of_the_same_years_get_addresses_of_their_own(few, coordinator):
    first = apply(book_file([row()], title="甲任务书（2026年）"), coordinator).book
    second = apply(book_file([row()], title="乙任务书（2026年）"), coordinator).book
    assert [first.code, second.code] == ["jk-2026-2026", "jk-2026-2026-2"]
    assert not first.is_sample
