"""What must hold for every case, by Hypothesis."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.gaps.engine.case import Benchmark, Case, Indicator, Node, Observation, Options
from planning.gaps.engine.plain.ranks import competition_ranks
from planning.gaps.engine.run import run

REGIONS = ("own", "r1", "r2", "r3", "r4")
figure = st.one_of(st.none(), st.integers(-1000, 1000).map(lambda n: n / 8))
column = st.lists(figure, min_size=len(REGIONS), max_size=len(REGIONS))
weight = st.sampled_from([0.5, 1.0, 2.0, 3.0])


@st.composite
def cases(draw, full=False, **options):
    """A case of five regions, two dimensions and up to six indicators, with holes unless ``full``."""
    count = draw(st.integers(2, 6))
    cells = st.integers(-1000, 1000).map(lambda n: n / 8)
    columns = draw(
        st.lists(
            st.lists(cells, min_size=5, max_size=5) if full else column,
            min_size=count,
            max_size=count,
        )
    )
    indicators = tuple(Indicator(f"x{j}", draw(st.sampled_from([1, -1]))) for j in range(count))
    leaves = tuple(Node(f"leaf{j}", draw(weight), f"x{j}") for j in range(count))
    cut = draw(st.integers(1, count - 1))
    tree = Node("top", children=(Node("a", draw(weight), children=leaves[:cut]), Node("b", 1, children=leaves[cut:])))
    rows = tuple(
        Observation(region, f"x{j}", 2020, value)
        for j, values in enumerate(columns)
        for region, value in zip(REGIONS, values, strict=True)
        if value is not None
    )
    options = {"benchmark": draw(st.sampled_from([Benchmark.LEADER, Benchmark.MEAN, Benchmark.MEDIAN]))} | options
    return Case("own", REGIONS, indicators, rows, tree, Options(**options))


@settings(max_examples=150, deadline=None)
@given(cases())
def test_lines_of_the_decomposition_sum_to_the_gap(case):
    parts = run(case)["decomposition"]
    if parts:
        total = sum(line["value"] for line in parts["lines"]) + parts["coverage_effect"] + parts["profile_effect"]
        assert total == pytest.approx(parts["gap"], abs=1e-9)


@settings(max_examples=100, deadline=None)
@given(cases(full=True, benchmark=Benchmark.LEADER))
def test_full_data_against_one_region_needs_no_coverage_or_profile_line(case):
    parts = run(case)["decomposition"]
    if parts:
        assert (parts["coverage_effect"], parts["profile_effect"]) == (0, 0)


@settings(max_examples=100, deadline=None)
@given(cases())
def test_scores_stay_on_the_scale_at_every_node(case):
    for region in run(case)["regions"]:
        for score in [region["score"], *(n["score"] for n in region["nodes"].values())]:
            assert score is None or 1 - 1e-9 <= score <= 100 + 1e-9


@settings(max_examples=100, deadline=None)
@given(cases(full=True))
def test_region_worse_in_everything_is_last(case):
    lowest = {i.code: i.direction * -500.0 for i in case.indicators}
    rows = tuple(o for o in case.observations if o.region != "own")
    rows += tuple(Observation("own", code, 2020, value) for code, value in lowest.items())
    overall = run(Case(case.own, case.regions, case.indicators, rows, case.tree, case.options))["overall"]
    assert overall["rank"] == overall["n_ranked"] == 5
    assert overall["gap"] > 0


@settings(max_examples=60, deadline=None)
@given(cases(), st.permutations(REGIONS))
def test_order_of_regions_changes_nothing(case, order):
    one = run(case)
    two = run(Case(case.own, tuple(order), case.indicators, case.observations, case.tree, case.options))
    ranks = [{r["code"]: r["rank"] for r in result["regions"]} for result in (one, two)]
    scores = [{r["code"]: r["score"] for r in result["regions"]} for result in (one, two)]
    assert ranks[0] == ranks[1]
    for code in REGIONS:
        assert scores[0][code] == pytest.approx(scores[1][code], abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(cases(), st.sampled_from([0.001, 1000.0]))
def test_unit_of_an_indicator_changes_no_score(case, factor):
    rows = tuple(Observation(o.region, o.indicator, o.year, o.value * factor) for o in case.observations)
    one, two = run(case), run(Case(case.own, case.regions, case.indicators, rows, case.tree, case.options))
    for a, b in zip(one["regions"], two["regions"], strict=True):
        assert a["score"] == pytest.approx(b["score"], abs=1e-7)


@given(st.lists(st.one_of(st.none(), st.floats(-1e6, 1e6)), max_size=12))
def test_rank_is_one_more_than_the_number_of_clearly_greater_scores(scores):
    ranks = competition_ranks(scores)
    known = [s for s in scores if s is not None]
    for score, rank in zip(scores, ranks, strict=True):
        assert (rank is None) == (score is None)
        if rank is not None and len(set(known)) == len({round(s, 3) for s in known}):
            assert rank == 1 + sum(other > score for other in known)
