"""Map of the Yellow Sea and the Sea of Japan as figures for a server-rendered SVG. Pure, apart from reading the coast.

The coast (data/coastline.json) carries no borders, no sea names and no islands too small to draw; another approved
file may take its place. Positions are degrees (WGS 84), the projection is Mercator.
"""

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from dalian_coop.ui import marks

COAST = Path(__file__).parent / "data" / "coastline.json"

# What the map shows, in degrees, and its width in units of the drawing.
WEST, SOUTH, EAST, NORTH = 117.0, 30.4, 143.6, 44.4
WIDTH = 800.0

# Letters of the labels, in units: for a map beside other cards, and for one on a phone.
DESK_TEXT, PHONE_TEXT = 17.0, 29.0
PHONE_SCALE = 1.7  # css: .map .shape on phones


@dataclass(frozen=True)
class Marker:
    """A place on the map. ``size`` is a count (area follows it); ``light`` gives shape and colour."""

    lon: float
    lat: float
    label: str
    href: str = ""
    title: str = ""
    light: str = ""
    size: float = 0
    own: bool = False
    language: str = ""


@dataclass(frozen=True)
class Line:
    """A connection between two places."""

    lon1: float
    lat1: float
    lon2: float
    lat2: float
    title: str = ""


@dataclass
class Label:
    """Where the words of a marker stand; ``anchor`` is SVG's text-anchor."""

    x: float
    y: float
    anchor: str


@dataclass
class Placed:
    """A marker with all that its drawing needs."""

    marker: Marker
    x: float
    y: float
    radius: float
    code: str
    desk: Label | None = None
    phone: Label | None = None

    @property
    def scale(self) -> float:
        """Factor for a shape drawn in a box of 16 units around the origin."""
        return round(self.radius / 8, 3)

    @property
    def kind(self) -> str:
        return "open" if self.marker.own else marks.SHAPES[self.code][0]

    @property
    def path(self) -> str:
        return marks.SHAPES["green" if self.marker.own else self.code][1]

    @property
    def is_tick(self) -> bool:
        return self.code == "done" and not self.marker.own


@dataclass
class Chart:
    """Everything that the template draws."""

    width: int
    height: int
    land: str
    routes: list[tuple[str, str]] = field(default_factory=list)
    places: list[Placed] = field(default_factory=list)
    outside: list[Marker] = field(default_factory=list)
    desk_text: float = DESK_TEXT
    phone_text: float = PHONE_TEXT


def _mercator(lat: float) -> float:
    return math.degrees(math.log(math.tan(math.pi / 4 + math.radians(lat) / 2)))


_SCALE = WIDTH / (EAST - WEST)
HEIGHT = round((_mercator(NORTH) - _mercator(SOUTH)) * _SCALE)


def project(lon: float, lat: float) -> tuple[float, float]:
    """Position in the drawing; x to the right, y downwards."""
    return (lon - WEST) * _SCALE, (_mercator(NORTH) - _mercator(lat)) * _SCALE


def inside(lon: float, lat: float) -> bool:
    """True when a place lies within the frame."""
    return WEST <= lon <= EAST and SOUTH <= lat <= NORTH


@cache
def land() -> str:
    """The land as one path."""
    pieces = []
    for ring in json.loads(COAST.read_text("utf-8"))["rings"]:
        points = [f"{x:.1f} {y:.1f}" for x, y in (project(lon, lat) for lon, lat in ring)]
        pieces.append(f"M{points[0]}L{' '.join(points[1:])}z")
    return "".join(pieces)


def route(line: Line) -> str:
    """A gently curved path, bent towards the pole as a great circle is, but so that near lines can be told apart."""
    (x1, y1), (x2, y2) = project(line.lon1, line.lat1), project(line.lon2, line.lat2)
    length = math.hypot(x2 - x1, y2 - y1)
    middle_x, middle_y = (x1 + x2) / 2, (y1 + y2) / 2
    if length == 0:
        return f"M{x1:.1f} {y1:.1f}"
    # The normal that points upwards on the page, i.e. to the north.
    nx, ny = (y2 - y1) / length, -(x2 - x1) / length
    if ny > 0:
        nx, ny = -nx, -ny
    bend = 0.14 * length
    return f"M{x1:.1f} {y1:.1f}Q{middle_x + nx * bend:.1f} {middle_y + ny * bend:.1f} {x2:.1f} {y2:.1f}"


def chart(markers: Iterable[Marker | Mapping[str, Any]], lines: Iterable[Line | Mapping[str, Any]] = ()) -> Chart:
    """Place markers and lines. Markers outside the frame are listed in ``outside``, lines to them are left out."""
    given = [m if isinstance(m, Marker) else Marker(**m) for m in markers or ()]
    connections = [item if isinstance(item, Line) else Line(**item) for item in lines or ()]
    shown = [m for m in given if inside(m.lon, m.lat)]
    biggest = max((m.size for m in shown), default=0)
    places = [_placed(m, biggest) for m in shown]
    _place_labels(places)
    return Chart(
        width=round(WIDTH),
        height=HEIGHT,
        land=land(),
        routes=[(route(c), c.title) for c in connections if inside(c.lon1, c.lat1) and inside(c.lon2, c.lat2)],
        places=sorted(places, key=lambda p: p.x),  # the tab key goes from west to east
        outside=[m for m in given if not inside(m.lon, m.lat)],
    )


def _placed(marker: Marker, biggest: float) -> Placed:
    x, y = project(marker.lon, marker.lat)
    share = math.sqrt(marker.size / biggest) if biggest else 0.45
    radius = 9.0 if marker.own else round(5.5 + 6.5 * share, 2)
    code = marks.code_of(marker.light) if marker.light else "green"
    return Placed(marker, round(x, 1), round(y, 1), radius, code)


# --- Labels: the most important first, each at the first free place around its mark ---


def text_width(text: str, size: float) -> float:
    """Approximate width: a Han, kana or Hangul character is a square, others are a little over half."""
    return sum(size if ord(c) > 0x2E7F else size * 0.58 for c in text)


def _place_labels(places: list[Placed]) -> None:
    ranked = sorted(places, key=lambda p: (not p.marker.own, marks.RANK.index(p.code), -p.radius, p.marker.label))
    for attribute, size, scale in (("desk", DESK_TEXT, 1.0), ("phone", PHONE_TEXT, PHONE_SCALE)):
        taken = [_mark_box(p, scale) for p in places]
        for p in ranked:
            for label, box in _candidates(p, size, p.radius * scale):
                if _fits(box, taken):
                    setattr(p, attribute, label)
                    taken.append(box)
                    break


Box = tuple[float, float, float, float]


def _mark_box(p: Placed, scale: float) -> Box:
    r = p.radius * scale * 0.85
    return p.x - r, p.y - r, p.x + r, p.y + r


def _candidates(p: Placed, size: float, radius: float) -> Iterable[tuple[Label, Box]]:
    """Right, left, below, above, then the corners. The text's baseline is ``y``."""
    width, gap = text_width(p.marker.label, size), radius + size * 0.3
    up, down = size * 0.85, size * 0.2
    beside = [(gap, size * 0.36, "start"), (-gap, size * 0.36, "end")]
    if p.marker.own:  # the lines leave to the east
        beside.reverse()
    for dx, dy, anchor in (
        *beside,
        (0, gap + size * 0.75, "middle"),
        (0, -gap, "middle"),
        (gap * 0.8, -radius * 0.6, "start"),
        (gap * 0.8, radius + size * 0.6, "start"),
        (-gap * 0.8, -radius * 0.6, "end"),
        (-gap * 0.8, radius + size * 0.6, "end"),
    ):
        x, y = p.x + dx, p.y + dy
        left = {"start": x, "end": x - width, "middle": x - width / 2}[anchor]
        yield Label(round(x, 1), round(y, 1), anchor), (left, y - up, left + width, y + down)


def _fits(box: Box, taken: list[Box]) -> bool:
    left, top, right, bottom = box
    if left < 2 or top < 2 or right > WIDTH - 2 or bottom > HEIGHT - 2:
        return False
    return all(right <= a or left >= c or bottom <= b or top >= d for a, b, c, d in taken)
