"""Writes of the road map."""

from planning.roadmap.services.links import link_milestones, unlink_milestones
from planning.roadmap.services.milestones import (
    EDITABLE,
    add_milestone,
    delete_milestone,
    edit_milestone,
    mark_done,
    rename,
    reschedule,
    restore_milestone,
    undo_done,
)

__all__ = [
    "EDITABLE",
    "add_milestone",
    "delete_milestone",
    "edit_milestone",
    "link_milestones",
    "mark_done",
    "rename",
    "reschedule",
    "restore_milestone",
    "undo_done",
    "unlink_milestones",
]
