"""Where changes are announced."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from dalian_coop.base.models import Keyed, Versioned
from dalian_coop.base.tracking import tracked
from dalian_coop.webhooks.querysets import EndpointQuerySet, SecretQuerySet


@tracked
class Endpoint(Keyed, Versioned):
    """One address of one client, and the resources whose changes it is told."""

    client = models.ForeignKey(
        "accounts.ApiClient", models.PROTECT, related_name="webhooks", verbose_name=_("API client")
    )
    url = models.CharField(_("address"), max_length=500)
    resources = ArrayField(models.CharField(max_length=40), verbose_name=_("resources"))
    stopped_at = models.DateTimeField(_("stopped at"), null=True, blank=True)

    objects = EndpointQuerySet.as_manager()

    class Meta:
        ordering = ["created_at"]
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        constraints = [models.UniqueConstraint(fields=["client", "url"], name="webhook_once")]

    def __str__(self):
        return self.url


class EndpointState(models.Model):
    """How far the change log has been announced to an endpoint, and whether it has failed lately.

    Apart from the endpoint: it changes with every announcement, and is no matter of history.
    """

    endpoint = models.OneToOneField(Endpoint, models.CASCADE, primary_key=True, related_name="state")
    position = models.BigIntegerField(_("number of the last change that was looked at"))
    failures = models.PositiveIntegerField(_("failures in a row"), default=0)
    quiet_until = models.DateTimeField(_("left alone until"), null=True, blank=True)
    busy_until = models.DateTimeField(_("being sent to until"), null=True, blank=True)

    def __str__(self):
        return f"{self.endpoint_id} {self.position}"


class Secret(Keyed):
    """A key that signs for an endpoint. The key itself is not stored: it is derived from ``salt`` and the pepper."""

    endpoint = models.ForeignKey(Endpoint, models.CASCADE, related_name="secrets")
    salt = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)
    ends_at = models.DateTimeField(_("signs until"), null=True, blank=True)

    objects = SecretQuerySet.as_manager()

    def __str__(self):
        return str(self.pk)
