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


class Season(TextChoices):
    """Weeks in which offices of a country are closed or hard to reach, and days that deserve a second look."""

    SPRING_FESTIVAL = "spring_festival", _("Spring Festival")
    NATIONAL_DAY = "national_day", _("National Day holiday")
    GOLDEN_WEEK = "golden_week", _("Golden Week")
    OBON = "obon", _("Obon")
    SEOLLAL = "seollal", _("Seollal")
    CHUSEOK = "chuseok", _("Chuseok")
    MAKEUP_WORKDAY = "makeup_workday", _("Make-up working day")
    DAY_OFF = "day_off", _("Day off")
    NOT_DECREED = "not_decreed", _("Working days not yet decreed")
