"""From a number of a report back to its observation, and how figures per head are written."""

import re
from decimal import Decimal

import pytest
from django.urls import reverse

from partners.indicators.models import Observation
from planning.gaps.selectors import Report
from planning.gaps.selectors.units import Units
from tests.partners.factories import make_indicator, make_observation
from tests.planning.gaps.factories import compute, start


def body(client, url):
    response = client.get(url)
    assert response.status_code == 200, url
    return response.content.decode()


def links(html, pattern):
    return sorted(set(re.findall(f'href="({pattern})', html)))


def test_every_number_in_own_units_leads_to_the_observation_that_holds_it(client, finished, official):
    client.force_login(official)
    report = body(client, reverse("gaps:report", args=[finished.pk]))
    traces = links(report, rf"/gaps/{finished.pk}/indicators/[a-z]+/#r-[A-Z0-9-]+")
    assert len(traces) >= 5
    for trace in traces:
        address, region = trace.split("#r-")
        row = re.search(rf'<tr id="r-{region}".*?</tr>', body(client, address), re.S)[0]
        figure = Observation.objects.get(pk=re.search(r"/figures/([0-9a-f-]{36})/", row)[1])
        assert (figure.region.code, figure.indicator.code) == (region, address.split("/")[-2])
        assert f">{figure.text}</a>" in row and (str(figure.year) in row or figure.period == "fixed")
        page = body(client, re.search(r'href="(/indicators/[^"]+)"', row)[1])
        assert figure.text in page and "统计年鉴" in page


def test_scores_are_taken_apart_down_to_the_figures(client, finished, official):
    client.force_login(official)
    page = client.get(reverse("gaps:trace-score", args=[finished.pk, "CN-210200"]))
    rows = {row[0].text: row for row in page.context["table"].rows}
    top, parts = rows["综合指数"], [rows["规模"], rows["区位"]]
    assert top[4].value == pytest.approx(finished.result["overall"]["score"])
    assert sum(part[5].value for part in parts) == pytest.approx(top[4].value)
    assert rows["地区生产总值"][1].href.endswith("/indicators/gdp/#r-CN-210200")
    year = client.get(reverse("gaps:trace-score", args=[finished.pk, "CN-210200"]), {"year": "2018"})
    series = next(y for y in finished.result["years"] if y["year"] == 2018)
    assert year.context["found"].nodes["scale"] == series["regions"][0]["nodes"]["scale"]
    for wrong in ("1066", "soon", "２０１９"):
        assert (
            client.get(reverse("gaps:trace-score", args=[finished.pk, "CN-210200"]), {"year": wrong}).status_code == 404
        )


def test_what_is_not_in_the_run_is_not_found(client, finished, official):
    client.force_login(official)
    assert client.get(reverse("gaps:trace", args=[finished.pk, "missing"])).status_code == 404
    assert client.get(reverse("gaps:trace-score", args=[finished.pk, "CN-999999"])).status_code == 404


def test_the_sum_of_the_score_is_printed_and_right(client, finished, official):
    client.force_login(official)
    facts = client.get(reverse("gaps:trace", args=[finished.pk, "gdp"])).context["trace"].facts
    own = next(i for i in finished.result["indicators"] if i["code"] == "gdp")["own"]["score"]
    assert any(fact.text == f"1 + 99 × (50 − 0) ÷ (100 − 0) = {own:.1f}" for fact in facts)
    assert any("宁波市 2018" in fact.note and "青岛市 2019" in fact.note for fact in facts)


def test_a_revised_figure_is_told_and_the_report_keeps_its_own(client, finished, official):
    client.force_login(official)
    Observation.objects.filter(region__code="CN-370200", indicator__code="gdp", year=2019).update(value=Decimal(105))
    trace = client.get(reverse("gaps:trace", args=[finished.pk, "gdp"])).context["trace"]
    row = next(row for row in trace.figures.rows if row[0].text == "青岛市")
    assert row[1].text == "100" and "105" in row[-1].text
    assert trace.revised == 1


def per_head(world, analyst):
    """The world with its ports counted per head of the population."""
    people = make_indicator("people", name_zh="常住人口", unit="persons", direction="neutral")
    for number, region in enumerate(world["regions"].values(), 4):
        make_observation(region, people, 2019, number * 1_000_000, world["source"])
    world["indicator_set"].nodes.filter(code="leaf-port").update(per=people)
    return compute(start(world, by=analyst))


def test_figures_per_head_are_read_per_ten_thousand_people_and_traced_to_both_parts(client, world, analyst):
    run = per_head(world, analyst)
    report = Report(run)
    row = next(row for row in report.rows if row.code == "port")
    found = next(i for i in run.result["indicators"] if i["code"] == "port")
    assert found["own"]["value"] == pytest.approx(20 / 4_000_000)  # the file keeps the plain quotient
    assert row.own.text == "5" and "1,000,000" in str(row.unit).replace("百万", "1,000,000").replace(
        "million", "1,000,000"
    )
    client.force_login(analyst)
    html = body(client, reverse("gaps:trace", args=[run.pk, "port"]))
    row = re.search(r'<tr id="r-CN-210200".*?</tr>', html, re.S)[0]
    assert "/indicators/port/figures/" in row and "/indicators/people/figures/" in row and "4,000,000" in row


@pytest.mark.parametrize(
    ("unit", "values", "power"),
    [
        ("persons", [0.5, 0.6], 2),
        ("persons", [0.006, 0.007], 3),
        ("facilities", [0.00006, 0.0001], 5),
        ("rooms", [0.02], 3),
        ("rooms", [3.0], 0),
        ("rooms", [1e-9], 6),
        ("rooms", [], 0),
    ],
)
def test_power_of_ten_makes_the_middle_figure_readable(db, unit, values, power):
    one, people = make_indicator("a", unit=unit), make_indicator("b", unit="persons")
    result = {"indicators": [{"code": "a", "cells": [{"value": v} for v in values]}]}
    units = Units(result, {"a": "b"}, {"a": one, "b": people})
    assert units.power("a") == power
    if values:
        assert units.number("a", values[0]) == pytest.approx(values[0] * 10**power)
