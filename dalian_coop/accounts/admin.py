"""Administration of people and bureaus, for the system administrator.

The security administrator sees the API clients here and works on them on a page of their own (``/accounts/clients/``).
"""

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from dalian_coop.accounts import services
from dalian_coop.accounts.models import ApiClient, Bureau, Membership, Position, User
from dalian_coop.accounts.permissions import Perm


def sign_in(request, extra_context=None):
    """There is one door: the portal's own page, which counts failures and sessions."""
    if request.user.is_authenticated and not admin.site.has_permission(request):
        raise PermissionDenied
    return redirect_to_login(request.GET.get("next") or reverse("admin:index"), reverse("accounts:sign-in"))


def change_password(request, extra_context=None):
    """The portal's own page, which ends the other sessions."""
    return redirect("accounts:password")


admin.site.login, admin.site.password_change = sign_in, change_password
admin.site.unregister(Group)  # roles follow from memberships; there are no groups
admin.site.site_header = admin.site.site_title = _("Administration of the portal")


class ForSystemAdmin:
    """Mixin: shown to and written by the system administrator; nothing is ever deleted, history needs it."""

    actions = None

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm(Perm.MANAGE_ACCOUNTS)

    has_add_permission = has_change_permission = has_module_permission = has_view_permission

    def has_delete_permission(self, request, obj=None):
        return False


class MembershipForm(forms.ModelForm):
    """One role of one person; the three administrations stay apart."""

    class Meta:
        model = Membership
        fields = ["user", "bureau", "role", "primary", "valid_from", "valid_until"]

    def clean(self):
        given = super().clean()
        user, role = given.get("user"), given.get("role")
        if user and role and not services.may_hold(user=user, role=role, membership=self.instance):
            text = _("Nobody holds two of the three administrator roles.")
            self.add_error("role", ValidationError(text, code="second_admin_role"))
        return given


class MembershipInline(ForSystemAdmin, admin.TabularInline):
    model = Membership
    form = MembershipForm
    extra = 0
    autocomplete_fields = ["bureau"]


class PersonForm(UserChangeForm):
    class Meta:
        model = User
        fields = ["username", "password", "display_name", "email", "language", "is_active"]


class NewPersonForm(AdminUserCreationForm):
    class Meta:
        model = User
        fields = ["username", "display_name"]


@admin.register(User)
class PersonAdmin(ForSystemAdmin, UserAdmin):
    """People. Nobody is removed: an account is shut by taking the tick from “active”."""

    form = PersonForm
    add_form = NewPersonForm
    inlines = [MembershipInline]
    list_display = ["username", "display_name", "is_active", "last_login"]
    list_filter = ["is_active", "memberships__role"]
    search_fields = ["username", "display_name"]
    filter_horizontal = []
    readonly_fields = ["last_login", "password_changed_at"]
    fieldsets = [
        (None, {"fields": ["username", "password", "display_name", "email", "language"]}),
        (_("Access"), {"fields": ["is_active", "last_login", "password_changed_at"]}),
    ]
    add_fieldsets = [(None, {"fields": ["username", "display_name", "usable_password", "password1", "password2"]})]

    def get_inlines(self, request, obj):
        """Roles of others only: nobody grants himself anything."""
        return [] if obj is None or obj.pk == request.user.pk else self.inlines

    def save_formset(self, request, form, formset, change):
        for membership in formset.save(commit=False):
            services.save_membership(membership=membership, by=request.user)
        formset.save_m2m()


@admin.register(Bureau)
class BureauAdmin(ForSystemAdmin, admin.ModelAdmin):
    list_display = ["name_zh", "full_name", "kind", "seat_country", "coordinates"]
    list_filter = ["kind", "seat_country"]
    search_fields = ["name_zh", "full_name", "name_en", "pinyin"]
    fields = [
        "code", "name_zh", "full_name", "name_en", "name_ja", "name_ko", "kind", "parent", "seat_country", "aliases",
        "coordinates",
    ]  # fmt: skip
    autocomplete_fields = ["parent"]

    def get_readonly_fields(self, request, obj=None):
        return ["code"] if obj else []

    def save_model(self, request, obj, form, change):
        services.save_bureau(bureau=obj, by=request.user)


@admin.register(Position)
class PositionAdmin(ForSystemAdmin, admin.ModelAdmin):
    list_display = ["title", "bureau", "holder", "valid_from", "valid_until"]
    autocomplete_fields = ["bureau", "holder"]
    search_fields = ["title"]


@admin.register(ApiClient)
class ApiClientAdmin(admin.ModelAdmin):
    """To look at; “view on site” leads to the page where clients are admitted and tokens made."""

    list_display = ["name", "owner", "scopes", "expires_at", "disabled_at"]
    fields = ["name", "owner", "scopes", "contact", "purpose", "document_number", "expires_at", "disabled_at"]
    readonly_fields = fields
    actions = None

    def view_on_site(self, obj):
        return reverse("accounts:client-list")

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm(Perm.MANAGE_CLIENTS)

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
