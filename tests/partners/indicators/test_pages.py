"""Pages of indicators, figures and sources."""

import pytest

from dalian_coop.accounts.enums import ADMIN_ROLES, Role
from partners.indicators.models import Indicator, Observation
from tests.factories import make_user
from tests.partners.factories import make_indicator, make_observation, make_region, make_source
from tests.partners.queries import count_queries

BUSINESS_ROLES = [role for role in Role if role not in ADMIN_ROLES]
PAGES = ("/indicators/", "/indicators/gdp/", "/sources/", "figure")


def address(path: str) -> str:
    if path != "figure":
        return path
    figure = Observation.objects.get(region__code="CN-210200", year=2023, preferred=True)
    return f"/indicators/gdp/figures/{figure.pk}/"


@pytest.mark.parametrize("role", BUSINESS_ROLES)
@pytest.mark.parametrize("path", PAGES)
def test_business_roles_read_the_pages(client, world, role, path):
    client.force_login(make_user(role))
    assert client.get(address(path)).status_code == 200


@pytest.mark.parametrize("role", ADMIN_ROLES)
@pytest.mark.parametrize("path", PAGES)
def test_administrators_do_not_read_business_content(client, world, role, path):
    client.force_login(make_user(role))
    assert client.get(address(path)).status_code == 403


@pytest.mark.parametrize("path", PAGES)
def test_strangers_are_sent_to_sign_in(client, world, path):
    assert client.get(address(path)).status_code == 302


@pytest.mark.parametrize(
    "path",
    [
        "/indicators/gpd/",
        "/indicators/gdp/?year=1066",
        "/indicators/gdp/?year=abc",
        "/indicators/gdp/?year=²023",
        "/indicators/gdp/figures/00000000-0000-7000-8000-000000000000/",
    ],
)
def test_unknown_indicator_year_or_figure_is_404(client, world, official, path):
    client.force_login(official)
    assert client.get(path).status_code == 404


def test_figure_under_another_indicator_is_404(client, world, official):
    make_indicator("other")
    client.force_login(official)
    key = Observation.objects.first().pk
    assert client.get(f"/indicators/other/figures/{key}/").status_code == 404


def test_overseas_office_sees_china_and_its_own_country(client, world, japan_office):
    client.force_login(japan_office)
    groups = client.get("/indicators/gdp/").context["table"].groups
    assert {line.region.code for g in groups for line in g.lines} == {"CN-210200", "CN-370200", "JP-40100"}
    korean = Observation.objects.filter(region__code="KR-28").first()
    assert client.get(f"/indicators/gdp/figures/{korean.pk}/").status_code == 404
    listed = client.get("/indicators/").context["groups"][0].indicators[0]
    assert (listed.coverage["regions"], listed.coverage["figures"]) == (3, 6)


def test_own_and_benchmark_cities_stand_first_then_countries_by_size(client, world, official):
    small = make_region("JP-26202", "舞鹤市")
    make_observation(small, world["gdp"], 2023, 5, world["source"])
    client.force_login(official)
    groups = client.get("/indicators/gdp/").context["table"].groups
    found = [[line.region.code for line in group.lines] for group in groups]
    assert found == [["CN-210200", "CN-370200"], ["JP-40100", "JP-26202"], ["KR-28"]]


def test_parts_of_years_and_other_sources_never_stand_in_the_table(client, world, official):
    other = make_source("mirror")
    make_observation(world["home"], world["gdp"], 2023, 8000, other, preferred=False)
    make_observation(world["home"], world["gdp"], 2023, 4100, world["source"], period="2023-01/2023-06")
    client.force_login(official)
    table = client.get("/indicators/gdp/").context["table"]
    shown = [o.value for g in table.groups for line in g.lines for o in line.cells if o]
    assert 8000 not in shown and 4100 not in shown
    assert [o.value for o in table.parts] == [4100]
    assert [o.value for o in table.others] == [8000]


def test_year_filter_shows_one_year_with_notes(client, world, official):
    Observation.objects.filter(region=world["home"], year=2022).update(note="first figure", note_zh="初步数")
    client.force_login(official)
    response = client.get("/indicators/gdp/?year=2022")
    assert response.context["table"].shown == [2022]
    lines = {line.region.code: line.cells for g in response.context["table"].groups for line in g.lines}
    assert [o.value for o in lines["CN-210200"]] == [7700]
    text = response.content.decode()
    assert "7,700" in text
    assert "初步数" in text


def test_years_in_which_hardly_anybody_has_a_figure_do_not_fill_the_table(client, world, official):
    many = [make_region(f"JP-3{n:04}") for n in range(10)]
    for region in many:
        make_observation(region, world["gdp"], 2010, 1, world["source"])
    make_observation(many[0], world["gdp"], 2024, 2, world["source"])
    client.force_login(official)
    assert client.get("/indicators/gdp/").context["table"].shown == [2023, 2022, 2010]
    assert client.get("/indicators/gdp/?year=all").context["table"].shown == [2024, 2023, 2022, 2010]


def test_breaks_and_projections_are_marked(client, world, official):
    Observation.objects.filter(region=world["home"], year=2023).update(status="break")
    Observation.objects.filter(region=world["qingdao"], year=2023).update(status="projection")
    client.force_login(official)
    response = client.get("/indicators/gdp/")
    assert response.context["table"].chart["breaks"] == [{"name": "大连市", "years": [2023]}]
    text = response.content.decode()
    assert "断点" in text and "预测" in text


def test_indicator_without_figures_says_so(client, world, official):
    make_indicator("air_routes_jp", category="connectivity", name_zh="对日本航线数")
    client.force_login(official)
    assert "没有数字" in client.get("/indicators/air_routes_jp/").content.decode()
    assert "没有数字" in client.get("/indicators/").content.decode()


def test_filters_of_the_list(client, world, official):
    make_indicator("jp_pop", category="population", scope="JP", name_zh="总人口", name_en="Total population")
    client.force_login(official)

    def shown(query: str) -> set[str]:
        return {i.code for g in client.get(f"/indicators/{query}").context["groups"] for i in g.indicators}

    assert shown("") == {"gdp", "jp_pop"}
    assert shown("?category=population") == {"jp_pop"}
    assert shown("?country=KR") == {"gdp"}
    assert shown("?own=on") == {"gdp"}
    assert shown("?q=population") == {"jp_pop"}
    assert shown("?category=nonsense") == {"gdp", "jp_pop"}


def test_sources_count_what_rests_on_them(client, world, official):
    make_source("unused")
    client.force_login(official)
    response = client.get("/sources/")
    counts = {s.code: (s.figure_count, s.agreement_count) for s in response.context["sources"]}
    assert counts == {"communique": (8, 2), "unused": (0, 0)}
    assert response.context["totals"] == {"sources": 2, "figures": 8}
    assert "GeoNames" in response.content.decode()
    assert [s.code for s in client.get("/sources/?q=unused").context["sources"]] == ["unused"]


def test_english_page_has_english_words(client, world, official):
    client.force_login(official)
    client.cookies["django_language"] = "en"
    text = client.get("/indicators/gdp/").content.decode()
    assert "Gross domestic product" in text and "100 million CNY" in text
    assert "亿元" not in text


def test_figure_page_shows_history_and_other_sources(client, world, official):
    figure = Observation.objects.get(region=world["home"], year=2023)
    make_observation(world["home"], world["gdp"], 2023, 8000, make_source("mirror"), preferred=False)
    Observation.objects.filter(pk=figure.pk).update(value=8800)
    client.force_login(official)
    response = client.get(address("figure"))
    assert [e.kind for e in response.context["entries"]] == ["update", "insert"]
    assert [o.value for o in response.context["siblings"]] == [8000]


@pytest.mark.parametrize("path", ["/indicators/", "/indicators/gdp/", "/sources/"])
def test_lists_ask_as_much_for_fifty_rows_as_for_two(client, world, official, path):
    client.force_login(official)
    few = count_queries(client, path)
    for number in range(50):
        source = make_source(f"more-{number}")
        make_indicator(f"more-{number}")
        make_observation(make_region(f"JP-2{number:04}"), world["gdp"], 2020, number, source)
    assert Indicator.objects.count() == 51
    assert count_queries(client, path) == few
    assert few <= 12
