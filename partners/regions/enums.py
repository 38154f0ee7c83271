"""Levels and roles of regions."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class RegionRole(TextChoices):
    """What a region is to Dalian."""

    FOCUS = "focus", _("Own city")
    BENCHMARK = "benchmark", _("Benchmark city")
    REFERENCE = "reference", _("Reference city")
    PARTNER = "partner", _("Partner region")
    PROVINCE = "province", _("Province")
    COUNTRY = "country", _("Country")


class RegionLevel(TextChoices):
    """What a region is in its own country; the values are those of the shipped file."""

    COUNTRY = "country", pgettext_lazy("region level", "country")
    PROVINCE = "province", pgettext_lazy("region level", "province")
    PREFECTURE = "prefecture", pgettext_lazy("region level", "prefecture")
    MUNICIPALITY = "municipality", pgettext_lazy("region level", "municipality")
    METROPOLITAN_CITY = "metropolitan city", pgettext_lazy("region level", "metropolitan city")
    CITY = "city", pgettext_lazy("region level", "city")


class Country(TextChoices):
    CHINA = "CN", _("China")
    JAPAN = "JP", _("Japan")
    KOREA = "KR", _("South Korea")
