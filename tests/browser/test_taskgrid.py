"""The grid of a task book: keys, typing, choices, the way back. Driven by real key events."""

from datetime import date

import pytest
from playwright.sync_api import expect

from dalian_coop.accounts.enums import Role
from planning.taskbooks.enums import BookStatus
from planning.taskbooks.models import Task
from tests.browser.grid import open_grid, sheet
from tests.factories import make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def book():
    return sheet()


@pytest.fixture
def grid(page, sign_in, book):
    return open_grid(page, sign_in)


def stored(code: str) -> Task:
    return Task.objects.get(code=code)


def test_typing_replaces_and_is_saved(grid):
    grid.go("1.1.1", "objective")
    grid.keys("abc", "Enter")
    grid.saved()
    assert stored("1.1.1").objective == "abc"
    assert grid.text("1.1.1", "objective") == "abc"
    assert grid.cursor() == ("1.1.2", "objective")


def test_f2_goes_on_escape_restores_alt_enter_breaks_the_line(grid):
    grid.go("1.1.1", "objective")
    grid.keys("F2", "x", "Escape")
    assert grid.text("1.1.1", "objective") == "目标11"
    grid.keys("F2", "x", "Alt+Enter", "y", "Shift+Enter")
    grid.saved()
    assert stored("1.1.1").objective == "目标11x\ny"


def test_arrows_edges_pages_and_tab(grid):
    grid.go("1.1.1", "state")
    grid.keys("ArrowRight", "ArrowDown")
    assert grid.cursor() == ("1.1.2", "progress")
    grid.keys("Control+ArrowDown")
    assert grid.cursor() == ("1.2.6", "progress")
    grid.keys("Control+Home")
    assert grid.cursor() == ("g:1.1", "code")
    grid.keys("Control+End", "Home")
    assert grid.cursor() == ("1.2.6", "code")
    grid.keys("PageUp", "PageUp", "PageDown", "Tab", "Tab", "Shift+Tab")
    assert grid.cursor()[1] == "content"
    grid.keys("Control+ArrowUp", "ArrowDown", "End")
    assert grid.cursor() == ("1.1.1", "weight")


def test_tab_comes_in_and_goes_out(grid):
    def focus():
        return grid.page.evaluate("document.activeElement.id || document.activeElement.dataset.tg")

    grid.go("1.1.1", "code")
    grid.keys("Shift+Tab")
    assert focus() != "tg-input"
    grid.keys("Tab")
    assert focus() == "tg-input"
    grid.keys("Escape", "Tab")
    assert focus() == "keys"
    grid.keys("Shift+Tab")
    assert focus() == "tg-input"
    grid.go("1.1.1", "weight")
    grid.keys("Tab")
    assert focus() == "keys"


def test_undo_and_redo_take_actions_as_wholes(grid):
    grid.go("1.1.1", "objective")
    grid.keys("abc", "Enter", "def", "Enter")
    grid.keys("Control+z")
    assert grid.text("1.1.2", "objective") == "目标12"
    grid.keys("Control+z", "Control+y", "Control+Shift+Z")
    assert grid.text("1.1.1", "objective") == "abc"
    assert grid.text("1.1.2", "objective") == "def"
    grid.keys("Control+z")
    grid.saved()
    assert (stored("1.1.1").objective, stored("1.1.2").objective) == ("abc", "目标12")


def test_undo_leaves_what_somebody_else_changed_since(grid):
    grid.go("1.1.1", "objective")
    grid.keys("abc", "Enter")
    grid.saved()
    task = stored("1.1.1")
    Task.objects.filter(pk=task.pk).update(objective="他人", version=task.version + 1)
    grid.touch("1.1.1")
    grid.poll()
    expect(grid.cell("1.1.1", "objective")).to_have_text("他人")
    grid.keys("Control+z")
    grid.says("1 个此后已被他人修改")
    assert grid.text("1.1.1", "objective") == "他人"


def test_choice_by_pinyin_initials(grid):
    grid.go("1.1.2", "lead")
    grid.keys("ssw")
    expect(grid.page.locator("#tg-list [role=option][aria-selected=true]")).to_have_text("市商务局")
    grid.keys("Enter")
    grid.saved()
    assert stored("1.1.2").lead.code == "commerce"


def test_choice_with_the_arrows_and_several_bureaus(grid):
    grid.go("1.1.1", "state")
    grid.keys("F2", "ArrowDown", "Enter")
    grid.saved()
    assert stored("1.1.1").state == "in_progress"
    grid.go("1.1.1", "units")
    grid.keys("jt", "Enter", "kj", "Enter", "Enter")
    grid.saved()
    assert [unit.bureau.code for unit in stored("1.1.1").units.all()] == ["transport", "science"]


@pytest.mark.parametrize("typed", ["2026-5-1", "2026.5.1", "2026年5月1日", "46143", "２０２６/5/1"])
def test_dates_as_people_type_them(grid, typed):
    grid.go("1.1.1", "due")
    grid.keys(typed, "Enter")
    grid.saved()
    assert stored("1.1.1").due == date(2026, 5, 1)


def test_percentages_and_what_is_none(grid):
    grid.go("1.1.1", "progress")
    grid.keys("70", "Enter", "80%", "Enter", "120", "Enter", "0.7", "Enter")
    grid.state("open")
    assert "is-wrong" in grid.cell("1.1.3", "progress").get_attribute("class")
    assert grid.text("1.1.3", "progress") == "120" and grid.text("1.1.4", "progress") == "0.7"
    expect(grid.page.locator('[data-tg="state"]')).to_contain_text("2 处未保存")
    assert [stored(f"1.1.{n}").progress for n in (1, 2, 3, 4)] == [70, 80, 0, 0]
    grid.keys("Control+z", "Control+z")
    grid.saved()


def test_the_server_refuses_a_cell_and_the_rest_of_the_row_is_saved(grid):
    grid.go("1.1.1", "due")
    grid.keys("2026-05-01", "Enter")
    grid.saved()
    grid.go("1.1.1", "start")
    grid.keys("2026-06-01", "Enter")
    grid.go("1.1.1", "objective")
    grid.keys("新目标", "Enter")
    expect(grid.cell("1.1.1", "start")).to_have_attribute("aria-invalid", "true")
    grid.keys("ArrowUp")
    expect(grid.page.locator('[data-tg="state"]')).to_contain_text("未保存")
    assert stored("1.1.1").start is None


def test_delete_empties_fill_down_and_today(grid):
    grid.go("1.1.1", "objective")
    grid.keys("一样", "Enter", "ArrowUp", "Shift+ArrowDown", "Shift+ArrowDown", "Control+d")
    grid.saved()
    assert [stored(f"1.1.{n}").objective for n in (1, 2, 3, 4)] == ["一样"] * 3 + ["目标14"]
    grid.keys("Delete")
    grid.saved()
    assert stored("1.1.2").objective == ""
    grid.keys("Control+z")
    assert grid.text("1.1.3", "objective") == "一样"
    grid.go("1.1.5", "due")
    grid.keys("Control+;")
    grid.saved()
    assert stored("1.1.5").due is not None


def test_the_bar_sets_one_value_in_many_rows(grid):
    grid.go("1.1.1", "code")
    grid.go("1.1.3", "content", modifiers=["Shift"])
    expect(grid.page.locator('[data-tg="chosen"]')).to_contain_text("已选 3 行 × 2 列")
    grid.page.locator('[data-tg="field"]').select_option("progress")
    grid.page.locator('[data-tg="value"]').fill("40")
    grid.page.locator('[data-tg="value"]').press("Enter")
    grid.saved()
    assert [stored(f"1.1.{n}").progress for n in (1, 2, 3, 4)] == [40, 40, 40, 0]
    grid.input.focus()
    grid.keys("Control+z")
    grid.saved()
    assert stored("1.1.2").progress == 0


def test_locked_rows_and_computed_cells_say_why(page, sign_in, book):
    grid = open_grid(page, sign_in, make_user(Role.OFFICIAL, bureau=stored("1.1.1").lead))
    grid.go("1.1.2", "objective")  # led by another bureau
    grid.keys("abc")
    grid.says("仅该任务的牵头单位")
    grid.go("1.1.1", "light")
    grid.keys("x")
    grid.says("由系统计算")
    grid.go("1.1.1", "lead")
    expect(page.locator('[data-tg="about"]')).to_contain_text("统筹")
    grid.go("1.1.1", "objective")
    grid.keys("mine", "Enter")
    grid.saved()
    assert stored("1.1.1").objective == "mine" and stored("1.1.2").objective == "目标12"


def test_an_issued_book_takes_progress_only(page, sign_in, book):
    book.status = BookStatus.ISSUED
    book.save()
    grid = open_grid(page, sign_in)
    grid.go("1.1.1", "objective")
    grid.keys("abc")
    grid.says("已印发")
    grid.go("1.1.1", "progress")
    grid.keys("30", "Enter")
    grid.saved()
    assert (stored("1.1.1").objective, stored("1.1.1").progress) == ("目标11", 30)


def test_folding_a_measure(grid):
    grid.go("1.1.3", "content")
    grid.keys("Alt+ArrowLeft")
    expect(grid.page.locator(".tg-body [role=row][aria-expanded=false]")).to_have_count(1)
    assert grid.cursor()[0] == "g:1.1"
    expect(grid.cell("1.1.3", "code")).to_have_count(0)
    grid.keys("Alt+ArrowRight")
    expect(grid.cell("1.1.3", "code")).to_have_count(1)


def test_the_task_beside_the_grid_and_the_keys(grid):
    grid.go("1.1.1", "content")
    grid.keys("Alt+Enter")
    expect(grid.page.locator("dialog.tg-drawer")).to_contain_text("目标11")
    grid.keys("Escape", "F1")
    expect(grid.page.locator("#tg-keys")).to_be_visible()
    grid.keys("Escape", "Control+f")
    assert grid.page.evaluate("document.activeElement.name") == "q"
