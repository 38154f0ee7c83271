"""Webhooks of a client, and what could not be delivered: the security administrator's pages."""

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import View
from django.views.decorators.cache import never_cache

from dalian_coop.accounts.models import ApiClient
from dalian_coop.accounts.permissions import Perm
from dalian_coop.base.errors import Conflict, NotAllowed, ValidationError
from dalian_coop.webhooks import selectors, services
from dalian_coop.webhooks.forms import EndpointForm
from dalian_coop.webhooks.models import Endpoint


class ManageWebhooks(PermissionRequiredMixin, View):
    """For the security administrator only."""

    permission_required = Perm.MANAGE_CLIENTS


@method_decorator(never_cache, name="dispatch")
class OfClient(ManageWebhooks):
    """Where changes are announced to one system; a new address, whose secret is shown this once."""

    def get(self, request, pk):
        client = get_object_or_404(ApiClient.objects.select_related("owner"), pk=pk)
        return _page(request, client, EndpointForm(client))

    def post(self, request, pk):
        client = get_object_or_404(ApiClient.objects.select_related("owner"), pk=pk)
        form = EndpointForm(client, request.POST)
        if form.is_valid():
            try:
                endpoint, secret = services.add_endpoint(client=client, **form.cleaned_data, by=request.user)
            except ValidationError as refused:
                form.add_service_errors(refused)
            except NotAllowed as refused:
                form.add_error(None, str(refused))
            else:
                return render(request, "webhooks/secret.html", {"endpoint": endpoint, "secret": secret})
        return _page(request, client, form, 422)


@method_decorator(never_cache, name="dispatch")
class Rotate(ManageWebhooks):
    """A new secret; the old one signs beside it for a day."""

    def post(self, request, pk):
        endpoint = get_object_or_404(Endpoint.objects.select_related("client__owner"), pk=pk)
        secret = services.rotate_secret(endpoint=endpoint, by=request.user)
        return render(request, "webhooks/secret.html", {"endpoint": endpoint, "secret": secret, "rotated": True})


class StopOrResume(ManageWebhooks):
    """Stop announcing to an address, or go on."""

    def post(self, request, pk):
        endpoint = get_object_or_404(Endpoint, pk=pk)
        change = services.resume_endpoint if endpoint.stopped_at else services.stop_endpoint
        try:
            change(endpoint=endpoint, version=endpoint.version, by=request.user)
        except Conflict:
            messages.error(request, _("Somebody was faster; this is how it stands now."))
        return redirect("webhooks:of-client", endpoint.client_id)


class DeadLetters(ManageWebhooks):
    """What was given up after three days, and trying it again: those ticked, or all."""

    def get(self, request):
        page = Paginator(selectors.dead_letters(), 50).get_page(request.GET.get("page"))
        return render(request, "webhooks/dead.html", {"page": page})

    def post(self, request):
        dead = selectors.dead_letters()
        if "all" not in request.POST:
            chosen = set(request.POST.getlist("delivery"))
            dead = [delivery for delivery in dead if str(delivery.pk) in chosen]
        count = services.replay(deliveries=dead, by=request.user)
        text = ngettext("%(n)d announcement is tried again.", "%(n)d announcements are tried again.", count)
        messages.success(request, text % {"n": count})
        return redirect("webhooks:dead")


def _page(request, client: ApiClient, form: EndpointForm, status: int = 200):
    context = {
        "client": client,
        "form": form,
        "endpoints": selectors.endpoints_of(client),
        "recent": selectors.recent(client),
    }
    return render(request, "webhooks/client.html", context, status=status)
