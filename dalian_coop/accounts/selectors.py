"""Reads of accounts for pages."""

from django.db.models import Prefetch

from dalian_coop.accounts.models import ApiClient, ApiToken


def clients_with_tokens():
    """Every client with its bureau and its live tokens (``live_tokens``): three statements."""
    live = Prefetch("tokens", queryset=ApiToken.objects.live().order_by("created_at"), to_attr="live_tokens")
    return ApiClient.objects.select_related("owner").prefetch_related(live).order_by("disabled_at", "name")
