"""Forms of task books. They carry texts only: what is right is decided by the services, and their errors come back."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from dalian_coop.accounts.models import Bureau
from dalian_coop.accounts.permissions import Perm
from dalian_coop.ui.forms import DayInput, PortalForm
from partners.industries.models import CooperationField
from planning.plans.enums import Horizon
from planning.plans.models import Measure
from planning.taskbooks import workflow
from planning.taskbooks.enums import TaskState
from planning.taskbooks.models import Task, TaskBook
from planning.taskbooks.services import columns
from planning.taskbooks.services.editing import ARRANGED

# In the order in which people fill them in; each line of the page is one tuple.
LAYOUT = (
    ("code", "field", "measure"),
    ("content",),
    ("state", "progress", "start", "due", "due_text", "horizon"),
    ("progress_note",),
    ("lead", "responsible", "weight"),
    ("units",),
    ("objective", "actions"),
    ("deliverable", "acceptance"),
    ("partners_text", "key_industries"),
    ("guarantees",),
)
_LONG = ("content", "objective", "actions", "deliverable", "acceptance", "guarantees", "progress_note")
_SELECTS = ("state", "horizon", "field", "measure", "lead")


class Texts(forms.CharField):
    """Any text, as it was typed; several ones for a list."""

    def to_python(self, value: Any) -> Any:
        return [str(v) for v in value] if isinstance(value, list) else super().to_python(value)

    def validate(self, value: Any) -> None:
        """What must be filled in is decided by the services; ``required`` only tells people beforehand."""


class TaskForm(PortalForm, forms.Form):
    """The fields of a task that this person may change now (``version`` tells which state they saw)."""

    use_required_attribute = False

    def __init__(self, *args, actor: Any, book: TaskBook, task: Task | None = None, **kwargs):
        if task is not None:
            kwargs.setdefault("initial", values_of(task))
        else:
            kwargs.setdefault("initial", {"state": TaskState.NOT_STARTED.value, "progress": "0"})
        super().__init__(*args, **kwargs)
        shown = {name for line in LAYOUT for name in line}
        if task is not None and not actor.has_perm(Perm.ADD_TASK, book):
            shown -= set(ARRANGED)
        shown -= workflow.locked_fields(book.status, shown)
        choices = _choices(book, shown)
        for name in (n for line in LAYOUT for n in line if n in shown):
            widget = _widget(name, choices)
            self.fields[name] = Texts(label=LABELS[name], required=name in _REQUIRED, strip=False, widget=widget)

    @property
    def lines(self) -> list[list[forms.BoundField]]:
        """The fields line by line."""
        lines = [[self[name] for name in line if name in self.fields] for line in LAYOUT]
        return [line for line in lines if line]

    @property
    def values(self) -> dict[str, Any]:
        """What was typed, for the services. Bureaus that were ticked before keep their order, new ones follow."""
        values = {name: self.cleaned_data.get(name, self.data.get(name, "")) for name in self.fields}
        if "units" in values:
            before = {code: place for place, code in enumerate(self.initial.get("units", ()))}
            values["units"] = sorted(values["units"], key=lambda code: before.get(code, len(before)))
        return values


LABELS = {name: Task._meta.get_field(name).verbose_name for line in LAYOUT for name in line if name != "units"} | {
    "units": _("supporting bureaus")
}
_REQUIRED = ("code", "field", "measure", "content", "lead", "state", "progress")
_EXAMPLES = {
    "due_text": _("for example 2026年底前"),
    "partners_text": _("several ones separated by 、"),
    "weight": _("0 to 100"),
}


def values_of(task: Task) -> dict[str, Any]:
    """A task as texts, as they stand in the form."""
    texts = {name: getattr(task, name) for line in LAYOUT for name in line if name not in (*_RELATED, "units")}
    texts |= {name: "" if value is None else str(value) for name, value in texts.items()}
    texts["field"], texts["measure"], texts["lead"] = task.field.code, task.measure.code, task.lead.code
    texts["units"] = [unit.bureau.code for unit in task.units.select_related("bureau")]
    return texts


_RELATED = ("field", "measure", "lead")


def display_of(name: str, value: Any, choices: dict[str, dict[str, str]]) -> str:
    """A value of the form in words, for the page that shows two of them side by side."""
    if name == "units":
        return "、".join(choices["units"].get(code, code) for code in value)
    return choices.get(name, {}).get(value, value)


def choice_names(book: TaskBook) -> dict[str, dict[str, str]]:
    """{field: {value: words}} of every select."""
    choices = _choices(book, {*_SELECTS, "units"})
    return {name: {str(value): str(label) for value, label in pairs} for name, pairs in choices.items()}


def _choices(book: TaskBook, shown: set[str]) -> dict[str, list[tuple[str, Any]]]:
    found: dict[str, list] = {"state": list(TaskState.choices), "horizon": [("", "—"), *Horizon.choices]}
    if shown & {"lead", "units"}:
        bureaus = [(b.code, b.name) for b in Bureau.objects.all()]
        found |= {"lead": [("", "—"), *bureaus], "units": bureaus}
    if "field" in shown:
        found["field"] = [("", "—"), *((f.code, f.name) for f in CooperationField.objects.all())]
    if "measure" in shown:
        measures = Measure.objects.filter(programme=book.programme_id)
        found["measure"] = [("", "—"), *((m.code, str(m)) for m in measures)]
    return found


def _widget(name: str, choices: dict[str, list]) -> forms.Widget:
    if name == "units":
        return forms.CheckboxSelectMultiple(choices=choices["units"])
    if name in _SELECTS:
        return forms.Select(choices=choices[name])
    if name in ("start", "due"):
        return DayInput()
    if name == "progress":
        return forms.NumberInput(attrs={"min": 0, "max": 100, "step": 1, "inputmode": "numeric"})
    attrs = {"placeholder": _EXAMPLES[name]} if name in _EXAMPLES else {}
    if name == "weight":
        return forms.NumberInput(attrs={"step": "0.01", "inputmode": "decimal"} | attrs)
    return forms.Textarea(attrs={"rows": 2}) if name in _LONG else forms.TextInput(attrs=attrs)


class MoveForm(PortalForm, forms.Form):
    """A step in the life of a book, a part or a signature: what the step needs, and the state somebody saw."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    reason = forms.CharField(label=_("Reason"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    number = forms.CharField(label=_("Document number"), required=False)
    bureaus = forms.ModelMultipleChoiceField(
        Bureau.objects.all(), required=False, label=_("Bureaus"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, step: workflow.Move, bureaus: QuerySet | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("reason", "number", "bureaus"):
            if not getattr(step, f"needs_{name}"):
                del self.fields[name]
        if bureaus is not None and "bureaus" in self.fields:
            self.fields["bureaus"].queryset = bureaus


class PartsDueForm(PortalForm, forms.Form):
    """The day by which the bureaus hand in their parts."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    parts_due = forms.DateField(label=_("Parts due on"), required=False)


class ImportForm(PortalForm, forms.Form):
    """A file to look at."""

    file = forms.FileField(
        label=_("Workbook or CSV file"),
        help_text=_(
            "An .xlsx workbook, a .csv file or a table saved as a web page, "
            "in the layout of the task book or in one of your own."
        ),
    )


class GridSettingsForm(forms.Form):
    """Order, widths and visibility of the grid's columns, and the height of its rows, as JSON."""

    settings = forms.JSONField()

    def clean_settings(self) -> dict[str, Any]:
        """Only what is known, in known shapes; anything else is refused."""
        given = self.cleaned_data["settings"]
        names = set(columns.DISPATCH)
        try:
            return {
                "order": [str(name) for name in given["order"] if name in names],
                "hidden": [str(name) for name in given["hidden"] if name in names],
                "widths": {str(k): max(40, min(900, int(v))) for k, v in given["widths"].items() if k in names},
                "height": int(given["height"]) if given["height"] in (32, 44, 64) else 44,
            }
        except (KeyError, TypeError, ValueError, AttributeError) as e:
            raise forms.ValidationError(_("These settings could not be read.")) from e


class VersionForm(forms.Form):
    """The state somebody saw when they pressed a button."""

    version = forms.IntegerField(min_value=1)
