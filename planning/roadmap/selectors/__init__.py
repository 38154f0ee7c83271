"""Reads of the road map, each with a fixed number of queries."""

from planning.roadmap.selectors.milestones import (
    BookLine,
    StoneFilter,
    book_lines,
    light_days,
    milestones,
    milestones_of_task,
)
from planning.roadmap.selectors.page import (
    DUE_SOON_DAYS,
    Frame,
    Group,
    MapFilter,
    RoadMap,
    StoneLine,
    TaskLine,
    frame,
    phases_of,
    road_map,
    stone_light,
)

__all__ = [
    "DUE_SOON_DAYS",
    "BookLine",
    "Frame",
    "Group",
    "MapFilter",
    "RoadMap",
    "StoneFilter",
    "StoneLine",
    "TaskLine",
    "book_lines",
    "frame",
    "light_days",
    "milestones",
    "milestones_of_task",
    "phases_of",
    "road_map",
    "stone_light",
]
