"""Tags for milestones."""

from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from dalian_coop.ui.templatetags.ui import light

register = template.Library()


@register.simple_tag
def stone_light(value: Any) -> SafeString:
    """The light of a milestone: as a task's, but a milestone does not start, so grey reads "not yet due"."""
    words = {"grey": _("Not yet due"), "done": _("Reached")}
    return light(value, words.get(str(value), ""))
