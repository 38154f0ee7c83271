"""Pages of gap analysis: the list with its start form, and the report."""

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_cache_control
from django.views import View

from dalian_coop.accounts.permissions import Perm
from dalian_coop.base.errors import NotAllowed, ValidationError
from dalian_coop.jobs.selectors import status_of
from planning.gaps import selectors, services
from planning.gaps.forms import StartForm
from planning.gaps.models import BenchmarkSet, GapRun, IndicatorSet
from planning.gaps.selectors import charts

PAGE_SIZE = 20


class ReportList(PermissionRequiredMixin, View):
    """All reports one may see; those who may, start a new one."""

    permission_required = Perm.READ_GAPS

    def get(self, request):
        form = StartForm(actor=request.user) if request.user.has_perm(Perm.RUN_GAPS) else None
        return self._page(request, form)

    def post(self, request):
        if not request.user.has_perm(Perm.RUN_GAPS):
            raise PermissionDenied
        form = StartForm(request.POST, actor=request.user)
        if form.is_valid():
            try:
                run = services.start_run(**form.values(), by=request.user)
            except ValidationError as error:
                form.add_service_errors(error)
            except NotAllowed as error:
                raise PermissionDenied(str(error)) from error
            else:
                return redirect("gaps:report", pk=run.pk)
        return self._page(request, form, status=422)

    def _page(self, request, form, status: int = 200):
        page = Paginator(selectors.runs_for_list(request.user), PAGE_SIZE).get_page(request.GET.get("page"))
        context = {
            "page": page,
            "runs": [(run, status_of(run.job)) for run in page],
            "form": form,
            "benchmark_sets": BenchmarkSet.objects.visible_to(request.user).prefetch_related("regions"),
            "indicator_sets": IndicatorSet.objects.visible_to(request.user),
        }
        return render(request, "gaps/report_list.html", context, status=status)


class ReportPage(PermissionRequiredMixin, View):
    """One run: its report, or how far it is."""

    permission_required = Perm.READ_GAPS

    def get(self, request, pk):
        runs = GapRun.objects.visible_to(request.user).select_related(
            "benchmark_set__own", "indicator_set", "reference", "job", "created_by", "client"
        )
        run = get_object_or_404(runs, pk=pk)
        if not run.is_computed:
            template = "gaps/includes/progress.html" if request.headers.get("HX-Request") else "gaps/progress.html"
            response = render(request, template, {"run": run, "status": status_of(run.job)})
            patch_cache_control(response, no_store=True)
            return response
        if request.headers.get("HX-Request"):
            return self._reload(request)
        report = selectors.Report(run)
        template = "gaps/empty_report.html" if report.is_empty else "gaps/report.html"
        return render(request, template, {"run": run, "report": report, "charts": charts.of(report)})

    def _reload(self, request):
        """The fragment that was polled is done: htmx loads the page with the report."""
        response = render(request, "gaps/includes/done.html")
        response["HX-Redirect"] = request.path
        return response
