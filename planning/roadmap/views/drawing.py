"""From the rows of a road map to its geometry."""

from dataclasses import replace

from planning.roadmap.engine import Drawing, StoneItem, TaskItem, axis_for, draw
from planning.roadmap.selectors import RoadMap
from planning.roadmap.selectors.lanes import Lanes
from planning.roadmap.selectors.timing import Timing
from planning.roadmap.selectors.underlay import Underlay


def drawing_of(
    road_map: RoadMap, view: dict, lanes: Lanes, *, under: Underlay | None = None, timing: Timing | None = None,
    width: float | None = None,
) -> Drawing:  # fmt: skip
    """``view`` says zoom, folded groups and whether milestones have rows and dependencies are shown; ``width``
    overrides the width that the zoom gives the axis.
    """
    book, critical = road_map.book, timing.critical if timing else frozenset()
    heavy = {stone.task for stone in road_map.stones if stone.id in critical}
    years = [year for _horizon, first, last in road_map.phases for year in (first, last)]
    axis = axis_for(
        first_year=min([book.first_year, *years]), last_year=max([book.last_year, *years]), dates=road_map.dates(),
        zoom=view["zoom"],
    )  # fmt: skip
    old_tasks, old_stones = (under.tasks, under.stones) if under else ({}, {})
    return draw(
        replace(axis, width=width) if width else axis,
        [
            TaskItem(
                task.code, keys, task.start, task.due, task.completed, task.progress, old_tasks.get(task.id),
                task.code in heavy,
            )
            for task, keys in lanes.places
        ],
        [
            StoneItem(
                stone.id, stone.task, stone.due, old_stones.get(stone.id), stone.expected, stone.id in critical,
                stone.done_on,
            )
            for stone in road_map.stones
        ],
        road_map.links,
        today=road_map.today,
        closed=view["closed"],
        stone_rows=view["stones"] == "rows",
        with_links=view["links"] != "off",
    )  # fmt: skip
