"""What a change of dates would drag along: worked out, not written."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any, Literal
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dalian_coop.accounts.permissions import Perm
from dalian_coop.base.errors import Error, ValidationError
from dalian_coop.calendars.selectors import Notes
from planning.roadmap.models import Milestone
from planning.roadmap.schedule import Item, Link, Result, Why, schedule
from planning.roadmap.selectors.network import book_network, countries_of, working_days_moved
from planning.roadmap.selectors.page import stone_light
from planning.roadmap.services.checks import milestone_errors
from planning.roadmap.services.shapes import Change, Move, Preview
from planning.taskbooks.lights import light_for
from planning.taskbooks.models import Task, TaskBook

Follow = Literal["push", "keep"]
MOST_CHANGES = 200
LAST_YEAR = 2100


def preview(*, book: TaskBook, changes: Iterable[Change], by: Any, today: date, follow: Follow = "push") -> Preview:
    """Every move that ``changes`` would cause, with its cause and the light before and after. Writes nothing.

    With ``follow`` "push" dates given by people stay until a link asks for later; with "keep" everything that waits
    for a changed milestone keeps its distance in working days, earlier or later. Fixed and done milestones never move.
    Raises ``ValidationError``: under ``id`` ``unknown`` (not in the book, or the person may not see it), ``done``,
    ``too_many``; under ``due`` what is wrong with the date itself, ``out_of_calendar`` when a date leaves the calendar.
    """
    return _Work(book, list(changes), by, today, follow).preview()


def _refuse(field: str, code: str, message: str) -> ValidationError:
    return ValidationError({field: [Error(code, message)]})


class _Work:
    """One preview. The schedule is computed twice, without and with the changes: what differs is their doing."""

    def __init__(self, book: TaskBook, changes: list[Change], by: Any, today: date, follow: Follow):
        if len(changes) > MOST_CHANGES:
            raise _refuse("id", "too_many", _("At most %(n)s dates can be changed at once.") % {"n": MOST_CHANGES})
        self.book, self.by, self.today, self.follow = book, by, today, follow
        self.net = book_network(book)
        self.stone_changes = {c.id: c for c in changes if c.kind == "milestone"}
        self.task_changes = {c.id: c for c in changes if c.kind == "task"}
        self.which = "forecast" if any(c.which == "forecast" for c in changes) else "due"
        self.seen = set(Task.objects.visible_to(by).filter(book=book).values_list("pk", flat=True))
        self._check()

    def _check(self) -> None:
        for change in self.task_changes.values():
            self._task(change)
        for change in self.stone_changes.values():
            stone = self.net.stones.get(change.id)
            if stone is None or stone.task_id not in self.seen or change.due is None:
                raise _refuse("id", "unknown", _("There is no such milestone in this task book."))
            if stone.done_on:
                raise _refuse("id", "done", _("%(name)s is done; its date stays.") % {"name": str(stone)})
            draft = _with_due(stone, change.due)
            if (task := self.task_changes.get(stone.task_id)) and task.start:
                draft.task = _with_dates(stone.task, task)
            if found := milestone_errors(draft, today=self.today).get("due"):
                raise ValidationError({"due": found})

    def _task(self, change: Change) -> Task:
        if change.id not in self.seen:
            raise _refuse("id", "unknown", _("There is no such task in this task book."))
        if change.id not in self.net.tasks:
            self.net.tasks[change.id] = Task.objects.select_related("lead").get(pk=change.id)
        task = _with_dates(self.net.tasks[change.id], change)
        if task.start and task.due and task.due < task.start:
            raise _refuse("due", "before_start", _("The deadline lies before the start."))
        for day in (task.start, task.due):
            if day and not 2000 <= day.year <= 2100:
                raise _refuse("due", "year_out_of_range", _("The year must lie between 2000 and 2100."))
        return task

    def preview(self) -> Preview:
        try:
            before = schedule(self.net.items(self.which), self.net.links, ends="each")
            after = schedule(self._items(before), self._links(before), ends="each")
            if after.finish and after.finish.year > LAST_YEAR:
                raise IndexError(after.finish)
        except IndexError as error:
            message = _("A date would lie after the year 2100, up to which the calendars count.")
            raise _refuse("due", "out_of_calendar", message) from error
        moves = [*self._task_moves(), *self._stone_moves(before, after)]
        unseen = sum(move is None for move in moves)
        found = Preview([move for move in moves if move is not None], unseen=unseen)
        found.problems = self._problems(before, after)
        found.warnings = self._warnings(found.moves)
        return found

    # --- the changed network

    def _items(self, before: Result) -> list[Item]:
        behind = self._behind() if self.follow == "keep" else set()
        items = []
        for stone in self.net.stones.values():
            item = self.net.item(stone, self.which)
            if stone.pk in self.stone_changes:
                item = replace(item, fixed=self.stone_changes[stone.pk].due)
            elif stone.pk in behind and not item.fixed:
                item = replace(item, planned=None)
            elif (change := self.task_changes.get(stone.task_id)) and change.start:
                # A milestone does not lie before the start of its task.
                item = replace(item, planned=max(item.planned, change.start))
            items.append(item)
        return items

    def _links(self, before: Result) -> list[Link]:
        if self.follow == "push":
            return self.net.links
        behind = self._behind()
        return [self._kept(link, before) if link.after in behind else link for link in self.net.links]

    def _kept(self, link: Link, before: Result) -> Link:
        """The link with the distance that lies between the two today, if that is more than it asks for."""
        calendar = self.net.calendar(self.net.stones[link.after])
        first, second = before.rows[link.before].early_finish, before.rows[link.after].early_finish
        return replace(link, lag=working_days_moved(calendar, first, second), calendar_days=False)

    def _behind(self) -> set[UUID]:
        after: dict[UUID, list[UUID]] = {}
        for link in self.net.links:
            after.setdefault(link.before, []).append(link.after)
        found: set[UUID] = set()
        stack = list(self.stone_changes)
        while stack:
            for key in after.get(stack.pop(), ()):
                if key not in found and key not in self.stone_changes and not self.net.stones[key].done_on:
                    found.add(key)
                    stack.append(key)
        return found

    # --- what differs

    def _stone_moves(self, before: Result, after: Result) -> list[Move | None]:
        moved = [
            key
            for key, row in after.rows.items()
            if row.early_finish != before.rows[key].early_finish
            or key in self.stone_changes
            and row.early_finish != self._held(self.net.stones[key])
        ]
        notes = Notes({c for key in moved for c in countries_of(self.net.stones[key])})
        return [self._stone_move(self.net.stones[key], after, notes) for key in moved]

    def _held(self, stone: Milestone) -> date | None:
        return stone.forecast if self.which == "forecast" else stone.due

    def _stone_move(self, stone: Milestone, after: Result, notes: Notes) -> Move | None:
        if stone.task_id not in self.seen:
            return None
        row = after.rows[stone.pk]
        old = self._held(stone) or stone.due
        asked = stone.pk in self.stone_changes
        cause, cause_id = self._cause(stone, row, asked)
        wanted = countries_of(stone)
        return Move(
            stone.pk, "milestone", self.which, stone.code, stone.name, self._held(stone), row.early_finish,
            working_days_moved(self.net.calendar(stone), old, row.early_finish), cause, cause_id, asked,
            self.light(stone, old), self.light(stone, row.early_finish), stone.version,
            self.by.has_perm(Perm.EDIT_MILESTONE, stone), stone.task.lead.name,
            tuple(str(note) for note in notes.of(row.early_finish) if note.country in wanted),
        )  # fmt: skip

    def light(self, stone: Milestone, day: date) -> str:
        """The light by the plan; of a forecast the light the milestone will show on the day it is expected."""
        if self.which == "due":
            return stone_light(day, stone.done_on, self.today)
        return stone_light(stone.due, stone.done_on, max(day, self.today) if day > stone.due else self.today)

    def _cause(self, stone: Milestone, row, asked: bool) -> tuple[str, UUID | None]:
        if asked:
            return _("The change itself."), None
        if row.cause.why != Why.LINK:
            return _("Its task starts on %(day)s.") % {"day": _day(row.early_finish)}, stone.task_id
        link = row.cause.link
        other = self.net.stones[link.before]
        name = other.code if other.task_id in self.seen else _("a milestone you may not see")
        return _waits(name, link), other.pk

    def _task_moves(self) -> list[Move]:
        moves = []
        for change in self.task_changes.values():
            old = self.net.tasks[change.id]
            new = _with_dates(old, change)
            calendar = self.net.calendars(old.lead.seat_country or "CN")
            lights = [
                light_for(start=t.start, due=t.due, completed=t.state == "completed", today=self.today)
                for t in (old, new)
            ]
            for name in ("start", "due"):
                was, now = getattr(old, name), getattr(new, name)
                if was == now:
                    continue
                days = working_days_moved(calendar, was, now) if was else 0
                moves.append(
                    Move(
                        old.pk, "task", name, old.code, old.content, was, now, days, _("The change itself."), None,
                        True, *lights, old.version, self.by.has_perm(Perm.EDIT_TASK, old), old.lead.name,
                    )
                )  # fmt: skip
        return moves

    # --- sentences

    def _problems(self, before: Result, after: Result) -> list[str]:
        found = []
        for link in after.broken:
            if link in before.broken and link.after not in self.stone_changes:
                continue
            first, second = self.net.stones[link.before], self.net.stones[link.after]
            message = _("%(name)s cannot keep %(day)s: %(cause)s")
            day = after.rows[link.after].early_finish
            name = first.code if first.task_id in self.seen else _("a milestone you may not see")
            found.append(message % {"name": str(second), "day": _day(day), "cause": _waits(name, link)})
        for key in after.late:
            if key not in before.late or key in self.stone_changes:
                stone = self.net.stones[key]
                message = _("%(name)s must not be later than %(day)s.")
                found.append(message % {"name": str(stone), "day": _day(stone.limit_on)})
        return found

    def _warnings(self, moves: list[Move]) -> list[str]:
        found = []
        for move in moves:
            found += [f"{move.code} {_day(move.new)} · {note}" for note in move.notes]
            if move.kind != "milestone":
                continue
            task = self.net.tasks[self.net.stones[move.id].task_id]
            change = self.task_changes.get(task.pk)
            due = change.due if change and change.due else task.due
            if due and move.new > due:
                message = _("%(name)s would lie after the deadline of its task (%(day)s).")
                found.append(message % {"name": move.code, "day": _day(due)})
        return found


def _with_due(stone: Milestone, due: date) -> Milestone:
    draft = Milestone(pk=stone.pk, code=stone.code, name=stone.name, due=due, done_on=stone.done_on)
    draft.task = stone.task
    return draft


def _with_dates(task: Task, change: Change) -> Task:
    draft = Task(pk=task.pk, state=task.state, start=change.start or task.start, due=change.due or task.due)
    draft.lead = task.lead
    return draft


def _waits(name: str, link: Link) -> str:
    """The sentence for a binding link."""
    if not link.lag:
        return _("it waits for %(name)s.") % {"name": name}
    if link.lag < 0:
        return _("it may lie at most %(n)s days before %(name)s.") % {"name": name, "n": -link.lag}
    if link.calendar_days:
        text = ngettext(
            "it waits for %(name)s and %(n)s calendar day more.", "it waits for %(name)s and %(n)s calendar days more.",
            link.lag,
        )  # fmt: skip
    else:
        text = ngettext(
            "it waits for %(name)s and %(n)s working day more.", "it waits for %(name)s and %(n)s working days more.",
            link.lag,
        )  # fmt: skip
    return text % {"name": name, "n": link.lag}


def _day(day: date) -> str:
    return date_format(day, "Y-m-d")
