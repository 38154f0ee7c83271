"""Who holds which role where, and who holds which office."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dalian_coop.accounts.enums import ADMIN_ROLES, Role
from dalian_coop.accounts.querysets import MembershipQuerySet
from dalian_coop.base.models import Keyed, Versioned
from dalian_coop.base.tracking import tracked


@tracked
class Membership(Keyed, Versioned):
    """A role of a person in a bureau for a time."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships", verbose_name=_("user")
    )
    bureau = models.ForeignKey("accounts.Bureau", models.PROTECT, related_name="memberships", verbose_name=_("bureau"))
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    primary = models.BooleanField(_("main role"), default=True)
    valid_from = models.DateField(_("valid from"), default=timezone.localdate)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(fields=["user", "bureau", "role"], name="membership_once"),
            # System, security and audit administration are kept apart: nobody holds two of them.
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(role__in=ADMIN_ROLES, valid_until=None), name="one_admin_role"
            ),
            models.CheckConstraint(
                condition=models.Q(valid_until=None) | models.Q(valid_until__gte=models.F("valid_from")),
                name="membership_ends_after_start",
            ),
        ]

    def __str__(self):
        return f"{self.user} · {self.bureau} · {self.get_role_display()}"


@tracked
class Position(Keyed, Versioned):
    """An office (mayor, deputy mayor in charge, secretary-general …) and who holds it: approvals go to the office."""

    title = models.CharField(_("title"), max_length=120)
    bureau = models.ForeignKey("accounts.Bureau", models.PROTECT, related_name="positions", verbose_name=_("bureau"))
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="positions", verbose_name=_("holder")
    )
    valid_from = models.DateField(_("valid from"), default=timezone.localdate)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("position")
        verbose_name_plural = _("positions")

    def __str__(self):
        return self.title
