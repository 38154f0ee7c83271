"""Application entry of roadmap."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RoadMapConfig(AppConfig):
    name = "planning.roadmap"
    label = "roadmap"
    verbose_name = _("Road map")

    def ready(self):
        from planning.roadmap import permissions  # noqa: F401 - registers the rules about milestones
        from planning.roadmap.services.importing import MilestoneSheet
        from planning.taskbooks.services.sheets import register_sheet

        register_sheet(MilestoneSheet())
