"""Filter of the page of industries."""

from django import forms
from django.utils.translation import gettext_lazy as _


class IndustryFilter(forms.Form):
    """A word or code to look for."""

    q = forms.CharField(label=_("Search"), required=False, max_length=60)

    def values(self) -> dict[str, str]:
        """The valid values; a field that is wrong counts as empty (its message stands at the field)."""
        self.is_valid()
        return {"q": self.cleaned_data.get("q", "")}
