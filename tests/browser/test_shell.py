"""The shell in a real browser: theme, keyboard, menus, phone, errors in forms."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from dalian_coop.accounts.enums import Role

pytestmark = pytest.mark.django_db(transaction=True)


def theme_of(page) -> str:
    return page.evaluate("document.documentElement.dataset.theme")


def test_chosen_theme_is_in_the_next_answer_of_the_server(page, sign_in):
    sign_in(Role.LEADER)
    page.goto(reverse("taskbooks:book-list"))
    assert theme_of(page) == "system"
    page.locator(".theme-summary").click()
    page.locator("button[name=theme][value=dark]").click()
    assert theme_of(page) == "dark"
    assert page.evaluate("document.activeElement.matches('.theme-summary')")
    response = page.goto(reverse("relations:city-list"))
    assert 'data-theme="dark"' in response.text()


def test_theme_works_without_scripts(new_context, live_server, sign_in):
    quiet = new_context(base_url=live_server.url, java_script_enabled=False)
    sign_in(Role.LEADER, into=quiet)
    page = quiet.new_page()
    page.goto(reverse("taskbooks:book-list"))
    page.locator(".theme-summary").click()
    page.locator("button[name=theme][value=dark]").click()
    expect(page).to_have_url(f"{live_server.url}{reverse('taskbooks:book-list')}")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_keyboard_reaches_the_content_the_search_and_leaves_menus(page, sign_in):
    sign_in(Role.LEADER)
    page.goto(reverse("taskbooks:book-list"))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.hash") == "#main"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "top-search"
    page.keyboard.type("/")
    assert page.locator("#top-search").input_value() == "/"
    menu = page.locator("details.menu").filter(has=page.locator(".user-chip"))
    page.locator(".user-chip").click()
    expect(menu).to_have_attribute("open", "")
    page.keyboard.press("Escape")
    assert not menu.evaluate("menu => menu.open")
    assert page.evaluate("document.activeElement.classList.contains('user-chip')")


def test_phone_has_five_entries_below_and_the_rest_in_the_menu(phone, sign_in):
    sign_in(Role.COORDINATOR)
    phone.goto(reverse("taskbooks:book-list"))
    expect(phone.locator(".bottombar a")).to_have_count(5)
    expect(phone.locator(".rail")).to_be_hidden()
    phone.locator("details.phone-only > summary").click()
    for name in ("industries:industry-list", "indicators:source-list", "jobs:list"):
        expect(phone.locator(f"details.phone-only a[href='{reverse(name)}']")).to_be_visible()


@pytest.mark.parametrize("language", ["zh-hans", "en", "ja", "ko"])
def test_narrow_page_does_not_scroll_sideways(phone, context, sign_in, live_server, language):
    sign_in(Role.LEADER)
    context.add_cookies([{"name": "django_language", "value": language, "url": live_server.url}])
    phone.set_viewport_size({"width": 320, "height": 640})
    for path in (reverse("taskbooks:book-list"), reverse("accounts:profile")):
        phone.goto(path)
        assert phone.evaluate("document.documentElement.scrollWidth") <= 320


def test_refused_form_puts_the_focus_on_its_summary(page):
    page.goto(reverse("accounts:sign-in"))
    page.locator("form.form button[type=submit]").click()
    summary = page.locator("[data-error-summary]")
    expect(summary).to_be_focused()
    summary.locator("a").first.click()
    assert page.evaluate("document.activeElement.getAttribute('aria-invalid')") == "true"


def test_notice_with_undo_is_announced_and_can_be_closed(page, sign_in):
    sign_in(Role.LEADER)
    page.goto(reverse("taskbooks:book-list"))
    page.evaluate("portal.toast({text: 'gone', tone: 'ok', undo: '/x/'})")
    toast = page.locator("#toasts[aria-live=polite] .toast")
    expect(toast).to_contain_text("gone")
    expect(toast.locator("[data-toast-undo]")).to_be_visible()
    toast.locator("[data-toast-close]").click()
    expect(page.locator("#toasts .toast")).to_have_count(0)


def test_charts_of_every_kind_are_drawn_within_the_policy(page, sign_in):
    """Four kinds in one page, light and dark: SVG, no breach of the policy (the watch sees it), missing as words."""
    sign_in(Role.LEADER)
    page.goto(reverse("taskbooks:book-list"))
    src = page.evaluate("document.querySelector('script[src*=\"js/app\"]').src")
    folder = src.split("js/app")[0]
    page.evaluate(
        """async ([echarts, charts]) => {
          const data = {
            bar: {categories: ["A", "B"], series: [{name: "x", values: [1, null]}], unit: "t"},
            line: {categories: ["2020", "2021", "2022"], series: [
              {name: "one", values: [1, null, 3]}, {name: "two", values: [2, 2, 3]}]},
            radar: {axes: ["a", "b", "c", "d"].map(name => ({name, max: 10})), series: [
              {name: "x", values: [1, 2, 3, 4]}, {name: "y", values: [4, 3, null, 1]}]},
            diverging: {rows: [{label: "a", value: -2}, {label: "b", value: null, note: "not published"}]},
          };
          for (const [kind, values] of Object.entries(data)) {
            const figure = document.createElement("figure");
            figure.className = "chart"; figure.dataset.chart = kind; figure.dataset.source = `d-${kind}`;
            const source = document.createElement("script");
            source.type = "application/json"; source.id = `d-${kind}`; source.textContent = JSON.stringify(values);
            document.querySelector("main").append(figure, source);
          }
          for (const src of [echarts, charts]) await new Promise((done, failed) => {
            const script = document.createElement("script");
            script.src = src; script.onload = done; script.onerror = failed;
            document.head.append(script);
          });
        }""",
        [f"{folder}vendor/echarts-6.1.0.min.js", f"{folder}js/charts.js"],
    )
    for kind in ("bar", "line", "radar", "diverging"):
        expect(page.locator(f"[data-chart={kind}] svg")).to_have_count(1)
    expect(page.locator("[data-chart=radar] .chart-missing")).to_contain_text("c")
    expect(page.locator("[data-chart=diverging] svg")).to_contain_text("not published")
    before = page.locator("[data-chart=bar] svg").inner_html()
    page.locator(".theme-summary").click()
    page.locator("button[name=theme][value=dark]").click()
    assert page.locator("[data-chart=bar] svg").inner_html() != before
