"""Jobs for those who wait for them, and the two addresses that machines ask."""

from datetime import timedelta

from celery import current_app
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.paginator import Paginator
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dalian_coop.accounts.permissions import Perm
from dalian_coop.jobs import selectors
from dalian_coop.jobs.models import WorkerSeen

WORKER_SILENCE = timedelta(seconds=60)


class JobList(PermissionRequiredMixin, View):
    """One's own jobs; coordinators, leaders and analysts see all."""

    permission_required = Perm.READ_JOBS

    def get(self, request):
        page = Paginator(selectors.jobs_seen_by(request.user), 50).get_page(request.GET.get("page"))
        jobs = [selectors.status_of(job) for job in page]
        return render(request, "jobs/list.html", {"page": page, "jobs": jobs})


class JobPage(PermissionRequiredMixin, View):
    """One job: how far it is, and where its result is."""

    permission_required = Perm.READ_JOBS
    template_name = "jobs/job.html"

    def get(self, request, pk):
        job = get_object_or_404(selectors.jobs_seen_by(request.user), pk=pk)
        return render(request, self.template_name, {"status": selectors.status_of(job), "job": job})


@require_safe
def progress(request: HttpRequest, pk):
    """The fragment that htmx asks for every second; without htmx the whole page."""
    is_fragment = request.headers.get("HX-Request") == "true"
    template = "jobs/includes/progress.html" if is_fragment else JobPage.template_name
    return never_cache(JobPage.as_view(template_name=template))(request, pk=pk)


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """This process answers."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Database and broker answer, and a worker was seen within the last minute."""
    checks = {"database": _database(), "broker": _broker()}
    checks["worker"] = checks["database"] and _worker()
    ready = all(checks.values())
    answer = {
        "status": "ok" if ready else "unavailable",
        **{k: "ok" if v else "unavailable" for k, v in checks.items()},
    }
    return JsonResponse(answer, status=200 if ready else 503)


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return True
    except DatabaseError:
        return False


def _broker() -> bool:
    try:
        with current_app.connection_for_write() as broker:
            broker.ensure_connection(max_retries=1, interval_start=0, timeout=2)
            broker.default_channel.client.ping()
        return True
    except Exception:
        return False  # whatever the broker's client raises means the same: it is not there


def _worker() -> bool:
    try:
        return WorkerSeen.objects.filter(at__gt=timezone.now() - WORKER_SILENCE).exists()
    except DatabaseError:
        return False
