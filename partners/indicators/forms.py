"""Filters of the lists of indicators and sources; the judgement of an indicator."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from dalian_coop.accounts.models import Bureau
from dalian_coop.ui.forms import PortalForm
from partners.indicators.enums import CONTROL, Category, Comparability, SourceQuality
from partners.regions.enums import Country


class Filter(forms.Form):
    """A filter in the query string; everything may be left out."""

    def values(self) -> dict:
        """The valid values; a field that is wrong counts as empty (its message stands at the field)."""
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}


class IndicatorFilter(Filter):
    q = forms.CharField(label=_("Search"), required=False, max_length=60)
    category = forms.ChoiceField(
        label=_("Category"), required=False, choices=[("", _("All categories")), *Category.choices]
    )
    country = forms.ChoiceField(
        label=_("Country"), required=False, choices=[("", _("All countries")), *Country.choices]
    )
    own = forms.BooleanField(label=_("Only with figures of Dalian"), required=False)


class SourceFilter(Filter):
    q = forms.CharField(label=_("Search"), required=False, max_length=60)
    quality = forms.ChoiceField(
        label=_("Quality"), required=False, choices=[("", _("All qualities")), *SourceQuality.choices]
    )


class JudgementForm(PortalForm, forms.Form):
    """How far the city can move an indicator; for those who arrange also its owner and its comparability."""

    controllability = forms.TypedChoiceField(
        label=_("How far the city can move it"),
        choices=[("", _("not judged yet")), *((str(value), label) for value, label in CONTROL)],
        coerce=Decimal,
        empty_value=None,
        required=False,
        help_text=_("judged by the bureau that owns the indicator; weighs the priority of weak points"),
    )
    comparability = forms.ChoiceField(
        label=_("Definitions of China, Japan and Korea"),
        choices=[("", _("not examined")), *Comparability.choices],
        required=False,
        help_text=_("a comparison across countries tells it; what was not examined counts as differing in part"),
    )
    comparability_note_zh = forms.CharField(
        label=_("Note in Chinese"), max_length=400, required=False, widget=forms.Textarea(attrs={"rows": "2"})
    )
    comparability_note = forms.CharField(
        label=_("Note in English"), max_length=400, required=False, widget=forms.Textarea(attrs={"rows": "2"})
    )
    owner = forms.ModelChoiceField(
        Bureau.objects.none(), label=_("Bureau that owns the indicator"), required=False, empty_label="—"
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, arranges: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if arranges:
            self.fields["owner"].queryset = Bureau.objects.order_by("code")
        else:
            for name in ("comparability", "comparability_note_zh", "comparability_note", "owner"):
                del self.fields[name]

    def values(self) -> dict:
        """What ``services.judge_indicator`` takes."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}
