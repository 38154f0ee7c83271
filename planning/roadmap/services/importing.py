"""The sheet of milestones (路线图) in a task book's workbook: in and out, in the import's own transaction."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import Case, F, OuterRef, Subquery, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dalian_coop.base.errors import Error
from dalian_coop.documents.sheets import Row, Sheet, header_names
from dalian_coop.documents.writing import Column, Table
from planning.roadmap.enums import DependencyKind
from planning.roadmap.models import Dependency, Milestone
from planning.roadmap.services.checks import milestone_errors
from planning.taskbooks.models import Task, TaskBook
from planning.taskbooks.services import cells, layout
from planning.taskbooks.services.cells import BadCell
from planning.taskbooks.services.reports import Change, Outcome, RowReport
from planning.taskbooks.services.sheets import ImportRun

COLUMNS = {
    "任务序号": ("task", 10),
    "里程碑编号": ("code", 14),
    "里程碑": ("name", 46),
    "计划完成时间": ("due", 14),
    "前置里程碑": ("predecessors", 26),
    "交付物": ("deliverable", 22),
}
TITLES = {name: title for title, (name, _width) in COLUMNS.items()}
_SPLIT = re.compile(r"[;；、,，\s]+")
_IDENTITY = re.compile(r"([0-9a-f-]{36})@([0-9]{1,9})")
_READERS = {"task": cells.code_of, "due": cells.date_of}


@dataclass
class _Draft:
    """A row on its way in, with the milestone it goes to and those that milestone waits for (by number)."""

    row: int
    values: dict[str, Any] = field(default_factory=dict)
    bad: list[tuple[str | None, Error]] = field(default_factory=list)
    milestone: Milestone | None = None
    new: bool = False
    changes: list[Change] = field(default_factory=list)


class MilestoneSheet:
    """Handler for ``planning.taskbooks.services.sheets``."""

    name = "milestones"
    required = frozenset({"任务序号", "里程碑编号", "里程碑", "计划完成时间"})

    def take(self, sheet: Sheet, header: Row, columns: dict[str, int], run: ImportRun) -> None:
        """Write the milestones of ``sheet``; a row that cannot be taken goes to the report, and nothing is written."""
        _Intake(sheet, columns, run).take(header)

    def table(self, book: TaskBook, actor) -> Table:
        """The milestones of ``book`` that ``actor`` sees, in the order of the tasks. One query."""
        columns = [
            Column(title, width, "date" if name == "due" else "text") for title, (name, width) in COLUMNS.items()
        ]
        return Table(
            name=layout.sheet_name("路线图", book.is_sample),
            title=book.title.replace("任务书", "路线图"),
            note=book.note,
            columns=[*columns, Column(layout.IDENTITY, hidden=True)],
            rows=_rows(book, actor),
        )


def _rows(book: TaskBook, actor):
    own_first = Case(When(predecessor__task=F("successor__task"), then=0), default=1)
    before = (
        Dependency.objects.filter(successor=OuterRef("pk"), predecessor__deleted_at__isnull=True)
        .order_by()
        .values("successor")
        .annotate(codes=StringAgg("predecessor__code", ";", order_by=[own_first, "predecessor__code"]))
        .values("codes")
    )
    milestones = Milestone.objects.visible_to(actor).filter(task__book=book).annotate(before=Subquery(before))
    milestones = milestones.order_by("task__sort_key", "order", "code")
    found = milestones.values_list("task__code", "code", "name", "due", "before", "deliverable", "id", "version")
    for *values, key, version in found.iterator(chunk_size=2000):
        yield [*values, f"{key}@{version}"]


class _Intake:
    """One sheet on its way into one book."""

    def __init__(self, sheet: Sheet, columns: dict[str, int], run: ImportRun):
        self.sheet, self.columns, self.run = sheet, columns, run
        self.tasks = {task.pk: task for task in run.tasks.values()}
        # Tasks that people deleted are not in self.tasks; their milestones rest with them.
        milestones = Milestone.objects.filter(task__in=self.tasks, deleted_at__isnull=True)
        self.by_key = {(self.tasks[m.task_id].code, m.code): m for m in milestones}
        self.by_code: dict[str, list[Milestone]] = defaultdict(list)
        for milestone in self.by_key.values():
            milestone.task = self.tasks[milestone.task_id]
            self.by_code[milestone.code].append(milestone)
        self.counts: dict[Any, int] = defaultdict(int)
        for milestone in self.by_key.values():
            self.counts[milestone.task_id] += 1
        self.links: dict[Any, dict[Any, Dependency]] = defaultdict(dict)  # successor → predecessor → link
        for link in Dependency.objects.filter(successor__in=[m.pk for m in self.by_key.values()]):
            self.links[link.successor_id][link.predecessor_id] = link
        self.drafts: list[_Draft] = []
        self.seen: dict[tuple[str, str], int] = {}

    def take(self, header: Row) -> None:
        for row in self.sheet.rows:
            if row.number > header.number and not row.is_blank and not self._is_header(row):
                self.drafts.append(self._read(row))
        for draft in self.drafts:
            if not draft.bad:
                self._link(draft)
        self._check_order()
        for draft in self.drafts:
            self._report(draft)
        if not self.run.report.errors:
            self._write()

    def _is_header(self, row: Row) -> bool:
        return MilestoneSheet.required <= header_names(row).keys()

    # --- reading ---

    def _read(self, row: Row) -> _Draft:
        draft = _Draft(row.number)
        for title, (name, _width) in COLUMNS.items():
            if title in self.columns:
                try:
                    draft.values[name] = _READERS.get(name, cells.text_of)(row[self.columns[title]])
                except BadCell as bad:
                    draft.bad.append((name, bad.error))
        task = self.run.tasks.get(draft.values.get("task", ""))
        if task is None:
            message = _("The book has no task %(code)s.") % {"code": draft.values.get("task", "")[:30] or "-"}
            draft.bad.append(("task", Error("task_unknown", message)))
            return draft
        key = (task.code, draft.values.get("code", ""))
        if key in self.seen:
            message = _("The number %(code)s stands already in row %(row)d.") % {"code": key[1], "row": self.seen[key]}
            draft.bad.append(("code", Error("code_duplicate", message)))
            return draft
        self.seen[key] = row.number
        self._merge(draft, task, self.by_key.get(key))
        self._check_version(draft, row)
        return draft

    def _merge(self, draft: _Draft, task: Task, milestone: Milestone | None) -> None:
        draft.new = milestone is None
        if milestone is None:
            self.counts[task.pk] += 1
            milestone = Milestone(task=task, code=draft.values.get("code", ""), order=self.counts[task.pk])
            self.by_code[milestone.code].append(milestone)
        draft.milestone = milestone
        for name in ("name", "due", "deliverable"):
            if name not in draft.values:
                continue
            old, value = getattr(milestone, name), draft.values[name]
            before, after = cells.plain(cells.shown(old)), cells.plain(cells.shown(value))
            if draft.new or before != after:
                setattr(milestone, name, value)
                if not draft.new:
                    draft.changes.append(Change(TITLES[name], before, after))
        if (draft.new or draft.changes) and not draft.bad:
            found = milestone_errors(milestone, today=timezone.localdate())
            draft.bad += [(name, error) for name, errors in found.items() for error in errors]

    def _check_version(self, draft: _Draft, row: Row) -> None:
        """Refuse a changed row that somebody changed in the portal after the export."""
        column = self.columns.get(layout.IDENTITY)
        known = _IDENTITY.fullmatch(str(row[column])) if column is not None else None
        milestone = draft.milestone
        if known and draft.changes and known[1] == str(milestone.pk) and int(known[2]) != milestone.version:
            message = _(
                "The row was changed in the portal after this file was exported (version %(seen)d, now %(current)d)."
            )
            message %= {"seen": int(known[2]), "current": milestone.version}
            draft.bad.append((None, Error("stale_row", message)))

    # --- what waits for what ---

    def _link(self, draft: _Draft) -> None:
        """The milestones this one waits for; the links it has keep their kind and lag."""
        if "predecessors" not in draft.values:
            return
        have = self.links[draft.milestone.pk]
        wanted: dict[Any, Milestone] = {}
        for code in filter(None, _SPLIT.split(draft.values["predecessors"])):
            found = self.by_code.get(code, [])
            if len(found) != 1:
                message = _("There is no milestone %(code)s in this book, or more than one.") % {"code": code[:40]}
                draft.bad.append(("predecessors", Error("milestone_unknown", message)))
            elif found[0] is draft.milestone:
                message = _("A milestone cannot wait for itself.")
                draft.bad.append(("predecessors", Error("itself", message)))
            else:
                wanted[found[0].pk] = found[0]
        before = self._codes(have)
        after = ";".join(sorted(m.code for m in wanted.values()))
        if not draft.new and before != after:
            draft.changes.append(Change(TITLES["predecessors"], before, after))
        self.links[draft.milestone.pk] = {
            pk: have.get(pk) or Dependency(predecessor=m, successor=draft.milestone) for pk, m in wanted.items()
        } | {pk: link for pk, link in have.items() if pk not in self._by_pk}

    def _codes(self, links: dict[Any, Dependency]) -> str:
        return ";".join(sorted(self._by_pk[pk].code for pk in links if pk in self._by_pk))

    @cached_property
    def _by_pk(self) -> dict[Any, Milestone]:
        """Every milestone of the book and of the file; asked for once all rows are read."""
        return {m.pk: m for milestones in self.by_code.values() for m in milestones}

    def _check_order(self) -> None:
        """Dates along the links, and rings. Told at the row of the file that brings the trouble."""
        drafts = {d.milestone.pk: d for d in self.drafts if d.milestone is not None}
        touched = {pk for pk, d in drafts.items() if (d.new or d.changes) and not d.bad}
        if not touched:
            return
        for successor, links in self.links.items():
            for predecessor, link in links.items():
                before, after = self._by_pk.get(predecessor), self._by_pk.get(successor)
                if link.kind == DependencyKind.SF or None in (before, after) or not touched & {predecessor, successor}:
                    continue
                if before.due and after.due and before.due > after.due:
                    message = _("%(name)s is due later than the milestone that would wait for it.")
                    later = drafts.get(successor)
                    at, name = (later, "predecessors") if later else (drafts[predecessor], "due")
                    at.bad.append((name, Error("later", message % {"name": str(before)})))
        for pk in self._in_rings() & touched:
            message = _("The milestones would wait for each other in a ring.")
            drafts[pk].bad.append(("predecessors", Error("cycle", message)))

    def _in_rings(self) -> set:
        """Milestones that wait for themselves, or behind a ring: what is left when nothing more can be taken off."""
        waits = {pk: {p for p in links if p in self._by_pk} for pk, links in self.links.items()}
        free = [pk for pk in self._by_pk if not waits.get(pk)]
        followers: dict[Any, list] = defaultdict(list)
        for successor, predecessors in waits.items():
            for predecessor in predecessors:
                followers[predecessor].append(successor)
        left = set(self._by_pk)
        for pk in free:
            left.discard(pk)
            for follower in followers[pk]:
                waits[follower].discard(pk)
                if not waits[follower]:
                    free.append(follower)
        return left

    # --- writing ---

    def _report(self, draft: _Draft) -> None:
        outcome = Outcome.SAME
        if draft.bad:
            outcome = Outcome.REJECTED
        elif draft.new:
            outcome = Outcome.NEW
        elif draft.changes:
            outcome = Outcome.CHANGED
        for name, error in draft.bad:
            column = self.columns.get(TITLES.get(name, ""))
            self.run.report.refuse(self.sheet.name, draft.row, column, error)
        code, label = draft.values.get("code", ""), draft.values.get("name", "")
        row = RowReport(MilestoneSheet.name, self.sheet.name, draft.row, code, label, outcome, tuple(draft.changes))
        self.run.report.note(row)

    def _write(self) -> None:
        """The book is locked by the import, so one bulk statement a kind is enough; versions are counted up."""
        new = [d.milestone for d in self.drafts if d.new]
        changed = [d for d in self.drafts if d.changes]
        own = [d.milestone for d in changed if {c.column for c in d.changes} - {TITLES["predecessors"]}]
        now = timezone.now()
        for milestone in own:
            milestone.version += 1
            milestone.updated_at = now
        Milestone.objects.bulk_create(new, batch_size=1000)
        Milestone.objects.bulk_update(own, ["name", "due", "deliverable", "version", "updated_at"], batch_size=500)
        fresh, kept = [], set()
        relinked = {d.milestone.pk for d in changed if TITLES["predecessors"] in {c.column for c in d.changes}}
        for draft in self.drafts:
            for link in self.links[draft.milestone.pk].values():
                fresh.append(link) if link._state.adding else kept.add(link.pk)
        Dependency.objects.filter(successor__in=relinked).exclude(pk__in=kept).delete()
        Dependency.objects.bulk_create(fresh, batch_size=1000)
