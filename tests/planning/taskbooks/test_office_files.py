"""An office's own workbook through the import pages: look, answer, confirm, import, remember."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from planning.taskbooks.models import Task, TaskBook
from tests.planning.factories import make_coordinator
from tests.planning.taskbooks import workbooks
from tests.planning.taskbooks.badbooks import HEADER, saved, task, workbook

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def coordinator(client):
    workbooks.load_registers()
    user = make_coordinator()
    client.force_login(user)
    return user


def upload(client, book, code=""):
    file = SimpleUploadedFile("任务.xlsx", book if isinstance(book, bytes) else saved(book))
    return client.post(
        reverse("taskbooks:import", args=[code]) if code else reverse("taskbooks:import-new"), {"file": file}
    )


def answer(client, response, do="look", **given):
    context = response.context
    code = context["book"].code if context["book"] else ""
    answers = {"token": context["token"], "digest": context["report"].digest, "do": do}
    for column in context["columns"]:
        answers |= {f"heading:{column['name']}": column["role"], f"was:{column['name']}": column["was"]}
    answers |= {f"ok:{kind}": "on" for kind in given.pop("ok", [])}
    address = reverse("taskbooks:import-read", args=[code]) if code else reverse("taskbooks:import-new-read")
    return client.post(address, answers | given)


def bad_book():
    """Everything that must be asked: an unknown office, an unknown theme, no lead, no number, vague deadlines."""
    return workbook(
        ["一、经贸往来"],
        task("1", "甲", lead="商务局", support="外办、宇宙局", due="6月底前"),
        task("1", "乙", lead=None, support=None, due="2026年三季度"),
        task(None, "丙", lead="市外办", support=None, due="待定"),
        task("4", None),
        ["合计", "3项"],
    )


def test_a_bad_workbook_is_asked_about_confirmed_and_written(client, coordinator):
    seen = upload(client, bad_book())
    assert seen.status_code == 200 and not TaskBook.objects.exists()
    assert [name for name, _c in seen.context["units"]] == ["宇宙局"]
    assert [name for name, _c in seen.context["themes"]] == ["经贸往来"]
    questions = seen.context["seen"].questions
    assert (questions.lead_missing, questions.code_missing) == (1, 2)
    assert {d.kind for d in seen.context["doubts"]} == {"year_assumed", "due_unparsed", "rejected"}

    unanswered = answer(client, seen, do="import")
    assert unanswered.status_code == 422 and not TaskBook.objects.exists()

    given = {"unit:宇宙局": "", "theme:经贸往来": "trade", "lead": "shi-wai-ban", "number": "on"}
    ready = answer(client, seen, ok=["year_assumed", "due_unparsed", "rejected"], **given)
    assert ready.context["seen"].may_be_written, ready.context["report"].errors
    done = answer(client, ready, do="import", ok=["year_assumed", "due_unparsed", "rejected"], **given)
    book = TaskBook.objects.get()
    assert done.url == reverse("taskbooks:book", args=[book.code])
    found = {t.content: t for t in book.tasks.select_related("lead", "field")}
    assert {c: (t.code, t.lead.name_zh, str(t.due), t.due_text) for c, t in found.items()} == {
        "甲": ("1", "市商务局", "2026-06-30", "6月底前"),
        "乙": ("2", "市外办", "2026-09-30", "2026年三季度"),
        "丙": ("3", "市外办", "None", "待定"),
    }
    assert {t.field.code for t in found.values()} == {"trade"}
    counts = ready.context["report"].counts["tasks"]
    assert (counts.new, counts.changed, counts.rejected) == (Task.objects.count(), 0, 0)


def test_a_second_import_of_the_same_file_changes_nothing(client, coordinator):
    given = {"unit:宇宙局": "", "theme:经贸往来": "trade", "lead": "shi-wai-ban", "number": "on"}
    ok = ["year_assumed", "due_unparsed", "rejected"]
    ready = answer(client, upload(client, bad_book()), ok=ok, **given)
    answer(client, ready, do="import", ok=ok, **given)
    again = answer(client, upload(client, bad_book()), ok=ok, **given)
    assert again.context["report"].writes_nothing and not again.context["report"].errors
    assert again.context["report"].counts["tasks"].same == 3


def test_headings_once_explained_are_known_to_the_bureau(client, coordinator):
    rows = [["一、经贸合作"], ["1", "甲", "某某局", "市商务局", "市外办", "2026年底"]]
    header = ["序号", "重点任务", "说不清", "牵头单位", "协助的", "完成时限"]
    seen = upload(client, workbook(*rows, header=header))
    assert {c["name"]: c["role"] for c in seen.context["columns"]}["协助的"] == ""
    explained = {"heading:协助的": "support"}
    ready = answer(client, seen, **explained)
    assert ready.context["seen"].result.tasks[0].support == ["市外办"]
    answer(client, ready, do="import", **explained)
    coordinator.bureau.refresh_from_db()
    assert coordinator.bureau.preferences == {"task_book_headings": {"协助的": "support"}}
    other = upload(
        client, workbook(["一、经贸合作"], ["2", "乙", "", "市商务局", "市贸促会", "2026年底"], header=header)
    )
    assert other.context["seen"].result.tasks[0].support == ["市贸促会"]


def test_refused_cells_are_named_where_they_stand_in_the_file(client, coordinator):
    header = ["牵头单位", "完成时限", "起始时间", "重点任务", "序号"]
    seen = upload(
        client, workbook(["一、经贸合作"], ["市商务局", "2026年6月底前", "2026年9月", "甲", "1"], header=header)
    )
    assert [(m.cell, m.code) for m in seen.context["report"].errors] == [("B4", "before_start")]


def test_an_edit_in_between_is_noticed(client, coordinator):
    source = workbook(["一、经贸合作"], task("1", "甲", due="2026年底"))
    seen = upload(client, source)
    answer(client, seen, do="import")
    book = TaskBook.objects.get()
    changed = workbook(["一、经贸合作"], task("1", "改", due="2026年底"))
    looked = upload(client, changed, book.code)
    assert looked.context["seen"].may_be_written and looked.context["report"].changes == 1
    Task.objects.update(objective="抢先", content="别的")
    late = answer(client, looked, do="import")
    assert late.status_code in (200, 422) and Task.objects.get().content == "别的"


def test_a_file_that_cannot_be_read_gets_one_sentence(client, coordinator):
    response = upload(client, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    assert response.status_code == 422 and len(response.context["form"].errors["file"]) == 1


def test_two_thousand_rows_in_few_statements(client, coordinator, django_assert_max_num_queries):
    rows = [task(str(n), f"任务{n}", due="2026年底") for n in range(1, 301)]
    with django_assert_max_num_queries(60):
        seen = upload(client, workbook(["一、经贸合作"], *rows, header=HEADER))
    assert seen.context["report"].counts["tasks"].new == 300
