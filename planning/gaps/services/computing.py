"""Computing a gap run: freeze the figures, compute, explain, write once."""

import json
import time
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dalian_coop.base.errors import ServiceError
from dalian_coop.jobs.services import Run
from partners.indicators.models import Indicator
from partners.regions.models import Region
from planning.gaps.models import GapFinding, GapRun
from planning.gaps.services import chunks
from planning.gaps.services.building import case_of
from planning.gaps.services.documents import canonical, digest, engine_stamp, packed, unpacked
from planning.gaps.services.explaining import explain

READ_SHARE, WRITE_SHARE = 10, 90  # per cent of the bar before and after the engine
# From which to which per cent the bar runs in a step of the engine.
SHARES = {"trend": (15, 15), "robustness": (20, 60), "sensitivity": (60, 85), "priority": (86, 86), "write": (88, 88)}
STEPS = {
    "check": gettext_lazy("checking the figures"),
    "compare": gettext_lazy("scores, ranks and gaps"),
    "trend": gettext_lazy("trends"),
    "robustness": gettext_lazy("robustness"),
    "sensitivity": gettext_lazy("sensitivity"),
    "priority": gettext_lazy("weak points"),
    "write": gettext_lazy("putting the result together"),
}


class RefusedCase(ServiceError):
    """What was asked cannot give a right result; the sentence of the engine names the item."""


def _step(step: str, done: int, of: int) -> str:
    """What the bar says: the step, and how many replications are done."""
    name = str(STEPS.get(step, step))
    return f"{name}: {done:,} / {of:,}" if of > 1 else name


def compute_run(job: Run) -> GapRun:
    """Compute the run of a claimed job and write its result; safe to run twice.

    The result, its findings and the end of the job are one transaction: a worker that is killed leaves nothing but
    the frozen input, one that has lost its lease writes nothing, and a run that has its result is only ended.
    """
    run = GapRun.objects.select_related("benchmark_set__own", "indicator_set", "reference", "previous").get(
        job_id=job.job.pk
    )
    with _language_of(job):
        found = None if run.is_computed else _compute(run, job)
    with transaction.atomic():
        run = GapRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
        if found and not run.is_computed:
            _write(run, *found)
        job.finish({"gap_report": str(run.pk)})
    return run


def _compute(run: GapRun, job: Run) -> tuple[str, dict[str, Any], dict[str, float]]:
    """(document, explanation, seconds by step)."""
    seconds: dict[str, float] = {}
    job.report(0, _("reading the figures"))
    with _timed(seconds, "read"):
        case = freeze(run)
    job.report(READ_SHARE, _("computing"))
    with _timed(seconds, "compute"):
        document = _engine(run, case, job)
    job.report(WRITE_SHARE, _("writing the report"))
    with _timed(seconds, "explain"):
        explanation = explain(run.previous, case, json.loads(document)) if run.previous_id else None
    return document, explanation, seconds


def freeze(run: GapRun) -> dict[str, Any]:
    """The case of a run: built from the database once, and from then on the frozen one."""
    if run.case is None:
        run.case = packed(canonical(case_of(run)))
        GapRun.objects.filter(pk=run.pk, case=None).update(case=run.case)
    return json.loads(unpacked(run.case))


def _engine(run: GapRun, case: dict[str, Any], job: Run) -> str:
    # numpy belongs into the worker, not into every web process.
    from planning.gaps.engine import chain
    from planning.gaps.engine.refusal import Refused

    def watch(step: str, done: int, of: int) -> None:
        low, high = SHARES.get(step, (READ_SHARE, READ_SHARE))
        job.report(low + (high - low) * done // max(of, 1), _step(step, done, of))

    def parts_done(done: int, of: int) -> None:
        watch("robustness", done, of)

    try:
        parts = chunks.spread(run, case, job, parts_done) if chunks.is_large(case) else None
        return chain.dumps(chain.run(case, watch, chunks=parts)).decode()
    except Refused as refusal:
        raise RefusedCase(str(refusal)) from refusal


@contextmanager
def _timed(seconds: dict[str, float], name: str):
    start = time.perf_counter()
    yield
    seconds[name] = round(time.perf_counter() - start, 3)


def _language_of(job: Run):
    """Steps are named in the language of the person who waits."""
    person = job.job.created_by
    return translation.override((person and person.language) or settings.LANGUAGE_CODE)


def _write(run: GapRun, document: str, explanation: dict[str, Any] | None, seconds: dict[str, float]) -> None:
    result = json.loads(document)
    run.result, run.document, run.result_hash = result, packed(document), digest(document)
    run.input_hash, run.code_version = result["input_hash"], f"{result['engine']}+{engine_stamp()}"
    run.explanation, run.timings = explanation, seconds
    run.computed_at = timezone.now()
    indicators = dict(Indicator.objects.values_list("code", "pk"))
    regions = dict(Region.objects.values_list("code", "pk"))
    GapFinding.objects.bulk_create(
        _finding(run, position, found, indicators, regions) for position, found in enumerate(result["indicators"], 1)
    )
    run.chunks.all().delete()
    fields = [
        "result",
        "document",
        "result_hash",
        "input_hash",
        "code_version",
        "explanation",
        "timings",
        "computed_at",
    ]
    run.save(update_fields=fields)


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
