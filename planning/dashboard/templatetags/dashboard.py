"""Tags of the dashboard."""

from decimal import Decimal

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from partners.indicators.engine import figure_text

register = template.Library()


@register.simple_tag
def count_link(count: int, address: str, css: str = "") -> SafeString:
    """A number as a link to its rows. ``data-count`` lets tests follow every link and count."""
    text = grouped(count)
    return format_html('<a class="{}" data-count="{}" href="{}">{}</a>', f"count {css}".strip(), count, address, text)


@register.simple_tag
def cell_link(line, light: str) -> SafeString:
    """The number of tasks of a row that have one light."""
    count, address = line.cells[light]
    return count_link(count, address, "" if count else "is-zero")


@register.filter
def grouped(count: int) -> str:
    """2000 as 2,000."""
    return f"{count:,}"


@register.filter
def figure(value: float | None) -> str:
    """A figure as the pages of indicators write it; "" for none (the template says why)."""
    return "" if value is None else figure_text(Decimal(repr(value)))
