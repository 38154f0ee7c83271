"""The rows of a road map as JSON for the page that draws them."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from dalian_coop.calendars.enums import Country
from planning.plans.enums import Horizon
from planning.roadmap import permissions
from planning.roadmap.engine import axis_for
from planning.roadmap.engine.axis import Zoom
from planning.roadmap.selectors import RoadMap, StoneLine, TaskLine
from planning.roadmap.selectors.holidays import stretches
from planning.roadmap.selectors.timing import Timing, timing
from planning.roadmap.selectors.underlay import Underlay, choices, underlay
from planning.roadmap.views.pages import MapView
from planning.taskbooks.enums import BookStatus, Light


class Data(MapView):
    """Tasks, milestones, dependencies, phases: everything in one answer, from a fixed number of statements."""

    def get(self, request: HttpRequest, book: str) -> HttpResponse:
        form = self.form()
        road_map = self.read(book, form, with_places=True)
        view = form.wanted()
        over = overlays(road_map, view["baseline"])
        answer = JsonResponse(payload(road_map, request.user, **over, holidays=view["holidays"]))
        answer["Cache-Control"] = "private, no-store"
        return answer


def overlays(road_map: RoadMap, baseline: str) -> dict[str, Any]:
    """The critical path of the present plan, and the earlier plan to lay under it."""
    book = road_map.book
    under = None if baseline == "off" else underlay(book, choices(book), baseline)
    return {"under": under, "timing": timing(book) if road_map.live else Timing()}


def payload(
    road_map: RoadMap, actor: Any, *, timing: Timing, under: Underlay | None, holidays: bool = False
) -> dict[str, Any]:
    """What static/js/roadmap.js draws. Dates are ISO days without a time; days off only when asked for."""
    edits = permissions.MilestoneScope.of(actor)
    owners = {stone.id: stone.task for stone in road_map.stones}
    heavy = {owners[key] for key in timing.critical if key in owners}
    return {
        "today": road_map.today.isoformat(),
        "live": road_map.live,
        "years": years_of(road_map),
        "phases": [(str(Horizon(h).label), first, last) for h, first, last in road_map.phases],
        "fields": {key: group.title for key, group in road_map.fields.items()},
        "measures": {key: group.title for key, group in road_map.measures.items()},
        "bureaus": {task.lead_code: task.lead for task in road_map.tasks},
        "horizons": {value: str(label) for value, label in Horizon.choices},
        "countries": {value: str(label) for value, label in Country.choices},
        "places": {code: (name, country) for task in road_map.tasks for code, name, country in task.regions},
        "lights": {light.value: str(light.label) for light in Light},
        "stoneLights": {light.value: str(light.label) for light in Light}
        | {"grey": _("Not yet due"), "done": _("Reached")},
        "counts": dict(road_map.lights),
        "undated": len(road_map.undated),
        "hidden": road_map.hidden,
        "restricted": road_map.restricted,
        "issued": road_map.book.status == BookStatus.ISSUED,
        "holidays": [
            (day.country, day.first.isoformat(), day.last.isoformat(), day.name, day.sure)
            for day in (stretches(*_ends(road_map)) if holidays else ())
        ],
        "baseline": under and under.choice.label,
        "problem": timing.problem,
        "tasks": [
            _task(task, edit=edits.covers(task.lead_id), critical=task.code in heavy, under=under)
            for task in road_map.tasks
        ],
        "stones": [_stone(stone, timing, under) for stone in road_map.stones],
        "links": [
            {
                "from": str(a),
                "to": str(b),
                "kind": kind,
                "lag": lag,
                "critical": a in timing.critical and b in timing.critical,
            }
            for (a, b), (kind, lag) in zip(road_map.links, road_map.link_kinds, strict=True)
        ],
    }


def _ends(road_map: RoadMap) -> tuple[date, date]:
    first, last = years_of(road_map)
    return date(first, 1, 1), date(last, 12, 31)


def years_of(road_map: RoadMap) -> tuple[int, int]:
    """First and last year of the axis: book, phases and every date."""
    book = road_map.book
    years = [year for _horizon, first, last in road_map.phases for year in (first, last)]
    axis = axis_for(
        first_year=min([book.first_year, *years]), last_year=max([book.last_year, *years]), dates=road_map.dates(),
        zoom=Zoom.FIT,
    )  # fmt: skip
    return axis.first.year, axis.last.year


def _task(task: TaskLine, *, edit: bool, critical: bool, under: Underlay | None) -> dict[str, Any]:
    base = under.tasks.get(task.id) if under else None
    return {
        "code": task.code,
        "name": task.content,
        "field": task.group[0],
        "measure": task.group[1],
        "start": task.start and task.start.isoformat(),
        "due": task.due and task.due.isoformat(),
        "dueText": task.due_text,
        "progress": task.progress,
        "state": task.state,
        "light": task.light,
        "horizon": task.horizon,
        "lead": task.lead_code,
        "countries": task.countries,
        "places": [code for code, _name, _country in task.regions],
        "edit": edit,
        "critical": critical,
        "base": base and [day and day.isoformat() for day in base],
    }


def _stone(stone: StoneLine, timing: Timing, under: Underlay | None) -> dict[str, Any]:
    base = under.stones.get(stone.id) if under else None
    return {
        "id": str(stone.id),
        "code": stone.code,
        "task": stone.task,
        "name": stone.name,
        "due": stone.due.isoformat(),
        "forecast": stone.expected and stone.expected.isoformat(),
        "done": stone.done_on and stone.done_on.isoformat(),
        "light": stone.light,
        "critical": stone.id in timing.critical,
        "slack": timing.slack.get(stone.id),
        "base": base and base.isoformat(),
    }
