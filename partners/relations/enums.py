"""Kinds of agreements. "Sister city" is a different legal act in each country; the kinds are kept apart."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class AgreementKind(TextChoices):
    FRIENDSHIP = "friendship", _("Sister (friendship) city")
    COOPERATION = "cooperation", _("Friendly-cooperation city")


class DatePrecision(TextChoices):
    DAY = "day", _("day")
    MONTH = "month", _("month")
    YEAR = "year", _("year")
    UNKNOWN = "unknown", _("unknown")
