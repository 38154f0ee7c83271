"""Pages of the road map."""

from planning.roadmap.views.milestones import Add, Delete, Edit, Restore, TaskMilestones
from planning.roadmap.views.pages import BookList, Map, Print, StoneList, Table

__all__ = ["Add", "BookList", "Delete", "Edit", "Map", "Print", "Restore", "StoneList", "Table", "TaskMilestones"]
