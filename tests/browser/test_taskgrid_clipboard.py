"""Copy, cut, paste: a real clipboard, tables as Excel puts them there, and what is wrong with them."""

import re

import pytest
from playwright.sync_api import expect

from dalian_coop.accounts.enums import Role
from planning.taskbooks.models import Task
from tests.browser.grid import open_grid, sheet
from tests.factories import make_user

pytestmark = pytest.mark.django_db(transaction=True)
_CHOSEN, _COPIED = re.compile("is-chosen"), re.compile("is-copied")
_FIVE = ("objective", "deliverable", "acceptance", "progress_note", "actions")


@pytest.fixture
def grid(context, page, sign_in):
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    sheet()
    return open_grid(page, sign_in)


def stored(code: str) -> Task:
    return Task.objects.get(code=code)


def texts(name: str) -> list[str]:
    return list(Task.objects.in_order().values_list(name, flat=True))


def test_a_table_of_twelve_by_five_and_one_undo(grid):
    before = [list(row) for row in Task.objects.in_order().values_list(*_FIVE)]
    table = [[f"{name}{n}" for name in _FIVE] for n in range(12)]
    grid.put_on_clipboard("\r\n".join("\t".join(row) for row in table))
    grid.go("1.1.1", "objective")
    grid.keys("Control+v")
    grid.says("60 个单元格有改动")
    grid.saved()
    assert [list(row) for row in Task.objects.in_order().values_list(*_FIVE)] == table
    grid.keys("Control+z")
    grid.saved()
    assert [list(row) for row in Task.objects.in_order().values_list(*_FIVE)] == before


def test_quoted_cells_with_line_breaks_and_doubled_quotes(grid):
    grid.put_on_clipboard('"第一行\n第二行"\t"他说""好"""\r\n一般\t"a\tb"\r\n')
    grid.go("1.1.1", "objective")
    grid.keys("Control+v")
    grid.saved()
    assert (stored("1.1.1").objective, stored("1.1.1").deliverable) == ("第一行\n第二行", '他说"好"')
    assert (stored("1.1.2").objective, stored("1.1.2").deliverable) == ("一般", "a\tb")
    grid.keys("Shift+ArrowDown", "Shift+ArrowRight", "Control+c")
    assert grid.clipboard() == '"第一行\n第二行"\t"他说""好"""\n一般\t"a\tb"'


def test_locked_cells_are_skipped_and_counted_with_the_others(context, page, sign_in):
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    sheet()
    grid = open_grid(page, sign_in, make_user(Role.OFFICIAL, bureau=stored("1.1.1").lead))
    grid.put_on_clipboard("\n".join(f"新{n}" for n in range(1, 5)))
    grid.go("1.1.1", "objective")
    grid.keys("Control+v")
    grid.says("2 个单元格有改动；跳过 2 个锁定单元格")
    grid.saved()
    assert texts("objective")[:4] == ["新1", "目标12", "新3", "目标14"]


def test_over_a_folded_branch(grid):
    grid.go("1.1.6", "objective")
    grid.page.evaluate("taskgrid.view.collapsed.add('g:1.1'); taskgrid.filters.dispatchEvent(new Event('change'))")
    grid.put_on_clipboard("a\nb")
    grid.keys("Control+Home", "ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight")
    grid.keys("ArrowRight", "ArrowRight")
    assert grid.cursor() == ("g:1.1", "objective")
    grid.keys("Control+v")
    grid.says("跳过 6 行已收起的任务")
    grid.saved()
    assert texts("objective") == [f"目标1{n}" for n in range(1, 7)] + ["a", "b"] + [f"目标2{n}" for n in range(3, 7)]


def test_wrong_values_are_asked_about_kept_and_not_saved(grid):
    grid.put_on_clipboard("进行中\t50\n不存在\t300")
    grid.go("1.1.1", "state")
    grid.keys("Control+v")
    box = grid.page.locator("dialog[open]")
    expect(box).to_contain_text("2 个单元格有效")
    expect(box).to_contain_text("2 个单元格无效")
    box.get_by_role("button", name="粘贴").click()
    grid.state("open")
    expect(grid.cell("1.1.2", "progress")).to_have_attribute("aria-invalid", "true")
    assert grid.text("1.1.2", "progress") == "300"
    grid.wait_stored(lambda: (stored("1.1.1").state, stored("1.1.1").progress) == ("in_progress", 50))
    assert (stored("1.1.2").state, stored("1.1.2").progress) == ("not_started", 0)


def test_beyond_the_last_row_and_fifty_thousand_cells(grid):
    grid.put_on_clipboard("\n".join("\t".join(f"{r}-{c}" for c in range(5)) for r in range(10_000)))
    grid.go("1.2.5", "objective")
    grid.keys("Control+v")
    grid.says("超出末行的 9998 行未粘贴")
    grid.saved()
    assert texts("objective")[-2:] == ["0-0", "1-0"]


def test_a_web_table_and_a_text_of_a_hundred_kilobytes(grid):
    script = (
        "html => navigator.clipboard.write([new ClipboardItem({'text/html': new Blob([html], {type: 'text/html'})})])"
    )
    grid.page.evaluate(script, "<table><tr><td>甲<td>乙<tr><td>丙<td>丁</table><script>alert(1)</script>")
    grid.go("1.1.1", "objective")
    grid.keys("Control+v")
    grid.saved()
    assert (stored("1.1.1").objective, stored("1.1.2").deliverable) == ("甲", "丁")
    grid.put_on_clipboard("长" * 100_000)
    grid.go("1.1.3", "objective")
    grid.keys("Control+v")
    expect(grid.page.locator("dialog[open]")).to_contain_text("过长")
    grid.page.locator("dialog[open]").get_by_role("button", name="粘贴").click()
    expect(grid.cell("1.1.3", "objective")).to_have_attribute("aria-invalid", "true")
    assert stored("1.1.3").objective == "目标13"


def test_drag_over_cells_scrolls_on_and_copies_shift_click_extends_cut_empties(grid):
    grid.page.set_viewport_size({"width": 1440, "height": 640})
    start, box = grid.cell("1.1.1", "objective").bounding_box(), grid.page.locator(".tg-scroll").bounding_box()
    mouse = grid.page.mouse
    mouse.move(start["x"] + 20, start["y"] + 10)
    mouse.down()
    mouse.move(start["x"] + 30, box["y"] + box["height"] - 20, steps=4)
    mouse.move(start["x"] + 30, box["y"] + box["height"] + 10, steps=4)
    expect(grid.cell("1.2.6", "objective")).to_have_class(_CHOSEN)
    mouse.up()
    grid.keys("Control+c")
    assert grid.clipboard().split("\n") == texts("objective")
    grid.keys("Control+Home")
    grid.go("1.1.1", "objective")
    grid.go("1.1.2", "objective", modifiers=["Shift"])
    grid.keys("Control+x")
    assert grid.clipboard() == "目标11\n目标12"
    grid.saved()
    assert texts("objective")[:3] == ["", "", "目标13"]
    expect(grid.cell("1.1.1", "objective")).to_have_class(_COPIED)
