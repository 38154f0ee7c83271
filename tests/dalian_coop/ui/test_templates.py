"""Lint of all templates and scripts: nothing the strict CSP forbids, no foreign host, only icons that exist."""

import re
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SCRIPTS = sorted((ROOT / "static" / "js").rglob("*.js"))
STYLES = sorted((ROOT / "static" / "css").rglob("*.css"))

BANS = {
    "style attribute": re.compile(r"""[\s"']style\s*=""", re.I),
    "style element": re.compile(r"<style\b", re.I),
    "event handler attribute": re.compile(r"""<[^>]*\son[a-z]+\s*=""", re.I),
    "hx-on": re.compile(r"\b(?:data-)?hx-on\b", re.I),
    "script in hx-vals or hx-headers": re.compile(r"""hx-(?:vals|headers)\s*=\s*["']?\s*(?:js|javascript):""", re.I),
    "filter in hx-trigger": re.compile(r"""hx-trigger\s*=\s*(?:"[^"]*\[|'[^']*\[)""", re.I),
    "inline script": re.compile(r"<script\b(?![^>]*\bsrc\s*=)", re.I),
    "javascript address": re.compile(r"javascript:", re.I),
    "foreign host": re.compile(r"""(?:https?:)?//(?!www\.w3\.org/)[\w.-]+\.\w{2,}""", re.I),
    "data address": re.compile(r"""(?:src|href)\s*=\s*["']?data:""", re.I),
}
COMMENT = re.compile(r"{#.*?#}|{% comment %}.*?{% endcomment %}|<!--.*?-->", re.S)


def faults(text: str) -> list[str]:
    """Names of the bans that ``text`` breaks."""
    bare = COMMENT.sub("", text)
    return [name for name, pattern in BANS.items() if pattern.search(bare)]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: str(p.relative_to(ROOT)))
def test_template_keeps_the_content_security_policy(path):
    assert faults(path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("style attribute", '<p style="color:red">'),
        ("style element", "<style>p{}</style>"),
        ("event handler attribute", '<button type="button" onclick="go()">'),
        ("hx-on", '<div hx-on:click="x()">'),
        ("script in hx-vals or hx-headers", "<div hx-vals='js:{a: 1}'>"),
        ("filter in hx-trigger", "<div hx-trigger=\"keyup[key=='Enter']\">"),
        ("inline script", "<script>go()</script>"),
        ("javascript address", '<a href="javascript:go()">'),
        ("foreign host", '<link href="https://fonts.example.com/a.css">'),
        ("foreign host", '<script src="//cdn.example.com/a.js"></script>'),
        ("data address", '<img src="data:image/png;base64,x">'),
    ],
)
def test_lint_sees_each_planted_fault(name, text):
    assert name in faults(text)


def test_lint_lets_ordinary_markup_pass():
    good = (
        '<svg xmlns="http://www.w3.org/2000/svg"><rect width="3"/></svg><script src="{% static "js/app.js" %}" defer>'
        '</script><a href="{{ source.url }}">x</a><div hx-get="/x" hx-trigger="load, every 2s">one = on = 1</div>'
    )
    assert faults(good) == []


class _Tags(HTMLParser):
    """Counts of opened and closed elements that must pair."""

    PAIRED = {
        "div",
        "section",
        "main",
        "nav",
        "header",
        "figure",
        "table",
        "tbody",
        "thead",
        "tr",
        "form",
        "details",
        "svg",
        "g",
    }

    def __init__(self):
        super().__init__()
        self.balance = {}

    def handle_starttag(self, tag, attrs):
        if tag in self.PAIRED:
            self.balance[tag] = self.balance.get(tag, 0) + 1

    def handle_startendtag(self, tag, attrs):
        """A self-closed element of an SVG opens nothing."""

    def handle_endtag(self, tag):
        if tag in self.PAIRED:
            self.balance[tag] = self.balance.get(tag, 0) - 1


@pytest.mark.parametrize("path", [p for p in TEMPLATES if "ui" in p.parts], ids=lambda p: p.name)
def test_components_close_what_they_open(path):
    parser = _Tags()
    parser.feed(COMMENT.sub("", path.read_text("utf-8")))
    assert {tag: n for tag, n in parser.balance.items() if n} == {}


def sprite() -> set[str]:
    tree = ElementTree.parse(ROOT / "static" / "icons.svg")  # noqa: S314 - our own file
    return {element.get("id") for element in tree.iter() if element.tag.endswith("symbol")}


def test_every_icon_that_is_named_is_in_the_sprite():
    named = set()
    for path in TEMPLATES:
        named |= set(re.findall(r"""{%\s*icon\s+["']([\w-]+)["']""", path.read_text("utf-8")))
    from dalian_coop.ui import navigation

    named |= {item.icon for item in navigation._items}
    assert len(named) > 20
    assert named - sprite() == set()


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda p: p.name)
def test_scripts_evaluate_no_text_and_set_no_style_text(path):
    text = path.read_text("utf-8")
    assert not re.search(r"\beval\(|new Function\(|setAttribute\(\s*[\"']style|document\.write|\.cssText", text)
    assert not re.search(r"set(?:Timeout|Interval)\(\s*[\"'`]", text)


@pytest.mark.parametrize("path", STYLES, ids=lambda p: p.name)
def test_styles_stay_within_the_oldest_browsers(path):
    """Chromium 100 and Firefox ESR 102: no nesting, no light-dark(), no color-mix(), no foreign file.

    :has() may add something, in a rule of its own: a browser that does not know it drops the whole rule.
    """
    text = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.S)
    assert not re.search(
        r"light-dark\(|color-mix\(|@layer|@container|subgrid|:popover-open|@import|url\(\s*[\"']?(?:http|//|data:)",
        text,
    )
    assert not [rule for rule in re.findall(r"[^{}]*:has\([^{}]*{", text) if re.search(r"\)[^()]*,|^[^(]*,", rule)]
    depth = 0
    for mark, selector in re.findall(r"([{}])|(&)", text):
        assert not selector, "nesting"
        depth += {"{": 1, "}": -1}[mark]
        assert 0 <= depth <= 3
    assert depth == 0


def test_every_token_that_is_used_is_defined():
    texts = "\n".join(path.read_text("utf-8") for path in STYLES)
    used = set(re.findall(r"var\((--[\w-]+)", texts))
    defined = set(re.findall(r"(--[\w-]+)\s*:", texts))
    assert used - defined == set()


def test_dark_values_are_the_same_for_choice_and_system():
    text = (ROOT / "static/css/tokens.css").read_text("utf-8")
    chosen = re.search(r':root\[data-theme="dark"\] {(.*?)}', text, re.S)[1].split()
    system = re.search(r':root\[data-theme="system"\] {(.*?)}', text, re.S)[1].split()
    assert chosen == system
