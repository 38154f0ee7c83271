"""Indicator sets and benchmark sets: what people may change, and what is refused by name."""

import pytest
from django.urls import reverse

from dalian_coop.accounts.enums import Role
from dalian_coop.base.errors import Conflict, NotAllowed, ValidationError
from planning.gaps import services
from planning.gaps.models import BenchmarkSet, IndicatorSet
from planning.gaps.selectors.sets import tree_document
from tests.factories import make_user
from tests.partners.factories import make_indicator, make_region

TEXTS = {"name_zh": "示例指标", "name_en": "Sample", "reason_zh": "示例理由"}


def save(world, nodes, by, **extra):
    found = world["indicator_set"]
    arguments = {"texts": TEXTS, "nodes": nodes, "indicator_set": found, "version": found.version, "by": by} | extra
    return services.save_indicator_set(**arguments)


def tree(world):
    return tree_document(world["indicator_set"])


def node(nodes, code):
    return next(n for n in nodes if n["code"] == code)


def test_a_changed_weight_is_a_new_version_and_the_old_one_stays(world, analyst):
    services.save_indicator_set(
        texts=TEXTS, nodes=tree(world), indicator_set=world["indicator_set"], version=1, note="一", by=analyst
    )
    nodes = tree(world)
    node(nodes, "leaf-gdp")["weight"] = "5"
    found = save(world, nodes, analyst, note="加重")
    weights = {v.number: node(v.tree, "leaf-gdp")["weight"] for v in found.versions.all()}
    assert weights == {2: "3", 3: "5"}
    assert found.edited and found.versions.first().created_by == analyst
    assert found.nodes.get(code="leaf-gdp").weight == 5


def test_nodes_can_be_added_moved_and_removed(world, analyst):
    make_indicator("trade", name_zh="进出口")
    nodes = [n for n in tree(world) if n["code"] != "leaf-port"]
    nodes.append({"code": "trade", "parent": "place", "weight": "2", "indicator": "trade", "per": "gdp", "target": "9"})
    node(nodes, "leaf-gdp")["parent"] = "place"
    nodes = [n for n in nodes if n["code"] != "scale"]
    found = save(world, nodes, analyst)
    rows = {n["code"]: n for n in tree_document(found)}
    assert set(rows) == {"index", "place", "leaf-gdp", "leaf-far", "trade"}
    assert rows["leaf-gdp"]["parent"] == "place"
    assert (rows["trade"]["per"], rows["trade"]["target"]) == ("gdp", 9.0)


def change(code, **values):
    return lambda nodes: node(nodes, code).update(values)


def drop(code):
    return lambda nodes: nodes.remove(node(nodes, code))


def add(**values):
    return lambda nodes: nodes.append({"weight": "1"} | values)


@pytest.mark.parametrize(
    ("damage", "code", "named"),
    [
        (change("scale", parent="scale"), "circle", "scale"),
        (change("scale", parent="nowhere"), "circle", "scale"),
        (change("leaf-gdp", parent="leaf-port"), "leaf", "leaf-gdp"),
        (change("leaf-gdp", weight="-1"), "weight", "leaf-gdp"),
        (change("leaf-gdp", weight="viel"), "weight", "leaf-gdp"),
        (change("leaf-gdp", weight="NaN"), "weight", "leaf-gdp"),
        (change("leaf-far", weight="0"), "zero", "区位"),
        (drop("leaf-far"), "childless", "区位"),
        (add(code="again", parent="place", indicator="gdp"), "twice", "地区生产总值"),
        (add(code="leaf-gdp", parent="place", indicator="gdp"), "twice", "leaf-gdp"),
        (add(code="other", parent="place", indicator="missing"), "unknown", "missing"),
        (add(code="second", parent="", name_zh="二"), "root", ""),
        (add(code="nameless", parent="index"), "name", "nameless"),
        (change("leaf-gdp", worst="5"), "goalposts", "地区生产总值"),
        (change("leaf-gdp", worst="5", best="1"), "goalposts", "地区生产总值"),
        (change("leaf-far", worst="1", best="5"), "goalposts", "至釜山距离"),
        (change("leaf-gdp", per="gdp"), "per", "leaf-gdp"),
        (change("place", aggregation="guess"), "aggregation", "place"),
    ],
)
def test_a_tree_that_cannot_be_right_is_refused_by_name(world, analyst, damage, code, named):
    nodes = tree(world)
    damage(nodes)
    with pytest.raises(ValidationError) as error:
        save(world, nodes, analyst)
    assert error.value.codes == {"nodes": [code]}
    assert named in str(error.value)
    assert IndicatorSet.objects.get().version == 1


def test_who_was_slower_gets_a_conflict_and_changes_nothing(world, analyst):
    nodes = tree(world)
    services.save_indicator_set(
        texts=TEXTS, nodes=nodes, indicator_set=IndicatorSet.objects.get(), version=1, by=analyst
    )
    node(nodes, "leaf-gdp")["weight"] = "7"
    with pytest.raises(Conflict):
        services.save_indicator_set(
            texts=TEXTS, nodes=nodes, indicator_set=IndicatorSet.objects.get(), version=1, by=analyst
        )
    assert world["indicator_set"].nodes.get(code="leaf-gdp").weight == 3


def test_those_who_only_read_change_nothing(world, official):
    with pytest.raises(NotAllowed):
        save(world, tree(world), official)
    with pytest.raises(NotAllowed):
        services.save_benchmark_set(texts=TEXTS, own=world["regions"]["CN-210200"], members=[], by=official)


def test_a_benchmark_set_keeps_reason_origin_and_distance_of_each_region(world, analyst):
    found = world["benchmark_set"]
    members = [
        {"region": world["regions"]["CN-370200"], "reason_zh": "港口相似"},
        {"region": world["regions"]["CN-330200"], "origin": "found", "distance": 0.7},
    ]
    own = world["regions"]["CN-210200"]
    services.save_benchmark_set(
        texts=TEXTS, own=own, members=members, benchmark_set=found, version=found.version, by=analyst
    )
    kept = {m.region.code: (m.reason_zh, m.origin, m.distance) for m in found.members.all()}
    assert kept == {"CN-370200": ("港口相似", "chosen", None), "CN-330200": ("", "found", 0.7)}


@pytest.mark.parametrize(
    ("codes", "code"), [([], "empty"), (["CN-210200"], "own"), (["CN-370200", "CN-370200"], "twice")]
)
def test_a_benchmark_set_that_cannot_be_right_is_refused(world, analyst, codes, code):
    members = [{"region": world["regions"][c]} for c in codes]
    own = world["regions"]["CN-210200"]
    with pytest.raises(ValidationError) as error:
        services.save_benchmark_set(texts=TEXTS, own=own, members=members, code="new", by=analyst)
    assert error.value.codes == {"members": [code]}
    assert BenchmarkSet.objects.count() == 1


def form_of(rows, prefix, **fields):
    data = {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": 0, "version": 1, **TEXTS, **fields}
    for number, row in enumerate(rows):
        data |= {f"{prefix}-{number}-{name}": "" if value is None else value for name, value in row.items()}
    return data


def test_the_editor_shows_the_tree_and_saves_a_weight(client, world, analyst):
    client.force_login(analyst)
    url = reverse("gaps:indicator-set", args=["core"])
    page = client.get(url).content.decode()
    assert "leaf-gdp" in page and "地区生产总值" in page
    rows = [{k: v for k, v in n.items() if k not in ("depth", "interval")} for n in tree(world)]
    node(rows, "leaf-port")["weight"] = "4"
    assert client.post(url, form_of(rows, "nodes")).status_code == 302
    assert world["indicator_set"].nodes.get(code="leaf-port").weight == 4
    assert client.post(url, form_of(rows, "nodes")).status_code == 409
    node(rows, "leaf-port")["weight"] = "0"
    node(rows, "leaf-gdp")["weight"] = "0"
    refused = client.post(url, form_of(rows, "nodes", version=2))
    assert refused.status_code == 422 and "规模" in refused.content.decode()


def test_a_set_can_be_copied_under_a_new_code(client, world, analyst):
    client.force_login(analyst)
    url = reverse("gaps:new-indicator-set")
    assert "leaf-gdp" in client.get(url, {"from": "core"}).content.decode()
    rows = [{k: v for k, v in n.items() if k not in ("depth", "interval")} for n in tree(world)]
    assert client.post(url, form_of(rows, "nodes", new_code="core", version=0)).status_code == 422
    assert client.post(url, form_of(rows, "nodes", new_code="copy", version=0)).status_code == 302
    made = IndicatorSet.objects.get(code="copy")
    assert made.nodes.count() == 6 and made.versions.get().number == 1


def test_the_editor_of_a_benchmark_set_saves_its_regions(client, world, analyst):
    client.force_login(analyst)
    url = reverse("gaps:benchmark-set", args=["peers"])
    assert "青岛市" in client.get(url).content.decode()
    rows = [{"region": "CN-370200", "reason_zh": "港口", "origin": "chosen"}, {"region": ""}]
    own = world["regions"]["CN-210200"].pk
    assert client.post(url, form_of(rows, "members", own=own)).status_code == 302
    assert [m.reason_zh for m in world["benchmark_set"].members.all()] == ["港口"]


def test_readers_see_the_sets_without_a_form(client, world):
    client.force_login(make_user(Role.LEADER))
    for name, code in (("gaps:indicator-set", "core"), ("gaps:benchmark-set", "peers")):
        page = client.get(reverse(name, args=[code]))
        assert page.status_code == 200 and '<form class="form gap-set"' not in page.content.decode()
        assert client.post(reverse(name, args=[code])).status_code == 403
    for name in ("gaps:new-indicator-set", "gaps:new-benchmark-set"):
        assert client.get(reverse(name)).status_code == 403


def test_sets_of_foreign_regions_are_hidden_from_other_offices(client, world, japan_office, analyst):
    korea = make_region("KR-26", "釜山广域市", country="KR")
    own = world["regions"]["CN-210200"]
    services.save_benchmark_set(texts=TEXTS, own=own, members=[{"region": korea}], code="korea", by=analyst)
    client.force_login(japan_office)
    assert client.get(reverse("gaps:benchmark-set", args=["korea"])).status_code == 404
