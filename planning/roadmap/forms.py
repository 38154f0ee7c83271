"""Input of the road map's pages."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dalian_coop.ui.forms import PortalForm
from planning.roadmap.engine import Zoom
from planning.roadmap.selectors import StoneFilter
from planning.taskbooks.enums import Light


class MapForm(forms.Form):
    """The query string of the drawing. What it does not know falls back to the usual view and is told."""

    zoom = forms.ChoiceField(choices=[(z.value, z.value) for z in Zoom], required=False)
    stones = forms.ChoiceField(choices=[("rows", "rows"), ("bars", "bars")], required=False)
    links = forms.ChoiceField(choices=[("on", "on"), ("off", "off")], required=False)
    closed = forms.CharField(max_length=2000, required=False)

    def wanted(self) -> dict[str, Any]:
        self.is_valid()
        data = self.cleaned_data
        return {
            "zoom": Zoom(data.get("zoom") or Zoom.FIT),
            "stones": data.get("stones") or "bars",
            "links": data.get("links") or "on",
            "closed": frozenset(filter(None, data.get("closed", "").split(","))),
        }

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
