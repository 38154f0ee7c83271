"""Systems of other bureaus and their tokens: the security administrator's pages."""

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache

from dalian_coop.accounts import selectors, services
from dalian_coop.accounts.enums import SCOPE_LABELS
from dalian_coop.accounts.forms import ClientForm
from dalian_coop.accounts.models import ApiClient, ApiToken
from dalian_coop.accounts.permissions import Perm
from dalian_coop.base.errors import Conflict, NotAllowed, ValidationError


class ManageClients(PermissionRequiredMixin, View):
    """For the security administrator only."""

    permission_required = Perm.MANAGE_CLIENTS


class ClientList(ManageClients):
    """Which systems are admitted, what they may do, when they were last here."""

    def get(self, request):
        clients = list(selectors.clients_with_tokens())
        used = selectors.usage(clients)
        rows = [(client, used.get(client.pk, selectors.Usage())) for client in clients]
        return render(request, "accounts/clients.html", {"rows": rows})


class ClientPage(ManageClients):
    """One system: what it may do and sees, its tokens, what it was given."""

    def get(self, request, pk):
        client = get_object_or_404(selectors.clients_with_tokens(), pk=pk)
        context = {
            "client": client,
            "scopes": [(scope, SCOPE_LABELS[scope]) for scope in client.scopes],
            "bureaus": selectors.named_bureaus(client.row_bureaus),
            "reach": selectors.reach(client),
            "usage": selectors.usage([client]).get(client.pk, selectors.Usage()),
            "page": Paginator(client.pulls.order_by("-at"), 25).get_page(request.GET.get("page")),
        }
        return render(request, "accounts/client.html", context)


class ClientAdd(ManageClients):
    """Admit a system. The button “preview” counts what it would see and saves nothing."""

    def get(self, request):
        return render(request, "accounts/client_form.html", {"form": ClientForm()})

    def post(self, request):
        form = ClientForm(request.POST)
        if form.is_valid() and "preview" in request.POST:
            return _preview(request, form, form.cleaned_data["owner"])
        if form.is_valid():
            try:
                client = services.create_api_client(**form.values(), by=request.user)
            except ValidationError as refused:
                form.add_service_errors(_at_fields(refused))
            else:
                messages.success(request, _("“%(name)s” is admitted; now make its token.") % {"name": client.name})
                return redirect("accounts:client", client.pk)
        return render(request, "accounts/client_form.html", {"form": form}, status=422)


class ClientEdit(ManageClients):
    """Change what a system may do."""

    def get(self, request, pk):
        client = get_object_or_404(ApiClient.objects.select_related("owner"), pk=pk)
        return render(request, "accounts/client_form.html", {"form": ClientForm(client=client), "client": client})

    def post(self, request, pk):
        client = get_object_or_404(ApiClient.objects.select_related("owner"), pk=pk)
        form = ClientForm(request.POST, client=client)
        if form.is_valid() and "preview" in request.POST:
            return _preview(request, form, client.owner, client)
        if form.is_valid() and self._save(form, client):
            messages.success(request, _("“%(name)s” is changed; its tokens follow at once.") % {"name": client.name})
            return redirect("accounts:client", client.pk)
        return render(request, "accounts/client_form.html", {"form": form, "client": client}, status=422)

    def _save(self, form, client) -> bool:
        try:
            version = form.cleaned_data["version"] or 0
            services.change_api_client(client=client, values=form.values(), version=version, by=self.request.user)
        except ValidationError as refused:
            form.add_service_errors(_at_fields(refused))
        except NotAllowed as refused:
            form.add_error(None, str(refused))
        except Conflict:
            form.add_error(None, _("Somebody has changed this client in the meantime. Open it again."))
        return form.is_valid()


@method_decorator(never_cache, name="dispatch")
class TokenIssue(ManageClients):
    """Make a token and show it, this once."""

    def post(self, request, pk):
        client = get_object_or_404(ApiClient, pk=pk)
        try:
            issued = services.issue_token(client=client, by=request.user)
        except NotAllowed as refused:
            messages.error(request, str(refused))
            return redirect("accounts:client", client.pk)
        return render(request, "accounts/token.html", {"client": client, "issued": issued})


class TokenRevoke(ManageClients):
    """End a token."""

    def post(self, request, pk):
        token = services.revoke_token(token=get_object_or_404(ApiToken, pk=pk), by=request.user)
        messages.success(request, _("Token %(key)s is revoked.") % {"key": token.key_id})
        return redirect("accounts:client", token.client_id)


class ClientDisable(ManageClients):
    """Shut a system out."""

    def post(self, request, pk):
        client = services.disable_client(client=get_object_or_404(ApiClient, pk=pk), by=request.user)
        messages.success(request, _("“%(name)s” is shut out.") % {"name": client.name})
        return redirect("accounts:client", client.pk)


def _preview(request, form: ClientForm, owner, client: ApiClient | None = None):
    draft = services.draft_client(
        owner=owner, scopes=form.cleaned_data["scopes"], row_bureaus=form.cleaned_data["row_bureaus"]
    )
    context = {"form": form, "client": client, "reach": selectors.reach(draft)}
    return render(request, "accounts/client_form.html", context)


def _at_fields(refused: ValidationError) -> ValidationError:
    """The form asks for a day where the service takes an instant."""
    return ValidationError({"expires_on" if f == "expires_at" else f: e for f, e in refused.errors.items()})
