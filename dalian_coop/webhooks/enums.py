"""How far an announcement is."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class DeliveryState(TextChoices):
    """Waiting until the receiver takes it; dead after ten tries in three days."""

    WAITING = "waiting", pgettext_lazy("announcement", "Waiting")
    DELIVERED = "delivered", pgettext_lazy("announcement", "Delivered")
    DEAD = "dead", pgettext_lazy("announcement", "Given up")
