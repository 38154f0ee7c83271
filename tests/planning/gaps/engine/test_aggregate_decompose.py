"""Means, Copeland and decompositions by hand."""

import math
from itertools import pairwise

import numpy as np
import pytest

from planning.gaps.engine import aggregate as agg
from planning.gaps.engine import chain, decompose, point
from planning.gaps.engine.shapley import shapley
from tests.planning.gaps.engine.cases import by_code, small, table


def lines_sum(parts):
    return sum(line["value"] for line in parts["lines"]) + parts["coverage_effect"] + parts["profile_effect"]


@pytest.mark.parametrize(
    ("rule", "power", "expected"),
    [
        ("arithmetic", 1, 13),
        ("geometric", 1, 4**0.75 * 40**0.25),
        ("harmonic", 1, 1 / (0.75 / 4 + 0.25 / 40)),
        ("power", 2, math.sqrt(0.75 * 16 + 0.25 * 1600)),
        ("power", 1, 13),
        ("power", -1, 1 / (0.75 / 4 + 0.25 / 40)),
    ],
)
def test_means_by_hand(rule, power, expected):
    assert agg.weighted(rule, power, [4, 40], [3, 1]) == pytest.approx(expected)


def test_weight_0_is_ignored_even_when_its_score_is_0():
    assert agg.weighted("geometric", 1, [4, 0], [1, 0]) == 4
    with pytest.raises(ValueError, match="above 0"):
        agg.weighted("geometric", 1, [4, 0], [1, 1])
    with pytest.raises(ValueError, match="weights"):
        agg.weighted("arithmetic", 1, [4, 0], [0, 0])


@pytest.mark.parametrize("rule", ["geometric", "harmonic", "arithmetic"])
def test_missing_child_leaves_every_kind_of_mean_in_the_same_way(rule):
    """COINr's geometric mean gives no score here while its other means do."""
    columns = {"x": [1, 2, 3, 4], "y": [None, 2, 3, 4], "z": [4, 3, 2, 1]}
    result = chain.run(table(columns, rule=rule) | {"screening": {"region_coverage": 0.5}})
    scores = [c["own"]["score"] for c in result["indicators"]]
    assert scores[1] is None
    assert result["overall"]["score"] == pytest.approx(agg.weighted(rule, 1, [scores[0], scores[2]], [1, 1]))


def test_rules_per_node_of_an_unbalanced_tree():
    tree = {
        "code": "top", "aggregation": "geometric", "children": [
            {"indicator": "a", "weight": 1},
            {"code": "n", "weight": 3, "aggregation": "harmonic", "children": [{"indicator": "b"}, {"indicator": "c"}]},
        ],
    }  # fmt: skip
    result = chain.run(table({"a": [1, 5, 9], "b": [2, 8, 4], "c": [6, 6, 3]}, tree=tree))
    s = {i["code"]: i["cells"][1]["score"] for i in result["indicators"]}
    inner = agg.weighted("harmonic", 1, [s["b"], s["c"]], [1, 1])
    region = by_code(result["regions"])["r1"]
    assert region["nodes"]["n"]["score"] == pytest.approx(inner)
    assert region["score"] == pytest.approx(agg.weighted("geometric", 1, [s["a"], inner], [1, 3]))


COPELAND = {"x": [3, 2, 1], "y": [1, 2, 3], "z": [3, 1, 2]}


def test_copeland_by_hand():
    """r0 beats r1 on x and z, r2 on x and z; r1 against r2: x for, y and z against."""
    result = chain.run(table(COPELAND, rule="copeland"))
    assert [r["score"] for r in result["regions"]] == [2, -2, 0]


@pytest.mark.parametrize("order", [[0, 1, 2], [2, 1, 0], [1, 2, 0]])
def test_copeland_with_a_missing_figure_does_not_depend_on_the_order_of_the_regions(order):
    """COINr credits the missing weight to whoever stands later in the table."""
    columns = {"x": [3, 2, 1], "y": [1, 2, 3], "z": [None, 2, 1]}
    case = table(columns, rule="copeland") | {"screening": {"region_coverage": 0.5, "min_regions": 2}}
    case["regions"] = [case["regions"][k] for k in order]
    found = {r["code"]: r["score"] for r in chain.run(case)["regions"]}
    # r0-r1: x for, y against: a draw; r0-r2: a draw; r1-r2: x and z for
    assert found == {"r0": 0, "r1": 1, "r2": -1}


def test_logarithmic_mean_lies_between_geometric_and_arithmetic_mean():
    for a, b in pairwise([1.0, 1.0000000001, 2.0, 50.0]):
        assert math.sqrt(a * b) - 1e-12 <= decompose.log_mean(a, b) <= (a + b) / 2 + 1e-12
    assert decompose.log_mean(1, math.e) == pytest.approx(math.e - 1)


@pytest.mark.parametrize("top", ["arithmetic", "geometric", "harmonic", "power", "copeland"])
@pytest.mark.parametrize("below", ["arithmetic", "geometric", "harmonic"])
def test_lines_sum_to_the_gap_for_every_rule(top, below):
    columns = {"a": [1, 5, 9, 7], "b": [2, 8, 4, 6], "c": [6, 6, 3, 9], "d": [None, 5, 2, 3], "e": [3, 3, 9, None]}
    tree = {
        "code": "top", "aggregation": top, "power": 2, "children": [
            {"code": "m", "weight": 2, "aggregation": below, "children": [{"indicator": "a"}, {"indicator": "b"}]},
            {"code": "n", "aggregation": below, "children": [{"indicator": "c"}, {"indicator": "d"}]},
            {"indicator": "e"},
        ],
    }  # fmt: skip
    result = chain.run(table(columns, tree=tree) | {"benchmark": {"kind": "median"}})
    assert {d["kind"] for d in result["decompositions"]} == {"leader", "mean", "median", "top_quartile"}
    for parts in result["decompositions"]:
        assert lines_sum(parts) == pytest.approx(parts["gap"], abs=1e-9)


def test_geometric_lines_by_hand():
    case = table({"a": [1, 5, 9], "b": [2, 8, 4]}, rule="geometric")
    result = chain.run(case | {"benchmark": {"kind": "region", "region": "r1"}})
    parts = result["decomposition"]
    own, other = ([i["cells"][k]["score"] for i in result["indicators"]] for k in (0, 1))
    g = [math.sqrt(math.prod(s)) for s in (other, own)]
    mean = (g[0] - g[1]) / math.log(g[0] / g[1])
    lines = {line["code"]: line["value"] for line in parts["lines"]}
    for k, code in enumerate("ab"):
        assert lines[code] == pytest.approx(mean * 0.5 * math.log(other[k] / own[k]))
    assert (parts["method"], parts["coverage_effect"]) == ("lmdi", 0)


def test_shapley_of_an_arithmetic_mean_is_the_additive_line():
    w, a, b = np.array([0.5, 0.3, 0.2]), np.array([1.0, 5, 9]), np.array([4.0, 2, 10])
    values, errors = shapley(3, lambda masks: np.where(masks, b, a) @ w)
    assert values == pytest.approx(w * (b - a)) and errors is None


def test_shapley_by_hand():
    """Worth 1 only with player 0 and one of the others: 2/3, 1/6, 1/6."""
    values, _ = shapley(3, lambda m: (m[:, 0] & (m[:, 1] | m[:, 2])).astype(float))
    assert values == pytest.approx([2 / 3, 1 / 6, 1 / 6])


def test_sampled_shapley_sums_exactly_and_lies_within_its_error():
    w = np.arange(1.0, 15)
    values, errors = shapley(14, lambda m: (m @ w) ** 2, seed=3)
    assert values.sum() == pytest.approx(w.sum() ** 2)
    exact = w * w.sum()  # of a square of a sum: w_j Σ w
    assert (np.abs(values - exact) <= 5 * errors).all() and (errors > 0).all()


def test_change_over_the_years_is_made_of_its_indicators():
    result = chain.run(table({"x": [[10, 20], [30, 30], [50, 50]], "y": [[5, 4], [1, 1], [9, 9]]}, (2019, 2020)))
    change = result["change"]
    assert (change["first"], change["last"]) == (2019, 2020)
    lines = {line["code"]: line["value"] for line in change["decomposition"]["lines"]}
    assert lines == pytest.approx({"x": 0.5 * 99 / 4, "y": -0.5 * 99 / 8})
    assert lines_sum(change["decomposition"]) == pytest.approx(change["decomposition"]["gap"], abs=1e-9)


def test_gap_to_targets_counts_the_indicators_that_have_one():
    case = table({"x": [0, 50, 100], "y": [0, 5, 10]}) | {"benchmark": {"kind": "target"}}
    case["indicators"][0]["target"] = 75
    parts = chain.run(case)["decomposition"]
    assert [(line["code"], line["value"]) for line in parts["lines"]] == [("x", pytest.approx(0.75 * 99))]
    assert lines_sum(parts) == pytest.approx(parts["gap"], abs=1e-9)


def test_passed_target_is_a_lead():
    case = table({"x": [80, 50, 100]})
    case["indicators"][0]["target"] = 75
    gap = {g["kind"]: g for g in chain.run(case)["indicators"][0]["gaps"]}["target"]
    assert (gap["absolute"], gap["relative"]) == (-5, pytest.approx(-5 / 75))


def test_relative_gap_is_refused_where_zero_is_no_origin_or_the_benchmark():
    case = table({"x": [-5, 0, -2], "y": [1, 2, 3]})
    case["indicators"][1]["interval"] = True
    x, y = chain.run(case)["indicators"]
    assert (x["relative_gap"], x["relative_gap_reason"]) == (None, "ZERO_BENCHMARK")
    assert (y["relative_gap"], y["relative_gap_reason"]) == (None, "INTERVAL_SCALE")


def test_effective_weights_are_products_of_shares():
    p = point.compute(small())
    assert agg.effective(p.setup, p.shares, np.ones(3, bool))[0] == pytest.approx([0.5, 1 / 6, 1 / 3])
    assert agg.effective(p.setup, p.shares, np.array([True, False, True]))[0] == pytest.approx([2 / 3, 0, 1 / 3])
