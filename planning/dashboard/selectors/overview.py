"""The figures of the dashboard: one pass over the tasks one sees, a fixed number of queries."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from dalian_coop.accounts.models import Bureau
from dalian_coop.accounts.scope import sees_every_bureau
from partners.industries.enums import FieldRole
from partners.industries.models import CooperationField
from partners.regions.enums import Country
from partners.regions.models import Region
from planning.dashboard.engine import largest_remainder
from planning.dashboard.selectors.scope import Scope
from planning.plans.enums import Horizon
from planning.roadmap.models import Milestone
from planning.roadmap.selectors import DUE_SOON_DAYS
from planning.taskbooks.lights import light_for
from planning.taskbooks.models import TaskRegion

TOP = 10
STALE_HOURS = 24


@dataclass(slots=True)
class Part:
    """The tasks of one bureau, field, country or city. ``query`` opens exactly these rows in the task book."""

    name: str
    query: dict[str, str]
    lights: Counter = field(default_factory=Counter)
    share: int = 0  # tenths of a per cent
    main: bool = False

    @property
    def total(self) -> int:
        return self.lights.total()

    @property
    def late(self) -> int:
        return self.lights["red"] + self.lights["yellow"]

    @property
    def percent(self) -> str:
        return f"{self.share // 10}.{self.share % 10}"


@dataclass(slots=True)
class CityPart(Part):
    """The tasks that name one region."""

    region: Region | None = None


@dataclass(slots=True)
class LateTask:
    """A task past its due date."""

    code: str
    content: str
    due: date
    days: int
    lead: str
    light: str


@dataclass(slots=True)
class Overview:
    """All figures of one book, as ``actor`` sees it."""

    scope: Scope
    today: date
    as_of: datetime
    whole: Part
    leads: list[Part]
    fields: list[Part]
    countries: list[Part]
    horizons: list[Part]
    both_countries: int
    cities: list[CityPart]
    late: list[LateTask]
    late_count: int
    stones_soon: int
    stones_late: int
    changed: datetime | None
    own_scope: bool

    @property
    def longest(self) -> int:
        """Days the longest overdue task is late."""
        return self.late[0].days if self.late else 0

    @property
    def stale(self) -> bool:
        """Whether nothing was reported for a day."""
        return self.changed is not None and self.as_of - self.changed > timedelta(hours=STALE_HOURS)

    @property
    def worst_lead(self) -> Part | None:
        return self.leads[0] if self.leads and self.leads[0].lights["red"] else None


def overview(scope: Scope, actor: Any, today: date, as_of: datetime) -> Overview:
    """Count everything once: seven queries, and one for people who may not see every row."""
    rows = scope.tasks(actor).values_list(
        "id", "code", "content", "lead_id", "field_id", "state", "start", "due", "horizon", "countries", "updated_at"
    )
    whole = Part("", {})
    leads: dict[UUID, Counter] = defaultdict(Counter)
    fields: dict[UUID, Counter] = defaultdict(Counter)
    countries: dict[str, Counter] = defaultdict(Counter)
    horizons: dict[str, Counter] = defaultdict(Counter)
    lights: dict[UUID, str] = {}
    late: list[tuple] = []
    both, changed = 0, None
    for pk, code, content, lead, area, state, start, due, horizon, places, updated in rows:
        light = light_for(start=start, due=due, completed=state == "completed", today=today)
        lights[pk] = light
        whole.lights[light] += 1
        leads[lead][light] += 1
        fields[area][light] += 1
        horizons[horizon][light] += 1
        for country in places:
            countries[country][light] += 1
        both += len(places) > 1
        if light in ("red", "yellow"):
            late.append((due, code, content, lead, light))
        if changed is None or updated > changed:
            changed = updated
    names = {bureau.pk: bureau for bureau in Bureau.objects.only("code", "name_zh", "name_en", "name_ja", "name_ko")}
    soon, stones_late = _stones(scope, actor, today)
    return Overview(
        scope=scope,
        today=today,
        as_of=as_of,
        whole=whole,
        leads=_worst_first(Part(names[pk].name, {"lead": names[pk].code}, n) for pk, n in leads.items()),
        fields=_fields(fields, scope),
        countries=[
            Part(c.label, {"country": c.value}, countries[c.value])
            for c in (Country.JAPAN, Country.KOREA)
            if scope.country in ("", c)
        ],
        horizons=[Part(h.label, {"horizon": h.value}, horizons[h.value]) for h in Horizon if horizons[h.value]],
        both_countries=both,
        cities=_cities(lights, scope, actor),
        late=_late(late, names, today),
        late_count=len(late),
        stones_soon=soon,
        stones_late=stones_late,
        changed=changed,
        own_scope=not sees_every_bureau(actor) and scope.everything().count() > whole.total,
    )


def _worst_first(parts: Iterable[Part]) -> list[Part]:
    return sorted(parts, key=lambda p: (-p.lights["red"], -p.lights["yellow"], -p.total, p.name))


def _fields(counted: dict[UUID, Counter], scope: Scope) -> list[Part]:
    """The axis and its supports, all of them (or the one looked at), with shares that add up to 100 %."""
    found = [
        Part(f.name, {"field": f.code}, counted[f.pk], main=f.role == FieldRole.MAIN_AXIS)
        for f in CooperationField.objects.all()
        if scope.field in ("", f.code)
    ]
    for part, share in zip(found, largest_remainder([p.total for p in found]), strict=True):
        part.share = share
    return found


def _cities(lights: dict[UUID, str], scope: Scope, actor: Any) -> list[CityPart]:
    """Partner cities, and countries only where a task names the country as a whole: west to east."""
    counted: dict[UUID, Counter] = defaultdict(Counter)
    pairs = TaskRegion.objects.filter(task__in=scope.tasks(actor).values("id")).values_list("task_id", "region_id")
    for task, region in pairs:
        counted[region][lights[task]] += 1
    regions = Region.objects.filter(pk__in=counted).exclude(role__in=["country", "focus"]).exclude(country="CN")
    found = [CityPart(r.name, {"region": r.code}, counted[r.pk], region=r) for r in regions]
    return sorted(found, key=lambda part: (part.region.longitude is None, part.region.longitude))


def _late(late: list[tuple], names: dict[UUID, Bureau], today: date) -> list[LateTask]:
    late.sort(key=lambda row: (row[0], row[1]))
    return [
        LateTask(code, content, due, (today - due).days, names[lead].name, light)
        for due, code, content, lead, light in late[:TOP]
    ]


def _stones(scope: Scope, actor: Any, today: date) -> tuple[int, int]:
    """Milestones due within ``DUE_SOON_DAYS`` from today, and those past their day."""
    days = (
        Milestone.objects.filter(
            deleted_at__isnull=True, done_on__isnull=True, task__in=scope.tasks(actor).values("id")
        )
        .order_by()
        .values_list("due", flat=True)
    )
    dues = list(days)
    last = today + timedelta(days=DUE_SOON_DAYS)
    return sum(today <= due <= last for due in dues), sum(due < today for due in dues)
