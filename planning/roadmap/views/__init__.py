"""Pages of the road map."""

from planning.roadmap.views.data import Data
from planning.roadmap.views.drawer import Moved, StoneDrawer, TaskDrawer
from planning.roadmap.views.extensions import Ask, Decide
from planning.roadmap.views.feeds import Feed, Links, Revoke
from planning.roadmap.views.horizons import HorizonRows, Horizons
from planning.roadmap.views.life import (
    AddEvidence,
    AddLink,
    EvidenceFile,
    FinishPart,
    RemoveEvidence,
    RemoveLink,
    Report,
    SendBack,
    SetEstimate,
    SetPart,
    SetRules,
    Verify,
)
from planning.roadmap.views.milestones import Add, Delete, Edit, Restore, TaskMilestones
from planning.roadmap.views.moving import Apply, Preview, Undo
from planning.roadmap.views.outlook import Review, StoneRisk, Versions
from planning.roadmap.views.pages import BookList, Map, StoneList
from planning.roadmap.views.papers import ExportPdf, ExportSvg, Print, Table
from planning.roadmap.views.starting import Start

__all__ = [
    "Add",
    "AddEvidence",
    "AddLink",
    "Apply",
    "Ask",
    "BookList",
    "Data",
    "Decide",
    "Delete",
    "Edit",
    "EvidenceFile",
    "ExportPdf",
    "ExportSvg",
    "Feed",
    "FinishPart",
    "HorizonRows",
    "Horizons",
    "Links",
    "Map",
    "Moved",
    "Preview",
    "Print",
    "RemoveEvidence",
    "RemoveLink",
    "Report",
    "Restore",
    "Review",
    "Revoke",
    "SendBack",
    "SetEstimate",
    "SetPart",
    "SetRules",
    "Start",
    "StoneDrawer",
    "StoneList",
    "StoneRisk",
    "Table",
    "TaskDrawer",
    "TaskMilestones",
    "Undo",
    "Verify",
    "Versions",
]
