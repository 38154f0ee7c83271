"""Each step of the engine against figures computed by hand."""

import numpy as np
import pytest

from planning.gaps.engine.case import Benchmark, Case, Indicator, Node, Observation, Options, Refused, YearRule, check
from planning.gaps.engine.plain import trend as trends
from planning.gaps.engine.plain.aggregate import aggregate
from planning.gaps.engine.plain.decompose import decompose
from planning.gaps.engine.plain.frame import build
from planning.gaps.engine.plain.gaps import Target, benchmark_value, gap, second_best
from planning.gaps.engine.plain.normalise import min_max, normalise
from planning.gaps.engine.plain.ranks import competition_ranks
from planning.gaps.engine.plain.select import common_year, select
from planning.gaps.engine.plain.weights import effective, shares
from planning.gaps.engine.reasons import Reason
from tests.planning.gaps.engine.cases import FIGURES, TREE, small


def test_min_max_maps_ends_to_1_and_100_and_middle_linearly():
    assert min_max(np.array([10.0, 20.0, 15.0]), 10, 20, (1, 100)).tolist() == [1, 100, 50.5]


def test_panel_range_takes_all_years_of_the_window():
    case = small()
    frame = build(case)
    scores = normalise(frame, select(frame, case.options), case.options)
    # gdp over 2018 and 2019 runs from 0 to 100, so 50 lies in the middle: 1 + 99 * .5
    assert scores.values[0, 0] == 50.5
    assert (scores.low[0], scores.high[0]) == (0.0, 100.0)


def test_year_range_takes_only_the_figures_compared():
    case = small(normalisation="year")
    frame = build(case)
    scores = normalise(frame, select(frame, case.options), case.options)
    assert scores.values[0, 0] == pytest.approx(1 + 99 * (50 - 25) / 75)


def test_lower_is_better_gives_the_shortest_distance_the_best_score():
    case = small()
    frame = build(case)
    scores = normalise(frame, select(frame, case.options), case.options)
    assert scores.values[:, 2].tolist() == pytest.approx([67, 1, 100, 34])
    assert (scores.low[2], scores.high[2]) == (800.0, 200.0)


@pytest.mark.parametrize(
    ("column", "reason"),
    [
        ({"own": 5, "ann": 5, "bob": 5, "cid": 5}, Reason.CONSTANT),
        ({"own": 5}, Reason.SINGLE_REGION),
        ({"own": 5, "ann": 6}, Reason.FEW_REGIONS),
        ({}, Reason.MISSING),
    ],
)
def test_column_without_a_range_has_no_scores_but_a_reason(column, reason):
    rows = [Observation(r, "x", 2020, v) for r, v in column.items()]
    case = Case("own", tuple(FIGURES), (Indicator("x", 1),), tuple(rows), Node("top", children=(Node("l", 1, "x"),)))
    frame = build(case)
    scores = normalise(frame, select(frame, case.options), case.options)
    assert scores.reasons == (reason,) and not scores.present.any()


def test_two_regions_are_enough_when_the_case_has_only_two():
    rows = (Observation("own", "x", 2020, 1.0), Observation("ann", "x", 2020, 3.0))
    case = Case("own", ("own", "ann"), (Indicator("x", 1),), rows, Node("top", children=(Node("l", 1, "x"),)))
    frame = build(case)
    assert normalise(frame, select(frame, case.options), case.options).values[:, 0].tolist() == [1, 100]


def years_of(here):
    return np.array(here, bool)


def test_common_year_is_the_latest_that_two_thirds_share_with_the_own_region():
    here = years_of([[1, 1, 0], [1, 1, 1], [1, 1, 1]])
    assert common_year(here, own=0, share=2 / 3) == 1  # the third lacks the own region
    assert common_year(here, own=1, share=2 / 3) == 2


def test_common_year_without_enough_coverage_is_the_one_most_regions_have():
    here = years_of([[1, 0, 1], [0, 1, 0], [1, 0, 0], [0, 1, 0]])
    assert common_year(here, own=0, share=2 / 3) == 0


def test_common_year_of_an_indicator_the_own_region_lacks_is_the_latest_wide_one():
    assert common_year(years_of([[0, 0, 0], [1, 1, 0], [1, 1, 1]]), own=0, share=2 / 3) == 1


def test_latest_rule_takes_each_region_at_its_own_year_and_marks_old_figures():
    rows = (Observation("own", "x", 2015, 1.0), Observation("ann", "x", 2020, 3.0), Observation("ann", "x", 2010, 9.0))
    case = Case(
        "own",
        ("own", "ann"),
        (Indicator("x", 1),),
        rows,
        Node("top", children=(Node("l", 1, "x"),)),
        Options(year_rule=YearRule.LATEST),
    )
    section = select(build(case), case.options)
    assert section.years[:, 0].tolist() == [2015, 2020]
    assert section.values[:, 0].tolist() == [1, 3]
    assert section.flags[0] == (Reason.STALE,)


def test_one_year_rule_takes_nothing_from_other_years_but_keeps_fixed_values():
    case = small(year_rule=YearRule.ONE_YEAR, year=2018)
    section = select(build(case), case.options)
    assert section.values[:, 0].tolist() == [60, 90, 70, 0]
    assert not section.present[:, 1].any()
    assert section.present[:, 2].all() and section.flags[2] == (Reason.FIXED,)


def test_effective_weights_are_products_of_shares_and_sum_to_1():
    assert effective(TREE) == pytest.approx({"gdp": 0.5, "port": 1 / 6, "far": 1 / 3})
    assert shares([1, 3], [True, False]) == [1, 0]
    assert shares([0, 0]) is None


def test_aggregation_by_hand():
    nodes = aggregate(TREE, {"gdp": 80, "port": 40, "far": 10})
    assert nodes["scale"].score == pytest.approx(70)  # 3/4 * 80 + 1/4 * 40
    assert nodes["index"].score == pytest.approx(50)  # 2/3 * 70 + 1/3 * 10


def test_missing_child_gives_its_weight_to_its_siblings():
    nodes = aggregate(TREE, {"gdp": 80, "port": None, "far": 10})
    assert nodes["scale"].score == pytest.approx(80)
    assert nodes["scale"].coverage == pytest.approx(0.75)
    assert nodes["index"].weights == pytest.approx({"gdp": 2 / 3, "far": 1 / 3})


def test_node_observed_for_less_than_half_has_no_score():
    nodes = aggregate(TREE, {"gdp": None, "port": 40, "far": 10}, node_coverage=0.5)
    assert (nodes["scale"].score, nodes["scale"].reason) == (None, Reason.LOW_COVERAGE)
    assert nodes["index"].score == pytest.approx(10)


def test_zero_weight_child_is_ignored_and_all_zero_gives_no_score():
    tree = Node("top", children=(Node("a", 0, "x"), Node("b", 1, "y")))
    assert aggregate(tree, {"x": 0.0, "y": 7.0})["top"].score == 7
    zero = Node("top", children=(Node("a", 0, "x"), Node("b", 0, "y")))
    assert aggregate(zero, {"x": 1.0, "y": 7.0})["top"].reason == Reason.ZERO_WEIGHT


def test_competition_ranks_skip_after_ties_and_leave_missing_out():
    assert competition_ranks([7, 9, None, 7, 3]) == [2, 1, None, 2, 4]
    assert competition_ranks([50.0, 50.0 + 1e-11, 50.0001]) == [2, 2, 1]
    assert competition_ranks([None, None]) == [None, None]


def test_benchmarks_by_hand():
    values = [50, 100, None, 20]
    assert benchmark_value(values, 1, 0, Benchmark.LEADER) == Target(100, 1)
    assert benchmark_value(values, -1, 0, Benchmark.LEADER) == Target(20, 3)
    assert benchmark_value(values, 1, 0, Benchmark.MEAN).value == 60
    assert benchmark_value([50, 1, 100, 20], 1, 0, Benchmark.MEDIAN).value == 20
    assert benchmark_value(values, 1, 0, Benchmark.REGION, 2) == Target(None, 2, Reason.BENCHMARK_MISSING)
    assert benchmark_value([50, None], 1, 0, Benchmark.MEAN) == Target(None, None, Reason.NO_PEERS)
    assert benchmark_value([50, 50], 1, 0, Benchmark.LEADER) == Target(50, 0)


def test_gap_is_positive_when_behind_whatever_the_direction():
    assert gap(50, Target(100), 1).absolute == 50
    assert gap(50, Target(20), -1).absolute == 30
    assert gap(50, Target(20), 1).absolute == -30
    assert gap(50, Target(100), 1).relative == 0.5


def test_gap_without_a_ratio_says_why():
    assert gap(1, Target(0), 1).relative_reason == Reason.ZERO_BENCHMARK
    assert gap(1, Target(3), 1, interval=True).relative_reason == Reason.INTERVAL_SCALE
    assert gap(None, Target(3), 1).reason == Reason.OWN_MISSING
    assert gap(1, Target(None, None, Reason.NO_PEERS), 1).reason == Reason.NO_PEERS


def test_lead_is_measured_against_the_best_of_the_others():
    assert second_best([9, 4, 7, None], 1, 0) == 7
    assert second_best([1, 4, 7], -1, 0) == 4
    assert second_best([1, None], 1, 0) is None


def test_decomposition_of_full_data_by_hand():
    own, best = {"gdp": 50, "port": 20, "far": 70}, {"gdp": 90, "port": 100, "far": 10}
    score = 50 / 2 + 20 / 6 + 70 / 3
    target = 90 / 2 + 100 / 6 + 10 / 3
    parts = decompose(TREE, own, best, score, target, target)
    assert parts.contributions == pytest.approx({"gdp": 20, "port": 80 / 6, "far": -20})
    assert (parts.coverage, parts.profile) == (0, 0)
    assert sum(parts.contributions.values()) == pytest.approx(parts.gap, abs=1e-9)


def test_decomposition_puts_what_one_side_lacks_into_the_coverage_line():
    own, best = {"gdp": 50, "port": 20, "far": 70}, {"gdp": 90, "port": None, "far": 10}
    score = 50 / 2 + 20 / 6 + 70 / 3
    target = 2 / 3 * 90 + 1 / 3 * 10
    parts = decompose(TREE, own, best, score, target, target)
    assert set(parts.contributions) == {"gdp", "far"}
    # without the port the own region would score 2/3 * 50 + 1/3 * 70 = 56.67 instead of 51.67
    assert parts.coverage == pytest.approx(5)
    assert sum(parts.contributions.values()) + parts.coverage == pytest.approx(parts.gap, abs=1e-9)


def test_trend_by_hand():
    found = trends.trend([2016, 2017, 2018, 2019], [100, 110, 121, 133.1], [False] * 4)
    assert found.growth == pytest.approx(0.1)
    assert found.slope == pytest.approx((-1.5 * 100 - 0.5 * 110 + 0.5 * 121 + 1.5 * 133.1) / 5)
    assert (found.first, found.last, found.n) == (2016, 2019, 4)


def test_trend_starts_anew_at_a_break():
    found = trends.trend([2016, 2017, 2018, 2019], [200, 210, 100, 105], [False, False, True, False])
    assert found.growth == pytest.approx(0.05)
    assert (found.first, found.broken, found.slope_reason) == (2018, True, Reason.TOO_FEW_YEARS)


def test_trend_of_one_year_or_through_zero_is_not_given():
    assert trends.trend([2019], [5], [False]).growth_reason == Reason.TOO_FEW_YEARS
    assert trends.trend([2018, 2019], [5, 6], [False, True]).growth_reason == Reason.BREAK_IN_SERIES
    assert trends.trend([2018, 2019], [-5, 6], [False, False]).growth_reason == Reason.NON_POSITIVE


def leafs(*codes):
    return Node("top", children=tuple(Node(f"leaf-{k}", 1, c) for k, c in enumerate(codes)))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"own": "nowhere"}, "own region nowhere"),
        ({"regions": ("own", "own")}, "named twice"),
        ({"tree": leafs("x", "x")}, "x stands twice|indicator stands twice"),
        ({"tree": leafs("x", "y")}, "differ: y"),
        ({"tree": Node("top", children=(Node("l", -1, "x"),))}, "weight of l"),
        ({"tree": Node("top", children=(Node("l", float("nan"), "x"),))}, "weight of l"),
        ({"tree": Node("top", children=(Node("empty"), Node("l", 1, "x")))}, "empty must have"),
        ({"tree": Node("top", children=(Node("top", 1, "x"),))}, "code stands twice"),
        ({"indicators": (Indicator("x", 0),)}, "needs a direction"),
        ({"options": Options(benchmark=Benchmark.REGION, reference="own")}, "benchmark region own"),
        ({"options": Options(year_rule=YearRule.ONE_YEAR)}, "needs the year"),
        ({"options": Options(scale=(1, 1))}, "lower end"),
        ({"options": Options(window=0)}, "window"),
        ({"observations": (Observation("own", "x", 2020, float("inf")),)}, "finite"),
        ({"observations": (Observation("own", "z", 2020, 1.0),)}, "belongs to no"),
    ],
)
def test_case_that_cannot_be_right_is_refused_with_a_sentence(changes, sentence):
    fine = {
        "own": "own",
        "regions": ("own", "ann"),
        "indicators": (Indicator("x", 1),),
        "observations": (Observation("own", "x", 2020, 1.0),),
        "tree": leafs("x"),
    }
    check(Case(**fine))
    with pytest.raises(Refused, match=sentence):
        check(Case(**(fine | changes)))
