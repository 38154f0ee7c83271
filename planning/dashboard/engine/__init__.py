"""Arithmetic of the dashboard (pure): shares that add up to 100 %, lights at the ends of months."""

from planning.dashboard.engine.months import Event, Month, lights_by_month, month_ends
from planning.dashboard.engine.shares import largest_remainder

__all__ = ["Event", "Month", "largest_remainder", "lights_by_month", "month_ends"]
