"""The columns of the grid in one place: a new column of the task is one line here.

Words and limits come from the model, choices from the registers, and the reasons why a column is locked from the same
rules that the services apply when something is saved.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dalian_coop.accounts.models import Bureau
from dalian_coop.base.chinese import pinyin_initials
from partners.industries.models import CooperationField
from planning.plans.enums import Horizon
from planning.plans.models import Measure
from planning.taskbooks.enums import Light, TaskState
from planning.taskbooks.models import Task, TaskBook
from planning.taskbooks.services import layout
from planning.taskbooks.services.checks import TEXTS
from planning.taskbooks.services.editing import refusals
from planning.taskbooks.services.parts import all_handed_in


@dataclass(frozen=True)
class GridColumn:
    """A column. ``editor``: text, long, choice, choices, date, percent, number, or "" for one that is computed."""

    name: str
    editor: str
    width: int  # pixels, until somebody drags it
    label: Any = ""
    required: bool = False
    hidden: bool = False  # until somebody shows it


# In the working order; the first two stay in sight when the others are scrolled.
COLUMNS = (
    GridColumn("code", "text", 76, pgettext_lazy("grid", "No."), required=True),
    GridColumn("content", "long", 264, required=True),
    GridColumn("light", "", 96, _("Light")),
    GridColumn("state", "choice", 92, required=True),
    GridColumn("progress", "percent", 118),
    GridColumn("due", "date", 112),
    GridColumn("lead", "choice", 124, required=True),
    GridColumn("units", "choices", 190, _("supporting bureaus")),
    GridColumn("objective", "long", 240),
    GridColumn("deliverable", "long", 180),
    GridColumn("acceptance", "long", 200),
    GridColumn("progress_note", "long", 180),
    GridColumn("actions", "long", 260),
    GridColumn("start", "date", 112),
    GridColumn("due_text", "text", 130),
    GridColumn("horizon", "choice", 88),
    GridColumn("responsible", "text", 140),
    GridColumn("field", "choice", 120, required=True, hidden=True),
    GridColumn("measure", "choice", 190, required=True, hidden=True),
    GridColumn("partners_text", "text", 150),
    GridColumn("key_industries", "text", 140),
    GridColumn("guarantees", "long", 220, hidden=True),
    GridColumn("weight", "number", 80),
)
FROZEN = 2
DISPATCH = tuple(column.name for column in COLUMNS)
_DECREED = tuple(column.field for column in layout.COLUMNS)
OFFICIAL = (*_DECREED, *(name for name in DISPATCH if name not in _DECREED))


def describe(book: TaskBook, by: Any) -> dict[str, Any]:
    """The columns as the page's scripts read them, with what ``by`` may not change now and why."""
    editable = {column.name for column in COLUMNS if column.editor}
    locks = refusals(book, editable, by, is_handed_in=lambda: all_handed_in(book, by))
    locks = {name: str(errors[0]) for name, errors in locks.items()}
    return {
        "columns": [_described(column, locks) for column in COLUMNS],
        "orders": {"dispatch": DISPATCH, "official": OFFICIAL},
        "frozen": FROZEN,
    }


def choices(book: TaskBook) -> dict[str, list[tuple[Any, ...]]]:
    """Per column of choices ``(code, words, keys to find it by, other names)``; keys are initials and pinyin."""
    bureaus = [
        (b.code, b.name, f"{b.initials} {b.pinyin.replace(' ', '')}", [b.name_zh, b.full_name, *b.aliases])
        for b in Bureau.objects.all()
    ]
    fields = [(f.code, f.name, pinyin_initials(f.name_zh)) for f in CooperationField.objects.all()]
    measures = Measure.objects.filter(programme=book.programme_id)
    return {
        "lead": bureaus,
        "units": bureaus,
        "state": _enum(TaskState),
        "horizon": [("", "—", ""), *_enum(Horizon)],
        "field": fields,
        "measure": [(m.code, str(m), pinyin_initials(m.title)) for m in measures],
        "light": [(light.value, str(light.label), "") for light in Light],
    }


def _described(column: GridColumn, locks: dict[str, str]) -> dict[str, Any]:
    model_field = None if column.name in ("units", "light") else Task._meta.get_field(column.name)
    return {
        "name": column.name,
        "label": str(column.label or model_field.verbose_name),
        "editor": column.editor,
        "width": column.width,
        "max": model_field.max_length if column.name in (*TEXTS, "code") else None,
        "required": column.required,
        "hidden": column.hidden,
        "locked": locks.get(column.name, ""),
    }


def _enum(options: Any) -> list[tuple[str, str, str]]:
    return [(value, str(label), pinyin_initials(str(label))) for value, label in options.choices]
