"""Pages of the road map."""

from planning.roadmap.views.data import Data
from planning.roadmap.views.drawer import StoneDrawer, TaskDrawer
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
    "HorizonRows",
    "Horizons",
    "Map",
    "Preview",
    "Print",
    "Restore",
    "StoneDrawer",
    "StoneList",
    "Table",
    "TaskDrawer",
    "TaskMilestones",
    "Undo",
]
