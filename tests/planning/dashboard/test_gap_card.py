"""The card with the largest gaps: from the latest report, each figure with its year and source."""

import pytest
from django.urls import reverse

from tests.planning.factories import make_coordinator, make_task
from tests.planning.gaps.factories import compute, make_world, start

pytestmark = pytest.mark.django_db


def see(client, user) -> str:
    client.force_login(user)
    return client.get(reverse("dashboard:dashboard")).content.decode()


def test_without_a_report_the_card_says_so_and_where_to_start(client):
    make_task()
    text = see(client, make_coordinator())
    assert reverse("gaps:report-list") in text
    assert "dash-gaps" not in text


def test_a_waiting_run_is_no_report_yet(client):
    make_task()
    start(make_world())
    assert "dash-gaps" not in see(client, make_coordinator())


def test_worst_findings_come_with_value_year_source_and_report(client):
    make_task()
    run = compute(start(make_world()))
    text = see(client, make_coordinator())
    card = text[text.index('class="dash-gaps"') :]
    card = card[: card.index("</section>")]
    for expected in ("地区生产总值", "50", "100", "青岛市", "2019", "统计年鉴", reverse("gaps:report", args=[run.pk])):
        assert expected in card, expected
    worst = run.findings.filter(contribution__gt=0).order_by("-contribution", "position")[:3]
    places = [card.index(finding.indicator.name) for finding in worst]
    assert places == sorted(places)
