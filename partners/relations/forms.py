"""Filters of the list of partner cities."""

from django import forms
from django.utils.translation import gettext_lazy as _

from partners.regions.enums import Country
from partners.relations.enums import AgreementKind

ANY_COUNTRY = ("", _("All countries"))
ANY_KIND = ("", _("All kinds of agreement"))


class CityFilter(forms.Form):
    """What the list shows; everything may be left out. ``scope=all`` also lists regions without an agreement."""

    q = forms.CharField(label=_("Search"), required=False, max_length=60)
    country = forms.ChoiceField(
        label=_("Country"), required=False, choices=[ANY_COUNTRY, *[c for c in Country.choices if c[0] != "CN"]]
    )
    kind = forms.ChoiceField(label=_("Agreement"), required=False, choices=[ANY_KIND, *AgreementKind.choices])
    scope = forms.ChoiceField(
        label=_("Regions shown"),
        required=False,
        choices=[("", _("With an agreement with Dalian")), ("all", _("All partner regions"))],
    )

    def values(self) -> dict[str, str]:
        """The valid values; a field that is wrong counts as empty (its message stands at the field)."""
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}
