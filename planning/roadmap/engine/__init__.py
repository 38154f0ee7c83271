"""The drawing of a road map as plain geometry (pure): time axis, rows, bars, milestones, routes of dependencies.

Lengths are units of the drawing: one unit is one pixel at the nominal width. Nothing here knows a colour or a text.
"""

from planning.roadmap.engine.axis import Axis, Band, Tick, Zoom, axis_for, bands_for, ticks_for, years_from_horizons
from planning.roadmap.engine.lanes import Bar, Base, Drawing, Link, Row, Stone, StoneItem, TaskItem, draw
from planning.roadmap.engine.routes import Corridors, route

__all__ = [
    "Axis",
    "Band",
    "Bar",
    "Base",
    "Corridors",
    "Drawing",
    "Link",
    "Row",
    "Stone",
    "StoneItem",
    "TaskItem",
    "Tick",
    "Zoom",
    "axis_for",
    "bands_for",
    "draw",
    "route",
    "ticks_for",
    "years_from_horizons",
]
