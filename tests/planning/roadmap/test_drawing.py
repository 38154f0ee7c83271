"""Rows, bars, milestones and the routes of dependencies."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planning.roadmap.engine import Corridors, StoneItem, TaskItem, Zoom, axis_for, draw, route
from planning.roadmap.engine.lanes import HEIGHT, bar_of
from planning.roadmap.engine.routes import COLUMN, STUB

TODAY = date(2026, 11, 24)
AXIS = axis_for(first_year=2026, last_year=2030, dates=[], zoom=Zoom.FIT)


def task(key, group=("a", "a1"), start=date(2026, 1, 1), due=date(2026, 12, 31), completed=False, progress=0):
    return TaskItem(key, group, start, due, completed, progress)


def test_rows_are_field_measure_task():
    drawing = draw(AXIS, [task("1"), task("2", ("a", "a2")), task("3", ("b", "b1"))], [], [], today=TODAY)
    assert [(row.kind, row.key) for row in drawing.rows] == [
        ("field", "a"), ("measure", "a1"), ("task", "1"), ("measure", "a2"), ("task", "2"),
        ("field", "b"), ("measure", "b1"), ("task", "3"),
    ]  # fmt: skip
    assert drawing.height == 8 * HEIGHT


def test_a_closed_group_shows_its_own_row_only():
    tasks = [task("1"), task("2", ("a", "a2")), task("3", ("b", "b1"))]
    drawing = draw(AXIS, tasks, [], [], today=TODAY, closed=frozenset({"a", "b1"}))
    assert [(row.key, row.closed) for row in drawing.rows] == [("a", True), ("b", False), ("b1", True)]


def test_a_group_spans_its_tasks():
    tasks = [task("1", due=date(2027, 3, 1)), task("2", start=date(2025, 12, 1)), task("3", start=None, due=None)]
    axis = axis_for(first_year=2025, last_year=2030, dates=[], zoom=Zoom.FIT)
    span = draw(axis, tasks, [], [], today=TODAY).bars[0]
    assert span.x == axis.x(date(2025, 12, 1))
    assert span.x + span.width == pytest.approx(axis.end(date(2027, 3, 1)))


def test_a_bar_runs_from_start_to_the_end_of_the_due_day():
    bar = bar_of(task("1", due=date(2027, 6, 30), progress=25), 3, AXIS, TODAY)
    assert bar.x == AXIS.x(date(2026, 1, 1))
    assert bar.x + bar.width == pytest.approx(AXIS.x(date(2027, 7, 1)))
    assert bar.done == pytest.approx(bar.width / 4)
    assert (bar.late, bar.open_start, bar.open_end) == (0, False, False)


def test_what_is_overdue_runs_on_to_today():
    bar = bar_of(task("1", due=date(2026, 10, 31)), 0, AXIS, TODAY)
    assert bar.late == pytest.approx(AXIS.end(TODAY) - AXIS.end(date(2026, 10, 31)))


def test_on_the_due_day_nothing_is_overdue():
    assert bar_of(task("1", due=TODAY), 0, AXIS, TODAY).late == 0


def test_a_completed_task_is_done_and_never_overdue():
    bar = bar_of(task("1", due=date(2026, 10, 31), completed=True, progress=100), 0, AXIS, TODAY)
    assert (bar.late, bar.done) == (0, bar.width)


def test_a_side_without_a_date_runs_to_the_edge():
    bar = bar_of(task("1", due=None), 0, AXIS, TODAY)
    assert (bar.open_end, bar.x + bar.width) == (True, AXIS.width)
    bar = bar_of(task("1", start=None), 0, AXIS, TODAY)
    assert (bar.open_start, bar.x) == (True, 0)


def test_a_task_without_dates_is_listed_not_drawn():
    drawing = draw(AXIS, [task("1"), task("2", start=None, due=None)], [], [], today=TODAY)
    assert drawing.undated == ["2"]
    assert [bar.row for bar in drawing.bars if bar.kind == "task"] == [2]


def test_milestones_stand_on_the_row_of_their_task_or_on_rows_of_their_own():
    stones = [StoneItem("m1", "1", date(2026, 3, 1)), StoneItem("m2", "2", date(2026, 4, 1))]
    drawing = draw(AXIS, [task("1"), task("2")], stones, [], today=TODAY)
    assert [(s.key, s.row) for s in drawing.stones] == [("m1", 2), ("m2", 3)]
    assert drawing.stones[0].x == AXIS.middle(date(2026, 3, 1))
    rows = draw(AXIS, [task("1"), task("2")], stones, [], today=TODAY, stone_rows=True).rows
    assert [row.key for row in rows[2:]] == ["1", "m1", "2", "m2"]


def test_links_into_a_folded_group_are_counted_not_drawn():
    stones = [StoneItem("m1", "1", date(2026, 3, 1)), StoneItem("m2", "2", date(2026, 4, 1))]
    tasks = [task("1"), task("2", ("b", "b1"))]
    drawing = draw(AXIS, tasks, stones, [("m1", "m2")], today=TODAY, closed=frozenset({"b"}))
    assert (drawing.links, drawing.hidden_links) == ([], 1)
    drawing = draw(AXIS, tasks, stones, [("m1", "m2")], today=TODAY)
    assert (len(drawing.links), drawing.hidden_links) == (1, 0)


def test_links_within_one_row_are_told_by_the_order():
    stones = [StoneItem("m1", "1", date(2026, 3, 1)), StoneItem("m2", "1", date(2026, 4, 1))]
    assert draw(AXIS, [task("1")], stones, [("m1", "m2")], today=TODAY).links == []
    assert len(draw(AXIS, [task("1")], stones, [("m1", "m2")], today=TODAY, stone_rows=True).links) == 1


def test_a_part_holds_the_rows_of_one_sheet():
    stones = [StoneItem("m1", "1", date(2026, 3, 1)), StoneItem("m3", "3", date(2026, 4, 1))]
    drawing = draw(AXIS, [task("1"), task("2"), task("3")], stones, [("m1", "m3")], today=TODAY)
    first, second = drawing.part(0, 4), drawing.part(4, 8)
    assert [row.key for row in second.rows] == ["3"]
    assert [(b.row, b.kind) for b in second.bars] == [(0, "task")]
    assert [s.row for s in first.stones] == [2]
    assert len(first.links) == len(second.links) == 1  # it leaves one sheet and enters the other


def crossings(points, spans):
    """Vertical pieces of the line that run through a bar of a row strictly between its ends."""
    found = []
    for (x0, y0), (x1, y1) in zip(points, points[1:], strict=False):
        assert x0 == x1 or y0 == y1, "only horizontal and vertical pieces"
        if x0 != x1:
            assert y0 % HEIGHT in (0, HEIGHT - 2), "horizontal pieces run in the gaps between rows"
            continue
        for row in range(int(min(y0, y1) // HEIGHT), int(max(y0, y1) // HEIGHT) + 1):
            inside = min(y0, y1) <= row * HEIGHT and max(y0, y1) >= (row + 1) * HEIGHT
            if inside and any(a <= x0 <= b for a, b in spans[row]):
                found.append((row, x0))
    return found


@settings(suppress_health_check=[HealthCheck.too_slow])  # the machine may be busy; the test itself is short
@given(st.randoms(use_true_random=False))
def test_a_route_crosses_no_bar_that_leaves_a_way(numbers):
    rows = numbers.randint(2, 40)
    spans = []
    for _ in range(rows):
        begin = numbers.uniform(0, 800)
        spans.append([(begin, begin + numbers.uniform(0, 900 - begin))])
    corridors = Corridors(spans, 1000)
    row1, row2 = numbers.sample(range(rows), 2)
    x1, x2 = numbers.uniform(0, 1000), numbers.uniform(0, 1000)
    points = route(x1, row1, x2, row2, corridors=corridors, height=HEIGHT)
    assert points[0] == (x1, row1 * HEIGHT + HEIGHT / 2)
    assert points[-1] == (x2, row2 * HEIGHT + HEIGHT / 2 + (STUB if row1 > row2 else -STUB))
    assert crossings(points, spans) == []


def test_a_full_row_is_crossed_because_there_is_no_way_round():
    corridors = Corridors([[], [(0, 1000)], []], 1000)
    points = route(100, 0, 200, 2, corridors=corridors, height=HEIGHT)
    assert crossings(points, [[], [(0, 1000)], []]) == [(1, 100)]


def test_one_free_column_serves_all_rows_between():
    spans = [[]] + [[(0, 500)] for _ in range(20)] + [[]]
    points = route(100, 0, 700, 21, corridors=Corridors(spans, 1000), height=HEIGHT)
    assert len(points) == 6, "down, over, down, over, in"
    assert 500 < points[2][0] < 500 + 2 * COLUMN


def test_neighbours_are_joined_through_the_gap_between_them():
    corridors = Corridors([[(0, 1000)], [(0, 1000)]], 1000)
    points = route(100, 0, 300, 1, corridors=corridors, height=HEIGHT)
    assert points == [(100, 18), (100, 36), (300, 36), (300, 54 - STUB)]


def test_a_lane_without_parts_holds_its_tasks():
    drawing = draw(AXIS, [task("1", ("b-x",)), task("2", ("b-y",))], [], [], today=TODAY)
    assert [(row.kind, row.key) for row in drawing.rows] == [
        ("field", "b-x"), ("task", "1"), ("field", "b-y"), ("task", "2"),
    ]  # fmt: skip


def test_a_task_in_two_lanes_is_drawn_in_both_and_its_links_once():
    stones = [StoneItem("m1", "1", date(2026, 3, 1)), StoneItem("m2", "2", date(2026, 4, 1))]
    tasks = [task("1", ("a", "a1")), task("2", ("a", "a1")), task("1", ("b", "b1"))]
    drawing = draw(AXIS, tasks, stones, [("m1", "m2")], today=TODAY)
    assert [(s.key, s.row) for s in drawing.stones] == [("m1", 2), ("m2", 3), ("m1", 6)]
    assert len(drawing.links) == 1
    assert drawing.links[0].points[0][1] < drawing.links[0].points[-1][1]  # from the first of them


def test_an_earlier_plan_lies_under_bars_and_beside_milestones():
    held = TaskItem("1", ("a", "a1"), date(2026, 1, 1), date(2026, 12, 31), False, 0, (None, date(2026, 6, 30)), True)
    stones = [
        StoneItem("m1", "1", date(2026, 3, 1), base=date(2026, 2, 1), forecast=date(2026, 5, 1), critical=True),
        StoneItem("m2", "1", date(2026, 4, 1), base=date(2026, 4, 1), forecast=None),
    ]
    drawing = draw(AXIS, [held], stones, [], today=TODAY)
    (base,) = drawing.bases
    assert (base.row, base.x, base.x + base.width) == (2, 0, pytest.approx(AXIS.end(date(2026, 6, 30))))
    moved, same = drawing.stones
    assert (moved.base, moved.forecast) == (AXIS.middle(date(2026, 2, 1)), AXIS.middle(date(2026, 5, 1)))
    assert (same.base, same.forecast) == (None, None)
    assert (drawing.bars[-1].critical, moved.critical, same.critical) == (True, True, False)
    assert drawing.part(2, 3).bases[0].row == 0
