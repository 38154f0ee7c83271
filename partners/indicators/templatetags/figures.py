"""How numbers and sources stand in the pages of this floor."""

from django import template

register = template.Library()


@register.filter
def grouped(number: int | float | None) -> str:
    """A whole number with groups of three digits; "" for none (pages say the reason)."""
    return "" if number is None else f"{number:,.0f}"
