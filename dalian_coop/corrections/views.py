"""Error reports for the bureaus that made them and those that answer."""

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views import View

from dalian_coop.accounts.permissions import Perm
from dalian_coop.base.errors import Conflict, ValidationError
from dalian_coop.corrections import selectors, services
from dalian_coop.corrections.enums import CorrectionState
from dalian_coop.corrections.forms import AnswerForm
from dalian_coop.corrections.models import Correction


class CorrectionList(PermissionRequiredMixin, View):
    """What one's bureau must answer and what it has reported; open ones first."""

    permission_required = Perm.REPORT_CORRECTIONS

    def get(self, request):
        found = Correction.objects.visible_to(request.user).select_related("bureau", "owner")
        state = request.GET.get("state", CorrectionState.OPEN)
        counts = [(s, found.filter(state=s).count()) for s in CorrectionState]
        page = Paginator(found.filter(state=state).order_by("-created_at"), 50).get_page(request.GET.get("page"))
        return render(request, "corrections/list.html", {"page": page, "counts": counts, "state": state})


class CorrectionPage(PermissionRequiredMixin, View):
    """One report; its owner answers here."""

    permission_required = Perm.REPORT_CORRECTIONS

    def dispatch(self, request, *args, **kwargs):
        if not self.has_permission():
            return self.handle_no_permission()
        mine = Correction.objects.visible_to(request.user)
        self.correction = get_object_or_404(mine.select_related("bureau", "owner", "by_user", "by_client"), **kwargs)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request, pk):
        return self._page(AnswerForm(initial={"version": self.correction.version}))

    def post(self, request, pk):
        form = AnswerForm(request.POST)
        if not request.user.has_perm(Perm.ANSWER_CORRECTIONS, self.correction):
            return self._page(form, 403)
        if form.is_valid():
            try:
                services.answer_report(correction=self.correction, by=request.user, **form.cleaned_data)
            except ValidationError as refused:
                form.add_service_errors(refused)
            except Conflict:
                form.add_error(None, _("Somebody has answered in the meantime."))
                self.correction.refresh_from_db()
                return self._page(form, 409)
            else:
                messages.success(request, _("Your answer is saved; the other bureau sees it."))
                return redirect("corrections:correction", pk)
        return self._page(form, 422)

    def _page(self, form, status=200):
        found, user = self.correction, self.request.user
        may = found.state == CorrectionState.OPEN and user.has_perm(Perm.ANSWER_CORRECTIONS, found)
        context = {"correction": found, "form": form, "may_answer": may, "record_url": selectors.page_of(user, found)}
        return render(self.request, "corrections/correction.html", context, status=status)
