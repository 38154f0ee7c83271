"""Levels and roles of regions."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class RegionRole(TextChoices):
    """What a region is to Dalian."""

    FOCUS = "focus", _("Own city")
    BENCHMARK = "benchmark", _("Benchmark city")
    REFERENCE = "reference", _("Reference city")
    PARTNER = "partner", _("Partner region")
    PROVINCE = "province", _("Province")
    COUNTRY = "country", _("Country")


class Country(TextChoices):
    CHINA = "CN", _("China")
    JAPAN = "JP", _("Japan")
    KOREA = "KR", _("South Korea")
