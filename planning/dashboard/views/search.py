"""The search page."""

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views import View

from dalian_coop.accounts.permissions import Perm
from planning.dashboard import selectors


class Search(PermissionRequiredMixin, View):
    """``?q=`` over everything with a name."""

    permission_required = str(Perm.READ_DASHBOARD)

    def get(self, request: HttpRequest) -> HttpResponse:
        text = request.GET.get("q", "").strip()
        too_long = len(text) > selectors.MAX_LENGTH
        groups = [] if too_long else selectors.search(request.user, text)
        context = {
            "q": text[: selectors.MAX_LENGTH],
            "groups": groups,
            "total": sum(group.count for group in groups),
            "too_long": too_long,
            "limit": selectors.MAX_LENGTH,
        }
        return render(request, "dashboard/search.html", context)
