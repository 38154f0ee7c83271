"""Page-shaped reads of the dashboard and the search."""

from planning.dashboard.selectors.findings import with_sources
from planning.dashboard.selectors.overview import Overview, Part, overview
from planning.dashboard.selectors.scope import Scope
from planning.dashboard.selectors.search import MAX_LENGTH, HitGroup, search
from planning.dashboard.selectors.snapshot import snapshot
from planning.dashboard.selectors.todo import ToDo, todo
from planning.dashboard.selectors.trend import trend

__all__ = [
    "MAX_LENGTH",
    "HitGroup",
    "Overview",
    "Part",
    "Scope",
    "ToDo",
    "overview",
    "search",
    "snapshot",
    "todo",
    "trend",
    "with_sources",
]
