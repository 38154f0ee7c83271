"""Horizons."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Horizon(TextChoices):
    """Short ≤ 1 year, medium ≤ 3 years, long 5 years or more; a plan states its own years."""

    SHORT = "short", _("Short term")
    MEDIUM = "medium", _("Medium term")
    LONG = "long", _("Long term")
