"""Kinds of dependencies (PMI terms)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class DependencyKind(TextChoices):
    FS = "FS", _("Finish to start")
    SS = "SS", _("Start to start")
    FF = "FF", _("Finish to finish")
    SF = "SF", _("Start to finish")
