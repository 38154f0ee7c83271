"""Reads of task books and tasks that compose."""

from datetime import date, timedelta

from django.db import models
from django.db.models import Case, Q, Value, When

from dalian_coop.accounts.permissions import Perm
from dalian_coop.accounts.scope import country_limit, row_limit, sees_every_bureau
from planning.taskbooks.lights import LATE_DAYS, SOON_DAYS


def _may_read(actor) -> bool:
    return bool(getattr(actor, "is_authenticated", False)) and actor.has_perm(Perm.READ_BOOKS)


class TaskQuerySet(models.QuerySet):
    def alive(self):
        """Not deleted."""
        return self.filter(deleted_at__isnull=True)

    def involving(self, bureau_ids):
        """Led or supported by one of the bureaus."""
        return self.filter(self._worked_on_by(bureau_ids))

    def _worked_on_by(self, bureau_ids) -> Q:
        supported = self.model._base_manager.filter(units__bureau__in=bureau_ids).values("pk")
        return Q(lead__in=bureau_ids) | Q(pk__in=supported)

    def visible_to(self, actor):
        """All rows of the books one sees; an overseas office sees its country's rows and those it works on."""
        if not _may_read(actor):
            return self.none()
        tasks = self.alive()
        if limit := row_limit(actor):
            tasks = tasks.filter(self._worked_on_by(limit))
        if sees_every_bureau(actor):
            return tasks
        if seat := country_limit(actor):
            return tasks.filter(self._worked_on_by(actor.bureau_ids) | Q(countries__contains=[seat]))
        own = self.model.objects.alive().involving(actor.bureau_ids)
        return tasks.filter(book__in=own.values("book_id"))

    def with_light(self, today: date):
        """Annotates ``light``: the rule of ``lights.light_for`` in SQL, so that it can be filtered and counted."""
        return self.annotate(
            light=Case(
                When(state="completed", then=Value("done")),
                When(due__lt=today - timedelta(days=LATE_DAYS), then=Value("red")),
                When(due__lt=today, then=Value("yellow")),
                When(due__lte=today + timedelta(days=SOON_DAYS), then=Value("blue")),
                When(Q(start__isnull=True) | Q(start__gt=today), then=Value("grey")),
                default=Value("green"),
                output_field=models.CharField(),
            )
        )

    def overdue(self, today: date):
        """Past the due date and not completed."""
        return self.filter(due__lt=today).exclude(state="completed")

    def in_order(self):
        """As the book numbers them: 1.1.10 after 1.1.9."""
        return self.order_by("book_id", "sort_key")


class TaskBookQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """Books in which one's bureau leads or supports a task; coordinators, leaders, analysts see all."""
        if not _may_read(actor):
            return self.none()
        if sees_every_bureau(actor) and not row_limit(actor):
            return self
        tasks = self.model._meta.get_field("tasks").related_model.objects.visible_to(actor)
        return self.filter(pk__in=tasks.values("book_id"))
