"""The whole chain on a case small enough to follow by hand (the worked example of docs/methods/gap.md)."""

import json
from pathlib import Path

import jsonschema
import pytest

from planning.gaps.engine import chain, spec, spec_result
from tests.planning.gaps.engine.cases import FIGURES, by_code, small, table

METHODS = Path(__file__).resolve().parents[4] / "docs" / "methods"
# Scores by hand (gdp over 0..100 of both years, port 20..100, distance 800..200):
# own: gdp 50.5, port 1,  far 67 → scale 38.125, index 47.75
# ann: gdp 100, port 100, far 1  → scale 100,    index 67
# bob: gdp 75.25, no port, far 100 → scale 75.25, index 83.5
# cid: gdp 25.75, port 50.5, far 34 → scale 31.9375, index 32.625
INDEX = {"own": 47.75, "ann": 67.0, "bob": 83.5, "cid": 32.625}
MONTE = {"robustness": {"replications": 4500, "leave_one_out": True}, "sensitivity": {"base": 64}}


def lines_sum(parts):
    return sum(line["value"] for line in parts["lines"]) + parts["coverage_effect"] + parts["profile_effect"]


def test_scores_and_ranks_by_hand():
    result = chain.run(small())
    regions = by_code(result["regions"])
    assert {code: row["score"] for code, row in regions.items()} == pytest.approx(INDEX)
    assert {code: row["rank"] for code, row in regions.items()} == {"own": 3, "ann": 2, "bob": 1, "cid": 4}
    assert regions["own"]["nodes"]["scale"]["score"] == pytest.approx(38.125)
    assert regions["bob"]["nodes"]["scale"]["coverage"] == pytest.approx(0.75)
    assert (result["overall"]["rank"], result["overall"]["n_ranked"], result["year"]) == (3, 4, 2019)


def test_scores_of_the_year_before_stand_on_the_same_scale():
    before = by_code(chain.run(small())["years"][0]["regions"])
    # 2018 has gdp and the distance only: scale = gdp; own 1 + 99·.6 = 60.4
    assert before["own"]["nodes"] == pytest.approx({"index": 2 / 3 * 60.4 + 67 / 3, "scale": 60.4, "place": 67})


def test_gap_to_the_leader_and_its_lines_by_hand():
    result = chain.run(small())
    parts = result["decomposition"]
    assert result["overall"]["benchmark"] == {"kind": "leader", "region": "bob", "score": 83.5, "reason": None}
    assert parts["gap"] == pytest.approx(35.75)
    values = {line["code"]: line["value"] for line in parts["lines"]}
    assert values == pytest.approx({"gdp": 2 / 3 * 24.75, "far": 11})  # without port the shares are 2/3 and 1/3
    assert parts["coverage_effect"] == pytest.approx(35.75 - 16.5 - 11)
    assert parts["nodes"] == pytest.approx({"index": 27.5, "scale": 16.5, "place": 11})


@pytest.mark.parametrize("kind", ["leader", "mean", "median", "top_quartile", "region"])
def test_lines_sum_to_the_gap_of_every_kind(kind):
    result = chain.run(small(benchmark={"kind": kind, "region": "ann" if kind == "region" else None}))
    assert result["decomposition"]["kind"] == kind
    for parts in result["decompositions"]:
        assert lines_sum(parts) == pytest.approx(parts["gap"], abs=1e-9)


def test_gap_to_the_median_names_its_profile_effect():
    parts = chain.run(small(benchmark={"kind": "median"}))["decomposition"]
    # medians of the scores of ann, bob, cid: gdp 75.25, port 75.25, far 34 → 2/3·75.25 + 1/3·34 = 61.5; of indices 67
    assert parts["profile_effect"] == pytest.approx(67 - 61.5)
    assert parts["gap"] == pytest.approx(67 - 47.75)


def test_own_unit_gaps_carry_value_year_source_rank():
    gdp = by_code(chain.run(small())["indicators"])["gdp"]
    assert (gdp["own"]["value"], gdp["own"]["year"], gdp["own"]["source"]) == (50, 2019, "src-gdp")
    gaps = {g["kind"]: g for g in gdp["gaps"]}
    assert (gaps["leader"]["region"], gaps["leader"]["absolute"], gaps["leader"]["relative"]) == ("ann", 50, 0.5)
    assert gaps["leader"]["normalised"] == pytest.approx(0.5)  # the range is 0..100
    assert (gaps["mean"]["value"], gaps["median"]["value"]) == (pytest.approx(200 / 3), 75)
    assert gaps["top_quartile"]["value"] == pytest.approx(87.5)  # type 7 of 25, 75, 100
    assert gaps["leader"]["score"] == pytest.approx(49.5)
    assert (gdp["rank"], gdp["n_ranked"], gdp["trend"]["growth"]) == (3, 4, pytest.approx(50 / 60 - 1))


def test_lower_is_better_turns_gaps_and_quartile():
    far = by_code(chain.run(small())["indicators"])["far"]
    gaps = {g["kind"]: g for g in far["gaps"]}
    assert (gaps["leader"]["region"], gaps["leader"]["absolute"]) == ("bob", 200)
    assert gaps["top_quartile"]["value"] == 400  # the better quarter of 200, 600, 800 is the low one
    assert (far["range"]["worst"], far["range"]["best"]) == (800, 200)
    assert far["trend"]["growth_reason"] == "FIXED"


def test_value_that_closes_half_of_the_gap_is_in_own_units():
    weak = by_code(chain.run(small())["weak_points"])
    assert weak["gdp"]["half_gap_value"] == pytest.approx(62.5)  # half way from 50 to bob's 75
    assert weak["far"]["half_gap_value"] == pytest.approx(300)
    assert sum(w["priority"] for w in weak.values()) == pytest.approx(1)
    assert weak["gdp"]["share"] == pytest.approx(16.5 / 27.5)


def test_controllability_moves_priority_and_zero_everywhere_empties_the_list():
    case = small()
    case["indicators"][2]["controllability"] = 0
    weak = chain.run(case)["weak_points"]
    assert [w["priority"] for w in weak] == [1, 0] and weak[0]["code"] == "gdp"
    case["indicators"][0]["controllability"] = 0
    result = chain.run(case)
    assert result["weak_points"] == []
    assert result["main_contradiction"]["reason"] == "NO_SHORTFALL"


def test_missing_figure_is_none_with_a_reason_and_enters_no_mean():
    port = by_code(chain.run(small())["indicators"])["port"]
    cell = next(c for c in port["cells"] if c["region"] == "bob")
    assert (cell["value"], cell["rank"], cell["score"], cell["reason"]) == (None, None, None, "MISSING")
    assert (port["n_ranked"], port["median"]["value"], port["median"]["n"]) == (3, 80, 2)


def test_own_region_that_leads_has_no_gap_but_a_lead():
    result = chain.run(small(FIGURES | {"own": (200, 300, 300, 100)}))
    assert (result["overall"]["rank"], result["overall"]["gap"]) == (1, 0)
    assert result["overall"]["lead"] > 0 and result["weak_points"] == []


def test_year_mode_refuses_everything_that_compares_years():
    result = chain.run(small(normalisation={"mode": "year"}))
    gdp = by_code(result["indicators"])["gdp"]
    assert (gdp["trend"]["growth"], gdp["trend"]["growth_reason"]) == (None, "YEAR_MODE")
    assert (result["trends"]["reason"], result["trends"]["catch_up"], result["change"]) == ("YEAR_MODE", [], None)
    assert result["quality"]["trends"] is False


def test_region_with_too_few_figures_is_shown_but_not_ranked_and_the_own_one_is_with_the_flag():
    few = (None, None, 50, 200)
    result = chain.run(small(FIGURES | {"bob": few}, screening={"node_coverage": 0.2}))
    bob = by_code(result["regions"])["bob"]
    assert (bob["ranked"], bob["rank"], bob["reason"], bob["coverage"]) == (False, None, "LOW_COVERAGE", 0.5)
    own = by_code(chain.run(small(FIGURES | {"own": few}, screening={"node_coverage": 0.2}))["regions"])["own"]
    assert (own["ranked"], own["reason"], own["role"]) == (True, "LOW_COVERAGE", "own")


def test_denominator_divides_region_and_year_by_region_and_year():
    case = table({"gdp": [[10, 12], [30, 33], [50, 66]]}, (2019, 2020))
    case["denominators"] = ["people"]
    case["indicators"][0]["denominator"] = "people"
    case["observations"] += [
        {"region": r, "indicator": "people", "year": y, "value": v}
        for r, y, v in (("r0", 2019, 2), ("r0", 2020, 3), ("r1", 2019, 10), ("r1", 2020, 11), ("r2", 2019, 0))
    ]
    gdp = chain.run(case)["indicators"][0]
    assert [c["value"] for c in gdp["cells"]] == [4, 3, None]
    assert gdp["cells"][2]["reason"] == "NO_DENOMINATOR"


def test_roles_keep_aspirational_regions_out_of_the_mean_and_context_out_of_the_lead():
    case = small()
    case["regions"][1]["role"] = "aspirational"
    case["regions"][2]["role"] = "context"
    result = chain.run(case)
    found = {b["kind"]: b for b in result["benchmarks"]}
    assert found["leader"]["region"] == "ann" and found["mean"]["score"] == pytest.approx(INDEX["cid"])
    assert result["overall"]["n_ranked"] == 4


@pytest.mark.parametrize("more", [{}, MONTE, {"imputation": {"method": "linear"}, "treatment": {"enabled": True}}])
def test_result_keeps_its_schema(more):
    document = json.loads(chain.dumps(chain.run(small(**more))))
    jsonschema.Draft202012Validator(spec_result.RESULT).validate(document)


def test_case_keeps_its_schema_and_the_committed_schemas_are_those_of_the_code():
    jsonschema.Draft202012Validator(spec.CASE).validate(small(**MONTE))
    assert json.loads((METHODS / "gap-case.schema.json").read_text()) == spec.CASE
    assert json.loads((METHODS / "gap-result.schema.json").read_text()) == json.loads(json.dumps(spec_result.RESULT))


def test_same_case_gives_the_same_bytes_and_the_order_of_observations_changes_nothing():
    case = small(**MONTE)
    first = chain.dumps(chain.run(case))
    assert first == chain.dumps(chain.run(json.loads(json.dumps(case))))
    assert first == chain.dumps(chain.run(case | {"observations": case["observations"][::-1]}))
    assert chain.run(small(FIGURES | {"cid": (0, 26, 60, 600)}))["input_hash"] != chain.run(small())["input_hash"]


def test_parts_computed_elsewhere_in_any_order_give_the_same_bytes():
    case = small(**MONTE)
    plan = chain.plan_chunks(case)
    assert [part["size"] for part in plan] == [2000, 2000, 500]
    parts = [json.loads(json.dumps(chain.run_chunk(case, part))) for part in reversed(plan)]
    assert chain.dumps(chain.run(case, chunks=parts)) == chain.dumps(chain.run(case))


def test_part_of_another_run_is_noticed():
    case = small(**MONTE)
    parts = [chain.run_chunk(case, part) for part in chain.plan_chunks(case)]
    with pytest.raises(ValueError, match="missing or there twice"):
        chain.run(case, chunks=[parts[0], parts[2]])
    with pytest.raises(ValueError, match="not those of this case"):
        chain.run(case, chunks=parts[:2])


def test_progress_hears_the_steps_and_the_replications_and_can_stop_the_run():
    heard = []
    chain.run(small(**MONTE), lambda *what: heard.append(what))
    assert list(dict.fromkeys(step for step, _, _ in heard)) == list(chain.STEPS)
    assert [done for step, done, of in heard if step == "robustness" and of == 4500] == [0, 2000, 4000, 4500]

    def stop(step, done, of):
        raise InterruptedError

    with pytest.raises(InterruptedError):
        chain.run(small(), stop)
