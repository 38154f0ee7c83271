"""Weights by hand, from published examples, and against independent libraries (where they are right)."""

import numpy as np
import pytest
from pymcdm import weights as pymcdm

from planning.gaps.engine import chain, data_weights, dea, weights
from planning.gaps.engine.refusal import Refused
from tests.planning.gaps.engine.cases import small, table

RNG = np.random.default_rng(5)
SCORES = RNG.uniform(1, 100, (12, 4))


def test_shares_are_keyed_by_code():
    assert weights.shares({"a": 1, "b": 3}) == {"a": 0.25, "b": 0.75}
    assert weights.shares({"a": 0, "b": 0}) is None
    with pytest.raises(ValueError, match="negative"):
        weights.shares({"a": -1, "b": 2})


def test_budget_allocation_gives_mean_sd_and_number_of_experts():
    found = weights.budget(["a", "b"], [{"b": 40, "a": 60}, {"a": 80, "b": 20}])
    assert found.shares == pytest.approx({"a": 0.7, "b": 0.3})
    assert found.sd["a"] == pytest.approx(0.1 * 2**0.5) and found.experts == 2
    assert weights.budget(["a"], [{"a": 100}]).sd == {"a": None}


def test_ahp_of_a_published_example():
    """Kardi Teknomo, Analytic Hierarchy Process tutorial: apple, banana, cherry. His column means approximate the
    eigenvector by 28.28 %, 64.34 %, 7.38 %."""
    found = weights.ahp(["apple", "banana", "cherry"], [[[1, 1 / 3, 5], [3, 1, 7], [1 / 5, 1 / 7, 1]]])
    assert list(found.shares.values()) == pytest.approx([0.2828, 0.6434, 0.0738], abs=0.006)
    w = np.array(list(found.shares.values()))
    matrix = np.array([[1, 1 / 3, 5], [3, 1, 7], [1 / 5, 1 / 7, 1]])
    assert matrix @ w == pytest.approx(found.eigenvalue * w)  # it is an eigenvector …
    assert found.eigenvalue == pytest.approx(max(np.linalg.eigvals(matrix).real))  # … the principal one
    assert found.cr == pytest.approx((found.eigenvalue - 3) / 2 / 0.58)


def test_ahp_of_a_consistent_matrix_gives_its_weights_and_no_inconsistency():
    w = np.array([0.5, 0.3, 0.2])
    found = weights.ahp("abc", [(w[:, None] / w).tolist()])
    assert list(found.shares.values()) == pytest.approx(w) and found.cr == pytest.approx(0, abs=1e-12)
    assert weights.ahp("ab", [[[1, 3], [1 / 3, 1]]]).cr is None


def test_ahp_of_a_group_is_the_geometric_mean_of_the_matrices():
    found = weights.ahp("ab", [[[1, 2], [1 / 2, 1]], [[1, 8], [1 / 8, 1]]])
    assert found.shares == pytest.approx({"a": 0.8, "b": 0.2})


@pytest.mark.parametrize("matrix", [[[1, 2], [2, 1]], [[1, -2], [-0.5, 1]], [[1, 2]], [[1, 2], [0.5]]])
def test_ahp_refuses_what_is_no_comparison(matrix):
    with pytest.raises(Refused, match="reciprocal"):
        weights.ahp("ab", [matrix])


CONTRADICTORY = [[1, 9, 1 / 9], [1 / 9, 1, 9], [9, 1 / 9, 1]]


def test_ahp_that_contradicts_itself_needs_an_override_and_prints_it():
    ahp = {"children": ["x", "y", "z"], "matrices": [CONTRADICTORY]}
    case = table({"x": [1, 2, 3], "y": [3, 2, 1], "z": [1, 3, 2]}) | {"weights": {"method": "ahp", "ahp": {"top": ahp}}}
    with pytest.raises(Refused, match="consistency ratio"):
        chain.run(case)
    ahp["accept_inconsistent"] = True
    printed = chain.run(case)["weights"]["nodes"]["top"]
    assert printed["accepted"] is True and printed["cr"] > 0.1


def test_entropy_and_critic_agree_with_an_independent_library():
    assert data_weights.entropy(SCORES)[0] == pytest.approx(pymcdm.entropy_weights(SCORES), rel=1e-9)
    low, high = SCORES.min(axis=0), SCORES.max(axis=0)
    unit = (SCORES - low) / (high - low)
    theirs = pymcdm.critic_weights(SCORES, types=np.ones(4))
    assert data_weights.critic(SCORES)[0] == pytest.approx(theirs, rel=1e-9)
    assert data_weights.critic(unit)[0] == pytest.approx(data_weights.critic(SCORES)[0])


def test_constant_column_gets_weight_0_where_the_library_loses_all_weights():
    flat = SCORES.copy()
    flat[:, 2] = 7
    with np.errstate(all="ignore"), pytest.warns(UserWarning, match="zero variance"):
        assert np.isnan(pymcdm.critic_weights(flat, types=np.ones(4))).all()
    found, equal = data_weights.critic(flat)
    assert found[2] == 0 and found.sum() == pytest.approx(1) and not equal
    assert found[[0, 1, 3]] == pytest.approx(data_weights.critic(flat[:, [0, 1, 3]])[0])
    assert data_weights.entropy(flat)[0][2] == 0


def test_all_constant_gives_equal_weights_and_says_so():
    assert data_weights.entropy(np.full((5, 2), 3.0))[1] and data_weights.critic(np.full((5, 2), 3.0))[1]
    with pytest.raises(ValueError, match="above 0"):
        data_weights.entropy(np.array([[0.0, 1], [1, 2]]))


def test_pca_of_two_equal_pairs_weighs_the_pairs_equally():
    a, b = RNG.normal(size=(2, 40))
    found = data_weights.pca(np.column_stack([a, a, b, b]) + 1e-6 * RNG.normal(size=(40, 4)))
    assert found.weights == pytest.approx([0.25] * 4, abs=1e-3) and len(found.eigenvalues) == 2
    assert sum(found.variance) == pytest.approx(1, abs=1e-3)


def test_varimax_keeps_communalities_and_raises_its_criterion():
    loadings = RNG.normal(size=(6, 2))
    turned = data_weights.varimax(loadings)
    assert (turned**2).sum(axis=1) == pytest.approx((loadings**2).sum(axis=1))
    criterion = lambda a: (a**2).var(axis=0).sum()  # noqa: E731
    angles = np.linspace(0, np.pi, 721)
    best = max(criterion(loadings @ [[np.cos(t), -np.sin(t)], [np.sin(t), np.cos(t)]]) for t in angles)
    assert criterion(turned) == pytest.approx(best, rel=1e-4)


@pytest.mark.parametrize(("shape", "code"), [((19, 2), "pca_size"), ((20, 7), "pca_size")])
def test_pca_refuses_too_few_regions(shape, code):
    with pytest.raises(Refused) as refusal:
        data_weights.pca(RNG.normal(size=shape))
    assert refusal.value.code == code
    with pytest.raises(Refused, match="constant"):
        data_weights.pca(np.column_stack([np.ones(30), np.arange(30)]))


def test_benefit_of_the_doubt_by_hand():
    s = np.array([[10.0, 2], [2, 10], [5, 5], [1, 1]])
    found, shares = data_weights.benefit_of_the_doubt(s, np.ones(s.shape, bool))
    # r2: max 5a + 5b with 10a + 2b ≤ 1 and 2a + 10b ≤ 1 → a = b = 1/12 → 10/12
    assert found == pytest.approx([1, 1, 10 / 12, 2 / 12])
    assert shares[2] == pytest.approx([0.5, 0.5])


def test_share_bounds_of_the_benefit_of_the_doubt_hold():
    s = RNG.uniform(1, 10, (8, 3))
    found, shares = data_weights.benefit_of_the_doubt(s, np.ones(s.shape, bool), 0.2, 0.5)
    assert (shares > 0.2 - 1e-9).all() and (shares < 0.5 + 1e-9).all()
    assert (found <= data_weights.benefit_of_the_doubt(s, np.ones(s.shape, bool))[0] + 1e-9).all()
    with pytest.raises(Refused, match="bounds"):
        data_weights.benefit_of_the_doubt(s, np.ones(s.shape, bool), 0.4, 0.5)


def test_best_case_is_reported_beside_the_score():
    result = chain.run(table({"x": [1, 2, 10], "y": [9, 3, 1]}) | {"weights": {"method": "bod"}})
    assert [r["best_case"] for r in result["regions"]][::2] == pytest.approx([1, 1])
    assert chain.run(small())["regions"][0]["best_case"] is None


@pytest.mark.parametrize("method", ["equal", "entropy", "critic"])
def test_weights_of_a_case_sum_to_1_down_the_tree(method):
    result = chain.run(small(weights={"method": method}))
    assert sum(n["effective"] for n in result["tree"] if n["indicator"]) == pytest.approx(1)
    if method == "equal":
        assert [n["weight"] for n in result["tree"]] == [1, 0.5, 0.5, 0.5, 0.5, 1]


def test_order_of_children_in_comparisons_does_not_matter():
    ahp = {"children": ["port", "gdp"], "matrices": [[[1, 1 / 4], [4, 1]]]}
    result = chain.run(small(weights={"method": "ahp", "ahp": {"scale": ahp}}))
    found = {n["code"]: n["weight"] for n in result["tree"]}
    assert (found["gdp"], found["port"]) == (pytest.approx(0.8), pytest.approx(0.2))


def test_output_efficiency_by_hand_and_its_limits():
    """One input, one output: efficiency is the ratio to the best productivity."""
    x, y = np.arange(1.0, 9)[:, None], np.array([[1.0], [4], [3], [4], [10], [6], [7], [1]])
    productivity = (y / x).ravel()
    assert dea.efficiency(x, y) == pytest.approx(productivity / productivity.max())
    with pytest.raises(Refused, match="more than 6"):
        dea.efficiency(x[:6], y[:6])


def test_data_envelopment_stands_in_the_result():
    case = table({"in": list(range(1, 9)), "out": [1, 4, 3, 4, 10, 6, 7, 1]})
    result = chain.run(case | {"dea": {"inputs": ["in"], "outputs": ["out"]}})
    assert result["dea"]["regions"]["r1"] == pytest.approx(1)
