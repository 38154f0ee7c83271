"""The grid as a part of the page: filters in the address, settings, semantics, paper, and how fast it is."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from dalian_coop.accounts.models import User
from planning.taskbooks.models import Task, TaskUnit
from tests.browser.grid import Grid, open_grid, sheet
from tests.factories import make_bureau
from tests.planning.factories import make_book, make_coordinator, make_measure

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def grid(page, sign_in):
    sheet()
    return open_grid(page, sign_in)


def codes(grid) -> list[str]:
    script = "taskgrid.view.lines.filter(l => l.kind === 'row').map(l => taskgrid.model.rows.get(l.key).code)"
    return grid.page.evaluate(script)


def test_filters_stand_in_the_address_and_survive_a_reload(grid):
    page = grid.page
    page.locator(".task-filters [name=lead]").select_option("commerce")
    page.locator(".task-filters [name=q]").fill("任务1")
    expect(page).to_have_url(re.compile(r"lead=commerce&q="))
    assert codes(grid) == ["1.1.1", "1.1.3", "1.1.5"]
    page.reload()
    expect(page.locator('[data-tg="shown"]')).to_have_text("共 3 项")
    assert codes(grid) == ["1.1.1", "1.1.3", "1.1.5"]
    page.locator('.tg-bar [data-tg="clear"]').click()
    assert len(codes(grid)) == 12
    page.go_back()
    expect(page.locator('[data-tg="shown"]')).to_have_text("共 3 项")
    page.locator(".task-filters [name=q]").fill("nothing like it")
    expect(page.locator(".tg-none").first).to_contain_text("清除筛选")
    page.locator(".tg-none button").click()
    assert len(codes(grid)) == 12


def test_chips_count_what_a_click_would_show(grid):
    Task.objects.filter(code__in=["1.1.2", "1.2.4"]).update(due="2026-01-31", start="2026-01-01")
    grid.open()
    chip = grid.page.locator('[data-filter="light"][data-value="red"]')
    expect(chip.locator(".count")).to_have_text("2")
    chip.click()
    assert codes(grid) == ["1.1.2", "1.2.4"]
    expect(chip).to_have_attribute("aria-pressed", "true")


def test_sorting_and_the_two_orders_of_columns(grid):
    Task.objects.filter(code="1.2.4").update(progress=80)
    Task.objects.filter(code="1.1.2").update(progress=30)
    grid.open("?sort=-progress")
    assert codes(grid)[:2] == ["1.2.4", "1.1.2"]
    grid.page.locator("[data-head=progress]").click()
    expect(grid.page.locator("[data-head=progress]")).to_have_attribute("aria-sort", "ascending")
    assert codes(grid)[-1] == "1.2.4"
    grid.page.locator('[data-view="official"]').click()
    heads = grid.page.locator(".tg-titles [role=columnheader]")
    expect(heads.nth(2)).to_contain_text("领域")
    assert "view=official" in grid.page.url


def test_width_order_and_row_height_stay_with_the_person(grid):
    page = grid.page
    head = page.locator("[data-head=state]")
    width = head.bounding_box()["width"]
    grip = page.locator("[data-grip=state]").bounding_box()
    page.mouse.move(grip["x"] + 4, grip["y"] + 10)
    page.mouse.down()
    page.mouse.move(grip["x"] + 64, grip["y"] + 10, steps=3)
    page.mouse.up()
    page.locator('[data-tg="columns"]').click()
    box = page.locator("dialog[open]")
    box.locator('[data-name="light"] input').uncheck()
    box.locator("select").select_option("32")
    box.get_by_role("button", name="应用").click()
    grid.wait_stored(lambda: User.objects.filter(preferences__grid__height=32).exists())
    page.reload()
    expect(page.locator("[data-head=state]")).to_be_visible()
    assert page.locator("[data-head=state]").bounding_box()["width"] == pytest.approx(width + 60, abs=3)
    expect(page.locator("[data-head=light]")).to_have_count(0)
    assert grid.row("1.1.1").bounding_box()["height"] == 32


def test_the_accessibility_tree_has_the_rows_in_sight(grid, axe):
    tree = grid.page.locator("[role=treegrid]")
    expect(tree).to_have_attribute("aria-rowcount", "15")
    rows = grid.page.locator(".tg-body [role=row]")
    assert rows.count() == 14
    first = rows.nth(1)
    assert first.locator("[role=rowheader]").all_inner_texts() == ["1.1.1", "任务11"]
    assert first.get_attribute("aria-level") == "2" and first.get_attribute("aria-rowindex") == "3"
    columns = int(tree.get_attribute("aria-colcount"))
    assert first.locator("[role=rowheader], [role=gridcell]").count() == columns
    active = grid.input.get_attribute("aria-activedescendant")
    assert grid.page.locator(f"#{active}").count() == 1
    cdp = grid.page.context.new_cdp_session(grid.page)
    nodes = cdp.send("Accessibility.getFullAXTree")["nodes"]
    roles = [node.get("role", {}).get("value") for node in nodes]
    assert roles.count("row") == 15 and roles.count("treegrid") == 1 and roles.count("rowheader") == 28


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_accessibility_faults_in_any_state(new_context, live_server, sign_in, watch, axe, theme):
    context = new_context(base_url=live_server.url, color_scheme=theme)
    sheet()
    grid = open_grid(context.new_page(), sign_in)
    watch.follow(grid.page)
    axe(grid.page)
    grid.go("1.1.1", "progress")
    grid.keys("300", "Enter")
    grid.go("1.1.2", "lead")
    grid.keys("F2")
    axe(grid.page)
    grid.keys("Escape", "Shift+ArrowDown")
    axe(grid.page)
    Task.objects.filter(code="1.1.3").update(objective="别人", version=2)
    grid.go("1.1.3", "objective")
    grid.keys("mine", "Enter", "Control+s")
    expect(grid.page.locator(".tg-conflict")).to_be_visible()
    axe(grid.page)
    assert not watch.problems


def test_paper_and_narrow_screens_have_the_table_in_order(grid, phone):
    phone.goto("/books/jk/")
    expect(phone.locator(".task-table .task-row")).to_have_count(12)
    expect(phone.locator(".tg")).to_be_hidden()
    grid.page.goto("/books/jk/print/")
    expected = [f"1.{m}.{n}" for m in (1, 2) for n in range(1, 7)]
    assert (
        grid.page.locator(
            ".paper-table tbody tr td:first-child, .paper-table tbody tr th:first-child"
        ).all_inner_texts()
        == expected
    )
    grid.page.goto("/books/jk/?as=table")
    expect(grid.page.locator(".task-table .task-row").first).to_be_visible()


def test_every_module_is_short():
    lines = {path.name: len(path.read_text().splitlines()) for path in Path("static/js/taskgrid").glob("*.js")}
    assert max(lines.values()) < 400, lines


class TestSpeed:
    """Figures of 2,000 rows in this browser; the limits are those of the issue."""

    @pytest.fixture
    def large(self, page, sign_in):
        book = make_book(code="jk", title="两千项")
        bureaus = [make_bureau(f"市第{n}局", code=f"b{n}") for n in range(20)]
        measures = [make_measure(book.programme, f"1.{n}", f"举措{n}") for n in range(1, 41)]
        Task.objects.bulk_create(
            Task(
                book=book, measure=measures[n // 50], field=measures[0].field, code=f"1.{n // 50 + 1}.{n % 50 + 1}",
                sort_key=[1, n // 50 + 1, n % 50 + 1], content=f"推动对日韩合作第{n}项任务，办好年度对接活动",
                objective="年底前形成合作清单并完成签约" * 2, lead=bureaus[n % 20], progress=n % 100,
                due="2026-12-31", start="2026-01-05", deliverable="工作总结", acceptance="经牵头单位验收",
            )
            for n in range(2000)
        )  # fmt: skip
        TaskUnit.objects.bulk_create(TaskUnit(task=t, bureau=bureaus[0]) for t in Task.objects.exclude(lead=bureaus[0]))
        sign_in(make_coordinator())
        return Grid(page).open()

    def test_first_paint_scrolling_and_a_paste(self, large, record_property, capsys):
        page = large.page
        page.wait_for_timeout(400)
        paint = page.evaluate("taskgrid.firstPaint")
        frames, work = (sorted(times) for times in page.evaluate(_SCROLL))
        p95, work95 = (times[int(len(times) * 0.95)] for times in (frames, work))
        paste = page.evaluate(_PASTE)
        # The machine may be busy with other things: how much slower than alone is a known piece of work now?
        busy = max(1, page.evaluate(_KNOWN_WORK) / _KNOWN_WORK_ALONE)
        search = page.evaluate(_SEARCH)
        figures = {
            "first paint": paint,
            "scroll: frame p95": p95,
            "work p95": work95,
            "paste 2,000 × 5": paste,
            "filter": search,
        }
        for name, value in figures.items():
            record_property(name, round(value, 1))
        with capsys.disabled():
            print("\n  grid of 2,000 rows: " + ", ".join(f"{name} {value:.0f} ms" for name, value in figures.items()))
        assert paint <= 300 * busy and work95 <= 34 * busy and paste <= 100 * busy, (figures, busy)


_KNOWN_WORK_ALONE = 30  # milliseconds of processor time
_KNOWN_WORK = """() => {
  const found = new Map(), started = performance.now();
  let sum = 0;
  for (let n = 0; n < 1200000; n += 1) {
    found.set('k' + (n % 5000), n);
    sum += found.size;
  }
  return sum && (performance.now() - started) / 3;
}"""
_SCROLL = """async () => {
  const box = document.querySelector('.tg-scroll'), frames = [], work = [];
  // A machine that stands still paints nothing: the measurement must end all the same.
  const frame = () => new Promise((done) => {
    requestAnimationFrame(done);
    setTimeout(() => done(performance.now()), 1000);
  });
  let before = await frame();
  for (let n = 0; n < 150; n += 1) {
    box.scrollTop += 120;
    const started = performance.now();
    taskgrid.view.paint();
    document.body.offsetHeight;
    work.push(performance.now() - started);
    const now = await frame();
    frames.push(now - before);
    before = now;
  }
  box.scrollTop = 0;
  return [frames, work];
}"""
_PASTE = """async () => {
  const { clipboard, view, model, queue } = taskgrid;
  const names = ['目标', '总结', '验收', '说明', '措施'];
  const rows = [...Array(2000)].map((_, n) => names.map((t) => t + n).join('\\t'));
  const text = rows.join('\\r\\n');
  queue.state = 'signed-out'; // nothing is sent while this is measured
  view.go(view.lines[1].key, 'objective');
  const started = performance.now();
  const data = new DataTransfer();
  data.setData('text/plain', text);
  clipboard.paste({ preventDefault() {}, clipboardData: data });
  document.querySelector('dialog[open] .btn-primary').click();
  await Promise.resolve();
  return performance.now() - started;
}"""
_SEARCH = """() => {
  const started = performance.now();
  taskgrid.filters.set('q', ['第19'], true);
  return performance.now() - started;
}"""
