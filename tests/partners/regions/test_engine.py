"""Great-circle distances against hand-computed ones."""

from math import pi

import pytest

from partners.regions.engine import great_circle_km


def test_a_quarter_of_the_equator_and_no_distance_at_all():
    assert great_circle_km(0, 0, 0, 90) == pytest.approx(pi / 2 * 6371)
    assert great_circle_km(38.9122, 121.6022, 38.9122, 121.6022) == 0


def test_distance_is_the_same_in_both_directions_and_across_the_date_line():
    assert great_circle_km(10, 20, -30, 140) == pytest.approx(great_circle_km(-30, 140, 10, 20))
    assert great_circle_km(0, 179, 0, -179) == pytest.approx(pi / 90 * 6371)
