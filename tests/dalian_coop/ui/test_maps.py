"""The map: places where they are, the coast closed into land, labels that do not cover each other."""

import json
import math
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dalian_coop.ui import maps

DALIAN = {"lon": 121.61, "lat": 38.91, "label": "大连", "own": True}
KITAKYUSHU = {"lon": 130.88, "lat": 33.88, "label": "北九州", "href": "/cities/JP-40100/", "light": "red", "size": 46}


def point_in_land(lon: float, lat: float) -> bool:
    """Even-odd rule over all rings of the coast file."""
    crossings = 0
    for ring in json.loads(maps.COAST.read_text("utf-8"))["rings"]:
        for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True):
            if (y1 > lat) != (y2 > lat) and lon < (x2 - x1) * (lat - y1) / (y2 - y1) + x1:
                crossings += 1
    return crossings % 2 == 1


@pytest.mark.parametrize(
    ("place", "lon", "lat", "land"),
    [
        ("Seoul", 127.0, 37.5, True),
        ("Beijing", 116.4, 39.9, True),
        ("Nagano", 138.2, 36.6, True),
        ("Sapporo", 141.35, 43.0, True),
        ("Harbin", 126.6, 45.0, True),
        ("Kumamoto inland", 131.0, 32.9, True),
        ("Jeju", 126.5, 33.35, True),
        ("Yellow Sea", 123.5, 36.0, False),
        ("Sea of Japan", 134.5, 39.5, False),
        ("Pacific", 142.5, 33.0, False),
        ("Bohai", 119.8, 38.6, False),
    ],
)
def test_land_is_land_and_sea_is_sea(place, lon, lat, land):
    assert point_in_land(lon, lat) is land


def test_projection_keeps_west_left_and_north_up():
    x1, y1 = maps.project(121.6, 38.9)
    x2, y2 = maps.project(139.7, 35.7)
    assert x1 < x2 and y1 < y2
    assert maps.project(maps.WEST, maps.NORTH) == (0, 0)
    x, y = maps.project(maps.EAST, maps.SOUTH)
    assert x == pytest.approx(maps.WIDTH) and y == pytest.approx(maps.HEIGHT, abs=1)


def test_mercator_keeps_angles():
    """A degree of latitude is longer than one of longitude by 1 / cos(latitude)."""
    x0, y0 = maps.project(130, 38)
    x1, _ = maps.project(130.1, 38)
    _, y1 = maps.project(130, 38.1)
    assert (y0 - y1) / (x1 - x0) == pytest.approx(1 / math.cos(math.radians(38.05)), rel=1e-3)


def test_route_begins_and_ends_at_its_places_and_bends_north():
    path = maps.route(maps.Line(121.61, 38.91, 139.69, 35.69))
    x1, y1, cx, cy, x2, y2 = map(float, re.findall(r"-?\d+\.\d", path))
    assert (x1, y1) == pytest.approx(maps.project(121.61, 38.91), abs=0.06)
    assert (x2, y2) == pytest.approx(maps.project(139.69, 35.69), abs=0.06)
    assert cy < (y1 + y2) / 2


def test_marker_outside_the_frame_is_named_and_its_line_left_out():
    okinawa = {"lon": 127.68, "lat": 26.21, "label": "冲绳"}
    chart = maps.chart([DALIAN, okinawa], [{"lon1": 121.61, "lat1": 38.91, "lon2": 127.68, "lat2": 26.21}])
    assert [m.label for m in chart.outside] == ["冲绳"]
    assert [p.marker.label for p in chart.places] == ["大连"]
    assert chart.routes == []


def test_tab_key_goes_from_west_to_east():
    chart = maps.chart([KITAKYUSHU, DALIAN])
    assert [p.marker.label for p in chart.places] == ["大连", "北九州"]


def test_area_of_a_mark_grows_with_its_count():
    big, small = maps.chart([KITAKYUSHU | {"size": 50}, KITAKYUSHU | {"lon": 127.0, "lat": 37.5, "size": 2}]).places[
        ::-1
    ]
    assert big.radius > small.radius


def test_map_without_markers_still_shows_the_coast():
    chart = maps.chart([])
    assert chart.land.startswith("M") and chart.land.endswith("z") and chart.places == []


def label_box(place, attribute, size):
    label = getattr(place, attribute)
    if label is None:
        return None
    width = maps.text_width(place.marker.label, size)
    left = {"start": label.x, "end": label.x - width, "middle": label.x - width / 2}[label.anchor]
    return left, label.y - size * 0.85, left + width, label.y + size * 0.2


@settings(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow])  # other work may run beside it
@given(
    st.lists(
        st.tuples(st.floats(118, 143), st.floats(31, 44), st.sampled_from(["釜山", "Kitakyushu", "名古屋"])),
        max_size=25,
    )
)
def test_labels_never_cover_each_other_and_stay_on_the_map(places):
    chart = maps.chart([{"lon": x, "lat": y, "label": name} for x, y, name in places])
    for attribute, size in (("desk", maps.DESK_TEXT), ("phone", maps.PHONE_TEXT)):
        boxes = [box for p in chart.places if (box := label_box(p, attribute, size))]
        for i, (a, b, c, d) in enumerate(boxes):
            assert a >= 0 and b >= 0 and c <= chart.width and d <= chart.height
            for e, f, g, h in boxes[i + 1 :]:
                assert c <= e + 0.2 or g <= a + 0.2 or d <= f + 0.2 or h <= b + 0.2
