"""The banner about working days that nobody has entered yet."""

from django import template
from django.utils import timezone

from dalian_coop.accounts.permissions import Perm
from dalian_coop.calendars.selectors import missing_decrees

register = template.Library()


@register.simple_tag
def undecreed_years(user) -> list[int]:
    """Years whose working days in China ``user`` should enter; empty for everybody who cannot."""
    if not getattr(user, "is_authenticated", False) or not user.has_perm(Perm.MANAGE_ACCOUNTS):
        return []
    return missing_decrees(timezone.localdate())
