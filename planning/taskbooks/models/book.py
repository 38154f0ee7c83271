"""Task books."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from dalian_coop.base.models import Keyed, Versioned
from dalian_coop.base.tracking import tracked
from planning.taskbooks.enums import BookStatus
from planning.taskbooks.querysets import TaskBookQuerySet


@tracked
class TaskBook(Keyed, Versioned):
    """One task book (任务书): a numbered document that says who does what until when."""

    code = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=200)
    number = models.CharField(max_length=80, blank=True, help_text=_("document number, once issued"))
    programme = models.ForeignKey("plans.Programme", models.PROTECT, related_name="books")
    first_year = models.PositiveSmallIntegerField()
    last_year = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=12, choices=BookStatus.choices, default=BookStatus.DRAFT)
    issued_on = models.DateField(null=True, blank=True)
    edition = models.CharField(max_length=12, blank=True, editable=False, help_text=_("version in force, once issued"))
    amendment = models.CharField(max_length=400, blank=True, help_text=_("why the book is being amended"))
    parts_due = models.DateField(_("parts due on"), null=True, blank=True)
    is_sample = models.BooleanField(default=False)
    note = models.CharField(max_length=800, blank=True)

    objects = TaskBookQuerySet.as_manager()

    class Meta:
        ordering = ["-first_year", "code"]
        verbose_name = _("task book")
        verbose_name_plural = _("task books")
        constraints = [models.CheckConstraint(condition=Q(first_year__lte=F("last_year")), name="book_years_in_order")]

    def __str__(self):
        return self.title
