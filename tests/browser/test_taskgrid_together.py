"""Several people, several tabs, lost answers, lost sessions: nothing typed is lost, nothing is saved twice."""

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from planning.taskbooks.enums import BookStatus
from planning.taskbooks.models import Task, TaskBook
from planning.taskbooks.services import delete_task
from tests.browser.grid import Grid, open_grid, sheet
from tests.factories import PASSWORD
from tests.planning.factories import make_coordinator

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def grid(page, sign_in):
    sheet()
    return open_grid(page, sign_in, make_coordinator(display_name="王处长"))


@pytest.fixture
def other(second_context, sign_in, grid):
    return open_grid(second_context.new_page(), sign_in, make_coordinator(display_name="李敏"))


def stored(code: str) -> Task:
    return Task.objects.get(code=code)


def test_different_cells_of_a_row_are_both_kept(grid, other):
    grid.go("1.1.1", "objective")
    grid.keys("甲", "Enter")
    grid.saved()
    other.go("1.1.1", "deliverable")
    other.keys("乙", "Enter")
    other.saved()
    assert (stored("1.1.1").objective, stored("1.1.1").deliverable) == ("甲", "乙")
    grid.poll()
    expect(grid.cell("1.1.1", "deliverable")).to_have_text("乙")
    expect(other.cell("1.1.1", "objective")).to_have_text("甲")
    assert stored("1.1.1").version == 3


def test_the_same_cell_opens_the_panel_and_other_rows_go_on_being_saved(grid, other):
    grid.go("1.1.1", "objective")
    grid.keys("甲", "Enter")
    grid.saved()
    other.go("1.1.1", "objective")
    other.keys("乙", "Enter")
    panel = other.page.locator(".tg-conflict")
    expect(panel).to_contain_text("王处长")
    expect(panel.locator("tbody tr")).to_have_text(["工作目标目标11甲乙"])
    assert "is-conflict" in other.row("1.1.1").get_attribute("class")
    other.keys("丙", "Enter")
    other.wait_stored(lambda: stored("1.1.2").objective == "丙")
    assert stored("1.1.1").objective == "甲"
    panel.get_by_role("button", name="采用我的").click()
    other.saved()
    assert stored("1.1.1").objective == "乙"
    expect(panel).to_be_hidden()


@pytest.mark.parametrize(("side", "expected"), [("采用对方的", ("甲", "甲2")), ("按逐字段选择合并", ("乙", "甲2"))])
def test_theirs_and_field_by_field(grid, other, side, expected):
    for someone, texts in ((grid, ("甲", "甲2")), (other, ("乙", "乙2"))):
        someone.go("1.1.1", "objective")
        someone.keys(texts[0], "Tab", texts[1], "Enter")
        if someone is grid:
            grid.saved()
    panel = other.page.locator(".tg-conflict")
    expect(panel.locator("tbody tr")).to_have_count(2)
    panel.locator('[data-name="deliverable"] input[value="theirs"]').check()
    panel.get_by_role("button", name=side).click()
    other.saved()
    assert (stored("1.1.1").objective, stored("1.1.1").deliverable) == expected


def test_changes_of_others_flash_in_and_leave_the_edit_alone_and_people_see_each_other(grid, other):
    other.go("1.1.2", "objective")
    other.keys("half")
    grid.go("1.1.2", "deliverable")
    grid.keys("甲", "Enter")
    grid.saved()
    grid.go("1.1.3", "objective")
    grid.poll()
    other.poll()
    expect(other.cell("1.1.2", "deliverable")).to_have_text("甲")
    assert other.input.input_value() == "half"
    expect(other.page.locator('[data-tg="people"]')).to_contain_text("王处长")
    other.poll()
    expect(other.cell("1.1.3", "code").locator(".tg-here")).to_have_text("王")
    other.keys("Enter")
    other.saved()
    assert (stored("1.1.2").objective, stored("1.1.2").deliverable) == ("half", "甲")


def test_two_tabs_of_one_person(grid, context):
    second = Grid(context.new_page()).open()
    grid.go("1.1.1", "objective")
    grid.keys("甲", "Enter")
    grid.saved()
    second.go("1.1.1", "objective")
    second.keys("乙", "Enter")
    expect(second.page.locator(".tg-conflict")).to_be_visible()
    assert stored("1.1.1").objective == "甲"


def test_a_row_deleted_while_it_is_edited(grid):
    grid.go("1.1.1", "objective")
    grid.keys("甲")
    delete_task(task=stored("1.1.1"), version=1, by=None)
    grid.keys("Enter")
    panel = grid.page.locator(".tg-conflict")
    expect(panel).to_contain_text("已从任务书中删除")
    expect(panel).to_contain_text("工作目标：甲")
    panel.get_by_role("button", name="放弃这些内容").click()
    grid.saved()


def test_the_book_is_issued_while_an_edit_waits(grid):
    grid.page.context.set_offline(True)
    grid.go("1.1.1", "objective")
    grid.keys("甲", "Enter")
    grid.go("1.1.2", "progress")
    grid.keys("20", "Enter")
    TaskBook.objects.update(status=BookStatus.ISSUED)
    grid.page.context.set_offline(False)
    grid.keys("Control+s")
    expect(grid.cell("1.1.1", "objective")).to_have_attribute("aria-invalid", "true")
    grid.go("1.1.1", "objective")
    expect(grid.page.locator('[data-tg="about"]')).to_contain_text("已印发")
    grid.wait_stored(lambda: stored("1.1.2").progress == 20)
    assert stored("1.1.1").objective == "目标11" and grid.text("1.1.1", "objective") == "甲"


def test_offline_reload_online_saved_once(grid, watch):
    watch.allow.append("net::ERR")
    grid.page.context.set_offline(True)
    grid.go("1.1.1", "objective")
    grid.keys("甲", "Enter", "乙", "Enter")
    grid.state("offline")
    expect(grid.page.locator('[data-tg="state"]')).to_contain_text("离线，2 处修改待保存")
    grid.page.route("**/rows/", lambda route: route.abort() if route.request.method == "PATCH" else route.continue_())
    grid.page.context.set_offline(False)
    grid.page.on("dialog", lambda dialog: dialog.accept())
    grid.page.reload()
    expect(grid.cell("1.1.1", "objective")).to_have_text("甲")
    assert stored("1.1.1").version == 1
    grid.page.unroute("**/rows/")
    grid.input.focus()
    grid.keys("Control+s")
    grid.saved()
    grid.page.reload()
    expect(grid.cell("1.1.2", "objective")).to_have_text("乙")
    assert [(stored(c).objective, stored(c).version) for c in ("1.1.1", "1.1.2")] == [("甲", 2), ("乙", 2)]


def test_an_answer_that_gets_lost_is_asked_for_again_and_saved_once(grid):
    lost = []

    def swallow(route):
        if route.request.method == "PATCH" and not lost:
            lost.append(route.fetch().status)
            return route.abort()
        return route.continue_()

    grid.page.route("**/rows/", swallow)
    grid.go("1.1.1", "objective")
    grid.keys("甲", "Enter")
    grid.state("offline")
    assert lost == [200] and stored("1.1.1").objective == "甲"
    grid.keys("Control+s")
    grid.saved()
    assert stored("1.1.1").version == 2
    expect(grid.page.locator(".tg-conflict")).to_be_hidden()


@pytest.mark.parametrize("status", [500, 503, 403, 404])
def test_the_server_answers_nothing_useful(grid, watch, status):
    watch.allow.append(f"{status} for fetch")
    grid.page.route(
        "**/rows/",
        lambda route: route.fulfill(status=status, body="no") if route.request.method == "PATCH" else route.continue_(),
    )
    grid.go("1.1.1", "objective")
    grid.keys("甲", "Enter")
    expect(grid.page.locator('[data-tg="state"]')).not_to_have_attribute("data-state", "saved")
    expect(grid.page.locator('[data-tg="state"]')).to_contain_text("1 处")
    assert grid.text("1.1.1", "objective") == "甲"
    grid.page.unroute("**/rows/")
    if status == 404:  # held at its cell: typed again it goes
        grid.go("1.1.1", "objective")
        grid.keys("F2", "x", "Enter")
    grid.keys("Control+s")
    grid.saved()
    assert stored("1.1.1").objective in ("甲", "甲x")


def test_the_session_ends_and_one_signs_in_again_in_place(page, sign_in, watch):
    watch.allow.append("401 for fetch")
    sheet()
    user = make_coordinator(display_name="王处长", password=PASSWORD)
    grid = open_grid(page, sign_in, user)
    grid.go("1.1.1", "objective")
    Session.objects.all().delete()
    grid.keys("甲", "Enter")
    box = page.locator("dialog[open]")
    expect(box).to_contain_text("登录已失效")
    box.locator("[name=username]").fill(user.username)
    box.locator("[name=password]").fill("wrong")
    box.get_by_role("button", name="登录").click()
    expect(box.locator("[role=alert]")).to_be_visible()
    box.locator("[name=password]").fill(PASSWORD)
    box.get_by_role("button", name="登录").click()
    grid.saved()
    assert stored("1.1.1").objective == "甲"
    assert page.url.endswith("/books/jk/")


def test_somebody_else_does_not_save_what_the_first_one_typed(page, sign_in, watch):
    watch.allow.append("401 for fetch")
    sheet()
    grid = open_grid(page, sign_in, make_coordinator(display_name="王处长"))
    stranger = make_coordinator(password=PASSWORD)
    grid.go("1.1.1", "objective")
    Session.objects.all().delete()
    grid.keys("甲", "Enter")
    box = page.locator("dialog[open]")
    box.locator("[name=username]").fill(stranger.username)
    box.locator("[name=password]").fill(PASSWORD)
    box.get_by_role("button", name="登录").click()
    expect(box.locator("[role=alert]")).to_contain_text("另一个账号")
    assert stored("1.1.1").objective == "目标11"


def test_a_browser_whose_clock_is_a_day_wrong(page, sign_in):
    sheet()
    page.add_init_script("const now = Date.now; Date.now = () => now() + 86400000")
    page.clock.install(time="2026-01-01T08:00:00")
    grid = open_grid(page, sign_in)
    grid.go("1.1.1", "objective")
    grid.keys("甲", "Enter", "Control+s")
    grid.saved()
    Task.objects.filter(code="1.1.2").update(objective="别人", version=2)
    grid.touch("1.1.2")
    grid.poll()
    expect(grid.cell("1.1.2", "objective")).to_have_text("别人")
    assert stored("1.1.1").objective == "甲"
