"""Kinds of dependencies (PMI terms), limits, places of work, states of a request, ways to count distances."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class DependencyKind(TextChoices):
    FS = "FS", _("Finish to start")
    SS = "SS", _("Start to start")
    FF = "FF", _("Finish to finish")
    SF = "SF", _("Start to finish")


class Limit(TextChoices):
    """What a date may not cross, whatever the links ask."""

    NOT_BEFORE = "not_before", _("Not before")
    NOT_AFTER = "not_after", _("Not after")
    FIXED = "fixed", _("Fixed")


class Workplace(TextChoices):
    """Whose working days count; joined codes mean the days on which all of them work."""

    CN = "CN", _("China")
    JP = "JP", _("Japan")
    KR = "KR", _("South Korea")
    CN_JP = "CN+JP", _("China and Japan")
    CN_KR = "CN+KR", _("China and South Korea")
    JP_KR = "JP+KR", _("Japan and South Korea")
    ALL = "CN+JP+KR", _("China, Japan and South Korea")


class RequestState(TextChoices):
    """Life of a request to extend a date."""

    ASKED = "asked", _("Waiting for a decision")
    APPROVED = "approved", pgettext_lazy("extension", "Approved")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Counting(TextChoices):
    """How the distances between dates are kept when a book is started from another."""

    WORKING = "working", _("working days: what took ten working days takes ten again")
    CALENDAR = "calendar", _("calendar days: every distance stays the same number of days")
