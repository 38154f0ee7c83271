"""Figures as the templates show them: every number with the address of its rows."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dalian_coop.ui import marks
from partners.regions.enums import RegionRole
from partners.regions.models import Region
from planning.dashboard.engine import Month
from planning.dashboard.selectors import Overview, Part, Scope
from planning.roadmap.selectors import DUE_SOON_DAYS
from planning.taskbooks.enums import Light

SHOWN_LIGHTS = (Light.GREEN, Light.BLUE, Light.YELLOW, Light.RED, Light.GREY, Light.DONE)
TREND_LIGHTS = (Light.GREEN, Light.YELLOW, Light.RED, Light.DONE)


@dataclass(frozen=True)
class Tile:
    """One figure with its rows; ``light`` puts a light in front of the label."""

    label: Any
    count: int
    address: str
    note: str = ""
    light: str = ""


@dataclass(frozen=True)
class Line:
    """A row of a table: the part, its counts and their addresses."""

    part: Part
    address: str
    cells: dict[str, tuple[int, str]]

    @property
    def worst(self) -> str:
        return marks.worst(self.part.lights.elements())


def row(scope: Scope, part: Part) -> Line:
    """A part with the addresses of its rows, whole and per light."""
    cells = {light.value: (part.lights[light], scope.rows(**part.query, light=light.value)) for light in SHOWN_LIGHTS}
    return Line(part, scope.rows(**part.query), cells)


def tiles(overview: Overview, months: list[Month]) -> list[Tile]:
    """The figures on top: all tasks, each light, what is overdue, milestones ahead."""
    scope, lights = overview.scope, overview.whole.lights
    before = months[-2].lights if len(months) > 1 else None
    found = [Tile(_("All tasks"), overview.whole.total, scope.rows(), _all_note(overview))]
    for light in SHOWN_LIGHTS:
        note = _change(lights[light], before[light]) if before is not None else ""
        found.append(Tile(light.label, lights[light], scope.rows(light=light.value), note, light.value))
    found.append(Tile(_("Past the due date"), overview.late_count, scope.rows(overdue="1"), _longest(overview.longest)))
    found.append(
        Tile(
            _("Milestones within %(days)d days") % {"days": DUE_SOON_DAYS},
            overview.stones_soon,
            scope.stones(within=str(DUE_SOON_DAYS)),
        )
    )
    found.append(Tile(_("Milestones missed"), overview.stones_late, scope.stones(overdue="1")))
    return found


def _all_note(overview: Overview) -> str:
    count = len(overview.leads)
    return ngettext("%(count)d lead bureau", "%(count)d lead bureaus", count) % {"count": count}


def _longest(days: int) -> str:
    if not days:
        return _("nothing is late")
    return ngettext("longest: %(days)d day", "longest: %(days)d days", days) % {"days": days}


def _change(now: int, before: int) -> str:
    difference = now - before
    sign = "+" if difference > 0 else "−" if difference < 0 else "±"
    return _("since last month: %(change)s") % {"change": f"{sign}{abs(difference)}"}


def map_of(overview: Overview) -> dict[str, list[dict]]:
    """Markers and lines for the map: size by tasks, shape by the worst light."""
    home = Region.objects.filter(role=RegionRole.FOCUS).first()
    markers, lines = [], []
    if home is not None and home.longitude is not None:
        markers.append({"lon": float(home.longitude), "lat": float(home.latitude), "label": home.name, "own": True})
    for part in overview.cities:
        region = part.region
        if region.longitude is None:
            continue
        light = marks.worst(part.lights.elements())
        count = ngettext("%(count)d task", "%(count)d tasks", part.total) % {"count": part.total}
        markers.append(
            {
                "lon": float(region.longitude), "lat": float(region.latitude), "label": part.name, "light": light,
                "size": part.total, "href": overview.scope.rows(**part.query),
                "title": f"{part.name} · {count} · {marks.LABELS[light]}",
            }
        )  # fmt: skip
        if home is not None and home.longitude is not None:
            lines.append({
                "lon1": float(home.longitude), "lat1": float(home.latitude),
                "lon2": float(region.longitude), "lat2": float(region.latitude),
            })  # fmt: skip
    return {"markers": markers, "lines": lines}


def trend_chart(months: list[Month]) -> dict[str, Any]:
    """Series for the chart and its table; a month without history is a gap (None)."""
    known = [month for month in months if month.lights is not None]
    series = [
        {
            "name": str(light.label),
            "tone": light.value,
            "values": [None if month.lights is None else month.lights[light] for month in months],
        }
        for light in TREND_LIGHTS
    ]
    labels = [f"{month.day:%Y-%m}" for month in months]
    return {
        "chart": {"categories": labels, "series": series, "from_zero": True},
        "rows": list(zip(labels, *[s["values"] for s in series], strict=True)),
        "heads": [s["name"] for s in series],
        "since": known[0].day if known else None,
        "short": len(known) < len(months),
    }
