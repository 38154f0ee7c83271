"""Writes of the road map."""

from planning.roadmap.services.baselines import take_baseline
from planning.roadmap.services.estimates import set_estimate, set_rules
from planning.roadmap.services.evidence import (
    add_evidence,
    finish_part,
    may_contribute,
    may_finish,
    may_verify,
    remove_evidence,
    report_done,
    send_back,
    set_parts,
    verify_done,
)
from planning.roadmap.services.extensions import (
    approve_extension,
    consequences,
    may_decide,
    refuse_extension,
    request_extension,
    withdraw_extension,
)
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
from planning.roadmap.services.starting import first_day, start_book

__all__ = [
    "EDITABLE",
    "Change",
    "Move",
    "Preview",
    "add_milestone",
    "add_evidence",
    "apply",
    "approve_extension",
    "consequences",
    "finish_part",
    "first_day",
    "may_contribute",
    "may_decide",
    "may_finish",
    "may_verify",
    "refuse_extension",
    "remove_evidence",
    "report_done",
    "request_extension",
    "send_back",
    "set_estimate",
    "start_book",
    "set_parts",
    "set_rules",
    "take_baseline",
    "verify_done",
    "withdraw_extension",
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
