"""The scheduling engine (pure): when things happen at the earliest and latest, what drags what, and with what risk.

Days are calendar dates. A task starts at the beginning of its start day and finishes at the end of its finish day; a
milestone is the end of its day. Slack is counted in working days of the item's own calendar. See docs/adr/0007.

The finish with risk (``schedule.risk``) is imported where it is asked for: it brings numpy with it.
"""

from planning.roadmap.schedule.domino import Slip, worst_slip
from planning.roadmap.schedule.network import Cycle, UnknownItem
from planning.roadmap.schedule.passes import schedule
from planning.roadmap.schedule.shapes import Cause, Days, Estimate, Item, Link, Outlook, Result, Row, Why

__all__ = [
    "Cause",
    "Cycle",
    "Days",
    "Estimate",
    "Item",
    "Link",
    "Outlook",
    "Result",
    "Row",
    "Slip",
    "UnknownItem",
    "Why",
    "schedule",
    "worst_slip",
]
