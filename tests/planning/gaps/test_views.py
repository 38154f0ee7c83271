"""The pages of gap analysis: who sees what, and what stands on them."""

import uuid

import pytest
from django.urls import reverse

from dalian_coop.accounts.enums import Role
from dalian_coop.jobs.models import Job
from planning.gaps.models import GapRun
from tests.factories import make_user
from tests.partners.factories import make_region
from tests.planning.gaps.factories import FIGURES, compute, make_benchmark_set, make_world, start

LIST = reverse("gaps:report-list")


def page_of(client, user, url, **extra):
    client.force_login(user)
    return client.get(url, **extra)


def report_url(run):
    return reverse("gaps:report", args=[run.pk])


def form_of(world, **values):
    return {
        "benchmark_set": world["benchmark_set"].pk,
        "indicator_set": world["indicator_set"].pk,
        "year_rule": "common",
        "benchmark": "leader",
    } | values


@pytest.mark.parametrize("role", [Role.OFFICIAL, Role.HEAD, Role.COORDINATOR, Role.LEADER, Role.ANALYST])
def test_business_roles_read_list_and_report(client, finished, role):
    user = make_user(role)
    for url in (LIST, report_url(finished)):
        assert page_of(client, user, url).status_code == 200


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN])
def test_administrators_read_no_report(client, finished, role):
    user = make_user(role)
    for url in (LIST, report_url(finished)):
        assert page_of(client, user, url).status_code == 403


def test_stranger_is_sent_to_the_sign_in(client, finished):
    for url in (LIST, report_url(finished)):
        response = client.get(url)
        assert response.status_code == 302 and "/accounts/" in response["Location"]


def test_only_those_who_may_start_see_the_form(client, world, analyst, official):
    assert page_of(client, analyst, LIST).context["form"] is not None
    assert page_of(client, official, LIST).context["form"] is None
    assert client.post(LIST, form_of(world)).status_code == 403
    assert not GapRun.objects.exists()


def test_start_leads_to_the_page_of_the_run(client, world, analyst):
    client.force_login(analyst)
    response = client.post(LIST, form_of(world))
    run = GapRun.objects.get()
    assert response.status_code == 302 and response["Location"] == report_url(run)


def test_year_and_region_that_the_choice_does_not_use_are_left_out(client, world, analyst):
    client.force_login(analyst)
    region = world["regions"]["CN-370200"]
    assert client.post(LIST, form_of(world, year=2019, reference=region.pk)).status_code == 302
    run = GapRun.objects.get()
    assert (run.year, run.reference) == (None, None)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"year_rule": "one_year"}, "year"),
        ({"year_rule": "one_year", "year": "1700"}, "year"),
        ({"year_rule": "one_year", "year": "soon"}, "year"),
        ({"benchmark": "region"}, "reference"),
        ({"benchmark_set": uuid.uuid4()}, "benchmark_set"),
        ({"year_rule": "never"}, "year_rule"),
    ],
)
def test_wrong_choice_is_named_at_its_field_and_the_rest_kept(client, world, analyst, values, field):
    client.force_login(analyst)
    response = client.post(LIST, form_of(world, **values))
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert response.context["form"]["benchmark"].value() == values.get("benchmark", "leader")
    assert not Job.objects.exists()


def test_waiting_run_shows_a_bar_that_asks_again(client, world, analyst):
    run = start(world, by=analyst)
    html = page_of(client, analyst, report_url(run)).content.decode()
    assert f'hx-get="{report_url(run)}"' in html and "<progress" in html


def test_bar_shows_the_progress_of_the_job_and_stops_asking_after_a_failure(client, world, official):
    run = start(world)
    Job.objects.filter(pk=run.job_id).update(state="running", progress=40, step="读取数据")
    fragment = page_of(client, official, report_url(run), HTTP_HX_REQUEST="true").content.decode()
    assert 'value="40"' in fragment and "读取数据" in fragment and "<html" not in fragment
    Job.objects.filter(pk=run.job_id).update(state="failed", finished_at=run.created_at, error="坏了")
    fragment = client.get(report_url(run), HTTP_HX_REQUEST="true").content.decode()
    assert "坏了" in fragment and "hx-get" not in fragment


def test_bar_that_is_polled_after_the_end_opens_the_report(client, finished, official):
    response = page_of(client, official, report_url(finished), HTTP_HX_REQUEST="true")
    assert response["HX-Redirect"] == report_url(finished)


def test_unknown_report_is_not_found(client, world, analyst):
    assert page_of(client, analyst, reverse("gaps:report", args=[uuid.uuid4()])).status_code == 404
    assert page_of(client, analyst, "/gaps/nonsense/").status_code == 404


def test_report_shows_every_figure_with_year_and_source(client, finished, official):
    response = page_of(client, official, report_url(finished))
    html = response.content.decode()
    gdp = next(row for row in response.context["report"].rows if row.code == "gdp")
    assert (gdp.own.text, gdp.own.year, gdp.own.source) == ("50", "2019", 1)
    assert (gdp.best.region, gdp.gap, gdp.relative, gdp.rank) == ("青岛市", "50", "50.0%", 3)
    assert 'id="source-1"' in html and 'href="#source-1"' in html
    assert "统计年鉴" in html


def test_missing_figure_is_shown_as_words_with_the_reason(client, finished, official):
    report = page_of(client, official, report_url(finished)).context["report"]
    port = next(row for row in report.rows if row.code == "port")
    cell = next(c for c in port.cells if c.region == "天津市")
    assert cell.text is None and cell.reason
    assert [c.region for c in port.absent] == ["天津市"]


def test_printed_contributions_sum_to_the_printed_gap(client, finished, official):
    context = page_of(client, official, report_url(finished)).context
    section = next(s for s in context["sections"] if s.key == "contributions")
    (chart,) = section.charts
    gap = finished.result["overall"]["gap"]
    assert sum(row[1].value for row in chart.table.rows) == pytest.approx(gap, abs=1e-9)
    assert chart.table.total[1].text == f"{gap:+.1f}"
    drawn = chart.data
    reached = drawn["start"]["value"] + sum(step["value"] for step in drawn["steps"])
    assert reached == pytest.approx(drawn["end"]["value"], abs=1e-9)


def test_charts_hold_the_values_of_their_tables(client, finished, official):
    context = page_of(client, official, report_url(finished)).context
    charts, report = context["charts"], context["report"]
    assert [r["value"] for r in charts["difference"]["rows"]] == [r["difference"] for r in charts["difference_rows"]]
    ranked = [r for r in report.regions if r["rank"]]
    assert charts["scores"]["series"][0]["values"] == [float(r["score"]) for r in ranked]
    assert charts["scores"]["highlight"] == "大连市"
    assert charts["radar"] is None  # two dimensions are no radar


def test_lower_is_better_is_printed_and_a_shorter_way_is_a_lead(client, world, analyst, official):
    run = compute(start(world, by=analyst, benchmark="region", reference=world["regions"]["CN-370200"]))
    report = page_of(client, official, report_url(run)).context["report"]
    far = next(row for row in report.rows if row.code == "far")
    assert far.behind is False and far.gap == "400" and "↓" in far.arrow


def test_run_without_common_figures_is_a_page_that_says_so(client, db, official):
    world = make_world({c: (n, a, b, p, None) for c, (n, a, b, p, _) in FIGURES.items()})
    run = compute(start(world, year_rule="one_year", year=1990))
    response = page_of(client, official, report_url(run))
    assert response.status_code == 200
    assert response.templates[0].name == "gaps/empty_report.html"


def test_report_without_an_overall_score_says_why(client, db, official):
    world = make_world({**FIGURES, "CN-210200": ("大连市", None, None, None, 400)})
    run = compute(start(world))
    report = page_of(client, official, report_url(run)).context["report"]
    assert report.overall["score"] is None and report.overall["reason"]
    assert report.lines == []


def test_own_city_that_leads_reads_as_a_lead(client, db, official):
    world = make_world({**FIGURES, "CN-210200": ("大连市", 200, 300, 300, 100)})
    run = compute(start(world))
    overall = page_of(client, official, report_url(run)).context["report"].overall
    assert overall["behind"] is False and overall["lead"] is not None


def test_overseas_office_sees_no_report_with_regions_of_another_country(client, world, analyst, japan_office):
    mixed = make_benchmark_set(
        {"CN-210200": world["regions"]["CN-210200"], "KR-28": make_region("KR-28", "仁川广域市")}, code="korea"
    )
    hidden = compute(start(world | {"benchmark_set": mixed}, by=analyst))
    shown = compute(start(world, by=analyst))
    assert page_of(client, japan_office, report_url(hidden)).status_code == 404
    assert page_of(client, japan_office, report_url(shown)).status_code == 200
    assert [run.pk for run, _status in client.get(LIST).context["runs"]] == [shown.pk]


def test_list_asks_the_database_as_often_for_many_runs_as_for_one(
    client, world, analyst, django_assert_max_num_queries
):
    def count():
        with django_assert_max_num_queries(40) as queries:
            assert page_of(client, analyst, LIST).status_code == 200
        return len(queries)

    compute(start(world, by=analyst))
    count()
    one = count()
    for seed in range(1, 5):
        compute(start(world, by=analyst, seed=seed))
    assert count() == one


def test_report_asks_the_database_as_often_for_many_indicators_as_for_few(
    client, finished, official, django_assert_max_num_queries
):
    page_of(client, official, report_url(finished))
    with django_assert_max_num_queries(20):
        client.get(report_url(finished))
