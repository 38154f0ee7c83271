"""Starting and computing runs."""

import json
from unittest import mock

import pytest

from dalian_coop.accounts.enums import Role
from dalian_coop.base.errors import NotAllowed, ValidationError
from dalian_coop.jobs.enums import JobState
from dalian_coop.jobs.models import Job
from dalian_coop.jobs.services import claim, claimed
from partners.indicators.enums import ObservationStatus
from partners.indicators.models import Observation
from planning.gaps import enums, services
from planning.gaps.engine import chain, spec
from planning.gaps.models import GapChunk, GapFinding, GapRun
from planning.gaps.selectors.sets import tree_document
from planning.gaps.services.documents import digest, unpacked
from tests.factories import make_client, make_user
from tests.partners.factories import make_observation, make_region, make_source
from tests.planning.gaps.factories import compute, make_benchmark_set, make_world, start


def test_start_writes_a_waiting_job_and_a_run_that_belongs_to_it(world, analyst):
    run = start(world, by=analyst)
    assert (run.job.kind, run.job.state, run.job.created_by) == ("gap_run", JobState.QUEUED, analyst)
    assert (run.created_by, run.client, run.is_computed) == (analyst, None, False)


def test_start_by_a_client_names_the_client(world):
    client = make_client(scopes=["gaps:run"])
    run = start(world, by=client)
    assert (run.client, run.created_by) == (client, None)


@pytest.mark.parametrize("role", [Role.OFFICIAL, Role.HEAD, Role.LEADER, Role.SYSTEM_ADMIN])
def test_start_is_refused_to_those_who_only_read(world, role):
    with pytest.raises(NotAllowed):
        start(world, by=make_user(role))
    assert not GapRun.objects.exists() and not Job.objects.exists()


@pytest.mark.parametrize(
    ("choices", "codes"),
    [
        ({"year_rule": "one_year"}, {"year": ["required"]}),
        ({"year_rule": "one_year", "year": 1850}, {"year": ["out_of_range"]}),
        ({"year_rule": "one_year", "year": 3000}, {"year": ["out_of_range"]}),
        ({"year": 2019}, {"year": ["not_used"]}),
        ({"benchmark": "region"}, {"reference": ["required"]}),
    ],
)
def test_start_names_the_choice_that_does_not_fit(world, choices, codes):
    with pytest.raises(ValidationError) as error:
        start(world, **choices)
    assert error.value.codes == codes
    assert not Job.objects.exists()


def test_start_refuses_a_region_outside_of_the_set_and_one_that_is_not_used(world):
    stranger = make_region("CN-310000")
    for choices, code in (({"benchmark": "region"}, "not_in_set"), ({}, "not_used")):
        with pytest.raises(ValidationError) as error:
            start(world, reference=stranger, **choices)
        assert error.value.codes == {"reference": [code]}


def test_start_refuses_sets_that_are_empty(world):
    world["indicator_set"].nodes.filter(indicator__isnull=False).delete()
    world["benchmark_set"] = make_benchmark_set({"CN-210200": world["regions"]["CN-210200"]}, code="nobody")
    with pytest.raises(ValidationError) as error:
        start(world)
    assert error.value.codes == {"benchmark_set": ["empty"], "indicator_set": ["empty"]}


def test_compute_writes_result_findings_and_the_end_of_the_job(world):
    run = compute(start(world))
    assert run.is_computed and len(run.input_hash) == 64 and run.code_version
    assert run.result["overall"]["score"] == pytest.approx(47.75)
    assert (run.job.state, run.job.progress) == (JobState.SUCCEEDED, 100)
    assert run.job.result == {"gap_report": str(run.pk)}
    gdp = run.findings.get(indicator__code="gdp")
    assert (gdp.own, gdp.own_year, gdp.best, gdp.best_region.code) == (50, 2019, 100, "CN-370200")
    assert (gdp.median, gdp.gap, gdp.relative_gap, gdp.rank, gdp.n_ranked) == (75, 50, 0.5, 3, 4)
    assert (gdp.years, gdp.sources) == ([2019], ["yearbook"])
    far = run.findings.get(indicator__code="far")
    assert far.own_year is None and "FIXED" in far.reasons


def test_contributions_of_the_findings_and_the_effects_sum_to_the_gap(finished):
    parts = finished.result["decomposition"]
    total = sum(c for c in finished.findings.values_list("contribution", flat=True) if c is not None)
    assert total + parts["coverage_effect"] + parts["profile_effect"] == pytest.approx(parts["gap"], abs=1e-9)


def test_compute_twice_keeps_the_first_result(world):
    run = compute(start(world))
    Job.objects.filter(pk=run.job_id).update(state=JobState.QUEUED, finished_at=None, result={})
    Observation.objects.filter(indicator__code="gdp").update(value=1)
    again = compute(run)
    assert (again.result, again.computed_at) == (run.result, run.computed_at)
    assert again.job.state == JobState.SUCCEEDED
    assert GapFinding.objects.filter(run=run).count() == 3


def test_worker_that_lost_its_lease_writes_nothing(world):
    run = start(world)
    with claimed(run.job_id) as late:
        Job.objects.filter(pk=run.job_id).update(state=JobState.QUEUED)
        assert claim(run.job_id) is not None
        with mock.patch.object(late, "report"):
            services.compute_run(late)
    run.refresh_from_db()
    assert not run.is_computed and not run.findings.exists()


def test_progress_only_grows_and_names_its_step(world):
    run, heard = start(world), []
    with claimed(run.job_id) as job, mock.patch.object(job, "report", lambda n, step="": heard.append((n, step))):
        services.compute_run(job)
    numbers = [n for n, _step in heard]
    assert numbers == sorted(numbers) and numbers[0] == 0 and numbers[-1] == 90
    assert all(step for _n, step in heard)
    assert any("10,000" in step for _n, step in heard)


def test_refusal_of_the_engine_ends_the_job_with_its_sentence(world):
    type(world["indicators"]["port"]).objects.filter(code="port").update(direction="neutral")
    run = start(world)
    with claimed(run.job_id) as job:
        services.compute_run(job)
    run.job.refresh_from_db()
    assert run.job.state == JobState.FAILED and run.job.error
    assert not GapRun.objects.computed().exists()


def test_parts_of_years_projections_and_second_sources_are_not_compared(world):
    home, gdp = world["regions"]["CN-210200"], world["indicators"]["gdp"]
    other = make_source("other")
    make_observation(home, gdp, 2024, 5, world["source"], period="2024-01/2024-07")
    make_observation(home, gdp, 2030, 5, world["source"], status=ObservationStatus.PROJECTION)
    make_observation(home, gdp, 2019, 5, other, preferred=False)
    run = compute(start(world, year_rule="latest"))
    assert run.findings.get(indicator=gdp).own == 50
    assert run.findings.get(indicator=gdp).own_year == 2019


def test_one_year_without_common_figures_gives_a_result_that_says_so(db):
    world = make_world({c: (n, a, b, p, None) for c, (n, a, b, p, _) in make_figures().items()})
    run = compute(start(world, year_rule="one_year", year=1990))
    assert run.result["empty"] == "NO_COMMON_DATA"
    assert run.job.state == JobState.SUCCEEDED
    assert not run.findings.exclude(gap=None).exists()


def make_figures():
    from tests.planning.gaps.factories import FIGURES

    return FIGURES


def test_named_region_is_the_benchmark_everywhere(world):
    run = compute(start(world, benchmark="region", reference=world["regions"]["CN-330200"]))
    assert run.result["overall"]["benchmark"]["region"] == "CN-330200"
    assert run.findings.get(indicator__code="gdp").benchmark == 25
    assert run.findings.get(indicator__code="gdp").gap == -25


def test_choices_of_the_portal_are_those_of_the_engine():
    assert set(enums.BenchmarkKind.values) <= set(spec.BENCHMARKS)
    assert set(enums.Aggregation.values) <= set(spec.AGGREGATIONS)
    assert set(enums.Normalisation.values) <= set(spec.NORMALISATIONS)
    assert set(enums.Imputation.values) <= set(spec.IMPUTATIONS)
    assert set(enums.Weighting.values) <= set(spec.WEIGHTINGS)


def test_two_identical_requests_share_one_run(world, analyst):
    first, second = start(world, by=analyst), start(world, by=analyst)
    assert first.pk == second.pk and Job.objects.count() == 1
    assert start(world, by=analyst, benchmark="mean").pk != first.pk
    compute(first)
    assert start(world, by=analyst).pk == first.pk


def test_a_revised_figure_or_another_tree_makes_a_run_of_its_own(world, analyst):
    first = compute(start(world, by=analyst))
    revise(world, "CN-210200", "gdp", 2019, 55)
    second = start(world, by=analyst)
    assert second.pk != first.pk
    world["indicator_set"].nodes.filter(code="leaf-gdp").update(version=2, weight=9)
    assert start(world, by=analyst).pk not in (first.pk, second.pk)


def test_a_failed_or_cancelled_run_is_not_shared(world, analyst):
    first = start(world, by=analyst)
    services.cancel_run(run=first, by=analyst)
    assert start(world, by=analyst).pk != first.pk


def test_cancelling_ends_the_job_and_the_worker_writes_nothing(world, analyst):
    run = start(world, by=analyst)
    with claimed(run.job_id) as job:
        services.cancel_run(run=run, by=analyst)
        services.compute_run(job)
    run = GapRun.objects.select_related("job").get(pk=run.pk)
    assert not run.is_computed and run.cancelled_by == analyst
    assert run.job.state == JobState.FAILED and str(analyst) in run.job.error


def test_a_finished_run_cannot_be_cancelled(finished, analyst):
    services.cancel_run(run=finished, by=analyst)
    finished.refresh_from_db()
    assert finished.cancelled_at is None and finished.is_computed


def test_only_those_who_start_runs_cancel_them(world, official):
    run = start(world)
    with pytest.raises(NotAllowed):
        services.cancel_run(run=run, by=official)


def test_the_frozen_case_reproduces_the_result_byte_for_byte(finished):
    case = json.loads(unpacked(finished.case))
    document = chain.dumps(chain.run(case)).decode()
    assert document == unpacked(finished.document)
    assert finished.result_hash == digest(document)
    assert json.loads(document) == finished.result


def test_a_run_that_lost_its_worker_keeps_the_figures_it_froze(world):
    run = start(world)
    services.computing.freeze(run)
    revise(world, "CN-210200", "gdp", 2019, 99)
    assert compute(run).findings.get(indicator__code="gdp").own == 50


def test_parts_give_the_same_result_as_one_process(world, analyst):
    run = start(world, by=analyst, params={"replications": 5000})
    with mock.patch("planning.gaps.services.chunks.SPREAD_FROM", 0):
        spread = compute(run)
    alone = chain.run(json.loads(unpacked(spread.case)))
    assert spread.result_hash == digest(chain.dumps(alone).decode())
    assert not spread.chunks.exists()


def test_another_worker_takes_a_part_once_and_only_while_its_run_goes_on(world):
    run = start(world, params={"replications": 5000})
    with claimed(run.job_id) as job:
        services.computing.freeze(run)
        parts = [GapChunk.objects.create(run=run, attempt=job.job.fence, number=n) for n in range(2)]
        stale = GapChunk.objects.create(run=run, attempt=job.job.fence + 7, number=0)
        assert services.compute_chunk(chunk_id=str(parts[0].pk))
        assert not services.compute_chunk(chunk_id=str(parts[0].pk))
        assert not services.compute_chunk(chunk_id=str(stale.pk))
    assert GapChunk.objects.get(pk=parts[0].pk).result
    assert not services.compute_chunk(chunk_id=str(parts[1].pk))


def test_run_again_explains_what_a_revision_moved(world, analyst):
    first = compute(start(world, by=analyst))
    revise(world, "CN-210200", "gdp", 2019, 75)
    again = services.repeat_run(run=first, by=analyst)
    assert again.previous == first
    found = compute(again).explanation
    assert found["counts"] == {"revised": 1, "added": 0, "removed": 0}
    (row,) = found["revised"]
    assert (row["region"], row["indicator"], row["year"], row["old"], row["new"]) == ("CN-210200", "gdp", 2019, 50, 75)
    steps = {s["kind"]: s["change"] for s in found["steps"]}
    whole = again_score(again) - first.result["overall"]["score"]
    assert steps["data"] == pytest.approx(whole) and steps["data"] > 0
    assert steps["code"] == pytest.approx(0) and steps["world"] == 0 and steps["method"] == pytest.approx(0)
    assert row["effect"] == pytest.approx(whole)


def test_run_again_tells_new_figures_and_another_method_apart(world, analyst):
    first = compute(start(world, by=analyst))
    make_observation(world["regions"]["CN-120000"], world["indicators"]["port"], 2019, 40, world["source"])
    nodes = tree_document(world["indicator_set"])
    next(n for n in nodes if n["code"] == "place")["weight"] = "5"
    services.save_indicator_set(
        texts={"name_zh": "示例", "reason_zh": "示例"},
        nodes=nodes,
        indicator_set=world["indicator_set"],
        version=1,
        by=analyst,
    )
    again = compute(services.repeat_run(run=first, by=analyst))
    found = again.explanation
    assert found["counts"] == {"revised": 0, "added": 1, "removed": 0}
    assert {(m["what"], m["item"]) for m in found["method"]} >= {("weight", "place")}
    changes = [s["change"] for s in found["steps"]]
    assert sum(changes) == pytest.approx(again.result["overall"]["score"] - first.result["overall"]["score"])
    assert found["steps"][-1]["kind"] == "method" and changes[-1] != 0


def test_run_again_without_any_change_is_the_same_run(finished, analyst):
    assert services.repeat_run(run=finished, by=analyst).pk == finished.pk


def again_score(run):
    return GapRun.objects.get(pk=run.pk).result["overall"]["score"]


def revise(world, region, indicator, year, value):
    found = Observation.objects.get(region__code=region, indicator__code=indicator, year=year)
    found.value = value
    found.save()
