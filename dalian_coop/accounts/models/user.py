"""People who sign in."""

from functools import cached_property

import pghistory
import rules
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dalian_coop.accounts.enums import Role
from dalian_coop.base.models import Keyed


# The history of an account without its secrets; it is not exported, so it has no place in the change log.
@pghistory.track(
    pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), exclude=["password", "last_login"]
)
class User(Keyed, AbstractUser):
    """An official. What they may do follows from the roles they hold in bureaus (``Membership``), not from flags."""

    display_name = models.CharField(_("name"), max_length=80)
    language = models.CharField(_("language"), max_length=10, blank=True)
    preferences = models.JSONField(_("preferences"), default=dict, blank=True)
    password_changed_at = models.DateTimeField(_("password changed at"), default=timezone.now)
    groups = None
    user_permissions = None
    first_name = None
    last_name = None

    REQUIRED_FIELDS = ["display_name"]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def __str__(self):
        return self.display_name or self.username

    def get_full_name(self):
        return str(self)

    def get_short_name(self):
        return str(self)

    @cached_property
    def current_memberships(self) -> list:
        """Memberships in force today, primary first (read once per request)."""
        return list(self.memberships.in_force().select_related("bureau").order_by("-primary", "valid_from"))

    @property
    def roles(self) -> set[Role]:
        return {Role(m.role) for m in self.current_memberships}

    @property
    def bureau(self):
        """The bureau this person mainly works for, or None."""
        return self.current_memberships[0].bureau if self.current_memberships else None

    @property
    def bureau_ids(self) -> set:
        return {m.bureau_id for m in self.current_memberships}

    @property
    def seat_country(self) -> str:
        """ "JP" or "KR" when every bureau of this person is an overseas office of that country, else ""."""
        seats = {m.bureau.seat_country for m in self.current_memberships}
        return seats.pop() if len(seats) == 1 else ""

    def has_perm(self, perm, obj=None) -> bool:
        """Roles and rules decide (``accounts.permissions``); there is no superuser who may do everything."""
        return self.is_active and rules.has_perm(str(perm), self, obj)

    def has_module_perms(self, app_label):
        """The admin site opens for administrators only; each ModelAdmin decides what it shows."""
        return self.is_staff
