"""Uncertainty and sensitivity: identities that must hold, exact probabilities, the Ishigami function, SALib."""

import math

import numpy as np
import pytest
from SALib.analyze import sobol as salib

from planning.gaps.engine import chain, robustness, sobol
from planning.gaps.engine.refusal import Refused
from tests.planning.gaps.engine.cases import by_code, table

NOTHING = {"weights": "none"}


def monte(case, base=64, **robust):
    return chain.run(case | {"robustness": robust, "sensitivity": {"base": base}})


def regions(result):
    return by_code(result["robustness"]["regions"])


FIVE = {"a": [5, 9, 1, 3, 7], "b": [4, 2, 8, 6, 5], "c": [3, 9, 6, 1, 8], "d": [9, 4, 3, 5, 7]}


@pytest.mark.parametrize("rule", ["arithmetic", "geometric", "harmonic", "copeland"])
def test_one_replication_without_factors_is_the_nominal_result(rule):
    result = monte(table(FIVE, rule=rule), replications=1, **NOTHING)
    for region in result["regions"]:
        row = regions(result)[region["code"]]
        assert row["median"] == row["mean"] == row["low"] == row["high"] == row["nominal"] == region["rank"]
        if rule != "copeland":
            assert row["mean_score"] == pytest.approx(region["score"], rel=1e-9)
    assert result["robustness"]["mean_shift"] == 0
    assert result["sensitivity"]["reason"] == "NO_VARIANCE"


def test_dominated_region_is_last_in_every_replication():
    columns = {code: [0, *values[1:]] for code, values in FIVE.items()}
    result = monte(
        table(columns), replications=500, leave_one_out=True, aggregation=["geometric", "harmonic", "copeland"],
        normalisation=[{"method": "percentile"}, {"method": "rank"}],
    )  # fmt: skip
    own = regions(result)["r0"]
    assert own["p_rank"] == [0, 0, 0, 0, 1] and own["low"] == own["high"] == 5
    assert set(result["robustness"]["own_pairwise"].values()) == {0}


def test_probabilities_are_those_of_the_weights():
    """Two indicators, w ~ Beta(κ/2, κ/2): r0 beats r1 exactly when the weight of 'a' is above one half."""
    result = monte(table({"a": [9, 1, 5], "b": [1, 9, 5]}), replications=20000)
    found = regions(result)
    assert found["r0"]["p_rank"][0] == pytest.approx(0.5, abs=0.012)
    assert found["r2"]["p_rank"] == [0, 1, 0]
    assert result["robustness"]["own_pairwise"]["r1"] == pytest.approx(0.5, abs=0.012)
    assert found["r0"]["top3"] == 1
    order = [r["code"] for r in result["robustness"]["regions"]]
    row = result["robustness"]["pairwise"][order.index("r0")]
    assert row[order.index("r1")] == pytest.approx(result["robustness"]["own_pairwise"]["r1"])


def test_greater_concentration_moves_ranks_less():
    shifts = [monte(table(FIVE), replications=3000, kappa=k)["robustness"]["mean_shift"] for k in (5, 50, 5000)]
    assert shifts[0] > shifts[1] > shifts[2]


def test_leaving_out_counts_every_indicator_as_often_as_none():
    """With 'b' left out r0 leads, with 'a' left out r1, with both a tie."""
    result = monte(table({"a": [9, 1, 0], "b": [1, 9, 0]}), replications=9000, leave_one_out=True, **NOTHING)
    own = regions(result)["r0"]
    assert own["p_rank"][0] == pytest.approx(2 / 3, abs=0.02) and own["p_rank"][1] == pytest.approx(1 / 3, abs=0.02)


def test_only_child_left_out_gives_its_weight_to_the_other_branch():
    tree = {"code": "top", "children": [{"code": "n", "children": [{"indicator": "a"}]}, {"indicator": "b"}]}
    result = monte(table({"a": [9, 1, 0], "b": [1, 8, 0]}, tree=tree), replications=3000, leave_one_out=True, **NOTHING)
    assert regions(result)["r0"]["unscored"] == 0
    assert regions(result)["r0"]["p_rank"][0] == pytest.approx(2 / 3, abs=0.03)


def test_data_error_disturbs_only_what_has_one():
    case = table({"a": [5, 4.9, 1, 9]})
    assert monte(case, replications=500, data_error=True, **NOTHING)["robustness"]["mean_shift"] == 0
    case["indicators"][0]["relative_standard_error"] = 0.05
    result = monte(case, replications=20000, data_error=True, **NOTHING)
    # P(5(1 + .05 z) > 4.9(1 + .05 z')) = Φ(.1 / (.05 √(25 + 24.01)))
    exact = 0.5 * (1 + math.erf(0.1 / (0.05 * math.sqrt(49.01)) / math.sqrt(2)))
    assert result["robustness"]["own_pairwise"]["r1"] == pytest.approx(exact, abs=0.012)
    with pytest.raises(Refused, match="percentile"):
        monte(case | {"normalisation": {"method": "percentile"}}, data_error=True)


def test_inadmissible_combinations_are_counted_with_their_reason_and_never_drawn():
    result = monte(
        table(FIVE), replications=4000, normalisation=[{"method": "zscore"}], aggregation=["geometric"], **NOTHING
    )["robustness"]
    assert [r["reason"] for r in result["rejected"]] == ["zero_possible"]
    assert result["rejected"][0]["count"] == pytest.approx(1000, abs=120)
    counts = {(o["factor"], o["option"]): o["count"] for o in result["options"]}
    assert counts["normalisation", "auto panel 1-100"] + counts["normalisation", "zscore panel 1-100"] == 4000
    # a third each of the three that are left
    assert counts["aggregation", "geometric"] == pytest.approx(4000 / 3, abs=130)
    assert all(r["mean_score"] is None for r in result["regions"])


def test_stability_of_weak_points_and_main_contradiction():
    columns = {f"x{k}": [50, 50 + k, 40] for k in range(1, 8)}
    tree = {"code": "top", "children": [
        {"code": "m", "children": [{"indicator": f"x{k}"} for k in (1, 2, 3)]},
        {"code": "n", "children": [{"indicator": f"x{k}"} for k in (4, 5, 6, 7)]},
    ]}  # fmt: skip
    result = monte(table(columns, tree=tree), replications=2000)
    stable = {w["code"]: w["stability"] for w in result["weak_points"]}
    assert list(stable) == ["x7", "x6", "x5", "x3", "x4", "x2", "x1"] and sum(stable.values()) == pytest.approx(5)
    assert stable["x7"] > 0.9 > stable["x4"] > stable["x2"] > stable["x1"]
    assert all(w["depends_on_method"] == (w["stability"] < 0.8) for w in result["weak_points"])
    assert sum(result["robustness"]["dimensions"].values()) == pytest.approx(1)


def test_main_contradiction_is_named_only_when_it_holds_in_three_of_four_replications():
    clear = monte(table({"a": [0, 100, 50], "b": [90, 100, 0]}), replications=2000)["main_contradiction"]
    assert (clear["code"], clear["reason"], clear["candidates"][0]["frequency"]) == ("a", None, 1)
    even = monte(table({"a": [0, 100, 50], "b": [0, 100, 50]}), replications=2000)["main_contradiction"]
    assert (even["code"], even["reason"]) == (None, "UNSTABLE")
    assert {c["code"] for c in even["candidates"]} == {"a", "b"}


def test_ranks_of_quantiles_by_hand():
    counts = np.array([5, 0, 90, 5])
    assert (robustness.quantile_rank(counts, 0.05), robustness.quantile_rank(counts, 0.95)) == (1, 3)
    assert robustness.median_rank(np.array([2, 2])) == 1.5 and robustness.median_rank(counts) == 3


def test_seed_decides_everything():
    case = table(FIVE)
    one, two, three = (monte(case | {"seed": s}, replications=300)["robustness"] for s in (1, 1, 2))
    assert one == two and one["regions"] != three["regions"]


A, B = 7.0, 0.1


def ishigami(u):
    x = np.pi * (2 * u - 1)
    return np.sin(x[:, 0]) + A * np.sin(x[:, 1]) ** 2 + B * x[:, 2] ** 4 * np.sin(x[:, 0])


def exact_ishigami():
    """Ishigami and Homma (1990)."""
    first = [0.5 * (1 + B * np.pi**4 / 5) ** 2, A**2 / 8, 0.0]
    both = B**2 * np.pi**8 * (1 / 18 - 1 / 50)
    total = sum(first) + both
    return np.array(first) / total, np.array([first[0] + both, first[1], both]) / total


def test_indices_of_the_ishigami_function():
    first, total = exact_ishigami()
    found = sobol.indices(ishigami(sobol.design(3, 4096, 1)), 3)
    assert found.first == pytest.approx(first, abs=0.03) and found.total == pytest.approx(total, abs=0.03)
    for value, ends in zip([*first, *total], [*found.first_interval, *found.total_interval], strict=True):
        assert ends[0] - 0.02 <= value <= ends[1] + 0.02


def test_indices_agree_with_an_independent_library_on_the_same_points():
    points = sobol.design(3, 2048, 7)
    a, b = points[:2048], points[2048:4096]
    mixed = [np.where(np.arange(3) == k, b, a) for k in range(3)]
    order = np.stack([ishigami(block) for block in [a, *mixed, b]], axis=1).ravel()  # SALib's order of rows
    problem = {"num_vars": 3, "names": ["x", "y", "z"], "bounds": [[0, 1]] * 3}
    theirs = salib.analyze(problem, order, calc_second_order=False, num_resamples=10, seed=1)
    ours = sobol.indices(ishigami(points), 3)
    assert ours.first == pytest.approx(theirs["S1"], abs=0.01)
    assert ours.total == pytest.approx(theirs["ST"], abs=0.01)


def test_centred_first_order_index_bears_a_large_mean_where_an_uncentred_one_does_not():
    points = sobol.design(3, 1024, 3)
    shifted = sobol.indices(ishigami(points) + 1e4, 3)
    assert shifted.first == pytest.approx(sobol.indices(ishigami(points), 3).first, abs=1e-6)


def test_constant_output_has_no_indices_where_the_library_says_0():
    assert sobol.indices(np.full(5 * 64, 3.0), 3).first is None


def test_factor_that_decides_nothing_has_no_share_and_the_one_that_decides_all_has_all():
    columns = {"a": [9, 1, 5, 3], "b": [1, 9, 5, 6]}
    result = monte(table(columns), base=1024, imputation=["linear"], replications=10)
    factors = {f["factor"]: f for f in result["sensitivity"]["outputs"][0]["factors"]}
    assert factors["imputation"]["total"]["raw"] == 0
    assert factors["weights"]["total"]["raw"] == pytest.approx(1, abs=0.05)
    assert result["sensitivity"]["evaluations"] == 1024 * 4
