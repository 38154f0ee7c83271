"""The grid of a task book, driven by real keys, a real clipboard and compositions of input methods."""

import re

import pytest
from playwright.sync_api import expect

from planning.taskbooks.models import Task
from tests.browser.grid import Grid
from tests.factories import make_bureau
from tests.planning.factories import make_book, make_coordinator, make_measure, make_task

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def book():
    """Two measures with six tasks each, led by two bureaus."""
    book = make_book(code="jk", title="对日韩合作任务书")
    trade, sea = make_bureau("市商务局", code="commerce"), make_bureau("市交通局", code="transport")
    for m in (1, 2):
        measure = make_measure(book.programme, f"1.{m}", f"举措{m}")
        for n in range(1, 7):
            lead = trade if n % 2 else sea
            make_task(book, measure=measure, code=f"1.{m}.{n}", lead=lead, content=f"任务{m}{n}", objective=f"目标{m}{n}")
    return book


@pytest.fixture
def grid(page, sign_in, book):
    sign_in(make_coordinator())
    return Grid(page).open()


def stored(code: str) -> Task:
    return Task.objects.get(code=code)


def test_typing_replaces_and_is_saved(grid):
    grid.go("1.1.1", "objective")
    grid.keys("abc", "Enter")
    grid.saved()
    assert stored("1.1.1").objective == "abc"
    assert grid.text("1.1.1", "objective") == "abc"
    assert grid.cursor() == ("1.1.2", "objective")


def test_f2_goes_on_and_escape_restores(grid):
    grid.go("1.1.1", "objective")
    grid.keys("F2", "x", "Escape")
    assert grid.text("1.1.1", "objective") == "目标11"
    grid.keys("F2", "x", "Alt+Enter", "y", "Enter")
    grid.saved()
    assert stored("1.1.1").objective == "目标11x\ny"
