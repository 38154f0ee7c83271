"""A gap analysis as an analyst does it: choose, start, watch the bar, read, trace. Real figures, a real worker."""

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from dalian_coop.accounts.enums import Role
from planning.gaps.models import GapRun
from tests.factories import make_user

# Every figure of the report's tables with what stands beside it.
FIGURES = """() => [...document.querySelectorAll('table.gap-figures td')].flatMap(cell => {
    const number = cell.querySelector('a.num');
    const note = cell.querySelector('a.gap-note');
    if (!number || !cell.querySelector('.source') || !note) return [];
    const source = document.getElementById(note.hash.slice(1));
    const beside = cell.querySelector(".source").textContent.trim();
    return [{value: number.textContent, beside, source: source?.textContent}];
})"""
# Rows whose figure of the own city stands without year (or the word that it has none) and source, and without a reason.
BARE = """() => [...document.querySelectorAll('#indicators tbody tr')].filter(row => {
    const own = row.children[1];
    const figure = own.querySelector('a.num') && /\\d{4}|固定值/.test(own.querySelector('.source')?.innerText || '')
        && own.querySelector('a.gap-note');
    return !figure && !own.querySelector('.no-data');
}).map(row => row.innerText)"""


@pytest.mark.worker
def test_analyst_starts_a_run_reads_the_report_and_traces_a_number(page, sign_in, axe, celery_worker):
    call_command("load_reference_data", verbosity=0)
    sign_in(make_user(Role.ANALYST))
    page.goto("/gaps/")
    form = page.locator("#start form")
    form.locator("[name=benchmark_set]").focus()
    expect(form.locator("[name=benchmark_set] option")).not_to_have_count(0)
    form.locator("button[type=submit]").press("Enter")

    # No worker runs yet: the bar stands, the page asks again and again, and nothing is said to be done.
    page.wait_for_url("**/gaps/*-*/")
    bar = page.locator("#gap-progress progress")
    expect(bar).to_be_visible()
    axe(page)
    with page.expect_response(lambda r: r.url == page.url and r.request.header_value("hx-request") == "true"):
        pass
    assert int(bar.get_attribute("value")) < 100
    run = GapRun.objects.select_related("job").get()
    assert run.job.state == "queued"

    celery_worker.start()
    expect(page.locator("#indicators")).to_be_visible(timeout=60_000)  # it opens by itself
    run = GapRun.objects.select_related("job").get()
    assert (run.job.state, run.job.progress) == ("succeeded", 100)

    assert page.evaluate(BARE) == []
    figures = page.evaluate(FIGURES)
    assert all(figure["source"] for figure in figures)
    dated = [figure for figure in figures if figure["beside"][:4].isdigit()]
    timeless = [figure for figure in figures if figure["beside"].startswith("固定值")]  # distances have no year
    assert len(dated) >= 10  # own and best city of the indicators that change with the year
    assert len(dated) + len(timeless) == len(figures)
    assert page.locator("#data .gap-sources li").count() > 0
    for chart in page.locator("figure.chart").all():
        expect(chart.locator(".chart-canvas svg")).to_have_count(1)
        expect(chart.locator("details table")).to_have_count(1)
    axe(page)
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    axe(page)

    page.set_viewport_size({"width": 1440, "height": 900})

    # One number, clicked back to the observation it rests on: figure, the indicator's figures, the observation.
    row = page.locator("#i-container_teu")
    shown = row.locator("td a.num").first.inner_text()
    row.locator("td a.num").first.click()
    page.wait_for_url(f"**/gaps/{run.pk}/indicators/container_teu/#r-CN-210200")
    axe(page)
    expect(page.locator("#r-CN-210200")).to_contain_text("2019")
    page.locator("#r-CN-210200 td a", has_text=shown).click()
    page.wait_for_url("**/indicators/container_teu/figures/*/")
    for text in (shown, "大连市", "2019", "Busiest container ports 2004-2019"):
        expect(page.locator("main")).to_contain_text(text)

    # The score: taken apart along the tree, down to the same figure.
    page.goto(f"/gaps/{run.pk}/")
    page.locator("#position .tile-value a").first.click()
    page.wait_for_url(f"**/gaps/{run.pk}/scores/CN-210200/")
    axe(page)
    expect(page.locator("main")).to_contain_text(shown)
    page.get_by_role("link", name="集装箱").first.click()
    page.wait_for_url(f"**/gaps/{run.pk}/indicators/container_teu/#r-CN-210200")

    page.goto("/gaps/")
    expect(page.locator(f"a[href='/gaps/{run.pk}/']")).to_be_visible()
