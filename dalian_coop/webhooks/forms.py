"""Forms of webhooks."""

from django import forms
from django.utils.translation import gettext_lazy as _

from dalian_coop.ui.forms import PortalForm
from dalian_coop.webhooks import selectors


class EndpointForm(PortalForm, forms.Form):
    """A new receiver."""

    url = forms.CharField(
        label=_("Address"),
        max_length=500,
        widget=forms.TextInput(attrs={"inputmode": "url", "spellcheck": "false", "placeholder": "https://"}),
        help_text=_("https on a public host; hosts inside the network only if the office has allowed them."),
    )
    resources = forms.MultipleChoiceField(label=_("Announce changes of"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, client, data=None):
        super().__init__(data)
        self.fields["resources"].choices = selectors.readable_resources(client)
