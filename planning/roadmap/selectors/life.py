"""The life of one milestone: its dates beside each other, how it moved, files, parts, requests, links."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet

from dalian_coop.calendars.selectors import Notes, next_common_days
from planning.roadmap.models import Dependency, Evidence, ExtensionRequest, Milestone, MilestonePart
from planning.roadmap.selectors.network import countries_of, stone_network
from planning.roadmap.selectors.versions import SlipRecord, Version, date_events, slips, versions
from planning.taskbooks.models import Task
from planning.taskbooks.permissions import coordinates


@dataclass(frozen=True, slots=True)
class Step:
    """One write that set or moved the date. ``old`` is None for the first one."""

    old: date | None
    new: date
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True)
class StoneLife:
    """``in_versions`` are the versions of the plan with the date the milestone had in each (None: it was not there);
    ``notes`` say what falls on its due day in the countries concerned, ``common_days`` when they can next meet.
    """

    slip: SlipRecord
    steps: list[Step]
    in_versions: list[tuple[Version, date | None]]
    notes: list[str]
    files: list[Evidence]
    parts: list[MilestonePart]
    requests: list[ExtensionRequest]
    before: QuerySet
    after: QuerySet
    common_days: list[date]

    @property
    def open_request(self) -> ExtensionRequest | None:
        return next((one for one in self.requests if one.state == "asked"), None)


def life_of(stone: Milestone, actor: Any, today: date) -> StoneLife:
    """A fixed number of queries, whatever happened to the milestone."""
    found = versions(stone.task.book)
    events = list(date_events([stone.pk]))
    seen = Milestone.objects.visible_to(actor)
    links = Dependency.objects.select_related("predecessor__task", "successor__task")
    return StoneLife(
        slip=slips(stone_network(stone), today)[stone.pk],
        steps=_steps(events),
        in_versions=[(version, _date_in(events, version)) for version in found],
        notes=day_notes(stone),
        files=list(stone.evidence.all()),
        parts=list(stone.parts.select_related("bureau")),
        requests=list(stone.extensions.all()),
        before=links.filter(successor=stone, predecessor__in=seen).order_by("predecessor__due"),
        after=links.filter(predecessor=stone, successor__in=seen).order_by("successor__due"),
        common_days=common_days(stone),
    )


def common_days(stone: Milestone) -> list[date]:
    """The first days from the due day on, on which all countries concerned work; empty with one country only."""
    countries = countries_of(stone)
    return next_common_days(countries, stone.due, count=3) if len(countries) > 1 else []


def day_notes(stone: Milestone) -> list[str]:
    """Festivals, days off and make-up days on the due day, in the countries of the work and of the partners."""
    return [str(note) for note in Notes(countries_of(stone)).of(stone.due)]


def _steps(events: list[Any]) -> list[Step]:
    found = []
    for event in events:
        if event.due != event.due_before:
            context = event.pgh_context.metadata if event.pgh_context else {}
            who, why = context.get("actor_label", ""), context.get("reason", "")
            found.append(Step(event.due_before, event.due, why, who, event.pgh_created_at))
    return found


def _date_in(events: list[Any], version: Version) -> date | None:
    earlier = [e for e in events if version.moment is None or e.pgh_created_at < version.moment]
    return earlier[-1].due if earlier and earlier[-1].deleted_at is None else None


def waiting_requests(actor: Any, **where: Any) -> QuerySet[ExtensionRequest]:
    """Requests nobody has decided on, for milestones one sees, the oldest first."""
    rows = ExtensionRequest.objects.visible_to(actor).filter(state="asked", **where)
    return rows.select_related("milestone__task__book", "milestone__task__lead", "asked_bureau").order_by("created_at")


def unverified(actor: Any, **where: Any) -> QuerySet[Milestone]:
    """Milestones one sees that were reported as done and that no other bureau has verified yet."""
    rows = Milestone.objects.visible_to(actor).filter(reported_on__isnull=False, done_on__isnull=True, **where)
    return rows.select_related("task__book", "task__lead", "reported_by").order_by("reported_on", "code")


def to_verify(actor: Any) -> QuerySet[Milestone]:
    """Those of ``unverified`` that the actor's bureau may verify, as ``services.verify_done`` asks."""
    own = actor.bureau_ids
    rows = unverified(actor).exclude(task__lead__in=own).exclude(reported_by__in=own)
    if coordinates(actor):
        return rows
    supported = Task.objects.filter(units__bureau__in=own).values("pk")
    shared = MilestonePart.objects.filter(bureau__in=own).values("milestone")
    return rows.filter(Q(task__in=supported) | Q(pk__in=shared))


def open_parts(actor: Any) -> QuerySet[MilestonePart]:
    """Parts of shared milestones that the actor's bureaus have still to deliver, by date."""
    rows = MilestonePart.objects.filter(bureau__in=actor.bureau_ids, done_on=None, milestone__done_on=None)
    rows = rows.filter(milestone__in=Milestone.objects.visible_to(actor))
    return rows.select_related("milestone__task__book").order_by("milestone__due")


def linkable(stone: Milestone, actor: Any) -> QuerySet[Milestone]:
    """Milestones of the same book for which ``stone`` might wait: one sees them, and they are not linked yet."""
    rows = Milestone.objects.visible_to(actor).filter(task__book=stone.task.book_id).exclude(pk=stone.pk)
    rows = rows.exclude(successor_links__successor=stone).select_related("task")
    return rows.order_by("task__sort_key", "due", "code")
