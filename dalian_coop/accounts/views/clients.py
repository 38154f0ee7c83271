"""Systems of other bureaus and their tokens: the security administrator's page."""

from datetime import datetime, time

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache

from dalian_coop.accounts import selectors, services
from dalian_coop.accounts.forms import ClientForm
from dalian_coop.accounts.models import ApiClient, ApiToken
from dalian_coop.accounts.permissions import Perm
from dalian_coop.base.errors import NotAllowed, ValidationError


class ManageClients(PermissionRequiredMixin, View):
    """For the security administrator only."""

    permission_required = Perm.MANAGE_CLIENTS


class ClientList(ManageClients):
    """Which systems are admitted, what they may do, when they were last here."""

    def get(self, request):
        return render(request, "accounts/clients.html", {"clients": selectors.clients_with_tokens()})


class ClientAdd(ManageClients):
    """Admit a system."""

    def get(self, request):
        return render(request, "accounts/client_form.html", {"form": ClientForm()})

    def post(self, request):
        form = ClientForm(request.POST)
        if form.is_valid():
            try:
                client = services.create_api_client(**_values(form), by=request.user)
            except ValidationError as refused:
                form.add_service_errors(refused)
            else:
                messages.success(request, _("“%(name)s” is admitted; now make its token.") % {"name": client.name})
                return redirect("accounts:client-list")
        return render(request, "accounts/client_form.html", {"form": form}, status=422)


@method_decorator(never_cache, name="dispatch")
class TokenIssue(ManageClients):
    """Make a token and show it, this once."""

    def post(self, request, pk):
        client = get_object_or_404(ApiClient, pk=pk)
        try:
            issued = services.issue_token(client=client, by=request.user)
        except NotAllowed as refused:
            messages.error(request, str(refused))
            return redirect("accounts:client-list")
        return render(request, "accounts/token.html", {"client": client, "issued": issued})


class TokenRevoke(ManageClients):
    """End a token."""

    def post(self, request, pk):
        token = services.revoke_token(token=get_object_or_404(ApiToken, pk=pk), by=request.user)
        messages.success(request, _("Token %(key)s is revoked.") % {"key": token.key_id})
        return redirect("accounts:client-list")


class ClientDisable(ManageClients):
    """Shut a system out."""

    def post(self, request, pk):
        client = services.disable_client(client=get_object_or_404(ApiClient, pk=pk), by=request.user)
        messages.success(request, _("“%(name)s” is shut out.") % {"name": client.name})
        return redirect("accounts:client-list")


def _values(form: ClientForm) -> dict:
    """The form's values as the service wants them: the last day counts to its end."""
    values = dict(form.cleaned_data)
    last_day = values.pop("expires_on")
    values["expires_at"] = timezone.make_aware(datetime.combine(last_day, time.max))
    return values
