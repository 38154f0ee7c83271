"""Two people at the same row of a task book, each at a phone of their own, with nothing but keys.

On a wide screen with scripts the grid stands in the place of this table; its tests are ``test_taskgrid_together``.
"""

from datetime import date

import pytest
from playwright.sync_api import expect

from dalian_coop.accounts.enums import Role
from planning.taskbooks.models import Task
from tests.factories import make_bureau, make_user
from tests.planning.factories import make_book, make_coordinator, make_task

BOOK = "/books/jk-2026-2030/"


PHONE = {"width": 390, "height": 844}


@pytest.fixture
def page(phone):
    return phone


@pytest.fixture
def task(transactional_db):
    """A task in the middle of a book, led by the bureau of commerce."""
    book = make_book(code="jk-2026-2030", title="对日韩合作任务书")
    lead = make_bureau("市商务局")
    start, due = date(2026, 1, 5), date(2030, 12, 31)
    tasks = [
        make_task(book, lead=lead, code=f"1.1.{n}", state="in_progress", start=start, due=due, content=f"开行航线{n}")
        for n in (1, 2, 3)
    ]
    return tasks[1]


@pytest.fixture
def official(task):
    return make_user(Role.OFFICIAL, bureau=task.lead, display_name="李明")


@pytest.fixture
def coordinator(task):
    return make_coordinator(bureau=make_bureau("市发展改革委"), display_name="孙丽")


def row_of(page, code: str):
    return page.locator("tr.task-row").filter(has=page.locator("th", has_text=code))


def press(locator, key: str = "Enter") -> None:
    locator.focus()
    locator.press(key)


def open_row(page, code: str):
    """Turn the row into its form by the keyboard; the form takes the focus."""
    press(row_of(page, code).locator("a[href$='/edit/']"))
    form = page.locator("tr.is-editing form.task-form")
    expect(form.locator(":focus")).to_have_count(1)
    return form


def write(form, **texts: str) -> None:
    for name, text in texts.items():
        field = form.locator(f"[name={name}]")
        press(field, "Control+a")
        field.press_sequentially(text)


def save(form) -> None:
    press(form.locator("button.btn-primary[type=submit]"))


def side(panel, name: str, value: str):
    return panel.locator(f"input[name=take_{name}][value={value}]")


def test_second_save_sees_both_texts_and_decides_field_by_field(
    page, second_context, sign_in, axe, task, official, coordinator
):
    other = second_context.new_page()
    other.set_viewport_size(PHONE)
    sign_in(official)
    sign_in(coordinator, into=second_context)
    page.goto(BOOK)
    other.goto(BOOK)
    first, second = open_row(page, task.code), open_row(other, task.code)

    write(first, progress="40", progress_note="货源已落实", deliverable="开航通知")
    save(first)
    expect(row_of(page, task.code)).to_contain_text("40%")
    expect(page.locator("tr.is-editing")).to_have_count(0)

    write(second, progress_note="船期已商定", deliverable="航线协议", objective="每周一班")
    save(second)
    panel = other.locator("tr.is-conflict .conflict")
    expect(panel.locator("h2")).to_contain_text("李明")
    shown = panel.locator("tbody tr").evaluate_all(
        "rows => rows.map(r => [r.querySelector('.theirs').innerText, r.querySelector('.mine').innerText])"
    )
    assert ["货源已落实", "船期已商定"] in shown
    assert ["开航通知", "航线协议"] in shown
    assert ["40", "0"] in shown
    task.refresh_from_db()
    assert (task.progress_note, task.objective) == ("货源已落实", ""), "nothing of the second text is saved yet"
    axe(other, "tr.is-conflict")

    # Where one person alone changed the text, the answer is proposed; where both did, nobody decides for them.
    expect(side(panel, "progress", "theirs")).to_be_checked()
    expect(side(panel, "objective", "mine")).to_be_checked()
    for name in ("progress_note", "deliverable"):
        assert not side(panel, name, "mine").is_checked()
        assert not side(panel, name, "theirs").is_checked()
    save(panel)
    expect(panel.get_by_role("alert")).to_be_visible()
    press(side(panel, "progress_note", "mine"), "Space")
    press(side(panel, "deliverable", "theirs"), "Space")
    save(panel)
    expect(other.locator("tr.is-conflict")).to_have_count(0)
    expect(row_of(other, task.code)).to_contain_text("40%")

    task.refresh_from_db()
    saved = (task.progress, task.progress_note, task.deliverable, task.objective)
    assert saved == (40, "船期已商定", "开航通知", "每周一班")

    for reader in (other, page):
        press(row_of(reader, task.code).locator("a[href$='/history/']"))
        changes = reader.locator("tr.is-panel .timeline li.is-update")
        expect(changes).to_have_count(2)
        latest, earlier = changes.first, changes.last
        expect(earlier.locator(".timeline-when")).to_contain_text("李明 · 市商务局")
        expect(earlier.locator("ins", has_text="货源已落实")).to_be_visible()
        expect(latest.locator(".timeline-when")).to_contain_text("孙丽 · 市发展改革委")
        expect(latest.locator("del", has_text="货源已落实")).to_be_visible()
        expect(latest.locator("ins", has_text="船期已商定")).to_be_visible()
        expect(latest).not_to_contain_text("开航通知")  # taken from the other: no change
        press(reader.locator("tr.is-panel [data-close-row]"))
        expect(reader.locator("tr.is-panel")).to_have_count(0)


def test_coordinator_deletes_a_row_and_brings_it_back(page, sign_in, axe, task, coordinator):
    sign_in(coordinator)
    page.goto(BOOK)
    expect(page.locator("tr.task-row")).to_have_count(3)
    form = open_row(page, task.code)
    press(form.locator("button[formaction$='/delete/']"))
    notice = page.locator("tr.is-panel [role=status]")
    expect(notice).to_contain_text(task.code)
    expect(page.locator("tr.task-row")).to_have_count(2)
    assert not Task.objects.visible_to(coordinator).filter(pk=task.pk).exists()
    axe(page, "tr.is-panel")
    press(notice.get_by_role("button"))
    expect(row_of(page, task.code)).to_contain_text(task.content)
    expect(page.locator("tr.task-row")).to_have_count(3)
    assert Task.objects.visible_to(coordinator).filter(pk=task.pk).exists()
    page.reload()
    codes = page.locator("tr.task-row th").all_inner_texts()
    assert codes == ["1.1.1", "1.1.2", "1.1.3"]


def test_official_finds_no_way_to_delete(page, sign_in, task, official):
    sign_in(official)
    page.goto(BOOK)
    form = open_row(page, task.code)
    expect(form.locator("button[type=submit]")).to_have_count(1)
