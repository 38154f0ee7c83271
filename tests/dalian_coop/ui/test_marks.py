"""Lights: worst first, shapes that differ, and bars whose pieces add up."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dalian_coop.ui import marks


def test_each_light_has_its_own_shape_and_word():
    assert len({path for _kind, path in marks.SHAPES.values()}) == 6
    assert len({str(label) for label in marks.LABELS.values()}) == 6
    assert set(marks.ORDER) == set(marks.RANK) == set(marks.SHAPES) == set(marks.LABELS)


@pytest.mark.parametrize(
    ("codes", "expected"),
    [(["green", "red", "yellow"], "red"), (["done", "blue"], "blue"), (["done", "grey"], "grey"), ([], "grey")],
)
def test_worst_light_of_several(codes, expected):
    assert marks.worst(codes) == expected


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(marks.ORDER), st.integers(0, 5000)))
def test_pieces_of_a_bar_fill_it_without_overlap(counts):
    pieces = marks.segments(counts)
    assert sum(p.count for p in pieces) == sum(counts.values())
    if pieces:
        assert pieces[0].x == 0
        assert sum(p.width for p in pieces) == pytest.approx(100, abs=0.1)
    for one, following in zip(pieces, pieces[1:], strict=False):
        assert following.x == pytest.approx(one.x + one.width, abs=0.02)


def test_scale_makes_rows_comparable():
    (piece,) = marks.segments({"green": 25}, scale=100)
    assert piece.width == 25


def test_a_scale_below_the_sum_does_not_burst_the_bar():
    assert sum(p.width for p in marks.segments({"green": 30, "red": 30}, scale=10)) == pytest.approx(100)
