"""Search over everything with a name: two queries a kind, whatever is found."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from dalian_coop.accounts.models import Bureau
from dalian_coop.accounts.permissions import Perm
from dalian_coop.base.text import identifier
from partners.indicators.models import Indicator
from partners.regions.models import Region
from planning.roadmap.models import Milestone
from planning.taskbooks.models import Task, TaskBook

SHOWN = 10
MAX_LENGTH = 100
_NAMES = ("name_zh", "name_en", "name_ja", "name_ko")


@dataclass(frozen=True)
class Hit:
    """One thing found."""

    title: str
    address: str
    note: str = ""


@dataclass
class HitGroup:
    """The hits of one kind: how many there are, and the first of them."""

    kind: str
    label: Any
    count: int = 0
    hits: list[Hit] = field(default_factory=list)
    more: str = ""


def search(actor: Any, text: str) -> list[HitGroup]:
    """What ``actor`` may see and whose name, number or text holds ``text``; kinds without a hit are left out."""
    wanted = identifier(text)
    if not wanted:
        return []
    kinds: list[tuple[str, Any, Callable]] = [
        ("tasks", _("Tasks"), _tasks),
        ("cities", _("Cities and regions"), _cities),
        ("indicators", _("Indicators"), _indicators),
        ("bureaus", _("Bureaus"), _bureaus),
        ("milestones", _("Milestones"), _milestones),
    ]
    found = [finder(HitGroup(kind, label), actor, wanted) for kind, label, finder in kinds]
    return [group for group in found if group.count]


def _take(group: HitGroup, rows: QuerySet, hit: Callable[[Any], Hit]) -> HitGroup:
    group.hits = [hit(row) for row in rows[:SHOWN]]
    group.count = rows.count() if len(group.hits) == SHOWN else len(group.hits)
    return group


def _holds(text: str, *names: str) -> Q:
    found = Q()
    for name in names:
        found |= Q(**{f"{name}__icontains": text})
    return found


def _tasks(group: HitGroup, actor: Any, text: str) -> HitGroup:
    matching = Q(code__startswith=text) | _holds(text, "content", "objective", "lead__name_zh")
    rows = Task.objects.visible_to(actor).filter(matching).select_related("book", "lead").in_order()
    _take(group, rows, lambda t: Hit(str(t), reverse("taskbooks:task", args=[t.book.code, t.code]), t.lead.name))
    books = list(TaskBook.objects.visible_to(actor).values_list("code", flat=True)[:2])
    if len(books) == 1 and group.count > SHOWN:
        group.more = f"{reverse('taskbooks:book', args=books)}?{urlencode({'q': text})}"
    return group


def _cities(group: HitGroup, actor: Any, text: str) -> HitGroup:
    rows = Region.objects.visible_to(actor).filter(_holds(text, *_NAMES, "pinyin") | Q(code__iexact=text))
    return _take(
        group,
        rows.order_by("pinyin"),
        lambda r: Hit(
            r.name, reverse("relations:city", args=[r.code]), f"{r.get_country_display()} · {r.get_role_display()}"
        ),
    )


def _indicators(group: HitGroup, actor: Any, text: str) -> HitGroup:
    if not actor.has_perm(str(Perm.READ_INDICATORS)):
        return group
    rows = Indicator.objects.filter(_holds(text, *_NAMES, "code")).order_by("code")
    return _take(group, rows, lambda i: Hit(i.name, reverse("indicators:indicator", args=[i.code]), i.unit))


def _bureaus(group: HitGroup, actor: Any, text: str) -> HitGroup:
    """Also by pinyin (shangwuju) and its first letters (swj)."""
    plain = text.lower().replace(" ", "")
    matching = _holds(text, *_NAMES, "full_name") | Q(initials__contains=plain) | Q(aliases__icontains=text)
    rows = Bureau.objects.filter(matching | _holds(text, "pinyin")).order_by("pinyin")
    books = list(TaskBook.objects.visible_to(actor).values_list("code", flat=True)[:1])
    address = reverse("taskbooks:book", args=books) if books else ""
    return _take(group, rows, lambda b: Hit(b.name, f"{address}?lead={b.code}" if address else "", b.full_name))


def _milestones(group: HitGroup, actor: Any, text: str) -> HitGroup:
    rows = Milestone.objects.visible_to(actor).filter(_holds(text, "name", "deliverable") | Q(code__startswith=text))
    return _take(
        group,
        rows.select_related("task__book").order_by("due", "code"),
        lambda m: Hit(m.name, reverse("roadmap:milestone", args=[m.task.book.code, m.pk]), f"{m.due:%Y-%m-%d}"),
    )
