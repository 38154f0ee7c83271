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
from planning.roadmap.services.moves import apply, undo
from planning.roadmap.services.previewing import preview
from planning.roadmap.services.shapes import Change, Move, Preview

__all__ = [
    "EDITABLE",
    "Change",
    "Move",
    "Preview",
    "add_milestone",
    "apply",
    "delete_milestone",
    "edit_milestone",
    "link_milestones",
    "mark_done",
    "preview",
    "rename",
    "reschedule",
    "restore_milestone",
    "undo",
    "undo_done",
    "unlink_milestones",
]
