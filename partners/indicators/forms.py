"""Filters of the lists of indicators and sources."""

from django import forms
from django.utils.translation import gettext_lazy as _

from partners.indicators.enums import Category, SourceQuality
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
