"""The catalogue says what is offered: exactly what the description has."""

import pytest

from dalian_coop.rest.docs import openapi
from dalian_coop.rest.exported import resources
from dalian_coop.rest.routing import router
from tests.factories import bearer, make_bureau, make_client_token

pytestmark = pytest.mark.django_db
CORE = {"信息资源名称", "信息资源摘要", "信息资源提供方", "信息资源分类", "信息资源标识符", "元数据标识符"}


@pytest.fixture
def catalog(client):
    office = make_bureau("市外办", coordinates=True)
    answer = client.get("/api/v1/catalog/", **bearer(make_client_token(office, ["reference:read"])))
    assert answer.status_code == 200
    return answer.json()


def test_it_lists_exactly_what_the_description_has(catalog):
    described = {path.removeprefix("/api/v1/").partition("/")[0] for path in openapi()["paths"]}
    datasets = {entry["dct:identifier"] for entry in catalog["dcat:dataset"]}
    services = {entry["dct:title"] for entry in catalog["dcat:service"]}
    assert datasets | services == described and not datasets & services
    assert set(resources()) <= datasets


def test_every_list_says_what_it_is():
    without = [
        name for name, viewset, _b in router.registry if hasattr(viewset, "model") and not hasattr(viewset, "dataset")
    ]
    assert not without


def test_entries_are_complete_in_chinese_and_english(catalog):
    for entry in catalog["dcat:dataset"]:
        texts = {t["@language"]: t["@value"] for t in entry["dct:title"]}
        summary = {t["@language"]: t["@value"] for t in entry["dct:description"]}
        assert texts["zh"] != texts["en"] and summary["zh"] != summary["en"], entry["dct:identifier"]
        core = entry["gbt:metadata"]
        assert CORE <= set(core) and all(core[name] for name in CORE)
        assert core["信息资源提供方"] == "大连市外办" and core["信息资源名称"] == texts["zh"]
        assert entry["share:attribute"] == "unconditional" or entry["share:condition"]


def test_every_distribution_of_a_copied_resource_answers(catalog, client):
    token = bearer(make_client_token(make_bureau(), ["reference:read"]))
    (entry,) = [e for e in catalog["dcat:dataset"] if e["dct:identifier"] == "bureaus"]
    assert len(entry["dcat:distribution"]) == 5
    for distribution in entry["dcat:distribution"]:
        answer = client.get(distribution["dcat:accessURL"], **token)
        assert answer.status_code == 200, distribution
        assert answer["Content-Type"].startswith(distribution["dcat:mediaType"])


def test_it_is_json_ld_by_name_and_plain_json_on_demand(client):
    token = bearer(make_client_token(make_bureau(), ["reference:read"]))
    assert client.get("/api/v1/catalog/", **token)["Content-Type"].startswith("application/ld+json")
    plain = client.get("/api/v1/catalog/", HTTP_ACCEPT="application/json", **token)
    assert plain["Content-Type"].startswith("application/json")
    assert client.get("/api/v1/catalog/?x=1", **token).status_code == 400
    assert client.get("/api/v1/catalog/").status_code == 401
