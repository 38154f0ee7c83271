"""States and kinds of task books and tasks. Codes are stable (REST, database); labels are translated."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class BookStatus(TextChoices):
    """Life of a task book; which move leads where is ``workflow.py``."""

    DRAFT = "draft", _("Draft")
    ASSEMBLED = "assembled", _("Assembled")
    COUNTERSIGN = "countersign", _("Being countersigned")
    APPROVED = "approved", _("Approved")
    ISSUED = "issued", _("Issued")
    AMENDING = "amending", _("Being amended")
    CLOSED = "closed", _("Closed")


class PartStatus(TextChoices):
    """How far a bureau is with its rows of a book."""

    DRAFT = "draft", _("Not submitted")
    SUBMITTED = "submitted", _("Submitted")
    RETURNED = "returned", _("Returned")
    ACCEPTED = "accepted", _("Accepted")


class SignState(TextChoices):
    """What a bureau said when it was asked to countersign."""

    PENDING = "pending", _("Not yet signed")
    SIGNED = "signed", _("Signed")
    OBJECTED = "objected", _("Objected")
    SETTLED = "settled", _("Objection settled")


class TaskState(TextChoices):
    """How far a task is, as its lead bureau reports it."""

    NOT_STARTED = "not_started", _("Not started")
    IN_PROGRESS = "in_progress", _("In progress")
    COMPLETED = "completed", _("Completed")


class DueKind(TextChoices):
    """What the deadline names; ``due`` is its last day."""

    DATE = "date", _("Day")
    TEN_DAY = "ten_day", _("Ten days of a month")
    MONTH_END = "month_end", _("Month")
    QUARTER_END = "quarter_end", _("Quarter")
    HALF_YEAR = "half_year", _("Half-year")
    YEAR_END = "year_end", _("Year")
    RECURRING = "recurring", _("Recurring")
    LONG_TERM = "long_term", _("Continuous")
    UNPARSED = "unparsed", _("Not understood")
    NONE = "none", _("No deadline")


class Light(TextChoices):
    """Supervision light; always computed (``lights.py``), never typed."""

    DONE = "done", _("Completed")
    GREEN = "green", _("On track")
    BLUE = "blue", _("Due soon")
    YELLOW = "yellow", _("Behind")
    RED = "red", _("Overdue")
    GREY = "grey", _("Not started")
