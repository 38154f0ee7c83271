"""Pages of gap analysis: the list with its start form, the report, its print, the comparison of two."""

from abc import ABC, abstractmethod
from uuid import UUID

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_cache_control
from django.views import View

from dalian_coop.accounts.permissions import Perm
from dalian_coop.base.errors import NotAllowed, ValidationError
from dalian_coop.jobs.selectors import status_of
from planning.gaps import selectors, services
from planning.gaps.forms import StartForm
from planning.gaps.models import BenchmarkSet, GapRun, IndicatorSet

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


class RunPage(PermissionRequiredMixin, View):
    """Base of everything about one run that the actor may see."""

    permission_required = Perm.READ_GAPS

    def run(self, pk) -> GapRun:
        related = ("benchmark_set__own", "indicator_set", "reference", "job", "created_by", "client", "previous")
        runs = GapRun.objects.visible_to(self.request.user).select_related(*related)
        return get_object_or_404(runs.defer("document", "previous__result", "previous__case"), pk=pk)

    def computed(self, pk) -> GapRun:
        """The run, or 404 while it has no report."""
        run = self.run(pk)
        if not run.is_computed:
            raise Http404
        return run

    def report_context(self, run: GapRun) -> dict:
        report = selectors.Report(run)
        context = {"run": run, "report": report, "may_run": self.request.user.has_perm(Perm.RUN_GAPS)}
        if not report.is_empty:
            context |= selectors.page_of(report)
        return context


class ReportPage(RunPage):
    """One run: its report, or how far it is."""

    def get(self, request, pk):
        run = self.run(pk)
        if not run.is_computed:
            return self._progress(request, run)
        if request.headers.get("HX-Request"):
            return self._reload(request)
        context = self.report_context(run)
        template = "gaps/empty_report.html" if context["report"].is_empty else "gaps/report.html"
        return render(request, template, context)

    def _progress(self, request, run: GapRun):
        template = "gaps/includes/progress.html" if request.headers.get("HX-Request") else "gaps/progress.html"
        context = {
            "run": run,
            "status": status_of(run.job),
            "remaining": selectors.remaining_seconds(run.job),
            "may_run": request.user.has_perm(Perm.RUN_GAPS),
        }
        response = render(request, template, context)
        patch_cache_control(response, no_store=True)
        return response

    def _reload(self, request):
        """The fragment that was polled is done: htmx loads the page with the report."""
        response = render(request, "gaps/includes/done.html")
        response["HX-Redirect"] = request.path
        return response


class PrintPage(RunPage):
    """The report for A4 paper: no shell, every table open."""

    def get(self, request, pk):
        context = self.report_context(self.computed(pk))
        template = "gaps/empty_report.html" if context["report"].is_empty else "gaps/print.html"
        return render(request, template, context)


class Act(RunPage, ABC):
    """Base of what is done to a run by pressing a button."""

    @abstractmethod
    def act(self, run: GapRun) -> GapRun:
        """Do it; the run to show afterwards. Raises ``NotAllowed`` and ``ValidationError``."""

    def post(self, request, pk):
        if not request.user.has_perm(Perm.RUN_GAPS):
            raise PermissionDenied
        try:
            run = self.act(self.run(pk))
        except NotAllowed as error:
            raise PermissionDenied(str(error)) from error
        except ValidationError as error:
            return render(request, "gaps/refused.html", {"run": self.run(pk), "error": error}, status=422)
        return redirect("gaps:report", pk=run.pk)


class Cancel(Act):
    def act(self, run):
        return services.cancel_run(run=run, by=self.request.user)


class Repeat(Act):
    def act(self, run):
        return services.repeat_run(run=run, by=self.request.user)


class ComparePage(RunPage):
    """Two reports side by side: scores, cells and what of the method differs."""

    def get(self, request):
        runs = [r for r in selectors.runs_for_list(request.user).computed()[:100]]
        chosen = [self._chosen(request.GET.get(name, "")) for name in ("a", "b")]
        context = {"runs": runs, "a": chosen[0], "b": chosen[1]}
        if all(chosen):
            context["comparison"] = selectors.comparison(*chosen)
        return render(request, "gaps/compare.html", context)

    def _chosen(self, key: str) -> GapRun | None:
        try:
            return self.computed(UUID(key)) if key else None
        except ValueError as error:
            raise Http404 from error
