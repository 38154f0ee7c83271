"""Input of the pages of plans."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dalian_coop.ui.forms import PortalForm
from planning.plans.models import Measure, Objective, Plan, Programme


class ObjectiveForm(PortalForm, forms.Form):
    """One objective; the rules are the service's, the form only reads."""

    plan = forms.ModelChoiceField(Plan.objects.none(), label=_("Plan"))
    code = forms.CharField(label=_("No."), help_text=_("For example 1 or S-2; once per plan."))
    title = forms.CharField(label=_("Objective"), widget=forms.Textarea(attrs={"rows": 2}))
    weight = forms.DecimalField(label=_("Weight"), required=False, decimal_places=2, help_text=_("0 to 100"))
    parent = forms.ModelChoiceField(
        Objective.objects.none(), label=_("Leads to"), required=False,
        help_text=_("The objective of a longer horizon that this one prepares."),
    )  # fmt: skip
    measures = forms.ModelMultipleChoiceField(
        Measure.objects.none(), label=_("Measures"), required=False, widget=forms.CheckboxSelectMultiple
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, initial=0)

    def __init__(self, programme: Programme, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["plan"].queryset = Plan.objects.filter(programme=programme)
        self.fields["parent"].queryset = Objective.objects.filter(plan__programme=programme).select_related("plan")
        self.fields["measures"].queryset = Measure.objects.filter(programme=programme)

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        return dict(self.cleaned_data)
