"""Spreading the robustness of a large run over all workers.

The run's own worker writes one row a part and tells the broker; every worker that hears of it takes parts until none
is left, and so does the run's own. Nothing waits for the broker: alone, the one worker computes all parts itself. A
part that another worker took and did not bring back in time is computed again. The engine draws each part with a
seed of its own, so who computes what changes nothing in the result.
"""

import json
import time
from datetime import timedelta
from typing import Any

from celery import current_app
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from dalian_coop.jobs.enums import JobState
from dalian_coop.jobs.services import Run
from planning.gaps.models import GapChunk, GapRun
from planning.gaps.services.documents import canonical, packed, unpacked

TASK = "gaps.chunk"
SPREAD_FROM = 20_000_000  # replications × regions × indicators: about a second of work
GIVEN_BACK_AFTER = timedelta(seconds=60)
PAUSE = 0.05


def is_large(case: dict[str, Any]) -> bool:
    """Whether spreading pays: below, telling the others costs more than it saves."""
    robustness = case.get("robustness", {})
    if not robustness.get("enabled", True):
        return False
    return robustness.get("replications", 10_000) * len(case["regions"]) * len(case["indicators"]) >= SPREAD_FROM


def spread(run: GapRun, case: dict[str, Any], job: Run, watch) -> list[Any]:
    """The results of all parts in order. ``watch(done, of)`` hears of progress."""
    from planning.gaps.engine import chain

    plan = chain.plan_chunks(case)
    attempt = job.job.fence
    with transaction.atomic():
        run.chunks.all().delete()
        rows = [GapChunk(run=run, attempt=attempt, number=n) for n in range(len(plan))]
        GapChunk.objects.bulk_create(rows)
    _tell(rows[1:])
    while True:
        taken = _take(run, attempt)
        if taken is not None:
            _keep(taken, chain.run_chunk(case, plan[taken.number]))
        done = run.chunks.filter(attempt=attempt, result__isnull=False).count()
        watch(done, len(plan))
        if done == len(plan):
            return [_read(c) for c in run.chunks.filter(attempt=attempt).order_by("number")]
        if taken is None:
            time.sleep(PAUSE)


def compute_chunk(*, chunk_id: str) -> bool:
    """Compute one part if its run still wants it; False when there is nothing to do. Safe to be told twice."""
    chunk = GapChunk.objects.filter(pk=chunk_id, taken_at=None).select_related("run__job").defer("run__result").first()
    if chunk is None or chunk.run.job.state != JobState.RUNNING or chunk.run.job.fence != chunk.attempt:
        return False
    from planning.gaps.engine import chain

    case = json.loads(unpacked(chunk.run.case))
    plan = chain.plan_chunks(case)
    taken = _take(chunk.run, chunk.attempt, number=chunk.number)
    if taken is None:
        return False
    _keep(taken, chain.run_chunk(case, plan[taken.number]))
    return True


def _tell(rows: list[GapChunk]) -> None:
    """One message a part, whoever takes it; a broker that does not answer costs nothing but the help."""
    for row in rows:
        try:
            current_app.send_task(TASK, args=[str(row.pk)], retry=False)
        except Exception:
            # Whatever the broker's client raises: this worker computes all parts itself.
            return


def _take(run: GapRun, attempt: int, number: int | None = None) -> GapChunk | None:
    """One part that nobody has, or that somebody has had for too long; one statement, so one of many wins it."""
    late = Q(taken_at=None) | Q(taken_at__lt=timezone.now() - GIVEN_BACK_AFTER)
    with transaction.atomic():
        found = run.chunks.filter(late, attempt=attempt, result=None)
        if number is not None:
            found = found.filter(number=number)
        chunk = found.select_for_update(skip_locked=True).order_by("number").first()
        if chunk is not None:
            chunk.taken_at = timezone.now()
            chunk.save(update_fields=["taken_at"])
    return chunk


def _keep(chunk: GapChunk, result: Any) -> None:
    GapChunk.objects.filter(pk=chunk.pk, result=None).update(result=packed(canonical(result)))


def _read(chunk: GapChunk) -> Any:
    return json.loads(unpacked(chunk.result))
