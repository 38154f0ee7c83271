"""Countries with a calendar, and kinds of special days. Codes are stable; labels are translated."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Country(TextChoices):
    CHINA = "CN", _("China")
    JAPAN = "JP", _("Japan")
    KOREA = "KR", _("South Korea")


class DayKind(TextChoices):
    """A day off, or a day worked although it is a weekend or the package takes it for a holiday."""

    HOLIDAY = "holiday", _("Holiday")
    MAKEUP_WORKDAY = "makeup_workday", _("Make-up working day")
