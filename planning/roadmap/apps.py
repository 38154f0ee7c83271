"""Application entry of roadmap."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RoadMapConfig(AppConfig):
    name = "planning.roadmap"
    label = "roadmap"
    verbose_name = _("Road map")

    def ready(self):
        from django.urls import reverse

        from dalian_coop.corrections.selectors import register_owner
        from planning.roadmap import permissions  # noqa: F401 - registers the rules about milestones
        from planning.roadmap.services.importing import MilestoneSheet
        from planning.taskbooks.services.sheets import register_sheet

        register_sheet(MilestoneSheet())
        register_owner(
            "milestones",
            owner=lambda stone: stone.task.lead,
            page=lambda stone: reverse("roadmap:milestone", args=[stone.task.book.code, stone.pk]),
        )
