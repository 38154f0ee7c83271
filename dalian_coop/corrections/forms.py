"""Forms of error reports."""

from django import forms
from django.utils.translation import gettext_lazy as _

from dalian_coop.corrections.enums import ANSWERS
from dalian_coop.corrections.services import LONGEST
from dalian_coop.ui.forms import PortalForm


class AnswerForm(PortalForm, forms.Form):
    """What the owner says to a report."""

    state = forms.ChoiceField(
        label=_("Result"), choices=[(state.value, state.label) for state in ANSWERS], widget=forms.RadioSelect
    )
    answer = forms.CharField(
        label=_("Answer"),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The bureau that reported the error reads it. Needed where it is no error."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
