"""Tags of the dashboard."""

from django import template
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def count_link(count: int, address: str, css: str = "") -> SafeString:
    """A number as a link to its rows. ``data-count`` lets tests follow every link and count."""
    text = number_format(count, force_grouping=True)
    return format_html('<a class="{}" data-count="{}" href="{}">{}</a>', f"count {css}".strip(), count, address, text)


@register.simple_tag
def cell_link(line, light: str) -> SafeString:
    """The number of tasks of a row that have one light."""
    count, address = line.cells[light]
    return count_link(count, address, "" if count else "is-zero")


@register.filter
def grouped(count: int) -> str:
    """2000 as 2,000."""
    return number_format(count, force_grouping=True)
