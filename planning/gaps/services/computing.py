"""Computing a gap run: read, compute, write once."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dalian_coop.base.errors import Error, ValidationError
from dalian_coop.jobs.services import Run
from partners.indicators.models import Indicator
from partners.regions.models import Region
from planning.gaps.models import GapFinding, GapRun
from planning.gaps.services.reading import case_of

READ_SHARE, WRITE_SHARE = 10, 90  # per cent of the bar before and after the engine


def compute_run(job: Run) -> GapRun:
    """Compute the run of a claimed job and write its result; safe to run twice.

    The result, its findings and the end of the job are one transaction: a worker that is killed leaves nothing, one
    that has lost its lease writes nothing, and a run that has its result already is only ended.
    """
    run = GapRun.objects.select_related("benchmark_set__own", "indicator_set", "reference").get(job_id=job.job.pk)
    if not run.is_computed:
        job.report(0, _("reading the figures"))
        case = case_of(run)
        job.report(READ_SHARE, _("computing"))
        result = _compute(case, job)
        job.report(WRITE_SHARE, _("writing the report"))
    with transaction.atomic():
        run = GapRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
        if not run.is_computed:
            _write(run, result)
        job.finish({"gap_report": str(run.pk)})
    return run


def _compute(case, job: Run) -> dict[str, Any]:
    # numpy belongs into the worker, not into every web process.
    from planning.gaps.engine.case import Refused
    from planning.gaps.engine.run import run as compute

    def watch(step: str, done: int, of: int) -> None:
        job.report(READ_SHARE + (WRITE_SHARE - READ_SHARE) * done // of, _("computing"))

    try:
        return compute(case, watch)
    except Refused as refusal:
        raise ValidationError({"": [Error("refused", str(refusal))]}) from refusal


def _write(run: GapRun, result: dict[str, Any]) -> None:
    run.result = result
    run.input_hash, run.code_version = result["input_hash"], result["engine"]
    run.computed_at = timezone.now()
    indicators = dict(Indicator.objects.values_list("code", "pk"))
    regions = dict(Region.objects.values_list("code", "pk"))
    GapFinding.objects.bulk_create(
        _finding(run, position, found, indicators, regions) for position, found in enumerate(result["indicators"], 1)
    )
    run.save(update_fields=["result", "input_hash", "code_version", "computed_at"])


def _finding(run: GapRun, position: int, found: dict[str, Any], indicators: dict, regions: dict) -> GapFinding:
    own, best, trend = found["own"], found["best"], found["trend"]
    reasons = [own["reason"], found["gap_reason"], found["relative_gap_reason"], found["score_reason"], *found["flags"]]
    reasons += [trend["growth_reason"], trend["slope_reason"]]
    return GapFinding(
        run=run,
        indicator_id=indicators[found["code"]],
        position=position,
        own=own["value"],
        own_year=own["year"],
        best=best["value"] if best else None,
        best_region_id=regions[best["region"]] if best else None,
        median=found["median"]["value"],
        benchmark=found["benchmark"]["value"],
        gap=found["gap"],
        relative_gap=found["relative_gap"],
        rank=found["rank"],
        n_ranked=found["n_ranked"],
        contribution=found["contribution"],
        growth=trend["growth"],
        slope=trend["slope"],
        years=found["years"],
        sources=sorted({c["source"] for c in found["cells"] if c["source"]}),
        reasons=list(dict.fromkeys(r for r in reasons if r)),
    )
