"""Eleven normalisations by hand, and what none of them may do."""

import numpy as np
import pytest

from planning.gaps.engine import chain
from planning.gaps.engine.normalise import normalise
from tests.planning.gaps.engine.cases import by_code, table

BASE = {"mode": "panel", "range": [0, 1], "center": 0, "spread": 1, "rescale": False, "bins": 4, "reference": None}
X = [2.0, 4.0, 4.0, 10.0]


def scores(method, x=X, **more):
    y = np.array(x, float)[None, :, None]
    found = normalise(y, ~np.isnan(y), BASE | {"method": method} | more.pop("spec", {}), **more)
    return [v if p else None for v, p in zip(found.scores[0, :, 0].tolist(), found.present[0, :, 0], strict=True)]


def ends(worst, best):
    return {"goalposts": (np.array([float(worst)]), np.array([float(best)])), "cap": np.array([True])}


@pytest.mark.parametrize(
    ("method", "more", "expected"),
    [
        ("minmax", {}, [0, 0.25, 0.25, 1]),
        ("minmax", {"spec": {"range": [1, 100]}}, [1, 25.75, 25.75, 100]),
        ("frontier", {}, [0, 0.25, 0.25, 1]),
        ("zscore", {}, [-0.8660254, -0.2886751, -0.2886751, 1.4433757]),  # mean 5, s² = 36/3 = 12
        ("zscore", {"spec": {"center": 10, "spread": 2}}, [8.2679492, 9.4226497, 9.4226497, 12.8867513]),
        ("goalposts", ends(0, 8), [0.25, 0.5, 0.5, 1]),
        ("goalposts", ends(4, 8), [0, 0, 0, 1]),
        ("target", {"target": np.array([4.0])}, [0, 1, 1, 1]),
        ("target", {"target": np.array([18.0])}, [0, 0.125, 0.125, 0.5]),
        ("reference", {"reference": 1}, [0, 1, 1, 4]),
        ("fraction", {}, [0.2, 0.4, 0.4, 1]),
        ("rank", {}, [1, 2, 2, 4]),
        ("borda", {}, [0, 1, 1, 3]),
        ("percentile", {}, [0, 1 / 3, 1 / 3, 1]),
        ("percentile", {"spec": {"range": [1, 100]}}, [1, 34, 34, 100]),
        ("categorical", {}, [1, 2, 2, 4]),  # quartiles 3.5, 4, 5.5
        ("rank", {"spec": {"rescale": True, "range": [1, 100]}}, [1, 34, 34, 100]),
        ("zscore", {"spec": {"rescale": True, "range": [1, 100]}}, [1, 25.75, 25.75, 100]),
    ],
)
def test_scores_by_hand(method, more, expected):
    assert scores(method, **more) == pytest.approx(expected)


@pytest.mark.parametrize("method", ["minmax", "frontier", "zscore", "target", "reference"])
def test_constant_column_has_no_scores(method):
    more = {"target": {"target": np.array([3.0])}, "reference": {"reference": 0}}.get(method, {})
    assert scores(method, [3, 3, 3], **more) == [None] * 3


@pytest.mark.parametrize(("method", "expected"), [("goalposts", [0.5]), ("minmax", [None]), ("percentile", [None])])
def test_one_region(method, expected):
    assert scores(method, [5], **(ends(0, 10) if method == "goalposts" else {})) == expected


def test_missing_keeps_none_and_counts_in_no_rank():
    assert scores("rank", [2, np.nan, 4, 10]) == [1, None, 2, 3]
    assert scores("minmax", [2, np.nan, 4, 10]) == [0, None, 0.25, 1]


def test_fraction_of_a_maximum_that_is_not_positive_is_undefined():
    assert scores("fraction", [-4, -2, 0]) == [None] * 3


def reason_of(case, code="x"):
    return by_code(chain.run(case)["indicators"])[code]["score_reason"]


def test_reasons_of_undefined_scores():
    case = table({"x": [2, 4, 10, 5], "y": [1, 2, 3, 4]})
    case["indicators"][0] |= {"target": 2, "normalisation": {"method": "target"}}
    assert reason_of(case) == "TARGET_MET_BY_ALL"
    case["indicators"][0]["normalisation"] = {"method": "reference", "reference": "r0"}
    assert reason_of(case) == "REFERENCE_IS_MINIMUM"
    case["observations"][0:1] = []
    assert reason_of(case) == "BENCHMARK_MISSING"


def test_goalposts_and_range_hold_per_indicator_and_over_all_years():
    case = table({"x": [[10, 60], [20, 90], [30, 200]], "y": [[1, 2], [2, 4], [3, 6]]}, (2019, 2020))
    case["indicators"][0] |= {"worst": 0, "best": 100, "normalisation": {"method": "goalposts", "range": [0, 10]}}
    years = {y["year"]: y["scores"] for y in chain.run(case)["years"]}
    assert [row[0] for row in years[2019]] == [1, 2, 3] and [row[0] for row in years[2020]] == [6, 9, 10]
    assert [row[1] for row in years[2020]] == pytest.approx([1 + 99 / 5, 1 + 99 * 3 / 5, 100])


def test_goalpost_beyond_the_frame_is_capped_and_flagged_unless_not_wanted():
    case = table({"x": [50, 120, 10]})
    case["indicators"][0] |= {"worst": 0, "best": 100}
    cells = chain.run(case)["indicators"][0]["cells"]
    assert (cells[1]["score"], cells[1]["flags"]) == (100, ["CAPPED"])
    case["indicators"][0]["cap"] = False
    cells = chain.run(case)["indicators"][0]["cells"]
    assert (cells[1]["score"], cells[1]["flags"]) == (pytest.approx(119.8), [])


def test_year_mode_takes_each_year_by_its_own():
    case = table({"x": [[0, 50], [10, 100], [5, 75]]}, (2019, 2020)) | {"normalisation": {"mode": "year"}}
    years = chain.run(case)["years"]
    assert [[row[0] for row in y["scores"]] for y in years] == [[1, 100, 50.5], [1, 100, 50.5]]
    case["normalisation"] = {"mode": "year", "method": "frontier"}
    assert [row[0] for row in chain.run(case)["years"][1]["scores"]] == [50.5, 100, 75.25]


@pytest.mark.parametrize("transform", ["none", "log", "asinh"])
@pytest.mark.parametrize("direction", [1, -1])
@pytest.mark.parametrize("method", ["minmax", "zscore", "goalposts"])
def test_way_back_from_a_score_gives_the_value(transform, direction, method):
    case = table({"x": [3, 20, 70, 500]}, directions={"x": direction}) | {"normalisation": {"method": method}}
    case["indicators"][0] |= {"transform": transform}
    if method == "goalposts":
        case["indicators"][0] |= dict(zip(("worst", "best"), (1, 1000)[::direction], strict=True))
    from planning.gaps.engine import point

    p = point.compute(case)
    for i, value in enumerate((3, 20, 70, 500)):
        assert p.scores.inverse(0, float(p.scores.values[-1, i, 0])) == pytest.approx(value)
        assert float(p.scores.forward(0, np.array(float(value)))) == pytest.approx(p.scores.values[-1, i, 0])
