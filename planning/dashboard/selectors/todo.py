"""What waits for one person: steps in the life of books, tasks and milestones of the own bureau."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from dalian_coop.accounts.enums import Role
from dalian_coop.accounts.permissions import Perm
from planning.roadmap.models import Milestone
from planning.roadmap.selectors.life import open_parts, to_verify, waiting_requests
from planning.taskbooks import workflow
from planning.taskbooks.enums import BookStatus, PartStatus, SignState
from planning.taskbooks.models import BookPart, Countersignature, Task, TaskBook

SOON = timedelta(days=30)
SHOWN = 20


@dataclass(frozen=True)
class Step:
    """One thing to do: what, about which book, by when, and where."""

    words: Any
    about: str
    address: str
    note: str = ""
    due: date | None = None
    is_late: bool = False


@dataclass
class ToDo:
    """``tasks`` and ``milestones`` are (heading, total, first rows) by urgency; empty ones are left out."""

    steps: list[Step] = field(default_factory=list)
    tasks: list[tuple[Any, int, list[Task]]] = field(default_factory=list)
    milestones: list[tuple[Any, int, list[Milestone]]] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not (self.steps or self.tasks or self.milestones)


def todo(actor: Any, today: date) -> ToDo:
    """A fixed number of statements, whatever waits."""
    books = list(TaskBook.objects.visible_to(actor).exclude(status=BookStatus.CLOSED))
    steps = [*_returned(actor, books, today), *_signatures(actor, books), *_arranging(actor, books)]
    steps += [*_requests(actor), *_to_verify(actor), *_parts(actor, today)]
    own = Task.objects.visible_to(actor).filter(lead__in=actor.bureau_ids).exclude(state="completed")
    stones = Milestone.objects.visible_to(actor).filter(task__lead__in=actor.bureau_ids, done_on=None)
    return ToDo(
        steps=sorted(steps, key=lambda step: (not step.is_late, step.due or date.max)),
        tasks=_by_date(own.select_related("book"), today),
        milestones=_by_date(stones.select_related("task__book"), today),
    )


def _by_date(rows: QuerySet, today: date) -> list[tuple[Any, int, list]]:
    late = list(rows.filter(due__lt=today).order_by("due"))
    soon = list(rows.filter(due__range=(today, today + SOON)).order_by("due"))
    groups = ((_("Past the deadline"), late), (_("Due within 30 days"), soon))
    return [(heading, len(found), found[:SHOWN]) for heading, found in groups if found]


def _returned(actor: Any, books: list[TaskBook], today: date) -> list[Step]:
    """Parts that the actor's bureaus have still to hand in, those that came back first."""
    by_id = {book.pk: book for book in books if book.status in workflow.OPEN}
    leads = Task.objects.alive().filter(book__in=by_id, lead__in=actor.bureau_ids).order_by()
    pairs = set(leads.values_list("book", "lead").distinct())
    parts = {(p.book_id, p.bureau_id): p for p in BookPart.objects.filter(book__in=by_id, bureau__in=actor.bureau_ids)}
    found = []
    for book_id, bureau_id in pairs:
        book, part = by_id[book_id], parts.get((book_id, bureau_id))
        if part is not None and part.status in workflow.HANDED_IN:
            continue
        returned = part is not None and part.status == PartStatus.RETURNED
        words = _("Returned to your bureau; please revise and submit again") if returned else _("Submit your part")
        late = bool(book.parts_due and book.parts_due < today)
        note = part.reason if returned else ""
        found.append(Step(words, book.title, reverse("taskbooks:life", args=[book.code]), note, book.parts_due, late))
    return found


def _signatures(actor: Any, books: list[TaskBook]) -> list[Step]:
    """Signatures asked of the actor's bureaus, and for the coordinating bureau the objections to settle."""
    by_id = {book.pk: book for book in books if book.status == BookStatus.COUNTERSIGN}
    open_ones = Countersignature.objects.filter(book__in=by_id).select_related("bureau")
    found = []
    for one in open_ones.filter(state__in=(SignState.PENDING, SignState.OBJECTED)):
        address = reverse("taskbooks:life", args=[by_id[one.book_id].code]) + "#signatures"
        if one.state == SignState.PENDING and Role.HEAD in actor.roles and one.bureau_id in actor.bureau_ids:
            found.append(Step(_("Countersign"), by_id[one.book_id].title, address))
        elif one.state == SignState.OBJECTED and Role.COORDINATOR in actor.roles:
            note = f"{one.bureau.name}: {one.text}"
            found.append(Step(_("Settle the objection"), by_id[one.book_id].title, address, note))
    return found


_NEXT = {
    (Role.LEADER, BookStatus.ASSEMBLED): _("Approve the book, or return it"),
    (Role.LEADER, BookStatus.COUNTERSIGN): _("Approve the book, or return it"),
    (Role.COORDINATOR, BookStatus.ASSEMBLED): _("Have the book countersigned"),
    (Role.COORDINATOR, BookStatus.APPROVED): _("Issue the book"),
}


def _arranging(actor: Any, books: list[TaskBook]) -> list[Step]:
    """The next step of a book as a whole, for those who take it."""
    return [
        Step(words, book.title, reverse("taskbooks:life", args=[book.code]))
        for book in books
        for (role, status), words in _NEXT.items()
        if role in actor.roles and book.status == status
    ]


def _requests(actor: Any) -> list[Step]:
    """Requests for another date: to decide for the coordinating bureau."""
    if Role.COORDINATOR not in actor.roles:
        return []
    found = []
    for one in waiting_requests(actor):
        if one.asked_by == str(actor):
            continue  # somebody else than the person who asked decides
        book, stone = one.milestone.task.book, one.milestone
        address = reverse("roadmap:extension", args=[book.code, one.pk])
        note = f"{stone.code} {one.old_due:%Y-%m-%d} → {one.new_due:%Y-%m-%d}: {one.reason}"
        found.append(Step(_("Decide on an extension"), book.title, address, note))
    return found


def _to_verify(actor: Any) -> list[Step]:
    """Milestones that another bureau reported as reached and that the actor's bureau may verify."""
    if not actor.has_perm(Perm.EDIT_MILESTONE):
        return []
    return [
        Step(_("Verify the evidence"), stone.task.book.title, _stone_address(stone) + "#reached", str(stone))
        for stone in to_verify(actor)
    ]


def _parts(actor: Any, today: date) -> list[Step]:
    """Parts of shared milestones that the actor's bureaus still owe."""
    if not actor.has_perm(Perm.EDIT_MILESTONE):
        return []
    found = []
    for part in open_parts(actor):
        stone = part.milestone
        words, address = _("Deliver your part"), _stone_address(stone) + "#parts"
        note = f"{stone.code} {part.content}"
        found.append(Step(words, stone.task.book.title, address, note, stone.due, stone.due < today))
    return found


def _stone_address(stone: Milestone) -> str:
    return reverse("roadmap:milestone", args=[stone.task.book.code, stone.pk])
