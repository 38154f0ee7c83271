"""What a sheet is drawn with. Lengths are px of the sheet, y goes down; a colour is ``#rrggbb`` or ``HATCH``."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

from django.utils.html import escape
from django.utils.safestring import SafeString

INK, INK2, INK3, LINE, SOFT_LINE = "#17212b", "#4a5866", "#5f6d7a", "#dbe2e8", "#97a3ad"
BRAND, SOFT, RED, RED_SOFT, WHITE, STRIPE = "#0b5c8a", "#e3eff6", "#c62828", "#fdeaea", "#ffffff", "#eef2f5"
HATCH = "hatch"
FONT = "'PingFang SC','Microsoft YaHei','Noto Sans SC','Noto Sans CJK SC',sans-serif"

Points = Sequence[tuple[float, float]]


class Pen(Protocol):
    """Draws on one sheet after the other."""

    def rect(
        self, x: float, y: float, width: float, height: float, *, fill: str = "", stroke: str = "", line: float = 1,
        dash: str = "", radius: float = 0, opacity: float = 1,
    ) -> None: ...  # fmt: skip

    def line(self, points: Points, *, stroke: str, line: float = 1, dash: str = "") -> None: ...

    def shape(self, points: Points, *, fill: str = "", stroke: str = "", line: float = 1.5, dash: str = "") -> None: ...

    def dot(self, x: float, y: float, radius: float, fill: str) -> None: ...

    def text(
        self, x: float, y: float, text: str, *, size: float, bold: bool = False, fill: str = INK, anchor: str = "start",
        halo: bool = False,
    ) -> None: ...  # fmt: skip

    def window(self, x: float, y: float, width: float, height: float):
        """Context: what is drawn inside counts from (x, y) and is cut at the edges."""


class SvgPen:
    """SVG that needs no style sheet: everything is said by attributes; texts go through ``escape``."""

    def __init__(self) -> None:
        self.parts: list[str] = []

    def rect(self, x, y, width, height, *, fill="", stroke="", line=1, dash="", radius=0, opacity=1) -> None:
        rounded = f' rx="{radius}"' if radius else ""
        faint = f' fill-opacity="{opacity}"' if opacity != 1 else ""
        self.parts.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"{rounded}{faint}'
            f"{_paint(fill, stroke, line, dash)}/>"
        )

    def line(self, points, *, stroke, line=1, dash="") -> None:
        self.parts.append(f'<path d="{_way(points)}"{_paint("", stroke, line, dash)}/>')

    def shape(self, points, *, fill="", stroke="", line=1.5, dash="") -> None:
        self.parts.append(f'<path d="{_way(points)}Z"{_paint(fill, stroke, line, dash)}/>')

    def dot(self, x, y, radius, fill) -> None:
        self.parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="{fill}"/>')

    def text(self, x, y, text, *, size, bold=False, fill=INK, anchor="start", halo=False) -> None:
        weight = ' font-weight="700"' if bold else ""
        side = f' text-anchor="{anchor}"' if anchor != "start" else ""
        if halo:
            side += f' stroke="{WHITE}" stroke-width="3" stroke-linejoin="round" paint-order="stroke"'
        self.parts.append(
            f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:g}"{weight}{side} fill="{fill}">{escape(text)}</text>'
        )

    @contextmanager
    def window(self, x, y, width, height) -> Iterator[None]:
        self.parts.append(f'<svg x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}">')
        yield
        self.parts.append("</svg>")

    def finish(self, width: float, height: float, *, title: str, sized: bool) -> SafeString:
        """The picture; without a size of its own it takes the one the page gives it."""
        size = f' width="{width:.0f}" height="{height:.0f}"' if sized else ""
        return SafeString(
            f'<svg xmlns="http://www.w3.org/2000/svg"{size} viewBox="0 0 {width:.0f} {height:.0f}" '
            f'font-family="{FONT}" role="img" aria-label="{escape(title)}">{_DEFS}'
            f'<rect width="{width:.0f}" height="{height:.0f}" fill="{WHITE}"/>{"".join(self.parts)}</svg>'
        )


_DEFS = (
    '<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    f'<rect width="6" height="6" fill="{RED_SOFT}"/><rect width="3" height="6" fill="{RED}"/></pattern></defs>'
)


def _paint(fill: str, stroke: str, line: float, dash: str) -> str:
    inside = f"url(#{HATCH})" if fill == HATCH else fill or "none"
    text = f' fill="{inside}"'
    if stroke:
        text += f' stroke="{stroke}"' + (f' stroke-width="{line:g}"' if line != 1 else "")
        text += f' stroke-dasharray="{dash}"' if dash else ""
    return text


def _way(points: Points) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def text_width(text: str, size: float) -> float:
    """About: Han signs are as wide as high, others a bit over half."""
    return sum(size if sign > "\u2e7f" else size * 0.58 for sign in text)


def shortened(text: str, size: float, room: float) -> str:
    """``text`` cut to ``room`` px, with an ellipsis where it was cut."""
    if text_width(text, size) <= room:
        return text
    used = size
    for place, sign in enumerate(text):
        used += text_width(sign, size)
        if used > room:
            return text[:place] + "…"
    return text
