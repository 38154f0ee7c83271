"""Components as tags. Arguments may be lazy texts; what a tag returns is safe HTML.

icon, light, light_bar, light_legend, badge, progress     small marks
field, error_summary                                      forms
empty, no_data, source_note, lang_name                    texts with a fixed look
crumb, filled, pagination, query_replace, sort_header     pages and lists
timeline, sea_map, script_texts                           larger pieces
"""

from decimal import Decimal
from typing import Any

from django import template
from django.http import QueryDict
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from dalian_coop.ui import maps, marks, texts

register = template.Library()

TONES = {"green", "amber", "red", "grey", "brand", "ink"}
_TONE_ALIASES = {
    "yellow": "amber",
    "warn": "amber",
    "warning": "amber",
    "ok": "green",
    "success": "green",
    "error": "red",
    "danger": "red",
    "blue": "brand",
    "info": "brand",
    "done": "grey",
}


# --- Small marks ---


@register.simple_tag
def icon(name: str, label: Any = "", css: str = "") -> SafeString:
    """A glyph of static/icons.svg. Decorative unless it has a ``label``."""
    href = f"{static('icons.svg')}#{name}"
    classes = f"icon {css}".strip()
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="{}"></use></svg>', classes, label, href
        )
    return format_html(
        '<svg class="{}" aria-hidden="true" focusable="false"><use href="{}"></use></svg>', classes, href
    )


@register.simple_tag
def glyph(value: Any) -> SafeString:
    """Only the shape of a light, in the colour of the text around it (the word must stand beside it)."""
    kind, path = marks.SHAPES[marks.code_of(value)]
    return format_html(
        '<svg class="glyph" viewBox="0 0 16 16" aria-hidden="true" focusable="false"><path class="{}" d="{}"/></svg>',
        kind,
        path,
    )


@register.simple_tag
def light(value: Any, label: Any = "") -> SafeString:
    """Traffic light: shape + word + colour. ``value`` is a member of an enum or its code."""
    code = marks.code_of(value)
    word = label or getattr(value, "label", "") or marks.LABELS[code]
    return format_html('<span class="light light-{}">{}<span>{}</span></span>', code, glyph(code), word)


@register.inclusion_tag("ui/includes/light_bar.html")
def light_bar(counts: dict, scale: int | None = None, label: Any = "", css: str = "") -> dict:
    """Stacked bar of ``{light: count}``; ``scale`` is the count of a full-width bar (for rows that compare)."""
    pieces = marks.segments(counts or {}, scale)
    words = "、".join(f"{piece.label} {piece.count}" for piece in pieces) or _("no entries")
    return {"pieces": pieces, "label": f"{label}: {words}" if label else words, "css": css}


@register.inclusion_tag("ui/includes/light_legend.html")
def light_legend(codes: str = "green,blue,yellow,red,grey,done") -> dict:
    """Legend of the lights, in the given order."""
    return {"lights": [(code, marks.LABELS[code]) for code in codes.split(",")]}


@register.simple_tag
def badge(text: Any, tone: str = "grey") -> SafeString:
    """Short state in a soft fill; tones: green, amber, red, grey, brand, ink."""
    tone = _TONE_ALIASES.get(str(tone), str(tone))
    return format_html('<span class="badge tone-{}">{}</span>', tone if tone in TONES else "grey", text)


@register.simple_tag
def progress(value: Any, label: Any = "") -> SafeString:
    """Bar and number of per cent; ``None`` is words, never 0."""
    if value is None or value == "":
        return no_data(_("not reported"))
    percent = max(0, min(100, int(Decimal(str(value)).to_integral_value())))
    return format_html(
        '<span class="progress"><progress max="100" value="{0}" aria-label="{1}">{0} %</progress>'
        '<span class="num">{0}%</span></span>',
        percent,
        label or _("Progress"),
    )


# --- Forms ---


@register.inclusion_tag("ui/includes/field.html")
def field(bound: Any, hint: Any = "", label: Any = "", css: str = "") -> dict:
    """One field of a form: label, hint, control, errors."""
    return {"field": bound, "hint": hint or bound.help_text, "label": label or bound.label, "css": css}


@register.inclusion_tag("ui/includes/error_summary.html")
def error_summary(form: Any) -> dict:
    """Box on top of a form that was refused, with a link to each field; scripts give it the focus."""
    lines = []
    if form.is_bound:
        lines += [("", message) for message in form.non_field_errors()]
        for bound in form:
            lines += [(bound.auto_id, f"{bound.label}: {message}") for message in bound.errors]
    return {"lines": lines}


# --- Texts with a fixed look ---


@register.inclusion_tag("ui/includes/empty.html")
def empty(text: Any, href: str = "", label: Any = "", icon: str = "list") -> dict:
    """Nothing here: one sentence and one thing to do."""
    return {"text": text, "href": href, "label": label, "icon": icon}


@register.simple_tag
def no_data(reason: Any = "") -> SafeString:
    """A figure that is missing, with the reason; never 0, never a bare dash."""
    if reason:
        return format_html('<span class="no-data">{} ({})</span>', _("no data"), reason)
    return format_html('<span class="no-data">{}</span>', _("no data"))


@register.simple_tag
def source_note(year: Any, source: Any, href: str = "") -> SafeString:
    """Year and source that stand with every figure."""
    name = format_html('<a href="{}">{}</a>', href, source) if href else source
    return format_html('<span class="source">{} · {}</span>', year, name)


@register.simple_tag
def lang_name(text: Any, language: str) -> SafeString | str:
    """A foreign name, marked with its language so that glyphs and speech are right; nothing for an empty one."""
    return format_html('<span lang="{}">{}</span>', language, text) if text else ""


# --- Pages and lists ---


@register.simple_tag
def crumb(label: Any, url: str = "") -> SafeString:
    """One step of the breadcrumbs (block ``breadcrumbs``); the last one has no address."""
    if url:
        return format_html('<li><a href="{}">{}</a></li>', url, label)
    return format_html('<li aria-current="page">{}</li>', label)


class FilledNode(template.Node):
    """Renders its content into a frame, or nothing at all when the content is blank."""

    child_nodelists = ("nodelist",)

    def __init__(self, nodelist, frame):
        self.nodelist = nodelist
        self.frame = frame

    def render(self, context):
        body = self.nodelist.render(context)
        if not body.strip():
            return ""
        frame = context.template.engine.get_template(self.frame.resolve(context))
        with context.push(body=mark_safe(body)):  # noqa: S308 - already rendered by the template engine
            return frame.render(context)


@register.tag
def filled(parser, token):
    """``{% filled "frame.html" %}…{% endfilled %}``: the frame gets ``body``; no frame around nothing."""
    bits = token.split_contents()
    nodelist = parser.parse(("endfilled",))
    parser.delete_first_token()
    return FilledNode(nodelist, parser.compile_filter(bits[1]))


@register.simple_tag(takes_context=True)
def query_replace(context, **changes: Any) -> str:
    """The query string of this page with some parameters changed; ``None`` or "" removes one. Drops ``page``.

    ``<a href="{% query_replace light='red' %}">``
    """
    request = context.get("request")
    query = request.GET.copy() if request else QueryDict(mutable=True)
    if "page" not in changes:
        query.pop("page", None)
    for name, value in changes.items():
        if value is None or value == "":
            query.pop(name, None)
        else:
            query[name] = str(getattr(value, "value", value))
    return f"?{query.urlencode()}"


@register.inclusion_tag("ui/includes/pagination.html", takes_context=True)
def pagination(context, page: Any) -> dict:
    """Pages of a ``django.core.paginator.Page``; the filters of the query string stay."""
    numbers = [
        {"number": n, "url": query_replace(context, page=n) if isinstance(n, int) else ""}
        for n in page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
    ]
    return {
        "page": page,
        "numbers": numbers,
        "previous": query_replace(context, page=page.previous_page_number()) if page.has_previous() else "",
        "next": query_replace(context, page=page.next_page_number()) if page.has_next() else "",
    }


@register.inclusion_tag("ui/includes/sort_header.html", takes_context=True)
def sort_header(context, label: Any, key: str, param: str = "sort", css: str = "") -> dict:
    """``<th>`` that sorts by ``key``: ``?sort=key`` upwards, ``?sort=-key`` downwards."""
    request = context.get("request")
    current = request.GET.get(param, "") if request else ""
    direction = {key: "ascending", f"-{key}": "descending"}.get(current, "none")
    target = f"-{key}" if direction == "ascending" else key
    return {"label": label, "direction": direction, "css": css, "url": query_replace(context, **{param: target})}


# --- Larger pieces ---


@register.inclusion_tag("ui/includes/timeline.html")
def timeline(entries: Any) -> dict:
    """Who changed what, when and why; newest first as given."""
    return {"entries": entries}


@register.inclusion_tag("ui/includes/sea_map.html")
def sea_map(markers: Any, lines: Any = (), caption: Any = "", label: Any = "") -> dict:
    """Map of the Yellow Sea and the Sea of Japan; see ``dalian_coop.ui.maps`` for markers and lines."""
    return {"map": maps.chart(markers, lines), "caption": caption, "label": label or _("Map")}


@register.simple_tag
def script_texts() -> dict[str, str]:
    """Translated texts for the scripts (handed over with ``json_script``)."""
    return texts.script_texts()
