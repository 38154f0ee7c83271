"""Pages of partner cities and agreements."""

import re

import pytest

from dalian_coop.accounts.enums import ADMIN_ROLES, Role
from partners.relations import selectors
from partners.relations.selectors import CityTasks
from tests.factories import make_user
from tests.partners.factories import make_agreement, make_observation, make_region
from tests.partners.queries import count_queries

BUSINESS_ROLES = [role for role in Role if role not in ADMIN_ROLES]
PAGES = ("/cities/", "/cities/JP-40100/", "/agreements/{with_kita.code}/")


@pytest.mark.parametrize("role", BUSINESS_ROLES)
@pytest.mark.parametrize("path", PAGES)
def test_business_roles_read_the_pages(client, world, role, path):
    client.force_login(make_user(role))
    response = client.get(path.format(**world))
    assert response.status_code == 200
    assert "北九州市" in response.content.decode()


@pytest.mark.parametrize("role", ADMIN_ROLES)
@pytest.mark.parametrize("path", PAGES)
def test_administrators_do_not_read_business_content(client, world, role, path):
    client.force_login(make_user(role))
    response = client.get(path.format(**world))
    assert response.status_code == 403
    assert "北九州市" not in response.content.decode()


@pytest.mark.parametrize("path", PAGES)
def test_strangers_are_sent_to_sign_in(client, world, path):
    response = client.get(path.format(**world))
    assert response.status_code == 302
    assert response.url.startswith("/accounts/")


@pytest.mark.parametrize("path", ["/cities/JP-99999/", "/cities/nowhere/", "/agreements/SC999999/"])
def test_unknown_city_or_agreement_is_404(client, world, official, path):
    client.force_login(official)
    assert client.get(path).status_code == 404


def test_overseas_office_sees_its_own_country_only(client, world, japan_office):
    client.force_login(japan_office)
    text = client.get("/cities/").content.decode()
    assert "北九州市" in text and "仁川" not in text
    assert client.get("/cities/KR-28/").status_code == 404
    assert client.get(f"/agreements/{world['with_incheon'].code}/").status_code == 404
    assert client.get("/cities/CN-370200/").status_code == 200


def test_filters_stand_in_the_query_string(client, world, official):
    make_region("JP-13101", "千代田区", name_en="Chiyoda")
    client.force_login(official)

    def shown(query: str) -> set[str]:
        page = client.get(f"/cities/{query}").context["page"]
        return {row.region.code for row in page.object_list}

    assert shown("") == {"JP-40100", "KR-28"}
    assert shown("?country=KR") == {"KR-28"}
    assert shown("?kind=friendship") == {"JP-40100"}
    assert shown("?scope=all") == {"JP-40100", "KR-28", "JP-13101"}
    assert shown("?scope=all&q=chiyoda") == {"JP-13101"}
    assert shown("?scope=all&q=beijiuzhou") == {"JP-40100"}
    assert shown("?q=nothing+like+that") == set()


def test_bad_filter_says_so_at_the_field_and_keeps_the_text(client, world, official):
    client.force_login(official)
    response = client.get("/cities/", {"country": "XX", "q": "x" * 61})
    text = response.content.decode()
    assert response.status_code == 200
    assert set(response.context["form"].errors) == {"country", "q"}
    assert "x" * 61 in text
    assert text.count("field-error") == 2


def test_numbers_of_the_summary_equal_the_rows_they_open(client, world, official):
    other = make_region("JP-26202", "舞鹤市")
    make_agreement(world["home"], other, world["source"], kind="cooperation")
    make_agreement(world["qingdao"], make_region("JP-35201", "下关市"), world["source"])
    client.force_login(official)
    summary = client.get("/cities/").context["summary"]
    cells = [cell for row in summary.rows for cell in row.cells]
    assert [cell.count for cell in cells] == [1, 1, 2, 0, 1, 1, 1, 2, 3]
    for cell in cells:
        assert client.get(f"/cities/{cell.query}").context["page"].paginator.count == cell.count


def test_city_page_names_languages_sources_and_missing_figures(client, world, official):
    client.force_login(official)
    text = client.get("/cities/JP-40100/").content.decode()
    assert '<span lang="ja">北九州市</span>' in text
    assert '<span lang="en">Kitakyushu</span>' in text
    assert "310" in text and "2023" in text
    assert re.search(r'<li id="source-1">.*?2024年统计公报', text, re.S)
    assert text.count("no-data") >= 4  # manufacturing, port, foreign residents, the Korean name


def test_task_counts_come_from_the_room_of_task_books(client, world, official, monkeypatch):
    monkeypatch.setattr(selectors, "_city_tasks", lambda actor: {"JP-40100": CityTasks(7, "red")})
    client.force_login(official)
    response = client.get("/cities/")
    rows = {row.region.code: row.tasks for row in response.context["page"].object_list}
    assert rows["JP-40100"].count == 7 and rows["KR-28"].count == 0
    marks = {m.label: m.light for m in response.context["sea"]["markers"]}
    assert marks["北九州市"] == "red"


def test_agreement_page_shows_its_history(client, world, official):
    client.force_login(official)
    response = client.get(f"/agreements/{world['with_kita'].code}/")
    assert [entry.kind for entry in response.context["entries"]] == ["insert"]
    assert "1979-05-01" in response.content.decode()


def test_city_list_asks_as_much_for_fifty_cities_as_for_two(client, world, official):
    client.force_login(official)
    few = count_queries(client, "/cities/?scope=all")
    for number in range(50):
        region = make_region(f"JP-1{number:04}", f"第{number}区")
        make_agreement(world["home"], region, world["source"])
    assert count_queries(client, "/cities/?scope=all") == few
    assert few <= 16


def test_city_page_asks_as_much_for_fifty_figures_as_for_two(client, world, official):
    client.force_login(official)
    few = count_queries(client, "/cities/JP-40100/")
    for year in range(1960, 2010):
        make_observation(world["kita"], world["gdp"], year, year, world["source"])
        make_agreement(world["qingdao"], world["kita"], world["source"])
    assert count_queries(client, "/cities/JP-40100/") == few
    assert few <= 16
