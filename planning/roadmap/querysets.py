"""Reads of milestones that compose."""

from datetime import date, timedelta

from django.db import models
from django.db.models import Case, Value, When

from planning.taskbooks.lights import LATE_DAYS, SOON_DAYS
from planning.taskbooks.models import Task


class MilestoneQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """Milestones of the tasks one sees."""
        return self.filter(deleted_at__isnull=True, task__in=Task.objects.visible_to(actor))

    def with_light(self, today: date):
        """Annotates ``light`` by date: the rule of ``taskbooks.lights`` for something that has no start."""
        return self.annotate(
            light=Case(
                When(done_on__isnull=False, then=Value("done")),
                When(due__lt=today - timedelta(days=LATE_DAYS), then=Value("red")),
                When(due__lt=today, then=Value("yellow")),
                When(due__lte=today + timedelta(days=SOON_DAYS), then=Value("blue")),
                default=Value("grey"),
                output_field=models.CharField(),
            )
        )

    def due_between(self, first: date, last: date):
        """Not done and due within the days, both included."""
        return self.filter(done_on__isnull=True, due__range=(first, last))


class ExtensionQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """Requests for the milestones of the tasks one sees."""
        return self.filter(milestone__deleted_at__isnull=True, milestone__task__in=Task.objects.visible_to(actor))
