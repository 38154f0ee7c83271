"""My work: what waits for the person who looks."""

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views import View

from dalian_coop.accounts.permissions import Perm
from planning.dashboard import selectors


class My(PermissionRequiredMixin, View):
    """Steps to take, then tasks and milestones of the own bureau by urgency."""

    permission_required = str(Perm.READ_BOOKS)

    def get(self, request: HttpRequest) -> HttpResponse:
        found = selectors.todo(request.user, timezone.localdate())
        return render(request, "dashboard/my.html", {"todo": found, "own_bureau": request.user.bureau})
