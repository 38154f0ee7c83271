"""The rows of the task table as HTML, in the working and in the official order, and the selects above it.

A template would resolve some 45 variables a row, which is two thirds of the whole page's time; one format string a row
does the same work in a tenth of it. Every text of a row is escaped in ``_values``, and nowhere else.
"""

from collections.abc import Iterable
from html import escape
from string import Formatter

from django.utils.html import SafeString, conditional_escape

_TOOLS = (
    '<td class="row-tools">{edit}<a class="icon-btn btn-sm" href="{base}tasks/{code}/history/" '
    'hx-get="{base}tasks/{code}/history/" hx-swap="afterend" aria-label="{w_history} {code}">'
    "{i_history}</a></td></tr>\n"
)
_EDIT = (
    '<a class="icon-btn btn-sm" href="{base}tasks/{code}/edit/" hx-get="{base}tasks/{code}/edit/" '
    'aria-label="{w_edit} {code}">{i_edit}</a>'
)
_START = (
    '<tr class="task-row{mark}">\n<th scope="row" class="num">{code}</th>\n'
    '<td data-label="{w_content}"><a href="{base}tasks/{code}/">{content}</a></td>\n'
)
_BADGE = '<span class="badge tone-{state_tone}">{state_label}</span>'
_BAR = (
    '<span class="progress"><progress max="100" value="{progress}" aria-label="{w_progress}"></progress>'
    '<span class="num">{progress}%</span></span>'
)


def _cell(name: str, content: str, css: str = "") -> str:
    return f'<td data-label="{{w_{name}}}"{css and f" class={chr(34)}{css}{chr(34)}"}>{content}</td>\n'


def _clamped(name: str) -> str:
    return _cell(name, f'<div class="clamp-2">{{{name}}}</div>')


_DISPATCH = "".join(
    (
        _START,
        _cell("light", "{light_mark}"),
        _cell("state", _BADGE),
        _cell("progress", _BAR),
        _cell("due", "{deadline}", "nowrap"),
        _cell("lead", "{lead}"),
        *(_clamped(name) for name in ("units", "objective", "deliverable")),
        _TOOLS,
    )
)
_OFFICIAL = "".join(
    (
        _START,
        _cell("field", "{field}"),
        _cell("measure", "{measure__title}"),
        *(_cell(n, f"{{{n}}}") for n in ("objective", "actions", "deliverable", "acceptance", "lead", "units")),
        _cell("responsible", "{responsible}"),
        _cell("start", "{start_iso}", "nowrap"),
        _cell("due", "{due_iso}", "nowrap"),
        _cell("due_text", "{due_text}"),
        _cell("horizon", "{horizon_label}", "nowrap"),
        *(_cell(n, f"{{{n}}}") for n in ("partners_text", "key_industries", "guarantees")),
        _cell("weight", "{weight_text}", "num"),
        _cell("progress", '{light_mark} <span class="num">{progress}%</span>'),
        _TOOLS,
    )
)
_PATTERNS = {"dispatch": _DISPATCH, "official": _OFFICIAL}
_HEAD = (
    '<tr class="is-group"><th scope="rowgroup">{code}</th><th scope="rowgroup" colspan="{width}">'
    '<span>{title}</span> <span class="muted small">{field}</span></th></tr>\n'
)
_MADE = frozenset({"mark", "edit", "deadline", "light_mark", "progress", "base"})  # all others are texts of the row


def _texts_of(pattern: str) -> tuple[str, ...]:
    """The texts of a row that ``pattern`` shows; words and icons begin with ``w_`` and ``i_``."""
    names = {name for _text, name, _spec, _how in Formatter().parse(pattern) if name}
    return tuple(sorted(name for name in names - _MADE if not name.startswith(("w_", "i_"))))


_SHOWN = {view: _texts_of(pattern) for view, pattern in _PATTERNS.items()}


def body_html(groups: Iterable[dict], context: dict, *, view: str) -> SafeString:
    """All groups of ``selectors.grouped``; one without a ``code`` has no head of its own."""
    width = _PATTERNS[view].count("<td")
    parts: list[str] = []
    for group in groups:
        if "code" in group:
            texts = {name: escape(group[name]) for name in ("code", "title", "field")}
            parts.append(_HEAD.format_map(texts | {"width": width}))
        parts.append(rows_html(group["rows"], context, view=view))
    return SafeString("".join(parts))


def rows_html(rows: Iterable[dict], context: dict, *, view: str, changed: bool = False) -> SafeString:
    """``rows`` as ``table.decorate`` left them; ``context`` is ``table.row_context``; ``view`` names the order."""
    fixed = {f"w_{name}": escape(word) for name, word in context["words"].items()}
    fixed |= {f"i_{name}": conditional_escape(icon) for name, icon in context["icons"].items()}
    fixed["base"] = escape(context["base"])
    pattern = _PATTERNS[view]
    texts = _SHOWN[view]
    return SafeString("".join(pattern.format_map(fixed | _values(row, texts, fixed, changed)) for row in rows))


def _values(row: dict, texts: tuple[str, ...], fixed: dict, changed: bool) -> dict[str, str]:
    values = {name: escape(row[name]) for name in texts}
    values["progress"] = str(row["progress"])
    values["light_mark"] = conditional_escape(row["light_mark"])
    values["mark"] = f"{' is-mine' if row['mine'] else ''}{' is-changed' if changed else ''}"
    values["edit"] = _EDIT.format_map(fixed | {"code": values["code"]}) if row["editable"] else ""
    if due := row["due_iso"]:
        values["deadline"] = f'<time datetime="{due}">{due}</time>'
    else:
        values["deadline"] = escape(row["due_text"]) or fixed["w_no_deadline"]
    return values


def select_html(name: str, pairs: Iterable[tuple], chosen: str, *, label: object, everything: object) -> SafeString:
    """A select of the filters: ``pairs`` of value and words, and first of all ``everything``."""
    parts = [f'<select name="{name}" aria-label="{escape(str(label))}"><option value="">{escape(str(everything))}']
    for value, words in pairs:
        mark = " selected" if value == chosen else ""
        parts.append(f'</option><option value="{escape(value)}"{mark}>{escape(str(words))}')
    parts.append("</option></select>")
    return SafeString("".join(parts))
