"""One announcement to one receiver."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from dalian_coop.base.models import Keyed
from dalian_coop.webhooks.enums import DeliveryState
from dalian_coop.webhooks.querysets import DeliveryQuerySet


class Delivery(Keyed):
    """One event for one endpoint. Its key is the event's id and stays the same over all tries and replays."""

    endpoint = models.ForeignKey("webhooks.Endpoint", models.CASCADE, related_name="deliveries")
    resource = models.CharField(_("resource"), max_length=40)
    object_id = models.CharField(_("record"), max_length=64)
    version = models.IntegerField(_("version"), null=True)
    seq = models.BigIntegerField(_("number"))
    occurred_at = models.DateTimeField(_("time of the change"))
    state = models.CharField(_("state"), max_length=10, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    attempts = models.PositiveSmallIntegerField(_("tries"), default=0)
    next_at = models.DateTimeField(_("next try"))
    last_status = models.PositiveSmallIntegerField(_("last answer"), null=True, blank=True)
    last_error = models.CharField(_("last error"), max_length=200, blank=True)
    delivered_at = models.DateTimeField(_("delivered"), null=True, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        constraints = [models.UniqueConstraint(fields=["endpoint", "seq"], name="announced_once")]
        indexes = [
            models.Index(fields=["next_at"], name="announcement_due", condition=models.Q(state=DeliveryState.WAITING)),
            models.Index(
                fields=["endpoint", "object_id", "seq"],
                name="announcement_order",
                condition=models.Q(state=DeliveryState.WAITING),
            ),
            models.Index(fields=["endpoint", "state"], name="announcement_state"),
        ]

    def __str__(self):
        return f"{self.resource} {self.object_id}"
