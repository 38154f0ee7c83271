"""Forms of accounts."""

from datetime import datetime, time

from django import forms
from django.contrib.auth import authenticate, password_validation
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from dalian_coop.accounts import services
from dalian_coop.accounts.backends import client_address
from dalian_coop.accounts.enums import SCOPE_LABELS
from dalian_coop.accounts.models import ApiClient, Bureau
from dalian_coop.accounts.permissions import SCOPES
from dalian_coop.ui.forms import PortalForm


class SignInForm(PortalForm, forms.Form):
    """Name and password. The same sentence answers a wrong name, a wrong password and a shut account."""

    username = forms.CharField(
        label=_("User name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, request, data=None):
        self.request, self.user = request, None
        super().__init__(data)

    def clean(self):
        given = self.cleaned_data
        if "username" not in given or "password" not in given:
            return given
        wait = services.seconds_to_wait(username=given["username"], address=client_address(self.request))
        if wait:
            text = ngettext(
                "Too many failed sign-ins. Please try again in %(seconds)d second.",
                "Too many failed sign-ins. Please try again in %(seconds)d seconds.",
                wait,
            )
            raise ValidationError(text % {"seconds": wait}, code="wait")
        self.user = authenticate(self.request, username=given["username"], password=given["password"])
        if self.user is None:
            raise ValidationError(_("User name and password do not fit together. Please check both."), code="refused")
        return given


class PasswordForm(PortalForm, forms.Form):
    """The present password, and the new one twice."""

    old_password = forms.CharField(
        label=_("Present password"),
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new_password1 = forms.CharField(
        label=_("New password"),
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 12 characters; three of: capital letters, small letters, digits, other characters."),
    )
    new_password2 = forms.CharField(
        label=_("New password again"),
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, user, data=None):
        self.user = user
        super().__init__(data)

    def clean_old_password(self):
        if not self.user.check_password(self.cleaned_data["old_password"]):
            raise ValidationError(_("This is not your present password."), code="wrong_password")
        return self.cleaned_data["old_password"]

    def clean(self):
        first, second = self.cleaned_data.get("new_password1"), self.cleaned_data.get("new_password2")
        if first and second and first != second:
            self.add_error("new_password2", ValidationError(_("The two new passwords differ."), code="mismatch"))
        elif first and second:
            try:
                password_validation.validate_password(first, self.user)
            except ValidationError as error:
                self.add_error("new_password1", error)
        return self.cleaned_data


class BureauChoice(forms.ModelMultipleChoiceField):
    """Several bureaus."""

    def label_from_instance(self, bureau):
        return bureau.name


class ClientForm(PortalForm, forms.Form):
    """A system of another bureau that is to be admitted, or changed (then without ``owner``)."""

    name = forms.CharField(label=_("Name of the system"), max_length=120)
    owner = forms.ModelChoiceField(label=_("Bureau"), queryset=Bureau.objects.order_by("pinyin"))
    contact = forms.CharField(label=_("Contact"), max_length=120, help_text=_("Who answers for the system."))
    purpose = forms.CharField(
        label=_("Purpose"),
        max_length=ApiClient._meta.get_field("purpose").max_length,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    document_number = forms.CharField(label=_("Approval document"), max_length=80)
    scopes = forms.MultipleChoiceField(
        label=_("Scopes"),
        choices=[(scope, format_lazy("{} – {}", scope, SCOPE_LABELS[scope])) for scope in SCOPES],
        widget=forms.CheckboxSelectMultiple,
    )
    row_bureaus = BureauChoice(
        label=_("Only rows of these bureaus"),
        queryset=Bureau.objects.order_by("pinyin"),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 6}),
        help_text=_("Tasks and milestones that they lead or support. Nothing chosen: all that its bureau sees."),
    )
    networks = forms.CharField(
        label=_("Addresses it may come from"),
        required=False,
        max_length=2600,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text=_("One a line: 10.20.3.4 or 10.20.0.0/16 or an IPv6 network. Empty: from everywhere."),
    )
    expires_on = forms.DateField(label=_("Valid until"), help_text=_("At most 365 days from today."))
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, data=None, *, client: ApiClient | None = None):
        super().__init__(data, initial=client and _initial(client))
        del self.fields["owner" if client else "version"]

    def clean_networks(self) -> list[str]:
        return [line.strip() for line in self.cleaned_data["networks"].splitlines() if line.strip()]

    def values(self) -> dict:
        """What the services take: the last day counts to its end."""
        values = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        values["expires_at"] = timezone.make_aware(datetime.combine(values.pop("expires_on"), time.max))
        return values


def _initial(client: ApiClient) -> dict:
    names = ("name", "contact", "purpose", "document_number", "scopes", "row_bureaus", "version")
    return {name: getattr(client, name) for name in names} | {
        "networks": "\n".join(client.networks),
        "expires_on": timezone.localdate(client.expires_at),
    }
