"""Pages of plans: an objective to add, change or take away. The tree of horizons stands with the road map."""

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views import View

from dalian_coop.accounts.permissions import Perm
from dalian_coop.base.errors import Conflict, ValidationError
from planning.plans import services
from planning.plans.forms import ObjectiveForm
from planning.plans.models import Objective, Programme


class ArrangingView(PermissionRequiredMixin, View):
    """For those who set objectives."""

    permission_required = str(Perm.EDIT_PLAN)

    def objective(self, code: str, pk) -> Objective:
        found = Objective.objects.select_related("plan__programme", "parent")
        return get_object_or_404(found, pk=pk, plan__programme__code=code)

    def page(self, programme: Programme, form, objective: Objective | None, status: int = 200) -> HttpResponse:
        context = {"programme": programme, "form": form, "objective": objective}
        return render(self.request, "plans/objective.html", context, status=status)

    def save(self, programme: Programme, objective: Objective | None) -> HttpResponse:
        form = ObjectiveForm(programme, self.request.POST)
        if not form.is_valid():
            return self.page(programme, form, objective, status=422)
        try:
            services.save_objective(objective=objective, by=self.request.user, **form.values())
        except ValidationError as refused:
            form.add_service_errors(refused)
            return self.page(programme, form, objective, status=422)
        except Conflict:
            form.add_error(None, _("Somebody changed this objective meanwhile; load the page again."))
            return self.page(programme, form, objective, status=409)
        messages.success(self.request, _("The objective is saved."))
        return redirect("roadmap:horizons", programme.code)


class AddObjective(ArrangingView):
    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        programme = get_object_or_404(Programme, code=code)
        return self.page(programme, ObjectiveForm(programme, initial={"plan": request.GET.get("plan")}), None)

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        return self.save(get_object_or_404(Programme, code=code), None)


class EditObjective(ArrangingView):
    def get(self, request: HttpRequest, code: str, pk) -> HttpResponse:
        objective = self.objective(code, pk)
        initial = {name: getattr(objective, name) for name in ("plan", "code", "title", "weight", "parent", "version")}
        initial["measures"] = [link.measure_id for link in objective.measure_links.all()]
        return self.page(objective.plan.programme, ObjectiveForm(objective.plan.programme, initial=initial), objective)

    def post(self, request: HttpRequest, code: str, pk) -> HttpResponse:
        objective = self.objective(code, pk)
        return self.save(objective.plan.programme, objective)


class DeleteObjective(ArrangingView):
    def post(self, request: HttpRequest, code: str, pk) -> HttpResponse:
        objective = self.objective(code, pk)
        try:
            version = int(request.POST.get("version", ""))
            services.delete_objective(objective=objective, version=version, by=request.user)
        except (ValueError, Conflict):
            messages.error(request, _("Somebody changed this objective meanwhile; load the page again."))
            return redirect("plans:objective", code, pk)
        except ValidationError as refused:
            messages.error(request, str(next(iter(refused.errors.values()))[0]))
            return redirect("plans:objective", code, pk)
        messages.success(request, _("The objective is taken away; its measures and tasks stay."))
        return redirect("roadmap:horizons", code)
