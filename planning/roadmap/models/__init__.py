"""Milestones, dependencies, and what people do with them."""

from planning.roadmap.models.baseline import Baseline
from planning.roadmap.models.calendar_link import CalendarLink
from planning.roadmap.models.estimate import TaskEstimate
from planning.roadmap.models.evidence import Evidence, MilestonePart
from planning.roadmap.models.extension import ExtensionRequest
from planning.roadmap.models.milestone import Dependency, Milestone
from planning.roadmap.models.shift import Shift

__all__ = [
    "Baseline",
    "CalendarLink",
    "Dependency",
    "Evidence",
    "ExtensionRequest",
    "Milestone",
    "MilestonePart",
    "Shift",
    "TaskEstimate",
]
