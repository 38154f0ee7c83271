"""REST of this floor: lists, details, scope, filters."""

import pytest

from dalian_coop.accounts.enums import ADMIN_ROLES, Role
from partners.industries.services import load_industries
from tests.factories import bearer, make_bureau, make_client_token, make_user
from tests.partners.factories import make_observation, make_region
from tests.partners.queries import count_queries

LISTS = ("regions", "industries", "cooperation-fields", "indicators", "observations", "data-sources", "agreements")


@pytest.fixture
def token(world):
    """A system of the coordinating bureau."""
    return make_client_token(make_bureau(coordinates=True), ["reference:read"])


def items(client, url: str, token: str) -> list[dict]:
    response = client.get(f"/api/v1/{url}", **bearer(token))
    assert response.status_code == 200, response.content
    return response.json()["items"]


@pytest.mark.parametrize("name", LISTS)
def test_lists_need_a_sign_in_and_the_scope(client, world, name):
    assert client.get(f"/api/v1/{name}/").status_code == 401
    other = make_client_token(scopes=["taskbooks:read"])
    assert client.get(f"/api/v1/{name}/", **bearer(other)).status_code == 403


@pytest.mark.parametrize("role", Role)
def test_people_read_with_their_session_administrators_do_not(client, world, role):
    client.force_login(make_user(role))
    assert client.get("/api/v1/regions/").status_code == (403 if role in ADMIN_ROLES else 200)


def test_detail_is_the_row_of_the_list(client, world, token):
    load_industries()
    for name, key in (
        ("regions", "code"),
        ("industries", "code"),
        ("cooperation-fields", "code"),
        ("indicators", "code"),
        ("observations", "id"),
        ("data-sources", "code"),
        ("agreements", "code"),
    ):
        row = items(client, f"{name}/?limit=1", token)[0]
        response = client.get(f"/api/v1/{name}/{row[key]}/", **bearer(token))
        assert response.status_code == 200, name
        detail = response.json()
        assert {k: detail[k] for k in row} == row
        assert response.headers["ETag"]
        assert client.get(f"/api/v1/{name}/nothing/", **bearer(token)).status_code == 404


def test_observations_carry_exact_value_unit_year_and_source(client, world, token):
    row = items(client, "observations/?region=CN-210200&year=2023", token)[0]
    assert row["value"].startswith("8752")
    assert (row["unit"], row["year"], row["period"], row["source"]) == ("100 million CNY", 2023, "A", "communique")


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("observations/?country=JP", 2),
        ("observations/?region__in=JP-40100,KR-28", 4),
        ("observations/?year__gte=2023", 4),
        ("observations/?preferred=false", 0),
        ("observations/?region__startswith=CN", 4),
        ("regions/?country__in=JP,KR", 2),
        ("regions/?role=focus", 1),
        ("regions/?name_zh__contains=连", 1),
        ("agreements/?kind=friendship", 1),
        ("agreements/?partner=KR-28", 1),
        ("agreements/?signed_on__gte=1980-01-01", 0),
        ("indicators/?category=economy", 1),
        ("data-sources/?quality=official", 1),
    ],
)
def test_filters(client, world, token, query, count):
    assert len(items(client, query, token)) == count


@pytest.mark.parametrize(
    "query",
    [
        "regions/?colour=red",
        "regions/?country=XX",
        "regions/?population__gte=many",
        "observations/?year=20x3",
        "observations/?preferred=maybe",
        "observations/?value__gte=1",
        "agreements/?signed_on__gte=yesterday",
        "indicators/?limit=0",
        "industries/?parent__isnull=perhaps",
        "regions/?fields=secret",
    ],
)
def test_bad_parameters_are_refused_by_name(client, world, token, query):
    response = client.get(f"/api/v1/{query}", **bearer(token))
    assert response.status_code == 400
    assert response.headers["Content-Type"].startswith("application/problem+json")


def test_office_in_japan_reads_its_country_only(client, world):
    token = make_client_token(make_bureau("驻日本代表处", seat_country="JP"), ["reference:read"])
    assert {r["code"] for r in items(client, "regions/", token)} == {"CN-210200", "CN-370200", "JP-40100"}
    assert {r["partner"] for r in items(client, "agreements/", token)} == {"JP-40100"}
    assert len(items(client, "observations/", token)) == 6
    assert client.get("/api/v1/regions/KR-28/", **bearer(token)).status_code == 404
    hidden = world["with_incheon"].code
    assert client.get(f"/api/v1/agreements/{hidden}/", **bearer(token)).status_code == 404


def test_cursor_walks_all_observations_once(client, world, token):
    for year in range(1950, 2020):
        make_observation(world["kita"], world["gdp"], year, year, world["source"])
    seen, url = [], "/api/v1/observations/?limit=25"
    while url:
        page = client.get(url, **bearer(token)).json()
        seen += [row["id"] for row in page["items"]]
        url = page["next"]
    assert len(seen) == len(set(seen)) == 78


def test_industries_bring_their_correspondence_in_one_more_statement(client, world, token):
    load_industries()
    rows = items(client, "industries/?code=GBT4754:C", token)
    assert [link["code"] for link in rows[0]["links"]][0].startswith("ISIC4:")
    assert rows[0]["links"][0]["status"] == "own, not official"
    few = count_queries(client, "/api/v1/industries/?limit=1", **bearer(token))
    assert count_queries(client, "/api/v1/industries/?limit=50", **bearer(token)) == few


@pytest.mark.parametrize("name", ["regions", "observations", "agreements", "data-sources", "indicators"])
def test_lists_ask_as_much_for_fifty_rows_as_for_one(client, world, token, name):
    for number in range(50):
        region = make_region(f"JP-3{number:04}")
        make_observation(region, world["gdp"], 2020, number, world["source"])
    few = count_queries(client, f"/api/v1/{name}/?limit=1", **bearer(token))
    assert count_queries(client, f"/api/v1/{name}/?limit=50", **bearer(token)) == few


def test_labels_follow_the_language_of_the_request_codes_do_not(client, world, token):
    zh = client.get("/api/v1/indicators/gdp/", **bearer(token)).json()
    en = client.get("/api/v1/indicators/gdp/", headers={"Accept-Language": "en"}, **bearer(token)).json()
    assert (zh["unit_label"], en["unit_label"]) == ("亿元", "100 million CNY")
    assert zh["unit"] == en["unit"] == "100 million CNY"
    assert (zh["name"], en["name"]) == ("地区生产总值", "Gross domestic product")
