"""Directions of indicators and quality of sources."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Direction(TextChoices):
    """Whether more is better; a suggestion for scoring."""

    UP = "up", _("Higher is better")
    DOWN = "down", _("Lower is better")
    NEUTRAL = "neutral", _("Neither")


class SourceQuality(TextChoices):
    OFFICIAL = "official", pgettext_lazy("source quality", "Official")
    OFFICIAL_COPY = "official copy", _("Copy of an official source")
    MIRROR = "official text, mirror", _("Official text, read on a mirror")
    SECONDARY = "secondary", _("Secondary")
    TERTIARY = "tertiary", _("Tertiary")
    DERIVED = "derived", _("Derived")
    OWN = "own", _("Own work")
