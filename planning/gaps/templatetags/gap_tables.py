"""Rows of report tables as HTML. In Python, not as includes: a report of 47 regions has ten thousand cells."""

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from dalian_coop.ui.templatetags.ui import badge, no_data
from planning.gaps.selectors.sections.parts import Cell, Column, Table

register = template.Library()


@register.simple_tag
def gap_cell(cell: Cell) -> SafeString:
    """What stands in a cell: text, link or badge, and why there is no figure. Everything is escaped here."""
    if cell.reason and not cell.text:
        return no_data(cell.reason)
    lang = f' lang="{escape(cell.lang)}"' if cell.lang else ""
    shown = badge(cell.text, cell.tone) if cell.tone else escape(cell.text)
    if cell.href:
        shown = f'<a href="{escape(cell.href)}"{lang}>{shown}</a>'
    elif lang:
        shown = f"<span{lang}>{shown}</span>"
    reason = f' <span class="no-data">({escape(cell.reason)})</span>' if cell.reason else ""
    return mark_safe(f"{shown}{reason}")  # noqa: S308 - every part is escaped above


@register.simple_tag
def gap_rows(table: Table) -> SafeString:
    """The rows of the body of a table; one row of words where it has none."""
    if not table.rows:
        return mark_safe(f'<tr><td colspan="{len(table.columns)}" class="muted">{escape(_("none"))}</td></tr>')  # noqa: S308
    labels = [escape(column.label) for column in table.columns]
    rows = []
    for number, row in enumerate(table.rows):
        anchor = f' id="{escape(table.anchors[number])}"' if table.anchors else ""
        mine = ' class="is-mine"' if number in table.own else ""
        cells = "".join(_data(*parts) for parts in zip(table.columns[1:], labels[1:], row[1:], strict=True))
        depth = f' class="gap-depth-{row[0].depth}"' if row[0].depth else ""
        rows.append(f'<tr{anchor}{mine}><th scope="row"{depth}>{gap_cell(row[0])}</th>{cells}</tr>')
    return mark_safe("".join(rows))  # noqa: S308 - every part is escaped above


def _data(column: Column, label: str, cell: Cell) -> str:
    css = ' class="num"' if column.num else ""
    return f'<td{css} data-label="{label}"><span>{gap_cell(cell)}</span></td>'
