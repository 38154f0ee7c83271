"""Input of the dashboard."""

from django import forms

from partners.regions.enums import Country


class ScopeForm(forms.Form):
    """The query string of the dashboard."""

    book = forms.SlugField(required=False)
    country = forms.ChoiceField(choices=[(Country.JAPAN, ""), (Country.KOREA, "")], required=False)
    field = forms.SlugField(required=False)
