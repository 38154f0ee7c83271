"""What hangs on a task: supporting bureaus, regions."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from dalian_coop.base.models import Keyed, Versioned
from dalian_coop.base.tracking import tracked


@tracked
class TaskUnit(Keyed, Versioned):
    """A bureau that supports a task, with the part it delivers. The lead bureau is ``Task.lead``."""

    task = models.ForeignKey("taskbooks.Task", models.CASCADE, related_name="units")
    bureau = models.ForeignKey("accounts.Bureau", models.PROTECT, related_name="supported_tasks")
    order = models.PositiveSmallIntegerField(default=0)
    deliverable = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["order"]
        verbose_name = _("supporting bureau")
        verbose_name_plural = _("supporting bureaus")
        constraints = [models.UniqueConstraint(fields=["task", "bureau"], name="task_unit_once")]

    def __str__(self):
        return f"{self.task_id} {self.bureau_id}"


@tracked
class TaskRegion(Keyed, Versioned):
    """A region that a task names; derived from the text of its column 对应国别/城市."""

    task = models.ForeignKey("taskbooks.Task", models.CASCADE, related_name="task_regions")
    region = models.ForeignKey("regions.Region", models.PROTECT, related_name="task_regions")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task", "region"], name="task_region_once")]

    def __str__(self):
        return f"{self.task_id} {self.region_id}"
