"""What the audit administrator may look for."""

from django import forms
from django.utils.translation import gettext_lazy as _

from dalian_coop.history import selectors
from dalian_coop.ui.forms import PortalForm


class AuditForm(PortalForm, forms.Form):
    """One kind of record, and whose or which request's changes of it."""

    model = forms.ChoiceField(label=_("Record"), required=False)
    actor = forms.CharField(label=_("Changed by"), max_length=80, required=False)
    request = forms.CharField(label=_("Request id"), max_length=64, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.models = {model._meta.label_lower: model for model in selectors.tracked_models()}
        choices = [(code, str(model._meta.verbose_name)) for code, model in self.models.items()]
        self.fields["model"].choices = sorted(choices, key=lambda choice: choice[1])
