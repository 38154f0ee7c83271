"""Choices of gap runs. Codes are stable (REST, database) and equal to those of the engine; labels are translated."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class YearRule(TextChoices):
    """Which year of an indicator is compared."""

    COMMON = "common", _("Latest year that most regions share")
    LATEST = "latest", _("Latest year of each region")
    ONE_YEAR = "one_year", _("One year for everything")


class BenchmarkKind(TextChoices):
    """What the own region is compared with."""

    LEADER = "leader", pgettext_lazy("benchmark", "Leader")
    MEAN = "mean", _("Mean of the others")
    MEDIAN = "median", _("Median of the others")
    REGION = "region", _("A named region")


class Aggregation(TextChoices):
    """How the scores below a node become one."""

    ARITHMETIC = "arithmetic", pgettext_lazy("aggregation", "Weighted arithmetic mean")
