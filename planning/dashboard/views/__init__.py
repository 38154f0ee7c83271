"""Pages of the dashboard and the search."""

from planning.dashboard.views.dashboard import Dashboard, Print, Wall
from planning.dashboard.views.my import My
from planning.dashboard.views.search import Search

__all__ = ["Dashboard", "My", "Print", "Search", "Wall"]
