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
    QUARTILE = "top_quartile", _("Top quarter of the others")
    REGION = "region", _("A named region")


class Aggregation(TextChoices):
    """How the scores below a node become one."""

    ARITHMETIC = "arithmetic", pgettext_lazy("aggregation", "Weighted arithmetic mean")
    GEOMETRIC = "geometric", pgettext_lazy("aggregation", "Weighted geometric mean")
    HARMONIC = "harmonic", pgettext_lazy("aggregation", "Weighted harmonic mean")


class Origin(TextChoices):
    """How a region came into a benchmark set."""

    CHOSEN = "chosen", pgettext_lazy("benchmark region", "chosen")
    FOUND = "found", pgettext_lazy("benchmark region", "found by the peer finder")


class PeerRole(TextChoices):
    """What a region of a benchmark set counts for."""

    PEER = "peer", pgettext_lazy("benchmark region", "peer")
    ASPIRATIONAL = "aspirational", pgettext_lazy("benchmark region", "model to strive for, not in the mean")


class Transform(TextChoices):
    """What is done to figures before they become scores."""

    NONE = "none", pgettext_lazy("transform", "none")
    LOG = "log", pgettext_lazy("transform", "logarithm")


class Normalisation(TextChoices):
    """How figures become scores from 1 to 100."""

    MINMAX = "minmax", pgettext_lazy("normalisation", "Between the lowest and the highest figure")
    GOALPOSTS = "goalposts", pgettext_lazy("normalisation", "Between fixed goalposts")
    RANK = "rank", pgettext_lazy("normalisation", "By rank")
    ZSCORE = "zscore", pgettext_lazy("normalisation", "By standard deviations from the mean")


class Imputation(TextChoices):
    """How cells without a figure are filled."""

    NONE = "none", pgettext_lazy("imputation", "Not at all")
    LINEAR = "linear", pgettext_lazy("imputation", "Between two years of the region")
    LOCF = "locf", pgettext_lazy("imputation", "Last figure, for two years at most")
    PEER_MEDIAN = "peer_median", pgettext_lazy("imputation", "Median of the others in that year")


class Weighting(TextChoices):
    """Where the weights come from."""

    GIVEN = "given", pgettext_lazy("weights", "Those of the indicator set")
    EQUAL = "equal", pgettext_lazy("weights", "Equal everywhere")
