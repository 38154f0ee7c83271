"""Input methods: pinyin, Japanese, Korean compose over a selected cell, whatever happens to the list meanwhile."""

import pytest
from playwright.sync_api import expect

from planning.taskbooks.models import Task
from tests.browser.grid import open_grid, sheet

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def grid(page, sign_in):
    sheet()
    return open_grid(page, sign_in)


def stored(code: str) -> Task:
    return Task.objects.get(code=code)


@pytest.mark.parametrize(
    ("steps", "text"),
    [(["d", "da", "da l", "da lian"], "大连"), (["t", "て", "てい", "ていけい"], "提携"), (["ㅎ", "하", "한"], "한")],
)
def test_composition_from_a_selected_cell_is_saved_exactly(grid, steps, text):
    grid.go("1.1.1", "objective")
    grid.compose(*steps, commit=text)
    grid.keys("Enter")
    grid.saved()
    assert stored("1.1.1").objective == text


@pytest.mark.parametrize("key", ["Enter", "Process"])
def test_enter_in_a_composition_does_not_commit(grid, key):
    grid.go("1.1.1", "objective")
    grid.compose("d", "da")
    grid.key_in_composition(key)
    assert grid.cursor() == ("1.1.1", "objective")
    assert "is-editing" in grid.input.get_attribute("class")
    grid.compose("da lian", commit="大连")
    grid.keys("Enter")
    grid.saved()
    assert stored("1.1.1").objective == "大连"


def test_a_second_composition_after_a_click(grid):
    grid.go("1.1.1", "objective")
    grid.compose("da", commit="大连")
    grid.go("1.1.3", "objective")
    grid.compose("r", "ri ben", commit="日本")
    grid.go("1.1.5", "objective")
    grid.compose("h", "han guo", commit="韩国")
    grid.keys("Enter")
    grid.saved()
    assert [stored(f"1.1.{n}").objective for n in (1, 3, 5)] == ["大连", "日本", "韩国"]


def test_composition_right_after_an_arrow_key(grid):
    grid.go("1.1.1", "objective")
    grid.keys("ArrowDown")
    grid.compose("d", "da lian", commit="大连")
    grid.keys("ArrowDown")
    grid.compose("r", "ri ben", commit="日本")
    grid.keys("Enter")
    grid.saved()
    assert (stored("1.1.2").objective, stored("1.1.3").objective) == ("大连", "日本")


def test_the_row_is_updated_by_somebody_else_meanwhile(grid):
    grid.go("1.1.1", "objective")
    grid.compose("d", "da")
    task = stored("1.1.1")
    Task.objects.filter(pk=task.pk).update(responsible="处长", version=task.version + 1)
    grid.touch("1.1.1")
    grid.poll()
    expect(grid.cell("1.1.1", "responsible")).to_have_text("处长")
    grid.compose("da lian", commit="大连")
    grid.keys("Enter")
    grid.saved()
    assert (stored("1.1.1").objective, stored("1.1.1").responsible) == ("大连", "处长")


def test_a_branch_above_is_folded_meanwhile(grid):
    grid.go("1.2.2", "objective")
    grid.compose("d", "da")
    grid.page.evaluate("taskgrid.view.collapsed.add('g:1.1'); taskgrid.filters.dispatchEvent(new Event('change'))")
    expect(grid.cell("1.1.1", "code")).to_have_count(0)
    grid.compose("da lian", commit="大连")
    grid.keys("Enter")
    grid.saved()
    assert stored("1.2.2").objective == "大连"


def test_the_own_branch_is_folded_meanwhile(grid):
    grid.go("1.2.2", "objective")
    grid.compose("d", "da")
    grid.page.evaluate("taskgrid.view.collapsed.add('g:1.2'); taskgrid.filters.dispatchEvent(new Event('change'))")
    expect(grid.cell("1.2.2", "code")).to_have_count(0)
    grid.compose("da lian", commit="大连")
    grid.keys("Enter")
    grid.saved()
    assert stored("1.2.2").objective == "大连"


def test_scrolled_away_meanwhile(grid):
    grid.page.set_viewport_size({"width": 1440, "height": 640})
    grid.go("1.1.1", "objective")
    grid.compose("d", "da")
    grid.page.evaluate("document.querySelector('.tg-scroll').scrollTop = 9999")
    grid.compose("da lian", commit="大连")
    grid.keys("Enter")
    grid.saved()
    assert stored("1.1.1").objective == "大连"


def test_composing_over_a_locked_cell_leaves_nothing_behind(grid):
    grid.go("1.1.1", "light")
    grid.compose("d", "da lian", commit="大连")
    grid.says("由系统计算")
    assert grid.input.input_value() == ""
    grid.keys("ArrowDown")
    grid.go("1.1.1", "objective")
    grid.compose("d", "da lian", commit="大连")
    grid.keys("Enter")
    grid.saved()
    assert stored("1.1.1").objective == "大连"
