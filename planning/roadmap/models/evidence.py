"""What shows that a milestone was reached, and who contributes what."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from dalian_coop.base.keys import uuid7
from dalian_coop.base.models import Keyed, Versioned
from dalian_coop.base.tracking import tracked


def _place(evidence: "Evidence", name: str) -> str:
    """A name of our own: what people call their files never becomes a path."""
    return f"evidence/{uuid7()}"


@tracked
class Evidence(Keyed, Versioned):
    """A file that shows that the milestone was reached; ``sha256`` says that it is still the same."""

    milestone = models.ForeignKey("roadmap.Milestone", models.CASCADE, related_name="evidence")
    name = models.CharField(_("file"), max_length=200)
    note = models.CharField(_("note"), max_length=300, blank=True)
    file = models.FileField(upload_to=_place, max_length=100)
    size = models.PositiveIntegerField(_("size"))
    sha256 = models.CharField(max_length=64)
    by_label = models.CharField(_("by"), max_length=200)

    class Meta:
        ordering = ["created_at"]
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")

    def __str__(self):
        return self.name


@tracked
class MilestonePart(Keyed, Versioned):
    """What one bureau contributes to a shared milestone. The milestone is done when every part is."""

    milestone = models.ForeignKey("roadmap.Milestone", models.CASCADE, related_name="parts")
    bureau = models.ForeignKey("accounts.Bureau", models.PROTECT, related_name="milestone_parts")
    content = models.CharField(_("part"), max_length=300)
    done_on = models.DateField(_("done on"), null=True, blank=True)

    class Meta:
        ordering = ["created_at"]
        verbose_name = _("part of a milestone")
        verbose_name_plural = _("parts of a milestone")
        constraints = [models.UniqueConstraint(fields=["milestone", "bureau"], name="milestone_part_once")]

    def __str__(self):
        return f"{self.bureau_id} {self.content}"
