"""What must hold for every case, by Hypothesis."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.gaps.engine import aggregate as agg
from planning.gaps.engine import chain
from planning.gaps.engine.ranks import competition_ranks
from tests.planning.gaps.engine.cases import OFF

COUNT = 5
number = st.integers(-1000, 1000).map(lambda n: n / 8)
weight = st.sampled_from([0, 0.5, 1.0, 2.0, 3.0])
MEANS = ["arithmetic", "geometric", "harmonic", "power"]


@st.composite
def cases(draw, full=False, monte=False, rules=(*MEANS, "copeland"), **more):
    """Five regions, two dimensions, two to six indicators over two years, with holes unless ``full``."""
    count = draw(st.integers(2, 6))
    cell = number if full else st.one_of(st.none(), number, number)
    codes = [f"x{j}" for j in range(count)]
    rows = [
        {"region": f"r{i}", "indicator": code, "year": year, "value": value}
        for code in codes for i in range(COUNT) for year in (2019, 2020)
        if (value := draw(cell)) is not None
    ]  # fmt: skip
    leaves = [{"indicator": c, "weight": draw(weight)} for c in codes]
    leaves[0]["weight"] = leaves[-1]["weight"] = 1
    cut = draw(st.integers(1, count - 1))
    inner = st.sampled_from([r for r in rules if r != "copeland"])
    return {
        "schema": "gap-case/1", "own": "r0", "regions": [{"code": f"r{i}"} for i in range(COUNT)],
        "indicators": [{"code": c, "direction": draw(st.sampled_from([1, -1]))} for c in codes],
        "observations": rows,
        "tree": {"code": "top", "aggregation": draw(st.sampled_from(rules)), "power": 2, "children": [
            {"code": "a", "weight": 2, "aggregation": draw(inner), "children": leaves[:cut]},
            {"code": "b", "aggregation": draw(inner), "power": 3, "children": leaves[cut:]},
        ]},
        "benchmark": {"kind": draw(st.sampled_from(["leader", "mean", "median", "top_quartile"]))},
    } | (OFF if not monte else {}) | more  # fmt: skip


def scores(result):
    return {r["code"]: r["score"] for r in result["regions"]}


def same(one, two):
    for code, value in scores(one).items():
        assert scores(two)[code] == (None if value is None else pytest.approx(value, abs=1e-7))


@settings(max_examples=80, deadline=None)
@given(cases(), st.sampled_from(["none", "linear", "locf", "focb", "peer_median", "multiple"]), st.booleans())
def test_lines_of_every_decomposition_sum_to_their_gap(case, method, treat):
    result = chain.run(case | {"imputation": {"method": method}, "treatment": {"enabled": treat}})
    json.loads(chain.dumps(result))
    for parts in result["decompositions"]:
        total = sum(line["value"] for line in parts["lines"]) + parts["coverage_effect"] + parts["profile_effect"]
        assert total == pytest.approx(parts["gap"], abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(cases(full=True, rules=["arithmetic", "geometric"]))
def test_full_data_against_one_region_needs_no_coverage_or_profile_line(case):
    parts = chain.run(case | {"benchmark": {"kind": "leader"}})["decomposition"]
    if parts:
        assert (parts["coverage_effect"], parts["profile_effect"]) == (0, 0)


@settings(max_examples=60, deadline=None)
@given(cases(rules=MEANS))
def test_scores_stay_within_the_scores_of_the_children(case):
    result = chain.run(case)
    for region in result["regions"]:
        for node in region["nodes"].values():
            assert node["score"] is None or 1 - 1e-9 <= node["score"] <= 100 + 1e-9


@given(st.lists(st.tuples(st.floats(0.01, 1e4), st.floats(0.01, 10)), min_size=1, max_size=8))
def test_harmonic_below_geometric_below_arithmetic(pairs):
    s, w = zip(*pairs, strict=True)
    h, g, a = (agg.weighted(rule, 1, s, w) for rule in ("harmonic", "geometric", "arithmetic"))
    assert h <= g * (1 + 1e-9) and g <= a * (1 + 1e-9)
    assert min(s) * (1 - 1e-9) <= h and a <= max(s) * (1 + 1e-9)


@settings(max_examples=25, deadline=None)
@given(cases(full=True, monte=True))
def test_region_worse_in_everything_is_last_in_every_replication(case):
    low = {i["code"]: i["direction"] * -500 for i in case["indicators"]}
    for row in case["observations"]:
        if row["region"] == "r0":
            row["value"] = low[row["indicator"]]
    robust = {"replications": 50, "leave_one_out": True, "normalisation": [{"method": "rank"}]}
    result = chain.run(case | {"robustness": robust, "sensitivity": {"enabled": False}})
    assert result["overall"]["rank"] == COUNT
    own = next(r for r in result["robustness"]["regions"] if r["code"] == "r0")
    assert own["p_rank"][-1] == 1 or own["unscored"] == 50


@settings(max_examples=40, deadline=None)
@given(cases(), st.permutations(range(COUNT)), st.randoms())
def test_order_of_regions_and_indicators_changes_nothing(case, order, random):
    other = json.loads(json.dumps(case))
    other["regions"] = [case["regions"][k] for k in order]
    random.shuffle(other["indicators"])
    random.shuffle(other["observations"])
    for node in [other["tree"], *other["tree"]["children"]]:
        random.shuffle(node["children"])
    one, two = chain.run(case), chain.run(other)
    same(one, two)
    assert {r["code"]: r["rank"] for r in one["regions"]} == {r["code"]: r["rank"] for r in two["regions"]}


@settings(max_examples=40, deadline=None)
@given(cases(), st.sampled_from([1 / 1024, 4096.0]))
def test_unit_of_the_indicators_changes_no_score(case, factor):
    other = json.loads(json.dumps(case))
    for row in other["observations"]:
        row["value"] *= factor
    same(chain.run(case), chain.run(other))


@settings(max_examples=40, deadline=None)
@given(cases())
def test_turning_direction_and_goalposts_with_the_figures_changes_no_score(case):
    for indicator in case["indicators"]:
        worst, best = (-60, 60)[:: indicator["direction"]]
        indicator |= {"worst": worst, "best": best}
    other = json.loads(json.dumps(case))
    for indicator in other["indicators"]:
        indicator |= {"direction": -indicator["direction"], "worst": -indicator["worst"], "best": -indicator["best"]}
    for row in other["observations"]:
        row["value"] = -row["value"]
    same(chain.run(case), chain.run(other))


@settings(max_examples=40, deadline=None)
@given(cases(monte=True))
def test_one_replication_without_factors_is_nominal(case):
    robust = {"replications": 1, "weights": "none"}
    result = chain.run(case | {"robustness": robust, "sensitivity": {"enabled": False}})
    found = {r["code"]: (r["median"], r["mean_score"]) for r in result["robustness"]["regions"]}
    for region in result["regions"]:
        if region["ranked"]:
            assert found[region["code"]] == (region["rank"], pytest.approx(region["score"], abs=1e-7))


@given(st.lists(st.one_of(st.none(), st.integers(-1000, 1000)), max_size=12))
def test_rank_is_one_more_than_the_number_of_greater_scores(values):
    ranks = competition_ranks(values)
    known = [v for v in values if v is not None]
    for value, rank in zip(values, ranks, strict=True):
        assert rank == (None if value is None else 1 + sum(other > value for other in known))
