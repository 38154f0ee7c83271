"""Roles of people, and single bureaus."""

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from dalian_coop.accounts.enums import ADMIN_ROLES
from dalian_coop.accounts.models import Bureau, Membership, User
from dalian_coop.base.chinese import pinyin_initials, pinyin_key
from dalian_coop.base.errors import Error, NotAllowed, ValidationError


def may_hold(*, user: User, role: str, membership: Membership | None = None) -> bool:
    """False if ``user`` would hold two of the three administrator roles at once."""
    if role not in ADMIN_ROLES:
        return True
    others = Membership.objects.in_force().filter(user=user, role__in=ADMIN_ROLES)
    return not others.exclude(pk=membership.pk if membership else None).exists()


@transaction.atomic
def save_membership(*, membership: Membership, by: User) -> Membership:
    """Give, change or end a role. Raises ``NotAllowed`` for one's own, ``ValidationError`` for two administrations."""
    if membership.user_id == by.pk:
        raise NotAllowed(_("Nobody grants himself a role; ask another administrator."))
    if not may_hold(user=membership.user, role=membership.role, membership=membership):
        text = _("Nobody holds two of the three administrator roles.")
        raise ValidationError({"role": [Error("second_admin_role", text)]})
    if not membership._state.adding:
        membership.version = F("version") + 1
    membership.save()
    membership.refresh_from_db()
    _open_administration(membership.user)
    return membership


def _open_administration(user: User) -> None:
    """Whoever administrates gets into /admin/, nobody else."""
    is_staff = Membership.objects.in_force().filter(user=user, role__in=ADMIN_ROLES).exists()
    if user.is_staff != is_staff:
        user.is_staff = is_staff
        user.save(update_fields=["is_staff"])


@transaction.atomic
def save_bureau(*, bureau: Bureau, by: User | None = None) -> Bureau:
    """Write a bureau with its sort keys."""
    bureau.pinyin, bureau.initials = pinyin_key(bureau.name_zh), pinyin_initials(bureau.name_zh)[:60]
    if not bureau._state.adding:
        bureau.version = F("version") + 1
    bureau.save()
    bureau.refresh_from_db()
    return bureau
