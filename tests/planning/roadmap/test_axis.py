"""Dates as places: hand-computed, and as properties."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.roadmap.engine import Axis, Zoom, axis_for, bands_for, ticks_for, years_from_horizons

DAYS = st.dates(date(2020, 1, 1), date(2039, 12, 31))


def test_a_day_begins_at_its_share_of_the_range():
    axis = Axis(date(2026, 1, 1), date(2026, 12, 31), 365.0)
    assert axis.x(date(2026, 1, 1)) == 0
    assert axis.x(date(2026, 2, 1)) == 31
    assert axis.end(date(2026, 1, 31)) == 31
    assert axis.middle(date(2026, 1, 1)) == 0.5
    assert axis.end(date(2026, 12, 31)) == 365


def test_29_february_has_its_own_place():
    axis = Axis(date(2028, 1, 1), date(2028, 12, 31), 366.0)
    assert (axis.x(date(2028, 2, 29)), axis.x(date(2028, 3, 1))) == (59, 60)


@pytest.mark.parametrize("zoom", list(Zoom))
@given(day=DAYS)
def test_x_equals_the_date_within_a_pixel_at_every_zoom(zoom, day):
    axis = axis_for(first_year=2020, last_year=2039, dates=[], zoom=zoom)
    expected = axis.width * (day - date(2020, 1, 1)).days / (date(2039, 12, 31) - date(2019, 12, 31)).days
    assert abs(axis.x(day) - expected) < 1
    percent = float(f"{100 * axis.x(day) / axis.width:.2f}")  # as it is written into the page
    assert abs(percent / 100 * axis.width - expected) < 1


@given(a=DAYS, b=DAYS)
def test_later_days_stand_further_right(a, b):
    axis = axis_for(first_year=2020, last_year=2039, dates=[], zoom=Zoom.YEAR)
    assert (a < b) == (axis.x(a) < axis.x(b))


def test_the_axis_holds_every_date_given():
    axis = axis_for(first_year=2026, last_year=2030, dates=[date(2025, 6, 1), None, date(2034, 1, 2)], zoom=Zoom.FIT)
    assert (axis.first, axis.last) == (date(2025, 1, 1), date(2034, 12, 31))


def test_days_outside_stand_at_the_edges():
    axis = axis_for(first_year=2026, last_year=2026, dates=[], zoom=Zoom.FIT)
    assert axis.x(date(2020, 5, 5)) == 0
    assert axis.x(date(2040, 5, 5)) == axis.width
    assert not axis.holds(date(2027, 1, 1))


@pytest.mark.parametrize("quarters", [True, False])
def test_ticks_cover_the_axis_without_gap_or_overlap(quarters):
    axis = axis_for(first_year=2026, last_year=2030, dates=[], zoom=Zoom.QUARTER)
    ticks = ticks_for(axis, quarters=quarters)
    assert len(ticks) == (20 if quarters else 5)
    assert ticks[0].x == 0
    for before, after in zip(ticks, ticks[1:], strict=False):
        assert before.x + before.width == pytest.approx(after.x)
    assert ticks[-1].x + ticks[-1].width == pytest.approx(axis.width)


def test_bands_are_the_years_of_the_plans_cut_to_the_axis():
    axis = axis_for(first_year=2026, last_year=2027, dates=[], zoom=Zoom.FIT)
    bands = bands_for(axis, [("medium", 2027, 2028), ("short", 2026, 2026), ("long", 2029, 2030)])
    assert [band.horizon for band in bands] == ["short", "medium"]
    assert bands[0].x == 0
    assert bands[0].x + bands[0].width == pytest.approx(axis.x(date(2027, 1, 1)))
    assert bands[1].x + bands[1].width == pytest.approx(axis.width)


def test_phases_without_plans_follow_from_the_tasks():
    tasks = [("short", date(2026, 12, 31)), ("medium", date(2028, 6, 30)), ("medium", date(2027, 1, 1)), ("long", None)]
    order = ("short", "medium", "long")
    assert years_from_horizons(tasks, order=order, first_year=2026) == [("short", 2026, 2026), ("medium", 2027, 2028)]
    assert years_from_horizons([("medium", date(2025, 1, 1))], order=order, first_year=2026) == []


def test_one_day_is_never_wider_than_the_days_around_it():
    axis = axis_for(first_year=2026, last_year=2030, dates=[], zoom=Zoom.PHASE)
    day = date(2026, 1, 1)
    widths = {round(axis.end(day + timedelta(days=n)) - axis.x(day + timedelta(days=n)), 9) for n in range(1826)}
    assert len(widths) == 1
