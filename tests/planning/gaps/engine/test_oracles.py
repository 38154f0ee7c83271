"""Two public libraries beside the engine: they agree where they are right, and where they are not a test shows it."""

import numpy as np
import pytest
from pymcdm import normalizations as pymcdm
from skcriteria import mkdm
from skcriteria.agg.simple import WeightedProductModel, WeightedSumModel
from skcriteria.preprocessing.scalers import MinMaxScaler
from skcriteria.preprocessing.weighters import critic_weights, entropy_weights

from planning.gaps.engine import chain, data_weights
from tests.planning.gaps.engine.cases import OFF

FIGURES = np.random.default_rng(7).uniform(1, 10, (12, 4))
WEIGHTS = [0.1, 0.2, 0.3, 0.4]


def case(figures, span=(0, 1), aggregation="arithmetic"):
    """The regions and indicators of a table as a case, weighed by ``WEIGHTS``; a missing cell is left out."""
    rows, columns = figures.shape
    return {
        "schema": "gap-case/1", "own": "r0", **OFF,
        "regions": [{"code": f"r{i}"} for i in range(rows)],
        "indicators": [{"code": f"x{j}", "direction": 1} for j in range(columns)],
        "observations": [
            {"region": f"r{i}", "indicator": f"x{j}", "year": 2020, "value": float(figures[i, j])}
            for i in range(rows) for j in range(columns) if not np.isnan(figures[i, j])
        ],
        "normalisation": {"method": "minmax", "range": list(span)},
        "tree": {"code": "top", "aggregation": aggregation, "children": [
            {"indicator": f"x{j}", "weight": WEIGHTS[j]} for j in range(columns)
        ]},
    }  # fmt: skip


def scores(result):
    return np.array([[cell["score"] for cell in i["cells"]] for i in result["indicators"]], float).T


def test_weights_agree_with_scikit_criteria():
    assert data_weights.critic(FIGURES)[0] == pytest.approx(critic_weights(FIGURES, np.ones(4)), rel=1e-9)
    assert data_weights.entropy(FIGURES)[0] == pytest.approx(entropy_weights(FIGURES), rel=1e-9)


def test_scores_and_ranks_of_the_weighted_sum_agree_with_both():
    result = chain.run(case(FIGURES))
    matrix = MinMaxScaler(target="matrix").transform(mkdm(FIGURES, [max] * 4, weights=WEIGHTS))
    assert scores(result) == pytest.approx(matrix.matrix.to_numpy(), abs=1e-12)
    assert scores(result) == pytest.approx(
        np.column_stack([pymcdm.minmax_normalization(column) for column in FIGURES.T]), abs=1e-12
    )
    theirs = WeightedSumModel().evaluate(matrix)
    assert [r["score"] for r in result["regions"]] == pytest.approx(list(theirs.e_.score), abs=1e-12)
    assert [r["rank"] for r in result["regions"]] == list(theirs.rank_)


def test_the_order_of_the_geometric_mean_is_that_of_the_weighted_product():
    result = chain.run(case(FIGURES, span=(1, 100), aggregation="geometric"))
    theirs = WeightedProductModel().evaluate(mkdm(scores(result), [max] * 4, weights=WEIGHTS))
    assert [r["rank"] for r in result["regions"]] == list(theirs.rank_)


def test_a_constant_column_is_the_worst_score_there_and_no_score_here():
    flat = FIGURES.copy()
    flat[:, 2] = 7
    theirs = MinMaxScaler(target="matrix").transform(mkdm(flat, [max] * 4)).matrix.to_numpy()[:, 2]
    assert (theirs == 0).all()
    with np.errstate(all="ignore"):
        assert np.isnan(critic_weights(flat, np.ones(4))).all()
    found = chain.run(case(flat))["indicators"][2]
    assert found["score_reason"] == "CONSTANT" and {c["score"] for c in found["cells"]} == {None}
    assert data_weights.critic(flat)[0].sum() == pytest.approx(1)


def test_a_missing_cell_leaves_no_ranking_there_and_gives_its_weight_away_here():
    hole = FIGURES.copy()
    hole[3, 1] = np.nan
    matrix = MinMaxScaler(target="matrix").transform(mkdm(hole, [max] * 4, weights=WEIGHTS))
    assert np.isnan(matrix.matrix.to_numpy()[3, 1])
    with pytest.warns(RuntimeWarning, match="invalid value"), pytest.raises(ValueError, match="look like a ranking"):
        WeightedSumModel().evaluate(matrix)
    result = chain.run(case(hole))
    own = scores(result)[3]
    there = [0, 2, 3]
    expected = sum(WEIGHTS[j] * own[j] for j in there) / sum(WEIGHTS[j] for j in there)
    assert result["regions"][3]["score"] == pytest.approx(expected, abs=1e-12)
