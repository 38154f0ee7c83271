"""The life of a book: parts of the bureaus, signatures, issued versions."""

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from dalian_coop.base.models import Keyed, Versioned
from dalian_coop.base.tracking import tracked
from planning.taskbooks.enums import PartStatus, SignState


@tracked
class BookPart(Keyed, Versioned):
    """The rows of a book that one bureau leads, as it hands them in. No row: it has not done anything yet."""

    book = models.ForeignKey("taskbooks.TaskBook", models.CASCADE, related_name="parts")
    bureau = models.ForeignKey("accounts.Bureau", models.PROTECT, related_name="book_parts")
    status = models.CharField(_("Status"), max_length=10, choices=PartStatus.choices, default=PartStatus.DRAFT)
    reason = models.CharField(_("Reason"), max_length=400, blank=True)
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True)

    class Meta:
        verbose_name = _("part of a book")
        verbose_name_plural = _("parts of books")
        constraints = [models.UniqueConstraint(fields=["book", "bureau"], name="book_part_once")]

    def __str__(self):
        return f"{self.book_id} {self.bureau_id}"


@tracked
class Countersignature(Keyed, Versioned):
    """A bureau asked to countersign an assembled book. ``text`` is its objection, ``answer`` how that was settled."""

    book = models.ForeignKey("taskbooks.TaskBook", models.CASCADE, related_name="signatures")
    bureau = models.ForeignKey("accounts.Bureau", models.PROTECT, related_name="signatures")
    state = models.CharField(_("State"), max_length=10, choices=SignState.choices, default=SignState.PENDING)
    text = models.CharField(_("objection"), max_length=400, blank=True)
    answer = models.CharField(_("how it was settled"), max_length=400, blank=True)
    signed_at = models.DateTimeField(_("signed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("countersignature")
        verbose_name_plural = _("countersignatures")
        constraints = [models.UniqueConstraint(fields=["book", "bureau"], name="countersignature_once")]

    def __str__(self):
        return f"{self.book_id} {self.bureau_id}"


@pgtrigger.register(pgtrigger.Protect(name="frozen", operation=pgtrigger.Update | pgtrigger.Delete))
@tracked
class BookVersion(Keyed, Versioned):
    """An issued version of a book, frozen. ``rows`` holds its tasks as texts in book order, by the names of
    ``services.versions.COLUMNS``; ``digest`` is the SHA-256 of their canonical JSON.
    """

    book = models.ForeignKey("taskbooks.TaskBook", models.PROTECT, related_name="versions")
    edition = models.CharField(_("version"), max_length=12)
    number = models.CharField(_("document number"), max_length=80)
    issued_on = models.DateField(_("issued on"))
    reason = models.CharField(_("Reason"), max_length=400, blank=True)
    rows = models.JSONField(editable=False)
    digest = models.CharField(max_length=64, editable=False)

    class Meta:
        ordering = ["created_at"]
        verbose_name = _("issued version")
        verbose_name_plural = _("issued versions")
        constraints = [models.UniqueConstraint(fields=["book", "edition"], name="book_edition_once")]

    def __str__(self):
        return f"{self.book_id} {self.edition}"
