"""Pages of the road map."""

from planning.roadmap.views.data import Data
from planning.roadmap.views.drawer import StoneDrawer, TaskDrawer
from planning.roadmap.views.feeds import Feed, Links, Revoke
from planning.roadmap.views.horizons import HorizonRows, Horizons
from planning.roadmap.views.milestones import Add, Delete, Edit, Restore, TaskMilestones
from planning.roadmap.views.moving import Apply, Preview, Undo
from planning.roadmap.views.pages import BookList, ExportSvg, Map, Print, StoneList, Table

__all__ = [
    "Add",
    "Apply",
    "BookList",
    "Data",
    "Delete",
    "Edit",
    "ExportSvg",
    "Feed",
    "HorizonRows",
    "Horizons",
    "Links",
    "Map",
    "Preview",
    "Print",
    "Restore",
    "Revoke",
    "StoneDrawer",
    "StoneList",
    "Table",
    "TaskDrawer",
    "TaskMilestones",
    "Undo",
]
