"""The road map's page in the browser: what is drawn where, keys, filters, speed, and other time zones."""

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from dalian_coop.accounts.enums import Role
from planning.plans.models import Plan
from planning.roadmap.models import Milestone
from planning.roadmap.schedule import schedule
from planning.roadmap.selectors.network import book_network
from planning.taskbooks.models import Task
from tests.browser.conftest import watched
from tests.factories import make_bureau, make_user
from tests.planning.factories import make_book, make_field, make_measure, make_task
from tests.planning.roadmap.factories import make_link, make_stone

EDGE = 14  # px beside the axis, static/js/roadmap/dates.js
FIRST, LAST = date(2026, 1, 1), date(2030, 12, 31)
SPANS = (
    (date(2026, 1, 5), date(2026, 12, 31)),
    (date(2026, 2, 28), date(2028, 2, 29)),
    (date(2026, 6, 1), date(2030, 12, 31)),
    (date(2027, 10, 1), date(2029, 1, 1)),
    (date(2026, 1, 1), date(2027, 7, 15)),
    (date(2028, 3, 1), date(2028, 3, 1)),
)


@pytest.fixture
def book(transactional_db):
    """A book of two fields with six tasks; their milestones wait for each other across the rows."""
    book = make_book(code="jk", title="对日韩合作任务书（示例）")
    for horizon, first, last in (("short", 2026, 2026), ("medium", 2027, 2028), ("long", 2029, 2030)):
        Plan.objects.create(programme=book.programme, horizon=horizon, first_year=first, last_year=last)
    lead = make_bureau("市商务局")
    measures = [
        make_measure(book.programme, f"{n}.1", field=make_field(name)) for n, name in ((1, "经贸"), (2, "文化"))
    ]
    stones = []
    for n, (start, due) in enumerate(SPANS):
        task = make_task(
            book, lead=lead, measure=measures[n // 3], code=f"{n // 3 + 1}.1.{n + 1}", content=f"开行釜山航线第{n}期",
            start=start, due=due, state="in_progress", progress=15 * n, countries=["KR"],
        )  # fmt: skip
        stones.append(make_stone(task, due, name=f"第{n}期开航"))
    for before, after in ((0, 1), (1, 2), (5, 2), (0, 5), (3, 2), (0, 2)):
        make_link(stones[before], stones[after])
    make_task(book, lead=lead, measure=measures[0], code="1.1.91", content="持续推进")
    return book


@pytest.fixture
def person(book):
    return make_user(Role.COORDINATOR, bureau=make_bureau("市发展改革委", coordinates=True))


def opened(page, query: str = ""):
    """The page of the road map with its rows drawn."""
    page.goto(f"/roadmaps/jk/{query}")
    expect(page.locator("#rm")).not_to_have_attribute("aria-busy", "true")
    page.locator(".rm-label").first.wait_for()
    return page


def x_of(width: float, day: date) -> float:
    return EDGE + (width - 2 * EDGE) * (day - FIRST).days / ((LAST - FIRST).days + 1)


def drawn(page) -> dict:
    """Bars {code: (left, right)} and milestones {key: middle} in px from the left edge of the plot, and its width."""
    return page.evaluate(
        """() => {
            const plot = document.querySelector('[data-rm=plot]').getBoundingClientRect();
            const bars = {}, stones = {};
            for (const bar of document.querySelectorAll('.rm-task-bar')) {
                const box = bar.querySelector('.rm-bar').getBoundingClientRect();
                bars[bar.dataset.code] = [box.left - plot.left, box.right - plot.left];
            }
            for (const stone of document.querySelectorAll('.rm-stone[data-stone]')) {
                const box = stone.querySelector('.rm-hit').getBoundingClientRect();
                stones[stone.dataset.stone] = (box.left + box.right) / 2 - plot.left;
            }
            return {bars, stones, width: Number(document.querySelector('.rm-plot svg').getAttribute('width'))};
        }"""
    )


def check_places(page) -> None:
    found = drawn(page)
    width, day = found["width"], timedelta(days=1)
    tasks = Task.objects.exclude(start=None)
    assert len(found["bars"]) == tasks.count() == len(SPANS)
    for task in tasks:
        left, right = found["bars"][task.code]
        assert abs(left - x_of(width, task.start)) <= 1, task.code
        assert abs(right - max(x_of(width, task.due + day), x_of(width, task.start) + 2)) <= 1.6, task.code
    for stone in Milestone.objects.all():
        middle = (x_of(width, stone.due) + x_of(width, stone.due + day)) / 2
        assert abs(found["stones"][str(stone.pk)] - middle) <= 1, stone.name


@pytest.mark.parametrize("zoom", ["quarter", "year", "phase", "fit"])
def test_every_bar_and_milestone_stands_within_a_pixel_of_its_date(page, sign_in, person, zoom):
    sign_in(person)
    check_places(opened(page, f"?zoom={zoom}"))


def test_zooming_by_keys_and_wheel_keeps_the_day_at_the_pointer(page, sign_in, person):
    sign_in(person)
    opened(page, "?zoom=year")
    plot = page.locator("#rm").bounding_box()
    at = plot["x"] + 320 + 300

    def day_at_pointer() -> float:
        found = page.evaluate(
            "([x]) => { const box = document.querySelector('.rm-plot svg').getBoundingClientRect();"
            " return [x - box.left, box.width]; }",
            [at],
        )
        return (found[0] - EDGE) / (found[1] - 2 * EDGE) * ((LAST - FIRST).days + 1)

    before = day_at_pointer()
    page.mouse.move(at, plot["y"] + 200)
    page.keyboard.down("Control")
    for _step in range(3):
        page.mouse.wheel(0, -100)
    page.keyboard.up("Control")
    expect(page).to_have_url(re.compile("scale="))
    assert abs(day_at_pointer() - before) <= 2
    check_places(page)


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/Los_Angeles"])
def test_the_browsers_time_zone_moves_no_date(browser, live_server, watch, sign_in, person, zone):
    context = browser.new_context(base_url=live_server.url, timezone_id=zone, viewport={"width": 1440, "height": 900})
    watched(context, watch)
    sign_in(person, into=context)
    page = opened(context.new_page(), "?zoom=quarter&stones=rows")
    check_places(page)
    expect(page.locator(".rm-note", has_text="2028-02-29")).to_have_count(1)
    today = page.locator(".rm-now").get_attribute("x1")
    width, day = drawn(page)["width"], timezone.localdate()
    assert abs(float(today) - (x_of(width, day) + x_of(width, day + timedelta(days=1))) / 2) <= 1
    context.close()
    assert not watch.problems


CROSSINGS = """() => {
    const bars = [...document.querySelectorAll('.rm-row')].flatMap((row) => {
        const top = row.transform.baseVal.getItem(0).matrix.f;
        return [...row.querySelectorAll('.rm-bar, .rm-late')].map((bar) => {
            const at = (name) => Number(bar.getAttribute(name));
            return [at('x'), top + at('y'), at('x') + at('width'), top + at('y') + at('height')];
        });
    });
    const found = [];
    const lines = [...document.querySelectorAll('.rm-link')];
    for (const line of lines) {
        let x = 0, y = 0;
        for (const [, kind, text] of line.getAttribute('d').matchAll(/([MHV])([^MHV]*)/g)) {
            const numbers = text.trim().split(/[ ,]+/).map(Number);
            const [a, b] = kind === 'M' ? numbers : kind === 'H' ? [numbers[0], y] : [x, numbers[0]];
            if (kind !== 'M') {
                const [l, r, t, u] = [Math.min(x, a), Math.max(x, a), Math.min(y, b), Math.max(y, b)];
                for (const bar of bars) {
                    if (r > bar[0] && l < bar[2] && u > bar[1] && t < bar[3]) found.push([line.getAttribute('d'), bar]);
                }
            }
            [x, y] = [a, b];
        }
    }
    return {found, lines: lines.length};
}"""


@pytest.mark.parametrize("query", ["", "?zoom=quarter", "?zoom=phase&lanes=bureau", "?stones=rows&lanes=horizon"])
def test_no_dependency_crosses_a_bar(page, sign_in, person, query):
    sign_in(person)
    found = opened(page, query).evaluate(CROSSINGS)
    assert found["lines"] == 6
    assert found["found"] == []


def test_the_keyboard_goes_by_row_and_along_dependencies(page, sign_in, person):
    sign_in(person)
    opened(page)
    names = page.locator("#rm [role=treeitem]").evaluate_all("all => all.map((e) => e.dataset.key)")
    page.locator("[role=treeitem][tabindex='0']").focus()
    focused = "document.activeElement.dataset.key || document.activeElement.closest('[data-key]').dataset.key"
    for name in names[1:4]:
        page.keyboard.press("ArrowDown")
        assert page.evaluate(focused) == name
    page.keyboard.press("ArrowUp")
    assert page.evaluate(focused) == names[2]
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.dataset.code") == "1.1.1"
    page.keyboard.press("ArrowRight")
    stones = {stone.name: str(stone.pk) for stone in Milestone.objects.all()}
    assert page.evaluate("document.activeElement.dataset.stone") == stones["第0期开航"]
    page.keyboard.press("ArrowRight")  # nothing further in this row: on to a milestone that waits for it
    assert page.evaluate("document.activeElement.dataset.stone") in (stones["第1期开航"], stones["第5期开航"])
    page.keyboard.press("Home")
    page.keyboard.press("Alt+ArrowLeft")
    expect(page.locator("[role=treeitem][aria-expanded=false]")).to_have_count(1)
    assert "closed=" in page.url
    page.keyboard.press("Alt+ArrowRight")
    expect(page.locator("[role=treeitem][aria-expanded=false]")).to_have_count(0)


def test_enter_opens_the_drawer_and_escape_gives_the_focus_back(page, sign_in, person, axe):
    sign_in(person)
    opened(page)
    page.locator("[role=treeitem]", has_text="开行釜山航线第0期").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#rm-drawer h2")).to_be_focused()
    expect(page.locator("#rm-drawer h2")).to_contain_text("开行釜山航线第0期")
    axe(page)
    page.keyboard.press("Escape")
    expect(page.locator("#rm-drawer")).to_be_hidden()
    expect(page.locator("[role=treeitem]", has_text="开行釜山航线第0期")).to_be_focused()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_page_obeys_the_rules_of_accessibility(page, context, live_server, sign_in, axe, person, theme):
    sign_in(person)
    context.add_cookies([{"name": "theme", "value": theme, "url": live_server.url}])
    for query in ("", "?zoom=quarter&stones=rows", "?lanes=partner", "?light=red"):
        opened(page, query) if "red" not in query else page.goto(f"/roadmaps/jk/{query}")
        axe(page)


@pytest.mark.parametrize("width", [320, 390])
def test_on_a_phone_the_plot_scrolls_and_not_the_page(phone, sign_in, person, width):
    sign_in(person)
    phone.set_viewport_size({"width": width, "height": 844})
    opened(phone, "?zoom=quarter")
    assert phone.evaluate("document.documentElement.scrollWidth") <= width
    assert phone.evaluate("(e => e.scrollWidth > e.clientWidth)(document.querySelector('.rm'))")


def test_filter_lanes_and_fold_stay_in_the_address(page, sign_in, person):
    sign_in(person)
    opened(page)
    page.locator("select[data-lanes]").select_option("horizon")
    page.locator("details.menu summary", has_text="筛选").click()
    page.locator(".rm-filter input[name=q]").fill("第3期")
    page.locator(".rm-filter input[name=q]").press("Enter")
    expect(page.locator(".rm-label.rm-task")).to_have_count(1)
    assert "lanes=horizon" in page.url
    page.reload()
    expect(page.locator(".rm-label.rm-task")).to_have_count(1)
    expect(page.locator("select[data-lanes]")).to_have_value("horizon")
    assert "q=" in page.locator("a[data-carries]", has_text="表格视图").get_attribute("href")


def test_what_lies_outside_the_window_has_an_arrow_that_brings_it(page, sign_in, person):
    sign_in(person)
    opened(page, "?zoom=quarter")
    arrow = page.locator(".rm-row[data-key$='/2.1.6'] .rm-away")
    expect(arrow).to_have_count(1)
    arrow.click()
    expect(arrow).to_have_count(0)
    assert page.evaluate("document.querySelector('#rm').scrollLeft") > 300


def test_tasks_without_dates_are_told_with_a_link_to_them(page, sign_in, person):
    sign_in(person)
    opened(page)
    line = page.locator("[data-rm=undated]")
    expect(line).to_contain_text("1")
    line.locator("a").click()
    expect(page.locator("tr[data-row]")).to_have_count(1)


def test_the_drawing_becomes_a_png_of_twice_its_size(page, sign_in, person):
    sign_in(person)
    opened(page)
    page.locator("details.menu summary", has_text="导出").click()
    with page.expect_download() as download:
        page.locator("a[data-png]").click()
    content = download.value.path().read_bytes()
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    width = int.from_bytes(content[16:20], "big")
    assert width == 2 * (380 + 1400 + 48)


def stone_of(page, name: str):
    """The diamond of a milestone, and the milestone."""
    stone = Milestone.objects.get(name=name)
    return page.locator(f".rm-stone[data-stone='{stone.pk}']"), stone


def drag(page, diamond, days: int, *, let_go: bool = True) -> None:
    """Move a diamond with the mouse by so many days."""
    box = diamond.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    per_day = (drawn(page)["width"] - 2 * EDGE) / ((LAST - FIRST).days + 1)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + days * per_day / 2, y, steps=3)
    page.mouse.move(x + days * per_day, y, steps=3)
    if let_go:
        page.mouse.up()


def test_a_dragged_milestone_is_previewed_applied_and_undone(page, sign_in, person, axe):
    sign_in(person)
    opened(page, "?zoom=year")
    diamond, stone = stone_of(page, "第0期开航")
    drag(page, diamond, 30)
    expected = stone.due + timedelta(days=30)
    expect(page.locator("#rm-due")).to_have_value(expected.isoformat())
    preview = page.locator("#rm-preview")
    expect(preview.locator("[data-moves]")).to_have_attribute("data-moves", "1")
    axe(page)
    assert Milestone.objects.get(pk=stone.pk).due == stone.due  # nothing is written by dragging
    preview.locator("textarea[name=reason]").fill("港口检修")
    preview.get_by_role("button", name="确认调整").click()
    expect(preview.locator("[data-applied]")).to_be_visible()
    assert Milestone.objects.get(pk=stone.pk).due == expected
    width = drawn(page)["width"]
    middle = (x_of(width, expected) + x_of(width, expected + timedelta(days=1))) / 2
    drawn_at = page.locator(f".rm-stone[data-stone='{stone.pk}'][aria-label*='{expected.isoformat()}']")
    expect(drawn_at).to_have_count(1)  # the rows are fetched anew
    assert abs(drawn(page)["stones"][str(stone.pk)] - middle) <= 1
    preview.get_by_role("button", name="全部撤销").click()
    expect(preview.locator("[data-undone]")).to_be_visible()
    assert Milestone.objects.get(pk=stone.pk).due == stone.due


def test_escape_takes_a_drag_back(page, sign_in, person):
    sign_in(person)
    opened(page, "?zoom=year")
    diamond, stone = stone_of(page, "第0期开航")
    drag(page, diamond, 30, let_go=False)
    expect(page.locator(".rm-ghost")).to_have_count(1)
    page.keyboard.press("Escape")
    page.mouse.up()
    expect(page.locator(".rm-ghost")).to_have_count(0)
    expect(page.locator("#rm-drawer")).to_be_hidden()


def test_dates_move_by_keyboard_alone_and_who_is_overtaken_is_asked_again(page, sign_in, person):
    sign_in(person)
    opened(page)
    diamond, stone = stone_of(page, "第2期开航")
    diamond.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#rm-drawer h2")).to_be_focused()
    page.locator("#rm-due").fill("2030-12-20")
    page.locator("#rm-due").press("Enter")
    preview = page.locator("#rm-preview")
    expect(preview.locator("[data-moves]")).to_be_visible()
    Milestone.objects.filter(pk=stone.pk).update(name="他人改名", version=stone.version + 1)
    preview.locator("textarea[name=reason]").fill("年底前完成")
    preview.get_by_role("button", name="确认调整").click()
    expect(preview.locator(".notice-warn[role=alert]")).to_be_visible()
    expect(preview).to_contain_text("他人改名")
    assert Milestone.objects.get(pk=stone.pk).due == stone.due
    preview.get_by_role("button", name="确认调整").click()
    expect(preview.locator("[data-applied]")).to_be_visible()
    assert Milestone.objects.get(pk=stone.pk).due == date(2030, 12, 20)


def test_the_critical_path_is_the_one_the_engine_finds(page, sign_in, book, person):
    sign_in(person)
    opened(page)
    net = book_network(book)
    expected = {str(key) for key, row in schedule(net.items(), net.links).rows.items() if row.critical}
    stones = "all => all.map((e) => e.dataset.stone)"
    assert set(page.locator(".rm-stone.is-critical").evaluate_all(stones)) == expected != set()
    page.get_by_role("button", name="关键路径", exact=True).click()
    expect(page.locator(".rm-stone.is-critical")).to_have_count(0)
    assert "critical=off" in page.url


def test_of_two_thousand_rows_only_the_window_is_painted(page, sign_in, book, person):
    measures = [make_measure(book.programme, f"{n}.1", field=make_field(f"领域{n}")) for n in range(3, 9)]
    lead = make_bureau("市港口局")
    rows = [
        Task(
            book=book, code=f"{3 + n % 6}.1.{n}", measure=measures[n % 6], field=measures[n % 6].field, lead=lead,
            content=f"第{n}项合作任务", sort_key=[3 + n % 6, 1, n], progress=n % 100, state="in_progress",
            start=FIRST + timedelta(days=n % 900), due=FIRST + timedelta(days=n % 900 + 300),
        )
        for n in range(2000)
    ]  # fmt: skip
    Task.objects.bulk_create(rows)
    stones = Milestone.objects.bulk_create(
        Milestone(task=task, code=f"{task.code}-M1", name="里程碑", due=task.due, order=1) for task in rows
    )
    for before, after in zip(stones[:-7:7], stones[7::7], strict=True):
        make_link(before, after)
    sign_in(person)
    opened(page)
    # A machine that stands still paints nothing: a measurement ends all the same, with frames of a second.
    frame = "const frame = () => new Promise((done) => { requestAnimationFrame(done); setTimeout(done, 1000); });"
    draw = f"""async () => {{
        {frame}
        const begin = performance.now();
        document.querySelector('[data-switch=critical]').click();
        await frame();
        await frame();
        return performance.now() - begin;
    }}"""
    scroll = f"""async () => {{
        {frame}
        const rm = document.querySelector('#rm');
        rm.scrollTop = 0;
        const times = [];
        let last = performance.now();
        for (let n = 0; n < 60; n += 1) {{
            await frame();
            times.push(performance.now() - last);
            last = performance.now();
            rm.scrollTop += 120;
        }}
        return times.slice(2).sort((a, b) => a - b)[Math.floor(58 * 0.95)];
    }}"""
    drawing = min(page.evaluate(draw) for _ in range(3))
    show = "on => { document.querySelector('.rm-grid').style.visibility = on ? 'visible' : 'hidden'; }"
    frames = {True: [], False: []}
    for shown in (True, False) * 2:  # what this machine needs at this moment to scroll the rows, and to scroll nothing
        page.evaluate(show, shown)
        frames[shown].append(page.evaluate(scroll))
    page.evaluate(show, True)
    smoothness, empty = min(frames[True]), min(frames[False])
    painted = page.locator(".rm-label").count()
    print(f"\n2,007 tasks: drawn in {drawing:.0f} ms; p95 of a frame {smoothness:.1f} ms, of an empty page {empty:.1f}")
    assert painted < 80  # the goals of 500 ms and 34 ms a frame are for a free machine: read the figures above
