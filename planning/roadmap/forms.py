"""Input of the road map's pages."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dalian_coop.accounts.models import Bureau
from dalian_coop.ui.forms import DayInput, PortalForm
from planning.plans.enums import Horizon
from planning.roadmap.engine import Zoom
from planning.roadmap.enums import Counting, DependencyKind, Limit, Workplace
from planning.roadmap.models import Milestone
from planning.roadmap.selectors import MapFilter, StoneFilter
from planning.roadmap.services import Change
from planning.taskbooks.enums import Light

_ON_OFF = [("on", "on"), ("off", "off")]
LANES = [
    ("field", _("Lanes: field")), ("bureau", _("Lanes: lead bureau")), ("partner", _("Lanes: partner")),
    ("horizon", _("Lanes: horizon")),
]  # fmt: skip


class MapForm(forms.Form):
    """The query string of a road map. What it does not know falls back to the usual view and is told."""

    zoom = forms.ChoiceField(choices=[(z.value, z.value) for z in Zoom], required=False)
    scale = forms.IntegerField(min_value=20, max_value=6000, required=False)
    lanes = forms.ChoiceField(choices=LANES, required=False)
    stones = forms.ChoiceField(choices=[("rows", "rows"), ("bars", "bars")], required=False)
    links = forms.ChoiceField(choices=_ON_OFF, required=False)
    critical = forms.ChoiceField(choices=_ON_OFF, required=False)
    holidays = forms.ChoiceField(choices=_ON_OFF, required=False)
    baseline = forms.SlugField(max_length=40, required=False)
    closed = forms.CharField(max_length=4000, required=False)
    plain = forms.BooleanField(required=False)
    undated = forms.BooleanField(required=False)
    paper = forms.ChoiceField(choices=[("a3", "A3"), ("a1", "A1")], required=False)
    as_of = forms.DateField(label=_("As of"), required=False, widget=DayInput)
    light = forms.ChoiceField(label=_("Light"), choices=[("", _("Light: all")), *Light.choices], required=False)
    lead = forms.SlugField(label=_("Lead bureau"), required=False)
    country = forms.ChoiceField(
        label=_("Country"), choices=[("", _("Country: all")), ("JP", _("Japan")), ("KR", _("South Korea"))],
        required=False,
    )  # fmt: skip
    field = forms.SlugField(label=_("Field of cooperation"), required=False)
    horizon = forms.ChoiceField(label=_("Horizon"), choices=[("", _("Horizon: all")), *Horizon.choices], required=False)
    overdue = forms.BooleanField(label=_("Overdue only"), required=False)
    q = forms.CharField(label=_("Search in tasks"), max_length=100, required=False)

    def __init__(self, data, *, today: date):
        super().__init__(data)
        self.today = today

    def clean_as_of(self):
        day = self.cleaned_data["as_of"]
        if day is not None and not (date(2000, 1, 1) <= day <= self.today):
            raise forms.ValidationError(_("The day must lie in the past."))
        return None if day == self.today else day

    def wanted(self) -> dict[str, Any]:
        """How the rows are drawn."""
        self.is_valid()
        data = self.cleaned_data
        return {
            "zoom": Zoom(data.get("zoom") or Zoom.FIT),
            "lanes": data.get("lanes") or "field",
            "stones": data.get("stones") or "bars",
            "links": data.get("links") or "on",
            "critical": data.get("critical") or "on",
            "holidays": data.get("holidays") == "on",
            "baseline": data.get("baseline") or "",
            "closed": frozenset(filter(None, data.get("closed", "").split(","))),
            "paper": data.get("paper") or "a3",
        }

    def rows(self) -> dict[str, Any]:
        """Which rows, for ``selectors.road_map``: the filter and the day."""
        self.is_valid()
        data = self.cleaned_data
        names = ("light", "lead", "country", "field", "horizon", "q", "overdue")
        values = {name: data[name] for name in names if data.get(name)}
        return {"wanted": MapFilter(**values), "as_of": data.get("as_of")}

    @property
    def problems(self) -> list[str]:
        """Parameters that were left out because their value is unknown."""
        self.is_valid()
        return list(self.errors)


class StoneListForm(forms.Form):
    """The query string of the list of milestones."""

    book = forms.SlugField(required=False)
    light = forms.ChoiceField(choices=Light.choices, required=False)
    within = forms.IntegerField(min_value=0, max_value=3660, required=False)
    overdue = forms.ChoiceField(choices=[("1", "1")], required=False)
    country = forms.ChoiceField(choices=[("JP", "JP"), ("KR", "KR")], required=False)
    field = forms.SlugField(required=False)

    def wanted(self) -> StoneFilter:
        return StoneFilter(**self.cleaned_data | {"overdue": self.cleaned_data["overdue"] == "1"})


class MilestoneForm(PortalForm, forms.Form):
    """One milestone. The rules are the service's; the form only reads."""

    name = forms.CharField(label=_("Milestone"), widget=forms.Textarea(attrs={"rows": 2}))
    due = forms.DateField(label=_("Due"))
    done_on = forms.DateField(
        label=_("Reached on"), required=False, help_text=_("Leave empty as long as it is not reached.")
    )
    deliverable = forms.CharField(label=_("Deliverable"), required=False)
    reason = forms.CharField(
        label=_("Reason"), required=False, help_text=_("Needed when the due date moves; it stays in the history.")
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        return {name: self.cleaned_data[name] for name in ("name", "due", "deliverable", "done_on")}


class NewMilestoneForm(MilestoneForm):
    """A milestone to add: nothing moves, so no reason and no version."""

    reason = None
    version = None


class MoveForm(PortalForm, forms.Form):
    """Another date for one milestone, or other dates for one task."""

    kind = forms.ChoiceField(choices=[("milestone", "milestone"), ("task", "task")])
    id = forms.UUIDField()
    start = forms.DateField(label=_("Start"), required=False)
    due = forms.DateField(label=_("Due"), required=False)
    which = forms.ChoiceField(choices=[("due", _("the plan")), ("forecast", _("the forecast"))])
    follow = forms.ChoiceField(
        choices=[
            ("push", _("Others move only if they must")),
            ("keep", _("Everything that waits keeps its distance")),
        ]
    )

    def clean(self):
        data = super().clean()
        if not data.get("start") and not data.get("due") and not self.errors:
            raise forms.ValidationError(_("Please give a date."))
        return data

    def change(self) -> Change:
        data = self.cleaned_data
        return Change(id=data["id"], due=data["due"], start=data["start"], kind=data["kind"], which=data["which"])


class ApplyForm(MoveForm):
    """The same with the reason, and the versions of the rows as the preview showed them."""

    reason = forms.CharField(label=_("Reason"), required=False, max_length=400)
    versions = forms.JSONField()

    def clean_versions(self) -> dict[str, int]:
        found = self.cleaned_data["versions"]
        if not isinstance(found, dict) or not all(isinstance(value, int) for value in found.values()):
            raise forms.ValidationError(_("Please ask for the preview again."))
        return found


class StateForm(PortalForm, forms.Form):
    """A step that needs nothing but the state somebody saw."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class EvidenceForm(PortalForm, forms.Form):
    """A file that shows that the milestone was reached."""

    file = forms.FileField(label=_("File"), help_text=_("PDF, Word, Excel, PowerPoint, PNG or JPEG, at most 20 MB."))
    note = forms.CharField(label=_("What it shows"), required=False, max_length=300)


class ReportForm(StateForm):
    """The day on which the milestone was reached."""

    done_on = forms.DateField(label=_("Reached on"))


class BackForm(StateForm):
    """What is missing in a report."""

    reason = forms.CharField(label=_("What is missing"), max_length=400, widget=forms.Textarea(attrs={"rows": 2}))


class ExtensionForm(PortalForm, forms.Form):
    """Another date for a milestone of an issued book."""

    new_due = forms.DateField(label=_("New date"))
    reason = forms.CharField(
        label=_("Reason"), max_length=400, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The coordinating office decides; the reason stays in the history and in the next version."),
    )  # fmt: skip


class DecisionForm(StateForm):
    """The answer to a request, and the versions of the rows as its consequences were shown."""

    answer = forms.CharField(
        label=_("Answer"), required=False, max_length=400, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Needed when the request is refused; the bureaus read it."),
    )  # fmt: skip
    versions = forms.JSONField(widget=forms.HiddenInput, required=False)

    def clean_versions(self) -> dict[str, int]:
        found = self.cleaned_data["versions"] or {}
        if not isinstance(found, dict) or not all(isinstance(value, int) for value in found.values()):
            raise forms.ValidationError(_("Please look at the consequences again."))
        return found


class RulesForm(StateForm):
    """Whose working days count, and which day the date may not cross."""

    workplace = forms.ChoiceField(
        label=_("Working days of"), choices=[("", _("the seat of the lead bureau")), *Workplace.choices], required=False
    )
    limit = forms.ChoiceField(label=_("Limit"), choices=[("", _("none")), *Limit.choices], required=False)
    limit_on = forms.DateField(label=_("Day of the limit"), required=False)


class LinkForm(PortalForm, forms.Form):
    """A milestone for which this one waits."""

    predecessor = forms.ModelChoiceField(Milestone.objects.none(), label=_("Waits for"))
    kind = forms.ChoiceField(label=_("Kind"), choices=DependencyKind.choices)
    lag_days = forms.IntegerField(label=_("Lag in days"), initial=0, help_text=_("Negative: an overlap."))
    calendar_days = forms.BooleanField(label=_("Count calendar days, not working days"), required=False)

    def __init__(self, *args, milestones, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["predecessor"].queryset = milestones
        self.fields["predecessor"].label_from_instance = lambda stone: f"{stone.due:%Y-%m-%d} {stone.code} {stone.name}"


class FinishForm(StateForm):
    """The day on which a bureau's part was done; empty takes it back."""

    done_on = forms.DateField(label=_("Done on"), required=False)


class PartForm(PortalForm, forms.Form):
    """What one bureau contributes to a shared milestone; an empty text takes the part away."""

    bureau = forms.ModelChoiceField(Bureau.objects.none(), label=_("Bureau"))
    content = forms.CharField(label=_("Contribution"), required=False, max_length=300)

    def __init__(self, *args, bureaus, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["bureau"].queryset = bureaus


class EstimateForm(PortalForm, forms.Form):
    """Three points for a task, in working days."""

    optimistic = forms.IntegerField(label=_("If all goes well"), min_value=1, max_value=5000)
    likely = forms.IntegerField(label=_("Most likely"), min_value=1, max_value=5000)
    pessimistic = forms.IntegerField(label=_("If much goes wrong"), min_value=1, max_value=5000)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, required=False)


class VersionNoteForm(PortalForm, forms.Form):
    """What a version of the plan is kept for."""

    reason = forms.CharField(label=_("What this version is for"), max_length=400)


class CompareForm(forms.Form):
    """Two versions of a plan by their keys."""

    older = forms.ChoiceField(required=False)
    newer = forms.ChoiceField(required=False)

    def __init__(self, data, *, keys: list[str]):
        super().__init__(data)
        for name in ("older", "newer"):
            self.fields[name].choices = [(key, key) for key in keys]


class OutlookForm(forms.Form):
    """How far one milestone slips, and the seed of the simulation."""

    days = forms.IntegerField(min_value=1, max_value=250, required=False)
    seed = forms.IntegerField(min_value=0, max_value=2**31, required=False)


class StartForm(PortalForm, forms.Form):
    """A new book from this one."""

    code = forms.SlugField(
        label=_("Address"), max_length=60, help_text=_("a-z, 0-9 and hyphens; it becomes the address of the book.")
    )
    title = forms.CharField(label=_("Title"), max_length=200)
    start = forms.DateField(label=_("First day of the new book"))
    counting = forms.ChoiceField(
        label=_("Count the distances in"), choices=Counting.choices, initial=Counting.WORKING, widget=forms.RadioSelect
    )
