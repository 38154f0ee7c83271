"""Trends, catching up, convergence and ranks by hand and from published examples."""

import math

import numpy as np
import pytest
from scipy import stats

from planning.gaps.engine import catchup, chain, ranks, trend
from tests.planning.gaps.engine.cases import by_code, table

YEARS = list(range(2010, 2024))
# "A Mann-Kendall example (by hand)", mathcs.holycross.edu/~little/Montserrat: S = 54, Z = 2.9058, one-sided p .0018.
PUBLISHED = [12.9, 14.8, 13.2, 15.7, 13.8, 15.6, 12.9, 11.0, 17.3, 15.9, 19.0, 18.3, 20.1, 21.7]


def test_mann_kendall_of_a_published_example():
    assert trend.mann_kendall(PUBLISHED) == pytest.approx(2 * stats.norm.sf(2.9058), rel=1e-3)
    found = trend.trend(YEARS, PUBLISHED)
    assert (found.label, found.n) == ("rising", 14)


def test_theil_sen_agrees_with_the_statistics_library_and_with_hand():
    assert trend.theil_sen(YEARS, PUBLISHED) == pytest.approx(stats.theilslopes(PUBLISHED, YEARS).slope)
    assert trend.theil_sen([2018, 2019, 2021], [1, 2, 7]) == 2  # slopes 1, 2, 2.5


def test_least_squares_agrees_with_the_statistics_library():
    slope, low, high = trend.ols(YEARS, PUBLISHED)
    theirs = stats.linregress(YEARS, PUBLISHED)
    half = stats.t.ppf(0.95, 12) * theirs.stderr
    assert (slope, low, high) == pytest.approx((theirs.slope, theirs.slope - half, theirs.slope + half))
    assert trend.slope_p(trend.line(YEARS, PUBLISHED)) == pytest.approx(theirs.pvalue)


def test_growth_and_slope_by_hand():
    found = trend.trend([2016, 2017, 2018, 2019], [100, 110, 121, 133.1])
    assert found.growth == pytest.approx(0.1)
    assert found.slope == pytest.approx((-1.5 * 100 - 0.5 * 110 + 0.5 * 121 + 1.5 * 133.1) / 5)
    assert (found.label, found.label_reason) == (None, "TOO_FEW_YEARS")


def test_trend_starts_anew_at_a_break():
    found = trend.trend([2016, 2017, 2018, 2019], [200, 210, 100, 105], [False, False, True, False])
    assert (found.growth, found.first, found.broken) == (pytest.approx(0.05), 2018, True)
    assert found.slope_reason == "BREAK_IN_SERIES"


def test_trend_of_one_year_or_through_zero_is_not_given():
    assert trend.trend([2019], [5]).growth_reason == "TOO_FEW_YEARS"
    assert trend.trend([2018, 2019], [5, 6], [False, True]).growth_reason == "BREAK_IN_SERIES"
    assert trend.trend([2018, 2019], [-5, 6]).growth_reason == "NON_POSITIVE"
    assert trend.trend([2018, 2019], [5, 6], interval=True).growth_reason == "INTERVAL_SCALE"


def test_no_change_is_no_clear_trend():
    assert trend.mann_kendall([3] * 8) == 1
    assert trend.trend(list(range(8)), [3.0] * 8).label == "unclear"


def test_exact_line_catches_up_in_time_without_an_interval_to_speak_of():
    found = catchup.catch_up([2016, 2017, 2018, 2019, 2020], [10, 9, 8, 7, 6])
    assert (found.years, found.low, found.high, found.p_closing) == (pytest.approx(6), *[pytest.approx(6)] * 2, 1)


def test_widening_difference_is_never_closed_at_the_present_trend():
    found = catchup.catch_up([2017, 2018, 2019, 2020], [5, 6.5, 6.8, 8])
    assert (found.years, found.reason, found.high) == (None, "NEVER_AT_THE_PRESENT_TREND", None)
    assert found.p_closing < 0.05


def test_closed_difference_needs_no_years():
    found = catchup.catch_up([2017, 2018, 2019, 2020], [3, 2, 1, -1])
    assert (found.years, found.flags) == (0, ("CAUGHT_UP",))


def test_few_years_give_a_point_only_and_slow_ones_more_than_50_years():
    found = catchup.catch_up([2018, 2019, 2020], [10, 9.95, 9.9])
    assert (found.years, found.low, found.p_closing) == (pytest.approx(198), None, None)
    assert found.flags == ("POINT_ONLY", "MORE_THAN_50_YEARS")


def test_interval_of_fieller_holds_the_truth_as_often_as_it_says():
    rng, t, inside = np.random.default_rng(11), np.arange(10.0), 0
    for _ in range(400):
        found = catchup.catch_up(t.tolist(), (20 - t + rng.normal(0, 1, 10)).tolist())
        inside += found.low <= 11 <= found.high
    assert 0.85 < inside / 400 < 0.95


def test_uncertain_slope_has_no_upper_end():
    found = catchup.catch_up(list(range(6)), [5, 6, 4.5, 5.8, 4.4, 5.2])
    assert found.years > 0 and found.high is None and found.low >= 0


def test_years_by_growth_rates():
    assert catchup.ratio_years(50, 100, 0.1, 0.0) == pytest.approx(math.log(2) / math.log(1.1))
    assert catchup.ratio_years(50, 100, 0.0, 0.1) is None and catchup.ratio_years(100, 50, 0, 0) == 0


def test_convergence_by_hand():
    spread, slope, p, reason = catchup.sigma([1, 2, 3, 4], [[0, 8], [1, 7], [2, 6], [3, 5]])
    assert spread == pytest.approx([8 / 2**0.5, 6 / 2**0.5, 4 / 2**0.5, 2 / 2**0.5])
    assert (slope, p, reason) == (pytest.approx(-(2**0.5)), 0, None)
    first = [1.0, math.e, math.e**2, math.e**3]
    b, p, n, _ = catchup.beta(first, [x * math.exp(1 - 0.2 * math.log(x)) for x in first], 1)
    assert (b, n) == (pytest.approx(-0.2), 4)
    assert catchup.beta([1, 1, 1, 1], [2, 2, 2, 2], 1)[3] == "NO_VARIANCE"


def test_trends_of_a_case_name_direction_and_years_to_catch_up():
    years = tuple(range(2013, 2021))
    own = [10 + 5 * k for k in range(8)]
    case = table({"x": [own, [100] * 8, [0] * 8]}, years)
    result = chain.run(case)
    x = result["indicators"][0]
    assert (x["trend"]["label"], x["trend"]["theil_sen"], x["trend"]["n"]) == ("rising", 5, 8)
    assert x["peer_trend"]["theil_sen"] == 0
    leader = result["trends"]["catch_up"][0]
    assert (leader["kind"], leader["region"], leader["years"]) == ("leader", "r1", pytest.approx(11))
    assert result["trends"]["regions"]["r0"]["slope"] == pytest.approx(5 * 0.99)
    assert by_code(result["quadrants"])["x"]["quadrant"] == "catching_up"


def test_quadrants_by_level_and_trend():
    years = tuple(range(2016, 2021))
    columns = {
        "strength": [[60, 65, 70, 75, 80], [50] * 5, [0] * 5],
        "watch": [[80, 75, 70, 65, 60], [50] * 5, [0] * 5],
        "critical": [[40, 35, 30, 25, 20], [50] * 5, [60] * 5],
    }
    for row in chain.run(table(columns, years))["quadrants"]:
        assert row["quadrant"] == row["code"]


def test_widening_gap_gets_more_priority_than_a_closing_one():
    years = tuple(range(2016, 2021))
    columns = {
        "wider": [[40, 35, 30, 25, 20], [60] * 5, [0] * 5],
        "closer": [[0, 5, 10, 15, 20], [60] * 5, [0] * 5],
    }
    weak = by_code(chain.run(table(columns, years))["weak_points"])
    assert weak["wider"]["share"] == pytest.approx(weak["closer"]["share"])
    assert weak["wider"]["trend_factor"] == pytest.approx(1 + 0.5 * math.tanh(0.5**0.5))
    assert weak["wider"]["trend_factor"] + weak["closer"]["trend_factor"] == pytest.approx(2)
    assert weak["wider"]["quadrant"] == "critical"


def test_ranks_with_ties_and_correlations():
    scores = [3.0, 5.0, None, 5.0, 1.0]
    assert ranks.competition_ranks(scores) == [3, 1, None, 1, 4]
    assert ranks.dense_ranks(scores) == [2, 1, None, 1, 3]
    assert ranks.average_ranks(scores) == [3, 1.5, None, 1.5, 4]
    a, b = [1, 2, 3, 4, 4], [2, 1, 4, 3, 5]
    assert ranks.kendall(a, b) == pytest.approx(stats.kendalltau(a, b).statistic)
    assert ranks.spearman(a, b) == pytest.approx(stats.spearmanr(a, b).statistic)
    assert ranks.kendall([1, 1], [1, 2]) is None and ranks.spearman([1, 1], [1, 2]) is None


def test_ranks_of_many_rows_are_those_of_one_row_at_a_time():
    rng = np.random.default_rng(2)
    scores = rng.integers(0, 6, (300, 9)).astype(float)
    scores[:, 4] += 1e-14
    found = ranks.rank_rows(scores)[1]
    for row, expected in zip(scores, found, strict=True):
        assert ranks.competition_ranks(row.tolist()) == expected.tolist()


def test_region_without_a_score_stands_last():
    assert ranks.rank_rows(np.array([[1.0, -np.inf, 2.0]]))[1].tolist() == [[2, 3, 1]]
