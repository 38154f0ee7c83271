"""How numbers, sources and states of figures stand in the pages of this floor."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from dalian_coop.ui.templatetags.ui import badge
from partners.indicators.enums import ObservationStatus

register = template.Library()


@register.filter
def grouped(number: int | float | None) -> str:
    """A whole number with groups of three digits; "" for none (pages say the reason)."""
    return "" if number is None else f"{number:,.0f}"


@register.simple_tag
def footnote(number: int | None) -> SafeString | str:
    """The number of a source, linked to the list of sources at the foot of the page; nothing for none."""
    if not number:
        return ""
    label = _("Source %(number)s") % {"number": number}
    return format_html('<sup class="footnote"><a href="#source-{0}" aria-label="{1}">[{0}]</a></sup>', number, label)


@register.simple_tag
def mark(figure) -> SafeString | str:
    """A badge for figures that are not plain: breaks and projections."""
    if figure.status == ObservationStatus.BREAK:
        return format_html(" {}", badge(_("break"), "amber"))
    if figure.status == ObservationStatus.PROJECTION:
        return format_html(" {}", badge(_("projection"), "grey"))
    return ""
