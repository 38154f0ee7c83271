"""The lanes of a road map: which groups a task stands in, outermost first; as in static/js/roadmap/rows.js."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from dalian_coop.calendars.enums import Country
from planning.plans.enums import Horizon
from planning.roadmap.selectors.page import Group, RoadMap, TaskLine

Step = tuple[str, str, bool]  # key, title, whether the key is a number people know
Way = tuple[Step, ...]


@dataclass(slots=True)
class Lanes:
    """``places`` are (task, keys of its groups) in the order to show; ``groups`` hold titles and lights by key."""

    places: list[tuple[TaskLine, tuple[str, ...]]] = field(default_factory=list)
    groups: dict[str, Group] = field(default_factory=dict)


def lanes_of(road_map: RoadMap, by: str) -> Lanes:
    """``by`` is field, bureau, partner or horizon; a task with several partners stands in the lane of each."""
    found = Lanes()
    ways = _WAYS[by]
    for task in _in_order(road_map.tasks, by):
        for way in ways(task, road_map):
            for key, title, numbered in way:
                group = found.groups.setdefault(key, Group(key, title, numbered=numbered))
                group.lights[task.light] += 1
            found.places.append((task, tuple(key for key, _title, _numbered in way)))
    return found


def _in_order(tasks: list[TaskLine], by: str) -> list[TaskLine]:
    if by != "horizon":
        return tasks
    order = {value: number for number, value in enumerate(Horizon.values)}
    return sorted(tasks, key=lambda task: order.get(task.horizon, len(order)))


def _field(task: TaskLine, road_map: RoadMap) -> list[Way]:
    lane, part = task.group
    return [((lane, road_map.fields[lane].title, False), (part, road_map.measures[part].title, True))]


def _bureau(task: TaskLine, road_map: RoadMap) -> list[Way]:
    return [((f"b-{task.lead_code}", task.lead or _("No lead bureau"), False),)]


def _horizon(task: TaskLine, road_map: RoadMap) -> list[Way]:
    title = str(Horizon(task.horizon).label) if task.horizon else _("No horizon")
    return [((f"h-{task.horizon or 'none'}", title, False),)]


def _partner(task: TaskLine, road_map: RoadMap) -> list[Way]:
    """With every place the task names, and with a country as a whole if it names none of its places."""
    found: list[Way] = []
    for code, name, country in task.regions:
        found.append(_place(country, code, _("The whole country") if code == country else name))
    named = {country for _code, _name, country in task.regions}
    found += [_place(country, country, _("The whole country")) for country in task.countries if country not in named]
    return found or [(("c-none", _("No partner named"), False),)]


def _place(country: str, key: str, name: str) -> Way:
    title = str(Country(country).label) if country in Country.values else country
    return ((f"c-{country}", title, False), (f"p-{key}", name, False))


_WAYS: dict[str, Callable[[TaskLine, RoadMap], list[Way]]] = {
    "field": _field,
    "bureau": _bureau,
    "horizon": _horizon,
    "partner": _partner,
}
