"""Outlier treatment and imputation by hand."""

import numpy as np
import pytest
from scipy import stats

from planning.gaps.engine import chain, impute, treat
from planning.gaps.engine.impute import Options
from tests.planning.gaps.engine.cases import by_code, table

SKEWED = np.array([1, 2, 3, 4, 5, 6, 7, 8, 9, 100.0])


def test_skewness_and_kurtosis_are_those_of_the_statistics_library():
    rng = np.random.default_rng(1)
    for x in (SKEWED, rng.lognormal(size=30), rng.normal(size=12)):
        assert treat.skewness(x) == pytest.approx(stats.skew(x, bias=False), rel=1e-12)
        assert treat.kurtosis(x) == pytest.approx(stats.kurtosis(x, bias=False), rel=1e-12)


def test_skewness_by_hand_and_undefined_ones():
    # 0, 0, 3: mean 1, s² = 3, Σ(x - m)³ = -1 - 1 + 8 = 6; G1 = 3/2 · 6/3^1.5
    assert treat.skewness(np.array([0, 0, 3.0])) == pytest.approx(1.5 * 6 / 3**1.5)
    assert treat.skewness(np.array([1, 2.0])) is None and treat.kurtosis(np.array([1, 2, 3.0])) is None
    assert treat.skewness(np.array([5, 5, 5, 5.0])) is None and treat.passes(np.full(12, 5.0)) is None


def test_one_outlier_is_moved_to_the_next_value():
    found = treat.treatment(SKEWED)
    assert (found.method, found.low, found.high, found.moved, found.passed) == ("winsorise", 1, 9, 1, True)
    assert found.forward(SKEWED).tolist() == [1, 2, 3, 4, 5, 6, 7, 8, 9, 9]
    assert found.before[0] > 2 and abs(found.after[0]) < 2


def test_mirror_image_moves_the_lowest_value():
    found = treat.treatment(-SKEWED)
    assert (found.method, found.low, found.moved) == ("winsorise", -9, 1)


def test_what_winsorising_cannot_help_is_turned_by_a_logarithm_and_the_winsorising_is_discarded():
    x = np.concatenate([np.linspace(0, 1, 40), 10.0 ** np.arange(2, 10)])
    found = treat.treatment(x)
    assert (found.method, found.moved) == ("log", 0)
    span = x.max() - x.min()
    assert found.forward(x)[0] == pytest.approx(np.log(0.01 * span))
    assert found.forward(x)[-1] == pytest.approx(np.log(1.01 * span))
    assert found.inverse(float(found.forward(np.array(1234.5)))) == pytest.approx(1234.5)
    mirrored = treat.treatment(-x)
    assert (np.diff(mirrored.forward(np.sort(-x))) >= 0).all()
    assert mirrored.inverse(float(mirrored.forward(np.array(-1234.5)))) == pytest.approx(-1234.5)


def test_most_values_moved_is_kept():
    assert treat.winsorise(np.concatenate([np.linspace(0, 1, 40), 10.0 ** np.arange(2, 10)]), winmax=3)[2] <= 3


def test_treatment_is_off_below_ten_regions_and_the_leader_stays():
    result = chain.run(table({"x": list(SKEWED[1:])}) | {"treatment": {"enabled": True}})
    assert result["treatments"][0] | {"before": 0, "after": 0} == {
        "code": "x", "method": "none", "before": 0, "after": 0, "moved": 0, "passed": None, "reason": "TOO_SMALL",
        "cells": [],
    }  # fmt: skip
    assert result["indicators"][0]["best"]["treated"] == 100


def test_treated_cell_is_flagged_listed_and_its_gap_untreated():
    result = chain.run(table({"x": list(SKEWED)}) | {"treatment": {"enabled": True}})
    best = result["indicators"][0]["best"]
    assert (best["value"], best["treated"], best["flags"]) == (100, 9, ["TREATED"])
    assert result["treatments"][0]["cells"] == [{"region": "r9", "year": 2020, "original": 100, "value": 9}]
    assert result["indicators"][0]["gap"] == 99
    assert result["quality"]["treated"] == 1


def panel(rows):
    """(values, present) of years × 1 region × 1 indicator; None: missing."""
    values = np.array([[[0.0 if v is None else v]] for v in rows])
    return values, np.array([[[v is not None]] for v in rows])


@pytest.mark.parametrize(
    ("method", "rows", "expected"),
    [
        ("linear", [None, 10, None, None, 40, None], [None, 10, 20, 30, 40, None]),
        ("linear", [None, None, None, 7, None, None], [None, 7, 7, 7, 7, 7]),
        ("locf", [None, 10, None, None, None, 40], [None, 10, 10, 10, None, 40]),
        ("focb", [None, None, None, 10, None, 40], [None, 10, 10, 10, 40, 40]),
        ("locf", [None, None, None, 7, None, None], [None, 7, 7, 7, 7, 7]),
    ],
)
def test_filling_within_a_series_by_hand(method, rows, expected):
    values, present = panel(rows)
    years = np.arange(2015, 2021)
    if method == "linear":
        impute.linear(values, present, years, Options(carry=2))
    else:
        impute.carried(values, present, years, Options(carry=2), back=method == "focb")
    found = [float(v) if p else None for v, p in zip(values.ravel(), present.ravel(), strict=True)]
    assert found == expected


def test_peer_median_takes_the_peers_of_the_same_year_only():
    values, present = np.array([[[0.0], [1.0], [9.0], [50.0]]]), np.array([[[False], [True], [True], [True]]])
    impute.peer_median(values, present, Options(peers=(1, 2)))
    assert values[0, 0, 0] == 5 and present.all()


def test_regression_needs_20_regions_and_finds_an_exact_line():
    x = np.arange(25.0)
    values = np.stack([x, 3 * x + 1], axis=1)[None].copy()
    present = np.ones(values.shape, bool)
    present[0, 7, 1], values[0, 7, 1] = False, 0
    few_values, few_present = values[:, :20].copy(), present[:, :20].copy()
    impute.regression(values, present, Options(), None, deck=False)
    assert values[0, 7, 1] == pytest.approx(22)
    impute.regression(few_values, few_present, Options(), None, deck=False)
    assert not few_present[0, 7, 1]


def test_multiple_draws_from_figures_of_the_same_year_where_no_regression_is_possible():
    values, present = np.array([[[0.0], [1.0], [9.0]]]), np.array([[[False], [True], [True]]])
    found = set()
    for seed in range(20):
        v, p = values.copy(), present.copy()
        impute.regression(v, p, Options(), np.random.default_rng(seed), deck=True)
        found.add(float(v[0, 0, 0]))
    assert found == {1.0, 9.0}


METHODS = ["linear", "locf", "focb", "peer_median", "regression", "multiple"]


@pytest.mark.parametrize("method", METHODS)
def test_observed_cells_stay_bit_identical_and_filled_ones_are_listed(method):
    columns = {"x": [[0.1, None, 0.3], [1 / 3, 0.7, None], [None, 2.0, 5.0]], "y": [[1, 2, 3], [4, 5, 6], [7, 8, 9]]}
    case = table(columns, (2018, 2019, 2020)) | {"imputation": {"method": method}}
    result = chain.run(case)
    known = {(o["region"], o["indicator"], o["year"]): o["value"] for o in case["observations"]}
    filled = {(c["region"], c["indicator"], c["year"]) for c in result["imputed"]}
    for year in result["years"]:
        for region, row in zip(result["regions"], year["cells"], strict=True):
            for indicator, value in zip(result["indicators"], row, strict=True):
                cell = (region["code"], indicator["code"], year["year"])
                assert value == known[cell] if cell in known else (value is not None) == (cell in filled)
    assert method == "regression" or filled
    assert all("IMPUTED" in c["flags"] for c in result["imputed"])


def test_filled_figure_of_the_year_compared_is_flagged_and_has_no_source():
    columns = {"x": [[9, 8, None], [10, None, 30], [1, 2, None], [4, 5, None]], "y": [[1, 2, 3]] * 3 + [[4, 5, 6]]}
    result = chain.run(table(columns, (2018, 2019, 2020)) | {"imputation": {"method": "linear"}})
    cell = by_code(result["indicators"])["x"]["cells"][1]
    assert (cell["year"], cell["value"], cell["flags"], cell["source"]) == (2019, 20, ["IMPUTED"], "")
    assert by_code(result["regions"])["r1"]["coverage"] == 0.5  # a filled figure is no observation


def test_nothing_later_than_the_year_compared_enters():
    columns = {"x": [[10, None, 30], [1, 2, 3], [4, 5, 6]]}
    case = table(columns, (2018, 2019, 2020)) | {"selection": {"year_rule": "one_year", "year": 2019}}
    result = chain.run(case | {"imputation": {"method": "linear"}})
    assert [y["year"] for y in result["years"]] == [2018, 2019]
    assert result["indicators"][0]["own"]["value"] == 10  # carried from 2018; 30 is not known yet


def test_carried_figures_beyond_the_ends_say_so():
    columns = {"x": [[10, None], [1, 2], [4, 5]], "y": [[1, 2], [3, 4], [5, 6]]}
    found = chain.run(table(columns, (2018, 2019)) | {"imputation": {"method": "locf"}})["imputed"]
    assert [(c["value"], c["donors"], c["flags"]) for c in found] == [(10, [2018], ["IMPUTED", "EXTRAPOLATED"])]
