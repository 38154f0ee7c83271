"""Roles of cooperation fields and schemes of industries."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class FieldRole(TextChoices):
    MAIN_AXIS = "main_axis", _("Main axis")
    SUPPORT = "support", _("Support")


class Scheme(TextChoices):
    """Official names of classifications are not translated."""

    ISIC4 = "ISIC4", "ISIC Rev.4"
    GBT4754 = "GBT4754", "GB/T 4754-2017"
    HS2022 = "HS2022", "HS 2022"


class IndustryLevel(TextChoices):
    SECTION = "section", _("Section")
    DIVISION = "division", _("Division")
    CHAPTER = "chapter", _("Chapter")
