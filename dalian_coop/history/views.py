"""The audit page."""

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.shortcuts import render
from django.views import View

from dalian_coop.accounts.permissions import Perm
from dalian_coop.history import selectors
from dalian_coop.history.forms import AuditForm

PAGE = 50
FARTHEST = 200  # pages; beyond that a filter is the way


class Audit(PermissionRequiredMixin, View):
    """Who changed which record when, why, and in which request; never what the record says."""

    permission_required = Perm.READ_AUDIT

    def get(self, request):
        form = AuditForm(request.GET)
        if not form.is_valid():
            return render(request, "history/audit.html", {"form": form, "rows": []}, status=400)
        given = form.cleaned_data
        model = form.models[given["model"] or "accounts.user"]
        number = _page_number(request.GET.get("page", "1"))
        rows, more = selectors.audit_rows(
            model, actor=given["actor"], request_id=given["request"], first=(number - 1) * PAGE, count=PAGE
        )
        context = {"form": form, "rows": rows, "number": number, "more": more, "model": model._meta.verbose_name}
        return render(request, "history/audit.html", context)


def _page_number(text: str) -> int:
    return min(max(int(text), 1), FARTHEST) if text.isascii() and text.isdigit() and len(text) < 5 else 1
