"""The whole chain on a case small enough to follow by hand."""

import json

import pytest

from planning.gaps.engine.case import Benchmark, Normalisation, YearRule
from planning.gaps.engine.run import STEPS, run
from tests.planning.gaps.engine.cases import FIGURES, small

# Scores by hand (gdp over 0..100 of both years, port 20..100, distance 800..200):
# own: gdp 50.5, port 1,  far 67 → scale 38.125, index 47.75
# ann: gdp 100, port 100, far 1  → scale 100,    index 67
# bob: gdp 75.25, no port, far 100 → scale 75.25, index 83.5
# cid: gdp 25.75, port 50.5, far 34 → scale 31.9375, index 32.625
INDEX = {"own": 47.75, "ann": 67.0, "bob": 83.5, "cid": 32.625}


def by_code(rows):
    return {row["code"]: row for row in rows}


def lines_sum(parts):
    return sum(line["value"] for line in parts["lines"]) + parts["coverage_effect"] + parts["profile_effect"]


def test_scores_and_ranks_by_hand():
    result = run(small())
    regions = by_code(result["regions"])
    assert {code: row["score"] for code, row in regions.items()} == pytest.approx(INDEX)
    assert {code: row["rank"] for code, row in regions.items()} == {"own": 3, "ann": 2, "bob": 1, "cid": 4}
    assert regions["own"]["nodes"]["scale"]["score"] == pytest.approx(38.125)
    assert (result["overall"]["rank"], result["overall"]["n_ranked"]) == (3, 4)


def test_gap_to_the_leader_and_its_lines_by_hand():
    result = run(small())
    parts = result["decomposition"]
    assert result["overall"]["benchmark"] == {"kind": "leader", "region": "bob", "score": 83.5, "reason": None}
    assert parts["gap"] == pytest.approx(83.5 - 47.75)
    # bob has no port: shares become 2/3 and 1/3
    values = {line["code"]: line["value"] for line in parts["lines"]}
    assert values == pytest.approx({"gdp": 2 / 3 * 24.75, "far": 1 / 3 * 33})
    assert parts["coverage_effect"] == pytest.approx(35.75 - 16.5 - 11)
    assert lines_sum(parts) == pytest.approx(parts["gap"], abs=1e-9)


def test_gap_to_the_median_names_its_profile_effect():
    result = run(small(benchmark=Benchmark.MEDIAN))
    parts = result["decomposition"]
    assert result["overall"]["benchmark"]["score"] == pytest.approx(67)
    # medians of the scores of ann, bob, cid: gdp 75.25, port 75.25, far 34 → 2/3 * 75.25 + 1/3 * 34 = 61.5
    assert parts["profile_effect"] == pytest.approx(67 - 61.5)
    assert lines_sum(parts) == pytest.approx(67 - 47.75, abs=1e-9)


def test_gap_to_a_named_region():
    result = run(small(benchmark=Benchmark.REGION, reference="ann"))
    parts = result["decomposition"]
    assert (parts["coverage_effect"], parts["profile_effect"]) == (0, 0)
    assert lines_sum(parts) == pytest.approx(67 - 47.75, abs=1e-9)
    assert by_code(result["indicators"])["far"]["gap"] == -400  # ann is farther away: a lead


def test_own_unit_gap_carries_value_year_source_rank():
    gdp = by_code(run(small())["indicators"])["gdp"]
    assert (gdp["own"]["value"], gdp["own"]["year"], gdp["own"]["source"]) == (50, 2019, "src-gdp")
    assert (gdp["best"]["region"], gdp["best"]["value"], gdp["median"]["value"]) == ("ann", 100, 75)
    assert (gdp["gap"], gdp["relative_gap"], gdp["rank"], gdp["n_ranked"]) == (50, 0.5, 3, 4)
    assert gdp["trend"]["growth"] == pytest.approx(50 / 60 - 1)


def test_missing_figure_is_none_with_a_reason_and_enters_no_mean():
    port = by_code(run(small())["indicators"])["port"]
    cell = by_code([{"code": c["region"], **c} for c in port["cells"]])["bob"]
    assert (cell["value"], cell["rank"], cell["score"], cell["reason"]) == (None, None, None, "MISSING")
    assert (port["n_ranked"], port["n_regions"], port["median"]["value"]) == (3, 4, 80)


def test_own_region_without_a_figure_is_marked_so():
    figures = FIGURES | {"own": (60, 50, None, 400)}
    port = by_code(run(small(figures))["indicators"])["port"]
    assert (port["own"]["reason"], port["gap"], port["gap_reason"], port["rank"]) == (
        "OWN_MISSING",
        None,
        "OWN_MISSING",
        None,
    )
    assert port["contribution"] is None


def test_own_region_that_leads_has_no_gap_but_a_lead():
    figures = FIGURES | {"own": (200, 300, 300, 100)}
    overall = run(small(figures))["overall"]
    assert (overall["rank"], overall["gap"]) == (1, 0)
    assert overall["lead"] > 0


def test_year_mode_refuses_trends():
    result = run(small(normalisation=Normalisation.YEAR))
    trend = by_code(result["indicators"])["gdp"]["trend"]
    assert (trend["growth"], trend["growth_reason"]) == (None, "YEAR_MODE")
    assert result["quality"]["trends"] is False


def test_region_with_too_few_figures_is_shown_but_not_ranked():
    """Port and distance are two of three indicators, but only half of the weight: scored, not ranked."""
    figures = FIGURES | {"bob": (None, None, 50, 200)}
    result = run(small(figures, node_coverage=0.2))
    bob = by_code(result["regions"])["bob"]
    assert (bob["ranked"], bob["rank"], bob["reason"]) == (False, None, "LOW_COVERAGE")
    assert bob["coverage"] == pytest.approx(0.5)
    assert bob["score"] is not None
    assert result["overall"]["n_ranked"] == 3


def test_own_region_with_few_figures_is_ranked_with_the_flag():
    figures = FIGURES | {"own": (None, None, 50, 300)}
    own = by_code(run(small(figures, node_coverage=0.2))["regions"])["own"]
    assert (own["ranked"], own["reason"]) == (True, "LOW_COVERAGE")


def test_less_than_half_of_the_weight_gives_no_score_but_the_gaps_that_exist():
    figures = FIGURES | {"own": (None, None, None, 300)}
    result = run(small(figures))
    assert (result["overall"]["score"], result["overall"]["reason"]) == (None, "LOW_COVERAGE")
    assert (result["overall"]["gap"], result["overall"]["gap_reason"]) == (None, "OWN_MISSING")
    assert by_code(result["indicators"])["far"]["gap"] == 100
    assert result["empty"] is None


def test_no_common_data_is_a_result_that_says_so():
    figures = {"own": (None, None, None, None), "ann": (1, 2, 3, 4), "bob": (2, 3, 4, 5), "cid": (5, 6, 7, 8)}
    result = run(small(figures))
    assert result["empty"] == "NO_COMMON_DATA"
    assert result["overall"]["gap"] is None and result["decomposition"] is None
    assert all(i["gap_reason"] == "OWN_MISSING" for i in result["indicators"])


@pytest.mark.parametrize("year", [1900, 2030])
def test_year_without_any_figure_gives_an_empty_result(year):
    figures = {r: (a, b, c, None) for r, (a, b, c, _) in FIGURES.items()}
    result = run(small(figures, year_rule=YearRule.ONE_YEAR, year=year))
    assert result["empty"] == "NO_COMMON_DATA"
    assert result["overall"]["n_ranked"] == 0


def test_no_peers_at_all_is_no_error():
    result = run(small({"own": FIGURES["own"]}))
    assert result["empty"] == "NO_COMMON_DATA"
    assert {i["score_reason"] for i in result["indicators"]} == {"SINGLE_REGION"}


def test_same_case_gives_the_same_bytes_and_hash():
    one, two = (json.dumps(run(small()), sort_keys=True, allow_nan=False) for _ in range(2))
    assert one == two


def test_hash_changes_with_a_figure_and_not_with_the_order_of_reading():
    case = small()
    changed = small(FIGURES | {"cid": (0, 26, 60, 600)})
    reordered = type(case)(**(vars(case) | {"observations": case.observations[::-1]}))
    assert case.digest() != changed.digest()
    assert case.digest() == reordered.digest()


def test_watcher_hears_every_step_in_order():
    heard = []
    run(small(), lambda name, done, of: heard.append((name, done, of)))
    assert heard == [(name, k, len(STEPS)) for k, name in enumerate(STEPS)]
