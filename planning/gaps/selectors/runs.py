"""Runs as lists show them."""

from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from dalian_coop.jobs.models import Job
from planning.gaps.models import GapFinding, GapRun


def report_url_of_job(job: Job) -> str:
    """Where the result of a finished job is shown."""
    return reverse("gaps:report", args=[job.result["gap_report"]])


def runs_for_list(actor):
    """Runs one may see, newest first, with what a row names (the result itself stays in the database)."""
    return (
        GapRun.objects.visible_to(actor)
        .select_related("benchmark_set", "indicator_set", "reference", "job", "created_by", "client")
        .annotate(own_score=F("result__overall__score"), own_rank=F("result__overall__rank"))
        .annotate(n_ranked=F("result__overall__n_ranked"), empty=F("result__empty"))
        .defer("result", "case", "document", "explanation")
    )


def remaining_seconds(job: Job) -> int | None:
    """How long a running job will still take if it goes on as it did; None while that cannot be told."""
    if job.started_at is None or job.finished_at is not None or not 0 < job.progress < 100:
        return None
    spent = (timezone.now() - job.started_at).total_seconds()
    return max(1, round(spent * (100 - job.progress) / job.progress))


def latest_report(actor) -> GapRun | None:
    """The newest finished run that compares with the set proposed first, else the newest finished one."""
    runs = (
        GapRun.objects.visible_to(actor)
        .computed()
        .select_related("benchmark_set", "indicator_set")
        .defer("result", "case", "document")
    )
    return runs.order_by("benchmark_set__position", "indicator_set__position", "-computed_at").first()


def worst_findings(run: GapRun, count: int = 3) -> list[GapFinding]:
    """The indicators that add most to the score gap of ``run``, for the dashboard."""
    found = run.findings.filter(contribution__gt=0).select_related("indicator", "best_region")
    return list(found.order_by("-contribution", "position")[:count])
