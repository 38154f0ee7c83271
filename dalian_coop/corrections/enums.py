"""How far a report is."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class CorrectionState(TextChoices):
    """Open until the owner answers; an answer is final."""

    OPEN = "open", pgettext_lazy("error report", "Open")
    CORRECTED = "corrected", pgettext_lazy("error report", "Corrected")
    REJECTED = "rejected", pgettext_lazy("error report", "Not an error")


ANSWERS = (CorrectionState.CORRECTED, CorrectionState.REJECTED)
