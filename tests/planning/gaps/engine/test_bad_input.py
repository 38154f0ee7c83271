"""What cannot be right is refused with a sentence that names the item; what is merely thin gives a reason code."""

import json
import math

import pytest

from planning.gaps.engine import chain, document
from planning.gaps.engine.refusal import Refused
from tests.planning.gaps.engine.cases import FIGURES, OFF, by_code, small, table


def changed(path, value):
    """The small case with one place changed; ``path`` is dotted, numbers are positions in lists."""
    case = small()
    place = case
    *way, last = path.split(".")
    for step in way:
        place = place[int(step)] if isinstance(place, list) else place.setdefault(step, {})
    place[int(last) if isinstance(place, list) else last] = value
    return case


CIRCLE = {"code": "index", "children": []}
CIRCLE["children"].append(CIRCLE)


@pytest.mark.parametrize(
    ("path", "value", "code", "words"),
    [
        ("schema", "gap-case/2", "future_schema", "gap-case/2"),
        ("schema", "something", "unknown_schema", "gap-case/1"),
        ("own", "nowhere", "own_missing", "own region nowhere"),
        ("regions.1.code", "own", "twice", "region own"),
        ("regions.1.colour", "red", "unknown_option", r"regions\[1\].colour"),
        ("robustness.replication", 5, "unknown_option", "robustness.replication "),
        ("robustness.replications", 0, "out_of_range", "robustness.replications must be 1 or more"),
        ("robustness.replications", "many", "wrong_type", "a whole number"),
        ("robustness.replications", True, "wrong_type", "a whole number"),
        ("sensitivity.base", 100, "sobol_base", "power of 2"),
        ("indicators.0.direction", 0, "not_allowed", r"indicators\[0\].direction"),
        ("indicators.0.code", "port", "twice", "indicator port"),
        ("indicators.0.worst", 5, "goalpost_half", "gdp has only one goalpost"),
        ("indicators.0.denominator", "people", "unknown_code", "people of gdp"),
        ("tree.direction", -1, "unknown_option", "tree.direction"),
        ("tree.children.0.weight", -1, "out_of_range", r"tree.children\[0\].weight"),
        ("tree.children.1.children.0.weight", 0, "zero_weight", "below place sum to 0"),
        ("tree.children.1.children.0.indicator", "gdp", "twice", "gdp stands twice"),
        ("tree.children.1.children.0.indicator", "sun", "unknown_code", "sun of the weight tree"),
        ("tree.children.1", {"code": "index", "children": [{"indicator": "far"}]}, "twice", "index stands twice"),
        ("tree.children.1", {"indicator": "gdp"}, "twice", "gdp stands twice"),
        ("tree.children.0", {"code": "scale"}, "leaf_or_node", "scale must have either"),
        ("tree.children.0", {"indicator": "gdp"}, "not_in_tree", "port is not in the weight tree"),
        ("tree.children.0.aggregation", "copeland", "copeland_below", "scale: it is possible at the top"),
        ("tree", CIRCLE, "too_deep", "circle"),
        ("observations.0.value", math.nan, "not_finite", r"observations\[0\].value"),
        ("observations.0.value", math.inf, "not_finite", r"observations\[0\].value"),
        ("observations.0.value", 1e200, "not_finite", r"observations\[0\].value"),
        ("observations.0.value", 10**400, "not_finite", r"observations\[0\].value"),
        ("observations.0.value", "12", "wrong_type", r"observations\[0\].value must be a number"),
        ("observations.0.value", None, "wrong_type", r"observations\[0\].value"),
        ("observations.0.region", "mars", "unknown_code", "gdp for mars"),
        ("observations.0.year", 2019, "twice", "two figures of gdp for own in 2019"),
        ("benchmark.kind", "region", "benchmark_missing", "benchmark region"),
        ("benchmark", {"kind": "region", "region": "own"}, "benchmark_missing", "region own"),
        ("benchmark.kind", "target", "no_target", "needs an indicator with a target"),
        ("selection.year", 2019, "year_rule", "belongs to the rule"),
        ("selection.year_rule", "one_year", "year_rule", "needs it"),
        ("normalisation.range", [5, 5], "range", "must rise"),
        ("normalisation.method", "goalposts", "goalposts_missing", "gdp needs goalposts"),
        ("normalisation.method", "target", "target_missing", "gdp needs a target"),
        ("normalisation", {"method": "reference", "reference": "mars"}, "reference", "reference region"),
        ("weights.method", "pca", "pca_size", "at least 20 regions"),
        ("weights", {"method": "budget", "budget": {"scale": [{"gdp": 60, "port": 30}]}}, "budget_sum", "expert 1"),
        ("weights", {"method": "budget", "budget": {"nowhere": []}}, "unknown_code", "nowhere"),
    ],
)
def test_refused_with_a_sentence_that_names_the_item(path, value, code, words):
    with pytest.raises(Refused, match=words) as refusal:
        chain.run(changed(path, value))
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("worst", "best", "code"), [(10, 10, "goalposts_equal"), (100, 0, "goalposts_swapped"), (0, 100, None)]
)
def test_goalposts_equal_or_swapped_are_refused(worst, best, code):
    case = small()
    case["indicators"][0] |= {"worst": worst, "best": best}
    if code is None:
        assert by_code(chain.run(case)["indicators"])["gdp"]["own"]["score"] == 50.5
        return
    with pytest.raises(Refused, match="gdp") as refusal:
        chain.run(case)
    assert refusal.value.code == code


@pytest.mark.parametrize("rule", ["geometric", "harmonic", "power"])
@pytest.mark.parametrize(
    "normalisation", [{"range": [0, 100]}, {"method": "zscore"}, {"method": "borda"}, {"method": "fraction"}]
)
def test_means_that_need_scores_above_0_refuse_scales_that_allow_0(rule, normalisation):
    case = small(normalisation=normalisation)
    case["tree"]["children"][0] |= {"aggregation": rule, "power": 0.5}
    with pytest.raises(Refused, match=f"{rule} mean at scale") as refusal:
        chain.run(case)
    assert refusal.value.code == "zero_possible"


def test_text_of_a_refusal_is_its_template_with_the_items():
    with pytest.raises(Refused) as refusal:
        chain.run(changed("own", "nowhere"))
    assert str(refusal.value) == refusal.value.template % refusal.value.items
    assert refusal.value.items == {"region": "nowhere"}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"{", "not_json"),
        (b"\xff\xfe", "not_json"),
        (b'{"a": NaN}', "not_finite"),
        (b'{"a": -Infinity}', "not_finite"),
        (b'{"a": ' + b"9" * 5000 + b"}", "not_finite"),
        (b'{"a": 1, "a": 2}', "twice"),
        (b"[" * 100000, "too_deep"),
        (b" " * (document.MAX_BYTES + 1), "too_large"),
    ],
)
def test_file_that_is_no_case_is_refused(data, code):
    with pytest.raises(Refused) as refusal:
        document.loads(data)
    assert refusal.value.code == code


@pytest.mark.parametrize("whole", [None, [], "text", 5, {}])
def test_document_that_is_no_case_is_refused(whole):
    with pytest.raises(Refused):
        chain.run(whole)


MONTE = {"robustness": {"replications": 50}, "sensitivity": {"base": 8}}


def computed(case):
    """The result with Monte Carlo, after a look that it is finite JSON."""
    result = chain.run(case | MONTE)
    json.loads(chain.dumps(result))
    return result


def test_one_region():
    result = computed(small({"own": FIGURES["own"]}))
    assert result["empty"] == "NO_COMMON_DATA"
    assert {i["score_reason"] for i in result["indicators"]} == {"SINGLE_REGION"}
    assert result["overall"]["gap_reason"] == "OWN_MISSING" and result["robustness"]["reason"] == "NO_COMMON_DATA"


def test_one_region_with_goalposts_has_a_score_and_no_peers():
    case = table({"x": [[50]]})
    case["indicators"][0] |= {"worst": 0, "best": 100}
    result = computed(case)
    assert result["overall"]["score"] == 50.5
    assert result["overall"]["gap_reason"] == "NO_PEERS"
    assert result["sensitivity"]["reason"] == "NO_VARIANCE"


def test_two_regions():
    result = computed(table({"x": [1, 2], "y": [5, 3]}))
    assert [r["score"] for r in result["regions"]] == [50.5, 50.5]
    assert [r["rank"] for r in result["regions"]] == [1, 1]
    assert result["robustness"]["pairwise"][0][0] == 0


def test_no_peers_among_other_regions():
    case = table({"x": [1, 2, 3]})
    for region in case["regions"][1:]:
        region["role"] = "context"
    result = computed(case)
    assert result["overall"]["gap_reason"] == "NO_PEERS" and result["weak_points"] == []


def test_region_without_data_is_shown_without_rank():
    result = computed(table({"x": [1, 2, 3, None], "y": [3, 2, 1, None]}))
    last = result["regions"][3]
    assert (last["score"], last["rank"], last["reason"], last["coverage"]) == (None, None, "MISSING", 0)
    assert {r["code"] for r in result["robustness"]["regions"]} == {"r0", "r1", "r2"}


def test_own_region_without_data_has_no_gap_and_everything_else_stands():
    result = computed(table({"x": [None, 2, 3, 4], "y": [None, 2, 1, 5]}))
    assert (result["overall"]["score"], result["overall"]["gap_reason"]) == (None, "OWN_MISSING")
    assert result["overall"]["n_ranked"] == 3 and result["decomposition"] is None
    assert result["robustness"]["own_pairwise"] == {}


def test_constant_column_has_no_score_and_gives_its_weight_away():
    result = computed(table({"x": [1, 2, 3], "flat": [7, 7, 7]}))
    flat = by_code(result["indicators"])["flat"]
    assert flat["score_reason"] == "CONSTANT" and flat["gap"] == 0
    assert [r["score"] for r in result["regions"]] == [1, 50.5, 100]


def test_everything_equal_is_without_scores():
    result = computed(table({"x": [4, 4, 4], "y": [1, 1, 1]}))
    assert [r["score"] for r in result["regions"]] == [None] * 3
    assert all(i["gap"] == 0 for i in result["indicators"])


def test_equal_scores_share_rank_1_in_every_replication():
    result = computed(table({"x": [1, 1, 1], "y": [2, 2, 2]}) | {"normalisation": {"method": "percentile"}})
    assert [r["rank"] for r in result["regions"]] == [1, 1, 1]
    assert all(r["p_rank"] == [1, 0, 0] for r in result["robustness"]["regions"])


def test_zero_and_negative_under_a_logarithm_have_no_score_and_keep_their_gap():
    case = table({"x": [10, 0, -5, 100, 1000], "y": [1, 2, 3, 4, 5]})
    case["indicators"][0]["transform"] = "log"
    x = computed(case)["indicators"][0]
    assert [c["score"] for c in x["cells"]] == [1, None, None, pytest.approx(50.5), 100]
    assert [c["score_reason"] for c in x["cells"]][1:3] == ["NON_POSITIVE"] * 2
    assert x["cells"][2]["value"] == -5 and x["gap"] == 990


def test_asinh_keeps_both_signs():
    case = table({"x": [-10, 0, 10]})
    case["indicators"][0]["transform"] = "asinh"
    assert [c["score"] for c in chain.run(case)["indicators"][0]["cells"]] == pytest.approx([1, 50.5, 100])


def test_missing_whole_year_is_a_year_without_scores():
    case = table({"x": [[1, None, 3], [2, None, 5], [3, None, 9]]}, (2018, 2019, 2020))
    years = {y["year"]: y for y in computed(case)["years"]}
    assert [r["score"] for r in years[2019]["regions"]] == [None] * 3
    assert years[2019]["n_ranked"] == 0 and years[2020]["n_ranked"] == 3


def test_indicator_with_one_observation():
    result = computed(table({"x": [1, 2, 3], "y": [5, 6, 7], "once": [None, 9, None]}))
    once = by_code(result["indicators"])["once"]
    assert (once["score_reason"], once["gap_reason"], once["n_ranked"]) == ("SINGLE_REGION", "OWN_MISSING", 1)


def test_benchmark_region_without_the_indicator():
    case = table({"x": [1, 2, 3], "y": [1, 5, None], "z": [1, 3, 4]})
    result = computed(case | {"benchmark": {"kind": "region", "region": "r2"}})
    y = by_code(result["indicators"])["y"]
    assert (y["gap"], y["gap_reason"]) == (None, "BENCHMARK_MISSING")
    assert {line["code"] for line in result["decomposition"]["lines"]} == {"x", "z"}


def test_no_observations_at_all():
    result = computed(small() | {"observations": []})
    assert result["empty"] == "NO_COMMON_DATA" and result["years"] == [] and result["year"] is None


def test_year_that_nobody_has():
    case = table({"x": [1, 2, 3]}) | {"selection": {"year_rule": "one_year", "year": 1990}}
    assert computed(case)["empty"] == "NO_COMMON_DATA"


def test_extreme_sizes_stay_finite():
    result = computed(table({"x": [1e149, -1e149, 5], "y": [1e-300, 2e-300, 0]}))
    assert json.loads(chain.dumps(result))


def test_half_characters_are_refused():
    with pytest.raises(Refused, match="half a character"):
        chain.run(changed("regions.1.name", "\ud800"))


def test_monte_carlo_is_off_when_not_asked():
    result = chain.run(small(**OFF))
    assert result["robustness"]["reason"] == result["sensitivity"]["reason"] == "NOT_ASKED"
    assert result["main_contradiction"]["reason"] == "NOT_ASKED"
    assert all(w["stability"] is None for w in result["weak_points"])
