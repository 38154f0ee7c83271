"""Templates and scripts keep to the Content-Security-Policy `default-src 'self'` before a browser sees them."""

import re

import pytest

from dalian_coop import embedded

TEMPLATES = sorted((embedded.ROOT / "templates").rglob("*.html"))
JS = embedded.ROOT / "static" / "js"
TAGS = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)
FORBIDDEN = {
    "style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "style element": re.compile(r"<style[\s>]", re.IGNORECASE),
    "event attribute": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "htmx code attribute": re.compile(
        r"<[^>]*\shx-(on|vars)\b|<[^>]*\s(hx-vals|hx-headers)\s*=\s*[\"']js:", re.IGNORECASE
    ),
    "script with code": re.compile(r"<script(?![^>]*\ssrc=)[^>]*>", re.IGNORECASE),
    "javascript address": re.compile(r"javascript:", re.IGNORECASE),
    "foreign file": re.compile(
        r"<(?:script|link|img|iframe|source)[^>]*\s(?:src|href)\s*=\s*[\"'](?:https?:)?//", re.I
    ),
}


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(embedded.ROOT / "templates")))
def test_template_holds_nothing_the_policy_blocks(template):
    text = TAGS.sub("", template.read_text())
    assert [what for what, pattern in FORBIDDEN.items() if pattern.search(text)] == []


def test_own_scripts_never_build_code_from_text():
    code = re.compile(r"\beval\s*\(|new Function\s*\(|set(?:Timeout|Interval)\s*\(\s*[\"'`]|document\.write")
    own = {path.name: re.sub(r"^\s*//.*$", "", path.read_text(), flags=re.MULTILINE) for path in JS.rglob("*.js")}
    assert [name for name, text in own.items() if code.search(text)] == []
